"""Import of CSV, Excel and JSON: a file is surveyed, examined without writing anything, and imported in one
transaction.

    known = survey(path, limit=settings.upload_limit)
    report = examine(actor, path, known, Options(subject="returns", site="WH-1"))
    outcome = run(actor, path, known, Options(subject="returns", site="WH-1"), which="all")
"""

from takeback.operate.imports.desk import commit_import, examine_import, forget, receive, take_in
from takeback.operate.imports.fields import Field, Subject
from takeback.operate.imports.header import Guess, guessed
from takeback.operate.imports.report import ErrorKind, Report, RowError, as_problem, error_problem
from takeback.operate.imports.running import Outcome, Which, examine, run
from takeback.operate.imports.runs import ImportRun, one, recent
from takeback.operate.imports.setting import Options
from takeback.operate.imports.subjects import SUBJECTS, subject_named
from takeback.operate.imports.surveying import Survey, check_size, survey
from takeback.operate.imports.uploads import Upload, remove_old

__all__ = [
    "SUBJECTS",
    "ErrorKind",
    "Field",
    "Guess",
    "ImportRun",
    "Options",
    "Outcome",
    "Report",
    "RowError",
    "Subject",
    "Survey",
    "Upload",
    "Which",
    "as_problem",
    "check_size",
    "commit_import",
    "error_problem",
    "examine",
    "examine_import",
    "forget",
    "guessed",
    "one",
    "receive",
    "recent",
    "remove_old",
    "run",
    "subject_named",
    "survey",
    "take_in",
]
