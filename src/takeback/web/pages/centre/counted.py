"""GET and POST /centre/people/traits: what one says of oneself for statistics alone; nobody else ever sees it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import msg
from takeback.operate.identity import Actor
from takeback.share.centre import talent
from takeback.share.centre.people import person_by_id
from takeback.web.console.centre_words import choice_word, trait_word
from takeback.web.console.views import Action, Block, CentreSheetPage, Field, FilterOption, Flash, FormPart, Send, Tab
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

URL = "/centre/people/traits"


@get(URL, sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, done: str = "") -> Response[Any]:
    flashes = (Flash(text=msg("Recorded.")),) if done == "said" else ()
    with visit(request, actor, *flashes) as here:
        me = person_by_id(here.connection, here.me.person())
        agreed = "statistics" in me.consents
        view = CentreSheetPage(
            title=msg("How I am counted"),
            note=msg("For statistics alone: in groups of five or more, never as yours, and not in the ledger."),
            above=(Tab(label=here.person(me), href=f"/centre/people/{me.id}"),),
            blocks=(_form(here) if agreed else _not_agreed(),),
        )
        return page(view, here.around.shell)


def _form(visit: Visit) -> Block:
    said = talent.traits_of(visit.connection, visit.me)
    fields = tuple(
        Field(
            name=trait, label=trait_word(trait), sort="choice", values=(said[trait],) if trait in said else (),
            options=tuple(FilterOption(value=value, label=choice_word(value)) for value in values),
        )
        for trait, values in talent.TRAITS.items()
    )  # fmt: skip
    form = FormPart(action=URL, fields=fields, sends=(Send(label=msg("Save"), primary=True),))
    text = msg("Say what you like to say; what is left open is counted as unsaid. Without your consent it is erased.")
    return Block(title=msg("What I say of myself"), text=text, form=form)


def _not_agreed() -> Block:
    consents = Action(label=msg("My consents"), href="/centre/people/consents", method="get", primary=True)
    text = msg("You have not agreed to be counted in statistics. Agree to it first, or leave it.")
    return Block(title=msg("What I say of myself"), text=text, actions=(consents,))


@post(URL, sync_to_thread=True, include_in_schema=False)
def say(request: AnyRequest, actor: Actor, data: Form) -> Redirect:
    with visit(request, actor) as here:
        said = {trait: value for trait in talent.TRAITS if (value := one(data, trait).strip())}
        talent.set_traits(here.connection, here.me, said)
    return see_other(f"{URL}?done=said")


HANDLERS = [show, say]
