"""The parameters of a world: complete, sourced, plausible; mistakes are told."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from takeback.core.identifiers import check_digit
from takeback.core.places import Place, haversine_m
from takeback.core.problem import Problem
from takeback.demo.keys import gln, gtin
from takeback.demo.parameters import load, yangtze

BUILT_IN = Path(str(files("takeback.demo").joinpath("worlds/yangtze.toml")))


def test_every_group_of_numbers_has_a_source() -> None:
    """No table of the world file holds a number without a source in it or around it."""

    def bare(node: object, sourced: bool, path: str) -> list[str]:
        if isinstance(node, dict):
            known = sourced or bool(str(node.get("source", "")).strip())
            return [lost for key, value in node.items() for lost in bare(value, known, f"{path}.{key}")]
        if isinstance(node, list):
            return [lost for i, value in enumerate(node) for lost in bare(value, sourced, f"{path}[{i}]")]
        is_number = isinstance(node, int | float) and not isinstance(node, bool)
        return [path] if is_number and not sourced else []

    assert bare(tomllib.loads(BUILT_IN.read_text("utf-8")), False, "") == []


def test_a_number_without_source_is_refused(tmp_path: Path) -> None:
    """A group whose source is taken out is a mistake that names the place."""
    text = BUILT_IN.read_text("utf-8")
    at = text.index("source = ", text.index("[metals]"))
    broken = tmp_path / "broken.toml"
    broken.write_text(text[:at] + text[text.index("\n", at) :], "utf-8")
    with pytest.raises(Problem) as caught:
        load(broken)
    assert caught.value.kind == "demo.bad-world" and "metals" in str(caught.value.found)


@pytest.mark.parametrize("text", ["[world\n", 'name = "x"\n', "[world]\nspeed = 3\n"])
def test_a_file_that_is_no_world_is_a_problem(tmp_path: Path, text: str) -> None:
    """Broken TOML and unknown or missing fields end in one sentence, not in a traceback."""
    path = tmp_path / "world.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(Problem, match="mistake"):
        load(path)
    with pytest.raises(Problem, match="cannot be read"):
        load(tmp_path / "nowhere.toml")


def test_shares_are_shares() -> None:
    """Shares, grades, confusion rows and transit times each sum to 1."""
    p = yangtze()
    sums = [sum(m.share for m in p.battery_models.rows), sum(c.share for c in p.categories)]
    sums += [sum(c.grades) for c in p.categories]
    sums += [sum(row) for row in (*p.inspection.confusion, *p.pack_condition.fault_confusion)]
    sums += [sum(row) for row in p.return_reasons.by_grade]
    sums += [sum(p.parcel_arrivals.transit_share), sum(p.pack_arrivals.window_share)]
    sums += [sum(p.pack_condition.dealer_faults), sum(p.pack_condition.collector_faults)]
    np.testing.assert_allclose(sums, 1.0, atol=1e-9)


def test_a_pack_weighs_more_than_what_the_table_names() -> None:
    """The named contents of a kWh leave room for casing, electronics and the rest, in every chemistry."""
    for chemistry in yangtze().chemistries:
        assert 0.5 * chemistry.kg_per_kwh < sum(chemistry.content.values()) < chemistry.kg_per_kwh


def test_tables_have_one_column_an_option() -> None:
    """Every list that follows the options is as long as they are."""
    p = yangtze()
    b, g = p.battery_economics, p.goods_economics
    for row in (b.handling_cny, b.transport_cny_per_t, b.days_to_money):
        assert len(row) == len(b.options)
    for table in (g.price, g.penalty):
        assert len(table) == len(p.inspection.grades) and {len(row) for row in table} == {len(g.options)}
    for row in (g.handling_cny, g.transport_cny_per_kg, g.days_to_money):
        assert len(row) == len(g.options)
    assert len({len(b.soh), len(b.reuse_share_of_new), len(b.remanufacture_share_of_new)}) == 1
    assert list(b.soh) == sorted(b.soh)


def test_the_cast_is_in_the_delta_and_has_keys_of_its_own() -> None:
    """Sites lie within 20 km of their city, belong to someone, and no two share a GLN; all check digits are right."""
    p = yangtze()
    cities = {c.name: Place(c.lat, c.lon) for c in p.cities.rows}
    assert all(haversine_m(cities[s.city], Place(s.lat, s.lon)) < 20_000 for s in p.sites.rows)
    glns = [gln(p.organisation(s.organisation).prefix, s.reference) for s in p.sites.rows]
    gtins = [gtin("9521005", x.item_reference) for x in p.products.rows]
    assert len(set(glns)) == len(glns) and len(set(gtins)) == len(gtins)
    assert all(code[-1] == check_digit(code[:-1]) for code in glns + gtins)
    assert all(o.prefix.startswith("952") for o in p.organisations), "952 is the demonstration prefix"
    kinds = [s.kind for s in p.sites.rows]
    assert kinds.count("dealer") + kinds.count("collection_point") == 40
    assert kinds.count("return_centre") == 2 and kinds.count("recycling_plant") == 2
