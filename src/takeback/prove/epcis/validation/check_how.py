"""Sensor data of an event: EPCIS 2.0, 7.3.7 (how); CBV 2.0, 7.6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.validation.check_own import check_own_word
from takeback.prove.epcis.validation.explain_value import named_closely
from takeback.prove.epcis.validation.moments import moment
from takeback.prove.epcis.validation.sink import Sink
from takeback.prove.epcis.validation.unit_codes import UNITS_OF
from takeback.prove.epcis.vocabulary import GS1_VOCABULARY, MEASUREMENT_TYPES
from takeback.prove.personal import NAMESPACE

Record = Mapping[str, Any]
Place = tuple[object, ...]

_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "percValue", "sDev")
_VALUES = frozenset({*_NUMBERS, "stringValue", "booleanValue", "hexBinaryValue", "uriValue", "percRank"})
_ONCE = ("time", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")
_WITHOUT_UNIT = frozenset({"Count", "Dimensionless"})


def check_how(name: str, elements: Sequence[Record], event: object, sink: Sink) -> None:
    """Check periods, the order of values, units, and what stands twice."""
    for number, element in enumerate(elements):
        metadata: Record = element.get("sensorMetadata") or {}
        where = (name, number)
        if "startTime" in metadata and "endTime" in metadata:
            _period(metadata, where, sink)
        for place, report in enumerate(element["sensorReport"]):
            _report(report, metadata, (*where, "sensorReport", place), sink)


def _period(metadata: Record, where: Place, sink: Sink) -> None:
    start, end = moment(metadata["startTime"]), moment(metadata["endTime"])
    if start and end and end < start:
        sink.add(
            "how.period",
            (*where, "sensorMetadata", "endTime"),
            metadata["endTime"],
            msg("The measurement ends before it starts"),
            msg("Exchange startTime and endTime, or check their offsets from UTC."),
        )


def _report(report: Record, metadata: Record, where: Place, sink: Sink) -> None:
    twice = [name for name in _ONCE if name in report and name in metadata]
    if twice:
        sink.add(
            "how.twice",
            (*where, twice[0]),
            report[twice[0]],
            msg('"{field}" stands in sensorMetadata and in the report', field=twice[0]),
            msg("Write it once: in sensorMetadata if it holds for all reports, else in each report."),
        )
    if "exception" not in report and not _VALUES.intersection(report):
        sink.add(
            "how.no-value",
            where,
            None,
            msg("The report has no value"),
            msg('Add "value", "minValue" and "maxValue", "stringValue" or what else was measured.'),
        )
    kind = report.get("type", "")
    if kind.startswith((GS1_VOCABULARY, "https://ref.gs1.org/voc/")):
        _unknown_type(kind, where, sink)
    elif kind.startswith(NAMESPACE):
        check_own_word(kind, (*where, "type"), sink)
    if "microorganism" in report and "chemicalSubstance" in report:
        _of_both(report, where, sink)
    _order(report, where, sink)
    _unit(report, where, sink)
    _inside(report, metadata, where, sink)


def _unknown_type(kind: str, where: Place, sink: Sink) -> None:
    close = named_closely(kind, MEASUREMENT_TYPES)
    sink.add(
        "how.type",
        (*where, "type"),
        kind,
        msg('"{found}" claims to be of the GS1 Web Vocabulary, which does not have it', found=kind),
        msg('Did you mean "{name}"?', name=close) if close else msg("Use a URI in a namespace of your own."),
    )


def _of_both(report: Record, where: Place, sink: Sink) -> None:
    sink.add(
        "how.substance",
        (*where, "microorganism"),
        report["microorganism"],
        msg("One report measures a microorganism and a chemical substance"),
        msg("Write two reports, one with microorganism and one with chemicalSubstance."),
    )


def _order(report: Record, where: Place, sink: Sink) -> None:
    names = [name for name in ("minValue", "meanValue", "maxValue") if name in report]
    for low, high in pairwise(names):
        if report[low] > report[high]:
            sink.add(
                "how.order",
                (*where, low),
                report[low],
                msg("{low} is greater than {high}", low=low, high=high),
                msg("Check the values: minValue <= meanValue <= maxValue."),
            )
    if not 0 <= report.get("percRank", 0) <= 100:
        sink.add(
            "how.percentile",
            (*where, "percRank"),
            report["percRank"],
            msg("A percentile rank lies between 0 and 100"),
            msg("Write 95 for the value that 95 % of the measurements do not exceed, and that value in percValue."),
        )
    if report.get("sDev", 0) < 0:
        sink.add(
            "how.deviation",
            (*where, "sDev"),
            report["sDev"],
            msg("A standard deviation is not negative"),
            msg("Write the positive root."),
        )


def _unit(report: Record, where: Place, sink: Sink) -> None:
    kind, uom = report.get("type"), report.get("uom")
    if uom is None:
        measured = any(name in report for name in _NUMBERS)
        if measured and kind in MEASUREMENT_TYPES and kind not in _WITHOUT_UNIT and "component" not in report:
            sink.add(
                "how.no-unit",
                where,
                kind,
                msg("A number of {type} has no unit", type=kind),
                msg('Add "uom" with the code of UN/ECE Recommendation 20, such as "CEL" for degrees Celsius.'),
            )
    elif kind in UNITS_OF and uom not in UNITS_OF[kind]:
        sink.add(
            "how.unit",
            (*where, "uom"),
            uom,
            msg('"{uom}" is not a unit of {type}', uom=uom, type=kind),
            msg("One of: {units}", units=", ".join(sorted(UNITS_OF[kind])[:12])),
        )


def _inside(report: Record, metadata: Record, where: Place, sink: Sink) -> None:
    at = moment(report["time"]) if "time" in report else None
    start, end = moment(metadata.get("startTime")), moment(metadata.get("endTime"))
    if at and ((start and at < start) or (end and at > end)):
        sink.add(
            "how.outside-period",
            (*where, "time"),
            report["time"],
            msg("The time of the report lies outside startTime and endTime"),
            msg("Check the three times and their offsets from UTC."),
        )
