"""Running `calm` as a person does: in a process of its own, on a root folder of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parents[1]


def calm(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "calm_pipeline", *arguments]
    environment = {**os.environ, "CALM_ROOT": str(root), "COLUMNS": "220", "PYTHONUTF8": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def copy_of_the_project(root: Path) -> Path:
    """Declarations and raw data of this checkout, without anything derived."""
    shutil.copytree(HOME / "schemas", root / "schemas")
    shutil.copytree(HOME / "data" / "raw", root / "data" / "raw")
    return root
