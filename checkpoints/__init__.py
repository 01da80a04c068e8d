"""What survives a crash: the database, its migrations, the checkpoint saver and its allow-list.

`graphs` imports this package before anything of LangGraph, so that the line below is in force.
"""

import os

# LangGraph reads this once, while it is imported. Without it a row of the checkpoint tables can name any
# Python callable and have it executed on load. This package writes the environment here and never reads it.
os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")
