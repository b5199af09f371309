"""Made once for all commands that the tests run: what `calm` imports and bundles, but nothing that looks at a root."""

from importlib import import_module

for _name in ("altair", "dagster", "vl_convert", "calm_pipeline.project", "calm_pipeline.reporting"):
    import_module(_name)
import_module("calm_pipeline.expectations.judge")._gx()
import_module("calm_pipeline.report.drawing").bundle()
