"""The figures of lecture L14: dropout, and networks that are averaged.

    MaskTable     a neuron whose inputs go missing: every mask, their mean, and what it says in use   (mask_table.js)
    MaskAverage   the average over masks against one pass with everything on                         (mask_average.js)
    Committee     n networks trained apart, their mean, and its error                                 (committee.js)
"""

from course_lib.widgets.dropout.committee import Committee
from course_lib.widgets.dropout.masks import MaskAverage, MaskTable

__all__ = ["MaskTable", "MaskAverage", "Committee"]
