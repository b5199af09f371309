"""Read once for all commands that the tests run: what `calm` imports on its way, but nothing that looks at a root.

Nor anything that starts a thread, which a fork would wait for: vl_convert may be imported here and not called.
"""

from importlib import import_module

for _name in ("altair", "dagster", "vl_convert", "calm_pipeline.project", "calm_pipeline.reporting"):
    import_module(_name)
import_module("calm_pipeline.expectations.judge")._gx()
