"""A second, minimal reading of public order files: plain text, patterns and paths, nothing of our readers.

Each module's `cases_of(raw)` gives the orders a file states: [] where it states none, None where this reading
cannot tell. It reads only what it is sure of: order number, date, lines, quantities, prices.
"""
