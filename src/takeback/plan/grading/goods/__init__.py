"""Grading of goods: a checklist gives a grade with its trace; the station's record gives the odds that it is right."""
