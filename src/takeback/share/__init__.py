"""Gathers: the innovation centre and its commons will stand here, above what operates."""
