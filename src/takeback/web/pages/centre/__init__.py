"""The console of a centre.

Read downwards: `visit` (who comes), then what works for records of any kind: `types` (what their fields hold),
`listing`, `record`, `forms`, `reading`, `wrongs` and `editing`, `picking`, `showing`, `keeping`; `asking`, `deeds` and
`doings` (what the parts' own commands do); then the pages of single parts.
"""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from takeback.web.pages.centre import (
    assigning,
    authoring,
    booking,
    candidates,
    citing,
    claiming,
    counted,
    deeds,
    doings,  # noqa: F401 -- declares what can be done
    doubled,
    editing,
    evidence,
    funds,
    judging,
    keeping,
    listing,
    lists,
    notices,
    overview,
    persons,
    picking,
    plan,
    projecting,
    record,
    references,
    reports,
    reviewing,
    searching,
    taking,
    talents,
)

HANDLERS: list[ControllerRouterHandler] = [
    *overview.HANDLERS,
    *searching.HANDLERS,
    *notices.HANDLERS,
    *persons.HANDLERS,
    *counted.HANDLERS,
    *authoring.HANDLERS,
    *reviewing.HANDLERS,
    *judging.HANDLERS,
    *assigning.HANDLERS,
    *projecting.HANDLERS,
    *evidence.HANDLERS,
    *plan.HANDLERS,
    *funds.HANDLERS,
    *booking.HANDLERS,
    *talents.HANDLERS,
    *reports.HANDLERS,
    *candidates.HANDLERS,
    *doubled.HANDLERS,
    *taking.HANDLERS,
    *citing.HANDLERS,
    *claiming.HANDLERS,
    *lists.HANDLERS,
    *references.HANDLERS,
    *picking.HANDLERS,
    *listing.HANDLERS,
    *editing.HANDLERS,
    *record.HANDLERS,
    *deeds.HANDLERS,
    *keeping.HANDLERS,
]
