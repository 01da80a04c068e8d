"""Reads documents into an order draft."""
