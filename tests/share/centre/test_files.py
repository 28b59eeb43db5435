"""Names and media types of files as people send them: what would hurt a header, a folder or an eye is left out."""

from __future__ import annotations

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.files import attach, plain_media_type, plain_name
from tests.share.centre.centre_world import CentreWorld


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\li\\plan.pdf", "plan.pdf"), ("a\r\nb.txt", "ab.txt"),
        ("a\0.txt", "a.txt"), ("gpj.\u202eexe", "gpj.exe"), (" .. ", ""),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"), ("计划 1.docx", "计划 1.docx"),
    ],
)  # fmt: skip
def test_a_name_is_a_name_and_no_place(sent: str, kept: str) -> None:
    """No folder, no line break, no sign that turns the writing; the ending stays."""
    assert plain_name(sent) == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Text/HTML; charset=utf-8", "text/html"), ("text/plain\r\nset-cookie: a=b", "application/octet-stream"),
        ("文本", "application/octet-stream"), ("", "application/octet-stream"),
        ("a/" + "b" * 300, "application/octet-stream"),
        ("image/svg+xml", "image/svg+xml"),
    ],
)  # fmt: skip
def test_a_media_type_fits_into_a_header(sent: str, kept: str) -> None:
    """What is no media type is bytes."""
    assert plain_media_type(sent) == kept


def test_a_file_of_dots_has_no_name(centre: CentreWorld) -> None:
    """Refused, as a file without a name is."""
    with store.transaction(centre.org) as connection, pytest.raises(Problem) as refused:
        attach(connection, centre.manager, centre.members["maker"], "../..", "text/plain", b"x")
    assert refused.value.kind == "centre.bad-file"
