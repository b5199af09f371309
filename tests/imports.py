"""Made ready once for all commands that the tests run: what `calm` imports, but nothing that looks at a root.

Nor anything that starts a thread, which a fork would wait for: vl_convert may be imported here and not called, so that
a process of its own puts together the script of the report, which takes it seconds each time.
"""

import subprocess
import sys
from importlib import import_module

for _name in (
    "altair",
    "dagster",
    "dagster._daemon",
    "dagster._core.storage.event_log",
    "dagster._core.storage.runs",
    "ibis.backends.duckdb",
    "pandera.backends.ibis.builtin_checks",
    "statsmodels.formula.api",
    "statsmodels.multivariate.factor",
    "vl_convert",
    "calm_pipeline.persons.retain",
    "calm_pipeline.project",
    "calm_pipeline.reporting",
):
    import_module(_name)
import_module("calm_pipeline.expectations.judge")._gx()
_script = "import sys; from calm_pipeline.report.drawing import bundle; sys.stdout.buffer.write(bundle().encode())"
_bundle = subprocess.run([sys.executable, "-c", _script], stdout=subprocess.PIPE, check=True).stdout.decode()
setattr(import_module("calm_pipeline.report.render"), "bundle", lambda: _bundle)  # noqa: B010
