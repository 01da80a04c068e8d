"""Dates, stock and what has to be bought."""
