"""The reader's rules rung: what reads an order without any language model."""

from agents.reader.rules.reading import RulesReading, read_by_rules, reading_by_rules

__all__ = ["RulesReading", "read_by_rules", "reading_by_rules"]
