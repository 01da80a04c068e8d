"""Who judges: one folder per worker: its contract, its rules, its prompt files."""
