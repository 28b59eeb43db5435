"""Projects."""

from takeback.share.centre.projects.kinds import Project

__all__ = ["Project"]
