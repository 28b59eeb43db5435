"""The form of sensor data: EPCIS 2.0, 7.3.7 (how)."""

from __future__ import annotations

from takeback.prove.epcis.validation.shapes import (
    ALERT_TYPE,
    COMPONENT,
    MEASUREMENT_TYPE,
    NUMBER,
    TEXT,
    TIME,
    URI,
    Schema,
    listed,
    open_,
)

_COMMON: dict[str, Schema] = {
    "time": TIME,
    "deviceID": URI,
    "deviceMetadata": URI,
    "rawData": URI,
    "dataProcessingMethod": URI,
    "bizRules": URI,
}
# Either a type or an exception is there (7.3.7.1.2: exception is "required if there is no type").
REPORT: Schema = open_(
    {
        **_COMMON,
        "type": MEASUREMENT_TYPE,
        "exception": ALERT_TYPE,
        "microorganism": URI,
        "chemicalSubstance": URI,
        "coordinateReferenceSystem": URI,
        "component": COMPONENT,
        "stringValue": TEXT,
        "booleanValue": {"type": "boolean", "$comment": "schema.boolean"},
        "hexBinaryValue": {"type": "string", "pattern": "^[A-Fa-f0-9]+$", "$comment": "schema.hex-binary"},
        "uriValue": URI,
        "uom": TEXT,
        **dict.fromkeys(
            ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"),
            NUMBER,
        ),
    },
    "schema.sensor-report",
    anyOf=[{"required": ["type"]}, {"required": ["exception"]}],
)
METADATA: Schema = open_({**_COMMON, "startTime": TIME, "endTime": TIME}, "schema.sensor-metadata")
ELEMENTS: Schema = listed(
    open_(
        {"sensorMetadata": METADATA, "sensorReport": listed(REPORT, "schema.sensor-reports", minItems=1)},
        "schema.sensor-element",
        ["sensorReport"],
    ),
    "schema.sensor-elements",
)
