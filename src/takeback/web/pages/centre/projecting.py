"""A funded proposal becomes a project: /centre/calls/{id}/proposal/{id}/project, as the council decided it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor
from takeback.share.centre import projects
from takeback.share.centre.calls.taking_part import TOLD
from takeback.share.centre.records import get as record_by_id
from takeback.web.console.views import LinkRow
from takeback.web.pages.answers import Form, page, see_other
from takeback.web.pages.centre.asking import carry_out
from takeback.web.pages.centre.deeds import command_page
from takeback.web.pages.centre.forms import Filled
from takeback.web.pages.centre.reading import sent_from
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

URL = "/centre/calls/{call_id:uuid}/proposal/{proposal_id:uuid}/project"


def project_link(visit: Visit, call_id: UUID, proposal: Any) -> tuple[LinkRow, ...]:
    """Return the way to the project of a funded proposal: to enter it, or to the one that was entered."""
    told = record_by_id(visit.connection, call_id, kind="call").state in TOLD
    if proposal.state != "funded" or not told or not visit.me.may("proposal.run"):
        return ()
    made = projects.project_of(visit.connection, visit.me, proposal.id)
    if made is not None:
        return (LinkRow(href=f"/centre/project/{made.id}", title=msg("The project"), detail=made.title),)
    href = f"/centre/calls/{call_id}/proposal/{proposal.id}/project"
    return (LinkRow(href=href, title=msg("Start the project")),) if visit.me.may("centre.edit") else ()


@get(URL, sync_to_thread=True, include_in_schema=False)
def ask(request: AnyRequest, actor: Actor, call_id: UUID, proposal_id: UUID) -> Response[Any] | Redirect:
    return _ask(request, actor, call_id, proposal_id, None)


@post(URL, sync_to_thread=True, include_in_schema=False)
def start(request: AnyRequest, actor: Actor, call_id: UUID, proposal_id: UUID, data: Form) -> Response[Any] | Redirect:
    return _ask(request, actor, call_id, proposal_id, data)


def _ask(
    request: AnyRequest, actor: Actor, call_id: UUID, proposal_id: UUID, data: dict[str, Any] | None
) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        here.me.require("proposal.run")
        here.me.require("centre.edit")
        title = record_by_id(here.connection, proposal_id, kind="proposal").title
        given, command = {"proposal": proposal_id}, projects.project_from_proposal
        sent = sent_from(here, data) if data is not None else None
        answer = carry_out(here, command, sent, given) if sent else None
        if answer and answer.done:
            return see_other(f"/centre/project/{answer.result.id}?done=made")
        href = f"/centre/calls/{call_id}/proposal/{proposal_id}"
        view = command_page(
            Filled(here, "project", sent=sent), command, frozenset(given),
            title=Message("{what}: {title}", {"what": msg("Start the project"), "title": title}),
            send=msg("Start the project"), action=f"{href}/project", back=href, answer=answer,
            note=msg("Title, leader, team, partners and amount are those that the council decided."),
        )  # fmt: skip
        return page(view, here.around.shell, status=422 if answer else 200)


HANDLERS = [ask, start]
