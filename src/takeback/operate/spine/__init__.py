"""The spine that batteries and parcels share: ordered, collected, received, graded, decided, recovered."""

STAGES = ("ordered", "collected", "received", "graded", "decided", "recovered")
