"""The table as a vocabulary in Turtle: SKOS concepts for words, RDF properties for fields."""

from __future__ import annotations

from takeback.prove.epcis.vocabulary import uri
from takeback.prove.extension.needs import needs_of
from takeback.prove.extension.terms import CBV_KIND, KINDS, PREFIX, Term, TermKind, local, table
from takeback.prove.extension.turtle import PREFIXES, texts, turtle_text
from takeback.prove.personal import NAMESPACE

NAME = "vocabulary.ttl"
_CLASSES: dict[TermKind, tuple[str, str, str]] = {
    "step": ("BizStep", "Business steps of reverse logistics", "逆向物流业务步骤"),
    "disposition": ("Disp", "Dispositions of reverse logistics", "逆向物流状态"),
    "transaction": ("BTT", "Business transaction types of reverse logistics", "逆向物流业务单据类型"),
    "measurement": ("MT", "Measurement types of reverse logistics", "逆向物流测量类型"),
}


def vocabulary() -> str:
    """Return the vocabulary as text."""
    return "\n".join([PREFIXES, _head(), *_schemes(), *(_term(*one) for one in table())])


def _head() -> str:
    made = table()
    return (
        f"<{NAMESPACE}> a owl:Ontology ;\n"
        f"    dcterms:title {texts('Reverse logistics for the CBV', '逆向物流 CBV 扩展')} ;\n"
        f'    owl:versionInfo {turtle_text(made.version)} ;\n    dcterms:modified "{made.changed}"^^xsd:date ;\n'
        "    dcterms:license <https://www.apache.org/licenses/LICENSE-2.0> ;\n"
        f'    vann:preferredNamespaceUri "{NAMESPACE}" ;\n    vann:preferredNamespacePrefix "{PREFIX}" .\n'
    )


def _schemes() -> list[str]:
    return [
        f"{PREFIX}:{name} a skos:ConceptScheme ;\n    skos:prefLabel {texts(en, zh)} ;\n"
        f"    rdfs:isDefinedBy <{NAMESPACE}> .\n"
        for name, en, zh in (_CLASSES[kind] for kind in KINDS if kind in _CLASSES)
    ]


def _term(kind: TermKind, name: str, term: Term) -> str:
    lines = [f"{PREFIX}:{local(kind, name)} a {'rdf:Property' if kind == 'field' else 'skos:Concept'}"]
    label, definition = ("rdfs:label", "rdfs:comment") if kind == "field" else ("skos:prefLabel", "skos:definition")
    lines += [f"{label} {texts(term.en, term.zh)}", f"{definition} {texts(term.says, term.says_zh)}"]
    if kind in _CLASSES:
        lines.append(f"skos:inScheme {PREFIX}:{_CLASSES[kind][0]}")
    if term.broader:
        lines.append(f"skos:broadMatch <{uri(CBV_KIND[kind], term.broader)}>")
    if kind == "step":
        needs = needs_of(term)
        en, zh = "; ".join(need.en for need in needs), "；".join(need.zh for need in needs)
        lines.append(f"skos:scopeNote {texts(f'Needs {en}', f'须有：{zh}')}")
    if term.source:
        lines.append(f"dcterms:source {turtle_text(term.source)}")
    lines.append(f"rdfs:isDefinedBy <{NAMESPACE}>")
    return " ;\n    ".join(lines) + " .\n"
