"""The web desk: pages and JSON API."""
