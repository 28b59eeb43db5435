"""The problem board: from one company's problem to a common one that a call can be made for.

Read downwards: `stating` (a member states a problem), `sharing` (who has it), `common` (experts merge), `interest`
(others say that they have it, too), `similar` (what speaks of the same), `following`, `board` (as people see it),
`public` (as anybody does), `figures`.
"""

from takeback.share.centre.problems.board import (
    ProblemLine,
    ProblemView,
    board,
    problem_view,
    similar_problems,
    suggested_merges,
)
from takeback.share.centre.problems.common import (
    CommonProblem,
    add_to_common,
    edit_common,
    mark_called,
    mark_solved,
    mark_uncalled,
    merge,
    originals_of,
    sharing_common,
    unmerge,
)
from takeback.share.centre.problems.figures import figures
from takeback.share.centre.problems.following import Following, concerned, follow, followed, unfollow
from takeback.share.centre.problems.interest import say_interest, withdraw_interest
from takeback.share.centre.problems.public import PublicBoard, PublicProblem, is_public, public_board, public_board_of
from takeback.share.centre.problems.sharing import Interest, members_sharing
from takeback.share.centre.problems.similar import Similar, alike
from takeback.share.centre.problems.stating import (
    Problem,
    add_data,
    change_problem,
    close_problem,
    state_again,
    state_problem,
)

__all__ = [
    "CommonProblem", "Following", "Interest", "Problem", "ProblemLine", "ProblemView", "PublicBoard", "PublicProblem",
    "Similar", "add_data", "add_to_common", "alike", "board", "change_problem", "close_problem", "concerned",
    "edit_common", "figures", "follow", "followed", "is_public", "mark_called", "mark_solved", "mark_uncalled",
    "members_sharing", "merge", "originals_of", "problem_view", "public_board", "public_board_of", "say_interest",
    "sharing_common", "similar_problems", "state_again", "state_problem", "suggested_merges", "unfollow", "unmerge",
    "withdraw_interest",
]  # fmt: skip
