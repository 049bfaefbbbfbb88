"""Time and memory of reading: the shared texts in one call, and hostile texts whose time must grow with their length only.

`python benchmarks/speed.py [FOLDER]` prints tables for docs/accuracy.md. FOLDER holds */LICENSE.txt; without it
only hostile texts are read.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from pathlib import Path

MIB = 1024 * 1024


def hostile() -> dict[str, str]:
    """One MiB each of what a stranger might send."""
    noise = random.Random(0).randbytes(MIB).decode("latin-1")
    nested = "".join(f"{'  ' * (n % 40)}({'abcdefghij'[n % 10]}) you may not use it to:\n" for n in range(30_000))
    return {
        "may not use": "may not use " * (MIB // 12),
        "you may not use it for commercial purposes": "you may not use it for commercial purposes " * (MIB // 43),
        "deeply nested lists": nested[:MIB],
        "one line, no sentence": "word " * (MIB // 5),
        "a: 350,000 times": "a:\n" * 350_000,
        "no spaces at all": "x" * MIB,
        "random bytes": noise,
        "a million line breaks": "\n" * MIB,
        "不得使用": "不得使用" * (MIB // 12),
        "numbers": "1,000 " * (MIB // 6),
        "table rows": "| a | b |\n" * (MIB // 10),
        "defined terms": '"Permitted Purpose" means research. ' * (MIB // 36),
    }


def timed(text: str) -> float:
    """Seconds of one reading, by the rules alone."""
    from licensecheck import reading

    start = time.perf_counter()
    reading.read(text, "hostile", use_records=False)
    return time.perf_counter() - start


def main() -> None:
    if len(sys.argv) > 1:
        files = [str(p) for p in sorted(Path(sys.argv[1]).glob("*/LICENSE.txt"))]
        size = sum(Path(f).stat().st_size for f in files)
        start = time.perf_counter()
        command = [sys.executable, "-m", "licensecheck", "text", "--no-cache", "--no-records", "--format", "json", *files]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        took = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{len(files)} texts, {size / 1e6:.2f} MB, one call, one process, cold: {took:.1f} s, peak {peak:.0f} MiB\n")
    timed("You may not use it.")
    print("| 1 MiB of | half of it, s | all of it, s | ratio |\n| --- | --- | --- | --- |")
    for name, text in hostile().items():
        half, whole = timed(text[: len(text) // 2]), timed(text)
        print(f"| {name} | {half:.1f} | {whole:.1f} | {whole / half:.1f} |")
    print(f"\nPeak memory over all of them: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
