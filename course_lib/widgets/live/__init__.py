"""Watching `fit` at work: a bar of epochs, the losses as curves, and a mark where early stopping found its best."""

from course_lib.widgets.live.training import LiveTraining

__all__ = ["LiveTraining"]
