"""The child process that reads untrusted bytes: `python -m calm_pipeline.exports.parse IN ...`. Imports little.

On its standard output it leaves an Arrow stream, or exits with REFUSED and an error as JSON there.
"""

import json
import sys
from pathlib import Path

from pyarrow import ipc

from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.grid import parse
from calm_pipeline.exports.surround import Surround

REFUSED, OUT_OF_MEMORY = 2, 3


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


def main(source: str, memory: str, seconds: str, around: str) -> int:
    """Parse `source` within the limits; the exit code. `around` is a Surround as JSON."""
    limit(int(memory), int(seconds))
    path = Path(source)
    try:
        found = parse(path.read_bytes(), path.name, Surround(**json.loads(around)))
        table = found.to_ipc()
        with open(sys.stdout.fileno(), "wb", closefd=False) as out, ipc.new_stream(out, table.schema) as stream:
            stream.write_table(table)
    except ExportRefused as refused:
        sys.stdout.write(json.dumps(refused.as_json()))
        return REFUSED
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
