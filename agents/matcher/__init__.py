"""Matches a draft to customer, ship-to, articles and units."""
