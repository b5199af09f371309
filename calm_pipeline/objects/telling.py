"""What the libraries below raise, told in words of ours: theirs may hold addresses and keys."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from calm_pipeline.errors import CalmError
from calm_pipeline.objects.refusals import OBJECTS

# By the name of a class or of one above it: which libraries are there depends on the store.
_CODES = {
    "ImportError": "store_no_driver",
    "FileNotFoundError": "store_missing",
    "PermissionError": "store_forbidden",
    "NoCredentialsError": "store_forbidden",
    "PartialCredentialsError": "store_forbidden",
    "CredentialRetrievalError": "store_forbidden",
    "ProfileNotFound": "store_forbidden",
    "ConnectionError": "store_unreachable",
    "HTTPClientError": "store_unreachable",
    "TimeoutError": "store_unreachable",
}


@contextmanager
def told(place: str, passed: type[OSError] | None = None) -> Iterator[None]:
    """Say what is raised inside by its class; `passed` goes through as it is.

    Raises:
        CalmError: in place of what was raised.
    """
    try:
        yield
    except _raised() as error:
        if passed and isinstance(error, passed):
            raise
        kinds = [cls.__name__ for cls in type(error).__mro__]
        code = next((_CODES[kind] for kind in kinds if kind in _CODES), "store_failed")
        raise CalmError.of(OBJECTS, code, place=place, kind=kinds[0]) from None


def _raised() -> tuple[type[Exception], ...]:
    """The errors of the system, and those of S3's library, which are none of them, if it is loaded at all."""
    module = sys.modules.get("botocore.exceptions")
    return (OSError, ImportError, *((module.BotoCoreError, module.ClientError) if module else ()))
