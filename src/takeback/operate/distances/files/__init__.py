"""Distances out of a file: what others worked out, by the ids of places."""

from takeback.operate.distances.files.matrix_file import MatrixFile

__all__ = ["MatrixFile"]
