"""Files of travel profiles."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from takeback.core.problem import Problem
from takeback.operate.distances.profiles import built_in, percent, read_table

OWN = """
circuity = 1.25

[profiles.van]
kmh = 40
[[profiles.van.rush]]
start = "16:00"
end = "18:30"
percent = 160
roads = ["primary"]

[[regions]]
name = "delta"
south = 30.5
west = 119.5
north = 32.0
east = 122.2
circuity = 1.35
"""


def test_own_profiles_stand_beside_those_that_come_with_takeback(tmp_path: Path) -> None:
    """A file replaces the profiles that it names, and leaves the others."""
    path = tmp_path / "travel.toml"
    path.write_text(OWN)
    table = read_table(path)
    assert table.circuity == 1.25
    assert table.profile("van").kmh == 40
    assert table.profile("lorry") == table.profile("") == built_in().profile("lorry")
    assert [region.name for region in table.regions] == ["delta"]


def test_rush_hours_hold_for_their_roads_alone(tmp_path: Path) -> None:
    """On the roads named, from the first second to before the last; never where no hour is asked for."""
    path = tmp_path / "travel.toml"
    path.write_text(OWN)
    van = read_table(path).profile("van")
    assert percent(van, 16 * 3600, "primary") == 160
    assert percent(van, 18 * 3600 + 1800, "primary") == 100
    assert percent(van, 17 * 3600, "secondary") == 100
    assert percent(van, None, "primary") == 100


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("circuity = 0.9", "circuity must be 1 or more"),
        ("[profiles.van]\nkmh = -3", "profiles.van.kmh is -3"),
        ("[profiles.van]\nkmh = 'fast'", "$.profiles[...].kmh"),
        (OWN.replace("30.5", "33.5"), "regions.delta"),
        (OWN.replace("16:00", "19:00"), "19:00 is not before 18:30"),
        (OWN.replace("16:00", "25:00"), "25:00 is not between"),
        ("circuity = =\nx = 2", "line 1"),
    ],
)
def test_nonsense_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """A number that makes no sense, a wrong type, a broken file: the problem says which."""
    path = tmp_path / "travel.toml"
    path.write_text(text)
    with pytest.raises(Problem) as caught:
        read_table(path)
    assert caught.value.kind == "distances.bad-profiles"
    assert caught.value.where == str(path)
    assert told in str(caught.value.found)


def test_dangerous_goods_are_kept_from_tunnels_of_category_e() -> None:
    """The built-in profile for lithium batteries closes roads forbidden to dangerous goods, and tunnels E."""
    profile = built_in().profile("dangerous-goods")
    assert profile.dangerous_goods
    assert profile.tunnels_closed == ("E",)


def test_the_example_of_the_how_to_can_be_used(tmp_path: Path) -> None:
    """What the page tells people to write is read: regions, a profile with closed tunnels, its rush hours."""
    page = (Path(__file__).parents[3] / "docs/how-to/own-roads.md").read_text(encoding="utf-8")
    block = page[page.index("    circuity = ") : page.index("Profiles that the file does not name")]
    path = tmp_path / "travel.toml"
    path.write_text(textwrap.dedent(block), encoding="utf-8")
    table = read_table(path)
    truck = table.profile("battery-truck")
    assert truck.tunnels_closed == ("D", "E") and truck.road_kmh["primary"] == 50
    assert percent(truck, 8 * 3600, "primary") == 140
    assert [region.name for region in table.regions] == ["old town"]
