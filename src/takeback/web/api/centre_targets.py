"""What a centre is to reach: its plan, indicators and their gap, evaluations, the authority's wishes, consultations."""

from __future__ import annotations

from typing import Any

from takeback.share.centre import targets
from takeback.web.api.centre_commands import command, question

TAGS = ["Centre: targets"]
INDICATOR, ASKED = "/indicators/{indicator_id:uuid}", "/consultations/{consultation_id:uuid}"
EVALUATION, PERIOD = "/evaluations/{evaluation_id:uuid}", "/periods/{period_id:uuid}"

HANDLERS: list[Any] = [
    question(f"{PERIOD}/standings", targets.standings, "Indicators against their targets: the gap", tags=TAGS),
    command(f"{PERIOD}/close-year", targets.close_year, "Close the figures of a year that is over", tags=TAGS),
    command("/milestones/{milestone_id:uuid}/reach", targets.reach_milestone, "Reached, with evidence", tags=TAGS),
    command(f"{INDICATOR}/targets", targets.set_target, "Propose what an indicator is to be in a year", tags=TAGS),
    command(f"{INDICATOR}/values", targets.state_value, "State what an indicator was, with evidence", tags=TAGS),
    question("/priorities/{priority_id:uuid}/answering", targets.answering, "What answers a priority", tags=TAGS),
    question("/priorities", targets.priorities, "What the authority asks for, as it is in force", tags=TAGS),
    command(f"{ASKED}/open", targets.open_consultation, "Ask for answers", tags=TAGS),
    command(f"{ASKED}/answers", targets.answer, "Answer, or answer anew while it is open", tags=TAGS),
    question(f"{ASKED}/answers", targets.answers_to, "The answers, by member", tags=TAGS),
    question(f"{ASKED}/answers/mine", targets.my_answer, "What you have answered", tags=TAGS),
    command(f"{ASKED}/close", targets.close_consultation, "Take no further answers", tags=TAGS),
    command(f"{ASKED}/publish", targets.publish, "Publish a summary and what became of each answer", tags=TAGS),
    command(f"{EVALUATION}/assess", targets.assess, "Record the centre's own assessment", tags=TAGS),
    command(f"{EVALUATION}/scores", targets.score, "Give an expert's points", tags=TAGS),
    command(f"{EVALUATION}/interest", targets.declare_interest, "Abstain as an expert with an interest", tags=TAGS),
    question(f"{EVALUATION}/scores", targets.score_of, "The experts' points, once they are closed", tags=TAGS),
    command(f"{EVALUATION}/close", targets.close_scores, "Take no further points", tags=TAGS),
    command(f"{EVALUATION}/conclude", targets.conclude, "Conclude, with reasons", tags=TAGS),
]
