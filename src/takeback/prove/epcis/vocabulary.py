"""The words of CBV 2.0 (sections 7 and 8.8) and the three ways they are written: bare, as a URI, as a URN.

The JSON binding of EPCIS 2.0 writes them bare (`shipping`), the XML binding as a URN
(`urn:epcglobal:cbv:bizstep:shipping`) or as the URI of the GS1 web vocabulary
(`https://ref.gs1.org/cbv/BizStep-shipping`). Inside Takeback they are bare.
"""

from __future__ import annotations

from typing import Final, Literal

Kind = Literal["bizStep", "disposition", "bizTransaction", "sourceDest", "error", "component", "measurement", "alert"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIZ_STEPS: Final = frozenset(
    [
        "accepting",
        "arriving",
        "assembling",
        "collecting",
        "commissioning",
        "consigning",
        "creating_class_instance",
        "cycle_counting",
        "decommissioning",
        "departing",
        "destroying",
        "disassembling",
        "dispensing",
        "encoding",
        "entering_exiting",
        "holding",
        "inspecting",
        "installing",
        "killing",
        "loading",
        "other",
        "packing",
        "picking",
        "receiving",
        "removing",
        "repackaging",
        "repairing",
        "replacing",
        "reserving",
        "retail_selling",
        "sampling",
        "sensor_reporting",
        "shipping",
        "staging_outbound",
        "stock_taking",
        "stocking",
        "storing",
        "transporting",
        "unloading",
        "unpacking",
        "void_shipping",
    ]
)
DISPOSITIONS: Final = frozenset(
    [
        "active",
        "available",
        "completeness_inferred",
        "completeness_verified",
        "conformant",
        "container_closed",
        "container_open",
        "damaged",
        "destroyed",
        "dispensed",
        "disposed",
        "encoded",
        "expired",
        "in_progress",
        "in_transit",
        "inactive",
        "mismatch_class",
        "mismatch_instance",
        "mismatch_quantity",
        "needs_replacement",
        "no_pedigree_match",
        "non_conformant",
        "non_sellable_other",
        "partially_dispensed",
        "recalled",
        "reserved",
        "retail_sold",
        "returned",
        "sellable_accessible",
        "sellable_not_accessible",
        "stolen",
        "unavailable",
        "unknown",
    ]
)
BIZ_TRANSACTION_TYPES: Final = frozenset(
    [
        "bol",
        "cert",
        "desadv",
        "inv",
        "pedigree",
        "po",
        "poc",
        "prodorder",
        "recadv",
        "rma",
        "testprd",
        "testres",
        "upevt",
    ]
)
SOURCE_DEST_TYPES: Final = frozenset({"owning_party", "possessing_party", "location"})
ERROR_REASONS: Final = frozenset({"did_not_occur", "incorrect_data"})
COMPONENTS: Final = frozenset(
    [
        "x",
        "y",
        "z",
        "axial_distance",
        "azimuth",
        "height",
        "spherical_radius",
        "polar_angle",
        "elevation_angle",
        "easting",
        "northing",
        "latitude",
        "longitude",
        "altitude",
    ]
)
MEASUREMENT_TYPES: Final = frozenset(
    [
        "AbsoluteHumidity",
        "AbsorbedDose",
        "AbsorbedDoseRate",
        "Acceleration",
        "Altitude",
        "AmountOfSubstance",
        "AmountOfSubstancePerUnitVolume",
        "Angle",
        "AngularAcceleration",
        "AngularMomentum",
        "AngularVelocity",
        "Area",
        "Capacitance",
        "Conductance",
        "Conductivity",
        "Count",
        "Density",
        "Dimensionless",
        "DoseEquivalent",
        "DoseEquivalentRate",
        "DynamicViscosity",
        "ElectricCharge",
        "ElectricCurrent",
        "ElectricCurrentDensity",
        "ElectricFieldStrength",
        "Energy",
        "Exposure",
        "Force",
        "Frequency",
        "Illuminance",
        "Inductance",
        "Irradiance",
        "KinematicViscosity",
        "Length",
        "LinearMomentum",
        "Luminance",
        "LuminousFlux",
        "LuminousIntensity",
        "MagneticFlux",
        "MagneticFluxDensity",
        "MagneticVectorPotential",
        "Mass",
        "MassConcentration",
        "MassFlowRate",
        "MassPerAreaTime",
        "MemoryCapacity",
        "MolalityOfSolute",
        "MolarEnergy",
        "MolarMass",
        "MolarVolume",
        "Power",
        "Pressure",
        "RadiantFlux",
        "RadiantIntensity",
        "Radioactivity",
        "RelativeHumidity",
        "Resistance",
        "Resistivity",
        "SolidAngle",
        "SpecificVolume",
        "Speed",
        "SurfaceDensity",
        "SurfaceTension",
        "Temperature",
        "Time",
        "Torque",
        "Voltage",
        "Volume",
        "VolumeFlowRate",
        "VolumeFraction",
        "VolumetricFlux",
        "Wavenumber",
    ]
)
ALERT_TYPES: Final = frozenset({"ALARM_CONDITION", "ERROR_CONDITION"})

CBV: Final = "https://ref.gs1.org/cbv/"
GS1_VOCABULARY: Final = "https://gs1.org/voc/"
_URN = "urn:epcglobal:cbv:"

# For each kind: its words, the beginning of their URIs, and that of their URNs where CBV has such.
_KINDS: Final[dict[str, tuple[frozenset[str], str, str]]] = {
    "bizStep": (BIZ_STEPS, f"{CBV}BizStep-", f"{_URN}bizstep:"),
    "disposition": (DISPOSITIONS, f"{CBV}Disp-", f"{_URN}disp:"),
    "bizTransaction": (BIZ_TRANSACTION_TYPES, f"{CBV}BTT-", f"{_URN}btt:"),
    "sourceDest": (SOURCE_DEST_TYPES, f"{CBV}SDT-", f"{_URN}sdt:"),
    "error": (ERROR_REASONS, f"{CBV}ER-", f"{_URN}er:"),
    "component": (COMPONENTS, f"{CBV}Comp-", ""),
    "measurement": (MEASUREMENT_TYPES, GS1_VOCABULARY, ""),
    "alert": (ALERT_TYPES, GS1_VOCABULARY, ""),
}
_URNS = tuple(urn_start for _, _, urn_start in _KINDS.values() if urn_start)
_BASES = (CBV, "http://ref.gs1.org/cbv/")
_SYNONYMS = {  # other beginnings that are met in documents
    "https://ns.gs1.org/cbv/": CBV,
    "http://ns.gs1.org/cbv/": CBV,
    "http://ref.gs1.org/cbv/": CBV,
    "cbv:": CBV,
    "https://ref.gs1.org/voc/": GS1_VOCABULARY,  # its address since the artefacts of 2.0.1
    "http://ref.gs1.org/voc/": GS1_VOCABULARY,
    "https://www.gs1.org/voc/": GS1_VOCABULARY,
    "http://www.gs1.org/voc/": GS1_VOCABULARY,
    "http://gs1.org/voc/": GS1_VOCABULARY,
    "gs1:": GS1_VOCABULARY,
}


def words(kind: Kind) -> frozenset[str]:
    """Return the bare names of a kind."""
    return _KINDS[kind][0]


def bare(kind: Kind, text: str) -> str:
    """Return the bare name of a CBV word in any spelling (URN, URI, CURIE); what is no CBV word is left as it is."""
    return _BARE[kind].get(text, text)


def uri(kind: Kind, text: str) -> str:
    """Return the URI of a bare name: `https://ref.gs1.org/cbv/BizStep-shipping`; what is a URI is left as it is."""
    return text if ":" in text else _KINDS[kind][1] + text


def urn(kind: Kind, text: str) -> str:
    """Return the URN of a bare name; its URI for components, measurements and alerts, which have no URN."""
    if ":" in text:
        return text
    _, start, urn_start = _KINDS[kind]
    return (urn_start or start) + text


def web_uri(text: str) -> str:
    """Return the URI for a CBV URN of any kind, also of a word that CBV does not have; others as they are.

    CBV 2.0 section 8.9, rule 14 of the event hash.
    """
    if text.startswith(_URNS):
        for _, start, urn_start in _KINDS.values():
            if urn_start and text.startswith(urn_start):
                return start + text[len(urn_start) :]
    return text


def _spellings(kind: str) -> dict[str, str]:
    words, start, urn_start = _KINDS[kind]
    starts = [start, urn_start] if urn_start else [start]
    starts += [synonym + start[len(base) :] for synonym, base in _SYNONYMS.items() if start.startswith(base)]
    return {start + word: word for start in starts for word in words}


LIST_HEADS: Final = (
    _URN,
    *(base + start.removeprefix(CBV) for _, start, _ in _KINDS.values() for base in _BASES if start.startswith(CBV)),
)
"""How words begin that claim to be of a list of the CBV, whichever list it is."""

_BARE: Final = {kind: _spellings(kind) for kind in _KINDS}
