"""A report counts proposals and names none: the council and the authority read it."""

from __future__ import annotations

import io
import zipfile

from takeback import store
from takeback.share.centre.figures import records_behind
from takeback.share.centre.reporting import figure_evidence, gather, write_report
from takeback.share.centre.tables import export, kinds_for
from tests.share.centre.calls.call_world import CallWorld, new_call
from tests.share.centre.centre_world import CentreWorld

BLIND = ("proposal", "review", "conflict", "discussion")


def reviewed(centre: CentreWorld) -> CallWorld:
    world = new_call(centre, authors=3, experts=3)
    for place in range(3):
        world.submit(place)
    world.close()
    world.assign(*((one, expert) for one in range(3) for expert in range(3)))
    for expert in range(3):
        for place in range(3):
            world.review(expert, place, 7, 8, 9)
    return world


def everything(contents: list[bytes]) -> str:
    """Return all that the files say: JSON as it is, workbooks unpacked, PDF by its bytes."""
    told = []
    for content in contents:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                told += [book.read(name).decode() for name in book.namelist()]
        else:
            told.append(content.decode("latin-1"))
    return "\n".join(told)


def test_no_file_of_a_report_names_a_proposal_a_review_or_their_entries(centre: CentreWorld) -> None:
    """Proposals are counted; their ids, titles, persons and entries stand in none of the files, nor in the proofs."""
    world = reviewed(centre)
    with store.transaction(centre.org) as connection:
        council = world.council[0]
        contents = gather(connection, council, "annual", 2026)
        figure = next(one for one in contents.figures if one.code == "calls.received")
        assert (figure.value, records_behind(figure)) == (3, 3)
        secret = connection.exec_driver_sql(
            "select id, entry_id, first_entry, title from centre_record where kind = any(%s)", (list(BLIND),)
        ).all()
    text = everything([file.content for file in write_report(contents)])
    assert secret
    for row in secret:
        assert str(row.id) not in text
        assert row.title not in text
        assert not {row.entry_id, row.first_entry} & {*contents.entries, *contents.proofs.leaves}
    for person in [*world.authors, *world.experts]:
        assert str(person.person_id) not in text


def test_who_may_not_see_proposals_finds_none_behind_a_figure_nor_in_a_table(centre: CentreWorld) -> None:
    """The page behind a figure shows the manager the proposals, the council and experts only that there are three."""
    world = reviewed(centre)
    with store.transaction(centre.org) as connection:
        seen = figure_evidence(connection, world.manager, "calls.received", 2026)
        assert sorted(line.evidence.record_id for line in seen.lines) == sorted(world.proposals)
        for actor in (world.council[0], world.experts[0], world.authors[0]):
            hidden = figure_evidence(connection, actor, "calls.received", 2026)
            assert len(hidden.lines) == 3
            assert not any(line.open for line in hidden.lines)
            told = str([(line, hidden.checkpoint) for line in hidden.lines]) + str(hidden.figure)
            assert not [one for one in world.proposals if str(one) in told]
            text = "".join(export(connection, actor, kind, "csv").decode() for kind in kinds_for(actor))
            assert not [one for one in world.proposals if str(one) in text]
