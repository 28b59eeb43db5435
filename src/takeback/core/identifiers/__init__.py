"""GS1 identifiers: three spellings (EPC URN, element string, Digital Link) and one canonical form.

    parse("urn:epc:id:sgtin:4012345.011111.9876").uri   ->  https://id.gs1.org/01/04012345111118/21/9876

Sources: GS1 General Specifications (application identifiers, check digits, character sets), GS1 Digital Link
URI Syntax, EPC Tag Data Standard (URNs), CBV 2.0 section 8.9 (canonical form for event hashes).
"""

from takeback.core.identifiers.check import check_digit
from takeback.core.identifiers.identifier import Identifier
from takeback.core.identifiers.parsing import Scan, parse, scan

__all__ = ["Identifier", "Scan", "check_digit", "parse", "scan"]
