"""The best static rules found, kept beside the world they were searched for: searching takes minutes, reading does
not."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import msgspec
import numpy as np

from takeback.core.canonical import canonical_json
from takeback.demo.battery_market import battery_market
from takeback.demo.docket import docket
from takeback.demo.generate import generate
from takeback.demo.goods_market import goods_market
from takeback.demo.grades import battery_grades, goods_grades
from takeback.demo.parameters import Parameters, yangtze
from takeback.demo.payoff import battery_payoff, goods_payoff
from takeback.demo.rule import Rule, Training, search
from takeback.demo.soh import measure

TRAINING_SEEDS = {"batteries": tuple(range(9001, 9009)), "returns": (9001, 9002, 9003)}
"""Worlds the rules are searched on, by vertical; never driven or scored. Packs are few, so they need more worlds."""


_NO_MATTER = {"organisations", "cities", "vehicles", "return_reasons"}


class _Kept(msgspec.Struct, frozen=True):
    parameters: str
    cells: list[str]
    options: list[str]
    order: list[list[int]]


def rules_of(parameters: Parameters) -> dict[str, Rule]:
    """Return the rules kept for a world, none where they were searched for other parameters."""
    kept = msgspec.json.decode(_file().read_bytes(), type=dict[str, _Kept])
    mark = fingerprint(parameters)
    return {
        vertical: Rule(tuple(rule.cells), tuple(rule.options), np.array(rule.order, dtype=np.int64))
        for vertical, rule in kept.items()
        if rule.parameters == mark
    }


def search_rules(parameters: Parameters, on_step: Callable[[str], None]) -> dict[str, Rule]:
    """Search the best static rule of each vertical on the training worlds; minutes of work."""
    found = {}
    for vertical, seeds in TRAINING_SEEDS.items():
        on_step(vertical)
        found[vertical] = search([_training(parameters, seed, vertical) for seed in seeds])
    return found


def keep_rules(parameters: Parameters, rules: dict[str, Rule]) -> Path:
    """Write rules into the package's file, for the built-in world; return the file."""
    mark = fingerprint(parameters)
    kept = {
        vertical: _Kept(mark, list(rule.cells), list(rule.options), rule.order.tolist())
        for vertical, rule in rules.items()
    }
    _file().write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    return _file()


def fingerprint(parameters: Parameters) -> str:
    """Return the mark of what a rule depends on: all parameters but the cast, where it is, and its vehicles."""
    told = msgspec.to_builtins(parameters)
    return sha256(canonical_json({name: told[name] for name in told if name not in _NO_MATTER})).hexdigest()[:16]


def _file() -> Path:
    return Path(str(files("takeback.demo").joinpath("worlds/rules.json")))


def _training(parameters: Parameters, seed: int, vertical: str) -> Training:
    made = generate(parameters, seed)
    world, seen = made.world, made.observations
    if vertical == "returns":
        return Training(
            docket(world, goods_market(parameters), goods_grades(world, seen)), goods_payoff(world, made.truth.parcels)
        )
    grades = battery_grades(world, seen, *measure(world, seen))
    return Training(docket(world, battery_market(parameters), grades), battery_payoff(world, made.truth.packs))


def main() -> None:
    """Search the rules of the built-in world and keep them: `python -m takeback.demo.rules`."""
    parameters = yangtze()
    keep_rules(parameters, search_rules(parameters, print))


if __name__ == "__main__":
    main()
