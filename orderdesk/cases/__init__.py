"""The life of a case: start, drive, decide, answer; what desk, API and worker call."""
