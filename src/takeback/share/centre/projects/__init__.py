"""Projects: from a funded proposal to what it changed in practice.

Read downwards: `kinds` (what is recorded), `team` (who works on it), `starting`, `planning`, `working` (the commands of
its life), `accepting` (experts without a conflict), `outcome` (ownership, transfer, adoption) with `proofs` (what the
public log says of an entry), `standing` (the traffic light), `timeline`, `figures`.
"""

from takeback.share.centre.projects import figures
from takeback.share.centre.projects.accepting import conclude, conflicts_of, give_opinion, open_acceptance
from takeback.share.centre.projects.kinds import (
    IP,
    Acceptance,
    Adoption,
    Deliverable,
    Effect,
    Opinion,
    Progress,
    Project,
    ProjectChange,
    ProjectMilestone,
    Proof,
    Risk,
    Share,
    TeamMember,
    Transfer,
    Verdict,
    WorkPackage,
)
from takeback.share.centre.projects.outcome import add_effect, agree_ip, record_adoption, record_transfer, register_ip
from takeback.share.centre.projects.planning import (
    add_deliverable,
    add_milestone,
    add_risk,
    add_work_package,
    judge_risk,
    move_risk,
    move_work_package,
)
from takeback.share.centre.projects.proofs import LogSays, log_says, proof_of
from takeback.share.centre.projects.standing import Reason, Standing, standing, standings
from takeback.share.centre.projects.starting import (
    begin_project,
    deliver_project,
    origin_of,
    project_from_proposal,
    project_of,
    start_project,
    stop_project,
)
from takeback.share.centre.projects.team import project_money, works_on
from takeback.share.centre.projects.timeline import Moment, timeline
from takeback.share.centre.projects.working import (
    decide_change,
    hand_over,
    judge_deliverable,
    propose_change,
    reach_milestone,
    report_progress,
)

__all__ = [
    "IP",
    "Acceptance",
    "Adoption",
    "Deliverable",
    "Effect",
    "LogSays",
    "Moment",
    "Opinion",
    "Progress",
    "Project",
    "ProjectChange",
    "ProjectMilestone",
    "Proof",
    "Reason",
    "Risk",
    "Share",
    "Standing",
    "TeamMember",
    "Transfer",
    "Verdict",
    "WorkPackage",
    "add_deliverable",
    "add_effect",
    "add_milestone",
    "add_risk",
    "add_work_package",
    "agree_ip",
    "begin_project",
    "conclude",
    "conflicts_of",
    "decide_change",
    "deliver_project",
    "figures",
    "give_opinion",
    "hand_over",
    "judge_deliverable",
    "judge_risk",
    "log_says",
    "move_risk",
    "move_work_package",
    "open_acceptance",
    "origin_of",
    "project_from_proposal",
    "project_money",
    "project_of",
    "proof_of",
    "propose_change",
    "reach_milestone",
    "record_adoption",
    "record_transfer",
    "register_ip",
    "report_progress",
    "standing",
    "standings",
    "start_project",
    "stop_project",
    "timeline",
    "works_on",
]
