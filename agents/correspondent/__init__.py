"""Proposes the answer to the customer, from templates, in the customer's language."""
