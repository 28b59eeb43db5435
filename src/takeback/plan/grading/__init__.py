"""Grading: what condition a returned thing is in, with how much certainty, and why."""
