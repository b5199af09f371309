"""Hypothesis profiles: a short form for the ordinary run, a long one for `make fuzz`."""

import os

from hypothesis import HealthCheck, Phase, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
QUICK = [Phase.explicit, Phase.reuse, Phase.generate]
settings.register_profile("ordinary", max_examples=25, deadline=None, phases=QUICK, suppress_health_check=SLOW)
settings.register_profile("fuzz", max_examples=1000, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))
