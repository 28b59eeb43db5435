"""Another provider takes the place of one that failed, and says so."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.distances.provider import DistanceProvider
from takeback.operate.distances.travel import Somewhere, Travel

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WithStandIn:
    """A provider, and the one that stands in when its service fails.

    Never in silence: the travel carries a warning, the provenance says it, the log has it. Only a failed service is
    stood in for: places that cannot be reached, or were entered wrongly, are told as they are.
    """

    provider: DistanceProvider
    stand_in: DistanceProvider

    def matrix(self, places: Sequence[Somewhere], *, profile: str = "", depart_s: int | None = None) -> Travel:
        """Return travel of the provider, else of the stand-in; see `DistanceProvider`."""
        try:
            return self.provider.matrix(places, profile=profile, depart_s=depart_s)
        except Problem as problem:
            if problem.kind != "distances.service-failed":
                raise
            failure = problem
        LOG.warning("distances: %s failed (%s); estimated instead", failure.where, failure.found)
        made = self._instead(places, profile, depart_s)
        warning = msg(
            "The table service {host} failed, so distances are estimated: {reason}",
            host=failure.where,
            reason=failure.found,
        )
        provenance = f"{made.provenance}; INSTEAD OF {failure.where}, which failed: {failure.found}"
        return replace(made, provenance=provenance, warnings=(*made.warnings, warning))

    def _instead(self, places: Sequence[Somewhere], profile: str, depart_s: int | None) -> Travel:
        """Return travel of the stand-in, which may not know the service's own profiles."""
        try:
            return self.stand_in.matrix(places, profile=profile, depart_s=depart_s)
        except Problem as problem:
            if problem.kind != "distances.unknown-profile":
                raise
        return self.stand_in.matrix(places, depart_s=depart_s)
