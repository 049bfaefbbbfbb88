"""The cache: what was read once need not be read again. Losing it costs time, never a result.

One SQLite file, shared by processes. Values are found by kind and key, and the key names everything the value depends on.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs

MOST_BYTES = 256 << 20  # of values; a reading has some kilobytes, so this is some ten thousand distinct texts
_PRUNE_EVERY = 500  # writes of one process between two looks at the size
_PATIENCE = 5.0  # seconds that a write waits for another process
_LAYOUT = 1  # goes up when the table changes; another layout is another file


def default_folder() -> Path:
    """Where the cache lies: `LICENSECHECK_CACHE_DIR`, else the user's cache directory."""
    named = os.environ.get("LICENSECHECK_CACHE_DIR")
    return Path(named).expanduser() if named else Path(platformdirs.user_cache_dir("licensecheck", appauthor=False))


class Store:
    """Values by kind and key. Every failure of the disk makes it forgetful, never an error.

    `tell` is called at most once, with one sentence, when the cache had to be rebuilt or cannot be used.
    """

    def __init__(self, folder: Path | None = None, *, tell: Callable[[str], None] = lambda message: None) -> None:
        self._path = (folder or default_folder()) / f"cache-{_LAYOUT}.sqlite"
        self._tell: Callable[[str], None] | None = tell
        self._writes = 0
        self._database: sqlite3.Connection | None = None
        self._process = os.getpid()
        self._open()

    def get(self, kind: str, key: str) -> Any | None:
        """The JSON value put under kind and key, or None."""
        data = self.get_bytes(kind, key)
        if data is None:
            return None
        try:
            return json.loads(data)
        except ValueError:
            return None

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keeps a JSON value; the latest one wins."""
        self.put_bytes(kind, key, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def get_bytes(self, kind: str, key: str) -> bytes | None:
        """The bytes put under kind and key, or None."""
        rows = self._run("SELECT value FROM entries WHERE kind = ? AND key = ?", (kind, key))
        return bytes(rows[0][0]) if rows else None

    def put_bytes(self, kind: str, key: str, value: bytes) -> None:
        """Keeps bytes; the latest ones win."""
        self._run("INSERT OR REPLACE INTO entries (kind, key, value, written) VALUES (?, ?, ?, ?)", (kind, key, value, int(time.time())))
        self._writes += 1
        if self._writes % _PRUNE_EVERY == 0:
            self.prune()

    def prune(self, most_bytes: int = MOST_BYTES) -> None:
        """Drops the entries written first until the values take at most `most_bytes`."""
        self._run(
            "DELETE FROM entries WHERE rowid IN (SELECT rowid FROM ("
            "SELECT rowid, SUM(LENGTH(value)) OVER (ORDER BY written DESC, rowid DESC) AS total FROM entries) WHERE total > ?)",
            (most_bytes,),
        )

    def close(self) -> None:
        """Lets go of the file; the store stays usable as one that remembers nothing."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = _connect(self._path)
        except sqlite3.DatabaseError as error:
            self._failed(error)
        except OSError as error:
            self._say(f"The cache folder {self._path.parent} cannot be used ({error.strerror}); nothing is cached.")

    def _run(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        if self._process != os.getpid():  # NOTE: a connection must not be carried over a fork
            self._database, self._process = None, os.getpid()
            self._open()
        if self._database is None:
            return []
        try:
            return self._database.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            self._failed(error)
            return []

    def _failed(self, error: sqlite3.DatabaseError) -> None:
        """A damaged file is put aside and begun anew; a busy, full or read-only one is let be."""
        if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
            if "locked" not in str(error):
                self._say(f"The cache {self._path} cannot be used ({error}); nothing is cached.")
                self.close()
            return
        self.close()
        try:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            self._database = _connect(self._path)
            self._say(f"The cache {self._path} was damaged and has been rebuilt.")
        except (sqlite3.DatabaseError, OSError):
            self._say(f"The cache {self._path} is damaged and cannot be rebuilt; nothing is cached.")

    def _say(self, message: str) -> None:
        if self._tell is not None:
            tell, self._tell = self._tell, None
            tell(message)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS entries"
            " (kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, written INTEGER NOT NULL, PRIMARY KEY (kind, key))"
        )
    except sqlite3.Error:
        database.close()
        raise
    return database
