"""Write what follows from the table of the CBV extension: JSON-LD context, vocabulary, shapes, sentences and page.

python tools/extension.py            rewrite them
python tools/extension.py --check    exit with 1 if one is not what the table says
"""

# ruff: noqa: T201 -- a command speaks by printing
from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from takeback.prove.extension import PREFIX, Term, context, shapes, table, vocabulary
from takeback.prove.extension.needs import needs_of
from takeback.prove.extension.terms import STARTS, TermKind, local
from takeback.prove.personal import NAMESPACE

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "takeback" / "prove" / "extension"
PAGE = ROOT / "docs" / "reference" / "cbv-extension.md"
EXAMPLES = ROOT / "docs" / "examples" / "reverse-logistics.jsonld"
MADE = "<!-- Made by `python tools/extension.py` from src/takeback/prove/extension/terms.toml; do not edit. -->"
SHOWN = ("health_testing", "shredding", "second_life_commissioning", "refunding")


def main() -> int:
    """Write or check the files; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say what is not up to date")
    checking = parser.parse_args().check
    stale = {path: text for path, text in made().items() if not path.is_file() or path.read_text("utf-8") != text}
    for path, text in stale.items():
        if checking:
            print(f"{path.relative_to(ROOT)} is not what the table says: run `python tools/extension.py`")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} is rewritten")
    return 1 if stale and checking else 0


def made() -> dict[Path, str]:
    """Return the files and what they should say."""
    return {
        PACKAGE / context.NAME: context.context(),
        PACKAGE / vocabulary.NAME: vocabulary.vocabulary(),
        PACKAGE / shapes.NAME: shapes.shapes(),
        PACKAGE / "sentences.py": sentences(),
        PAGE: page(),
    }


def sentences() -> str:
    """Return the module in which the translation catalogue finds what steps need."""
    listed = "\n".join(f"        msg({json.dumps(need.en)})," for need in table().need.values())
    return (
        '"""What business steps of the extension need, as sentences. Made by `python tools/extension.py`; '
        'do not edit."""\n\n'
        "from __future__ import annotations\n\nfrom takeback.core.message import msg\n\n"
        "SENTENCES = {\n    sentence.msgid: sentence\n    for sentence in (\n"
        f"{listed}\n    )\n}}\n"
    )


def page() -> str:
    """Return the page of the extension."""
    parts = [
        HEAD.format(made=MADE, namespace=NAMESPACE, version=table().version),
        _steps(),
        _words("disposition", "Dispositions", "`disposition`, `persistentDisposition`"),
        _words("transaction", "Business transaction types", "`bizTransactionList`, `type`"),
        _words("measurement", "Measurement types", "`sensorReport`, `type`; `takeback:property` of a statement"),
        _fields(),
        _examples(),
    ]
    return "\n".join(parts)


def _steps() -> str:
    rows = [
        f"{_start(name, term)} `{term.broader}` | {_needed(term)} | {term.source} |"
        for name, term in table().step.items()
    ]
    head = "| step | name | definition | broader | what the event must carry | source |\n|---|---|---|---|---|---|"
    return f"## Business steps\n\nURI: `{NAMESPACE}BizStep-` and the step.\n\n" + "\n".join([head, *rows]) + "\n"


def _start(name: str, term: Term) -> str:
    return f"| `{name}` | {term.en} {term.zh} | {term.says} {term.says_zh} |"


def _needed(term: Term) -> str:
    return "; ".join(need.en for need in needs_of(term))


def _words(kind: TermKind, title: str, place: str) -> str:
    rows = [f"{_start(name, term)} `{term.broader}` | {term.source} |" for name, term in table().of(kind).items()]
    head = "| word | name | definition | broader | source |\n|---|---|---|---|---|"
    start = NAMESPACE + STARTS[kind]
    return f"## {title}\n\nURI: `{start}` and the word. They stand in {place}.\n\n" + "\n".join([head, *rows]) + "\n"


def _fields() -> str:
    rows = [
        f"| `{PREFIX}:{name}` | {term.en} {term.zh} | {term.says} {term.says_zh} |"
        for name, term in table().field.items()
    ]
    head = "| field | name | meaning |\n|---|---|---|"
    return "## Fields of an event\n\n" + "\n".join([head, *rows]) + "\n"


def _examples() -> str:
    events = json.loads(EXAMPLES.read_text("utf-8"))["epcisBody"]["eventList"]
    by_step = {event["bizStep"].removeprefix(f"{PREFIX}:{local('step', '')}"): event for event in events}
    shown = [f"### {table().step[name].en}\n\n```json\n{_lines(by_step[name])}\n```\n" for name in SHOWN]
    return EXAMPLES_HEAD + "\n" + "\n".join(shown)


def _lines(event: Mapping[str, Any]) -> str:
    """Return an event with a line for each field."""
    fields = (f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in event.items())
    return "{\n" + ",\n".join(fields) + "\n}"


HEAD = """# Words for reverse logistics

{made}

The Core Business Vocabulary 2.0 knows neither returning nor grading, neither a health test nor a second life. This
open extension adds what returns and used batteries need, in English and Chinese, each word with the next broader word
of the CBV. Anybody may use it, without Takeback too (Apache License 2.0). Version {version}.

Its namespace is `{namespace}`, its usual prefix `takeback`. A Takeback serves, without sign-in:

| address | what it is |
|---|---|
| `/ns/epcis/` | the vocabulary or the context, whichever the `Accept` header prefers |
| `/ns/epcis/takeback-context.jsonld` | JSON-LD context: the prefix, and what the values of our fields are |
| `/ns/epcis/vocabulary.ttl` | the vocabulary: SKOS concepts and RDF properties |
| `/ns/epcis/shapes.ttl` | SHACL shapes: what an event of each step must carry |

## How to write them

Declare the prefix in `@context`, and write words as `takeback:BizStep-grading` or as full URIs: bare words in EPCIS
belong to the CBV alone. Our context goes beside that of EPCIS and declares nothing that EPCIS declares.

```json
"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {{"takeback": "{namespace}"}}]
```

A partner who does not know these words can take the `broader` one: grading *is* an inspecting. Takeback's own
validator knows them: a word or field of this namespace that does not stand here, and an event that lacks what its
step needs, is a warning with the mend (rules `own.unknown-word`, `own.unknown-field`, `own.step-needs`); it refuses
nothing, since your partner's version may be newer. The SHACL shapes say the same of events as RDF.

Materials that come out by mass are classes of things with a quantity in `KGM`, `GRM` or `TNE`.

Definitions are our own words. `source` says which law, standard or custom of the field a word comes from; it is no
legal advice, and the rules themselves stand there.

A second life can be reported in two ways. As a TransformationEvent, old identity in, new identity out: the old one
ends, and every trace of the new battery leads back to it; take this where you can. Or as an ObjectEvent with action
`ADD` and `takeback:formerIdentity`: the old identity is named, but traces, which follow the standard's own fields, do
not go through it.
"""
EXAMPLES_HEAD = """## Examples

One event of each step: [reverse-logistics.jsonld](../examples/reverse-logistics.jsonld). Check it, or your own, with
`takeback prove validate FILE`. Some of them:
"""

if __name__ == "__main__":
    sys.exit(main())
