"""Calls to language models: one path, a ladder of models, what they cost, and the answers on record."""
