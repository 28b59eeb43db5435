"""What the tests of identity share."""

from tests.support.people import people

__all__ = ["people"]
