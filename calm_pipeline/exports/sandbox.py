"""The parent's side of reading: one child process a file, with limits on size, memory and time."""

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Timer
from typing import Literal

import pyarrow as pa
from pyarrow import ipc

import calm_pipeline
from calm_pipeline.errors import ExportRefused, Place
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.parse import DOUBTFUL, OUT_OF_MEMORY, REFUSED, REST
from calm_pipeline.exports.plain import Doubtful
from calm_pipeline.exports.privacy import shown
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.surround import NOTHING, Surround
from calm_pipeline.root import own

ABORTED = {-6, -9, 134, 137}
PROCESSOR_TIME = -24
SECRETS = ("CALM_KEY", "CALM_STORE", "AWS_", "FSSPEC_")  # or what their names begin with
ONE_THREAD = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}
SLOWEST = 2 << 20
"""Bytes a second below which even a large file is given up."""
How = Literal["plain", "exact"]


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Memory is what the child may take on top of its imports.

    A file larger than `file_bytes` is read only if it is plain, which takes no more memory; one of at least
    `plain_bytes` is tried so.
    """

    file_bytes: int = 256 << 20
    plain_bytes: int = 16 << 20
    memory_bytes: int = 1 << 30
    seconds: int = 60

    def time(self, size: int) -> int:
        """Seconds for a file of so many bytes."""
        return self.seconds and max(self.seconds, size // SLOWEST)


def read_grid(path: Path, limits: Limits | None = None, around: Surround = NOTHING) -> Grid:
    """The cells of one file, in memory. Raises ExportRefused, whatever happens to the child; nothing is half read."""
    found = list(read_grids(path, "exact", limits, around))
    return Grid(found[0].header, pa.concat_tables([one.rows for one in found]), found[-1].remarks, found[0].above)


def read_grids(
    path: Path, how: How = "exact", limits: Limits | None = None, around: Surround = NOTHING
) -> Iterator[Grid]:
    """The cells of one file as they come, in parts. The last one has the remarks.

    They come through a pipe: a file would outlive a reader that is killed, with all that is personal in it.

    Raises:
        ExportRefused: the file cannot be read, whatever happened to the child. Parts that came before do not count.
        Doubtful: it is not plain, or too small to be asked, and must be read exactly. The same holds for parts.
    """
    limits = limits or Limits()
    size = _checked_size(path)
    if how == "plain" and size < limits.plain_bytes:
        raise Doubtful
    if how == "exact" and size > limits.file_bytes:
        raise refusal("too_large", Place(shown(path.name)), limit=f"{limits.file_bytes >> 20} MiB")
    limits = replace(limits, seconds=limits.time(size))
    with tempfile.TemporaryDirectory(prefix="calm-") as folder:
        yield from _run(path, Path(folder), how, limits, around)


def _checked_size(path: Path) -> int:
    try:
        about, alone = path.lstat(), own(path)
    except FileNotFoundError as missing:
        raise refusal("missing_file", Place(shown(path.name))) from missing
    if not alone:
        raise refusal("not_a_file", Place(shown(path.name)))
    return about.st_size


def _run(path: Path, folder: Path, how: How, limits: Limits, around: Surround) -> Iterator[Grid]:
    late: list[bool] = []
    with _child(path, folder, how, limits, around) as child:

        def stop() -> None:
            late.append(True)
            child.kill()

        clock = Timer(limits.seconds, stop)
        clock.start()
        try:
            yield from _grids(child)
        finally:
            clock.cancel()
        _, said = child.communicate()
    if late:
        raise refusal("out_of_time", Place(shown(path.name)), limit=limits.seconds)
    if child.returncode == DOUBTFUL:
        raise Doubtful
    if child.returncode != 0:
        raise _verdict(child.returncode, said, shown(path.name), limits)


def _grids(child: "subprocess.Popen[bytes]") -> Iterator[Grid]:
    """What the child hands on before it ends; why it ends, its exit code tells."""
    assert isinstance(child.stdout, io.BufferedReader)  # noqa: S101
    try:
        with ipc.open_stream(child.stdout) as stream:
            for batch, about in stream.iter_batches_with_custom_metadata():
                yield Grid.from_rows(pa.Table.from_batches([batch]), about[REST])
    except (pa.ArrowInvalid, OSError):
        return


@contextmanager
def _child(path: Path, folder: Path, how: How, limits: Limits, around: Surround) -> Iterator["subprocess.Popen[bytes]"]:
    """Each thread, and Arrow's own allocator, would reserve much of the allowance and never touch it."""
    package = str(Path(calm_pipeline.__file__).resolve().parents[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
    environment = kept | {"PYTHONPATH": package, **ONE_THREAD}
    arguments = [str(path.resolve()), str(limits.memory_bytes), str(limits.seconds), how, json.dumps(asdict(around))]
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "calm_pipeline.exports.parse", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def _verdict(code: int, said: bytes, file: str, limits: Limits) -> ExportRefused:
    if code == REFUSED and said:
        reason = json.loads(said)
        return ExportRefused.from_json({**reason, "where": {**reason["where"], "file": file}})
    if code == OUT_OF_MEMORY or code in ABORTED:
        return refusal("out_of_memory", Place(file), limit=f"{limits.memory_bytes >> 20} MiB")
    if code == PROCESSOR_TIME:
        return refusal("out_of_time", Place(file), limit=limits.seconds)
    return refusal("unreadable", Place(file))
