"""`python -m licensecheck.demo [--port N] [-- COMMAND...]`: starts the demo Hub, alone or for the time of one command."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence

from licensecheck.demo import sample_hub


def main(arguments: Sequence[str]) -> int:
    """The exit code of the command that was run with HF_ENDPOINT set to the demo Hub; 0 after serving until Ctrl-C."""
    given = list(arguments)
    command = given[given.index("--") + 1 :] if "--" in given else []
    parser = argparse.ArgumentParser(prog="python -m licensecheck.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; a free one by default")
    options = parser.parse_args(given[: given.index("--")] if "--" in given else given)
    with sample_hub().start(options.port) as hub:
        print(f"The demo Hub listens at {hub.url} with {', '.join(sorted(id for _, id in hub.repos))}.", file=sys.stderr, flush=True)
        if command:
            code = _run(command, hub.url)
            print(f"The demo Hub answered {len(hub.requests)} requests.", file=sys.stderr)
            return code
        print(f"Try: HF_ENDPOINT={hub.url} licensecheck check sample-org/open-code-closed-weights", file=sys.stderr, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


def _run(command: Sequence[str], url: str) -> int:
    """Runs a command that sees only the demo Hub, with caches of its own, so that it leaves nothing behind."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HUGGING_FACE_"))}
        own = {"HF_ENDPOINT": url, "HF_HOME": folder, "LICENSECHECK_CACHE_DIR": f"{folder}/licensecheck", "NO_PROXY": "127.0.0.1,localhost"}
        try:
            return subprocess.run(command, env={**kept, **own}, check=False).returncode
        except FileNotFoundError:
            print(f"There is no command {command[0]}.", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
