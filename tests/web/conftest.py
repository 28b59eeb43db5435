"""What the tests of the web interface share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from takeback.store.settings import Settings
from takeback.web.app import create_app
from tests.support.people import PASSWORD, People, Person, people
from tests.web.centre_people import SignedCentre, entering, signed_centre

__all__ = ["people"]

Client = TestClient[Litestar]
Enter = Callable[[str], Client]


@pytest.fixture(scope="session")
def app() -> Litestar:
    """The application; it works on the database that a test has opened."""
    return create_app(Settings())


@pytest.fixture(scope="session")
def running(app: Litestar) -> Iterator[Client]:
    """The application, started once; its event loop serves the browsers of all tests."""
    with TestClient(app) as client:
        yield client


@pytest.fixture
def new_client(running: Client, people: People) -> Callable[[], Client]:
    """Return a function that opens a browser without cookies; it shows redirects instead of following them."""

    def make() -> Client:
        client = TestClient(running.app, raise_server_exceptions=False)
        client.blocking_portal = running.blocking_portal
        client.follow_redirects = False
        return client

    return make


@pytest.fixture
def visitor(new_client: Callable[[], Client]) -> Client:
    """A browser in which nobody is signed in."""
    return new_client()


@pytest.fixture
def sign_in(new_client: Callable[[], Client]) -> Callable[[Person], Client]:
    """Return a function that opens a browser in which a person is signed in, with the CSRF header set."""

    def signed_in(person: Person) -> Client:
        client = new_client()
        answer = client.post("/api/v1/sessions", json={"email": person.email, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        client.headers["x-csrftoken"] = answer.json()["csrf_token"]
        return client

    return signed_in


@pytest.fixture
def centre(people: People) -> SignedCentre:
    """A centre with a person of each role, who all have accounts."""
    return signed_centre()


@pytest.fixture
def enter(new_client: Callable[[], Client], centre: SignedCentre) -> Enter:
    """Return a function that opens a browser in which a person of the centre is signed in."""
    return entering(new_client, centre)


@pytest.fixture
def alice(sign_in: Callable[[Person], Client], people: People) -> Client:
    """A browser in which Alice, the owner, is signed in."""
    return sign_in(people.alice)


@pytest.fixture
def bob(sign_in: Callable[[Person], Client], people: People) -> Client:
    """A browser in which Bob, her colleague, is signed in."""
    return sign_in(people.bob)


@pytest.fixture
def charlie(sign_in: Callable[[Person], Client], people: People) -> Client:
    """A browser in which Charlie, the outsider, is signed in."""
    return sign_in(people.charlie)


def problem(answer: Any, status: int, kind: str) -> dict[str, Any]:
    """Assert that an answer is this problem, and return its body."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"https://takeback.example/problems/{kind}", body
    return body
