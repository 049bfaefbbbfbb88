"""The guard, end to end: real Python processes under `licensecheck run`, the real clients, and a Hub whose log tells what was asked."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import textwrap
import threading
import time
import venv
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hub import FailingHub

from licensecheck.demo import Large, Request, Weight
from licensecheck.errors import LicenseCheckError, RefusedError, UndecidedError, UsageError
from licensecheck.guard import loading, ways
from licensecheck.guard.door import Door, Place, Settings, is_text

TERMS = """Acme Model Terms

You agree not to use the Model:
(a) in military operations or for warfare;
"""
OPEN_CARD = "---\nlicense: apache-2.0\n---\n# A model\n"
CONFIG = '{"model_type": "bert"}'
WEIGHTS = "model.safetensors"
FILE = "import huggingface_hub as h; print(h.hf_hub_download('acme/{}', 'config.json'))"


@pytest.fixture
def acme(hub: FailingHub) -> FailingHub:
    """A model whose terms forbid a field of use, and one that is open by its tag; the same for data."""
    restricted = {"README.md": "# A model\n", "LICENSE": TERMS, "config.json": CONFIG}
    hub.add("acme/restricted", {**restricted, WEIGHTS: Weight(9_000_000)})
    hub.add("acme/open", {"README.md": OPEN_CARD, "config.json": CONFIG, WEIGHTS: Large(b"weights of A")})
    hub.add("acme/silent", {"README.md": "# No terms\n", "config.json": CONFIG})
    hub.add("acme/closed-data", {"README.md": "# Data\n", "LICENSE": TERMS, "train.csv": "a,b\n1,2\n"}, type="dataset")
    hub.add("acme/open-data", {"README.md": "---\nlicense: cc0-1.0\n---\n", "train.csv": "a,b\n1,2\n"}, type="dataset")
    return hub


@pytest.fixture
def environ(acme: FailingHub, tmp_path: Path) -> dict[str, str]:
    """What a guarded process sees: this Hub, and a cache of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "LICENSECHECK_GUARD"))}
    return {**kept, "HF_ENDPOINT": acme.url, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_PROGRESS_BARS": "1"}


def run(environ: dict[str, str], code: str, *options: str, python: str = sys.executable, **more: str) -> subprocess.CompletedProcess[str]:
    """A Python program under `licensecheck run`."""
    command = [sys.executable, "-m", "hf_licensecheck", "run", *options, "--", python, "-c", textwrap.dedent(code)]
    return started(command, {**environ, **more})


def started(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environ, capture_output=True, text=True, encoding="utf-8", timeout=180, cwd=environ["HF_HOME"][:-3])


def asked_for(hub: FailingHub, name: str) -> list[str]:
    """The requests for a file, by its name at the end of the path."""
    return [path for path in hub.paths() if path.endswith(f"/{name}") or "/lfs/" in path]


# What is let in and what is not


def test_an_allowed_model_is_loaded_with_its_warning_and_the_exit_code_is_the_programs(acme, environ):
    result = run(environ, FILE.format("open") + "; raise SystemExit(7)")
    assert result.returncode == 7
    assert result.stdout.strip().endswith("config.json")
    assert result.stderr.count("acme/open: allowed with a warning by policy open-source") == 1


def test_a_refused_model_is_never_asked_for_a_file_on_any_way(acme, environ):
    result = run(
        environ,
        """
        import json, os
        import huggingface_hub as h, httpx, requests, urllib.request, urllib3
        url = os.environ["HF_ENDPOINT"] + "/acme/restricted/resolve/main/model.safetensors"
        fs, name = h.HfFileSystem(), "model.safetensors"
        ways = {
            "hf_hub_download": lambda: h.hf_hub_download("acme/restricted", name),
            "method": lambda: h.HfApi().hf_hub_download("acme/restricted", name, revision="main"),
            "local_dir": lambda: h.hf_hub_download("acme/restricted", name, local_dir="here"),
            "snapshot_download": lambda: h.snapshot_download("acme/restricted"),
            "pattern": lambda: h.snapshot_download("acme/restricted", allow_patterns=["*.safetensors", "LICENSE"]),
            "fs.open": lambda: fs.open("acme/restricted/" + name).read(),
            "fs.cat": lambda: fs.cat_file("acme/restricted/" + name),
            "fs.get": lambda: fs.get_file("acme/restricted@main/" + name, "there"),
            "httpx": lambda: httpx.get(url),
            "requests": lambda: requests.get(url),
            "urllib": lambda: urllib.request.urlopen(url),
            "urllib3": lambda: urllib3.PoolManager().request("GET", url, retries=False),
            "session": lambda: h.get_session().get(url),
        }
        for way, load in ways.items():
            try:
                load()
            except Exception as error:
                print(json.dumps([way, type(error).__name__, str(error)]))
            else:
                print(json.dumps([way, "loaded", ""]))
        """,
    )
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(told) == 13, result.stderr
    assert [way for way, _, said in told if "denied by policy open-source: field.military" not in said] == []
    assert {kind for way, kind, _ in told if "urllib" not in way} == {"RefusedError"}  # those two call it a failure of the connection
    assert asked_for(acme, WEIGHTS) == []
    assert result.stderr.count("licensecheck: refused: acme/restricted") == 1


def test_a_refused_data_set_is_never_read_and_an_open_one_is(acme, environ):
    result = run(
        environ,
        """
        import huggingface_hub as h
        print(h.HfFileSystem().cat_file("datasets/acme/open-data/train.csv"))
        h.hf_hub_download("acme/closed-data", "train.csv", repo_type="dataset")
        """,
    )
    assert "1,2" in result.stdout
    assert "RefusedError: acme/closed-data" in result.stderr
    assert [path for path in asked_for(acme, "train.csv") if "closed-data" in path] == []


def test_license_texts_and_cards_may_always_be_fetched(acme, environ):
    result = run(
        environ,
        """
        import huggingface_hub as h
        print(open(h.hf_hub_download("acme/restricted", "LICENSE")).readline())
        h.hf_hub_download("acme/restricted", "README.md")
        h.snapshot_download("acme/restricted", allow_patterns=["LICENSE*", "README.md"])
        h.HfFileSystem().cat_file("acme/restricted/LICENSE")
        """,
    )
    assert (result.returncode, result.stdout.strip()) == (0, "Acme Model Terms")


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("LICENSE", True),
        ("LICENSE-2.0", True),
        ("sub/Use_Policy.MD", True),
        ("README.md", True),
        ("NOTICE.txt", True),
        ("LICENSE.safetensors", False),
        ("license/model.bin", False),
        ("tokenizer.json", False),
        ("config.json", False),
        ("terms.py", False),
        ("", False),
    ],
)
def test_only_names_of_texts_pass_unjudged(name, may):
    assert is_text(name) is may


