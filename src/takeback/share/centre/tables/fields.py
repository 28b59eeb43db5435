"""What the columns of a list may become: the fields of a kind, as its facts declare them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import inspect

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import Facts, is_money
from takeback.share.centre.naming import named_by
from takeback.share.centre.results.facts import Author

Sort = Literal["text", "whole", "number", "money", "yes", "day", "choice", "record", "author"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `many` values between semicolons; `choices`: the words it may have; `refers`: the kinds it may name."""

    name: str
    sort: Sort
    required: bool
    many: bool = False
    choices: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()


WORDS: Mapping[str, tuple[str, ...]] = {
    "name": ("名称", "姓名", "设备名称", "资源名称", "单位名称", "机构名称", "full name"),
    "name_zh": ("中文名称", "中文名", "中文姓名", "chinese name"),
    "title": ("标题", "题目", "名称", "成果名称", "项目名称", "问题名称", "任务名称"),
    "title_zh": ("中文标题", "中文题目", "chinese title"),
    "code": ("代码", "编号", "编码", "no.", "number"),
    "sort": ("类别", "类型", "种类", "type", "category", "kind"),
    "year": ("年份", "年度"),
    "authors": ("作者", "完成人", "发明人", "author"),
    "doi": ("doi号",),
    "body": ("期刊", "刊物", "机构", "授权单位", "颁发单位", "journal", "publisher", "awarded by", "office"),
    "number": ("专利号", "标准号", "号码", "patent number", "standard number"),
    "status": ("法律状态", "专利状态", "标准状态"),
    "licence": ("许可证", "license", "许可"),
    "level": ("级别", "层次", "等级"),
    "partner": ("合作方", "采用单位", "受让方"),
    "since": ("起始日期", "开始日期", "起用日期", "加入日期", "from", "start"),
    "amount": ("金额",),
    "people": ("人数", "培养人数", "persons"),
    "member": ("单位", "成员单位", "所属单位", "organisation", "organization", "institution"),
    "member_id": ("单位", "成员单位", "所属单位", "member", "organisation", "organization", "institution"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "e-mail", "mail"),
    "roles": ("角色", "role"),
    "consents": ("同意事项",),
    "lead": ("牵头", "牵头单位", "lead university"),
    "details": ("详情", "内容", "说明", "description"),
    "summary": ("摘要", "abstract"),
    "url": ("网址", "链接", "link"),
    "due": ("截止日期", "完成日期", "deadline"),
    "begins": ("开始日期", "起始日期", "start", "from"),
    "ends": ("结束日期", "终止日期", "end", "until"),
    "budget": ("预算", "经费", "总经费"),
    "leader": ("负责人", "项目负责人", "principal investigator", "pi"),
    "partners": ("合作单位", "参与单位"),
    "place": ("地点", "存放地点", "位置", "location"),
    "capacity": ("容量", "台数"),
    "conditions": ("使用条件",),
    "price_member": ("成员价",),
    "price_other": ("非成员价", "对外价"),
    "owner_id": ("负责人", "owner"),
    "deliverable": ("交付物", "成果形式"),
    "commissioner": ("委托单位", "下达单位"),
    "source": ("来源", "资金来源"),
    "channel": ("渠道",),
    "prize": ("悬赏", "奖金"),
    "unit": ("计量单位", "单位"),
}
"""Further words by which headers name a field."""


def fields_of(facts: type[Facts]) -> list[Field]:
    """Return the fields that a column can fill; ``centre.no-list`` where a list cannot fill a field that must be."""
    struct = inspect.type_info(facts)
    assert isinstance(struct, inspect.StructType)  # noqa: S101 - facts are structs
    made = [(one, _field(one)) for one in struct.fields]
    if lacking := [one.name for one, field in made if one.required and field is None]:
        raise Problem(
            "centre.no-list",
            msg("Records of this kind cannot be entered as a list."),
            found=", ".join(lacking),
            status=409,
        )
    return [field for _, field in made if field is not None]


def _field(one: inspect.Field) -> Field | None:
    money, of = is_money(one.type), _bare(one.type)
    many = isinstance(of, inspect.VarTupleType | inspect.ListType)
    if isinstance(of, inspect.VarTupleType | inspect.ListType):
        of = _bare(of.item_type)
    if isinstance(of, inspect.StructType):
        return Field(one.name, "author", one.required, True) if of.cls is Author else None
    if isinstance(of, inspect.LiteralType):
        return Field(one.name, "choice", one.required, many, tuple(str(value) for value in of.values))
    if isinstance(of, inspect.UUIDType):
        named = named_by(one.type)
        return Field(one.name, "record", one.required, many, refers=named.kinds) if named else None
    sort = "money" if money else _sort(of)
    return Field(one.name, sort, one.required, many) if sort else None


def _sort(of: inspect.Type) -> Sort | None:
    if isinstance(of, inspect.FloatType | inspect.DecimalType):
        return "number"
    plain: Mapping[type[Any], Sort] = {
        inspect.StrType: "text", inspect.IntType: "whole", inspect.BoolType: "yes", inspect.DateType: "day",
    }  # fmt: skip
    return plain.get(type(of))


def _bare(of: inspect.Type) -> inspect.Type:
    """Return a type without its None and its marks."""
    if isinstance(of, inspect.Metadata):
        return _bare(of.type)
    if isinstance(of, inspect.UnionType):
        rest = [one for one in of.types if not isinstance(one, inspect.NoneType)]
        return _bare(rest[0]) if len(rest) == 1 else of
    return of


def guessed(columns: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Return which column becomes which field, by the words of its header; what is not known is left out."""
    known: dict[str, str] = {}
    for field in fields:
        words = (field.name, field.name.removesuffix("_id"), *WORDS.get(field.name, ()))
        for word in words:
            known.setdefault(plain(word), field.name)
    found: dict[str, str] = {}
    for column in columns:
        name = known.get(plain(column)) or known.get(plain(re.sub(r"[(（\[].*", "", column)))
        if name and name not in found.values():
            found[column] = name
    return found


def mapped(columns: Sequence[str], fields: Sequence[Field], mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Return the mapping that holds: as given, else guessed.

    Raises
    ------
    Problem
        ``centre.bad-mapping`` for a column or field that there is not, a field twice, or one that must be and is not.
    """
    names = {field.name for field in fields}
    found = guessed(columns, fields) if mapping is None else {column: name for column, name in mapping.items() if name}
    if strange := [column for column in found if column not in columns]:
        raise _bad(strange[0], columns)
    if strange := [name for name in found.values() if name not in names]:
        raise _bad(strange[0], sorted(names))
    if len({*found.values()}) < len(found) or len({*columns}) < len(columns):
        raise _bad(", ".join(found.values()), [msg("each column and each field once")])
    if missing := [field.name for field in fields if field.required and field.name not in found.values()]:
        raise Problem(
            "centre.bad-mapping",
            msg("A column is missing that each row needs."),
            where=", ".join(missing),
            found=", ".join(columns),
            remedy=msg("Say which column becomes which field."),
        )
    return found


def _bad(found: str, expected: Sequence[object]) -> Problem:
    return Problem(
        "centre.bad-mapping",
        msg("The columns do not go with the fields."),
        found=found,
        expected=", ".join(map(str, expected)),
    )


def plain(text: str) -> str:
    """Return a word as headers compare: without case, width, spaces, marks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
