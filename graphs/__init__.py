"""How a case moves: state, supervisor, worker subgraphs, gate, interrupts, perform."""

import checkpoints  # sets strict deserialisation; must come before anything of LangGraph

__all__ = ["checkpoints"]
