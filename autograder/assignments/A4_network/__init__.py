"""A4, The 2-3-1 network: forward and backward through one hidden layer."""
