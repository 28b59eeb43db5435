"""Tables in and out of a centre: existing lists from Word, Excel and CSV, every kind as Excel, CSV and JSON."""
