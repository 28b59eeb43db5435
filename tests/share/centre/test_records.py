"""Records of a centre: put, changed, moved on, each step in the ledger."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import prove, store
from takeback.core.problem import Problem
from takeback.operate import projection
from takeback.operate.identity.memberships import actor_of
from takeback.share.centre.acting import acting
from takeback.share.centre.history import history
from takeback.share.centre.members import Member
from takeback.share.centre.people import people, person_by_id, withdraw_person
from takeback.share.centre.records import change, count, create, create_many, find, get, move, move_many, record_key
from tests.share.centre.centre_world import CentreWorld, new_centre


def test_each_step_is_an_entry_and_the_rebuilt_tables_are_the_same(centre: CentreWorld) -> None:
    """A record that was put, changed and moved has three entries; emptied tables come back from the ledger equal."""
    with store.transaction(centre.org) as connection:
        old = get(connection, centre.members["maker"], kind="member")
        renamed = Member(code="E1", name="Voltray Energy", name_zh="伏瑞能源", sort="enterprise")
        change(connection, centre.manager, old.id, renamed, version=1)
        left = move(connection, centre.manager, old.id, "left", reason="sold")
        assert (left.version, left.state, left.title) == (3, "left", "Voltray Energy")
        assert left.first_entry == old.first_entry < left.entry_id
        told = prove.trace(connection, centre.org, record_key(old.id))
        assert [one.body["takeback:facts"]["version"] for one in told] == [1, 2, 3]
        before = _tables(connection)
        projection.rebuild(connection, centre.org)
        assert _tables(connection) == before


def _tables(connection: sa.Connection) -> list[list[tuple[object, ...]]]:
    sql = ("select * from centre_record order by id", "select * from centre_person order by id")
    return [[tuple(row) for row in connection.execute(sa.text(text))] for text in sql]


def test_who_may_not_is_refused_and_nothing_is_written(centre: CentreWorld) -> None:
    """Alice manages, Bob (a delegate) may not enter members; Charlie, of another centre, sees nothing of this one."""
    bob = centre.enter("Bob", "maker", "delegate")
    facts = Member(code="X", name="X", name_zh="X", sort="enterprise")
    with store.transaction(centre.org) as connection:
        with pytest.raises(Problem, match="not allowed"):
            create(connection, bob, "member", facts)
        assert len(find(connection, "member")) == 5
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection, pytest.raises(Problem) as refused:
        get(connection, centre.members["maker"])
    assert refused.value.status == 404


def test_a_change_made_from_an_old_version_is_refused(centre: CentreWorld) -> None:
    """Two people who change the same record at once do not overwrite each other."""
    with store.transaction(centre.org) as connection:
        member = get(connection, centre.members["shop"])
        change(connection, centre.manager, member.id, member.facts, version=1)
        with pytest.raises(Problem) as refused:
            change(connection, centre.manager, member.id, member.facts, version=1)
        assert refused.value.status == 409


def test_a_state_that_cannot_follow_is_refused(centre: CentreWorld) -> None:
    """An active member cannot become active again; the refusal names what can follow."""
    with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
        move(connection, centre.manager, centre.members["shop"], "active")
    assert refused.value.expected == "left"


def test_who_withdraws_has_no_name_any_more_and_the_ledger_stands(centre: CentreWorld) -> None:
    """The name is nowhere in the database's centre tables nor in the ledger; roles end; the person stays as an id."""
    bob = centre.enter("Bohumil Secretname", "maker", "delegate", email="bob@example.org")
    with store.transaction(centre.org) as connection:
        person: UUID = bob.person()
        withdraw_person(connection, bob, person)
        gone = person_by_id(connection, person)
        assert (gone.name, gone.roles, gone.withdrawn_at is not None) == ("", [], True)
        assert "Bohumil Secretname" not in [one.name for one in people(connection)]
        bodies = connection.execute(sa.text("select body from entry")).scalars().all()
        assert not any(b"Secretname" in bytes(body) for body in bodies)


def test_an_account_finds_its_person(centre: CentreWorld) -> None:
    """The owner of the organisation acts as the person who was entered for the account."""
    with store.transaction(centre.org) as connection:
        user = connection.execute(sa.text("select id from user_account")).scalar_one()
    actor = actor_of(user, centre.org)
    with store.transaction(centre.org) as connection:
        me = acting(connection, actor)
    assert "manager" in me.roles
    assert me.person() is not None


