"""The child process that reads untrusted bytes: `python -m calm_pipeline.exports.parse IN ...`. Imports little.

On its standard output it leaves an Arrow stream of grids. It exits with DOUBTFUL or with REFUSED, and an error as JSON
on its standard error, whatever it wrote before.
"""

import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from pyarrow import ipc

from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.grid import Grid, parse
from calm_pipeline.exports.plain import Doubtful, parts
from calm_pipeline.exports.surround import Surround

REFUSED, OUT_OF_MEMORY, DOUBTFUL = 2, 3, 4
REST = b"rest"


def limit(memory: int, seconds: int) -> None:
    """Let this process take `memory` bytes of address space beyond what it has, and `seconds` of processor time.

    Address space is counted from the imports on, because libraries reserve several hundred MiB that they never touch
    and differ in how much. Platforms without such limits (Windows) leave the parent's clock as the only one.
    """
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    status = Path("/proc/self/statm")
    if status.exists():
        taken = int(status.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))


def main(source: str, memory: str, seconds: str, how: str, around: str) -> int:
    """Parse `source` within the limits, `plain` or `exact`; the exit code. `around` is a Surround as JSON."""
    limit(int(memory), int(seconds))
    path, surround = Path(source), Surround(**json.loads(around))
    try:
        _write(parts(path, surround) if how == "plain" else iter([parse(path.read_bytes(), path.name, surround)]))
    except ExportRefused as refused:
        sys.stderr.write(json.dumps(refused.as_json()))
        return REFUSED
    except Doubtful:
        return DOUBTFUL
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _write(grids: Iterator[Grid]) -> None:
    first = next(grids)
    with open(sys.stdout.fileno(), "wb", closefd=False) as out, ipc.new_stream(out, first.rows.schema) as stream:
        for grid in chain([first], grids):
            for batch in grid.rows.combine_chunks().to_batches():
                stream.write_batch(batch, custom_metadata={REST: grid.rest()})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
