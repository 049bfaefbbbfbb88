"""How fast and how rightly texts are named, beside ScanCode and PyPI's `licenseclassifier`, on the same texts in one run.

    python benchmarks/identify.py --peers PYTHON [--scancode DIR] [--corpus DIR] [--every N] > docs/identify.md

PYTHON is the interpreter of an environment with `scancode-toolkit-mini` (and `pluggy<1.6`) and `licenseclassifier`; a peer
that does not run is left out, and said to be. Development only: no part of CI. Prints a Markdown page.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import fingerprints as generator

from licensecheck import fingerprint, identify

HOLDER = "The Frob License\n\nCopyright (c) 2031-2033 Frob Institute and contributors\n\n"

# Runs in the peer's environment. Answers are (ids, whole): the ids it names, and whether it takes the text for that license whole
# and unchanged. ScanCode does when its one match has score 100 and leaves no word out; licenseclassifier has no word for it.
PEER = r"""
import json, sys, time, warnings
warnings.simplefilter("ignore")
name, file = sys.argv[1:]
texts = json.load(open(file))
started = time.perf_counter()
if name == "ScanCode":
    from licensedcode.cache import get_index
    index = get_index()
    def ask(text):
        found = index.match(query_string=text)
        words = len(found[0].query.tokens) if found else 0
        whole = len(found) == 1 and found[0].score() == 100 and found[0].len() == words
        return sorted({m.rule.license_expression for m in found}), whole
else:
    from licenseclassifier import identify_license
    def ask(text):
        found = sorted({m.id for m in identify_license(text)})
        return found, len(found) == 1
ask("warm up")
ready = time.perf_counter()
answers = [ask(text) for text in texts]
print(json.dumps({"setup": ready - started, "seconds": time.perf_counter() - ready, "answers": answers}))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one tool answered, and how long it took, in seconds."""

    setup: float
    seconds: float
    answers: list[tuple[list[str], bool]]


def ours(texts: list[str]) -> Run:
    """Our answers, with the fingerprints read from disk."""
    started = time.perf_counter()
    prints = identify.read(generator.TARGET)
    identify.identify("warm up", prints)
    ready = time.perf_counter()
    found = [identify.identify(text, prints) for text in texts]
    return Run(ready - started, time.perf_counter() - ready, [([f.license] if f.license else [], f.grade == "exact") for f in found])


def peer(python: str, name: str, texts: list[str]) -> Run | None:
    """The answers of one peer in its own environment; nothing when it does not run."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(texts, file)
        file.flush()
        done = subprocess.run([python, "-c", PEER, name, file.name], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name} does not run: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Prints the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True)
    parser.add_argument("--scancode", type=Path, default=generator.scancode_folder())
    parser.add_argument("--corpus", type=Path, default=generator.CORPUS)
    parser.add_argument("--every", type=int, default=10, help="take every Nth of ScanCode's other licenses")
    args = parser.parse_args()

    database = [s for s in generator.from_scancode(args.scancode) if len(fingerprint.normalise(s.text)) >= generator.MIN_WORDS]
    models = [(s.license, s.text) for s in generator.from_corpus(args.corpus)]
    approved = [(s.license, s.text) for s in database if s.rank == 1]
    others = [(identify.identify(s.text).license or "", s.text) for s in database if s.rank > 1][:: args.every]
    changed = [("", (args.corpus / name / "LICENSE.txt").read_text("utf-8")) for name in generator.mapping()["changed"]]
    groups = {
        "model licenses and use policies": models,
        "model licenses, another title and holder": [(id, HOLDER + text) for id, text in models],
        "OSI-approved": approved,
        "OSI-approved, another title and holder": [(id, HOLDER + text) for id, text in approved],
        "others of ScanCode's database": others,
        "changed copies": changed,
    }
    # The ids that ScanCode's keys stand for: equal words, one id.
    ids = {s.origin.removeprefix("scancode:"): identify.identify(s.text).license or s.license for s in database}
    tools = {"licensecheck": ours} | {
        name: lambda texts, name=name: peer(args.peers, name, texts) for name in ("ScanCode", "licenseclassifier")
    }
    rows: dict[str, list[str]] = {title: [] for title in ("setup, seconds", *(f"{t}: texts a second" for t in groups), *groups)}
    names = []
    for name, run in tools.items():
        runs = {title: run([text for _, text in group]) for title, group in groups.items()}
        if any(r is None for r in runs.values()):
            continue
        names.append(name)
        rows["setup, seconds"].append(f"{min(r.setup for r in runs.values()):.3f}")
        for title, group in groups.items():
            got = runs[title]
            rows[f"{title}: texts a second"].append(f"{len(group) / got.seconds:,.0f}")
            if title == "changed copies":
                rows[title].append(f"{sum(not whole for _, whole in got.answers)} of {len(group)}")
            else:
                right = sum(
                    [ids.get(a, a) for a in found] == [id] and (whole or name != "licensecheck")
                    for (id, _), (found, whole) in zip(group, got.answers, strict=True)
                )
                rows[title].append(f"{right} of {len(group)}")
    print_page(names, rows, sum(map(len, groups.values())))


def print_page(names: list[str], rows: dict[str, list[str]], count: int) -> None:
    """The Markdown page."""
    print("# Naming texts, beside other tools\n")
    print(f"Written by `python benchmarks/identify.py`: {count} texts, the same for every tool, one run on one core.\n")
    print("Right is: the text's own id and no other; of a changed copy, that it is not taken for an unchanged license.")
    print("ScanCode says so by a single match of score 100 that leaves no word out; licenseclassifier never tells the two apart.\n")
    print("Every tool is asked for texts that its own database was made from, where it has them: ours from all but the changed copies,")
    print("ScanCode from its own and less than half of the model licenses. ScanCode finds its own texts by one hash of the whole file;")
    print("any other text is matched, which is what a real LICENSE file with a holder takes.\n")
    print("| | " + " | ".join(names) + " |\n|---|" + "---:|" * len(names))
    for title, cells in rows.items():
        print(f"| {title} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
