"""What the centre is to reach: stages and milestones, indicators with targets, and who has a say in them.

Read downwards: `periods` (stages, the plan by years), `amounts`, `evidence`, `formula` (the language of indicators),
`indicators` (with targets and values by year), `standing` (the gap, as a traffic light), `evaluations`, `priorities`
(what the authority asks for), `consultations`, `figures`.
"""

from takeback.share.centre.targets.consultations import (
    Answer,
    Answered,
    Consultation,
    Question,
    Treatment,
    answer,
    answers_to,
    close_consultation,
    my_answer,
    open_consultation,
    publish,
)
from takeback.share.centre.targets.evaluations import (
    Criterion,
    Evaluation,
    EvaluationScore,
    Judgement,
    Score,
    assess,
    close_scores,
    conclude,
    score,
    score_of,
)
from takeback.share.centre.targets.evidence import pinned
from takeback.share.centre.targets.figures import figures
from takeback.share.centre.targets.indicators import (
    Indicator,
    Target,
    Value,
    put_indicator,
    set_target,
    state_value,
)
from takeback.share.centre.targets.periods import (
    Milestone,
    Period,
    close_year,
    is_closed,
    overdue_milestones,
    put_milestone,
    put_period,
    reach_milestone,
)
from takeback.share.centre.targets.priorities import Priority, answering, known_priorities, priorities
from takeback.share.centre.targets.standing import IndicatorStanding, Light, Standing, light, standings

__all__ = [
    "Answer", "Answered", "Consultation", "Criterion", "Evaluation", "EvaluationScore", "Indicator",
    "IndicatorStanding", "Judgement", "Light", "Milestone", "Period", "Priority", "Question", "Score", "Standing",
    "Target", "Treatment", "Value", "answer", "answering", "answers_to", "assess", "close_consultation",
    "close_scores", "close_year", "conclude", "figures", "is_closed", "known_priorities", "light", "my_answer",
    "open_consultation", "overdue_milestones", "pinned", "priorities", "publish", "put_indicator", "put_milestone",
    "put_period", "reach_milestone", "score", "score_of", "set_target", "standings", "state_value",
]  # fmt: skip
