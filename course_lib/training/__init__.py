"""Training: the loop, what it records, and what may happen after each epoch.

    fit           the loop
    History       what it records
    EarlyStopping, Checkpoint, TensorBoardLogger, Callback      what may happen after each epoch
"""

from course_lib.training.callbacks import Callback, Checkpoint, EarlyStopping, TensorBoardLogger
from course_lib.training.history import History
from course_lib.training.loop import fit
from course_lib.training.run import Diverged, Run

__all__ = ["fit", "History", "EarlyStopping", "Checkpoint", "TensorBoardLogger", "Callback", "Run", "Diverged"]
