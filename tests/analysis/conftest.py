"""Property tests of statistics: no deadline, because the first example pays for SciPy's imports on a busy machine."""

from hypothesis import settings

settings.register_profile("statistics", deadline=None)
settings.load_profile("statistics")
