"""What holds for a whole import, taken from the organisation and from what the person chose."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast, get_args

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.core.times import zone
from takeback.operate.identity import organisation
from takeback.operate.imports.directory import Directory, Found
from takeback.operate.imports.fields import Setting, Subject
from takeback.operate.imports.values import Column
from takeback.operate.ledger import Author
from takeback.operate.words import Provenance

PROVENANCES: tuple[str, ...] = get_args(Provenance)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decides about a file.

    - `mapping`: header -> field, "" to leave a column out; None: as the headers say.
    - `site`: code or GLN of the site where a row names none; None: the only one there is.
    - `provenance`: what the file's values are: real, simulated, estimated or declared.
    """

    subject: str
    mapping: dict[str, str] | None = None
    site: str | None = None
    provenance: str = "real"


def setting_of(
    connection: sa.Connection,
    author: Author,
    subject: Subject,
    columns: list[Column],
    options: Options,
    directory: Directory,
    now: datetime | None,
) -> Setting:
    """Return the setting. Raises `import.no-site`, `import.bad-provenance`, `import.unknown-code`."""
    if options.provenance not in PROVENANCES:
        raise Problem(
            "import.bad-provenance",
            msg("This is not a provenance."),
            where="provenance",
            found=options.provenance,
            expected=" / ".join(PROVENANCES),
        )
    own = organisation(connection, author.org_id)
    setting = Setting(
        zone=zone(own.time_zone),
        zone_name=own.time_zone,
        currency=own.currency,
        country=own.country,
        company_prefix=own.company_prefix,
        now=now or datetime.now(UTC),
        provenance=cast(Provenance, options.provenance),
        site=_site(directory, options) if subject.order_kind else None,
    )
    if subject.order_kind and not any(column.field.name == "site" for column in columns):
        _require_site(setting, directory, options)
    return setting


def _site(directory: Directory, options: Options) -> Found | None:
    return directory.find("site", options.site) if options.site else directory.only("site")


def _require_site(setting: Setting, directory: Directory, options: Options) -> None:
    if setting.site is None:
        raise Problem(
            "import.no-site",
            msg("Neither a column nor you say which site the things shall go to."),
            where="site",
            expected=", ".join(directory.codes("site")[:10]) or msg("a site; there are none yet"),
            remedy=msg("Choose a site, or map a column to it."),
        )
    if not options.site:
        setting.notes["site"] = msg("All things shall go to {site}, the only site.", site=setting.site.code)
