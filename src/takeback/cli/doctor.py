"""`takeback doctor`: what is wrong with this installation and how to mend it."""

from __future__ import annotations

from takeback.cli.answer import Answer, table
from takeback.store.doctor import Finding, examine
from takeback.store.settings import Settings


def doctor() -> Answer:
    """Look at everything an installation needs; say what is wrong and how to mend it.

    The exit code is 0 where all works, if not as it should, and 1 where something does not.
    """
    findings = examine(Settings.from_environment())
    rows = [{"": f.state, "checked": f.what, "found": f.found} for f in findings]
    remedies = [f"{finding.what}: {finding.remedy}" for finding in findings if finding.remedy]
    healthy = all(finding.state != "bad" for finding in findings)
    data = {"healthy": healthy, "findings": [_plain(finding) for finding in findings]}
    return Answer(data, [table(rows), *remedies], exit_code=0 if healthy else 1)


def _plain(finding: Finding) -> dict[str, str | None]:
    remedy = None if finding.remedy is None else str(finding.remedy)
    return {"what": str(finding.what), "state": finding.state, "found": str(finding.found), "remedy": remedy}
