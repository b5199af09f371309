"""What starting costs: the engine is there without an orchestrator and without what judges at the end."""

import subprocess
import sys
from pkgutil import walk_packages

import calm_pipeline

NOT_ASKED = ("calm_pipeline.commands", "calm_pipeline.__main__", "calm_pipeline.spark.")
"""What begins a command, which may use all, and what needs pyspark."""
PROGRAM = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
    loaded = {"dagster", "great_expectations"} & sys.modules.keys()
    if loaded:
        raise SystemExit(f"{name} imports {loaded}")
"""


def test_the_engine_loads_neither_the_orchestrator_nor_what_judges_at_the_end() -> None:
    found = walk_packages(calm_pipeline.__path__, "calm_pipeline.")
    modules = [module.name for module in found if not module.name.startswith(NOT_ASKED)]
    said = subprocess.run([sys.executable, "-c", PROGRAM, *modules], capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")
