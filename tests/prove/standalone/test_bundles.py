"""Bundles hold as they are made; with any value changed, both our check and the stand-alone verifier notice."""

from __future__ import annotations

import base64
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import takeback
from takeback.core.problem import Problem
from takeback.prove.bundle_check import verify_bundle
from tests.prove import bundles
from tests.prove.bundles import BATTERY, UNKNOWN, World, flipped, flips
from tests.reference import reference_data
from tests.store import servers

FILE = Path(takeback.__file__).parent / "prove" / "standalone" / "takeback_verify.py"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with servers.opened():
        yield bundles.world(tmp_path_factory.mktemp("keys"))


def key_of(uri: str) -> int:
    return bundles.item_key(uri)


@pytest.fixture(params=["entries", "numbers", "complete", "absent", "since", "disclosed"])
def bundle(world: World, request: pytest.FixtureRequest) -> dict[str, Any]:
    """One bundle of each kind."""
    asked = {
        "entries": {"entries": [1, 7]},
        "numbers": {"numbers": (2, 5)},
        "complete": {"item": key_of(BATTERY), "uri": BATTERY},
        "absent": {"item": key_of(UNKNOWN), "uri": UNKNOWN},
        "since": {"entries": [1], "since": 6},
        "disclosed": {"item": key_of(BATTERY), "disclose": True},
    }
    return world.bundle(**asked[request.param])


