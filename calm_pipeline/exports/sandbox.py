"""The parent's side of reading: one child process a file, with limits on size, memory and time."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from pyarrow import ipc

import calm_pipeline
from calm_pipeline.errors import ExportRefused, Place
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.parse import OUT_OF_MEMORY, REFUSED
from calm_pipeline.exports.privacy import shown
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.surround import NOTHING, Surround
from calm_pipeline.root import own

ABORTED = {-6, -9, 134, 137}
PROCESSOR_TIME = -24
SECRETS = ("CALM_KEY", "CALM_KEY_FILE")


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Memory is what the child may take on top of its imports."""

    file_bytes: int = 256 << 20
    memory_bytes: int = 1 << 30
    seconds: int = 60


def read_grid(path: Path, limits: Limits | None = None, around: Surround = NOTHING) -> Grid:
    """The cells of one file. Raises ExportRefused, whatever happens to the child; nothing is half read.

    The cells come through a pipe: a file would outlive a reader that is killed, with all that is personal in it.
    """
    limits = limits or Limits()
    _check_file(path, limits)
    with tempfile.TemporaryDirectory(prefix="calm-") as folder:
        cells = _run(path, Path(folder), limits, around)
    with ipc.open_stream(cells) as stream:
        return Grid.from_ipc(stream.read_all())


def _check_file(path: Path, limits: Limits) -> None:
    try:
        about, alone = path.lstat(), own(path)
    except FileNotFoundError as missing:
        raise refusal("missing_file", Place(shown(path.name))) from missing
    if not alone:
        raise refusal("not_a_file", Place(shown(path.name)))
    if about.st_size > limits.file_bytes:
        raise refusal("too_large", Place(shown(path.name)), limit=f"{limits.file_bytes >> 20} MiB")


def _run(path: Path, folder: Path, limits: Limits, around: Surround) -> bytes:
    """Arrow's own allocator reserves 1 GiB at a time, which would be the whole allowance: use the system's."""
    package = str(Path(calm_pipeline.__file__).resolve().parents[1])
    kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
    environment = kept | {"PYTHONPATH": package, "ARROW_DEFAULT_MEMORY_POOL": "system"}
    arguments = [str(path.resolve()), str(limits.memory_bytes), str(limits.seconds)]
    arguments.append(json.dumps(asdict(around)))
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "calm_pipeline.exports.parse", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise refusal("out_of_time", Place(shown(path.name)), limit=limits.seconds) from late
    if done.returncode != 0:
        raise _verdict(done, shown(path.name), limits)
    return done.stdout


def _verdict(done: subprocess.CompletedProcess[bytes], file: str, limits: Limits) -> ExportRefused:
    if done.returncode == REFUSED and done.stdout:
        reason = json.loads(done.stdout)
        return ExportRefused.from_json({**reason, "where": {**reason["where"], "file": file}})
    if done.returncode == OUT_OF_MEMORY or done.returncode in ABORTED:
        return refusal("out_of_memory", Place(file), limit=f"{limits.memory_bytes >> 20} MiB")
    if done.returncode == PROCESSOR_TIME:
        return refusal("out_of_time", Place(file), limit=limits.seconds)
    return refusal("unreadable", Place(file))
