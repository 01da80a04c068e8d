"""Deadlines, retries, breakers, budgets, and the ladder that ends at a person."""
