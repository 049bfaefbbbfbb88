"""`licensecheck scan`: which repos a code base uses. Samples are of our own; nothing of them is ever executed."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner
from hub import FailingHub

from licensecheck.cli import main_group
from licensecheck.render.words import ACTIONS
from licensecheck.scan import _SETTING, files, notebook, python, scan, settings
from licensecheck.scan.commands import uses as in_commands
from licensecheck.scan.names import repo
from licensecheck.scan.tables import tables

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TAGGED = "---\nlicense: apache-2.0\n---\n# A model\n"


def python_ids(source: str) -> set[str]:
    return {use.ref.id for use in python.uses(dedent(source), "x.py")[0]}


def command_ids(text: str) -> set[str]:
    return {use.ref.id for use in in_commands(dedent(text), "x.sh")}


def yaml_ids(text: str) -> set[str]:
    return {use.ref.id for use in settings.in_yaml(dedent(text), "x.yaml")}


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main_group, ["scan", *arguments], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.return_value, result.stdout


# Python

CALLS = {
    "AutoModel.from_pretrained('lab/one')": "lab/one",
    "import transformers\ntransformers.pipeline('summarization', model='lab/one')": "lab/one",
    "from transformers import pipeline as make\nfrom transformers import pipeline\npipeline('fill-mask', 'lab/one')": "lab/one",
    "from sentence_transformers import SentenceTransformer\nSentenceTransformer('all-tiny-L2-v1')": "sentence-transformers/all-tiny-L2-v1",
    "from vllm import LLM\nLLM(model='lab/one')": "lab/one",
    "from datasets import load_dataset\nload_dataset('rotten_reviews')": "rotten_reviews",
    "hf_hub_download(repo_id='lab/one', filename='w.bin')": "lab/one",
    "snapshot_download('lab/one')": "lab/one",
    "pipe.load_lora_weights('lab/one')": "lab/one",
    "Pipe.from_single_file('https://huggingface.co/lab/one/blob/main/w.safetensors')": "lab/one",
    "PeftModel.from_pretrained(base, 'lab/one')": "lab/one",
    "AutoTokenizer.from_pretrained('bert-base-uncased')": "bert-base-uncased",
    "frame = read('hf://datasets/lab/one/part.csv')": "lab/one",
    "url = f'https://huggingface.co/lab/one/resolve/main/{name}'": "lab/one",
}


@pytest.mark.parametrize("source", CALLS, ids=range(len(CALLS)))
def test_a_call_that_loads_a_repo_is_found(source):
    assert python_ids(source) == {CALLS[source]}


CONSTANTS = [
    "NAME = 'lab/one'\nload = M.from_pretrained(NAME)",
    "ORG = 'lab'\nM.from_pretrained(f'{ORG}/one')",
    "M.from_pretrained('lab' + '/one')",
    "def get(name='lab/one'):\n    return M.from_pretrained(name)",
    "def get(name):\n    return M.from_pretrained(name)\nget('lab/one')",
    "class Box:\n    def __init__(self, name):\n        self.inner = M.from_pretrained(name)\nBox(name='lab/one')",
    "class Box:\n    place = 'lab/one'\n    def get(self):\n        return M.from_pretrained(self.place)",
    "@dataclass\nclass Settings:\n    which: str = field(default='lab/one')\ndef get(s: Settings):\n    return M.from_pretrained(s.which)",
    "parser.add_argument('--which', default='lab/one')\nargs = parser.parse_args()\nM.from_pretrained(args.which)",
    "@click.option('--which', default='lab/one')\ndef get(which):\n    M.from_pretrained(which)",
    "SIZES = {'small': 'lab/one', 'big': 'lab/two'}\nM.from_pretrained(SIZES['small'])",
    "for name in ['lab/one']:\n    M.from_pretrained(name)",
    "M.from_pretrained(os.environ.get('WHICH', 'lab/one'))",
    "M.from_pretrained(given or 'lab/one')",
    "EMBEDDING_MODEL = 'lab/one'",
    "build(model_name='lab/one')",
    "def build(base_model: str = 'lab/one'): ...",
]


@pytest.mark.parametrize("source", CONSTANTS, ids=range(len(CONSTANTS)))
def test_a_constant_is_followed_within_a_file(source):
    assert python_ids(source) == {"lab/one"}


NOT_USES = [
    "M.from_pretrained('./lab/one')",
    "M.from_pretrained('/opt/lab/one')",
    "M.from_pretrained('models/one')",
    "M.from_pretrained('your-org/your-model')",
    "M.from_pretrained('<org>/<model>')",
    "M.from_pretrained('my-name/my-model')",
    "M.from_pretrained('checkpoint')",
    "from datasets import load_dataset\nload_dataset('csv', data_files='data/train.csv')",
    "from seaborn import load_dataset\nload_dataset('flowers')",
    "from modelscope import snapshot_download\nsnapshot_download('lab/one')",
    "from modelscope import x\nclass A:\n    model_id: str = 'lab/one'",
    "def pipeline(a, model): ...\npipeline('x', model='lab/one')",
    "api.create_repo(repo_id='lab/one')",
    "model.push_to_hub(repo_id='lab/one')",
    "train(hub_model_id='lab/one')",
    "completion(model_name='openai/gpt-4o')",
    "open('lab/one.json')\nmime = 'text/plain'",
    '"""\n>>> M.from_pretrained("lab/one")\n"""',
    "# M.from_pretrained('lab/one')",
    "raise ValueError('see https://huggingface.co/lab/one for the terms')",
    "clip_model_name = 'ViT-B/32'",
]


@pytest.mark.parametrize("source", NOT_USES, ids=range(len(NOT_USES)))
def test_what_only_looks_like_a_repo_is_left_alone(source):
    assert python_ids(source) == set()


def test_a_folder_of_the_code_base_is_no_repo(tmp_path):
    (tmp_path / "lab" / "one").mkdir(parents=True)
    (tmp_path / "a.py").write_text("M.from_pretrained('lab/one')")
    assert scan([tmp_path]).uses == ()


def test_line_revision_and_type_are_told():
    call = "hf_hub_download(\n    'lab/one',\n    repo_type='dataset',\n    revision=PIN,\n)"
    source = f"PIN = '{COMMIT}'\n{call}\nM.from_pretrained('lab/two', revision='v1')"
    first, second = python.uses(source, "x.py")[0]
    assert (first.line, first.ref.type, first.ref.revision, first.is_pinned) == (3, "dataset", COMMIT, True)
    assert (second.ref.revision, second.is_pinned) == ("v1", False)


def test_a_call_whose_repo_is_chosen_at_run_time_is_told_apart():
    uses, untold = python.uses("import sys\nM.from_pretrained(sys.argv[1])", "x.py")
    assert uses == ()
    assert [(one.line, one.how) for one in untold] == [(2, "from_pretrained")]


def test_python_that_does_not_parse_is_read_as_text():
    assert python_ids("print 'old'\nM.from_pretrained('lab/one')") == {"lab/one"}


def test_names_that_go_in_circles_come_to_an_end():
    knot = "\n".join(f"n{i} = n{(i * 7 + k) % 40}" for i in range(40) for k in range(20))
    started = time.monotonic()
    assert python_ids(f"{knot}\nM.from_pretrained(n0)") == set()
    assert time.monotonic() - started < 5


def test_source_is_never_executed(tmp_path):
    (tmp_path / "a.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nM.from_pretrained('lab/one')")
    assert len(scan([tmp_path]).uses) == 1
    assert not (tmp_path / "ran").exists()


# Command lines and settings

COMMANDS = {
    "vllm serve lab/one --port 80": {"lab/one"},
    "vllm serve --port 80 lab/one": {"lab/one"},
    "exec python -m vllm.entrypoints.openai.api_server \\\n  --model lab/one": {"lab/one"},
    "hf download lab/one weights.bin": {"lab/one"},
    "huggingface-cli download --repo-type dataset lab/one": {"lab/one"},
    "ollama run hf.co/lab/one-GGUF:Q4_K_M": {"lab/one-GGUF"},
    "ollama run llama-of-theirs": set(),
    "text-generation-launcher --model-id=lab/one": {"lab/one"},
    "llama-server -hf lab/one:Q8_0": {"lab/one"},
    "git clone https://huggingface.co/lab/one": {"lab/one"},
    "git clone https://example.org/lab/one": set(),
    "curl -LO https://huggingface.co/lab/one/resolve/main/w.bin": {"lab/one"},
    "MODEL=lab/one\nvllm serve $MODEL": {"lab/one"},
    "vllm serve ${MODEL:-lab/one}": {"lab/one"},
    "for m in lab/one lab/two; do hf download $m; done": {"lab/one", "lab/two"},
    "vllm serve $UNKNOWN": set(),
    "docker run --gpus all vllm/vllm-openai:v1 --model lab/one": {"lab/one"},
    "sh -c 'vllm serve lab/one --port 80'": {"lab/one"},
    "python train.py --model_name_or_path lab/one --output_dir out/two": {"lab/one"},
    "# vllm serve lab/one": set(),
    "lm_eval --model hf --model_args pretrained=lab/one,dtype=float": {"lab/one"},
    "FROM python:3\nENV MODEL_ID=lab/one": {"lab/one"},
    'CMD ["vllm", "serve", "lab/one"]': {"lab/one"},
    "MODEL ?= lab/one\nserve:\n\tvllm serve $(MODEL)": {"lab/one"},
    'embedding_model = "lab/one"  # toml': {"lab/one"},
    "docker build -t lab/one .": set(),
}


@pytest.mark.parametrize("text", COMMANDS, ids=range(len(COMMANDS)))
def test_command_lines_are_read(text):
    assert command_ids(text) == COMMANDS[text]


def test_the_revision_on_a_command_line_is_told():
    (use,) = in_commands(f"hf download lab/one --revision {COMMIT} --repo-type dataset", "x.sh")
    assert (use.ref.revision, use.ref.type, use.is_pinned) == (COMMIT, "dataset", True)


COMPOSE = """
services:
  writer:
    image: vllm/vllm-openai:v1
    command: --model lab/one --port 80
  embedder:
    image: elsewhere/app
    environment:
      - EMBEDDING_MODEL=ignored-without-organization
      - WHICH=lab/two
    command: ["text-embeddings-router", "--model-id", "$WHICH"]
