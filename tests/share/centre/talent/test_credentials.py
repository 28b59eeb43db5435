"""Credentials: verified offline by a file that knows nothing of Takeback, which tells apart what can be wrong."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback import store
from takeback.core.canonical import canonical_json
from takeback.core.problem import Problem
from takeback.operate import projection
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import person_by_id, withdraw_person
from takeback.share.centre.records import Record, get
from takeback.share.centre.talent import (
    Award,
    CentreKey,
    credentials_of,
    hand_over,
    issue,
    portfolio,
    published,
    revoke,
    status_of,
)
from takeback.share.centre.talent.credentials.documents import BITS, name_digest, signed_document, status_document
from takeback.share.centre.talent.standalone import takeback_credential as verifier
from tests.share.centre.centre_world import START, CentreWorld, new_centre
from tests.share.centre.talent.talent_world import agree, students

FILE = Path(verifier.__file__)
KEY = CentreKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = CentreKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
AWARD = Award(
    title="Cell grading, level 3", achieved="Competency", description="Grades cells alone.",
    criteria="24 hours of the lab and a mark of 60 or more.", until=datetime(2031, 1, 1, tzinfo=UTC),
)  # fmt: skip


def issued(centre: CentreWorld, award: Award = AWARD) -> Record:
    (student,) = students(centre, 1)
    with store.transaction(centre.org) as connection:
        return issue(connection, centre.manager, KEY, student.person(), award, at=START)


def run(folder: Path, document: str, *options: str, status: str | None = None, key: str = KEY.did) -> tuple[int, str]:
    """Run the file as an employer does, in a Python that sees nothing of ours."""
    (folder / "credential.json").write_text(document, encoding="utf-8")
    command = [sys.executable, "-I", str(FILE), str(folder / "credential.json"), "--key", key, *options]
    if status is not None:
        (folder / "status.json").write_text(status, encoding="utf-8")
        command += ["--status", str(folder / "status.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def test_revoked_changed_wrong_key_and_expired_are_told_apart(centre: CentreWorld, tmp_path: Path) -> None:
    """Each has an exit code of its own and says why; as it was issued it holds, with the name that the holder gives."""
    record = issued(centre)
    with store.transaction(centre.org) as connection:
        held, before = hand_over(connection, centre.manager, record.id), status_of(connection, record.facts)
    on = ("--on", "2027-01-31")
    assert run(tmp_path, held.document, *on, status=before)[0] == 0
    name = ("--name", "Student university 0", "--salt", held.salt or "")
    code, said = run(tmp_path, held.document, *on, *name, status=before)
    assert code == 0
    assert "It was given to Student university 0." in said
    assert run(tmp_path, held.document, *on, "--name", "Somebody", *name[2:], status=before)[0] == 7
    code, said = run(tmp_path, held.document, *on)
    assert code == 0
    assert "NOTE Whether it was revoked was not looked at" in said

    changed = held.document.replace("level 3", "level 5")
    assert run(tmp_path, changed, *on, status=before)[0] == 1
    assert run(tmp_path, held.document, *on, status=before, key=OTHER.did)[0] == 3
    assert run(tmp_path, held.document, "--on", "2031-01-02", status=before)[0] == 4
    assert run(tmp_path, held.document, "--on", "2025-01-02", status=before)[0] == 4
    with store.transaction(centre.org) as connection:
        revoke(connection, centre.manager, KEY, record.id, reason="the mark was taken back", at=START)
        after = status_of(connection, record.facts)
    code, said = run(tmp_path, held.document, *on, status=after)
    assert code == 5
    assert "revoked" in said
    assert run(tmp_path, held.document, *on, status=json.dumps(json.loads(before) | {"id": "urn:x"}))[0] == 6
    assert run(tmp_path, held.document[:-9], *on)[0] == 2


def resigned(document: str, key: CentreKey, **changes: Any) -> str:
    """A credential with other values, signed by some key."""
    plain = {name: value for name, value in json.loads(document).items() if name != "proof"}
    return canonical_json(signed_document({**plain, **changes}, key, START)).decode()


def test_who_signs_with_another_key_is_not_the_centre(centre: CentreWorld, tmp_path: Path) -> None:
    """Signed anew by another key, or with a proof that only names the centre's, it does not hold."""
    record = issued(centre)
    forged = resigned(record.facts.document, OTHER, name="Doctor of everything")
    assert run(tmp_path, forged)[0] == 3
    claims = json.loads(forged)
    claims["proof"]["verificationMethod"] = KEY.method
    assert run(tmp_path, json.dumps(claims))[0] == 1
    stranger = resigned(record.facts.document, KEY, issuer={"id": OTHER.did, "type": ["Profile"], "name": "X"})
    assert run(tmp_path, stranger)[0] == 3


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Each place of a JSON value that holds no object or list."""
    if isinstance(value, dict):
        return [path for name, inner in value.items() for path in paths(inner, (*at, name))]
    if isinstance(value, list):
        return [path for number, inner in enumerate(value) for path in paths(inner, (*at, number))]
    return [at]


def test_each_value_of_a_credential_counts(centre: CentreWorld) -> None:
    """With any one value changed, or any one left out, the check fails: every value is signed."""
    document = issued(centre).facts.document
    assert verifier.Check(json.loads(document), KEY.did, on=START + timedelta(1)).code == 0
    every = paths(json.loads(document))
    assert len(every) > 30
    for path in every:
        for leave_out in (False, True):
            changed = json.loads(document)
            inner = changed
            for step in path[:-1]:
                inner = inner[step]
            if leave_out:
                del inner[path[-1]]
            else:
                inner[path[-1]] = f"{inner[path[-1]]}x"
            assert refused(changed), path


def refused(credential: dict[str, Any]) -> bool:
    try:
        return verifier.Check(credential, KEY.did, on=START + timedelta(1)).code != 0
    except verifier.UnreadableError:
        return True


def test_a_credential_names_nobody_and_stays_good_when_its_holder_withdraws(
    centre: CentreWorld, tmp_path: Path
) -> None:
    """Neither document nor ledger has the name; the salt goes with it, so that none can be tried; the copy holds."""
    record = issued(centre)
    person = record.facts.person
    with store.transaction(centre.org) as connection:
        held = hand_over(connection, centre.manager, record.id)
        assert "Student" not in held.document
        assert str(person) not in held.document
        withdraw_person(connection, centre.manager, person)
        assert hand_over(connection, centre.manager, record.id).salt is None
        rows = connection.execute(sa.text("select body from entry")).scalars()
        bodies = b"".join(projection.load(bytes(row)).__repr__().encode() for row in rows)
        assert b"Student university" not in bodies
        assert (held.salt or "").encode() not in bodies
        status = status_of(connection, record.facts)
        with pytest.raises(Problem):
            portfolio(connection, centre.manager, person)
    name = ("--name", "Student university 0", "--salt", held.salt or "")
    assert run(tmp_path, held.document, "--on", "2027-01-31", *name, status=status)[0] == 0


def test_who_may_not_issues_revokes_or_takes_nothing(centre: CentreWorld) -> None:
    """Bob, a mentor, may not issue nor take one; the manager not to herself; Charlie, elsewhere, finds nothing."""
    record = issued(centre)
    holder, bob = centre.actor("Student university 0"), centre.enter("Bob", "maker", "mentor")
    other = new_centre("other")
    with store.transaction(centre.org) as connection:
        for attempt in (
            lambda: issue(connection, bob, KEY, holder.person(), AWARD),
            lambda: issue(connection, centre.manager, KEY, centre.manager.person(), AWARD),
            lambda: revoke(connection, bob, KEY, record.id, reason="x"),
            lambda: hand_over(connection, bob, record.id),
            lambda: credentials_of(connection, bob, holder.person()),
        ):
            with pytest.raises(Problem) as refusal:
                attempt()  # type: ignore[no-untyped-call]
            assert refusal.value.status == 403
        assert [one.id for one in credentials_of(connection, holder, holder.person())] == [record.id]
        with pytest.raises(Problem) as refusal:
            revoke(connection, centre.manager, OTHER, record.id, reason="x")
        assert refusal.value.kind == "centre.other-key"
        revoke(connection, centre.manager, KEY, record.id, reason="x")
        with pytest.raises(Problem) as refusal:
            issue(connection, centre.manager, KEY, holder.person(),
                  Award(title="y", achieved="Award", description="", criteria="", evidence=(record.id,)))  # fmt: skip
        assert refusal.value.kind == "centre.revoked"
    with store.transaction(other.org) as connection, pytest.raises(Problem) as refusal:
        revoke(connection, other.manager, KEY, record.id, reason="x")
    assert refusal.value.status == 404


def test_a_status_list_says_of_each_credential_alone_whether_it_was_revoked(centre: CentreWorld) -> None:
    """Of seven, the second and the fifth are revoked; each version of the list is an entry of the ledger."""
    pupils = students(centre, 7)
    with store.transaction(centre.org) as connection:
        made = [issue(connection, centre.manager, KEY, one.person(), AWARD, at=START) for one in pupils]
        for number in (1, 4):
            revoke(connection, centre.manager, KEY, made[number].id, reason="x", at=START)
        status = json.loads(status_of(connection, made[0].facts))
        assert len(published(connection)) == 1
        assert get(connection, made[0].facts.status_list).version == 3
    on = START + timedelta(days=1)
    codes = [verifier.Check(json.loads(one.facts.document), KEY.did, status=status, on=on).code for one in made]
    assert codes == [0, 5, 0, 0, 5, 0, 0]


def test_a_portfolio_is_seen_with_consent_alone(centre: CentreWorld) -> None:
    """A colleague sees the credential while the holder agrees; a revoked one is not there."""
    record = issued(centre)
    holder, bob = centre.actor("Student university 0"), centre.enter("Bob", "maker", "delegate")
    with store.transaction(centre.org) as connection:
        assert [one.id for one in portfolio(connection, bob, holder.person()).credentials] == [record.id]
    agree(centre, holder, "profile", "statistics")
    with store.transaction(centre.org) as connection:
        for actor in (bob, centre.manager):
            with pytest.raises(Problem) as refusal:
                portfolio(connection, actor, holder.person())
            assert refusal.value.status == 404
        revoke(connection, centre.manager, KEY, record.id, reason="x")
        assert portfolio(connection, holder, holder.person()).credentials == ()
        assert person_by_id(connection, holder.person()).name


def test_a_centres_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    """Two readings are the same key, of one centre; another centre has another."""
    org = UUID(int=1)
    first = CentreKey.kept_in(tmp_path / "home", org)
    assert CentreKey.kept_in(tmp_path / "home", org).did == first.did
    assert CentreKey.kept_in(tmp_path / "home", UUID(int=2)).did != first.did
    files = [*(tmp_path / "home" / "centre-keys").iterdir()]
    assert sorted(file.stat().st_mode & 0o777 for file in files) == [0o600, 0o600]


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, BITS - 1), max_size=20), st.integers(0, BITS - 1))
def test_a_bit_of_the_list_stands_for_one_credential(revoked: set[int], asked: int) -> None:
    """The bit string that others read (leftmost bit first) has a 1 exactly where a credential was revoked."""
    bits = verifier.unpacked(status_document("urn:x", KEY.did, revoked, START))
    assert len(bits) * 8 == BITS
    assert {n for n in {*revoked, asked} if bits[n // 8] & (128 >> n % 8)} == revoked


NAMES = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
ALUMNI = {
    "@context": NAMES,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}


def test_the_signature_is_the_one_of_the_w3cs_example() -> None:
    """Data Integrity EdDSA Cryptosuites 1.0, appendix B.2: same key, document and moment give the same proof."""
    seed = verifier.unbase58("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")[2:]
    key = CentreKey(Ed25519PrivateKey.from_private_bytes(seed))
    assert key.did == "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    signed = signed_document(ALUMNI, key, datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC))
    value = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
    assert signed["proof"]["proofValue"] == value
    assert verifier.signed(signed, key.did)


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_name_is_found_by_its_salt_and_no_other(name: str, other: str) -> None:
    """Another name, or the same with another salt, has another digest."""
    assert name_digest(name, "s") == name_digest(f" {name} ", "s")
    assert name_digest(name, "s") != name_digest(name, "t")
    assert canonical_json(json.loads(verifier.canonical({name: other}))).decode() == verifier.canonical({name: other})


def test_credentials_issued_at_once_have_a_bit_each_in_one_list(centre: CentreWorld) -> None:
    """Eight threads, one key: one status list, eight places in it."""
    pupils = students(centre, 8)

    def one(student: CentreActor) -> Record:
        with store.transaction(centre.org) as connection:
            return issue(connection, centre.manager, KEY, student.person(), AWARD, at=START)

    with ThreadPoolExecutor(8) as pool:
        made = [*pool.map(one, pupils)]
    assert len({record.facts.index for record in made}) == 8
    assert len({record.facts.status_list for record in made}) == 1
    with store.transaction(centre.org) as connection:
        issue(connection, centre.manager, OTHER, pupils[0].person(), AWARD, at=START)
        assert {listed.issuer for listed in published(connection)} == {KEY.did, OTHER.did}


def test_the_verifier_needs_nothing_of_ours() -> None:
    """It imports the standard library and one package, and says in its first lines how it is run."""
    tree = ast.parse(FILE.read_text(encoding="utf-8"))
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    named |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name.partition(".")[0] for name in named} - sys.stdlib_module_names == {"cryptography"}
    assert f"python3 {FILE.name}" in (ast.get_docstring(tree) or "")
