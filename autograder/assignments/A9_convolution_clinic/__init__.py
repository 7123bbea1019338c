"""A9, Convolution, clinic, report: a kernel by hand and in code, six sick runs, and a project."""
