"""Booked orders posted to the company, signed, and known to it by the key of the effect."""
