"""`licensecheck cache`: what the local cache holds, by its terms, without any request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hub import FailingHub

import licensecheck
from licensecheck.cli import main_group
from licensecheck.demo import Large

TERMS = "Acme Model Terms\n\nYou agree not to use the Model:\n(a) in military operations or for warfare;\n"
CARD = "---\nlicense: apache-2.0\n---\n# A model\n"


@pytest.fixture
def held(hub: FailingHub, tmp_path: Path) -> Path:
    """A cache that two models were downloaded into, each by the Hub's own client; the one was checked before, the other never."""
    from huggingface_hub import snapshot_download

    hub.add("acme/open", {"README.md": CARD, "model.safetensors": Large(b"x" * 5000)})
    hub.add("acme/restricted", {"README.md": "# A\n", "LICENSE": TERMS, "model.safetensors": Large(b"x" * 2000)})
    licensecheck.download("acme/open", endpoint=hub.url, cache_dir=tmp_path / "hub")
    snapshot_download("acme/restricted", endpoint=hub.url, cache_dir=tmp_path / "hub")
    hub.requests.clear()
    return tmp_path / "hub"


def command(*arguments: str) -> Result:
    result = CliRunner().invoke(main_group, ["cache", *arguments], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result


def test_each_repo_stands_in_one_line_with_its_terms_and_the_policys_answer(held, hub):
    result = command("--hub-cache", str(held))
    text = " ".join(result.stdout.split())
    assert "acme/open@" in text
    assert "5.0 kB" in text or "5.1 kB" in text
    assert "2 repos at a commit: 1 allowed with warnings, 1 refused" in text
    assert result.return_value == 1
    assert hub.requests == []
    assert all(line == line.rstrip() and len(line) <= 80 for line in result.stdout.splitlines())


def test_the_other_formats_hold_the_same(held, hub):
    result = command("--hub-cache", str(held), "--format", "json", "--exit-zero")
    reports: list[dict[str, Any]] = json.loads(result.stdout)["reports"]
    assert [(r["repo"]["id"], r["decision"]["action"]) for r in reports] == [("acme/open", "warn"), ("acme/restricted", "deny")]
    assert {r["repo"]["commit"] for r in reports} == {repo.branches["main"] for repo in hub.repos.values()}
    assert result.return_value == 0
    assert hub.requests == []


def test_an_empty_cache_is_allowed_and_a_missing_one_is_a_mistake(tmp_path):
    (tmp_path / "hub").mkdir()
    result = command("--hub-cache", str(tmp_path / "hub"))
    assert (result.stdout, result.return_value) == ("0 repos at a commit: the cache is empty\n", 0)
    with pytest.raises(licensecheck.UsageError, match="is no folder"):
        command("--hub-cache", str(tmp_path / "nowhere"))


def test_the_place_of_licensechecks_own_cache_is_not_mistaken_for_it(tmp_path, monkeypatch):
    monkeypatch.setenv("LICENSECHECK_CACHE_DIR", str(tmp_path))
    result = CliRunner().invoke(main_group, ["cache"], standalone_mode=False)
    assert str(tmp_path) not in result.output


def test_a_damaged_entry_is_named_and_the_others_are_checked(held, capsys):
    (held / "models--acme--broken").mkdir()
    result = CliRunner().invoke(main_group, ["cache", "--hub-cache", str(held)], standalone_mode=False)
    assert "models--acme--broken" in result.stderr
    assert "2 repos at a commit" in result.stdout
