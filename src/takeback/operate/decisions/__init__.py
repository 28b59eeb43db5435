"""Dispositions decided from live data: the engine's problem is made of what the ledger knows, nothing else."""
