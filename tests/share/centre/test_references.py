"""What a record names is there: in this centre, of the right kind; nobody learns that somebody withdrew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec import inspect

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import writing
from takeback.share.centre.kinds import kind_named, kinds
from takeback.share.centre.money import Fund
from takeback.share.centre.naming import FILE, PERSON
from takeback.share.centre.people import withdraw_person
from takeback.share.centre.projects import Risk, add_risk, move_risk
from takeback.share.centre.projects.kinds import Project
from takeback.share.centre.records import change, create, create_many, find, get, move, move_many
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.projects.project_world import running_project


def test_every_field_of_ids_says_what_it_names() -> None:
    """No kind has a field of ids without its mark, and every kind that a mark names is one that there is."""
    declared = {one.name for one in kinds()} | {PERSON, FILE}
    marks = [mark for what in kinds() for mark in _ids(inspect.type_info(what.facts), what.name)]
    assert len(marks) > 100
    assert [where for where, named in marks if named is False] == []
    assert {kind for _, named in marks for kind in named or ()} <= declared


def _ids(info: inspect.Type, where: str, named: Any = False) -> Iterator[tuple[str, Any]]:
    if isinstance(info, inspect.UUIDType):
        yield where, named
    if isinstance(info, inspect.Metadata):
        yield from _ids(info.type, where, (info.extra or {}).get("names", named))
    for part in getattr(info, "types", getattr(info, "item_types", ())):
        yield from _ids(part, where, named)
    if isinstance(info, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType):
        yield from _ids(info.item_type, where, named)
    for one in info.fields if isinstance(info, inspect.StructType) else ():
        yield from _ids(one.type, f"{where}.{one.name}")


def _fund(**more: Any) -> Fund:
    return Fund(code="F1", title="Fund", source="City", channel="municipal", **more)


def _project(world: CentreWorld, leader: UUID, **more: Any) -> Project:
    return Project(
        code="P1", title="Packs", leader=leader, member=world.members["university"], begins=date(2026, 4, 1),
        ends=date(2027, 3, 31), budget=100, **more,
    )  # fmt: skip


def test_a_record_that_names_nothing_is_refused_by_field(centre: CentreWorld) -> None:
    """A fund of no member, or for no project, is not opened: the field, what stands there and what would are told."""
    nobody, member = uuid4(), centre.members["maker"]
    cases = (
        (_fund(member=nobody), "member", str(nobody), "member"),
        (_fund(projects=(nobody,)), "projects[0]", str(nobody), "project"),
        (_fund(projects=(member,)), "projects[0]", f"{member} (member)", "project"),
    )
    for facts, where, found, kind in cases:
        with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
            writing.create(connection, centre.manager, kind_named("fund"), facts)
        problem = refused.value
        assert (problem.kind, problem.where, str(problem.found)) == ("centre.names-nothing", where, found)
        assert str(problem.expected).endswith(f": {kind}")
        assert str(problem.remedy).endswith(f"/centre/records/{kind} lists.")
    with store.transaction(centre.org) as connection:
        assert find(connection, "fund") == []
        assert writing.create(connection, centre.manager, kind_named("fund"), _fund(member=member)).member_id == member


def test_a_record_of_another_centre_is_none_of_this_one(centre: CentreWorld) -> None:
    """Alice's fund names her own members; those of Charlie's centre are nothing here, however real they are there."""
    charlie = new_centre("other")
    with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
        create(connection, centre.manager, "fund", _fund(member=charlie.members["maker"]))
    assert refused.value.kind == "centre.names-nothing"
    assert refused.value.found == charlie.members["maker"]


def test_what_is_written_as_many_or_changed_is_looked_at_as_well(centre: CentreWorld) -> None:
    """Of many records none is written where one names nothing; a change may not name nothing either."""
    with store.transaction(centre.org) as connection, pytest.raises(Problem, match="names nothing"):
        create_many(connection, centre.manager, "fund", [_fund(), _fund(member=uuid4())])
    leader = centre.manager.person()
    with store.transaction(centre.org) as connection:
        old = create(connection, centre.manager, "project", _project(centre, leader))
        wrong = msgspec.structs.replace(old.facts, partners=(centre.members["maker"], leader))
        with pytest.raises(Problem) as refused:
            change(connection, centre.manager, old.id, wrong)
        assert (refused.value.where, refused.value.found) == ("partners[1]", leader)


def test_a_kind_that_some_may_not_read_is_not_told(centre: CentreWorld) -> None:
    """A field that names a fund where a member belongs does not say that there is a fund: few read of money."""
    with store.transaction(centre.org) as connection:
        fund = create(connection, centre.manager, "fund", _fund())
        with pytest.raises(Problem) as refused:
            create(connection, centre.manager, "fund", _fund(member=fund.id))
    assert refused.value.found == fund.id


def test_who_withdrew_is_refused_as_one_whom_there_never_was(centre: CentreWorld) -> None:
    """Alice leads, Bob has withdrawn, Charlie never was: both are refused in the same words, but for the id."""
    alice, bob = centre.enter("Alice", "maker", "delegate"), centre.enter("Bob", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        withdraw_person(connection, centre.manager, bob.person())
    told = []
    for person in (bob.person(), uuid4()):
        with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
            create(connection, alice, "project", _project(centre, person), allowed=True)
        told.append({key: str(said).replace(str(person), "-") for key, said in refused.value.as_dict().items()})
    assert told[0] == told[1]
    assert told[0]["where"] == "leader"


def test_a_record_keeps_whom_it_named_before(centre: CentreWorld) -> None:
    """A project whose leader withdrew is still changed; it only takes nobody new who is not there."""
    bob = centre.enter("Bob", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        old = create(connection, centre.manager, "project", _project(centre, bob.person()))
        withdraw_person(connection, centre.manager, bob.person())
        named = msgspec.structs.replace(old.facts, title="Packs and cells")
        assert change(connection, centre.manager, old.id, named).title == "Packs and cells"


def test_only_who_may_take_people_out_learns_whether_somebody_is_there(centre: CentreWorld) -> None:
    """Bob, a delegate, is refused alike for Alice, for who withdrew and for nobody; a manager finds nobody twice."""
    alice, bob = centre.enter("Alice", "maker", "researcher"), centre.enter("Bob", "maker", "delegate")
    gone = centre.enter("Gone", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        withdraw_person(connection, centre.manager, gone.person())
        entry = connection.exec_driver_sql("select max(id) from entry").scalar()
    for person in (alice.person(), gone.person(), uuid4()):
        with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
            withdraw_person(connection, bob, person)
        assert refused.value.kind == "centre.forbidden"
    for person in (gone.person(), uuid4()):
        with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
            withdraw_person(connection, centre.manager, person)
        assert (refused.value.kind, refused.value.status, refused.value.found) == ("centre.no-person", 404, person)
    with store.transaction(centre.org) as connection:
        assert connection.exec_driver_sql("select max(id) from entry").scalar() == entry


def test_a_move_that_moves_nothing_writes_nothing(centre: CentreWorld) -> None:
    """A fund that is open is not opened: refused; amended to what it says already it stays, without an entry."""
    with store.transaction(centre.org) as connection:
        fund = create(connection, centre.manager, "fund", _fund())
        for again in (
            lambda: move(connection, centre.manager, fund.id, "open"),
            lambda: move_many(connection, centre.manager, [fund.id], "open"),
        ):
            with pytest.raises(Problem) as refused:
                again()
            assert (refused.value.kind, refused.value.found) == ("centre.bad-move", "open -> open")
            assert refused.value.expected == "closed"
        same = move(connection, centre.manager, fund.id, "open", facts=_fund())
        assert same == fund == get(connection, fund.id)
        other = move(connection, centre.manager, fund.id, "open", facts=_fund(own=True))
        assert (other.version, other.facts.own) == (2, True)


def test_a_risk_that_is_open_is_not_opened(centre: CentreWorld) -> None:
    """Said to be open once more it is refused, and has no further entry; once closed it is opened again."""
    work = running_project(centre)
    risk = Risk(project=work.id, title="Late", likelihood=2, impact=2, mitigation="Begin early.")
    with store.transaction(centre.org) as connection:
        made = add_risk(connection, work.alice, risk)
        with pytest.raises(Problem) as refused:
            move_risk(connection, work.alice, made.id, "open")
        assert (refused.value.kind, refused.value.expected) == ("centre.bad-move", "occurred, closed")
        assert get(connection, made.id) == made
        move_risk(connection, work.alice, made.id, "closed")
        assert move_risk(connection, work.alice, made.id, "open").version == 3
