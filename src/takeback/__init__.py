"""Takeback: every returned thing gets its best next life, decided with evidence, and anyone can check it."""

__version__ = "0.1.0"
