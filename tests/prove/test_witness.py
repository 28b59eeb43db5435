"""A witness signs what merely grew; what shrank, forked or is not signed it refuses, and keeps the evidence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.prove.checkpoint import LogKey, opened
from takeback.prove.cosignature import WitnessKey, cosigned_at
from takeback.prove.cosignatures import accept, cosigned_note, newest_witnessed
from takeback.prove.growth import prove_growth_to_newest
from takeback.prove.log import latest_checkpoint
from takeback.prove.log_source import log_source
from takeback.prove.merkle import Frontier, leaf_hash
from takeback.prove.policy import read_policy
from takeback.prove.sequencer import sequence_all
from takeback.prove.signednote import Verifier, parted
from takeback.prove.tiles import FULL, Tile, read_tile, tile_of
from takeback.prove.witness import Witnessed, WitnessState, witness
from tests.prove.bundles import cosigned, newest, say
from tests.prove.bundles import uuid4 as new_org


@dataclass(slots=True)
class Log:
    """A log as static files in a folder, made from leaves alone."""

    folder: Path
    key: LogKey

    def show(self, leaves: list[bytes]) -> None:
        """Write checkpoint and tiles of a log with these leaves."""
        tree, levels = Frontier(), [list(leaves), []]
        for leaf in leaves:
            levels[1] += [node for tier, _, node in tree.append(leaf) if tier == 1]
        for level, hashes in enumerate(levels):
            for begin in range(0, len(hashes), FULL):
                part = hashes[begin : begin + FULL]
                path = self.folder / "tile" / Tile(level, begin // FULL, len(part)).path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"".join(part))
        (self.folder / "checkpoint").write_text(self.key.sign(tree.size, tree.root()))


def leaves(count: int, text: str = "true") -> list[bytes]:
    return [leaf_hash(f"{text} {n}".encode()) for n in range(count)]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "log", LogKey.kept_in(tmp_path / "key"))


@pytest.fixture
def look(tmp_path: Path, log: Log) -> Callable[[], Witnessed]:
    """Let the witness look once."""
    state, key = tmp_path / "state", WitnessKey.kept_in(tmp_path / "w", "lab.example/witness")
    trusted = Verifier.read(log.key.verifier)

    def once() -> Witnessed:
        kept = WitnessState.read(state, trusted)
        return witness(log_source(str(log.folder)), state, kept, key, seconds=1_800_000_000)

    return once


def refused(look: Callable[[], Witnessed], kind: str) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        look()
    assert caught.value.kind == f"witness.{kind}"
    return dict(json.loads(Path(str(caught.value.where)).read_text()))


def test_what_merely_grows_is_signed_each_time(log: Log, look: Callable[[], Witnessed], tmp_path: Path) -> None:
    """Across full and partial tiles, and when nothing happened at all."""
    verifier = WitnessKey.kept_in(tmp_path / "w", "lab.example/witness").verifier
    before = 0
    for size in (1, 3, 3, 256, 300, 700, 1000):
        log.show(leaves(size))
        seen = look()
        text, signatures = parted(seen.note)
        assert (seen.before, seen.size) == (before, size)
        assert cosigned_at(text, signatures[-1], verifier) == 1_800_000_000
        assert opened(seen.note, log.key.origin, log.key.public) is not None
        before = size


@pytest.mark.parametrize("size", [300, 301, 600])
def test_a_fork_is_refused_with_both_notes_as_evidence(log: Log, look: Callable[[], Witnessed], size: int) -> None:
    """Another history behind the kept checkpoint, of the same size or grown, signed by the log itself."""
    log.show(leaves(300))
    kept = look()
    log.show([*leaves(299), leaf_hash(b"forged"), *leaves(size)[300:]])
    evidence = refused(look, "forked")
    assert opened(evidence["kept"], log.key.origin, log.key.public) == opened(kept.note, log.key.origin, log.key.public)
    assert opened(evidence["shown"], log.key.origin, log.key.public) is not None
    log.show(leaves(600))
    assert look().before == 300, "what was refused is not remembered as true"


def test_a_rolled_back_log_is_refused(log: Log, look: Callable[[], Witnessed]) -> None:
    """A backup restored from before the kept checkpoint is shorter, and that is evidence."""
    log.show(leaves(300))
    look()
    log.show(leaves(299))
    assert refused(look, "shrank")["refused"] == "shrank"


def test_tiles_that_lie_make_no_proof(log: Log, look: Callable[[], Witnessed]) -> None:
    """One flipped byte in the tiles, or a tile cut short, and nothing is signed."""
    log.show(leaves(300))
    look()
    log.show(leaves(600))
    tile = log.folder / "tile" / Tile(0, 2, 600 - 512).path
    whole = tile.read_bytes()
    for wrong in (bytes([whole[0] ^ 1]) + whole[1:], whole[:-1]):
        tile.write_bytes(wrong)
        refused(look, "forked")
    tile.write_bytes(whole)
    assert look().size == 600


def test_another_key_and_a_damaged_state_are_refused(log: Log, look: Callable[[], Witnessed], tmp_path: Path) -> None:
    """A checkpoint of another key is evidence; a state that the log never signed is not begun anew."""
    log.show(leaves(3))
    look()
    other = Log(log.folder, LogKey.kept_in(tmp_path / "other"))
    other.show(leaves(5))
    refused(look, "unsigned")
    state = tmp_path / "state"
    state.write_text(state.read_text().replace("\\n3\\n", "\\n2\\n"))
    for damage in (None, "{}", "["):
        if damage:
            state.write_text(damage)
        with pytest.raises(Problem) as caught:
            look()
        assert caught.value.kind == "witness.broken-state"


def test_the_first_look_needs_the_key_of_the_log(tmp_path: Path, log: Log) -> None:
    """A witness believes no key that a log names itself, and watches one log only."""
    with pytest.raises(Problem) as caught:
        WitnessState.read(tmp_path / "new", None)
    assert caught.value.kind == "witness.no-log-key"
    WitnessState(Verifier.read(log.key.verifier)).write(tmp_path / "old")
    with pytest.raises(Problem) as caught:
        WitnessState.read(tmp_path / "old", Verifier.read(LogKey.kept_in(tmp_path / "x").verifier))
    assert caught.value.kind == "witness.other-log"


@pytest.fixture
def served(database: store.Database, tmp_path: Path) -> Iterator[LogKey]:
    yield LogKey.kept_in(tmp_path / "served")


def test_a_checkpoint_counts_with_two_of_three_witnesses(served: LogKey, tmp_path: Path) -> None:
    """Cosignatures come one by one; the checkpoint counts with the second, and is handed out with both."""
    org = new_org()
    keys = [WitnessKey.kept_in(tmp_path / name, f"{name}.example/w") for name in ("a", "b", "c")]
    lines = [f"witness {key.name[0]} {key.verifier}" for key in keys]
    policy = read_policy("\n".join(["# who counts", *lines, "group most 2 a b c", "quorum most"]))
    say(org, count=3)
    sequence_all(served)
    note = newest(org)
    with store.admin() as connection:
        assert accept(connection, policy, cosigned(note, keys[0])) == ["a"]
        assert newest_witnessed(connection, policy) is None
        assert accept(connection, policy, cosigned(note, keys[0], keys[2])) == ["a", "c"]
        row = latest_checkpoint(connection)
        assert row is not None
        assert newest_witnessed(connection, policy) == cosigned_note(connection, row)
    say(org)
    sequence_all(served)
    with store.admin() as connection:
        assert newest_witnessed(connection, policy) is not None
        assert newest_witnessed(connection, policy, 4) is None


def test_strangers_and_other_logs_are_not_kept(served: LogKey, tmp_path: Path, database: store.Database) -> None:
    """A key that is in no policy, a checkpoint that was never signed here, a signature over another text: refused."""
    org, key = new_org(), WitnessKey.kept_in(tmp_path / "a", "a.example/w")
    policy = read_policy(f"witness a {key.verifier}\nquorum a")
    say(org, count=3)
    sequence_all(served)
    note = newest(org)
    stranger = WitnessKey.kept_in(tmp_path / "s", "a.example/w")
    for wrong, kind in (
        (cosigned(note, stranger), "unknown-witness"),
        (note, "unknown-witness"),
        (cosigned(note.replace("\n3\n", "\n2\n", 1), key), "no-such-checkpoint"),
        (cosigned(served.sign(3, b"x" * 32), key), "no-such-checkpoint"),
        ("", "no-such-checkpoint"),
    ):
        with store.admin() as connection, pytest.raises(Problem) as caught:
            accept(connection, policy, wrong)
        assert caught.value.kind == f"ledger.{kind}"
    with store.admin() as connection:
        assert connection.scalar(sa.text("select count(*) from cosignature")) == 0


def test_a_file_with_a_proof_of_growth_is_enough(served: LogKey, tmp_path: Path) -> None:
    """A partner without access to the log signs from files that it is sent, if they begin where it stopped."""
    org, key = new_org(), WitnessKey.kept_in(tmp_path / "a", "a.example/w")
    state, file = tmp_path / "state", tmp_path / "growth.json"
    for first, size in ((1, 3), (3, 300)):
        say(org, count=size - (0 if first == 1 else 3))
        sequence_all(served)
        with store.admin() as connection:
            file.write_text(json.dumps(prove_growth_to_newest(connection, first)))
        kept = WitnessState.read(state, Verifier.read(served.verifier))
        assert witness(log_source(str(file)), state, kept, key, seconds=1).size == size
    say(org)
    sequence_all(served)
    with store.admin() as connection:
        file.write_text(json.dumps(prove_growth_to_newest(connection, 3)))
    with pytest.raises(Problem) as caught:
        witness(log_source(str(file)), state, WitnessState.read(state, None), key, seconds=1)
    assert caught.value.kind == "witness.other-size"


@pytest.mark.parametrize(
    "text",
    ["witness a", "witness a k", "group g 1", "quorum x", "what", "witness none a+b+c", "group g 0 a", "log x"],
)
def test_a_policy_that_is_not_understood_names_its_line(text: str) -> None:
    """No line is skipped: a slip in a policy must not weaken it."""
    with pytest.raises(Problem) as caught:
        read_policy(f"\n{text}")
    assert caught.value.where == "line 2"


def test_tiles_have_one_name_each(served: LogKey) -> None:
    """Names are written and read as C2SP says; what is spelt otherwise names nothing."""
    for index, path in ((0, "000"), (255, "255"), (1234067, "x001/x234/067"), (1000, "x001/000")):
        assert Tile(0, index).path == f"0/{path}"
        assert tile_of(f"3/{path}.p/17") == Tile(3, index, 17)
    for wrong in (
        "0/0",
        "0/x000/001",
        "00/001",
        "64/001",
        "0/001.p/0",
        "0/001.p/256",
        "0/1000",
        "entries/000",
        "-1/000",
    ):
        assert tile_of(wrong) is None
    say(new_org(), count=300)
    sequence_all(served)
    with store.admin() as connection:
        whole, part = read_tile(connection, Tile(0, 0)), read_tile(connection, Tile(0, 1, 44))
        assert read_tile(connection, Tile(0, 1, 43)) == (part or b"")[:-32]
        assert [len(whole or b""), len(part or b"")] == [8192, 44 * 32]
        assert read_tile(connection, Tile(0, 1, 45)) is None
        assert read_tile(connection, Tile(1, 0, 1)) is not None
        assert read_tile(connection, Tile(63, 2**60)) is None
