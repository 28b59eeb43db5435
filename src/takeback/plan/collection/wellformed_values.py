"""Numbers of a collection problem that make no sense: negative, broken, of the wrong length, the wrong way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from numbers import Integral
from typing import TYPE_CHECKING

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

if TYPE_CHECKING:
    from takeback.plan.collection.parts import Pause, Slice, VehicleType, Window
    from takeback.plan.collection.problem import CollectionProblem

MOST = 2**53  # beyond it other programs lose whole numbers
LONGEST_SERVICE = 10**9  # seconds; a service of more than thirty years is a mistake, and no hours can be told for it
MOST_PERCENT = 10_000


def bad_values(problem: CollectionProblem) -> Iterator[Problem]:
    """Yield an error for each load vector of the wrong length, impossible number, window, pause or slice."""
    yield from _tasks(problem)
    yield from _places(problem)
    for k, vehicle in enumerate(problem.vehicle_types):
        yield from _vehicle(f"vehicle_types[{k}]", vehicle, len(problem.load_dimensions))
    yield from _slices("slices", problem.slices)
    for k, profile in enumerate(problem.profiles):
        yield from _slices(f"profiles[{k}].slices", profile.slices)
    for k, zone in enumerate(problem.zones):
        for w, window in enumerate(zone.closed):
            yield from _window(f"zones[{k}].closed[{w}]", window)
    for k, one in enumerate(problem.started):
        yield from _counts(f"started[{k}]", departure_s=one.departure_s)


def wrong(where: str, found: object, expected: Message, kind: str = "collection.bad-value") -> Problem:
    """Return the error of one value."""
    title = msg("A value of the collection problem makes no sense")
    return Problem(kind, title, where=where, found=found, expected=expected)


def _tasks(problem: CollectionProblem) -> Iterator[Problem]:
    dims = len(problem.load_dimensions)
    for k, task in enumerate(problem.tasks):
        where = f"tasks[{k}]"
        yield from _vector(f"{where}.delivery", task.delivery, dims, may_be_empty=True)
        yield from _vector(f"{where}.pickup", task.pickup, dims, may_be_empty=True)
        yield from _counts(where, prize=task.prize)
        yield from _service(where, task.service_s)
        for w, window in enumerate(task.windows):
            yield from _window(f"{where}.windows[{w}]", window)


def _places(problem: CollectionProblem) -> Iterator[Problem]:
    dims = len(problem.load_dimensions)
    for kind in ("depots", "sites"):
        for k, place in enumerate(getattr(problem, kind)):
            if place.window is not None:
                yield from _window(f"{kind}[{k}].window", place.window)
            yield from _vector(f"{kind}[{k}].intake", place.intake, dims, may_be_empty=True)
    for k, site in enumerate(problem.sites):
        yield from _service(f"sites[{k}]", site.service_s)


def _vehicle(where: str, vehicle: VehicleType, dims: int) -> Iterator[Problem]:
    yield from _vector(f"{where}.capacity", vehicle.capacity, dims, may_be_empty=False)
    yield from _window(f"{where}.shift", vehicle.shift)
    yield from _counts(
        where,
        count=vehicle.count,
        max_duration_s=vehicle.max_duration_s,
        max_distance_m=vehicle.max_distance_m,
        cost_fixed=vehicle.cost_fixed,
        cost_per_km=vehicle.cost_per_km,
        cost_per_hour=vehicle.cost_per_hour,
        max_overtime_s=vehicle.max_overtime_s,
        cost_per_overtime_hour=vehicle.cost_per_overtime_hour,
        compartments=vehicle.compartments,
        most_reloads=vehicle.most_reloads,
        co2_g_per_km=vehicle.co2_g_per_km,
    )
    if not _is_count(vehicle.compartment_unit) or vehicle.compartment_unit < 1:
        yield wrong(f"{where}.compartment_unit", vehicle.compartment_unit, msg("1 or more"))
    if vehicle.compartments and not dims:
        yield wrong(f"{where}.compartments", vehicle.compartments, msg("0 where there is no load dimension"))
    for b, pause in enumerate(vehicle.breaks):
        yield from _pause(f"{where}.breaks[{b}]", pause)


def _vector(where: str, vector: Sequence[int], dims: int, *, may_be_empty: bool) -> Iterator[Problem]:
    if may_be_empty and not vector:
        return
    if len(vector) != dims:
        yield wrong(where, list(vector), msg("{dims} numbers, one for each load dimension", dims=dims))
        return
    for k, value in enumerate(vector):
        if not _is_count(value):
            yield wrong(f"{where}[{k}]", value, msg("a whole number of 0 or more"))


def _counts(where: str, **numbers: int | None) -> Iterator[Problem]:
    for name, value in numbers.items():
        if value is not None and not _is_count(value):
            yield wrong(f"{where}.{name}", value, msg("a whole number of 0 or more"))


def _service(where: str, service_s: int) -> Iterator[Problem]:
    yield from _counts(where, service_s=service_s)
    if _is_count(service_s) and service_s > LONGEST_SERVICE:
        yield wrong(f"{where}.service_s", service_s, msg("at most {largest}", largest=LONGEST_SERVICE))


def _is_count(value: object) -> bool:
    return isinstance(value, Integral) and 0 <= int(value) <= MOST


def _window(where: str, window: Window) -> Iterator[Problem]:
    if not all(_is_count(moment) for moment in window) or window.start_s > window.end_s:
        expected = msg("a start of 0 or more and an end that is not before it, whole seconds")
        yield wrong(where, list(window), expected)


def _pause(where: str, pause: Pause) -> Iterator[Problem]:
    if not all(_is_count(number) for number in pause) or pause.start_s > pause.end_s or not pause.duration_s:
        expected = msg("a first moment of 0 or more, a last one that is not before it, and a length above 0 s")
        yield wrong(where, list(pause), expected)


def _slices(where: str, slices: Sequence[Slice]) -> Iterator[Problem]:
    """Slices cover the whole day: the first begins at 0, each other one after the one before it."""
    for k, one in enumerate(slices):
        if not _is_count(one.percent) or not 1 <= one.percent <= MOST_PERCENT:
            yield wrong(f"{where}[{k}].percent", one.percent, msg("1 to {most}", most=MOST_PERCENT))
        if not _is_count(one.start_s) or (k == 0 and one.start_s):
            yield wrong(f"{where}[{k}].start_s", one.start_s, msg("0, the day's origin"))
        elif k and one.start_s <= slices[k - 1].start_s:
            before = slices[k - 1].start_s
            yield wrong(f"{where}[{k}].start_s", one.start_s, msg("a moment after {before}", before=before))
