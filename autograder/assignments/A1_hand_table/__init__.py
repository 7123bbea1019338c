"""A1, The hand table: one neuron on paper, then in code."""
