"""Tolerances, approval limits, precedence and autonomy: data, and the pure evaluation of it."""
