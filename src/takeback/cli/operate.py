"""`takeback operate`: organisations and their first people, and files taken in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from takeback import store
from takeback.cli.answer import Answer, Shown, table
from takeback.cli.progress import bar
from takeback.cli.session import database
from takeback.core.ids import uuid7
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import identity, imports
from takeback.operate.identity import Actor, OrganisationFields
from takeback.operate.identity.organisations import Kind

app = App(name="operate", help="Organisations and their first people; files taken in.")


@app.command
def organisations() -> Answer:
    """List the organisations of this installation."""
    with database(), store.admin() as connection:
        found = identity.organisations(connection)
    rows = [{"short name": one.slug, "kind": one.kind, "name": one.name, "中文": one.name_zh} for one in found]
    return Answer(found, [table(rows) if rows else "There is none yet: `takeback operate found` makes the first."])


@app.command
def found(
    slug: str,
    *,
    name: str,
    owner: str,
    owner_name: str,
    name_zh: str | None = None,
    kind: Kind = "enterprise",
    country: str = "CN",
    currency: str = "CNY",
    time_zone: str = "Asia/Shanghai",
    company_prefix: str | None = None,
) -> Answer:
    """Create an organisation with its first owner, who gets a password that is shown once.

    Whoever is registered already keeps their password.

    Parameters
    ----------
    slug:
        The organisation's short name: small letters, digits and hyphens.
    name:
        Its name.
    owner:
        The e-mail address of its first owner.
    owner_name:
        The name of its first owner.
    name_zh:
        Its Chinese name; the other one if not given.
    kind:
        What it is.
    country:
        Two letters of ISO 3166.
    currency:
        Three letters of ISO 4217.
    time_zone:
        An IANA name.
    company_prefix:
        The GS1 company prefix of its serial numbers.
    """
    fields = OrganisationFields(
        slug=slug,
        kind=kind,
        name=name,
        name_zh=name_zh or name,
        country=country,
        company_prefix=company_prefix,
        time_zone=time_zone,
        currency=currency,
    )
    org, password = uuid7(), secrets.token_urlsafe(12)
    with database(upgrade=True), store.transaction(org) as connection:
        known = identity.find_user(connection, owner)
        person = known or identity.create_user(connection, email=owner, display_name=owner_name, password=password)
        made = identity.create_organisation(connection, org, fields, owner_id=person.id)
    told = "signs in as before" if known else f"signs in with the password {password}, which is not shown again"
    data = {"organisation": made, "owner": person.email, "password": None if known else password}
    return Answer(data, [f"{made.name} is there. {person.email} {told}."])


@app.command(name="import")
def import_(
    file: Path,
    /,
    *,
    org: str,
    subject: Annotated[str, Parameter(name="--as")],
    site: str | None = None,
    column: Annotated[tuple[str, ...], Parameter(name="--map", negative=())] = (),
    provenance: str = "real",
    sheet: str | None = None,
    good_rows: bool = False,
    dry_run: bool = False,
) -> Answer:
    """Take in a file: CSV, Excel or JSON, in UTF-8, GB 18030 or UTF-16. All rows, or none with the reasons.

    The exit code is 1 where a row was refused.

    Parameters
    ----------
    file:
        The file.
    org:
        The organisation that it is for, by its short name.
    subject:
        What a row is: returns, collections, products, sites, partners.
    site:
        Code or GLN of the site that the things shall go to where a row names none.
    column:
        What a column means where its header does not say it, `--map "Artikel=product"`, or that it is left out,
        `--map "Notes="`; as often as needed.
    provenance:
        What the values are: real, simulated, estimated or declared.
    sheet:
        The sheet of a workbook; the first if not given.
    good_rows:
        Take in the good rows where others are refused.
    dry_run:
        Only say what would happen.
    """
    with database() as settings, bar("Reading") as step:
        actor = _actor(org)

        def progress(share: float, what: Message) -> None:
            step(share, str(what))

        # Problems name the file as it was typed; only its last part is kept with what was imported.
        known = imports.survey(file, limit=settings.upload_limit, name=str(file), sheet=sheet)
        mapping = _mapping(known, subject, column) if column else None
        options = imports.Options(subject=subject, mapping=mapping, site=site, provenance=provenance)
        if dry_run:
            report = imports.examine(actor, file, known, options, progress=progress)
            return Answer(report, _shown(report, subject, written=False), exit_code=int(report.bad > 0))
        which: imports.Which = "good" if good_rows else "all"
        outcome = imports.run(actor, file, known, options, which=which, progress=progress)
    if not outcome.imported:
        raise imports.as_problem(outcome.report, str(file))
    return Answer(outcome, _shown(outcome.report, subject, written=True), exit_code=int(outcome.report.bad > 0))


def _actor(slug: str) -> Actor:
    with store.admin() as connection:
        return identity.system_actor(identity.organisation_by_slug(connection, slug).id)


def _mapping(known: imports.Survey, subject: str, said: Sequence[str]) -> dict[str, str]:
    """Return what the columns mean: as their headers surely say, unless the person says otherwise."""
    guesses = imports.guessed(known.columns, imports.subject_named(subject))
    mapping = {header: guess.field for header, guess in guesses.items() if guess.sure}
    for pair in said:
        header, equals, field = pair.rpartition("=")
        if not equals:
            title = msg("This does not say what a column means.")
            raise Problem("cli.bad-column", title, found=pair, expected="header=field", exit_code=2)
        mapping[header] = field
    return mapping


def _shown(report: imports.Report, subject: str, *, written: bool) -> list[Shown]:
    done = "are written" if written else "would be written"
    counts = f"{report.good:,} of {report.rows:,} rows {done} ({subject}: {report.groups:,})."
    errors = [
        {"row": e.row, "column": e.column, "what": e.title, "found": e.found, "expected": e.expected}
        for e in report.errors[:20]
    ]
    more = [f"{kind.count:,} x {kind.title}" for kind in report.by_kind]
    return [*([table(errors)] if errors else []), *more, *map(str, report.notes), counts]
