"""A body that a route understands, made from the type that it takes: what must be said, and nothing more."""

from __future__ import annotations

from typing import Any

from msgspec import inspect

NOBODYS = "00000000-0000-0000-0000-000000000007"
"""An id of nothing."""
_PLAIN: dict[type, Any] = {
    inspect.BoolType: True,
    inspect.FloatType: 1.0,
    inspect.BytesType: "eA==",
    inspect.DateTimeType: "2026-11-22T12:00:00Z",
    inspect.DateType: "2026-11-22",
    inspect.UUIDType: NOBODYS,
    inspect.DecimalType: "1",
    inspect.AnyType: {},
}


def sample(kind: Any) -> Any:
    """Return a body of a type."""
    return _sample(inspect.type_info(kind))


def _sample(kind: inspect.Type) -> Any:
    match kind:
        case inspect.Metadata():
            return _sample(kind.type)
        case inspect.StrType():
            return "x" * max(1, kind.min_length or 0) if not kind.pattern else "X-1"
        case inspect.IntType():
            return 2026 if (kind.ge or 0) > 1000 else max(1, kind.ge or 0)
        case inspect.LiteralType():
            return kind.values[0]
        case inspect.UnionType():
            return _sample(kind.types[0])
        case inspect.StructType() | inspect.DataclassType():
            return {one.encode_name: _sample(one.type) for one in kind.fields if one.required}
        case inspect.VarTupleType() | inspect.ListType() | inspect.CollectionType():
            return [_sample(kind.item_type) for _ in range(kind.min_length or 0)]
        case inspect.TupleType():
            return [_sample(one) for one in kind.item_types]
        case inspect.DictType():
            return {}
    return _PLAIN.get(type(kind))


def body_type(handler: Any) -> Any:
    """Return the type of a handler's body, None where it takes none."""
    field = handler.parsed_data_field
    return None if field is None else field.raw


def naming(kind: Any) -> Any:
    """Return a body of a type with an id in every place that can hold one, also where nothing need be said."""
    return _naming(inspect.type_info(kind))


def _naming(kind: inspect.Type) -> Any:
    match kind:
        case inspect.Metadata():
            return _naming(kind.type)
        case inspect.UnionType():
            return _naming(next((one for one in kind.types if _names(one)), kind.types[0]))
        case inspect.StructType() | inspect.DataclassType():
            return {one.encode_name: _naming(one.type) for one in kind.fields if one.required or _names(one.type)}
        case inspect.VarTupleType() | inspect.ListType() | inspect.CollectionType() if _names(kind):
            return [_naming(kind.item_type)]
        case inspect.TupleType():
            return [_naming(one) for one in kind.item_types]
    return _sample(kind)


def _names(kind: inspect.Type) -> bool:
    match kind:
        case inspect.Metadata():
            return _names(kind.type)
        case inspect.UnionType():
            return any(map(_names, kind.types))
        case inspect.StructType() | inspect.DataclassType():
            return any(_names(one.type) for one in kind.fields)
        case inspect.VarTupleType() | inspect.ListType() | inspect.CollectionType():
            return _names(kind.item_type)
        case inspect.TupleType():
            return any(map(_names, kind.item_types))
    return isinstance(kind, inspect.UUIDType)
