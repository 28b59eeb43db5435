"""The words of reverse logistics that the Core Business Vocabulary 2.0 does not have, as an open extension of it.

terms.toml              the table: everything else is made from it by tools/extension.py
takeback-context.jsonld vocabulary.ttl shapes.ttl   the same for JSON-LD, SKOS and SHACL, served at /ns/epcis/
terms, words, needs     the table as the validator uses it
"""

from takeback.prove.extension.terms import PREFIX, Need, Table, Term, table

__all__ = ["PREFIX", "Need", "Table", "Term", "table"]
