"""The order desk's graph as a drawing, made from the code itself (Mermaid)."""

from __future__ import annotations

from orderdesk.bootstrap import House


def drawing(house: House, *, inside: bool = False) -> str:
    """The graph as Mermaid text; with `inside`, each worker's own steps too."""
    drawn = house.server_graphs["order_desk"].get_graph(xray=inside).draw_mermaid(with_styles=False)
    return drawn.strip() + "\n"
