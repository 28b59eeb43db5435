"""A plan as files for people and other programs: CSV, Excel, GeoJSON, GPX and driver sheets.

All take `(problem, answer, *, day=None, gettext=None)` and return the bytes of the file. `answer` is a solution or a
plan; `day` the date of the day's origin, so that times become moments (without one they are times of the day);
`gettext` the language of headers and reasons (`Translations.gettext` of the console), English where it is None.
"""

from takeback.plan.collection.exports.delimited import to_csv
from takeback.plan.collection.exports.geojson import to_geojson
from takeback.plan.collection.exports.gpx import to_gpx
from takeback.plan.collection.exports.sheets import to_html
from takeback.plan.collection.exports.workbook import to_xlsx

__all__ = ["to_csv", "to_geojson", "to_gpx", "to_html", "to_xlsx"]
