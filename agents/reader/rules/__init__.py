"""The reader's rules rung: what reads an order without any language model."""

from agents.reader.rules.reading import read_by_rules

__all__ = ["read_by_rules"]
