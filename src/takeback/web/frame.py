"""What every page of a signed-in person needs: the shell with scope, checkpoint and counts, and the moment it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from msgspec.structs import replace

from takeback.core.currencies import shown_currency
from takeback.core.money import Money
from takeback.operate import clock
from takeback.operate.identity import Actor, organisation
from takeback.operate.loop import Scope as LoopScope
from takeback.share.centre.acting import acting
from takeback.share.centre.notices import unread_notices
from takeback.web.checkpoint import checkpoint_badge
from takeback.web.console.views import Flash, Scope, ScopeChoice, Shell
from takeback.web.places import places_for
from takeback.web.preferences import AnyRequest, preferences_of
from takeback.web.shell import plain_shell

DAYS = {"day": 1, "week": 7, "month": 30, "all": 3650}
_SITES = sa.text("select id, name, name_zh from site order by code")
_WAITING = sa.text(
    """
    select coalesce(sum(items), 0) from stage_total
    where stage <> 'recovered' and (cast(:site as uuid) is null or site_id = :site)
      and (cast(:vertical as text) is null or vertical = :vertical)
    """
)
_JOBS = sa.text("select count(*) from job where state in ('queued', 'running')")


@dataclass(frozen=True, slots=True)
class Frame:
    """The shell of the page and what its figures are of."""

    shell: Shell
    now: datetime
    scope: LoopScope
    currency: str

    def money(self, minor: float) -> Money:
        """Return minor units as money of the organisation's currency."""
        return Money(round(minor), self.currency)

    def name(self, english: str, chinese: str) -> str:
        """Return the name in the language of the page, or the other one where it has none."""
        return (chinese or english) if self.shell.locale == "zh_Hans" else (english or chinese)


def frame(connection: sa.Connection, request: AnyRequest, actor: Actor, *flashes: Flash) -> Frame:
    """Return the frame of a page for the person who asks."""
    chosen, shell = preferences_of(request), plain_shell(request)
    now = clock.now(connection, actor.org_id)
    own = organisation(connection, actor.org_id)
    if own.kind == "centre":
        return _of_centre(connection, shell, actor, shown_currency(own.currency), flashes)
    sites = connection.execute(_SITES).all()
    chinese = shell.locale == "zh_Hans"
    choices = tuple(ScopeChoice(value=str(s.id), label=s.name_zh if chinese else s.name) for s in sites)
    site = chosen.site if any(choice.value == chosen.site for choice in choices) else ""
    scope = LoopScope(site=site, vertical=chosen.vertical, days=DAYS[chosen.window])
    waiting = int(connection.scalar(_WAITING, scope.where) or 0)
    shell = replace(
        shell,
        now=now,
        simulated=clock.is_simulated(connection, actor.org_id),
        scope=Scope(
            region=own.name_zh if chinese else own.name,
            sites=choices,
            site=site,
            vertical=chosen.vertical,
            window=chosen.window,
        ),
        checkpoint=checkpoint_badge(connection),
        counts={"queues": waiting, "jobs": int(connection.scalar(_JOBS) or 0)},
        flashes=flashes,
    )
    return Frame(shell, now, scope, shown_currency(own.currency))


def _of_centre(
    connection: sa.Connection, shell: Shell, actor: Actor, currency: str, flashes: tuple[Flash, ...]
) -> Frame:
    """Return the frame in a centre: its own places, and no sites to choose from."""
    now, me = clock.now(connection, actor.org_id), acting(connection, actor)
    shell = replace(
        shell,
        now=now,
        simulated=clock.is_simulated(connection, actor.org_id),
        places=places_for(actor, me, unread=unread_notices(connection, me)),
        checkpoint=checkpoint_badge(connection) if actor.may("ledger.read") else None,
        flashes=flashes,
    )
    return Frame(shell, now, LoopScope(site="", vertical="", days=DAYS["all"]), currency)
