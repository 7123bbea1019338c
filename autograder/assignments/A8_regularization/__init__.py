"""A8, Regularization."""
