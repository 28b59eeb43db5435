"""Whatever goes wrong below `/epcis` is told as the standard has it, in JSON or XML."""

from __future__ import annotations

from typing import Any

from litestar import Response

from takeback.operate.epcis.limits import KIND as LIMIT
from takeback.web.console import translations
from takeback.web.epcis.discovery import limits
from takeback.web.epcis.exceptions import body_of
from takeback.web.epcis.problem_xml import problem_xml
from takeback.web.epcis.versions import SPOKEN
from takeback.web.preferences import AnyRequest, locale_of
from takeback.web.problems import MEDIA_TYPE, as_problem, headers_of

XML = "application/problem+xml"


def answer(request: AnyRequest, exception: Exception) -> Response[Any]:
    """Answer a request that ended with `exception`."""
    problem = as_problem(exception, request)
    body = body_of(problem, translations(locale_of(request)).gettext)
    headers = {**SPOKEN, **headers_of(problem, request)}
    if problem.kind == LIMIT:
        headers |= limits()
    if _wants_xml(request):
        return Response(problem_xml(body), status_code=body["status"], media_type=XML, headers=headers)
    return Response(body, status_code=body["status"], media_type=MEDIA_TYPE, headers=headers)


def _wants_xml(request: AnyRequest) -> bool:
    accept = request.headers.get("accept", "")
    return "xml" in accept and "json" not in accept and "html" not in accept
