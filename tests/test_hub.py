"""The Hub as the real client meets it: over HTTP, at its best and at its worst."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub import FailingHub

from licensecheck import hub as hub_module
from licensecheck import refs, texts
from licensecheck.demo import Large, Weight
from licensecheck.errors import HubError
from licensecheck.hub import Hub
from licensecheck.store import Store
from licensecheck.types import BaseModel, File

CARD = "---\nlicense: mit\nbase_model: org/base\nbase_model_relation: finetune\n---\n# Heron\n"
TERMS = "You may use the weights.\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    kept = Store(tmp_path / "store")
    yield kept
    kept.close()


def add_heron(hub: FailingHub, **settings: object) -> str:
    repo = hub.add("org/heron", {"README.md": CARD, "LICENSE": TERMS, "model.safetensors": Weight(9_000_000_000)}, **settings)
    return repo.branches["main"]


def refusal(hub: Hub, ref: str, path: str | None = None) -> HubError:
    def ask() -> None:
        snapshot = hub.snapshot(refs.parse(ref))
        if path:
            hub.read(snapshot, path)

    with pytest.raises(HubError) as caught:
        ask()
    assert "\n" not in caught.value.message
    return caught.value


# What a check sees


def test_one_request_tells_the_commit_the_claims_and_the_files(hub: FailingHub) -> None:
    commit = add_heron(hub)
    found = Hub().snapshot(refs.parse("org/heron"))
    assert (found.id, found.type, found.commit, found.revision, found.gated) == ("org/heron", "model", commit, "main", False)
    assert found.url == f"{hub.url}/org/heron"
    assert (found.card.license, found.card.base_models) == (("mit",), (BaseModel("org/base", "finetune"),))
    assert [file.path for file in found.files] == ["LICENSE", "README.md", "model.safetensors"]
    assert found.files[0].size == len(TERMS)
    assert found.files[2].is_lfs
    assert found.problems == ()
    assert hub.paths() == ["GET /api/models/org/heron/revision/main"]


def test_a_file_costs_one_request_and_is_read_at_the_commit_that_was_looked_at(hub: FailingHub) -> None:
    commit = add_heron(hub)
    ours = Hub()
    snapshot = ours.snapshot(refs.parse("org/heron"))
    hub.repos["model", "org/heron"].commit({"LICENSE": "Other terms.\n"})
    assert ours.read(snapshot, "LICENSE").decode() == TERMS
    assert hub.paths()[1:] == [f"GET /org/heron/resolve/{commit}/LICENSE"]
    assert ours.snapshot(refs.parse("org/heron")).commit != commit


def test_a_text_that_was_read_once_is_not_fetched_again_wherever_it_stands(hub: FailingHub, store: Store) -> None:
    add_heron(hub)
    hub.add("other/copy", {"COPYING": TERMS})
    ours = Hub(memory=store)
    ours.read(ours.snapshot(refs.parse("org/heron")), "LICENSE")
    before = len(hub.requests)
    again = Hub(memory=store)
    assert again.read(again.snapshot(refs.parse("org/heron")), "LICENSE").decode() == TERMS
    assert again.read(again.snapshot(refs.parse("other/copy")), "COPYING").decode() == TERMS
    assert hub.paths()[before:] == ["GET /api/models/org/heron/revision/main", "GET /api/models/other/copy/revision/main"]


def test_datasets_and_spaces_are_looked_at_like_models(hub: FailingHub) -> None:
    for type in ("dataset", "space"):
        hub.add("org/thing", {"README.md": "---\nlicense: cc-by-4.0\n---\n", "LICENSE": f"Terms of a {type}.\n"}, type=type)
        ours = Hub()
        found = ours.snapshot(refs.parse(f"{type}s/org/thing"))
        assert (found.type, found.card.license, found.url) == (type, ("cc-by-4.0",), f"{hub.url}/{type}s/org/thing")
        assert ours.read(found, "LICENSE").decode() == f"Terms of a {type}.\n"


@pytest.mark.parametrize("revision", ["v1", "feature/x", "refs/pr/1"])
def test_branches_with_any_name_are_resolved_to_their_commit(hub: FailingHub, revision: str) -> None:
    add_heron(hub)
    commit = hub.repos["model", "org/heron"].commit({"LICENSE": "Terms of a branch.\n"}, branch=revision)
    ours = Hub()
    found = ours.snapshot(refs.parse(f"org/heron@{revision}"))
    assert (found.commit, found.revision) == (commit, revision)
    assert ours.read(found, "LICENSE").decode() == "Terms of a branch.\n"
    assert ours.snapshot(refs.parse(f"org/heron@{commit}")).commit == commit


def test_a_renamed_repo_is_followed_to_its_new_id(hub: FailingHub) -> None:
    add_heron(hub)
    hub.renamed["old/name"] = "org/heron"
    ours = Hub()
    found = ours.snapshot(refs.parse("old/name"))
    assert (found.id, found.ref.id, found.problems) == ("org/heron", "old/name", ())
    assert ours.read(found, "LICENSE").decode() == TERMS


def test_a_license_kept_in_lfs_is_read_through_its_redirect(hub: FailingHub) -> None:
    hub.add("org/heron", {"LICENSE": Large(TERMS.encode())})
    ours = Hub()
    assert ours.read(ours.snapshot(refs.parse("org/heron")), "LICENSE").decode() == TERMS


@pytest.mark.parametrize("path", ["模型许可协议.txt", "My License (final)#1?.md", "100% terms.txt", "licenses/a b/LICENSE"])
def test_file_names_of_every_kind_are_asked_for_as_they_are(hub: FailingHub, path: str) -> None:
    hub.add("org/heron", {path: TERMS})
    ours = Hub()
    assert ours.read(ours.snapshot(refs.parse("org/heron")), path).decode() == TERMS


@pytest.mark.parametrize(
    "card", [{"tags": 5}, {"self": 1}, {"license": {"x": [1]}}, {"license": None}, "text", ["a"], 7, {"base_model": [None, {}]}]
)
def test_a_card_with_values_of_odd_types_does_not_hide_the_repo(hub: FailingHub, card: object) -> None:
    hub.add("org/heron", {"LICENSE": TERMS}, card_data=card)
    found = Hub().snapshot(refs.parse("org/heron"))
    assert found.card.license == ()
    assert [file.path for file in found.files] == ["LICENSE"]


def test_a_gated_repo_is_seen_by_its_metadata_and_its_files_are_refused(hub: FailingHub) -> None:
    hub.add(
        "org/gated",
        {"README.md": "---\nextra_gated_prompt: Research only.\n---\n", "LICENSE": TERMS},
        gated="manual",
        accepted=frozenset({"anna"}),
    )
    hub.tokens.update({"hf_anna": "anna", "hf_bert": "bert"})
    found = Hub().snapshot(refs.parse("org/gated"))
    assert (found.gated, found.card.gate_prompt) == ("manual", "Research only.")
    nobody = refusal(Hub(), "org/gated", "LICENSE")
    assert (nobody.kind, "HF_TOKEN" in nobody.hint) == ("gated-no-token", True)
    unknown = refusal(Hub(token="hf_bert"), "org/gated", "LICENSE")
    assert (unknown.kind, f"{hub.url}/org/gated" in unknown.hint) == ("gated-not-accepted", True)
    ours = Hub(token="hf_anna")
    assert ours.read(ours.snapshot(refs.parse("org/gated")), "LICENSE").decode() == TERMS


# What goes wrong


def test_a_missing_repo_is_told_from_a_missing_revision(hub: FailingHub) -> None:
    add_heron(hub)
    hub.tokens["hf_anna"] = "anna"
    missing = refusal(Hub(), "org/nothing")
    assert (missing.kind, "org/nothing" in missing.message, "token" in missing.hint) == ("not-found", True, True)
    assert refusal(Hub(token="hf_anna"), "org/nothing").kind == "not-found"
    revision = refusal(Hub(), "org/heron@v9")
    assert (revision.kind, "v9" in revision.message) == ("no-revision", True)


def test_a_folder_with_the_name_of_a_missing_repo_is_pointed_at(hub: FailingHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "org" / "local").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert "./org/local" in refusal(Hub(), "org/local").hint


def test_a_private_repo_looks_like_a_missing_one(hub: FailingHub) -> None:
    add_heron(hub, is_private=True)
    assert refusal(Hub(), "org/heron").kind == "not-found"


def test_a_token_that_the_hub_does_not_know_is_named_as_the_cause(hub: FailingHub) -> None:
    add_heron(hub, gated="auto")
    wrong = refusal(Hub(token="hf_expired"), "org/heron", "LICENSE")
    assert (wrong.kind, "hf auth login" in wrong.hint, "hf_expired" in str(wrong)) == ("bad-token", True, False)


def test_a_saved_token_is_sent_unless_it_is_told_not_to(hub: FailingHub, monkeypatch: pytest.MonkeyPatch) -> None:
    add_heron(hub)
    monkeypatch.setenv("HF_TOKEN", "hf_saved")
    for token in (None, False, "hf_given"):
        Hub(token=token).snapshot(refs.parse("org/heron"))
    assert [request.token for request in hub.requests] == ["hf_saved", None, "hf_given"]
    monkeypatch.setenv("HF_TOKEN", "hf_\u043d")
    assert refusal(Hub(), "org/heron").kind == "bad-token"


def test_a_disabled_repo_says_so(hub: FailingHub) -> None:
    add_heron(hub, is_disabled=True)
    assert refusal(Hub(), "org/heron").kind == "disabled"


def test_a_missing_file_says_so(hub: FailingHub) -> None:
    add_heron(hub)
    assert refusal(Hub(), "org/heron", "NOTICE").kind == "no-file"


@pytest.mark.parametrize("header", ["RateLimit", "Retry-After"])
def test_a_rate_limit_tells_how_long_to_wait_and_is_not_waited_for(hub: FailingHub, header: str) -> None:
    hub.limit_rate(217, header=header)
    started = time.monotonic()
    limited = refusal(Hub(), "org/heron")
    assert (limited.kind, "217 seconds" in limited.message) == ("rate-limited", True)
    assert time.monotonic() - started < 2
    assert len(hub.requests) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_an_answer_of_failure_is_the_hubs_and_not_the_repos(hub: FailingHub, status: int) -> None:
    hub.break_down(status)
    assert refusal(Hub(), "org/heron").kind == "server-error"


def test_a_failure_while_a_file_is_read_is_told_too(hub: FailingHub) -> None:
    add_heron(hub)
    hub.break_down(503, where="/resolve/")
    assert refusal(Hub(), "org/heron", "LICENSE").kind == "server-error"


def test_nothing_that_listens_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    gone = refusal(Hub(endpoint=f"http://127.0.0.1:{port}"), "org/heron")
    assert (gone.kind, str(port) in gone.message, "HF_ENDPOINT" in gone.hint) == ("unreachable", True, True)


@pytest.mark.parametrize("endpoint", ["mirror.example", "http://127.0.0.1:port", "http://[::1", "ftp://127.0.0.1", "http:///x"])
def test_an_address_that_is_no_url_is_unreachable(endpoint: str) -> None:
    assert refusal(Hub(endpoint=endpoint), "org/heron").kind == "unreachable"


def test_a_list_of_files_without_end_is_cut_off(hub: FailingHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "METADATA_LIMIT", 1 << 20)
    hub.say(200, b" " * (2 << 20))
    found = refusal(Hub(), "org/heron")
    assert (found.kind, "the list of files" in found.message) == ("too-large", True)


def test_a_hub_that_hangs_up_is_unreachable(hub: FailingHub) -> None:
    hub.hang_up()
    assert refusal(Hub(), "org/heron").kind == "unreachable"


def test_a_silent_hub_is_given_up_in_time(hub: FailingHub) -> None:
    hub.fall_silent()
    started = time.monotonic()
    assert refusal(Hub(timeout=0.3), "org/heron").kind == "timeout"
    assert time.monotonic() - started < 2


def test_a_hub_that_answers_byte_by_byte_is_given_up_in_time(hub: FailingHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "PATIENCE", 1.0)
    add_heron(hub)
    hub.drip(0.2)
    started = time.monotonic()
    assert refusal(Hub(timeout=0.5), "org/heron").kind == "timeout"
    assert time.monotonic() - started < 3


def test_many_questions_to_a_dead_hub_take_no_longer_than_its_patience(hub: FailingHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "PATIENCE", 1.0)
    hub.fall_silent()
    ours = Hub(timeout=0.4)
    started = time.monotonic()
    assert {refusal(ours, f"org/repo-{i}").kind for i in range(40)} == {"timeout"}
    assert time.monotonic() - started < 3


def test_a_hub_that_wakes_up_again_is_asked_again(hub: FailingHub) -> None:
    add_heron(hub)
    hub.fall_silent()
    ours = Hub(timeout=0.3)
    assert refusal(ours, "org/heron").kind == "timeout"
    hub.troubles.clear()
    assert ours.snapshot(refs.parse("org/heron")).id == "org/heron"


def test_a_hub_that_was_given_up_is_asked_again_after_a_rest(hub: FailingHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "PATIENCE", 0.2)
    monkeypatch.setattr(hub_module, "REST", 0.5)
    add_heron(hub)
    hub.fall_silent()
    ours = Hub()
    assert refusal(ours, "org/heron").kind == "timeout"
    hub.troubles.clear()
    before = len(hub.requests)
    assert refusal(ours, "org/heron").kind == "timeout"
    assert len(hub.requests) == before
    time.sleep(0.6)
    monkeypatch.setattr(hub_module, "PATIENCE", 25.0)
    assert ours.snapshot(refs.parse("org/heron")).id == "org/heron"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Please sign in</html>",
        b"[]",
        b"{}",
        b'{"id": 5, "sha": 7}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"id": "o/n", "sha": "../../x"}',
        b'{"id": "../x", "sha": "%s"}' % (b"a" * 40),
    ],
)
def test_an_answer_that_no_hub_gives_is_no_hub(hub: FailingHub, body: bytes) -> None:
    hub.say(200, body)
    assert refusal(Hub(), "org/heron").kind == "not-a-hub"


def test_a_message_of_the_hub_reaches_the_user_on_one_clean_line(hub: FailingHub) -> None:
    from licensecheck.demo import Trouble

    hub.fail("/api/", Trouble(403, {"X-Error-Message": "refused by \x1b[31mpolicy " + "x" * 5000}))
    found = refusal(Hub(), "org/heron")
    assert (found.kind, "refused by" in found.message, "\x1b" in found.message) == ("forbidden", True, False)
    assert len(found.message) < 500


def test_a_file_over_the_limit_is_not_asked_for(hub: FailingHub) -> None:
    hub.add("org/heron", {"LICENSE": b"x" * (texts.LIMIT + 1), "NOTICE": b"x" * texts.LIMIT})
    ours = Hub()
    snapshot = ours.snapshot(refs.parse("org/heron"))
    assert refusal(ours, "org/heron", "LICENSE").kind == "too-large"
    assert not any("resolve" in path for path in hub.paths())
    assert len(ours.read(snapshot, "NOTICE")) == texts.LIMIT


def test_a_file_that_is_longer_than_it_was_listed_is_cut_off_and_refused(hub: FailingHub) -> None:
    add_heron(hub)
    hub.say(200, b"x" * (3 * texts.LIMIT), where="/resolve/")
    assert refusal(Hub(), "org/heron", "LICENSE").kind == "too-large"


def test_a_file_that_is_not_the_listed_one_is_not_believed(hub: FailingHub, store: Store) -> None:
    add_heron(hub)
    hub.say(200, b"Do as you like.\n", where="/resolve/")
    assert refusal(Hub(memory=store), "org/heron", "LICENSE").kind == "corrupt"
    hub.troubles.clear()
    ours = Hub(memory=store)
    assert ours.read(ours.snapshot(refs.parse("org/heron")), "LICENSE").decode() == TERMS


@pytest.mark.parametrize("path", ["../LICENSE", "/etc/passwd", "a/../../b", "x\x00y", ""])
def test_a_path_that_leaves_the_repo_is_refused_without_a_request(hub: FailingHub, path: str) -> None:
    add_heron(hub)
    ours = Hub()
    snapshot = ours.snapshot(refs.parse("org/heron"))
    before = len(hub.requests)
    with pytest.raises(HubError) as caught:
        ours.read(snapshot, path)
    assert caught.value.kind == "unsafe-path"
    assert len(hub.requests) == before


def test_a_redirect_leads_neither_to_plain_http_elsewhere_nor_in_circles(hub: FailingHub) -> None:
    add_heron(hub)
    for target in ("http://10.0.0.1/LICENSE", "file:///etc/passwd", "/org/heron/resolve/main/LICENSE"):
        hub.troubles.clear()
        hub.lead_away(target, where="/resolve/")
        assert refusal(Hub(), "org/heron", "LICENSE").kind == "unsafe-redirect"


@pytest.mark.parametrize("target", ["http://[::1", "https://x:port/", "\\\\", "//"])
def test_a_redirect_to_what_is_no_url_is_an_error_of_the_hub(hub: FailingHub, target: str) -> None:
    add_heron(hub)
    hub.lead_away(target, where="/resolve/")
    assert refusal(Hub(), "org/heron", "LICENSE").kind in ("unsafe-redirect", "unreachable", "not-found")


def test_no_mirror_can_put_words_into_the_license_of_another_hub(hub: FailingHub, store: Store) -> None:
    add_heron(hub)
    real = Hub().snapshot(refs.parse("org/heron"))
    blob = next(file.blob for file in real.files if file.path == "LICENSE")
    with FailingHub() as mirror:
        listed = {"rfilename": "LICENSE", "blobId": blob, "size": 16, "lfs": {"sha256": "0" * 64, "size": 16, "pointerSize": 1}}
        mirror.say(200, json.dumps({"id": "org/heron", "sha": "a" * 40, "siblings": [listed]}).encode(), where="/api/")
        mirror.say(200, b"Do as you like.\n", where="/resolve/")
        theirs = Hub(endpoint=mirror.url, memory=store)
        assert theirs.read(theirs.snapshot(refs.parse("org/heron")), "LICENSE") == b"Do as you like.\n"
    ours = Hub(memory=store)
    assert ours.read(ours.snapshot(refs.parse("org/heron")), "LICENSE").decode() == TERMS


def test_a_license_in_lfs_is_kept_by_its_commit(hub: FailingHub, store: Store) -> None:
    hub.add("org/heron", {"LICENSE": Large(TERMS.encode())})
    for _ in range(2):
        ours = Hub(memory=store)
        assert ours.read(ours.snapshot(refs.parse("org/heron")), "LICENSE").decode() == TERMS
    assert sum("resolve" in path for path in hub.paths()) == 1


def test_a_file_that_was_changed_in_the_hf_cache_is_read_from_the_hub(hub: FailingHub, tmp_path: Path) -> None:
    add_heron(hub)
    download(hub, tmp_path, ["LICENSE"])
    next(tmp_path.glob("models--org--heron/blobs/*")).write_text("Do as you like.\n")
    ours = Hub(cache_dir=tmp_path)
    assert ours.read(ours.snapshot(refs.parse("org/heron")), "LICENSE").decode() == TERMS


def test_the_token_goes_to_the_hub_and_to_nobody_else(hub: FailingHub) -> None:
    add_heron(hub)
    hub.tokens["hf_anna"] = "anna"
    with FailingHub() as elsewhere:
        elsewhere.say(200, TERMS.encode())
        hub.lead_away(f"{elsewhere.url}/file", where="/resolve/")
        ours = Hub(token="hf_anna")
        assert ours.read(ours.snapshot(refs.parse("org/heron")), "LICENSE").decode() == TERMS
        assert {request.token for request in hub.requests} == {"hf_anna"}
        assert [request.token for request in elsewhere.requests] == [None]


# Without the Hub


def test_offline_a_repo_is_seen_as_it_was_last_seen_and_nothing_is_sent(hub: FailingHub, store: Store) -> None:
    commit = add_heron(hub)
    online = Hub(memory=store)
    online.read(online.snapshot(refs.parse("org/heron")), "LICENSE")
    before = len(hub.requests)
    offline = Hub(offline=True, memory=store)
    found = offline.snapshot(refs.parse("org/heron"))
    assert (found.commit, found.card.license) == (commit, ("mit",))
    assert offline.read(found, "LICENSE").decode() == TERMS
    assert refusal(offline, "org/heron", "README.md").kind == "not-cached"
    assert refusal(offline, "org/unseen").kind == "offline"
    assert refusal(offline, "org/heron@v2").kind == "offline"
    assert len(hub.requests) == before


def download(hub: FailingHub, cache: Path, names: list[str]) -> None:
    """Loads files into an HF cache with the real client, as a user's program does."""
    from huggingface_hub import hf_hub_download

    for name in names:
        hf_hub_download("org/heron", name, cache_dir=cache, endpoint=hub.url)


