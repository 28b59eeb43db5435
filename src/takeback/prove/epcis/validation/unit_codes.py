"""Codes of UN/ECE Recommendation 20, as the `uom` of EPCIS 2.0 names units."""

from __future__ import annotations

from fractions import Fraction

from takeback.core.units import Dimension, Unit

_KILOGRAM = Dimension(mass=1)

MASS: dict[str, Fraction] = {
    **{unit.uncefact: unit.factor for unit in Unit if unit.dimension == _KILOGRAM and unit.uncefact},
    "MC": Fraction(1, 10**9),
    "MGM": Fraction(1, 10**6),
    "CGM": Fraction(1, 10**5),
    "DG": Fraction(1, 10**4),
    "DJ": Fraction(1, 100),
    "HGM": Fraction(1, 10),
    "DTN": Fraction(100),
    "2U": Fraction(1000),
    "KTN": Fraction(10**6),
    "LBR": Fraction(45359237, 10**8),
    "ONZ": Fraction(45359237, 16 * 10**8),
    "APZ": Fraction(311034768, 10**10),
    "STI": Fraction(45359237 * 14, 10**8),
    "STN": Fraction(45359237 * 2000, 10**8),
    "LTN": Fraction(45359237 * 2240, 10**8),
    "CWA": Fraction(45359237 * 100, 10**8),
    "CWI": Fraction(45359237 * 112, 10**8),
    "GRN": Fraction(6479891, 10**11),
}
"""Kilograms in one unit of mass, exactly."""

COUNTS = frozenset({"C62", "EA", "H87", "PCE", "PCB", "NAR", "NMB", "NMP", "SET", "PR", "DZN"})
"""Codes for pieces: a count has no unit in EPCIS (7.3.3.3)."""

SLIPS = {
    "KG": "KGM", "KGS": "KGM", "G": "GRM", "MG": "MGM", "TO": "TNE", "TON": "TNE", "LB": "LBR", "LBS": "LBR",
    "OZ": "ONZ", "LT": "LTR", "LI": "LTR", "ML": "MLT", "M2": "MTK", "M3": "MTQ", "KW": "KWT", "WH": "WHR",
    "PCS": "", "PC": "",
}  # fmt: skip
"""Common slips: what is meant instead; "" for a count, which has no unit."""

_C = "CEL KEL FAH"
UNITS_OF: dict[str, frozenset[str]] = {
    name: frozenset(codes.split())
    for name, codes in {
        "Temperature": _C,
        "RelativeHumidity": "P1",
        "AbsoluteHumidity": "A93 GRM KMQ",
        "Mass": " ".join(MASS),
        "Length": "MTR CMT MMT KMT DMT H98 4H C45 INH FOT YRD SMI NMI",
        "Altitude": "MTR CMT MMT KMT DMT FOT YRD SMI",
        "Area": "MTK CMK MMK KMK DMK HAR FTK INK YDK ACR",
        "Volume": "MTQ LTR MLT CMQ MMQ DMQ CLT DLT HLT 4G INQ FTQ YDQ GLL GLI OZA ONZ",
        "Speed": "MTS KMH 2M C16 HM KNT FS FR M57",
        "Acceleration": "MSK K40 A76 A71 C11 M38 M39 M40 M41 M42 K47",
        "Pressure": "PAL KPA MPA HBA MBR BAR A97 A89 B96 C31 ATM ATT HN UA PS",
        "ElectricCurrent": "AMP 4K B22 B84 C39 H38",
        "Voltage": "VLT 2Z KVT D82 B78",
        "Resistance": "OHM B49 B75 B87 E45",
        "Capacitance": "FAR 4O C10 4T C41 N90",
        "ElectricCharge": "COU AMH E09 TAH B26 C40 D77 D86 C71 E76",
        "Energy": "JOU KJO 3B WHR KWH MWH GWH A68 GV D30 B13 C15 K51 BTU CU J40 J39 A13 A53",
        "Power": "WTT KWT MAW A90 C31 D31 C50 D80 C40 BHP A63 HJ 2I",
        "Frequency": "HTZ KHZ MHZ A86 D29",
        "Illuminance": "LUX KLX",
        "Time": "SEC MIN HUR DAY WEE MON ANN C26 B98 C47",
        "Dimensionless": "C62 P1 59 61 NX E32 E33",
        "Count": "C62 EA H87",
        "Angle": "C81 DD D61 D62 C25 B97 A91 M43 M44",
    }.items()
}
"""Units that go with a measurement type; types that are not here are not checked."""
