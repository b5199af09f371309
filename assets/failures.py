"""What Dagster is told when a step fails: an error of the catalogue, never an exception's own text."""

from collections.abc import Callable, Iterator
from contextlib import ContextDecorator
from functools import wraps
from inspect import isgeneratorfunction
from types import TracebackType
from typing import Any, TypeVar, cast

import dagster as dg

from calm_pipeline.failures import as_calm

Body = TypeVar("Body", bound=Callable[..., Any])


class Told(ContextDecorator):
    """Stands between our code and Dagster's event log, around all that an asset, a check, a sensor, a schedule
    or the storage does.

    Dagster stores what an exception says, its causes included, and exceptions of libraries quote the values they met.
    So whatever comes through leaves as `dg.Failure` with code, class and place. Nothing is handled: the step fails as
    it would have. Which library raises what cannot be listed, and one left out would be a leak.
    """

    def __call__(self, body: Body) -> Body:
        """Stand around `body`; of a generator also around what it does after its first step."""
        if not isgeneratorfunction(body):
            return super().__call__(body)

        @wraps(body)
        def steps(*given: Any, **named: Any) -> Iterator[Any]:
            with self:
                yield from body(*given, **named)

        return cast(Body, steps)

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Say in words of ours what came through; interrupts and what Dagster itself raises pass as they are."""
        if isinstance(error, Exception) and not isinstance(error, dg.DagsterError | dg.Failure | dg.RetryRequested):
            found = as_calm(error)
            raise dg.Failure(found.told, {"code": found.code}) from None


told = Told()
