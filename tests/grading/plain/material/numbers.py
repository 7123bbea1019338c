tolerance = 1e-9
