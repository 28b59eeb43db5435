"""Charts as SVG made by the server: no script, no style attribute, a title on each."""

from takeback.web.console.charts.chain import chain_diagram, said_of
from takeback.web.console.charts.falling import falling_chart
from takeback.web.console.charts.fans import fan_chart, realised_chart
from takeback.web.console.charts.gantt import gantt_row
from takeback.web.console.charts.genealogy import genealogy_drawing
from takeback.web.console.charts.lines import (
    MoneyScale,
    balance_bars,
    day_bars,
    flip_scale,
    loss_bar,
    money_axis,
    option_interval,
    rival_line,
    share_bar,
)
from takeback.web.console.charts.loop import loop_diagram
from takeback.web.console.charts.qr import qr_code
from takeback.web.console.charts.routes import DayScale, HasRoutes, hour_axis, load_row, map_data, sketch

__all__ = [
    "DayScale",
    "HasRoutes",
    "MoneyScale",
    "balance_bars",
    "chain_diagram",
    "day_bars",
    "falling_chart",
    "fan_chart",
    "flip_scale",
    "gantt_row",
    "genealogy_drawing",
    "hour_axis",
    "load_row",
    "loop_diagram",
    "loss_bar",
    "map_data",
    "money_axis",
    "option_interval",
    "qr_code",
    "realised_chart",
    "rival_line",
    "said_of",
    "share_bar",
    "sketch",
]
