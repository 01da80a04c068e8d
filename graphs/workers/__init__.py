"""The workers as subgraphs, each with typed input and output, each runnable and judged alone."""