@cache
def standalone() -> ModuleType:
    """The verifier as a module, to run it some thousand times."""
    spec = importlib.util.spec_from_file_location("takeback_verify", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def held_alone(content: str, world: World, earlier: str | None) -> bool:
    module = standalone()
    try:
        return not module.Check(module.parsed(content), world.key.verifier, earlier).problems
    except (module.UnreadableError, ValueError, TypeError, AttributeError, OverflowError):
        return False


def run(folder: Path, content: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the file as an auditor does, in a Python that sees nothing of ours."""
    (folder / "bundle.json").write_text(content, encoding="utf-8")
    command = [sys.executable, "-I", str(FILE), str(folder / "bundle.json"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_bundle_holds_and_each_value_of_it_counts(world: World, bundle: dict[str, Any]) -> None:
    """Both checks accept the bundle as it is, and both refuse it with any one value changed or left out."""
    earlier = world.kept if bundle["consistency"] else None
    content = json.dumps(bundle)
    assert verify_bundle(content.encode(), world.key.verifier, earlier) == []
    assert held_alone(content, world, earlier)
    changes = list(flips(bundle))
    assert len(changes) > 60
    for path, value in changes:
        if path[0] == "entries" and len(path) == 2 and bundle["completeness"] is None and bundle["numbers"] is None:
            continue  # without one of its entries such a bundle is another true bundle
        if len(path) == 4 and path[2] == "personal" and value is ...:
            continue  # what is not disclosed is not missing
        if path == ("completeness", "item") and bundle["completeness"]["uri"] is None:
            continue  # that another thing is absent, or present, may be just as true
        wrong = json.dumps(flipped(bundle, path, value))
        assert verify_bundle(wrong.encode(), world.key.verifier, earlier), (path, value)
        assert not held_alone(wrong, world, earlier), (path, value)


def test_the_file_alone_says_in_sentences_what_holds(world: World, tmp_path: Path) -> None:
    """Run with -I: exit code 0 and the facts; 1 with another body; 2 for what is no bundle."""
    bundle = world.bundle(item=key_of(BATTERY), since=6)
    (tmp_path / "kept").write_text(world.kept, encoding="utf-8")
    witnesses = [word for w in world.witnesses for word in ("--witness", str(w.verifier))]
    options = ("--key", world.key.verifier, "--earlier", str(tmp_path / "kept"), *witnesses)
    good = run(tmp_path, json.dumps(bundle), *options)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "They are ALL entries of the party" in good.stdout
    assert "only grew since your checkpoint over 6 leaves" in good.stdout
    assert "lab.example/witness co-signed it at 2027-01-15" in good.stdout
    bundle["entries"][0]["body"] = bundle["entries"][0]["body"].replace("said", "kept")
    bad = run(tmp_path, json.dumps(bundle), *options)
    assert (bad.returncode, "has another body than its leaf says" in bad.stdout) == (1, True)
    assert run(tmp_path, "{}", *options).returncode == 2
    assert run(tmp_path, "[1", *options).returncode == 2


def test_the_file_alone_passes_the_public_vectors() -> None:
    """All 196 inclusion and consistency vectors of transparency-dev/merkle, those that must fail, too."""
    files = sorted(reference_data("prove/merkle").rglob("*.json"))
    assert len(files) == 196
    for file in files:
        v = json.loads(file.read_text())
        one = {name: base64.b64decode(v.get(name) or "") for name in ("leafHash", "root", "root1", "root2")}
        path = [base64.b64decode(step) for step in v["proof"] or []]
        if any(len(step) != 32 for step in path) or ("leafIdx" in v and len(one["leafHash"]) != 32):
            held = False  # what the file refuses while it reads a bundle
        elif "leafIdx" in v:
            held = standalone().root_of_leaf(v["leafIdx"], v["treeSize"], one["leafHash"], path) == one["root"]
        else:
            held = standalone().grew(v["size1"], v["size2"], one["root1"], one["root2"], path)
        assert held is not v["wantErr"], file


def test_a_key_that_is_not_the_verifiers_own_is_refused(world: World, tmp_path: Path) -> None:
    """A bundle that is signed by another log, however whole, does not hold; nor one that lacks a wanted witness."""
    content = json.dumps(world.bundle(entries=[1]))
    other = bundles.LogKey.kept_in(tmp_path)
    assert run(tmp_path, content, "--key", other.verifier).returncode == 1
    stranger = bundles.WitnessKey.kept_in(tmp_path / "stranger", "stranger.example/witness").verifier
    assert run(tmp_path, content, "--key", world.key.verifier, "--witness", str(stranger)).returncode == 1
    assert run(tmp_path, content, "--trust-bundle-key").returncode == 0


def test_an_entry_withheld_from_a_complete_bundle_shows(world: World) -> None:
    """Leaving out any entry about the thing breaks "these are all"."""
    bundle = world.bundle(item=key_of(BATTERY))
    assert len(bundle["entries"]) == 3
    for at in range(3):
        wrong = json.dumps(flipped(bundle, ("entries", at), ...))
        assert verify_bundle(wrong.encode(), world.key.verifier)
        assert not held_alone(wrong, world, None)


def test_an_entry_without_a_name_in_the_map_is_no_thing_to_be_absent(world: World) -> None:
    """A proof of presence cannot be turned into one of absence by leaving the entries out."""
    bundle = world.bundle(item=key_of(BATTERY))
    bundle["entries"] = []
    bundle["completeness"]["leaves"] = []
    wrong = json.dumps(bundle)
    assert verify_bundle(wrong.encode(), world.key.verifier)
    assert not held_alone(wrong, world, None)


def test_a_run_of_numbers_is_a_bundle_of_its_own(world: World) -> None:
    """Numbers and a thing at once are refused: the run could not be told from the rest."""
    with pytest.raises(Problem) as caught:
        world.bundle(numbers=(1, 2), item=key_of(BATTERY))
    assert caught.value.kind == "ledger.numbers-alone"


def test_what_is_not_in_the_log_is_not_bundled(world: World) -> None:
    """Unknown entries and sizes that the log never had are problems, not empty proofs."""
    for asked, kind in (({"entries": [99]}, "no-such-entry"), ({"entries": [1], "since": 99}, "no-such-size")):
        with pytest.raises(Problem) as caught:
            world.bundle(**asked)
        assert caught.value.kind == f"ledger.{kind}"
