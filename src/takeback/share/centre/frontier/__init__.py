"""The frontier watch: what was published elsewhere, the best values known, and who hears of it.

Read downwards: `source`, `reading` (files of references), `news`, `sources` (entered, tagged, found twice),
`importing`, `best_known`, `writing` (citations in five styles, `CITATION.cff`), `of_results` (the centre's own work,
cited), `figures`.
"""

from takeback.share.centre.frontier.best_known import (
    BestKnown,
    best_known,
    best_known_values,
    history,
    state_best_known,
    withdraw_best_known,
)
from takeback.share.centre.frontier.figures import figures
from takeback.share.centre.frontier.importing import Imported, ImportReport, import_sources
from takeback.share.centre.frontier.news import News, my_news, read_news
from takeback.share.centre.frontier.of_results import CITABLE, cff_of_result, cited_results
from takeback.share.centre.frontier.reading import READERS, Form
from takeback.share.centre.frontier.source import RULES, SORTS, Source, Writer
from takeback.share.centre.frontier.sources import change_source, enter_source, sources, tag_source
from takeback.share.centre.frontier.writing import MEDIA_TYPES, WRITERS, Style, citation_cff, export

__all__ = [
    "CITABLE", "MEDIA_TYPES", "READERS", "RULES", "SORTS", "WRITERS", "BestKnown", "Form", "ImportReport", "Imported",
    "News", "Source", "Style", "Writer", "best_known", "best_known_values", "cff_of_result", "change_source",
    "citation_cff", "cited_results", "enter_source", "export", "figures", "history", "import_sources", "my_news",
    "read_news", "sources", "state_best_known", "tag_source", "withdraw_best_known",
]  # fmt: skip
