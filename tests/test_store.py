"""The cache, shared and damaged."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from licensecheck.store import Store, default_folder


def database(folder: Path) -> Path:
    return next(folder.glob("*.sqlite"))


def test_what_was_put_is_got_by_kind_and_key_also_by_the_next_process(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.put("reading", "key", {"license": "MIT", "名": [1, None, 2.5]})
    first.put_bytes("blob", "key", b"\x00\xff")
    first.close()
    second = Store(tmp_path)
    assert second.get("reading", "key") == {"license": "MIT", "名": [1, None, 2.5]}
    assert second.get_bytes("blob", "key") == b"\x00\xff"
    assert second.get("reading", "other") is None
    assert second.get("other", "key") is None


def test_the_latest_value_wins(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("reading", "key", 1)
    store.put("reading", "key", 2)
    assert store.get("reading", "key") == 2


def test_the_folder_is_the_users_unless_the_environment_names_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LICENSECHECK_CACHE_DIR", str(tmp_path / "here"))
    assert default_folder() == tmp_path / "here"
    monkeypatch.delenv("LICENSECHECK_CACHE_DIR")
    assert default_folder().name == "licensecheck"


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b"", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_rebuilt_and_told_once(tmp_path: Path, damage: bytes) -> None:
    Store(tmp_path).close()
    database(tmp_path).write_bytes(damage)
    told: list[str] = []
    store = Store(tmp_path, tell=told.append)
    store.put("reading", "key", 1)
    assert store.get("reading", "key") == 1
    assert len(told) == (1 if damage else 0)
    assert Store(tmp_path).get("reading", "key") == 1


def test_damage_that_shows_only_in_use_is_repaired_too(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for i in range(200):
        store.put("reading", str(i), "x" * 500)
    store.close()
    path = database(tmp_path)
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)
    told: list[str] = []
    again = Store(tmp_path, tell=told.append)
    for i in range(200):
        again.get("reading", str(i))
        again.put("reading", str(i), i)
    assert again.get("reading", "7") == 7
    assert len(told) == 1
    assert "rebuilt" in told[0]


def test_a_folder_that_can_not_be_written_means_no_cache_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    told: list[str] = []
    store = Store(tmp_path / "file" / "cache", tell=told.append)
    store.put("reading", "key", 1)
    assert store.get("reading", "key") is None
    assert len(told) == 1
    assert "nothing is cached" in told[0]


def test_a_folder_in_place_of_the_file_means_no_cache_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache-1.sqlite").mkdir()
    told: list[str] = []
    store = Store(tmp_path, tell=told.append)
    store.put("reading", "key", 1)
    assert store.get("reading", "key") is None
    assert len(told) == 1


def test_a_full_disk_is_no_error(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.close()
    store.put("reading", "key", 1)
    assert store.get("reading", "key") is None


WRITER = """
import sys
from pathlib import Path
from licensecheck.store import Store
told = []
store = Store(Path(sys.argv[1]), tell=told.append)
for i in range(100):
    store.put("reading", f"{sys.argv[2]}-{i}", {"i": i, "text": "x" * 1000})
    assert store.get("reading", f"{sys.argv[2]}-{i}") == {"i": i, "text": "x" * 1000}
sys.exit(len(told))
"""


def test_many_processes_write_at_once_and_lose_nothing(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(n)]) for n in range(4)]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    store = Store(tmp_path)
    assert all(store.get("reading", f"{n}-{i}") for n in range(4) for i in range(100))


def test_many_threads_share_one_store(tmp_path: Path) -> None:
    store = Store(tmp_path)
    threads = [threading.Thread(target=lambda n=n: [store.put("reading", f"{n}-{i}", i) for i in range(50)]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(store.get("reading", f"{n}-{i}") == i for n in range(8) for i in range(50))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_opens_the_file_for_itself(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("reading", "parent", 1)
    child = os.fork()
    if child == 0:
        store.put("reading", "child", 2)
        os._exit(0 if store.get("reading", "parent") == 1 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert store.get("reading", "child") == 2


def test_a_busy_file_costs_the_value_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licensecheck.store._PATIENCE", 0.1)
    store = Store(tmp_path)
    store.put("reading", "key", 1)
    other = sqlite3.connect(database(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store.put("reading", "key", 2)
    other.execute("ROLLBACK")
    other.close()
    assert store.get("reading", "key") == 1


def test_the_oldest_values_go_when_there_are_too_many(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for i in range(20):
        store.put_bytes("blob", str(i), b"x" * 100)
    store.prune(most_bytes=500)
    assert [i for i in range(20) if store.get_bytes("blob", str(i)) is not None] == [15, 16, 17, 18, 19]
