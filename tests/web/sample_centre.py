"""Pages of a centre with figures as they could be; all invented, only for tests and the preview."""

from __future__ import annotations

from datetime import UTC, date, datetime

from takeback.core.message import msg
from takeback.core.money import Money
from takeback.web.console import views as v

NOW = datetime(2026, 11, 22, 0, 31, tzinfo=UTC)
LONG = "Kreislaufwirtschaft" * 20  # a word that fits in no column


def _chip(label: str, tone: v.Tone = "good") -> v.Chip:
    return v.Chip(label=label, tone=tone)


def _row(title: str, tone: v.Tone = "good") -> v.RecordRow:
    cells = (v.Shown(text=msg("Enterprise")), v.Shown(money=Money(125_000_50, "CNY")), v.Shown(at=NOW))
    return v.RecordRow(href="/centre/member/1", title=title, state=_chip("active", tone), cells=cells)


def _heads() -> tuple[v.Text, ...]:
    return (msg("Sort"), msg("Amount"), msg("Changed"))


def record_list() -> v.CentreListPage:
    """A list with filters, tabs and pages."""
    states = (
        v.FilterOption(value="active", label="active", count=5),
        v.FilterOption(value="left", label="left", count=1),
    )
    return v.CentreListPage(
        title=msg("Members"),
        tabs=(
            v.Tab(label=msg("Members"), href="/centre/member", here=True),
            v.Tab(label=msg("People"), href="/centre/people"),
        ),
        heads=_heads(),
        rows=tuple(_row(name) for name in ("Linhai University", "Voltray Packs", "Quickbasket")),
        paging=v.Paging(number=1, size=3, total=7),
        address=v.Address(path="/centre/member"),
        filters=(v.Filter(name="state", label=msg("State"), options=states),),
        actions=(
            v.Action(label=msg("Enter a person"), href="/centre/people/new", method="get", primary=True, key="N"),
        ),
    )


def empty_list() -> v.CentreListPage:
    """A list in which nothing stands yet."""
    nothing = v.Paging(number=1, size=25, total=0)
    return v.CentreListPage(title=msg("Calls"), rows=(), paging=nothing, address=v.Address(path="/centre/call"))


def record() -> v.CentreRecordPage:
    """A record with facts, a table, files, what belongs to it and its history."""
    table = v.FactTable(
        heads=(msg("What for"), msg("Amount")),
        rows=(((v.Shown(text="Cells"),), (v.Shown(money=Money(90_000_00, "CNY")),)),),
    )
    return v.CentreRecordPage(
        title="Pulses that tell health",
        kind=msg("Projects"),
        list_href="/centre/project",
        state=_chip("running"),
        above=(v.Tab(label="Common problems 2026", href="/centre/call/1"),),
        facts=(
            v.FactRow(label=msg("Member"), values=(v.Shown(text="Linhai University", href="/centre/member/1"),)),
            v.FactRow(label=msg("Begins"), values=(v.Shown(day=date(2026, 3, 1)),)),
            v.FactRow(label=msg("Effort"), values=(v.Shown(number=1200.0, unit="h"),)),
            v.FactRow(
                label=msg("Summary"),
                values=(v.Shown(text="A pulse of five seconds tells a pack's health."),),
                long=True,
            ),
            v.FactRow(label=msg("Costs"), table=table),
        ),
        moves=(v.Action(label=msg("Stop"), href="/x", confirm=msg("Stop"), asks=msg("Why")),),
        actions=(v.Action(label=msg("Change"), href="/x", method="get", key="E"),),
        branches=(v.Branch(title=msg("Deliverables"), heads=_heads(), rows=(_row("Test bench"),), total=1),),
        files=(v.KeptFile(name=f"{LONG}.pdf", size=48_112, href="/x", sha256="ab" * 32, at=NOW),),
        upload="/x",
        steps=(
            v.Step(title=msg("Changed"), at=NOW, by=LONG, entry=48, why="merged", leaf=47, proof="/x"),
            v.Step(title=msg("Made"), at=NOW, by=msg("the system"), entry=12),
        ),
        version=2,
        blocks=(v.Block(title=msg("Timeline"), scale=_scale()),),
    )


