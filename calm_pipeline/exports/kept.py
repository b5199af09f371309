"""What was read of large exports, kept beside the stages: a file that is as it was need not be read again.

Nothing personal is among it, since it is what the reader hands on; nor is anything kept where persons are asked for.
"""

import json
import os
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from calm_pipeline.exports.export import Export
from calm_pipeline.exports.remarks import Remark
from calm_pipeline.exports.stored import Stored
from calm_pipeline.files import replace as write
from calm_pipeline.root import digest


@dataclass(frozen=True)
class Kept:
    """A folder of read exports. `reading` are the digests of what decides how a file is read."""

    folder: Path
    reading: str

    def get(self, name: str, sha256_: str) -> Export | None:
        """The export of that name and bytes, if it was kept and is still what was kept."""
        about, frame = self._about(name, sha256_), self._frame(name, sha256_)
        if not (about.exists() and frame.exists()):
            return None
        told = json.loads(about.read_bytes())
        if told.pop("sha256") != digest(frame):
            return None
        return Export(
            name,
            frame=Stored(frame, told.pop("rows")),
            remarks=tuple(Remark(**one) for one in told.pop("remarks")),
            **told,
        )

    def put(self, name: str, sha256_: str, export: Export, stored: Stored) -> None:
        """Keep an export and the file that its frame is stored in."""
        about, frame = self._about(name, sha256_), self._frame(name, sha256_)
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = frame.with_name(f".{frame.name}.{os.getpid()}")
        shutil.copyfile(stored.file, draft)
        told = {
            "kind": export.kind,
            "reconstructed": export.reconstructed,
            "rows": stored.num_rows,
            "remarks": [asdict(one) for one in export.remarks],
            "sha256": digest(draft),
        }
        os.replace(draft, frame)
        write(about, json.dumps(told, ensure_ascii=False))

    def forget(self, all_but: Collection[tuple[str, str]]) -> None:
        """Remove what is kept of other files than these, each by its name and bytes."""
        wanted = {file.name for one in all_but for file in (self._about(*one), self._frame(*one))}
        for file in self.folder.glob("*"):
            if file.name not in wanted:
                file.unlink(missing_ok=True)

    def _about(self, name: str, sha256_: str) -> Path:
        return self.folder / f"{sha256(f'{self.reading} {name} {sha256_}'.encode()).hexdigest()}.json"

    def _frame(self, name: str, sha256_: str) -> Path:
        return self._about(name, sha256_).with_suffix(".arrow")
