"""Battery grading problems and solutions as JSON and CSV. Pulse tables (Excel) are read by `tables`."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from typing import Any

import msgspec
import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.grading.batteries.model import PulseModel
from takeback.plan.grading.batteries.problem import (
    BatteryGradingProblem,
    LabelledPulses,
    Readings,
    Settings,
)
from takeback.plan.grading.batteries.solution import CONFIDENCE, METHODS, BatteryGradingSolution, why_test
from takeback.plan.grading.batteries.train import Evidence

PROBLEM_FORMAT = "takeback-battery-grading-problem/1"
SOLUTION_FORMAT = "takeback-battery-grading-solution/1"
MEASURED = ("nominal_ah", "capacity_ah", "capacity_sd_ah", "soc_percent")
UNREADABLE = (msgspec.DecodeError, KeyError, TypeError, ValueError)


def problem_to_json(problem: BatteryGradingProblem) -> bytes:
    """Return the problem as a JSON document (UTF-8); what was not measured is null."""
    body: dict[str, Any] = {"format": PROBLEM_FORMAT, "settings": _plain(problem.settings)}
    body["readings"] = _plain(problem.readings)
    body["training"] = None if problem.training is None else _plain(problem.training)
    body["model"] = None if problem.model is None else msgspec.Raw(problem.model.to_json())
    return msgspec.json.encode(body)


def problem_from_json(document: bytes) -> BatteryGradingProblem:
    """Return the problem of a JSON document. Raises `Problem` (`grading.unreadable`, `grading.bad-problem`)."""
    try:
        body = _body(document, PROBLEM_FORMAT)
        settings = body["settings"]
        return BatteryGradingProblem(
            readings=Readings(**{name: _restored(name, value) for name, value in body["readings"].items()}),
            training=body["training"]
            and LabelledPulses(**{name: _restored(name, value) for name, value in body["training"].items()}),
            model=body["model"] and PulseModel.from_json(msgspec.json.encode(body["model"])),
            settings=Settings(**{**settings, "boundaries": tuple(settings["boundaries"])}),
        )
    except UNREADABLE as error:
        raise _unreadable(error, PROBLEM_FORMAT) from error


def solution_to_json(solution: BatteryGradingSolution) -> bytes:
    """Return the solution as a JSON document (UTF-8), model and evidence included; an unbounded end is null."""
    body: dict[str, Any] = {"format": SOLUTION_FORMAT, **_plain(solution)}
    body["model"] = None if solution.model is None else msgspec.Raw(solution.model.to_json())
    body["evidence"] = None if solution.evidence is None else _plain(solution.evidence)
    return msgspec.json.encode(body)


def solution_from_json(document: bytes) -> BatteryGradingSolution:
    """Return the solution of a JSON document. Raises `Problem` (`grading.unreadable`, `grading.bad-model`)."""
    try:
        body = _body(document, SOLUTION_FORMAT)
        model, evidence = body.pop("model"), body.pop("evidence")
        return BatteryGradingSolution(
            **{name: _answer(name, value) for name, value in body.items()},
            model=model and PulseModel.from_json(msgspec.json.encode(model)),
            evidence=evidence
            and Evidence(np.array(evidence["fold"]), np.array(evidence["held_out"], dtype=np.float64)),
        )
    except UNREADABLE as error:
        raise _unreadable(error, SOLUTION_FORMAT) from error


def readings_from_csv(text: str) -> Readings:
    """Return the readings of a table with the columns `battery`, `group`, `nominal_ah`, `capacity_ah`,
    `capacity_sd_ah`, `soc_percent`, `U1`, `U2` ... (volts); all but `battery` may be absent, any cell empty.

    Raises `Problem` (`grading.unreadable-table`, naming row and column; `grading.bad-problem`).
    """
    table = csv.DictReader(io.StringIO(text))
    header, rows = list(table.fieldnames or ()), list(table)
    points = [name for name in header if name.startswith("U") and name[1:].isdigit()]
    strange = sorted(set(header) - {"battery", "group", *MEASURED, *points})
    if strange or "battery" not in header:
        title = msg("The table has a column that is not known, or none named battery.")
        raise Problem("grading.unreadable-table", title, where="row 1", found=strange or header)
    columns = {name: np.array([_cell(at, name, row) for at, row in enumerate(rows)]) for name in (*MEASURED, *points)}
    nothing = np.empty((len(rows), 0))
    return Readings(
        keys=tuple(row["battery"] for row in rows),
        group=tuple(row.get("group") or "" for row in rows),
        voltage=np.column_stack([nothing, *(columns[name] for name in points)]),
        **{name: columns[name] for name in MEASURED},
    )


def solution_to_csv(problem: BatteryGradingProblem, solution: BatteryGradingSolution) -> str:
    """Return one row per battery: SOH with interval in per cent, method, confidence, whether a full test is wanted."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(
        ["battery", "soh_percent", "low_percent", "high_percent", "method", "confidence", "full_test", "model"]
    )
    for i, key in enumerate(problem.readings.keys):
        shares = (solution.soh, solution.low, solution.high)
        by_pulse = solution.method[i] == METHODS.index("pulse test")
        table.writerow(
            [
                key,
                *(f"{100 * float(share[i]):.2f}" for share in shares),
                METHODS[int(solution.method[i])],
                CONFIDENCE[int(solution.confidence[i])],
                str(why_test(solution, i) or ""),
                solution.model.hash[:16] if by_pulse and solution.model else "",
            ]
        )
    return out.getvalue()


def _plain(value: object) -> dict[str, Any]:
    parts = {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]
    return {name: part.tolist() if isinstance(part, np.ndarray) else part for name, part in parts.items()}


def _restored(name: str, value: object) -> Any:
    if not isinstance(value, list):
        return value
    if name in ("keys", "group"):
        return tuple(value)
    array = np.array(value, dtype=np.float64)
    return array.reshape(len(value), -1) if name == "voltage" else array


def _answer(name: str, value: object) -> Any:
    if not isinstance(value, list):
        return value
    if name in ("method", "confidence", "needs_test"):
        return np.array(value, dtype=np.int64)
    array = np.array(value, dtype=np.float64)  # null becomes nan: only an end without bound is written so
    return np.where(np.isnan(array), np.inf, array)


def _cell(at: int, name: str, row: dict[str, str]) -> float:
    written = (row.get(name) or "").strip()
    try:
        return float(written) if written else float("nan")
    except ValueError:
        title = msg("This is not a number.")
        where = f"row {at + 2}, column {name}"
        raise Problem("grading.unreadable-table", title, where=where, found=written) from None


def _body(document: bytes, name: str) -> dict[str, Any]:
    body = msgspec.json.decode(document, type=dict[str, Any])
    if body.pop("format", None) != name:
        raise ValueError("format")
    return body


def _unreadable(error: Exception, name: str) -> Problem:
    title = msg("The document cannot be read.")
    return Problem("grading.unreadable", title, found=f"{type(error).__name__}: {error}", expected=name)
