"""Messages in: stored once, split into cases, prioritised."""
