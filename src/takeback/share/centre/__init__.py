"""A collaborative innovation centre: its members, calls, projects, resources, people and results, on the one ledger.

Read downwards: `roles` (who may do what), `acting` (who acts), `kinds` (what is recorded, and how it moves on),
`records` (the one way to record), then a folder for each part of a centre's life.
"""

from takeback.share.centre import (  # noqa: F401
    calls,
    frontier,
    money,
    notices,
    organisation,
    problems,
    projects,
    reporting,
    resources,
    results,
    tables,
    talent,
    targets,
    tasks,
)
