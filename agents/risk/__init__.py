"""Credit, duplicates, fraud signs, injection, unusual quantities."""
