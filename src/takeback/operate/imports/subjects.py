"""What can be imported: one entry of this table a subject. A new kind of file is a new entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.core.units import Unit
from takeback.operate.imports.entering import order_row, place_row, product_row
from takeback.operate.imports.fields import Field, Subject
from takeback.operate.master import Partner, Site

_LONGEST_CODE = 80

_PLACES: dict[str, tuple[str, ...]] = {
    "collection_point": ("collection point", "收集点", "回收网点", "网点"),
    "dealer": ("经销商", "4S店"),
    "shop": ("store", "web shop", "店铺", "门店", "商家"),
    "workshop": ("garage", "repair shop", "维修厂"),
    "return_centre": ("return centre", "return center", "退货中心"),
    "test_centre": ("test centre", "test center", "检测中心"),
    "warehouse": ("仓库",),
    "second_life_plant": ("second life plant", "second-life maker", "梯次利用企业", "梯次利用工厂"),
    "recycling_plant": ("recycling plant", "recycler", "再生利用企业", "回收工厂"),
    "carrier": ("承运商", "物流商"),
    "other": ("其他", "其它"),
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


_ORDER = Field(
    name="order", label=msg("Order number"), kind="code", required=True, longest=_LONGEST_CODE,
    hint=msg("one order may have several rows"),
    synonyms=_words(
        "order no, order number, order id, rma, rma number, return number, return id, return order, "
        "collection number, collection order, 订单, 订单号, 订单编号, 单号, 退货单, 退货单号, 退货单编号, 售后单号, "
        "回收单号, 回收单, 取件单号"
    ),
)  # fmt: skip
_SERIAL = Field(
    name="serial", label=msg("Serial or identifier"), kind="item", longest=200,
    hint=msg("a serial, an SGTIN, SSCC or GIAI in any spelling, or a battery code"),
    synonyms=_words(
        "serial no, serial number, sn, epc, sgtin, identifier, battery code, pack code, label, 序列号, 商品序列号, "
        "电池编码, 电池码, 电池包编码, 国标码, 追溯码, 溯源编码"
    ),
)  # fmt: skip
_PRODUCT = Field(
    name="product", label=msg("Product"), kind="reference", of="product", required=True, longest=_LONGEST_CODE,
    hint=msg("its code in the catalogue, or its GTIN"),
    synonyms=_words(
        "product code, product id, sku, gtin, ean, item, item code, article, article number, model, battery model, "
        "产品, 产品编码, 商品, 商品编码, 商品条码, 货号, 条码, 型号, 电池型号, 产品型号"
    ),
)  # fmt: skip
_SITE = Field(
    name="site", label=msg("Site"), kind="reference", of="site", head=True, longest=_LONGEST_CODE,
    hint=msg("where the things shall go: its code or GLN"),
    synonyms=_words(
        "site code, destination, warehouse, return centre, return center, test centre, test center, "
        "站点, 站点编码, 仓库, 退货中心, 检测中心, 收货站点, 目的地"
    ),
)  # fmt: skip
_PARTNER = Field(
    name="partner", label=msg("Partner"), kind="reference", of="partner", head=True, longest=_LONGEST_CODE,
    hint=msg("whom the things come from: its code or GLN"),
    synonyms=_words(
        "partner code, place, collection point, pickup point, dealer, shop, store, "
        "合作方, 合作伙伴, 伙伴, 店铺, 门店, 商家, 网点, 网点编码, 收集点, 回收网点, 经销商, 取件点"
    ),
)  # fmt: skip
_ORDERED_AT = Field(
    name="ordered_at", label=msg("Ordered at"), kind="moment", head=True, past=True,
    hint=msg("date and time; without a zone that of the organisation is taken"),
    synonyms=_words(
        "ordered, date, order date, order time, created, created at, return date, request date, requested at, "
        "日期, 时间, 下单时间, 订单时间, 下单日期, 申请时间, 申请日期, 退货日期, 退货时间, 创建时间"
    ),
)  # fmt: skip
_MASS = Field(
    name="mass", label=msg("Mass"), kind="quantity", unit=Unit.KG, kept=Unit.G,
    hint=msg("with its unit in the header or the value, else kilograms"),
    synonyms=_words("weight, gross weight, net weight, announced mass, 质量, 重量, 毛重, 净重"),
)  # fmt: skip
_VALUE = Field(
    name="value", label=msg("Value when undamaged"), kind="money",
    hint=msg("in the organisation's currency"),
    synonyms=_words("price, list price, unit price, amount, 价格, 金额, 单价, 售价, 价值, 原价, 商品金额"),
)  # fmt: skip
_ENERGY = Field(
    name="energy", label=msg("Rated energy"), kind="quantity", unit=Unit.KWH, kept=Unit.WH,
    hint=msg("of batteries"),
    synonyms=_words("capacity energy, nominal energy, 能量, 额定能量, 电量, 标称能量"),
)  # fmt: skip
_CODE = Field(
    name="code", label=msg("Code"), kind="code", required=True, longest=_LONGEST_CODE,
    hint=msg("what orders call it; known codes are corrected, new ones entered"),
    synonyms=_words("id, number, no, 编码, 编号, 代码"),
)  # fmt: skip
_NAME = Field(
    name="name", label=msg("Name"), kind="text", required=True,
    synonyms=_words("english name, name en, title, description, 名称, 名字, 英文名称"),
)  # fmt: skip
_NAME_ZH = Field(
    name="name_zh", label=msg("Name in Chinese"), kind="text",
    synonyms=_words("chinese name, name zh, name cn, 中文名, 中文名称"),
)  # fmt: skip
_PLACE_FIELDS = (
    _CODE, _NAME, _NAME_ZH,
    Field(
        name="kind", label=msg("Kind of place"), kind="choice", required=True, choices=_PLACES,
        hint=msg("such as dealer, collection_point or return_centre"),
        synonyms=_words("type, category, role, 类型, 类别, 性质"),
    ),
    Field(
        name="gln", label=msg("GLN"), kind="gln", hint=msg("13 digits"),
        synonyms=_words("global location number, 全球位置码, 位置码"),
    ),
    Field(
        name="lat", label=msg("Latitude"), kind="degrees",
        hint=msg("degrees, WGS84 unless the header says GCJ-02 or BD-09"),
        synonyms=_words("latitude, y, 纬度"),
    ),
    Field(
        name="lon", label=msg("Longitude"), kind="degrees", hint=msg("degrees, east positive"),
        synonyms=_words("lng, long, longitude, x, 经度"),
    ),
    Field(
        name="grid", label=msg("Map grid"), kind="choice", hint=msg("WGS84, GCJ-02 or BD-09"),
        choices={"wgs84": ("WGS-84", "GPS"), "gcj02": ("GCJ-02", "高德", "腾讯"), "bd09": ("BD-09", "百度")},
        synonyms=_words("coordinate system, datum, 坐标系"),
    ),
)  # fmt: skip

SUBJECTS: Mapping[str, Subject] = {
    subject.name: subject
    for subject in (
        Subject(
            name="returns",
            label=msg("Return orders"),
            detail=msg("parcels that customers send back"),
            fields=(
                _ORDER, _PRODUCT, _SERIAL, _SITE, _PARTNER, _ORDERED_AT,
                Field(
                    name="reason", label=msg("Reason"), kind="text",
                    synonyms=_words("return reason, 原因, 退货原因, 理由, 退货理由"),
                ),
                _MASS, _VALUE,
            ),
            enter=order_row("returns"),
            order_kind="return",
            exists=("order", "serial", "code"),
        ),
        Subject(
            name="collections",
            label=msg("Collection orders"),
            detail=msg("battery packs, modules and cells to be picked up"),
            fields=(
                _ORDER, _PRODUCT, replace(_SERIAL, required=True), replace(_PARTNER, required=True), _SITE, _ORDERED_AT,
                Field(
                    name="window_begin", label=msg("Ready from"), kind="moment", head=True,
                    synonyms=_words(
                        "ready, ready from, from, earliest, window begin, window start, "
                        "最早取件时间, 可取件时间, 开始时间"
                    ),
                ),
                Field(
                    name="window_end", label=msg("Ready until"), kind="moment", head=True,
                    synonyms=_words("until, latest, due, window end, 最晚取件时间, 截止时间, 结束时间"),
                ),
                _MASS, _ENERGY, _VALUE,
            ),
            enter=order_row("batteries"),
            order_kind="collection",
            exists=("order", "serial", "code"),
        ),
        Subject(
            name="products",
            label=msg("Products"),
            detail=msg("kinds of things that come back, and battery models"),
            fields=(
                _CODE, _NAME, _NAME_ZH,
                Field(
                    name="category", label=msg("Category"), kind="code", required=True, longest=_LONGEST_CODE,
                    hint=msg("what prices and rules are kept for"),
                    synonyms=_words("group, product group, 类别, 品类, 分类, 商品类别"),
                ),
                replace(_VALUE, required=True),
                Field(
                    name="gtin", label=msg("GTIN"), kind="gtin", hint=msg("8, 12, 13 or 14 digits"),
                    synonyms=_words("ean, upc, barcode, 条码, 商品条码"),
                ),
                _MASS,
                Field(
                    name="decay_per_day", label=msg("Loss of value per day"), kind="ratio",
                    hint=msg("a share such as 0.01, or 1 %"),
                    synonyms=_words("decay, daily decay, value decay, 每日贬值率, 日贬值率"),
                ),
                Field(
                    name="vertical", label=msg("Batteries or returns"), kind="choice",
                    choices={
                        "batteries": ("battery", "电池", "动力电池"),
                        "returns": ("return", "goods", "退货", "商品"),
                    },
                    synonyms=_words("业务, 业务线"),
                ),
                Field(
                    name="level", label=msg("Level"), kind="choice",
                    choices={
                        "pack": ("battery pack", "电池包", "包"), "module": ("battery module", "模组", "模块"),
                        "cell": ("battery cell", "电芯", "单体", "单体电池"), "unit": ("piece", "件"),
                    },
                    synonyms=_words("层级, 级别"),
                ),
                Field(
                    name="chemistry", label=msg("Chemistry"), kind="code", longest=40,
                    hint=msg("of batteries, such as LFP"),
                    synonyms=_words("cell chemistry, cathode, 化学体系, 电池类型, 材料体系"),
                ),
                _ENERGY,
                Field(
                    name="capacity", label=msg("Rated capacity"), kind="quantity", unit=Unit.AH, kept=Unit.MAH,
                    hint=msg("of batteries"), synonyms=_words("nominal capacity, 容量, 额定容量, 标称容量"),
                ),
            ),
            enter=product_row,
            table="product",
        ),
        Subject(
            name="partners",
            label=msg("Partners"),
            detail=msg("collection points, dealers, shops and buyers"),
            fields=_PLACE_FIELDS,
            enter=place_row(Partner),
            table="partner",
        ),
        Subject(
            name="sites",
            label=msg("Sites"),
            detail=msg("our own places where things are kept or worked on"),
            fields=_PLACE_FIELDS,
            enter=place_row(Site),
            table="site",
        ),
    )
}  # fmt: skip


def subject_named(name: str) -> Subject:
    """Return the subject. Raises `import.no-subject` naming those there are."""
    if name not in SUBJECTS:
        raise Problem(
            "import.no-subject",
            msg("This is nothing that a file can hold."),
            where="subject",
            found=name,
            expected=" / ".join(SUBJECTS),
        )
    return SUBJECTS[name]
