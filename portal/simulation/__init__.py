"""A season of any size, in bulk, with the invariants that the real actions keep; for benchmarks and load."""
