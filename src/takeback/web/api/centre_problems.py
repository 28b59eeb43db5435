"""From practice: the board of problems, what of them is common, and the register of tasks undertaken."""

from __future__ import annotations

from typing import Any

from takeback.share.centre import problems, tasks
from takeback.web.api.centre_commands import command, question

TAGS = ["Centre: problems"]
PROBLEM, COMMON = "/problems/{problem_id:uuid}", "/common-problems/{common_id:uuid}"
TASK = "/tasks/{task_id:uuid}"

HANDLERS: list[Any] = [
    question("/problems", problems.board, "The board: who has what problem, who shares it", tags=TAGS),
    question("/problems/alike", problems.suggested_merges, "Problems of different members that may be one", tags=TAGS),
    question(PROBLEM, problems.problem_view, "A problem with who shares it", tags=TAGS),
    command(
        f"{PROBLEM}/interest", problems.say_interest, "Say that your member is interested, or shares it", tags=TAGS
    ),
    command(f"{PROBLEM}/no-interest", problems.withdraw_interest, "Take that back", tags=TAGS),
    command(f"{PROBLEM}/close", problems.close_problem, "Close a problem that is no longer one", tags=TAGS),
    command(f"{PROBLEM}/again", problems.state_again, "Open a closed problem again", tags=TAGS),
    command(f"{PROBLEM}/follow", problems.follow, "Follow a problem: its news come to you", tags=TAGS),
    command(f"{PROBLEM}/unfollow", problems.unfollow, "Follow it no longer", tags=TAGS),
    command(f"{PROBLEM}/unmerge", problems.unmerge, "Take a problem out of the common one", tags=TAGS),
    command("/common-problems", problems.merge, "Merge what two or more members share", tags=TAGS),
    command(f"{COMMON}/originals", problems.add_to_common, "Merge a further problem into it", tags=TAGS),
    question(f"{COMMON}/originals", problems.originals_of, "The problems that were merged", tags=TAGS),
    command(f"{COMMON}/called", problems.mark_called, "Say that there is a call for it", tags=TAGS),
    command(f"{COMMON}/uncalled", problems.mark_uncalled, "Say that a call brought nothing", tags=TAGS),
    command(f"{COMMON}/solved", problems.mark_solved, "Say that it is solved, and by what", tags=TAGS),
    question("/tasks", tasks.tasks, "The register of tasks, the next due first", tags=TAGS),
    question("/tasks/of/{record_id:uuid}", tasks.tasks_of, "Tasks that name a project, result or priority", tags=TAGS),
    command(f"{TASK}/deliver", tasks.deliver, "Say that the deliverable was handed over", tags=TAGS),
    command(f"{TASK}/receive", tasks.receive, "Enter the commissioner's receipt", tags=TAGS),
    command(f"{TASK}/send-back", tasks.send_back, "Take a delivery back", tags=TAGS),
]