# Processes and threads


def test_child_processes_are_guarded_however_they_are_started(acme, environ, tmp_path):
    script = tmp_path / "spawned.py"
    script.write_text(
        textwrap.dedent("""
        import multiprocessing, subprocess, sys
        import huggingface_hub as h

        def load(queue):
            try:
                h.hf_hub_download("acme/restricted", "config.json")
            except Exception as error:
                queue.put(type(error).__name__)
            else:
                queue.put("loaded")

        if __name__ == "__main__":
            for method in ("spawn", "fork"):
                context = multiprocessing.get_context(method)
                queue = context.Queue()
                child = context.Process(target=load, args=(queue,))
                child.start()
                print(queue.get(timeout=60))
                child.join()
            code = "import huggingface_hub as h; h.hf_hub_download('acme/restricted', 'config.json')"
            print(subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode)
        """)
    )
    result = started([sys.executable, "-m", "hf_licensecheck", "run", "--", sys.executable, str(script)], environ)
    assert result.stdout.split() == ["RefusedError", "RefusedError", "1"], result.stderr
    assert asked_for(acme, "config.json") == []
    assert sum("/api/models/acme/restricted" in path for path in acme.paths()) == 1  # what one process of a run learnt, all know


def test_installed_by_hand_it_catches_names_that_others_took_earlier_and_child_processes(acme, environ):
    code = """
    import subprocess, sys
    from huggingface_hub import hf_hub_download, snapshot_download, try_to_load_from_cache
    from licensecheck import guard
    guard.install()
    guard.install()
    for load in (lambda: hf_hub_download("acme/restricted", "config.json"), lambda: snapshot_download("acme/restricted")):
        try:
            load()
        except OSError as error:
            print(type(error).__name__)
    code = "import huggingface_hub as h; h.hf_hub_download('acme/restricted', 'config.json')"
    print(subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode)
    """
    result = started([sys.executable, "-c", textwrap.dedent(code)], environ)
    assert result.stdout.split() == ["RefusedError", "RefusedError", "1"], result.stderr
    assert asked_for(acme, "config.json") == []


