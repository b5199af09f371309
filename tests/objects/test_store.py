"""What any store promises, on S3 and on a disk."""

from pathlib import Path

import pytest

from calm_pipeline.objects.store import Store, configured, required
from tests.objects.stores import SECRET, refused


def test_objects_are_put_listed_read_and_removed(either: Store, tmp_path: Path) -> None:
    assert either.list("a") == {}
    assert (either.read("a/b"), either.item("a/b")) == (None, None)
    either.write("a/b", b"one")
    (tmp_path / "file").write_bytes(b"two" * 9)
    either.put("a/c/d", tmp_path / "file")
    either.write("ab", b"not below a")
    assert {key: item.size for key, item in either.list("a").items()} == {"b": 3, "c/d": 27}
    assert either.read("a/b") == b"one"
    assert either.save("a/c/d", tmp_path / "back") == either.digest("a/c/d")
    assert (tmp_path / "back").read_bytes() == b"two" * 9
    either.remove("a/b")
    either.remove("a/b")
    assert either.list("a").keys() == {"c/d"}


def test_the_stamp_of_an_object_changes_with_it(either: Store) -> None:
    either.write("a/b", b"one")
    first = either.list("a")["b"]
    assert either.item("a/b") == first == either.list("a")["b"]
    either.write("a/b", b"two")
    assert either.item("a/b") != first


def test_one_of_two_creates(either: Store) -> None:
    assert either.create("owner", b"one")
    assert not either.create("owner", b"two")
    assert either.read("owner") == b"one"


def test_an_object_that_is_gone(either: Store) -> None:
    told = refused("store_missing", either.digest, "a/13812345678.csv")
    assert f"{either.address}/a/" in told
    assert "13812345678" not in told


@pytest.mark.parametrize(
    "address",
    [
        *("survey/calm", "s3:///", f"s3://someone:{SECRET}@bucket/calm", f"s3://bucket/calm?key={SECRET}"),
        *("unheard://bucket/calm", "simplecache::s3://bucket/calm"),
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALM_STORE", address)
    assert address not in refused("store_malformed", configured)


def test_a_store_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALM_STORE", " ")
    assert configured() is None
    assert "docs/object-storage.md" in refused("store_not_set", required)


def test_a_library_that_is_not_installed() -> None:
    pytest.importorskip("fsspec")
    assert "pip install" in refused("store_no_driver", Store, "gs://bucket/calm")


def test_a_bucket_that_does_not_exist(endpoint: str) -> None:
    store = Store("s3://no-such-bucket/calm")
    refused("store_missing", store.list, "vintages")
    refused("store_missing", store.write, "current", b"")


def test_a_store_that_does_not_answer(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    told = refused("store_unreachable", Store(f"s3://{bucket}/calm").list, "vintages")
    assert "127.0.0.1:9" not in told


def test_an_account_without_credentials(bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    refused("store_forbidden", Store(f"s3://{bucket}/calm").list, "vintages")


def test_an_account_that_may_not(either: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(f"AccessDenied for {SECRET}")

    monkeypatch.setattr(either._files, "find", denied)
    refused("store_forbidden", either.list, "vintages")
