"""Disposition: every returned thing gets the next life with the highest expected net recovery."""
