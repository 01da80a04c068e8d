"""The order desk: reads orders as they arrive, books what is certain, asks where it is not."""
