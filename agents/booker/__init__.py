"""Proposes exactly what would be booked."""
