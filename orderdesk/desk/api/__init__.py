"""The JSON API under /desk/api/v1."""
