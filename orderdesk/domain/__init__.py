"""Orders, money, quantities, dates, documents, evidence, findings, decisions: pure, no I/O."""
