"""What several tests need and takes seconds to make: made by one worker, in a folder of the session, for all."""

import os
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

from filelock import FileLock

FOLDER = "CALM_TESTS_SHARED"
P = ParamSpec("P")
T = TypeVar("T")


def shared(make: Callable[P, T]) -> Callable[P, T]:
    """`make`, which is called once in a session for the same arguments, texts all."""

    @cache
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        file = Path(os.environ[FOLDER], "-".join([make.__module__, make.__name__, *map(str, args)]))
        with FileLock(f"{file}.lock"):
            if not file.exists():
                file.write_bytes(pickle.dumps(make(*args, **kwargs)))
        return pickle.loads(file.read_bytes())  # type: ignore[no-any-return]  # noqa: S301

    return made  # type: ignore[return-value]
