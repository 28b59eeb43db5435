"""A seeded demo world with hidden truth, and what it takes to score decisions against that truth."""
