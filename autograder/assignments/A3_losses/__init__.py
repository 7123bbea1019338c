"""A3, Losses and matching outputs: its text, its questions and the mistakes they know."""
