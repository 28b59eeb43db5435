"""`takeback share`: what organisations do together; a centre is one command group each."""

from __future__ import annotations

from cyclopts import App

from takeback.cli.share import centre

app = App(name="share", help="Innovation centres: founded, filled from files, taken out, reported.")
app.command(centre.app)
