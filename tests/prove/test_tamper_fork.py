"""A log that forked, or that was put back to an old backup, is sound in itself: a witness notices."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.prove.cosignature import WitnessKey
from takeback.prove.log_source import log_source
from takeback.prove.sequencer import sequence_all
from takeback.prove.signednote import Verifier
from takeback.prove.tiles import FULL, Tile, read_tile
from takeback.prove.verify import Verification, verify_log, verify_party
from takeback.prove.witness import WitnessState, witness
from tests.prove import bundles
from tests.prove.bundles import BATTERY, World, say


@pytest.mark.parametrize("kind", ["forked", "shrank"])
def test_a_fork_and_a_rolled_back_backup_are_noticed_by_a_witness(
    tmp_path: Path, kind: str, database: store.Database
) -> None:
    """A backup restored from before the witness looked, alone or carried on differently: whole in itself, refused."""
    world = bundles.world(tmp_path / "log")
    state_file, own = tmp_path / "state", WitnessKey.kept_in(tmp_path / "own", "own.example/w")
    owner = sa.create_engine(database.owner_url)
    with owner.begin() as connection:
        backup = connection.scalar(sa.text("select max(size) from checkpoint"))
    say(world.org, BATTERY)
    sequence_all(world.key)
    look(world, tmp_path, state_file, own)
    restore(owner, backup)
    if kind == "forked":
        say(world.org, count=3)
        sequence_all(world.key)
    assert verified(world).findings == [], "a log that was rolled back is sound in itself"
    with pytest.raises(Problem) as caught:
        look(world, tmp_path, state_file, own)
    assert caught.value.kind == f"witness.{kind}"
    owner.dispose()


def look(world: World, folder: Path, state_file: Path, own: WitnessKey) -> None:
    mirror(world, folder / "mirror")
    kept = WitnessState.read(state_file, Verifier.read(world.key.verifier))
    witness(log_source(str(folder / "mirror")), state_file, kept, own, seconds=1)


def mirror(world: World, folder: Path) -> None:
    """Copy the log as static files, as it is served."""
    shutil.rmtree(folder, ignore_errors=True)
    note = bundles.newest(world.org)
    size = int(note.splitlines()[1])
    (folder / "tile" / "0").mkdir(parents=True)
    (folder / "checkpoint").write_text(note)
    with store.admin() as connection:
        tile = Tile(0, 0, min(size, FULL))
        path = folder / "tile" / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read_tile(connection, tile) or b"")


def restore(owner: sa.Engine, size: int) -> None:
    """Put the ledger back to how it was at a size, as a backup of that moment would."""
    later = "(select entry_id from leaf where leaf_index >= :size)"
    with owner.begin() as connection:
        for table in ("entry", "entry_item", "number_run", "leaf", "checkpoint", "party_counter"):
            connection.execute(sa.text(f"alter table {table} disable trigger all"))
            connection.execute(sa.text(f"alter table {table} no force row level security"))
        for statement in (
            f"delete from entry_item where entry_id in {later}",
            f"update party_counter c set next_number = next_number - (select coalesce(sum(count), 0) from number_run n "
            f"where n.org_id = c.org_id and n.entry_id in {later})",
            f"delete from number_run where entry_id in {later}",
            f"delete from entry where id in {later}",
            "delete from leaf where leaf_index >= :size",
            "delete from checkpoint where size > :size",
        ):
            connection.execute(sa.text(statement), {"size": size})
        for table in ("entry", "entry_item", "number_run", "party_counter"):
            connection.execute(sa.text(f"alter table {table} force row level security"))


def verified(world: World) -> Verification:
    with store.transaction(world.org) as connection:
        result = verify_log(connection, world.key.origin, world.key.public)
        verify_party(connection, world.org, result)
    return result
