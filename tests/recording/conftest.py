"""Helpers of these tests lie beside them."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

# Speed is not what these tests are about, and a busy machine is no failure.
settings.register_profile(
    "recording",
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("recording")
