"""Review items, decisions, and what is learned from them."""