def test_offline_the_hf_cache_tells_what_a_program_would_load(hub: FailingHub, tmp_path: Path) -> None:
    commit = add_heron(hub)
    download(hub, tmp_path, ["README.md", "LICENSE"])
    before = len(hub.requests)
    ours = Hub(offline=True, cache_dir=tmp_path)
    found = ours.snapshot(refs.parse("org/heron"))
    assert (found.id, found.commit, found.url) == ("org/heron", commit, f"{hub.url}/org/heron")
    assert ours.read(found, "LICENSE").decode() == TERMS
    assert found.problems == ()
    assert len(hub.requests) == before


def test_a_cache_without_a_license_text_may_hide_one(hub: FailingHub, tmp_path: Path) -> None:
    add_heron(hub)
    download(hub, tmp_path, ["README.md"])
    found = Hub(offline=True, cache_dir=tmp_path).snapshot(refs.parse("org/heron"))
    assert [(problem.kind, bool(problem.hides)) for problem in found.problems] == [("partial-cache", True)]


def test_a_file_in_the_hf_cache_needs_no_request(hub: FailingHub, tmp_path: Path) -> None:
    add_heron(hub)
    download(hub, tmp_path, ["LICENSE"])
    before = len(hub.requests)
    ours = Hub(cache_dir=tmp_path)
    assert ours.read(ours.snapshot(refs.parse("org/heron")), "LICENSE").decode() == TERMS
    assert hub.paths()[before:] == ["GET /api/models/org/heron/revision/main"]


def test_hf_hub_offline_is_obeyed(hub: FailingHub, monkeypatch: pytest.MonkeyPatch) -> None:
    add_heron(hub)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert refusal(Hub(), "org/heron").kind == "offline"
    assert hub.requests == []


# The module


def test_the_client_is_imported_only_when_the_hub_is_asked() -> None:
    code = "import sys, licensecheck.hub; licensecheck.hub.Hub(); sys.exit('huggingface_hub' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_many_threads_may_ask_at_once(hub: FailingHub, store: Store) -> None:
    add_heron(hub)
    ours, found = Hub(memory=store), []

    def ask() -> None:
        found.append(ours.read(ours.snapshot(refs.parse("org/heron")), "LICENSE"))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [TERMS.encode()] * 16


def test_a_snapshot_lists_what_the_hub_names_and_nothing_else(hub: FailingHub) -> None:
    hub.say(
        200,
        b'{"id": "o/n", "sha": "'
        + b"a" * 40
        + b'", "gated": true, "siblings": [{"rfilename": "b"}, 5, {"rfilename": 7}, {"rfilename": "a", "size": "x"}]}',
    )
    found = Hub().snapshot(refs.parse("o/n"))
    assert found.files == (File("a"), File("b"))
    assert found.gated == "manual"
