"""A5, Build autodiff: a value that remembers how it was made, and the walk back."""
