"""How good it is: datasets, evaluators, gates, benchmarks."""
