"""The table of permissions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from takeback.core.problem import Problem
from takeback.operate.identity import PERMISSIONS, ROLES, SCOPES, Actor, permissions_of, scopes_of, system_actor
from takeback.operate.identity.permissions import PERSONAL, Role, expanded
from takeback.share.centre import roles

SOURCES = Path(__file__).parents[3] / "src" / "takeback"


def _actor(role: Role) -> Actor:
    return Actor(org_id=uuid4(), permissions=permissions_of(role), role=role, user_id=uuid4())


def _asked() -> Iterator[tuple[str, str]]:
    """Yield each permission that the code asks for by name, and where."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                argument = node.args[0]
                named = node.func.attr in {"require", "may"} and isinstance(argument, ast.Constant)
                if named and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_a_role_may_what_the_table_says(role: Role, permission: str) -> None:
    """An actor passes `require` exactly when its role stands beside the permission."""
    actor = _actor(role)
    if role in PERMISSIONS[permission]:
        actor.require(permission)
    else:
        with pytest.raises(Problem) as refused:
            actor.require(permission)
        assert (refused.value.kind, refused.value.status) == ("identity.forbidden", 403)


def test_an_owner_may_everything_and_a_viewer_changes_nothing() -> None:
    """The two ends of the table."""
    assert permissions_of("owner") == set(PERMISSIONS)
    assert all(name.endswith(".read") or name == "ledger.verify" for name in permissions_of("viewer"))
    assert permissions_of("viewer") <= permissions_of("auditor") <= permissions_of("manager")
    assert permissions_of("operator") <= permissions_of("manager")


def test_every_permission_that_code_asks_for_is_in_the_table() -> None:
    """A slip in a permission's name is found here, not by the first person who clicks."""
    asked = list(_asked())
    assert len({name for name, _ in asked}) > 10
    known = {*PERMISSIONS, *roles.PERMISSIONS}
    assert [(name, where) for name, where in asked if name not in known] == []


def test_an_unknown_permission_is_a_mistake_of_ours() -> None:
    """Not a refusal, which would hide it."""
    with pytest.raises(KeyError):
        _actor("owner").may("spine.grad")


@pytest.mark.parametrize("name", [*sorted(PERSONAL), "everything", ""])
def test_a_key_is_never_given_what_changes_who_may_do_what(name: str) -> None:
    """Personal permissions and unknown words are refused, alone or beside good ones."""
    for scopes in ([name], ["read", name]):
        with pytest.raises(Problem) as refused:
            expanded(scopes)
        assert refused.value.kind == "identity.bad-scope"


def test_scopes_hold_no_personal_permission_and_are_read_back() -> None:
    """A word of scope becomes permissions, and they become the word again."""
    for word, group in SCOPES.items():
        assert not group & PERSONAL
        assert word in scopes_of(expanded([word]))
    assert scopes_of(["spine.grade"]) == ("spine.grade",)


def test_an_actor_is_named_by_an_id_in_the_ledger() -> None:
    """Never by a person's name or e-mail."""
    org, some = uuid4(), uuid4()
    assert Actor(org_id=org, permissions=frozenset(), user_id=some).label == f"user:{some}"
    assert Actor(org_id=org, permissions=frozenset(), key_id=some).label == f"key:{some}"
    assert system_actor(org).label == "system"


def test_only_a_person_is_a_person() -> None:
    """What a key or the system does cannot pass for a person's own act."""
    org = uuid4()
    for actor in (Actor(org_id=org, permissions=frozenset(), key_id=uuid4()), system_actor(org)):
        with pytest.raises(Problem) as refused:
            actor.person()
        assert refused.value.kind == "identity.no-person"
