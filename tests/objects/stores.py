"""Looking into a store past all that is tested, and what is told of an error."""

from collections.abc import Callable
from typing import Any

import fsspec
import pytest

from calm_pipeline.errors import CalmError
from calm_pipeline.objects.store import Store

SECRET = "never-to-be-printed-4711"  # noqa: S105


def refused(code: str, action: Callable[..., Any], *given: Any, **named: Any) -> str:
    """What is told of an error of this code; no secret and no address of the account is in it."""
    with pytest.raises(CalmError) as caught:
        action(*given, **named)
    assert caught.value.code == code, caught.value.told
    assert SECRET not in caught.value.told
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return caught.value.told


def files_of(address: str) -> Any:
    """What fsspec makes of an address, apart from all that is tested."""
    return fsspec.url_to_fs(address, use_listings_cache=False, skip_instance_cache=True)[0]


def everything(store: Store) -> dict[str, bytes]:
    """Every object of a store and its bytes."""
    files, base = files_of(store.address), store.address.partition("://")[2].rstrip("/")
    return {path.removeprefix(f"{base}/"): files.cat_file(path) for path in files.find(base)}
