"""How a case moves: state, supervisor, worker subgraphs, gate, interrupts, perform."""
