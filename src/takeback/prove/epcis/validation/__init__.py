"""The three-stage validator of EPCIS 2.0 events: schema, semantics, life cycle.

    schema      does the document have the form that EPCIS 2.0 section 10 (JSON) or 9 (XML) gives it?
    semantics   does each event say what the standard allows it to say?
    lifecycle   does it fit what is known of the things that it names?

Errors of the first two stages refuse an event; findings of the third are stored with it.
"""

from takeback.prove.epcis.validation.finding import Finding, Severity

__all__ = ["Finding", "Severity"]
