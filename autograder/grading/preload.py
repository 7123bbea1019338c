"""What every worker needs, imported once: the process that they are all forked from imports this, and does nothing else."""

from ..imports import skip_slow_formats

skip_slow_formats()

from nbformat.validator import get_validator  # noqa: E402

from ..sandbox import isolation, tiers  # noqa: E402
from . import unit  # noqa: E402, F401

get_validator(4, 5)                    # compiled from nbformat's schema
isolation.allowed_places(isolation.ALLOWED)
tiers.offered()
