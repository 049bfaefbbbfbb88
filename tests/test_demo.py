"""The demo Hub speaks the Hub's language: the real client is the judge."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hub import FailingHub

from licensecheck.demo import DemoHub, Large, Weight, sample_hub


def run_demo(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "licensecheck.demo", "--", *command], check=False, capture_output=True, text=True, timeout=60
    )


def test_a_command_sees_only_the_demo_hub_and_its_exit_code_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    code = "import os, sys; print(os.environ['HF_ENDPOINT'], os.environ['HF_HOME'], os.environ.get('HF_TOKEN')); sys.exit(7)"
    found = run_demo(sys.executable, "-c", code)
    endpoint, home, token = found.stdout.split()
    assert found.returncode == 7
    assert endpoint.startswith("http://127.0.0.1:")
    assert token == "None"
    assert not Path(home).exists()


def test_an_unknown_command_is_wrong_usage() -> None:
    found = run_demo("no-such-command-here")
    assert (found.returncode, found.stdout) == (2, "")
    assert "no-such-command-here" in found.stderr


def test_the_sample_repos_have_the_shape_of_the_case_that_this_tool_is_for() -> None:
    repo = sample_hub().repos["model", "sample-org/open-code-closed-weights"]
    files = repo.commits[repo.branches["main"]]
    assert {"LICENSE-CODE", "LICENSE-MODEL", "README.md"} < files.keys()
    assert b"license: mit" in bytes(files["README.md"])  # type: ignore[arg-type]


def test_the_commits_of_the_sample_repos_are_the_same_on_every_start() -> None:
    assert [repo.branches for repo in sample_hub().repos.values()] == [repo.branches for repo in sample_hub().repos.values()]


def test_the_real_client_reads_a_repo_from_end_to_end(hub: FailingHub, tmp_path: Path) -> None:
    from huggingface_hub import HfApi, hf_hub_download, snapshot_download

    files = {
        "README.md": "---\nlicense: mit\n---\n",
        "a/LICENSE": "Terms.\n",
        "big.txt": Large(b"large\n" * 1000),
        "model.bin": Weight(5 << 30),
    }
    commit = hub.add("org/heron", files).branches["main"]
    api = HfApi(endpoint=hub.url)
    info = api.model_info("org/heron", files_metadata=True)
    assert (info.sha, info.card_data["license"] if info.card_data else None) == (commit, "mit")
    assert {sibling.rfilename: sibling.size for sibling in info.siblings or ()}["model.bin"] == 5 << 30
    assert api.list_repo_files("org/heron") == sorted(files)
    assert [branch.name for branch in api.list_repo_refs("org/heron").branches] == ["main"]
    path = hf_hub_download("org/heron", "a/LICENSE", endpoint=hub.url, cache_dir=tmp_path)
    assert Path(path).read_text() == "Terms.\n"
    assert f"snapshots/{commit}" in path
    folder = snapshot_download("org/heron", allow_patterns=["*.txt", "*.md"], endpoint=hub.url, cache_dir=tmp_path)
    assert (Path(folder) / "big.txt").read_bytes() == b"large\n" * 1000


def test_a_weight_is_listed_and_never_served(hub: FailingHub) -> None:
    from huggingface_hub import get_session

    hub.add("org/heron", {"model.bin": Weight(5 << 30)})
    answer = get_session().get(f"{hub.url}/org/heron/resolve/main/model.bin", timeout=5)
    assert answer.status_code == 403


def test_listings_come_in_pages(hub: FailingHub) -> None:
    from huggingface_hub import HfApi

    for i in range(7):
        hub.add(f"org/model-{i}", {"README.md": "---\nlicense: mit\n---\n"})
    hub.add("org/hidden", {}, is_private=True)
    hub.add("other/model", {})
    from huggingface_hub import get_session

    api = HfApi(endpoint=hub.url)
    assert [model.id for model in api.list_models(author="org")] == [f"org/model-{i}" for i in range(7)]
    first = get_session().get(f"{hub.url}/api/models?author=org&limit=3", timeout=5)
    assert ([model["id"] for model in first.json()], 'rel="next"' in first.headers["Link"]) == (
        ["org/model-0", "org/model-1", "org/model-2"],
        True,
    )
    last = get_session().get(f"{hub.url}/api/models?author=org&limit=3&cursor=6", timeout=5)
    assert ([model["id"] for model in last.json()], "Link" in last.headers) == (["org/model-6"], False)


def test_whoami_tells_a_token_that_works_from_one_that_does_not(hub: FailingHub) -> None:
    from huggingface_hub import HfApi
    from huggingface_hub.utils import HfHubHTTPError

    hub.tokens["hf_anna"] = "anna"
    assert HfApi(endpoint=hub.url, token="hf_anna").whoami()["name"] == "anna"
    with pytest.raises(HfHubHTTPError):
        HfApi(endpoint=hub.url, token="hf_wrong").whoami()


def test_a_hub_can_be_started_again() -> None:
    hub = DemoHub()
    hub.add("org/heron", {"LICENSE": "Terms.\n"})
    for _ in range(2):
        with hub:
            assert hub.url.startswith("http://127.0.0.1:")
    with pytest.raises(RuntimeError, match="does not run"):
        _ = hub.url


def test_a_check_asks_once_for_the_repo_and_once_for_each_text_and_later_only_for_the_repo(tmp_path: Path) -> None:
    repo = "sample-org/open-code-closed-weights"
    texts = {"README.md", "LICENSE-CODE", "LICENSE-MODEL"}
    with sample_hub() as hub:
        own = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hf"), "LICENSECHECK_CACHE_DIR": str(tmp_path / "cache")}

        def check(*options: str) -> tuple[int, bytes, list[str]]:
            before = len(hub.requests)
            command = [sys.executable, "-m", "licensecheck", "check", "--format", "json", *options, repo]
            found = subprocess.run(command, check=False, capture_output=True, env={**os.environ, **own}, timeout=60)
            return found.returncode, found.stdout, [request.path for request in hub.requests[before:]]

        code, cold, first = check()
        again, warm, second = check()
        _, offline, third = check("--offline")
    assert (code, again) == (1, 1)
    assert first[0] == f"/api/models/{repo}/revision/main"
    assert {path.rpartition("/")[2] for path in first[1:]} == texts
    assert len(first) == 1 + len(texts)
    assert second == [f"/api/models/{repo}/revision/main"]
    assert third == []
    assert cold == warm == offline
