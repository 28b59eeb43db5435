"""Views to HTML: one Jinja environment a language, the filters and charts bound to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from takeback.core.message import Message
from takeback.web.console import charts
from takeback.web.console.catalogue import LOCALES, translations
from takeback.web.console.formats import Formats, shortened
from takeback.web.console.views.common import View
from takeback.web.console.views.shell import Shell
from takeback.web.console.vocabulary import tone, word

HERE = Path(__file__).parent

STATIC: dict[str, Path] = {
    "/static/console": HERE / "static",
    "/static/vendor": HERE.parent / "static" / "vendor",
}
"""What the server has to hand out: address -> folder. The addresses in pages carry a digest (`?v=`): cache for good."""

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
"""The policy under which every page works; the tests serve the pages with it."""


def render(view: View, shell: Shell) -> str:
    """Return the HTML of `view` in the language, theme and time zone of `shell`."""
    return _environment(shell.locale).get_template(view.template).render(page=view, shell=shell)


def load_templates() -> None:
    """Compile all templates in all languages, so that nobody waits for it."""
    for locale in LOCALES:
        environment = _environment(locale)
        for name in environment.list_templates():
            environment.get_template(name)


@cache
def _environment(locale: str) -> Environment:
    formats = Formats(translations(locale))
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=formats.say,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(_filters(formats))
    environment.globals.update(
        _=partial(_gettext, formats),
        ngettext=partial(_ngettext, formats),
        word=word,
        tone_of=tone,
        asset=asset,
        chart=_charts(formats),
        map_data=partial(charts.map_data, f=formats),
    )
    environment.globals["ui"] = environment.get_template("_ui.html").module
    return environment


def _gettext(formats: Formats, sentence: str, **params: object) -> object:
    """The `_` of templates: places are written `{name}`, as in messages."""
    return formats.say(Message(sentence, params))


def _ngettext(formats: Formats, one: str, many: str, n: int, **params: object) -> str:
    chosen = formats.translations.ngettext(one, many, n)
    return chosen.format(n=formats.number(n), **{name: formats.say(value) for name, value in params.items()})


def _filters(formats: Formats) -> dict[str, Callable[..., object]]:
    @pass_context
    def when(context: Context, value: datetime | None, style: str = "short") -> str:
        return formats.when(value, context["shell"].timezone, style)

    @pass_context
    def ago(context: Context, value: datetime | None) -> str:
        return formats.age(context["shell"].now - value if value else None)

    return {
        "say": formats.say,
        "money": formats.money,
        "kg": formats.kg,
        "number": formats.number,
        "percent": formats.percent,
        "size": formats.size,
        "age": formats.age,
        "seconds": formats.seconds,
        "day": formats.day,
        "when": when,
        "ago": ago,
        "short": shortened,
    }


def _charts(formats: Formats) -> dict[str, Callable[..., object]]:
    """Return the charts of this language, by the names templates use."""

    @pass_context
    def day_scale(context: Context, plan: charts.HasRoutes) -> charts.DayScale:
        return charts.DayScale(plan, context["shell"].timezone, formats)

    return {
        "loop": partial(charts.loop_diagram, f=formats),
        "chain": partial(charts.chain_diagram, f=formats),
        "fruit": partial(charts.said_of, f=formats),
        "fan": partial(charts.fan_chart, f=formats),
        "realised": partial(charts.realised_chart, f=formats),
        "rival": partial(charts.rival_line, f=formats),
        "money_scale": partial(charts.MoneyScale, f=formats),
        "option": charts.option_interval,
        "money_axis": charts.money_axis,
        "flip": partial(charts.flip_scale, f=formats),
        "loss": charts.loss_bar,
        "balance": partial(charts.balance_bars, f=formats),
        "share": charts.share_bar,
        "days": charts.day_bars,
        "genealogy": partial(charts.genealogy_drawing, f=formats),
        "day_scale": day_scale,
        "load": charts.load_row,
        "gantt": charts.gantt_row,
        "falling": partial(charts.falling_chart, f=formats),
        "hours": charts.hour_axis,
        "sketch": charts.sketch,
        "qr": charts.qr_code,
    }


@cache
def asset(name: str) -> Markup:
    """Return the address of a static file (`console/app.css`), with a digest of what it holds."""
    root, _, rest = name.partition("/")
    path = STATIC[f"/static/{root}"] / rest
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.exists() else "missing"
    return Markup(f"/static/{name}?v={digest}")  # noqa: S704 -- our own names
