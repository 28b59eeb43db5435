"""The people of a centre and what they become: profiles, teams, mentors, training, theses, exchanges, credentials.

Read downwards: `profiles` (with consent), `competencies` (areas, levels, the map), `teams`, `mentoring` (two mentors a
student), `training` and `courses`, `theses` (from companies' problems), `exchanges`, `portfolio` (with consent),
`credentials` (signed, verifiable offline), then what is said of all together: `traits`, `protecting` (no group below
five), `statistics`, `figures`.
"""

from takeback.share.centre.talent import figures as _figures  # noqa: F401 -- declares them
from takeback.share.centre.talent.competencies import Competency, CompetencyMap, areas, competency_map, put_competency
from takeback.share.centre.talent.courses import (
    Course,
    Enrolment,
    Teaches,
    enrol,
    give_mark,
    leave_course,
    move_course,
    put_course,
    transcript,
)
from takeback.share.centre.talent.credentials import (
    Award,
    CentreKey,
    Credential,
    HandedOver,
    StatusList,
    credentials_of,
    hand_over,
    issue,
    published,
    revoke,
    status_of,
)
from takeback.share.centre.talent.exchanges import Exchange, move_exchange, put_exchange
from takeback.share.centre.talent.mentoring import (
    Mentoring,
    begin_mentoring,
    complete_pairs,
    end_mentoring,
    give_mentor,
    release_mentor,
    students_of,
)
from takeback.share.centre.talent.portfolio import Portfolio, portfolio
from takeback.share.centre.talent.profiles import Held, Language, Profile, Shown, profile_of, profiles, set_profile
from takeback.share.centre.talent.protecting import protected
from takeback.share.centre.talent.statistics import Diversity, Outcomes, diversity, outcomes
from takeback.share.centre.talent.teams import Place, Team, change_team, close_team, people_of, put_team
from takeback.share.centre.talent.theses import Thesis, move_thesis, put_thesis
from takeback.share.centre.talent.training import (
    Goal,
    Progress,
    TrainingPlan,
    agree_plan,
    plans_of,
    progress,
    put_plan,
    reach_goal,
    stop_plan,
)
from takeback.share.centre.talent.traits import TRAITS, set_traits, traits_of

__all__ = [
    "TRAITS",
    "Award",
    "CentreKey",
    "Competency",
    "CompetencyMap",
    "Course",
    "Credential",
    "Diversity",
    "Enrolment",
    "Exchange",
    "Goal",
    "HandedOver",
    "Held",
    "Language",
    "Mentoring",
    "Outcomes",
    "Place",
    "Portfolio",
    "Profile",
    "Progress",
    "Shown",
    "StatusList",
    "Teaches",
    "Team",
    "Thesis",
    "TrainingPlan",
    "agree_plan",
    "areas",
    "begin_mentoring",
    "change_team",
    "close_team",
    "competency_map",
    "complete_pairs",
    "credentials_of",
    "diversity",
    "end_mentoring",
    "enrol",
    "give_mark",
    "give_mentor",
    "hand_over",
    "issue",
    "leave_course",
    "move_course",
    "move_exchange",
    "move_thesis",
    "outcomes",
    "people_of",
    "plans_of",
    "portfolio",
    "profile_of",
    "profiles",
    "progress",
    "protected",
    "published",
    "put_competency",
    "put_course",
    "put_exchange",
    "put_plan",
    "put_team",
    "put_thesis",
    "reach_goal",
    "release_mentor",
    "revoke",
    "set_profile",
    "set_traits",
    "status_of",
    "stop_plan",
    "students_of",
    "traits_of",
    "transcript",
]
