"""Figures of lecture L01: what one neuron does, and what layers of them do.

    NeuronLine          one neuron with one input: w, b and the boundary where it changes its mind   (line.js)
    ActivationGallery   the bends and their slopes, from h = −10 to 10                               (gallery.js)
    NetReader           a small net: press a unit and read its weighted sum and its output           (reader.js)
    StackedLayers       layers on layers, with and without a bend between them                       (stacked.js)

The arithmetic is in bends.js, single.js, stack.js and layers.js, without a page, and is tested against course_lib.
"""

from course_lib.widgets.neuron.figures import ActivationGallery, NetReader, NeuronLine, StackedLayers

__all__ = ["NeuronLine", "ActivationGallery", "NetReader", "StackedLayers"]
