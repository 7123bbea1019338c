"""A6, Loops to matrices to GPU."""
