"""What every answer tells the browser."""

from __future__ import annotations

import pytest

from takeback.web.security.headers import HEADERS
from tests.web.conftest import Client

HTML = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/nothing-here"),
        ("PATCH", "/health/live"),
        ("GET", "/api/v1/me"),
        ("GET", "/api/nothing-here"),
        ("GET", "/api/openapi.json"),
        ("GET", "/static/console/app.css"),
        ("GET", "/static/console/nothing.css"),
    ],
)
def test_every_answer_has_the_headers(visitor: Client, method: str, path: str) -> None:
    """Pages, files, errors of every kind: the policy allows our own origin only, and nothing unsafe."""
    answer = visitor.request(method, path, headers=HTML)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "server" not in answer.headers


def test_nothing_of_anybody_is_cached(alice: Client) -> None:
    """Pages and data stay in no cache; a file that is named by its digest stays for good, others are asked again."""
    for path in ("/", "/api/v1/me", "/api/v1/members", "/nothing-here"):
        assert alice.get(path, headers=HTML).headers["cache-control"] == "no-store"
    file = "/static/console/app.css"
    assert "immutable" in alice.get(f"{file}?v=0123456789").headers["cache-control"]
    assert alice.get(file).headers["cache-control"] == "no-cache"
    assert alice.get("/static/console/nothing.css?v=1").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/static/console/../console.py",
        "/static/console/..%2fconsole.py",
        "/static/console/%2e%2e/console.py",
        "/static/vendor/../../../../../../etc/passwd",
        "/static/console//etc/passwd",
    ],
)
def test_no_file_outside_the_folders_is_handed_out(visitor: Client, path: str) -> None:
    """However the way out is written."""
    answer = visitor.get(path)
    assert answer.status_code in {400, 404}
    assert "root:" not in answer.text
    assert "import" not in answer.text
