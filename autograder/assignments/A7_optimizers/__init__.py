"""A7, Optimizers, schedules, initializations."""
