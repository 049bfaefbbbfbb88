"""`licensecheck download` and `licensecheck.download`: what is downloaded is what was checked, and what is refused is not asked for."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hub import FailingHub

import licensecheck
from licensecheck.cli import main_group, run
from licensecheck.demo import Large, Request, Weight
from licensecheck.types import Reason

TERMS = "Acme Model Terms\n\nYou agree not to use the Model:\n(a) in military operations or for warfare;\n"
CARD = "---\nlicense: apache-2.0\n---\n# A model\n"


@pytest.fixture
def acme(hub: FailingHub) -> FailingHub:
    hub.add("acme/open", {"README.md": CARD, "config.json": "{}", "model.safetensors": Large(b"weights of A")})
    hub.add("acme/restricted", {"README.md": "# A\n", "LICENSE": TERMS, "config.json": "{}", "model.safetensors": Weight(9_000)})
    hub.add("acme/silent", {"README.md": "# A\n", "model.safetensors": Weight(9_000)})
    hub.add("acme/data", {"README.md": "---\nlicense: cc0-1.0\n---\n", "train.csv": "a\n1\n"}, type="dataset")
    return hub


def weights_asked_for(hub: FailingHub) -> list[str]:
    return [path for path in hub.paths() if "safetensors" in path or "/lfs/" in path]


def head(hub: FailingHub, id: str = "acme/open") -> str:
    return hub.repos["model", id].branches["main"]


def test_an_allowed_repo_is_downloaded_at_the_commit_that_was_checked(acme, tmp_path):
    path = Path(licensecheck.download("acme/open", endpoint=acme.url, cache_dir=tmp_path / "hub"))
    assert (path / "model.safetensors").read_bytes() == b"weights of A"
    assert path == tmp_path / "hub" / "models--acme--open" / "snapshots" / head(acme)
    assert (tmp_path / "hub" / "models--acme--open" / "refs" / "main").read_text() == head(acme)  # so that it is found offline


def test_the_record_lies_beside_the_cache_and_says_by_which_policy_and_rules(acme, tmp_path):
    path = Path(licensecheck.download("acme/open", policy="open-source", endpoint=acme.url, cache_dir=tmp_path / "hub"))
    (record,) = (tmp_path / "licensecheck").rglob("*.json")
    assert record == tmp_path / "licensecheck" / "models--acme--open" / f"{head(acme)}.json"
    told = json.loads(record.read_text("utf-8"))
    assert told["repo"]["commit"] == head(acme)
    assert (told["action"], told["policy"]["name"], told["openness"], told["licenses"]) == ("warn", "open-source", "open", ["Apache-2.0"])
    assert told["policy"]["digest"].startswith("sha256:")
    assert told["tool"]["rules"].startswith("sha256:")
    assert not [p for p in path.rglob("*") if "licensecheck" in p.name]


def test_a_refused_repo_is_not_asked_for_a_weight_and_the_error_says_why(acme, tmp_path):
    with pytest.raises(licensecheck.RefusedError, match=r"acme/restricted: denied by policy open-source: .*field\.military") as caught:
        licensecheck.download("acme/restricted", endpoint=acme.url, cache_dir=tmp_path / "hub")
    error = caught.value
    assert error.exit_code == 1
    assert error.decision.action == "deny"
    assert any(isinstance(reason, Reason) and reason.clause == "field.military" for reason in error.decision.reasons)
    assert error.report.snapshot.commit == head(acme, "acme/restricted")
    assert weights_asked_for(acme) == []
    assert not (tmp_path / "licensecheck").exists()


@pytest.mark.parametrize(("id", "words"), [("acme/silent", "not decided"), ("acme/nowhere", "There is no model acme/nowhere")])
def test_what_cannot_be_decided_is_not_downloaded(acme, tmp_path, id, words):
    with pytest.raises(licensecheck.UndecidedError, match=words) as caught:
        licensecheck.download(id, endpoint=acme.url, cache_dir=tmp_path / "hub")
    assert caught.value.exit_code == 3
    assert weights_asked_for(acme) == []


class MovingLog(list[Request]):
    """The log of a Hub whose branch moves as soon as the card was read: after the check, before the download."""

    def __init__(self, hub: FailingHub) -> None:
        super().__init__()
        self._hub = hub

    def append(self, request: Request) -> None:
        super().append(request)
        if request.path.endswith("/README.md") and len(self._hub.repos["model", "acme/open"].commits) == 1:
            moved = {"README.md": "# B\n", "LICENSE": TERMS, "config.json": '{"moved": 1}', "model.safetensors": Large(b"weights of B")}
            self._hub.repos["model", "acme/open"].commit(moved)


def test_a_branch_that_moves_after_the_check_is_downloaded_as_it_was_checked(acme, tmp_path):
    checked = head(acme)
    acme.requests = MovingLog(acme)
    path = Path(licensecheck.download("acme/open", endpoint=acme.url, cache_dir=tmp_path / "hub"))
    assert head(acme) != checked
    assert path.name == checked
    assert (path / "model.safetensors").read_bytes() == b"weights of A"
    assert (path / "config.json").read_text() == "{}"
    assert not (path / "LICENSE").exists()


def test_the_command_prints_the_path_and_takes_the_options_of_the_client(acme, tmp_path):
    result = CliRunner().invoke(
        main_group,
        ["download", "acme/open@main", "--", "--include", "*.json", "README.md", f"--local-dir={tmp_path / 'here'}", "--max-workers", "2",
         "--cache-dir", str(tmp_path / "hub")],
        standalone_mode=False,
    )  # fmt: skip
    assert result.exception is None, result.exception
    assert result.stdout.strip() == str(tmp_path / "here")
    assert sorted(path.name for path in (tmp_path / "here").iterdir() if path.is_file()) == ["README.md", "config.json"]
    assert weights_asked_for(acme) == []
    assert list((tmp_path / "licensecheck").rglob("*.json"))


def test_a_data_set_is_downloaded_as_one(acme, tmp_path):
    path = Path(licensecheck.download("datasets/acme/data", endpoint=acme.url, cache_dir=tmp_path / "hub"))
    assert (path / "train.csv").is_file()
    assert "datasets--acme--data" in str(path)
    again = licensecheck.download("acme/data", repo_type="dataset", endpoint=acme.url, cache_dir=tmp_path / "hub")
    assert Path(again) == path


def test_what_was_checked_and_downloaded_once_is_given_offline(acme, tmp_path):
    online = licensecheck.download("acme/open", endpoint=acme.url, cache_dir=tmp_path / "hub")
    acme.requests.clear()
    offline = licensecheck.download("acme/open", endpoint=acme.url, cache_dir=tmp_path / "hub", offline=True, local_files_only=True)
    assert offline == online
    assert acme.requests == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["acme/restricted"], 1, "denied by policy open-source"),
        (["acme/silent"], 3, "not decided"),
        (["acme/open", "--", "--no-such"], 2, "--no-such is no option of snapshot_download"),
        (["acme/open", "--", "--local-dir"], 2, "--local-dir needs a value"),
        (["acme/open", "--", "--max-workers", "many"], 2, "is no number"),
        (["./"], 2, "is a folder"),
        (["acme/open", "--policy", "no-such"], 2, "no-such"),
    ],
)
def test_exit_codes_and_words_on_stderr(acme, capsys, monkeypatch, arguments, code, words):
    assert run(["download", *arguments]) == code
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""
    assert weights_asked_for(acme) == []


def test_an_option_that_the_client_lacks_is_a_mistake(acme):
    with pytest.raises(licensecheck.UsageError, match="snapshot_download has no option spped"):
        licensecheck.download("acme/open", spped=3)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights of files do not bind root")
def test_without_a_place_for_the_record_nothing_is_downloaded(acme, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(licensecheck.UsageError, match="cannot be written"):
        licensecheck.download("acme/open", endpoint=acme.url, cache_dir=tmp_path / "closed" / "hub")


def test_a_file_in_the_place_of_the_records_stops_the_download(acme, tmp_path):
    (tmp_path / "licensecheck").write_text("in the way")
    with pytest.raises(licensecheck.UsageError, match="cannot be written"):
        licensecheck.download("acme/open", endpoint=acme.url, cache_dir=tmp_path / "hub")
    assert weights_asked_for(acme) == []
