"""What `docs/ci.md`, `action.yml` and `.pre-commit-hooks.yaml` show is parsed, and run as far as that goes on this machine."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from licensecheck.demo import sample_hub

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
CLOSED, OPEN = "sample-org/open-code-closed-weights", "sample-org/plain-tag"


def shown(heading: str, language: str) -> str:
    """The block of a language under a heading of the page."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert section, heading
    block = re.search(rf"^```{language}\n(.*?)^```", section[1], re.M | re.S)
    assert block, (heading, language)
    return block[1]


@pytest.fixture
def project(tmp_path):
    """A project that uses a closed and an open model, a Hub that serves both, and the environment of a pipeline."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "closed.py").write_text(f"M.from_pretrained('{CLOSED}')\n")
    (tmp_path / "src" / "open.py").write_text(f"M.from_pretrained('{OPEN}')\n")
    scripts = tmp_path / "runner" / "licensecheck" / "bin"
    scripts.mkdir(parents=True)
    # NOTE: the command as an installed package would bring it, at the place where the action installs it.
    for name in ("licensecheck", "hf-licensecheck"):
        (scripts / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m hf_licensecheck "$@"\n')
        (scripts / name).chmod(0o755)
    with sample_hub().start() as hub:
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "LICENSECHECK_", "PYTHONPATH"))},
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "HF_ENDPOINT": hub.url,
            "HF_HOME": str(tmp_path / "hf"),
            "LICENSECHECK_CACHE_DIR": str(tmp_path / "cache"),
            "RUNNER_TEMP": str(tmp_path / "runner"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        }
        yield tmp_path, environment, hub


def run(command: list[str], folder: Path, environment: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env={**environment, **more}, capture_output=True, text=True, timeout=120)


def asked_for_weights(hub: Any) -> bool:
    return any("safetensors" in str(request) for request in hub.requests)


def action_step() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"][-1]


ACTION = {"PATHS": "src\n", "REFS": "", "POLICY": "open-source", "EXIT_ZERO": "false", "TOKEN": ""}


def test_the_action_annotates_the_line_and_fails_for_a_refused_model(project):
    folder, environment, hub = project
    done = run(["bash", "-c", action_step()["run"]], folder, environment, **ACTION)
    assert done.returncode == 1, done.stderr
    assert f"::error file=src/closed.py,line=1,title={CLOSED}" in done.stdout
    assert CLOSED in (folder / "summary.md").read_text()
    assert not asked_for_weights(hub)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"PATHS": "src/open.py"}, 0),
        ({"EXIT_ZERO": "true"}, 0),
        ({"REFS": f"{CLOSED}\n{OPEN}"}, 1),
        ({"PATHS": "gone"}, 2),
        ({"POLICY": "gone.toml"}, 2),
    ],
)
def test_the_action_ends_with_the_codes_of_the_contract(project, given, code):
    folder, environment, _ = project
    done = run(["bash", "-c", action_step()["run"]], folder, environment, **{**ACTION, **given})
    assert done.returncode == code, done.stdout + done.stderr


def test_no_input_of_the_action_is_run(project):
    folder, environment, _ = project
    evil = f"$(touch {folder}/ran); `touch {folder}/ran`"
    run(["bash", "-c", action_step()["run"]], folder, environment, **{**ACTION, "PATHS": evil, "POLICY": evil, "REFS": ""})
    run(["bash", "-c", action_step()["run"]], folder, environment, **{**ACTION, "REFS": evil})
    assert not (folder / "ran").exists()
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    assert not any("${{" in step["run"] for step in steps)


def test_the_action_takes_every_input_that_it_declares():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    passed = set(re.findall(r"inputs\.([\w-]+)", json.dumps(action_step()["env"])))
    assert passed == set(action["inputs"])
    shown_job = yaml.safe_load(shown("GitHub Actions", "yaml"))
    assert set(shown_job["jobs"]["licensecheck"]["steps"][1]["with"]) <= passed


def test_the_hook_is_run_on_single_files_as_pre_commit_does(project):
    folder, environment, _ = project
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (repo,) = yaml.safe_load(shown("pre-commit", "yaml"))["repos"]
    (asked,) = repo["hooks"]
    assert asked["id"] == hook["id"]
    command = [*shlex.split(hook["entry"]), *asked["args"]]
    assert run([*command, "src/open.py"], folder, environment).returncode == 0
    assert run([*command, "src/open.py", "src/closed.py"], folder, environment).returncode == 1


def test_the_gitlab_job_leaves_its_report(project):
    folder, environment, _ = project
    job = yaml.safe_load(shown("GitLab CI", "yaml"))["licensecheck"]
    done = run(["bash", "-ec", "\n".join(job["script"])], folder, environment)
    assert done.returncode == 1
    assert CLOSED in (folder / job["artifacts"]["reports"]["junit"]).read_text()


def test_the_lines_for_the_shell_run(project):
    folder, environment, _ = project
    lines = shown("On the command line", "bash").splitlines()
    assert [run(["bash", "-c", line], folder, environment).returncode for line in lines] == [0, 1]


def test_the_image_is_not_built_with_a_refused_model_and_no_weight_is_asked_for(project):
    folder, environment, hub = project
    text = shown("Dockerfile", "dockerfile").replace("\\\n", " ")
    (step,) = re.findall(r"^RUN --mount=\S+ +(licensecheck .*)$", text, re.M)
    done = run(["sh", "-c", step.replace("/model", str(folder / "model"))], folder, environment, MODEL=CLOSED, POLICY="open-source")
    assert done.returncode == 1, done.stderr
    assert not asked_for_weights(hub)
    assert not (folder / "model").exists()


def test_the_init_container_ends_with_a_refusal(project):
    folder, environment, hub = project
    pod = yaml.safe_load(shown("Kubernetes", "yaml"))
    (container,) = pod["spec"]["initContainers"]
    command = [CLOSED if word == "org/name" else word.replace("/model", str(folder / "model")) for word in container["command"]]
    assert run(command, folder, environment).returncode == 1
    assert not asked_for_weights(hub)
    assert {m["name"] for c in (container, *pod["spec"]["containers"]) for m in c["volumeMounts"]} == {
        v["name"] for v in pod["spec"]["volumes"]
    }


def test_the_airflow_task_raises_before_training(project):
    """The tasks' own code, run in order by decorators that do nothing else; Airflow itself is not needed for that."""
    folder, environment, hub = project
    (folder / "airflow").mkdir()
    (folder / "airflow" / "__init__.py").touch()
    plain = "def task(f=None, **options):\n    return f if f else lambda inner: inner\n\ndag = task\n"
    (folder / "airflow" / "sdk.py").write_text(plain)
    (folder / "flow.py").write_text(shown("Airflow", "python").replace("org/name", CLOSED))
    done = run([sys.executable, "flow.py"], folder, environment)
    assert done.returncode == 1
    assert "RefusedError" in done.stderr
    assert "training on" not in done.stdout
    assert not asked_for_weights(hub)


def test_the_pytest_example_fails_with_the_reason(project):
    folder, environment, _ = project
    (folder / "test_models.py").write_text(shown("pytest", "python"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_models.py"]
    assert CLOSED in run(command, folder, environment).stdout
    (folder / "src" / "closed.py").unlink()
    assert run(command, folder, environment).returncode == 0


def test_the_program_for_the_hf_command_is_installed_under_its_name():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts["hf-licensecheck"] == scripts["licensecheck"]
