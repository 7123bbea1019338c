"""The figures of lecture L11: where training begins.

    LayerSpread       activations, gradients and updates of a real net, layer by layer, for any gain, depth and φ
    SymmetryViewer    a 2-3-1 net that began with zeros, with equal weights or at random, and what its units learn

The wide net runs in the kernel (spread.py); theory.js works out what an endlessly wide one would do.
"""

from course_lib.widgets.initialization.spread import LayerSpread
from course_lib.widgets.initialization.symmetry import SymmetryViewer

__all__ = ["LayerSpread", "SymmetryViewer"]
