"""The correspondent's model rung: words a template's question in a language that has no template, and nothing else."""
