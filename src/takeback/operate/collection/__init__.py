"""Collection days planned from live orders."""
