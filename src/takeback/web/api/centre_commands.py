"""Routes made of the functions of a centre's rooms: path, body and answer follow from the function's own signature.

    command("/calls/{call_id:uuid}/publish", publish_call, "Publish a call", tags=[...])

`connection` and `actor` come from the request, parameters that the path names from the path, all others from the body
(of a command) or the query (of a question). When something happened (`at`) is not for callers to say: over HTTP it is
now. Sentences in answers are in the caller's language, fractions are decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature, signature
from types import NoneType
from typing import Annotated, Any, get_type_hints
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Meta

from takeback.operate.identity import Actor
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.saying import LONGEST
from takeback.web.api.centre_answers import Say, plain, speaker
from takeback.web.api.centre_asking import URL, once_within, within
from takeback.web.api.idempotency import Once
from takeback.web.preferences import AnyRequest

Function = Callable[..., Any]
GIVEN = frozenset({"connection", "actor", "at", "allowed"})
_TEXT = Annotated[str, Meta(max_length=LONGEST)]
"""A text in a body whose function does not say itself how long it may be."""
_RESERVED = "asked_"
_STATES = Annotated[list[str] | None, QueryParameter(name="state", description="One state or several.")]
_OURS: Mapping[str, Any] = {"request": AnyRequest, "actor": Actor, "once": Once}


def command(
    path: str,
    function: Function,
    summary: str,
    *,
    tags: Sequence[str],
    secret: bool = False,
    fixed: Mapping[str, Any] = {},
) -> HTTPRouteHandler:
    """Return the route that does something: POST, once for each idempotency key. `fixed`: parameters not asked for."""
    asked = _asked(function, fixed)
    in_path = {name: one for name, one in asked.items() if f"{{{name}:" in path}
    in_body = {name: one for name, one in asked.items() if name not in in_path}
    answer = _answer(function)
    nothing = answer is NoneType

    def handler(**sent: Any) -> Any:
        body, say = sent.pop("data", None), speaker(sent.pop("request"))
        actor, once = sent.pop("actor"), sent.pop("once")
        given = {**fixed, **sent, **{name: getattr(body, name) for name in in_body}}
        done = once_within(actor, once, _called(function, given, say), status=200 if nothing else 201, secret=secret)
        return Response(None, status_code=204) if nothing else done

    kinds = dict(_OURS) | {name: UUID if one[0] is UUID else one[0] for name, one in in_path.items()}
    if in_body:
        kinds["data"] = _struct(function, in_body)
    _typed(handler, function, kinds, {}, _responded(None if nothing else answer))
    status = 204 if nothing else 201
    return post(f"{URL}{path}", sync_to_thread=True, tags=list(tags), summary=summary, status_code=status)(handler)


def question(
    path: str, function: Function, summary: str, *, tags: Sequence[str], fixed: Mapping[str, Any] = {}
) -> HTTPRouteHandler:
    """Return the route that asks something: GET."""
    asked = _asked(function, fixed)

    def handler(**sent: Any) -> Any:
        actor, say = sent.pop("actor"), speaker(sent.pop("request"))
        given = {name.removeprefix(_RESERVED): value for name, value in sent.items()}
        return within(actor, _called(function, {**fixed, **given}, say))

    if "state" in asked:  # a word of the framework's own
        asked[f"{_RESERVED}state"] = (_STATES, None)
        del asked["state"]
    kinds = {"request": AnyRequest, "actor": Actor} | {name: one[0] for name, one in asked.items()}
    defaults = {name: one[1] for name, one in asked.items() if one[1] is not Parameter.empty}
    _typed(handler, function, kinds, defaults, _answer(function))
    return get(f"{URL}{path}", sync_to_thread=True, tags=list(tags), summary=summary)(handler)


def _called(function: Function, given: Mapping[str, Any], say: Say) -> Callable[[sa.Connection, CentreActor], Any]:
    wants_actor = "actor" in signature(function).parameters

    def work(connection: sa.Connection, who: CentreActor) -> Any:
        return plain(function(connection, who, **given) if wants_actor else function(connection, **given), say)

    return work


def _asked(function: Function, fixed: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what a caller gives: name -> type and default."""
    types = get_type_hints(function, include_extras=True)
    return {
        name: (types[name], one.default)
        for name, one in signature(function).parameters.items()
        if name not in GIVEN and name not in fixed
    }


def _answer(function: Function) -> Any:
    return get_type_hints(function, include_extras=True)["return"]


def _responded(answer: Any) -> Any:
    """Return the type of a response with an answer of a type that is known only now."""
    return Response[answer]


def _struct(function: Function, fields: Mapping[str, tuple[Any, Any]]) -> Any:
    """Return the struct that a command's body is."""
    name = "".join(part.title() for part in function.__name__.split("_")) + "Request"
    made = [
        (field, _bounded(kind)) if default is Parameter.empty else (field, _bounded(kind), default)
        for field, (kind, default) in fields.items()
    ]
    return msgspec.defstruct(name, made, kw_only=True, frozen=True, module=f"{__name__}.{function.__module__}")


def _bounded(kind: Any) -> Any:
    """Return a type whose texts have an end: reasons and notes go into the ledger, where they stay."""
    if kind is str:
        return _TEXT
    return _TEXT | None if kind == str | None else kind


def _typed(
    handler: Any, function: Function, kinds: Mapping[str, Any], defaults: Mapping[str, Any], answer: Any
) -> None:
    """Give a handler the signature that the framework reads."""
    handler.__name__ = handler.__qualname__ = function.__name__
    handler.__annotations__ = {**kinds, "return": answer}
    handler.__signature__ = Signature(
        [
            Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=defaults.get(name, Parameter.empty))
            for name, kind in kinds.items()
        ],
        return_annotation=answer,
    )
