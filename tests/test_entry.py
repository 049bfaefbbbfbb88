"""Starting: what happens where the registry's other project of this name lies in the same environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

START = "import sys; sys.path.insert(0, sys.argv.pop(1)); import hf_licensecheck; sys.exit(hf_licensecheck.main())"


def start(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", START, str(site), *arguments], capture_output=True, text=True, timeout=60)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """An environment in which another project's package hides ours."""
    (tmp_path / "licensecheck-2024.dist-info").mkdir()
    (tmp_path / "licensecheck").mkdir()
    (tmp_path / "licensecheck" / "__init__.py").write_text("print('another project')\n")
    return tmp_path


def test_another_project_of_the_name_is_told_of_and_never_run(other):
    result = start(other, "--version")
    assert result.returncode == 2
    assert result.stdout == ""
    assert "another project named licensecheck" in result.stderr
    assert "pipx" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_package_without_its_files_is_told_of(other):
    (other / "licensecheck" / "__init__.py").unlink()
    (other / "licensecheck" / "left.py").touch()
    result = start(other, "--version")
    assert "Traceback" not in result.stderr
    assert result.returncode in (0, 2)  # 0 where the installed package is found behind the remains


def test_the_other_projects_name_in_a_folder_elsewhere_changes_nothing(tmp_path):
    (tmp_path / "licensecheck-2024.dist-info").mkdir()
    result = start(tmp_path, "--version")
    assert (result.returncode, result.stderr) == (0, "")


def test_the_package_can_be_run_as_a_module():
    result = subprocess.run([sys.executable, "-m", "licensecheck", "--version"], capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stdout[:13]) == (0, "licensecheck ")
