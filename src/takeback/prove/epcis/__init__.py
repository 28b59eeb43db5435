"""EPCIS 2.0 and CBV 2.0: reading, checking, hashing, asking."""
