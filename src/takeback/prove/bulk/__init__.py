"""Whole files of events: loaded quickly, taken up again where they were cut off, exported for analysis."""
