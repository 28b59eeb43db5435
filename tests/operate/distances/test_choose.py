"""The provider that an installation uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from takeback.core.problem import Problem
from takeback.operate.distances import Haversine, provider_of
from takeback.operate.distances.cached import Cached
from takeback.operate.distances.files import MatrixFile
from takeback.operate.distances.provider import DistanceProvider
from takeback.operate.distances.roads import RoadNetwork
from takeback.operate.distances.service import TableService, WithStandIn
from takeback.store.settings import Settings
from tests.operate.distances.places import TOWNS


def _inside(provider: DistanceProvider) -> DistanceProvider:
    assert isinstance(provider, Cached)
    return provider.provider


def test_straight_lines_are_the_default() -> None:
    """An installation that sets nothing estimates; the provider, and so its memory, is one for the process."""
    provider = provider_of(Settings())
    assert isinstance(_inside(provider), Haversine)
    assert provider_of(Settings()) is provider
    assert provider.matrix(TOWNS).provenance.startswith("haversine x 1.3, 65 km/h")


def test_each_source_has_its_provider(tmp_path: Path) -> None:
    """A file, a map, a service: what the setting says is made, and read only when asked."""
    assert isinstance(_inside(provider_of(Settings(distances=f"file:{tmp_path}/m.csv"))), MatrixFile)
    assert isinstance(_inside(provider_of(Settings(distances=f"roads:{tmp_path}/m.osm.pbf"))), RoadNetwork)
    for kind in ("osrm", "valhalla", "ors"):
        made = _inside(provider_of(Settings(distances=f"{kind}:http://localhost:5000")))
        assert isinstance(made, WithStandIn) and isinstance(made.provider, TableService)
        assert isinstance(made.stand_in, Haversine)


def test_own_profiles_and_hosts_reach_the_provider(tmp_path: Path) -> None:
    """The file of profiles and the hosts of the settings are used."""
    path = tmp_path / "travel.toml"
    path.write_text("circuity = 1.5")
    provider = provider_of(Settings(distance_profiles=path))
    assert provider.matrix(TOWNS).provenance.startswith("haversine x 1.5")
    with pytest.raises(Problem, match="does not ask that host"):
        provider_of(Settings(distances="osrm:http://roads.example"))
    made = _inside(provider_of(Settings(distances="osrm:http://roads.example", distance_hosts=("roads.example",))))
    assert isinstance(made, WithStandIn)


@pytest.mark.parametrize("text", ["haversin", "file:", "roads", "osrm", "http://localhost", "haversine:1.3", "ors: x"])
def test_a_setting_that_is_not_understood_is_told(text: str) -> None:
    """With the name of the variable, whether it comes from the environment or from code."""
    with pytest.raises(Problem) as caught:
        Settings.from_environment({"TAKEBACK_DISTANCES": text})
    assert caught.value.where == "TAKEBACK_DISTANCES"
    if text not in ("osrm", "ors: x"):
        with pytest.raises(Problem) as again:
            provider_of(Settings(distances=text))
        assert again.value.where == "TAKEBACK_DISTANCES"


def test_settings_are_read_from_the_environment() -> None:
    """Each of the four variables has its field; a key is not shown when settings are printed."""
    settings = Settings.from_environment(
        {
            "TAKEBACK_DISTANCES": "osrm:http://localhost:5000",
            "TAKEBACK_DISTANCE_HOSTS": "roads.example, *.own.example:8443",
            "TAKEBACK_DISTANCE_PROFILES": "/etc/takeback/travel.toml",
            "TAKEBACK_DISTANCE_KEY": "secret",
        }
    )
    assert settings.distances == "osrm:http://localhost:5000"
    assert settings.distance_hosts == ("roads.example", "*.own.example:8443")
    assert settings.distance_profiles == Path("/etc/takeback/travel.toml")
    assert settings.distance_key == "secret" and "secret" not in repr(settings)
