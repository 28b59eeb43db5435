"""Disposition problems and solutions as JSON, and a solution as a table (CSV) that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import msgspec
import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.disposition import reasons
from takeback.plan.disposition.problem import DispositionProblem, Hold, Option, Resource, Terms
from takeback.plan.disposition.solution import DispositionSolution

PROBLEM_FORMAT = "takeback-disposition-problem/1"
SOLUTION_FORMAT = "takeback-disposition-solution/1"


def problem_to_json(problem: DispositionProblem) -> bytes:
    """Return the problem as a JSON document (UTF-8). Infinite amounts are written as null."""
    body: dict[str, Any] = {"format": PROBLEM_FORMAT}
    for field in fields(problem):
        body[field.name] = _plain(getattr(problem, field.name))
    return msgspec.json.format(msgspec.json.encode(body), indent=1)


def problem_from_json(document: bytes) -> DispositionProblem:
    """Return the problem of a JSON document. Raises `Problem` (`disposition.unreadable`, `disposition.bad-problem`)."""
    body = _read(document, PROBLEM_FORMAT)
    try:
        resources = [Resource(**{**r, "available": _unbounded(r["available"])}) for r in body["resources"]]
        arrays = {name: body[name] for name in ("category", "belief", "size", "waited_days", "load", "bar", "keys")}
        return DispositionProblem.of(
            categories=body["categories"],
            conditions=body["conditions"],
            options=[Option(**option) for option in body["options"]],
            resources=resources,
            terms=Terms(**{name: np.array(table, dtype=np.float64) for name, table in body["terms"].items()}),
            bar_reasons=[Message(reason["msgid"], reason["params"]) for reason in body["bar_reasons"]],
            currency=body["currency"],
            hold=_hold(body["hold"]),
            condition_value=body["condition_value"],
            measured=body.get("measured"),
            **arrays,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(error) from error


def solution_to_json(solution: DispositionSolution) -> bytes:
    """Return the solution as a JSON document (UTF-8); values that do not exist are null."""
    body = {field.name: _plain(getattr(solution, field.name)) for field in fields(solution)}
    return msgspec.json.encode({"format": SOLUTION_FORMAT, **body})


def solution_from_json(document: bytes) -> DispositionSolution:
    """Return the solution of a JSON document. Raises `Problem` (`disposition.unreadable`)."""
    body = _read(document, SOLUTION_FORMAT)
    try:
        return DispositionSolution(
            **{field.name: _restored(field.name, body[field.name]) for field in fields(DispositionSolution)}
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(error) from error


def solution_to_csv(problem: DispositionProblem, solution: DispositionSolution) -> str:
    """Return one row per item: key, category, choice, expected value with its interval, runner-up and margin.

    Amounts are in minor units of `problem.currency`, unrounded.
    """
    names, out = reasons.names(problem), io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(
        [
            "item",
            "category",
            "disposition",
            "value_minor",
            "low_minor",
            "high_minor",
            "runner_up",
            "margin_minor",
            "capacity_denied",
            "currency",
        ]
    )
    for i, column in enumerate(solution.choice.tolist()):
        runner_up = int(solution.runner_up[i])
        table.writerow(
            [
                int(problem.keys[i]),
                problem.categories[int(problem.category[i])],
                names[column],
                *(_cell(float(ends[i, column])) for ends in (solution.value, solution.low, solution.high)),
                names[runner_up] if runner_up >= 0 else "",
                _cell(float(solution.margin[i])),
                "yes" if solution.capacity_denied[i] else "no",
                problem.currency,
            ]
        )
    return out.getvalue()


_MINUS_INFINITE = ("value",)
_INFINITE = ("margin",)
_WHOLE = ("choice", "runner_up")


def _restored(name: str, value: object) -> Any:
    if not isinstance(value, list):
        return value
    if name == "capacity_denied":
        return np.array(value, dtype=np.bool_)
    if name in _WHOLE:
        return np.array(value, dtype=np.int64)
    missing = -np.inf if name in _MINUS_INFINITE else np.inf if name in _INFINITE else np.nan
    array = np.array(value, dtype=np.float64)  # null becomes nan
    return np.where(np.isnan(array), missing, array)


def _plain(value: object) -> Any:
    """Return what JSON can carry; what is not finite becomes null (`msgspec` does so)."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Message):
        return {"msgid": value.msgid, "params": dict(value.params)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Option | Resource | Terms | Hold):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _hold(body: Mapping[str, Any] | None) -> Hold | None:
    if body is None:
        return None
    price, allowed = np.array(body["future_price"], dtype=np.float64), np.array(body["allowed"], dtype=np.bool_)
    return Hold(body["days"], price, allowed, body["cost"])


def _unbounded(available: float | None) -> float:
    return float("inf") if available is None else available


def _read(document: bytes, name: str) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(document, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(error) from error
    if body.get("format") != name:
        title = msg("The document is of another format.")
        raise Problem("disposition.unreadable", title, found=body.get("format"), expected=name)
    return body


def _unreadable(error: Exception) -> Problem:
    return Problem(
        "disposition.unreadable", msg("The document cannot be read."), found=f"{type(error).__name__}: {error}"
    )


def _cell(amount: float) -> str:
    return f"{amount:.2f}" if np.isfinite(amount) else ""
