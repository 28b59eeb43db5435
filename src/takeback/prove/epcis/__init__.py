"""EPCIS 2.0 and CBV 2.0: documents read and written as JSON and XML, events in one standard form, the event hash.

An event inside Takeback is a plain `dict` in *standard form*: the field names of the JSON binding; CBV words bare;
identifiers as they came; extension fields as `prefix:name`, with the namespaces of its prefixes in its own
`@context`. A document in XML and its twin in JSON give the same events.

Sources: EPCIS 2.0 (ISO/IEC 19987:2024) sections 7, 9 and 10; CBV 2.0 (ISO/IEC 19988:2024) sections 7 and 8.
"""
