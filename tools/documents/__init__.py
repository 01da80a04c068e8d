"""Readers of documents: from bytes to text, tables and structured orders, each value with its place."""
