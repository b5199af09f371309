"""One command in a process of its own: wall and processor seconds, and the peak memory of it and all its children."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

EVERY = 0.05
"""Seconds between two looks at the memory."""
SPARE = 1 << 30
"""Bytes that stay free for everybody else; who would take them is ended."""


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds of processors, and bytes at the peak (shared pages counted once; 0: not known).

    `failed` says why there is no result.
    """

    wall: float
    cpu: float
    peak: int
    failed: str = ""


def medians(costs: Sequence[Cost]) -> Cost:
    """The median of each figure; what failed once has failed."""
    walls, cpus, peaks = ([getattr(cost, name) for cost in costs] for name in ("wall", "cpu", "peak"))
    failed = next((cost.failed for cost in costs if cost.failed), "")
    return Cost(median(walls), median(cpus), int(median(peaks)), failed)


def measured(command: Sequence[str], **environment: str) -> Cost:
    """Run a command to its end."""
    began, peak, failed = time.perf_counter(), 0, ""
    child = subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.DEVNULL, start_new_session=True, env={**os.environ, **environment}
    )
    while True:
        ended, code, usage = os.wait4(child.pid, os.WNOHANG)
        if ended:
            break
        peak = max(peak, sum(map(_bytes, _tree(child.pid))))
        if not failed and _available() < SPARE:
            failed = "out of memory"
            os.killpg(child.pid, signal.SIGKILL)
        time.sleep(EVERY)
    child.returncode = os.waitstatus_to_exitcode(code)
    failed = failed or (f"exit code {child.returncode}" if child.returncode else "")
    return Cost(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, peak, failed)


def python(*arguments: str, **environment: str) -> Cost:
    """The same for this interpreter."""
    return measured([sys.executable, *arguments], **environment)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        for child in _read(task / "children").split():
            yield from _tree(int(child))


def _bytes(pid: int) -> int:
    """Its share of the memory: pages that several processes hold are divided between them."""
    return _kilobytes(_read(Path(f"/proc/{pid}/smaps_rollup")), "Pss:") or 0


def _available() -> float:
    known = _kilobytes(_read(Path("/proc/meminfo")), "MemAvailable:")
    return float("inf") if known is None else known


def _kilobytes(text: str, name: str) -> int | None:
    found = (line.split()[1] for line in text.splitlines() if line.startswith(name))
    return next((int(kilobytes) << 10 for kilobytes in found), None)


def _read(file: Path) -> str:
    """What the system says; nothing of a process that has ended, or where there is no /proc."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""
