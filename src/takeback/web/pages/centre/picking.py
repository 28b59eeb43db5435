"""What a field can name: records and persons, found by a few letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Response, get

from takeback.operate.identity import Actor
from takeback.share.centre.people import Person, names, people
from takeback.share.centre.projects import OVER
from takeback.share.centre.records import HOLDS, TITLE_ZH
from takeback.share.centre.seeing import visible
from takeback.web.console.centre_words import kind_word, state_word
from takeback.web.console.views import Field, Pick, PickPart
from takeback.web.pages.answers import page
from takeback.web.pages.centre.types import OWN_PROJECT, STATED_PROBLEM
from takeback.web.pages.centre.visit import UNSEEN, Visit, seen_kinds, visit
from takeback.web.preferences import AnyRequest

FEW = 8
_SOME = {OWN_PROJECT: ("project",), STATED_PROBLEM: ("problem",)}
"""A name of `types` -> the kinds of which it is some."""
_FOUND = sa.text(f"""
    select id, kind, title, state, {TITLE_ZH} as title_zh
    from centre_record
    where kind = any(:kinds) and {HOLDS}
      and (cast(:state as text) is null or state = :state)
      and (cast(:parent as uuid) is null or parent_id = :parent)
      and not id = any(:apart)
    order by changed_at desc, id desc limit :few
""")
_OWN = sa.text(f"""
    select id, kind, title, state, {TITLE_ZH} as title_zh
    from centre_record
    where kind = 'project' and state <> all(:over) and {HOLDS}
      and (:all or facts ->> 'leader' = :me
           or facts -> 'team' @> jsonb_build_array(jsonb_build_object('person', cast(:me as text))))
      and not id = any(:apart)
    order by changed_at desc, id desc limit :few
""")
_NAMED = sa.text(f"""
    select id, kind, title, state, {TITLE_ZH} as title_zh
    from centre_record where id = any(:ids) and kind = any(:kinds)
""")


@get("/centre/pick", sync_to_thread=True, include_in_schema=False)
def pick(request: AnyRequest, actor: Actor, of: str = "", name: str = "", many: bool = False) -> Response[Any]:
    asked = request.query_params
    query = asked.get(f"{name}.find", "").strip()[:100]
    chosen = tuple(asked.getall(name, []))
    with visit(request, actor) as here:
        found = picks(here, of, chosen=chosen, text=query)
        field = Field(name=name[:100], label="", sort="pick", of=of, many=many, picks=found, values=chosen)
        return page(PickPart(field=field, query=query), here.around.shell)


def picks(visit: Visit, of: str, *, chosen: Iterable[str] = (), text: str = "", few: int = FEW) -> tuple[Pick, ...]:
    """Return what was chosen already, then a `few` that the text finds; what may not be seen is not among them.

    `of`: `person`, kinds with commas between them, a name of `types` for some of a kind, or a kind and the record to
    which they belong, as `kind:id`.
    """
    ids = _ids(chosen)
    if of == "person":
        return _persons(visit, ids, text, few)
    of, _, above = of.partition(":")
    asked = _SOME.get(of, of.split(","))
    wanted = [one.name for one in seen_kinds(visit) if of == "any" or one.name in asked]
    run = visit.connection.execute
    before = run(_NAMED, {"ids": ids, "kinds": wanted}).all() if ids else []
    narrowed = {"state": "stated" if of == STATED_PROBLEM else None, "parent": next(iter(_ids([above])), None)}
    sql, more = (_OWN, _own(visit)) if of == OWN_PROJECT else (_FOUND, {"kinds": wanted, **narrowed})
    found = run(sql, {**more, "text": text.split(), "apart": ids, "few": few}).all()
    plain = of != "any" and len(asked) == 1
    return (
        *(_record(visit, row, plain, chosen=True) for row in before),
        *(_record(visit, row, plain) for row in found),
    )


def _own(visit: Visit) -> dict[str, Any]:
    """Return whose projects are offered where something is done for one: those that go on, of the visitor's teams."""
    return {"over": list(OVER), "all": visit.me.may("centre.edit"), "me": str(visit.me.person_id)}


def _record(visit: Visit, row: sa.Row[Any], plain: bool, *, chosen: bool = False) -> Pick:
    note = state_word(row.state, row.kind) if plain else kind_word(row.kind)
    return Pick(
        value=str(row.id), label=visit.around.name(row.title, row.title_zh or row.title), note=note, chosen=chosen
    )


def _persons(visit: Visit, ids: list[UUID], text: str, most: int) -> tuple[Pick, ...]:
    """Return who was chosen, then a few that the text finds.

    An id of nobody, or of who withdrew, looks like that of somebody unseen; who edits people gets no withdrawn ones.
    """
    before = names(visit.connection, ids) if ids else {}
    edits = visit.me.may("person.edit")
    found = (one for one in people(visit.connection, text=text) if visible(one, visit.me) and one.id not in ids)
    few = [one for one, _ in zip(found, range(most), strict=False)]
    members = _members(visit, {one.member_id for one in (*before.values(), *few) if one.member_id})
    return (
        *(_chosen(visit, one, before.get(one), members) for one in ids if not (edits and _gone(before.get(one)))),
        *(_person(visit, one, members) for one in few),
    )


def _gone(person: Person | None) -> bool:
    return person is not None and person.withdrawn_at is not None


def _chosen(visit: Visit, of: UUID, person: Person | None, members: dict[UUID, str]) -> Pick:
    if person is None:
        return Pick(value=str(of), label=UNSEEN, note="", chosen=True)
    return _person(visit, person, members, chosen=True)


def _person(visit: Visit, one: Person, members: dict[UUID, str], *, chosen: bool = False) -> Pick:
    seen = visible(one, visit.me)  # whoever is not seen has no organisation here either
    note = members.get(one.member_id, "") if one.member_id and seen else ""
    return Pick(value=str(one.id), label=visit.person(one) if seen else UNSEEN, note=note, chosen=chosen)


def _members(visit: Visit, ids: set[UUID]) -> dict[UUID, str]:
    rows = visit.connection.execute(_NAMED, {"ids": list(ids), "kinds": ["member"]})
    return {row.id: visit.around.name(row.title, row.title_zh or row.title) for row in rows}


def _ids(texts: Iterable[str]) -> list[UUID]:
    found: list[UUID] = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return [*dict.fromkeys(found)]


HANDLERS = [pick]