"""
POD = """
kind: Pod
spec:
  containers:
    - name: writer
      image: registry.example/lab/serving:1
      command: [vllm]
      args:
        - serve
        - lab/one
      env:
        - name: MODEL_ID
          value: lab/two
"""
PIPELINE = """
jobs:
  a:
    steps:
      - uses: actions/checkout@v4
      - run: |
          cd deploy
          hf download lab/one
"""


def test_compose_kubernetes_and_ci_files_are_read():
    assert yaml_ids(COMPOSE) == {"lab/one", "lab/two"}
    assert yaml_ids(POD) == {"lab/one", "lab/two"}
    (use,) = settings.in_yaml(PIPELINE, "ci.yaml")
    assert (use.ref.id, use.line) == ("lab/one", 8)


def test_a_template_that_is_no_yaml_is_read_line_by_line():
    assert yaml_ids("{{ if .Values.on }}\nmodel_id: lab/one\n{{ end }}") == {"lab/one"}


def test_aliases_that_multiply_cost_no_time():
    bomb = "a0: &a0 {model_id: lab/one}\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 30))
    started = time.monotonic()
    assert yaml_ids(bomb) == {"lab/one"}
    assert time.monotonic() - started < 5


def test_settings_in_json_are_read():
    (use,) = settings.in_json('{\n "rows": 3,\n "base_model_name_or_path": "lab/one",\n "title": "lab/two"}', "x.json")
    assert (use.ref.id, use.line) == ("lab/one", 3)


def test_a_notebook_is_read_cell_by_cell_with_the_lines_of_its_file():
    cells = [
        {"cell_type": "markdown", "source": ["M.from_pretrained('lab/prose')"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "NAME = 'lab/one'"], "outputs": [{"text": ["hf download lab/out"]}]},
        {"cell_type": "code", "source": ["!hf download lab/two\n", "M.from_pretrained(NAME)"]},
    ]
    text = json.dumps({"cells": cells}, indent=1)
    found, _ = notebook.uses(text, "x.ipynb")
    assert {use.ref.id for use in found} == {"lab/one", "lab/two"}
    lines = text.split("\n")
    assert all(use.ref.id in lines[use.line - 1] for use in found)


# Files


def test_what_gitignore_leaves_out_is_left_out_within_a_checkout_and_without(tmp_path):
    for name in ("a.py", "build/b.py", "deep/c.py", "deep/kept.py", "notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("M.from_pretrained('lab/one')")
    (tmp_path / ".gitignore").write_text("build/\n")
    (tmp_path / "deep" / ".gitignore").write_text("*.py\n!kept.py\n")
    expected = ["a.py", "deep/kept.py"]
    assert [p.relative_to(tmp_path).as_posix() for p in files.listed(tmp_path)] == expected
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert [p.relative_to(tmp_path).as_posix() for p in files.listed(tmp_path)] == expected
    assert [p.name for p in files.listed(tmp_path, ["deep/"])] == ["a.py"]


def test_a_checkouts_own_programs_are_not_run(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    subprocess.run(["git", "-C", str(tmp_path), "config", "core.fsmonitor", str(hook)], check=True)
    (tmp_path / "a.py").write_text("M.from_pretrained('lab/one')")
    assert len(scan([tmp_path]).uses) == 1
    assert not (tmp_path / "ran").exists()


def test_links_and_pipes_are_not_followed(tmp_path):
    import os

    (tmp_path / "code").mkdir()
    (tmp_path / "secret.py").write_text("M.from_pretrained('lab/one')")
    (tmp_path / "code" / "a.py").symlink_to(tmp_path / "secret.py")
    os.mkfifo(tmp_path / "code" / "b.py")
    assert scan([tmp_path / "code"]).uses == ()


def test_code_too_large_to_read_is_told(tmp_path):
    (tmp_path / "a.py").write_text("M.from_pretrained('lab/one')\n" + "x = 1\n" * 500_000)
    assert [problem.message for problem in scan([tmp_path]).problems] == ["is too large to be read"]
    assert run(str(tmp_path), "--list")[0] == 3


def test_every_key_of_the_tables_is_seen_by_the_quick_look():
    for key in tables().keys:
        assert _SETTING.search(f"{key} = 'lab/one'".encode()), key


def test_many_files_are_read_in_a_few_processes_with_the_same_result(tmp_path):
    for number in range(1600):
        (tmp_path / f"m{number:04}.py").write_text(f"M.from_pretrained('lab/n{number}')" if number % 100 == 0 else "x = 1\n")
    steps: list[int] = []
    found = scan([tmp_path], step=steps.append)
    assert [use.ref.id for use in found.uses] == [f"lab/n{number}" for number in range(0, 1600, 100)]
    assert sum(steps) == found.files == 1600


def test_a_name_is_a_repo_only_by_the_hubs_own_rules():
    assert repo("lab/one--two") is None
    assert repo("lab/one.git") is None
    assert repo("lab/one/two") is None or repo("lab/one/two").id == "lab/one"


# The command


@pytest.fixture
def lab(hub: FailingHub) -> FailingHub:
    hub.add("lab/open", {"README.md": TAGGED})
    hub.add("lab/closed", {"README.md": "# Closed\n", "LICENSE": "You agree not to use the model:\n- in military operations.\n"})
    return hub


def test_each_repo_is_checked_once_and_shown_with_its_places(lab, tmp_path):
    (tmp_path / "a.py").write_text("M.from_pretrained('lab/closed')\nM.from_pretrained('lab/open')\n")
    (tmp_path / "run.sh").write_text("vllm serve lab/closed\n")
    code, page = run(str(tmp_path), "--lineage", "none")
    assert code == 1
    flat = " ".join(page.split())
    assert f"{tmp_path}/a.py:1 (from_pretrained)" in flat
    assert f"{tmp_path}/run.sh:1 (vllm serve)" in flat
    assert f"lab/closed: {ACTIONS['deny']}" in flat
    assert sum("/api/models/lab/closed" in str(request) for request in lab.requests) == 1


def test_json_holds_the_places_and_a_report_for_each_repo(lab, tmp_path):
    (tmp_path / "a.py").write_text("M.from_pretrained('lab/open')\nM.from_pretrained('lab/open')\n")
    code, page = run(str(tmp_path), "--format", "json")
    answer = json.loads(page)
    assert code == 0
    assert [(use["line"], use["id"], use["pinned"]) for use in answer["scan"]["uses"]] == [(1, "lab/open", False), (2, "lab/open", False)]
    assert [report["repo"]["id"] for report in answer["reports"]] == ["lab/open"]


def test_a_list_asks_the_hub_nothing(lab, tmp_path):
    (tmp_path / "a.py").write_text("M.from_pretrained('lab/closed')\n")
    code, page = run(str(tmp_path), "--list")
    assert (code, "lab/closed" in page, list(lab.requests)) == (0, True, [])


def test_annotations_stand_at_the_lines_of_the_code(lab, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text("\nM.from_pretrained('lab/closed')\n")
    code, page = run(".", "--format", "github")
    assert code == 1
    assert page.startswith("::error file=a.py,line=2,title=lab/closed")


def test_a_comment_with_a_reason_leaves_one_place_out(lab, tmp_path):
    (tmp_path / "a.py").write_text(
        "M.from_pretrained('lab/closed')  # licensecheck: ignore[only in a unit test]\n"
        "# licensecheck: ignore[also only in a unit test]\n"
        "M.from_pretrained('lab/closed')\n"
        "M.from_pretrained(  # licensecheck: ignore[here too]\n    'lab/closed')\n"
    )
    code, page = run(str(tmp_path))
    assert code == 0
    assert "left out by its comment: only in a unit test" in " ".join(page.split())


def test_a_comment_without_a_reason_counts_for_nothing_and_is_told(lab, tmp_path):
    (tmp_path / "a.py").write_text("M.from_pretrained('lab/closed')  # licensecheck: ignore\n")
    code, page = run(str(tmp_path))
    assert code == 1
    assert "a waiver gives no reason" in " ".join(page.split())


def test_code_without_any_repo_is_allowed_and_a_missing_folder_is_wrong_usage(tmp_path):
    from licensecheck.errors import UsageError

    (tmp_path / "a.py").write_text("x = 1\n")
    assert run(str(tmp_path))[0] == 0
    with pytest.raises(UsageError):
        run(str(tmp_path / "gone"))
