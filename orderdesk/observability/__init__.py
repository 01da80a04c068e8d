"""Decision log, cost, latency, tracing."""