def _scale() -> v.Scale:
    span = v.Span(label="Bench", says="Bench, running", begin=5.0, width=40.0, tone="good")
    ticks = ((0.0, "2026-03"), (50.0, "2026-09"), (100.0, "2027-03"))
    return v.Scale(ticks=ticks, lanes=(v.Lane(label="Bench", spans=(span,)), v.Lane(label="Paper", spans=())), now=60.0)


def fields() -> tuple[v.Field, ...]:
    """A field of each sort, some with something wrong."""
    wrong = v.Wrong(title=msg("This is not understood."), found="soon", expected=msg("a day, such as 2026-03-31"))
    options = (v.FilterOption(value="a", label="A"), v.FilterOption(value="b", label="B"))
    pick = (v.Pick(value="1", label="Lin Wei", note="Linhai University", chosen=True), v.Pick(value="2", label="Bo"))
    line = v.Field(name="costs.0.what", label=msg("What for"), sort="line", required=True)
    return (
        v.Field(name="title", label=msg("Title"), sort="line", value="Pulses", required=True, most=200),
        v.Field(name="title_zh", label=msg("Title"), sort="line", chinese=True),
        v.Field(name="due", label=msg("Due"), sort="day", value="soon", wrong=wrong),
        v.Field(name="at", label=msg("When"), sort="moment"),
        v.Field(name="effort_h", label=msg("Effort"), sort="number", unit="h"),
        v.Field(name="amount", label=msg("Amount"), sort="money", unit="CNY"),
        v.Field(name="sort", label=msg("Sort"), sort="choice", options=options, values=("b",)),
        v.Field(name="roles", label=msg("Roles"), sort="ticks", options=options, values=("a",)),
        v.Field(name="lead_", label=msg("Leads"), sort="tick", values=("1",)),
        v.Field(name="keywords", label=msg("Keywords"), sort="lines", value="a\nb", hint=msg("one a line")),
        v.Field(name="text", label=msg("Text"), sort="text", value="Long."),
        v.Field(
            name="leader",
            label=msg("Leader"),
            sort="pick",
            of="person",
            picks=pick,
            values=("1",),
            address="/centre/pick",
        ),
        v.Field(name="file", label=msg("File"), sort="file"),
        v.Field(name="costs", label=msg("Costs"), sort="rows", rows=((line,),), address="/centre/project/rows"),
        v.Field(
            name="budget",
            label=msg("Budget"),
            sort="group",
            fields=(v.Field(name="budget.of", label=msg("Amount"), sort="money"),),
        ),
    )


def form() -> v.CentreFormPage:
    """A form that was sent with mistakes."""
    return v.CentreFormPage(
        title=msg("Enter a project"),
        send=msg("Record it"),
        action="/x",
        back="/centre/project",
        fields=fields(),
        note=msg("Fields marked * are needed."),
        wrong=(v.Wrong(title=msg("Somebody changed this meanwhile."), found="3", expected="2"),),
        files=True,
    )


def sheet() -> v.CentreSheetPage:
    """A page of cards, one of each sort."""
    card = v.FigureCard(
        label=msg("Papers"),
        value=v.Shown(number=7.0),
        href="/centre/figures/results.paper",
        target=v.Shown(number=10.0),
        reached=0.7,
    )
    link = v.LinkRow(
        href="/centre/call/1",
        title="Common problems",
        detail=msg("closes {day}", day="2026-12-01"),
        badge=_chip("2026-12-01", "warn"),
    )
    sends = (v.Send(label=msg("Search")),)
    search = v.FormPart(
        action="/x", method="get", fields=(v.Field(name="q", label=msg("Field or name"), sort="line"),), sends=sends
    )
    return v.CentreSheetPage(
        title=msg("Overview"),
        note="Construction 2026–2030",
        blocks=(
            v.Block(title=msg("Results"), figures=(card,)),
            v.Block(title=msg("Proposals"), heads=_heads(), rows=(_row("Pulses"),)),
            v.Block(title=msg("Profiles"), form=search, text="Words."),
            v.Block(title=msg("Money"), nothing=msg("No fund yet.")),
        ),
        aside=(v.Block(title=msg("Waits for me"), links=(link,)),),
    )