def test_many_records_put_and_moved_at_once_are_as_those_put_one_by_one(centre: CentreWorld) -> None:
    """Each has an entry of its own; a rebuild gives the same; a move that one of them cannot make moves none."""
    new = [Member(code=f"M{k}", name=f"Member {k}", name_zh=f"成员{k}", sort="institute") for k in range(30)]
    with store.transaction(centre.org) as connection:
        ids = create_many(connection, centre.manager, "member", new)
        move_many(connection, centre.manager, ids[:20], "left", reason="The agreement ended.")
        found = [get(connection, one) for one in ids]
        assert [one.facts for one in found] == new
        assert [(one.state, one.version) for one in found] == [("left", 2)] * 20 + [("active", 1)] * 10
        assert len({one.entry_id for one in found}) == 30
        projection.rebuild(connection, centre.org)
        assert [get(connection, one) for one in ids] == found
    for wrong, kind in ((ids, "centre.bad-move"), ([ids[25], ids[25]], "centre.no-record")):
        with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
            move_many(connection, centre.manager, wrong, "left")
        assert refused.value.kind == kind
    with store.transaction(centre.org) as connection:
        assert len(find(connection, "member", state="left")) == 20


def test_many_records_need_the_permission_of_one(centre: CentreWorld) -> None:
    """A student neither puts nor moves members, be they one or many."""
    student = centre.enter("Sana", "university", "student")
    with store.transaction(centre.org) as connection:
        for attempt in (
            lambda: create_many(connection, student, "member", []),
            lambda: move_many(connection, student, [centre.members["shop"]], "left"),
        ):
            with pytest.raises(Problem) as refused:
                attempt()
            assert refused.value.status == 403


def test_a_search_finds_values_whatever_their_case_and_no_names_of_fields(centre: CentreWorld) -> None:
    """Words of either language, codes and ids are found in what a record says; the names of its fields are not."""
    with store.transaction(centre.org) as connection:
        maker = centre.members["maker"]
        for text in ("VOLTRAY", "伏瑞", "e1", "Enterprise"):
            assert maker in {one.id for one in find(connection, "member", text=text)}, text
        assert [*find(connection, "member", text="name_zh")] == []
        assert [*find(connection, "member", text="%")] == []


def test_the_history_of_a_record_reads_its_own_entries_alone(centre: CentreWorld) -> None:
    """However many entries lie between its first and its last one, a record's history is found by its key."""
    with store.transaction(centre.org) as connection:
        old = get(connection, centre.members["maker"])
        create_many(connection, centre.manager, "member", (
            Member(code=f"X{k}", name=f"X{k}", name_zh="X", sort="enterprise") for k in range(50)
        ))  # fmt: skip
        left = move(connection, centre.manager, old.id, "left", reason="sold")
        reads = []
        sa.event.listen(connection, "before_cursor_execute", lambda _c, _cur, sql, *_: reads.append(sql))
        told = history(connection, centre.org, left)
        assert [(one.version, one.state, one.why) for one in told] == [(1, "active", ""), (2, "left", "sold")]
        assert all("item_key" in sql for sql in reads), "the ledger is asked by key"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("伏瑞", True), ("瑞能", True), ("能源 伏瑞", True), ("voltray 能源", True), ("能源　VOLTRAY", True),
        ("伏能", False), ("伏瑞 电池", False), ("%", False),
    ],
)  # fmt: skip
def test_chinese_and_english_words_are_found_anywhere_and_in_any_order(
    centre: CentreWorld, text: str, holds: bool
) -> None:
    """伏瑞能源 is found by any part of it and by several words, in both languages at once; not by what is not there."""
    with store.transaction(centre.org) as connection:
        old = get(connection, centre.members["maker"], kind="member")
        renamed = Member(code="E1", name="Voltray Energy", name_zh="伏瑞能源", sort="enterprise")
        change(connection, centre.manager, old.id, renamed, version=1)
        found = find(connection, "member", text=text)
        assert ([one.id for one in found] == [old.id]) is holds
        assert count(connection, "member", text=text) == holds
