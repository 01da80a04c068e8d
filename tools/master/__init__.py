"""Master data in Postgres: import from CSV, look-ups, article search."""
