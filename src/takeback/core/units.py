"""The closed list of units, with what each is made of."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import NamedTuple


class Dimension(NamedTuple):
    """Exponents of what a unit measures; energy, charge and emission are not broken down further."""

    mass: int = 0
    energy: int = 0
    charge: int = 0
    length: int = 0
    time: int = 0
    temperature: int = 0
    emission: int = 0
    pieces: int = 0
    points: int = 0

    def __str__(self) -> str:
        parts = [name if n == 1 else f"{name}^{n}" for name, n in zip(self._fields, self, strict=True) if n]
        return " ".join(parts) or "ratio"


_MASS = Dimension(mass=1)
_ENERGY = Dimension(energy=1)
_CHARGE = Dimension(charge=1)
_POWER = Dimension(energy=1, time=-1)
_LENGTH = Dimension(length=1)
_VOLUME = Dimension(length=3)
_TIME = Dimension(time=1)
_TEMPERATURE = Dimension(temperature=1)
_RATIO = Dimension()
_EMISSION = Dimension(emission=1)
_PIECES = Dimension(pieces=1)
_POINTS = Dimension(points=1)


class Unit(Enum):
    """A unit: its code, what it measures, its exact size in the dimension's base unit, its UN/CEFACT code.

    The base units are kg, J, C (coulomb), m, s, K, kg of CO2 equivalent, piece and point. The UN/CEFACT
    codes (Recommendation 20) are the `uom` of EPCIS quantities and sensor reports; "" where there is none.
    """

    G = ("g", _MASS, Fraction(1, 1000), "GRM")
    KG = ("kg", _MASS, Fraction(1), "KGM")
    T = ("t", _MASS, Fraction(1000), "TNE")
    J = ("J", _ENERGY, Fraction(1), "JOU")
    MJ = ("MJ", _ENERGY, Fraction(10**6), "3B")
    WH = ("Wh", _ENERGY, Fraction(3600), "WHR")
    KWH = ("kWh", _ENERGY, Fraction(3600 * 10**3), "KWH")
    MWH = ("MWh", _ENERGY, Fraction(3600 * 10**6), "MWH")
    MAH = ("mAh", _CHARGE, Fraction(36, 10), "E09")
    AH = ("Ah", _CHARGE, Fraction(3600), "AMH")
    W = ("W", _POWER, Fraction(1), "WTT")
    KW = ("kW", _POWER, Fraction(1000), "KWT")
    M = ("m", _LENGTH, Fraction(1), "MTR")
    KM = ("km", _LENGTH, Fraction(1000), "KMT")
    L = ("L", _VOLUME, Fraction(1, 1000), "LTR")
    M3 = ("m3", _VOLUME, Fraction(1), "MTQ")
    S = ("s", _TIME, Fraction(1), "SEC")
    MIN = ("min", _TIME, Fraction(60), "MIN")
    H = ("h", _TIME, Fraction(3600), "HUR")
    D = ("d", _TIME, Fraction(86400), "DAY")
    K = ("K", _TEMPERATURE, Fraction(1), "KEL")
    C = ("C", _TEMPERATURE, Fraction(1), "CEL")
    RATIO = ("1", _RATIO, Fraction(1), "C62")
    PERCENT = ("%", _RATIO, Fraction(1, 100), "P1")
    KG_CO2E = ("kgCO2e", _EMISSION, Fraction(1), "")
    T_CO2E = ("tCO2e", _EMISSION, Fraction(1000), "")
    PIECE = ("pcs", _PIECES, Fraction(1), "H87")
    ADR_POINT = ("ADR points", _POINTS, Fraction(1), "")

    code: str
    dimension: Dimension
    factor: Fraction
    uncefact: str

    def __init__(self, code: str, dimension: Dimension, factor: Fraction, uncefact: str) -> None:
        self.code = code
        self.dimension = dimension
        self.factor = factor
        self.uncefact = uncefact

    def __str__(self) -> str:
        return self.symbol

    @property
    def symbol(self) -> str:
        """What stands behind the number on a screen; nothing for a plain ratio."""
        return _SYMBOLS.get(self.code, self.code)

    @property
    def offset(self) -> Fraction:
        """What is added after the factor to reach the base unit: 273.15 from degrees Celsius to kelvin."""
        return _CELSIUS if self is Unit.C else Fraction(0)


_CELSIUS = Fraction(27315, 100)
_SYMBOLS = {"1": "", "C": "°C", "m3": "m³", "kgCO2e": "kg CO₂e", "tCO2e": "t CO₂e"}

# Other spellings, as compared: in Unicode form NFKC, without spaces. Upper and lower case count here.
_SPELLINGS = {
    Unit.G: "克 gram grams gr",
    Unit.KG: "千克 公斤 kgs kilogram kilograms KG Kg",
    Unit.T: "吨 公吨 tonne tonnes T",
    Unit.J: "焦耳 焦",
    Unit.MJ: "兆焦",
    Unit.WH: "瓦时 wh WH",
    Unit.KWH: "千瓦时 度 kwh KWH KWh kW·h",
    Unit.MWH: "兆瓦时 MWH",
    Unit.MAH: "毫安时 mah MAH",
    Unit.AH: "安时 ah AH A·h",
    Unit.W: "瓦 w",
    Unit.KW: "千瓦 kw KW",
    Unit.M: "米 metre meter",
    Unit.KM: "公里 千米 KM Km",
    Unit.L: "升 l ltr litre liter",
    Unit.M3: "立方米 方 m^3 cbm CBM",
    Unit.S: "秒 sec",
    Unit.MIN: "分钟 分 mins",
    Unit.H: "小时 时 hr hrs hour hours",
    Unit.D: "天 日 day days",
    Unit.K: "开尔文",
    Unit.C: "°C ℃ 摄氏度 degC",
    Unit.PERCENT: "percent 百分之",
    Unit.KG_CO2E: "kgCO2 kgCO2eq 千克二氧化碳当量",
    Unit.T_CO2E: "tCO2 tCO2eq 吨二氧化碳当量",
    Unit.PIECE: "pc piece pieces ea 个 件 只 台 块",
    Unit.ADR_POINT: "ADRpoint ADR分",
}
UNITS = {
    "": Unit.RATIO,
    **{spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()},
    **{unit.uncefact: unit for unit in Unit if unit.uncefact},
    **{unit.code.replace(" ", ""): unit for unit in Unit},
}
