"""My costs: /centre/claims: what the visitor claimed, what was decided, and the way to take one back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import msg
from takeback.operate.identity import Actor
from takeback.share.centre import projects
from takeback.share.centre.records import Record
from takeback.web.console.centre_words import choice_word, field_word
from takeback.web.console.views import Action, Block, CentreSheetPage, FactRow, Shown
from takeback.web.pages.answers import page, see_other
from takeback.web.pages.centre.showing import Known
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

URL = "/centre/claims"


@get(URL, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        found = projects.my_claims(here.connection, here.me)
        known = Known.of(here, [one.facts for one in found])
        none = Block(
            title=msg("My costs"),
            nothing=msg("You have claimed no cost. A project that you work on has the button."),
            actions=(Action(label=msg("Projects"), href="/centre/project?state=running", method="get"),),
        )
        blocks = tuple(_block(here, known, one) for one in found)
        return page(CentreSheetPage(title=msg("My costs"), blocks=blocks or (none,)), here.around.shell)


def _block(visit: Visit, known: Known, claim: Record) -> Block:
    facts = claim.facts
    project = known.shown(facts.project)
    rows = (
        FactRow(label=msg("State"), values=(Shown(text=choice_word(claim.state)),)),
        FactRow(label=field_word("claim", "project"), values=(project,) if project else ()),
        FactRow(label=field_word("claim", "amount"), values=(Shown(money=visit.around.money(facts.amount)),)),
        FactRow(label=field_word("claim", "on"), values=(Shown(day=facts.on),)),
        FactRow(label=field_word("claim", "invoice"), values=(Shown(text=f"{facts.supplier}, {facts.invoice}"),)),
        *((FactRow(label=msg("Reasons"), values=(Shown(text=facts.answer),)),) if facts.answer else ()),
    )
    back = Action(label=msg("Take it back"), href=f"{URL}/{claim.id}/withdraw", confirm=msg("Take this claim back?"))
    return Block(title=claim.title, facts=rows, actions=(back,) if claim.state == "claimed" else ())


@post(f"{URL}/{{record_id:uuid}}/withdraw", sync_to_thread=True, include_in_schema=False)
def withdraw(request: AnyRequest, actor: Actor, record_id: UUID) -> Redirect:
    with visit(request, actor) as here:
        projects.withdraw_claim(here.connection, here.me, record_id)
    return see_other(URL)


HANDLERS = [index, withdraw]
