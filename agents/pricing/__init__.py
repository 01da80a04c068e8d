"""Prices a matched order and compares it with what the customer stated."""
