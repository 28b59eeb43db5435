"""Units of quantities and sensor reports (UN/CEFACT Recommendation 20): which are of a kind, and their sizes."""

from __future__ import annotations

from fractions import Fraction

# kind: code size, ... in the kind's base unit (SI where there is one).
_TABLE = """
mass            KGM 1, GRM 1/1000, MGM 1/1000000, MC 1/1000000000, TNE 1000, DTN 100, DJ 1/100, CGM 1/100000,
                LBR 45359237/100000000, ONZ 45359237/1600000000, STN 90718474/100000, LTN 1016.0469088,
                APZ 31.1034768/1000, CWA 45.359237, GRN 6479891/100000000000, HGM 1/10, KTN 1000000
length          MTR 1, MMT 1/1000, CMT 1/100, DMT 1/10, KMT 1000, 4H 1/1000000, C45 1/1000000000,
                INH 254/10000, FOT 3048/10000, YRD 9144/10000, SMI 1609344/1000, NMI 1852, HMT 100, A45 10
area            MTK 1, CMK 1/10000, MMK 1/1000000, DMK 1/100, KMK 1000000, HAR 10000, ARE 100,
                INK 64516/100000000, FTK 9290304/100000000, YDK 83612736/100000000, MIK 2589988.110336
volume          MTQ 1, LTR 1/1000, MLT 1/1000000, CMQ 1/1000000, CLT 1/100000, DLT 1/10000, HLT 1/10, DMQ 1/1000,
                MMQ 1/1000000000, 4G 1/1000000000, GLL 3.785411784/1000, GLI 4.54609/1000, INQ 16387064/1000000000000,
                FTQ 28316846592/1000000000000, YDQ 764554857984/1000000000000, BLL 158.987294928/1000,
                OZA 29.5735295625/1000000, PTL 473.176473/1000000, QTL 946.352946/1000000, K6 1
time            SEC 1, MIN 60, HUR 3600, DAY 86400, WEE 604800, C26 1/1000, B98 1/1000000, C47 1/1000000000,
                ANN 31556952
speed           MTS 1, KMH 1/36*10, KNT 463/900, HM 0.44704, 2M 1/100, C16 1/1000, 2X 1/60
acceleration    MSK 1, A76 1/100, K40 9.80665
pressure        PAL 1, KPA 1000, MPA 1000000, A97 100, MBR 100, BAR 100000, ATM 101325, ATT 98066.5, B96 1/1000000,
                74 1/1000, HN 133.322, PS 6894.757293168
energy          JOU 1, KJO 1000, 3B 1000000, GV 1000000000, C15 1/1000, WHR 3600, KWH 3600000, MWH 3600000000,
                GWH 3600000000000, A53 1.602176634/10000000000000000000, BTU 1055.05585262, D70 4.1868,
                D35 4.184, E14 4186.8, K53 4184
power           WTT 1, KWT 1000, MAW 1000000, A90 1000000000, C31 1/1000, D80 1/1000000, BHP 745.699871582
charge          COU 1, AMH 3600, E09 18/5, TAH 3600000, B26 1000, D86 1/1000, B86 1/1000000, C40 1/1000000000
current         AMP 1, 4K 1/1000, B84 1/1000000, C39 1/1000000000, B22 1000
voltage         VLT 1, 2Z 1/1000, D82 1/1000000, KVT 1000, B78 1000000
resistance      OHM 1, B49 1000, B75 1000000, E45 1/1000, B94 1/1000000
conductance     SIE 1, B53 1000, C27 1/1000, B99 1/1000000
capacitance     FAR 1, C10 1/1000, 4O 1/1000000, C41 1/1000000000, 4T 1/1000000000000
inductance      81 1, C14 1/1000, B90 1/1000000
frequency       HTZ 1, KHZ 1000, MHZ 1000000, A86 1000000000, RPM 1/60, RPS 1
force           NEW 1, B47 1000, C20 1/1000, B73 1000000, DU 1/100000, B37 9.80665, C78 4.4482216152605
illuminance     LUX 1, KLX 1000, P25 10.7639104167097
density         KMQ 1, 23 1000, GL 1, A93 1/1000, GP 1/1000000, B35 1000, M1 1/1000, GQ 1/1000000000
absorbed        A95 1, C13 1/1000
dose            D13 1, C28 1/1000
radioactivity   BQL 1, 2Q 1000, 4N 1000000, GBQ 1000000000
angle           C81 1, DD 0.0174532925199433
temperature     KEL 1, CEL 1 +273.15, FAH 5/9 +45967/180, A48 5/9
ratio           C62 1, P1 1/100, 59 1/1000000, NX 1/1000, 61 1/1000000000
information     AD 8, A99 1, 2P 8000, 4L 8000000, E34 8000000000, E35 8000000000000
amount          C34 1, C18 1/1000, FH 1/1000000, B45 1000
flow            MQS 1, MQH 1/3600, L2 1/60000, E32 1/3600000
mass-flow       KGS 1, E93 1/3600
pieces          H87 1, EA 1, PR 2, DZN 12, GRO 144, CEN 100, MIL 1000, NAR 1
"""


def _fraction(text: str) -> Fraction:
    product = Fraction(1)
    for factor in text.split("*"):
        top, _, below = factor.partition("/")
        product *= Fraction(top) / Fraction(below or 1)
    return product


def _read() -> dict[str, tuple[str, Fraction, Fraction]]:
    units: dict[str, tuple[str, Fraction, Fraction]] = {}
    kind = ""
    for line in _TABLE.strip().splitlines():
        if not line.startswith(" "):
            kind, _, line = line.partition(" ")  # noqa: PLW2901 - the rest of the line
        for entry in filter(None, (part.strip() for part in line.split(","))):
            code, size, *offset = entry.split()
            units[code] = (kind, _fraction(size), _fraction(offset[0][1:]) if offset else Fraction(0))
    return units


UNITS = _read()


def converted(value: Fraction, code: str, wanted: str, *, difference: bool = False) -> Fraction | None:
    """Return a value in another unit, exactly; None where the two are not of a kind.

    ``difference``: the value is a span (a standard deviation), on which the zero of a scale has no bearing.
    Codes that are not in the table fit themselves only.
    """
    if code == wanted:
        return value
    source, target = UNITS.get(code), UNITS.get(wanted)
    if source is None or target is None or source[0] != target[0]:
        return None
    if difference:
        return value * source[1] / target[1]
    return (value * source[1] + source[2] - target[2]) / target[1]