def making() -> v.MakingPart:
    """A report being made."""
    return v.MakingPart(job=v.Progress(id="7f", title=msg("Reports"), state="running", done=300, total=1000))


def public_board() -> v.PublicBoardPage:
    """A problem that anybody may read, and more that a search finds."""
    rows = (
        v.FactRow(label=msg("Prize"), values=(v.Shown(money=Money(50_000_00, "CNY")),)),
        v.FactRow(label=msg("Details"), values=(v.Shown(text="Packs wait for their test."),), long=True),
    )
    card = v.PublicCard(title="Fast test", state=_chip("stated", "warn"), facts=rows)
    return v.PublicBoardPage(slug="linhai", name="Linhai centre", cards=(card,), more=2)


def empty_board() -> v.PublicBoardPage:
    """A board on which nothing stands that was looked for."""
    return v.PublicBoardPage(slug="linhai", name="Linhai centre", cards=(), query="fish")


def pick() -> v.PickPart:
    """What a search under a field found."""
    found = (v.Pick(value="1", label="Lin Wei", note="Linhai University"),)
    return v.PickPart(field=v.Field(name="leader", label="", sort="pick", of="person", picks=found), query="li")


def row() -> v.RowPart:
    """One more row of a field."""
    line = v.Field(name="costs.1.what", label=msg("What for"), sort="line")
    return v.RowPart(field=v.Field(name="costs.1", label=msg("Costs"), sort="rows", rows=((line,),)))


def overview() -> v.CentreOverviewPage:
    """The first page of a centre, with a problem that waits and what came of three uses."""
    stations = (
        v.Station(label=msg("Problems"), count=8, note="1", href="/centre/problem", waits=True),
        v.Station(label=msg("Projects"), count=4, href="/centre/project"),
        v.Station(label=msg("In use"), count=3, href="/centre/adoption"),
    )
    fruits = (
        v.Fruit(label=msg("saved or earned"), href="/centre/figures", tone="good", money=Money(940_000_000, "CNY")),
        v.Fruit(label=msg("kept in use or recovered"), href="/centre/figures", tone="plain", kg=389_000.0),
    )
    half = v.Slice(label=msg("Spent"), money=Money(260_000_000, "CNY"), share=50.0, tone="good")
    links = (v.LinkRow(href="/centre/result", title=msg("Results to accept"), badge=_chip("1", "warn")),)
    return v.CentreOverviewPage(
        title=msg("Overview"),
        strip=(v.FigureCard(label=msg("Papers"), value=v.Shown(text="8"), href="/centre/figures"),),
        chain=v.Chain(stations=stations, fruits=fruits, unsolved=2),
        waits=v.Block(title=msg("Waits for me"), links=links),
        news=v.Block(title=msg("News"), nothing=msg("No news about what you follow.")),
        targets=(v.Bullet(label=LONG, href="/centre/indicator/1", value="8 / 10", share=0.8, tick=0.9),),
        purse=v.Purse(received=Money(520_000_000, "CNY"), slices=(half,), href="/centre/fund"),
        deadlines=v.Block(title=msg("Deadlines"), links=links),
        results=v.Block(title=msg("Results by year"), nothing=msg("Nothing stands here yet.")),
    )


PAGES: dict[str, tuple[str, object]] = {
    "centre-list": ("/centre/member", record_list),
    "centre-record": ("/centre/project/1", record),
    "centre-form": ("/centre/project/new", form),
    "centre-overview": ("/centre", overview),
    "centre-sheet": ("/centre", sheet),
    "public-board": ("/boards/linhai", public_board),
}
