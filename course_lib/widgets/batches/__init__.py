"""Figures of lecture L09: how many rows to look at before a step, and how long the steps are.

    BatchNoise        the middle of a cloud, found B points at a time: noise 3/√B, and what it costs   (noise.js)
    MinibatchFan      32 learning rates on minibatches: the best rate grows with the batch              (fan.js)
    ScheduleDesigner  a schedule's curve, its Python, and what it does to a noisy descent                (designer.js)
    RobbinsMonro      η_k = c/k^a: do the steps reach, and does the noise die out?                       (conditions.js)

The arithmetic is in cloud.js, minifan.js and schedules.js, without a page.
"""

from course_lib.widgets.batches.figures import BatchNoise, MinibatchFan, RobbinsMonro, ScheduleDesigner

__all__ = ["BatchNoise", "MinibatchFan", "RobbinsMonro", "ScheduleDesigner"]
