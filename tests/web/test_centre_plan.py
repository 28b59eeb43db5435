"""The page of plan and targets: what is met, what is missed, and what is not due yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from lxml import html  # type: ignore[import-untyped]

from takeback import store
from takeback.operate import clock
from takeback.share.centre import targets
from takeback.share.centre.targets import Indicator, Period
from tests.support.people import People, people
from tests.web.centre_people import entering, signed_centre
from tests.web.conftest import Client

__all__ = ["people"]


def test_a_year_to_come_is_not_due_yet(people: People, new_client: Callable[[], Client]) -> None:
    """A count that is nought because the year has not come is shown as such, and counts neither for nor against."""
    centre = signed_centre()
    manager = centre.world.manager
    with store.transaction(centre.world.org) as connection:
        year = clock.now(connection, centre.world.org).year
        stage = Period(
            code="C", name="Stage", name_zh="阶段", stage="construction", begins=date(year, 1, 1),
            ends=date(year + 2, 12, 31),
        )  # fmt: skip
        targets.put_period(connection, manager, stage)
        papers = Indicator(
            code="papers", name="Papers", name_zh="论文", definition="Papers", source="Notice 12", unit="count",
            formula="results.papers + 5",
        )  # fmt: skip
        made = targets.put_indicator(connection, manager, papers).id
        for at in (year, year + 1):
            targets.set_target(connection, manager, made, at, Decimal(5 if at == year else 40))
    alice = entering(new_client, centre)("alice")
    (row,) = html.fromstring(alice.get("/centre/plan").text).xpath("//tbody/tr[contains(., 'Papers')]")
    cells = [" ".join(cell.text_content().split()) for cell in row.xpath("./td")]
    assert cells[-5:] == ["5 / 5", "not due yet: 40", "not due yet", "5 / 5", "0"]
    alice.cookies.set("takeback_locale", "zh_Hans")
    (row,) = html.fromstring(alice.get("/centre/plan").text).xpath("//tbody/tr[contains(., '论文')]")
    assert ("尚未到期：40" in row.text_content(), "not due" in row.text_content()) == (True, False)
