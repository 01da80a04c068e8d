"""Saved databases of released versions, with open cases that today's code has to bring to their ends."""
