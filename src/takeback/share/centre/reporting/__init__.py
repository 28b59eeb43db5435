"""Reports of a centre, in which every figure clicks through to its proof, and candidate centres side by side.

Read downwards: `contents` (what a report says, gathered once) with `proofs` and `languages`; `pdf` with `chapters`,
`charts`, `grid`, `lettering` and `look`; `data` (JSON, Excel); `making` (all files in one call, kept with their
hashes) and `jobs`; `checking` (by anybody, with the file alone) with `rechecking` (one that is kept); `evidence` (the
page behind a figure); `comparing` with `beside` (candidate centres); `figures`.
"""

from takeback.share.centre.reporting.checking import check_report
from takeback.share.centre.reporting.comparing import Comparison, compare, compare_here, comparison_file, comparison_pdf
from takeback.share.centre.reporting.contents import Contents, Sort, gather
from takeback.share.centre.reporting.evidence import EvidenceLine, FigureEvidence, figure_evidence
from takeback.share.centre.reporting.facts import Report, ReportFile, Snapshot
from takeback.share.centre.reporting.figures import figures
from takeback.share.centre.reporting.jobs import ask_for_report
from takeback.share.centre.reporting.languages import LOCALES, Language, language
from takeback.share.centre.reporting.making import (
    Written,
    keep_report,
    make_report,
    publish_report,
    report_files,
    reports,
    withdraw_report,
    write_report,
)
from takeback.share.centre.reporting.rechecking import ReportCheck, recheck

__all__ = [
    "LOCALES",
    "Comparison",
    "Contents",
    "EvidenceLine",
    "FigureEvidence",
    "Language",
    "Report",
    "ReportCheck",
    "ReportFile",
    "Snapshot",
    "Sort",
    "Written",
    "ask_for_report",
    "check_report",
    "compare",
    "compare_here",
    "comparison_file",
    "comparison_pdf",
    "figure_evidence",
    "figures",
    "gather",
    "keep_report",
    "language",
    "make_report",
    "publish_report",
    "recheck",
    "report_files",
    "reports",
    "withdraw_report",
    "write_report",
]
