"""What touches the world: document readers, master data, order system, mail, exports; the effect ledger."""
