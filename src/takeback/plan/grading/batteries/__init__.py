"""Grading of batteries: state of health from a capacity test or a short pulse test, with an honest interval."""
