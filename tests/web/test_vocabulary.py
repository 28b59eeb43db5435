"""/ns/epcis: the extension of the CBV is there for everybody, in the form that the caller prefers."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tests.web.conftest import Client

FOLDER = files("takeback.prove.extension")
LD, TURTLE = "application/ld+json", "text/turtle"


@pytest.mark.parametrize(
    ("address", "accept", "name", "media"),
    [
        ("/ns/epcis/", "text/html,*/*;q=0.8", "vocabulary.ttl", TURTLE),
        ("/ns/epcis", TURTLE, "vocabulary.ttl", TURTLE),
        ("/ns/epcis/", LD, "takeback-context.jsonld", LD),
        ("/ns/epcis/", "application/json;q=0.9,text/turtle;q=0.1", "takeback-context.jsonld", LD),
        ("/ns/epcis/takeback-context.jsonld", "*/*", "takeback-context.jsonld", LD),
        ("/ns/epcis/vocabulary.ttl", "*/*", "vocabulary.ttl", TURTLE),
        ("/ns/epcis/shapes.ttl", "*/*", "shapes.ttl", TURTLE),
    ],
)
def test_a_visitor_gets_what_he_prefers_and_may_keep_it(
    visitor: Client, address: str, accept: str, name: str, media: str
) -> None:
    """Without sign-in, as the file that was made from the table, for caches and for programs of other sites."""
    answer = visitor.get(address, headers={"accept": accept, "origin": "https://partner.example"})
    assert answer.status_code == 200
    assert answer.content == FOLDER.joinpath(name).read_bytes()
    assert answer.headers["content-type"].split(";")[0] == media
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers


def test_caches_keep_both_forms_apart(visitor: Client) -> None:
    """What depends on `Accept` says so; what is no file of ours is not found."""
    assert answer_vary(visitor, "/ns/epcis/") == "Accept"
    assert visitor.get("/ns/epcis/terms.toml").status_code == 404


def answer_vary(visitor: Client, address: str) -> str | None:
    return visitor.get(address).headers.get("vary")
