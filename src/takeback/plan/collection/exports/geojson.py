"""A plan as GeoJSON (RFC 7946) for any map."""

from __future__ import annotations

from datetime import date

import msgspec

from takeback.core.message import Translate
from takeback.plan.collection.exports.tables import Answer, moment, plan_of, said
from takeback.plan.collection.figures import route_map
from takeback.plan.collection.problem import CollectionProblem

MOMENTS = ("arrival_s", "departure_s", "return_s")


def to_geojson(
    problem: CollectionProblem, answer: Answer, *, day: date | None = None, gettext: Translate | None = None
) -> bytes:
    """Return depots, routes, stops and tasks left as GeoJSON; see `exports`. Places without coordinates are left out.

    With a `day`, each time in seconds has its moment beside it (`arrival_s`, `arrival`).
    """
    plan = plan_of(answer)
    reasons = {one.task: str(said(one.reason, gettext)) for one in plan.unserved}
    collection = route_map(problem, plan)
    for feature in collection["features"]:  # type: ignore[attr-defined]
        properties = feature["properties"]
        if properties["kind"] == "unserved":
            properties["reason"] = reasons[properties["task"]]
        for name in MOMENTS:
            if day is not None and isinstance(properties.get(name), int):
                properties[name.removesuffix("_s")] = moment(properties[name], day).isoformat()
    return msgspec.json.encode(collection)
