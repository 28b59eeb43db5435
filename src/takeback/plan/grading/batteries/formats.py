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

PROBLEM_FORMAT = "takeback-battery-grading-problem/1"


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
        body = msgspec.json.decode(document, type=dict[str, Any])
        if body.get("format") != PROBLEM_FORMAT:
            raise ValueError(body.get("format"))
        settings = body["settings"]
        return BatteryGradingProblem(
            readings=Readings(**{name: _restored(name, value) for name, value in body["readings"].items()}),
            training=body["training"]
            and LabelledPulses(**{name: _restored(name, value) for name, value in body["training"].items()}),
            model=body["model"] and PulseModel.from_json(msgspec.json.encode(body["model"])),
            settings=Settings(**{**settings, "boundaries": tuple(settings["boundaries"])}),
        )
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        title = msg("The document is not a battery grading problem.")
        raise Problem("grading.unreadable", title, found=str(error), expected=PROBLEM_FORMAT) from error


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
