"""A2, Backprop for one neuron: from three small slopes to a neuron that learns."""