def test_threads_ask_once(acme, monkeypatch, tmp_path):
    door = Door(Settings(mode="warn", policy="open-source"))
    place = Place(acme.url, "model", "acme/open", "main")
    commits: list[str | None] = []
    threads = [threading.Thread(target=lambda: commits.append(door.let_in(place, WEIGHTS, "test"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(commits) == {acme.repos["model", "acme/open"].branches["main"]}
    assert len(commits) == 12
    assert sum("/api/" in path for path in acme.paths()) == 1


def test_an_environment_without_licensecheck_and_without_the_hubs_client_is_guarded_too(acme, environ, tmp_path):
    venv.create(tmp_path / "other", with_pip=False)
    python = tmp_path / "other" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    code = "import os, urllib.request as u; u.urlopen(os.environ['HF_ENDPOINT'] + '/acme/restricted/resolve/main/model.safetensors')"
    result = run(environ, code, python=str(python))
    assert result.returncode == 1
    assert "RefusedError: acme/restricted: denied" in result.stderr
    assert asked_for(acme, WEIGHTS) == []


def test_a_sitecustomize_that_stood_there_before_still_runs(acme, environ, tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "sitecustomize.py").write_text("import sys; sys.was_here = True\n")
    result = run(environ, "import sys, sitecustomize; print(sys.was_here, sitecustomize.__file__)", PYTHONPATH=str(tmp_path / "own"))
    assert result.stdout.split() == ["True", str(tmp_path / "own" / "sitecustomize.py")]


# The cache and the moving branch


def test_a_cached_file_is_judged_as_well_also_offline(acme, environ):
    acme.repos["model", "acme/restricted"].commit(
        {"README.md": "# A model\n", "LICENSE": TERMS, "config.json": CONFIG, WEIGHTS: Large(b"weights")}
    )
    fill = "import huggingface_hub as h; h.snapshot_download('acme/restricted'); h.snapshot_download('acme/open')"
    assert run(environ, fill, "--mode", "warn").returncode == 0
    acme.requests.clear()
    code = """
    import glob
    import huggingface_hub as h
    from huggingface_hub.constants import HF_HUB_CACHE
    config = HF_HUB_CACHE + "/models--acme--restricted/snapshots/*/config.json"
    for load in (
        lambda: h.hf_hub_download("acme/restricted", "model.safetensors"),
        lambda: h.hf_hub_download("acme/restricted", "model.safetensors", local_files_only=True),
        lambda: h.snapshot_download("acme/restricted"),
        lambda: h.snapshot_download("acme/restricted", local_files_only=True),
        lambda: h.try_to_load_from_cache("acme/restricted", "model.safetensors"),
        lambda: open(glob.glob(config)[0]),
    ):
        try:
            print(load())
        except OSError as error:
            print(type(error).__name__)
    print(h.hf_hub_download("acme/open", "model.safetensors"))
    """
    result = run(environ, code, HF_HUB_OFFLINE="1")
    *refused, loaded = result.stdout.split()
    assert refused == ["RefusedError"] * 6, result.stderr
    assert loaded.endswith(WEIGHTS)
    assert acme.requests == []


class MovingLog(list[Request]):
    """The log of a Hub that does something once, when a request for a path has come in: after the check, before the download."""

    def __init__(self, path: str, do: Callable[[], object]) -> None:
        super().__init__()
        self._path, self._do = path, do

    def append(self, request: Request) -> None:
        super().append(request)
        if request.path.endswith(self._path):
            self._path = "\0"
            self._do()


def test_a_branch_that_moves_between_check_and_download_means_the_commit_that_was_checked(acme, environ):
    repo = acme.repos["model", "acme/open"]
    checked = repo.branches["main"]
    moved = {"README.md": "# Now with terms\n", "LICENSE": TERMS, "config.json": '{"moved": true}', WEIGHTS: Large(b"weights of B")}
    acme.requests = MovingLog("/README.md", lambda: repo.commit(moved))
    result = run(
        environ,
        """
        import os, urllib.request
        import huggingface_hub as h, httpx
        url = os.environ["HF_ENDPOINT"] + "/acme/open/resolve/main/config.json"
        path = h.hf_hub_download("acme/open", "model.safetensors")
        print(open(path).read(), path.split("/")[-2])
        print(h.HfFileSystem().cat_file("acme/open/config.json").decode())
        print(h.HfFileSystem().cat_file("acme/open@main/config.json").decode())
        print(httpx.get(url).text, urllib.request.urlopen(url).read().decode())
        try:
            h.snapshot_download("acme/open")  # the Hub names the new commit for this, and so that one is judged
        except OSError as error:
            print(type(error).__name__)
        """,
    )
    assert repo.branches["main"] != checked
    first, second, third, fourth, last = result.stdout.splitlines()
    assert first == f"weights of A {checked}"
    assert [second, third, fourth] == [CONFIG, CONFIG, f"{CONFIG} {CONFIG}"]
    assert last == "RefusedError"
    assert [path for path in asked_for(acme, WEIGHTS) if repo.branches["main"] in path] == []


# Modes, and what cannot be decided


def test_warn_lets_in_and_tells_and_audit_only_writes(acme, environ, tmp_path):
    log = tmp_path / "loads.jsonl"
    warned = run(environ, FILE.format("restricted"), "--mode", "warn")
    assert warned.returncode == 0
    assert "licensecheck: warning: acme/restricted: denied by policy open-source: field.military" in warned.stderr
    code = "import huggingface_hub as h\nfor name in ('restricted', 'open', 'restricted'): h.hf_hub_download('acme/' + name, 'config.json')"
    for _ in range(2):
        audited = run(environ, code, "--mode", "audit", "--log", str(log))
        assert (audited.returncode, audited.stderr) == (0, "")
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [(line["repo"]["id"], line["action"], line["refused"], line["mode"]) for line in lines] == [
        ("acme/restricted", "deny", False, "audit"),
        ("acme/open", "warn", False, "audit"),
    ] * 2
    first = lines[0]
    assert first["repo"]["commit"] == acme.repos["model", "acme/restricted"].branches["main"]
    assert first["policy"]["name"] == "open-source"
    assert first["policy"]["digest"].startswith("sha256:")
    assert first["rules"].startswith("sha256:")
    assert first["reasons"][0]["clause"] == "field.military"
    assert first["file"] == "config.json"


def test_what_cannot_be_decided_is_refused_unless_the_user_says_otherwise(acme, environ):
    refused = run(environ, FILE.format("silent"))
    assert refused.returncode == 1
    assert "UndecidedError: acme/silent: not decided by policy open-source" in refused.stderr
    assert asked_for(acme, "config.json") == []
    warned = run(environ, FILE.format("silent"), "--undecided", "warn")
    assert warned.returncode == 0
    assert "licensecheck: warning: acme/silent: not decided" in warned.stderr


def test_a_hub_that_fails_or_a_checker_that_cannot_start_lets_nothing_in(acme, environ):
    acme.break_down(500, where="/api/")
    assert "UndecidedError: acme/open" in run(environ, FILE.format("open")).stderr
    acme.troubles.clear()
    code = "from licensecheck import guard; guard.install(); " + FILE.format("open")
    dead = started([sys.executable, "-c", code], {**environ, "LICENSECHECK_GUARD_PYTHON": "/nowhere/python"})
    assert "UndecidedError: acme/open: /nowhere/python cannot be started" in dead.stderr
    assert asked_for(acme, "config.json") == []


def test_what_licensecheck_itself_reads_in_a_guarded_process_is_not_judged(acme, environ):
    acme.add("acme/adapter", {"README.md": "# A\n", "LICENSE": TERMS, "adapter_config.json": '{"base_model_name_or_path": "acme/open"}'})
    result = run(
        environ,
        """
        import licensecheck
        print([ancestor.id for ancestor in licensecheck.check("acme/adapter").lineage])
        print(licensecheck.download("acme/open"))
        try:
            licensecheck.download("acme/restricted")
        except licensecheck.RefusedError as error:
            print(error.report.snapshot.id)
        """,
    )
    lineage, path, refused = result.stdout.split("\n")[:3]
    assert (lineage, refused) == ("['acme/open']", "acme/restricted"), result.stderr
    assert Path(path, WEIGHTS).read_bytes() == b"weights of A"


def test_a_policy_that_asks_for_pinned_commits_denies_the_branch_and_not_the_commit(acme, tmp_path):
    (tmp_path / "pinned.toml").write_text('extends = "open-source"\nrequire = ["pinned"]\n')
    door = Door(Settings(policy=str(tmp_path / "pinned.toml")))
    commit = acme.repos["model", "acme/open"].branches["main"]
    with pytest.raises(RefusedError, match="not pinned"):
        door.let_in(Place(acme.url, "model", "acme/open", "main"), WEIGHTS, "test")
    assert door.let_in(Place(acme.url, "model", "acme/open", commit), WEIGHTS, "test") == commit


def test_a_log_that_cannot_be_written_lets_nothing_in(acme, environ, tmp_path):
    code = """
    import huggingface_hub as h
    for _ in range(2):
        try:
            h.hf_hub_download("acme/open", "config.json")
        except OSError as error:
            print(error)
    """
    result = run(environ, code, "--mode", "audit", "--log", str(tmp_path / "no" / "such" / "log"))
    assert result.stdout.count("cannot be written") == 2
    assert asked_for(acme, "config.json") == []


def test_the_policy_of_the_folder_holds_wherever_the_program_goes(acme, environ, tmp_path):
    (tmp_path / "licensecheck.toml").write_text('extends = "open-source"\n[allow]\nclauses = ["field.military"]\nopenness = ["not-open"]\n')
    result = run(environ, "import os; os.chdir('/'); " + FILE.format("restricted"))
    assert result.returncode == 0, result.stderr


def test_mistakes_are_told_before_anything_starts(acme, environ, tmp_path):
    (tmp_path / "broken.toml").write_text("[allow\n")
    result = run(environ, "print('started')", "--policy", str(tmp_path / "broken.toml"))
    assert (result.returncode, result.stdout) == (2, "")
    assert "broken.toml:1" in result.stderr
    missing = started([sys.executable, "-m", "hf_licensecheck", "run", "--", "no-such-command"], environ)
    assert missing.returncode == 2
    assert "no-such-command cannot be started" in missing.stderr
    unguarded = started([sys.executable, "-c", "import licensecheck.guard as g; g.install('sleep')"], environ)
    assert "'sleep' is no mode of the guard" in unguarded.stderr


def test_a_process_that_cannot_be_guarded_does_not_start(acme, environ):
    startup = str(Path(ways.__file__).parent / "startup")
    result = started([sys.executable, "-c", "print('started')"], {**environ, "PYTHONPATH": startup, "LICENSECHECK_GUARD_MODE": "sleep"})
    assert result.returncode == 1
    assert result.stdout == ""
    assert "cannot be guarded, so it does not start: 'sleep' is no mode of the guard" in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_command_that_a_signal_ends_gives_the_code_of_a_shell(acme, environ):
    assert run(environ, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)").returncode == 137


# What it costs


def test_a_decided_repo_costs_less_than_five_milliseconds_a_call(acme, monkeypatch):
    from licensecheck.guard import door as doors

    monkeypatch.setattr(doors, "_door", None)
    doors.open_with(Settings(mode="warn", policy="open-source"))
    monkeypatch.setenv("HF_ENDPOINT", acme.url)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", acme.url)
    guarded = ways.hub_file(lambda repo_id, filename, revision=None: f"/c/models--acme--open/snapshots/{commit}/{filename}")
    commit = acme.repos["model", "acme/open"].branches["main"]
    guarded("acme/open", WEIGHTS)
    started_at = time.perf_counter()
    for _ in range(1000):
        guarded("acme/open", WEIGHTS, revision="main")
    assert (time.perf_counter() - started_at) / 1000 < 0.005
    assert ways.pinned(f"{acme.url}/acme/open/resolve/main/{WEIGHTS}?download=true", "test") == (
        f"{acme.url}/acme/open/resolve/{commit}/{WEIGHTS}?download=true"
    )
    assert ways.pinned(f"{acme.url.upper()}/acme%2Fopen/raw/main/x.bin", "test") == f"{acme.url.upper()}/acme%2Fopen/raw/{commit}/x.bin"
    assert ways.pinned("https://example.org/acme/open/resolve/main/x.bin", "test") == "https://example.org/acme/open/resolve/main/x.bin"


def test_the_guard_starts_without_the_packages_that_read_texts(environ):
    code = "import sys, licensecheck.guard as g; g.install(); print({'spacy', 'yaml', 'huggingface_hub', 'click'} & set(sys.modules))"
    assert started([sys.executable, "-c", code], environ).stdout.strip() == "set()"


# Parts


def test_a_refusal_travels_between_processes_with_its_decision():
    from licensecheck.types import Decision, Reason

    decision = Decision("deny", "mine", (Reason("deny", "no", "field.military"),))
    error = pickle.loads(pickle.dumps(RefusedError("no", "see", decision=decision)))
    assert (str(error), error.hint, error.decision, error.report) == ("no", "see", decision, None)
    assert isinstance(error, LicenseCheckError)
    assert isinstance(error, OSError)
    assert (RefusedError.exit_code, UndecidedError.exit_code) == (1, 3)


def test_settings_travel_through_the_environment(tmp_path):
    settings = Settings.settled({}, mode="audit", undecided="warn", log=tmp_path / "log")
    assert Settings.settled(settings.environment()) == settings
    with pytest.raises(UsageError, match="is no undecided of the guard"):
        Settings.settled({"LICENSECHECK_GUARD_UNDECIDED": "maybe"})


def test_a_module_is_changed_when_it_is_loaded_and_keeps_its_loader(monkeypatch, tmp_path):
    (tmp_path / "watched_module.py").write_text("def load():\n    return 'as it was'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [finder for finder in sys.meta_path if not isinstance(finder, loading._Finder)])
    loading.watch({"watched_module": {"load": lambda old: lambda: f"not {old()}", "absent": lambda old: old}})
    import watched_module  # type: ignore[import-not-found]

    assert watched_module.load() == "not as it was"
    assert "def load" in watched_module.__loader__.get_source("watched_module")
    del sys.modules["watched_module"]


# The libraries above the client


def library(name: str) -> Any:
    return pytest.mark.skipif(find_spec(name) is None, reason=f"{name} is not installed")


def tokenizer() -> dict[str, str]:
    """The files of a tokenizer of two words."""
    model = {"type": "WordLevel", "vocab": {"a": 0, "[UNK]": 1}, "unk_token": "[UNK]"}
    whole = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None}
    whole |= {"pre_tokenizer": {"type": "Whitespace"}, "post_processor": None, "decoder": None, "model": model}
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "[UNK]"}
    return {"tokenizer.json": json.dumps(whole), "tokenizer_config.json": json.dumps(config)}


@library("transformers")
def test_transformers_loads_what_is_allowed_and_shows_why_something_is_refused(acme, environ):
    acme.add("acme/open-words", {"README.md": OPEN_CARD, "config.json": CONFIG, **tokenizer()})
    result = run(
        environ,
        """
        from transformers import AutoConfig, AutoTokenizer
        words = AutoTokenizer.from_pretrained("acme/open-words")
        print(words("a b")["input_ids"], AutoConfig.from_pretrained("acme/open-words").model_type)
        for load in (AutoConfig, AutoTokenizer):
            try:
                load.from_pretrained("acme/restricted")
            except Exception as error:
                print(type(error).__name__, error)
        """,
    )
    loaded, *refused = result.stdout.splitlines()
    assert loaded == "[0, 1] bert", result.stderr
    assert len(refused) == 2
    assert all(line.startswith("RefusedError acme/restricted: denied by policy open-source: field.military") for line in refused)
    assert [path for path in asked_for(acme, "config.json") if "restricted" in path] == []


@library("transformers")
@library("torch")
def test_a_tiny_model_is_loaded_and_a_refused_one_is_not_asked_for_its_weights(acme, environ, tmp_path):
    make = f"""
    from transformers import BertConfig, BertModel
    small = dict(vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8)
    BertModel(BertConfig(**small)).save_pretrained({str(tmp_path / "tiny")!r})
    """
    assert started([sys.executable, "-c", textwrap.dedent(make)], environ).returncode == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "tiny").iterdir()}
    files[WEIGHTS] = Large(files[WEIGHTS])  # type: ignore[assignment]
    acme.add("acme/tiny", {**files, "README.md": OPEN_CARD})
    acme.add("acme/tiny-restricted", {**files, "LICENSE": TERMS})
    code = "from transformers import AutoModel; print(type(AutoModel.from_pretrained('acme/{}')).__name__)"
    assert run(environ, code.format("tiny")).stdout.strip() == "BertModel"
    acme.requests.clear()
    assert "RefusedError: acme/tiny-restricted" in run(environ, code.format("tiny-restricted")).stderr
    assert asked_for(acme, WEIGHTS) == []


@library("datasets")
def test_datasets_loads_what_is_allowed_and_neither_fetches_nor_reuses_what_is_not(acme, environ):
    load = "from datasets import load_dataset; print(load_dataset('acme/{}')['train'][0])"
    assert run(environ, load.format("open-data")).stdout.strip() == "{'a': 1, 'b': 2}"
    acme.requests.clear()
    assert "RefusedError: acme/closed-data" in run(environ, load.format("closed-data")).stderr
    assert asked_for(acme, "train.csv") == []
    assert started([sys.executable, "-c", load.format("closed-data")], environ).returncode == 0  # unguarded: it is prepared now
    again = run(environ, load.format("closed-data"), HF_HUB_OFFLINE="1")
    assert again.returncode == 1
    assert "Error: acme/closed-data" in again.stderr
