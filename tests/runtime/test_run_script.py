"""The shell scripts, the commands of ./run, and what may be imported before anything is installed."""

import ast
import os
import shutil
import subprocess
import sys

import pytest

from oms.runtime import cli
from oms.runtime.layout import ROOT

RUNS_INSIDE_DJANGO = {"prepare.py"}


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_run_is_sound_shell(shell):
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")

    checked = subprocess.run([shell, "-n", str(ROOT / "run")], capture_output=True, text=True)

    assert (checked.returncode, checked.stderr) == (0, "")


def test_run_uses_nothing_that_only_bash_knows():
    text = (ROOT / "run").read_text()

    assert text.startswith("#!/bin/sh\n")
    assert [word for word in ("[[", "function ", "local ", "$'", "<<<") if word in text] == []


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_a_script_can_be_run(script):
    assert os.access(ROOT / script, os.X_OK)


def test_ci_calls_what_the_readme_calls():
    text = (ROOT / ".ci" / "run").read_text()

    assert "set -euo pipefail" in text
    assert text.index("./run check") < text.index("./run test")


def test_run_works_from_another_folder_and_through_a_symlinked_folder(tmp_path):
    (tmp_path / "link").symlink_to(ROOT)

    told = subprocess.run(
        [str(tmp_path / "link" / "run"), "help"], cwd=tmp_path, capture_output=True, text=True
    )

    assert told.stdout == cli.HELP


def test_run_says_what_to_do_when_there_is_no_python(tmp_path):
    for name in ("dirname", "env"):
        (tmp_path / name).symlink_to(shutil.which(name))
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    shutil.copy(ROOT / "run", checkout / "run")

    told = subprocess.run(
        ["/bin/sh", str(checkout / "run")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert told.returncode == 1
    assert "needs Python 3.11 or newer" in told.stderr


def test_the_runtime_imports_the_standard_library_alone():
    strangers = set()
    for module in sorted((ROOT / "oms" / "runtime").glob("*.py")):
        if module.name not in RUNS_INSIDE_DJANGO:
            strangers |= {(module.name, name) for name in imports_of(module)}

    assert {one for one in strangers if one[1] not in sys.stdlib_module_names} == set()


def imports_of(module) -> set[str]:
    """Top-level packages that a module imports, our own runtime apart."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return {name.split(".")[0] for name in names if not name.startswith("oms.runtime")} - {"oms"}


def test_an_unknown_command_is_refused_with_the_help(capsys):
    assert cli.main(["fly"]) == 2
    assert "does not know 'fly'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        ([], False),
        (["tests/core", "-q"], False),
        (["-n0"], True),
        (["-n", "4"], True),
        (["--pdb"], True),
    ],
)
def test_the_person_may_choose_the_number_of_processes(arguments, chosen):
    assert cli.chooses_processes(arguments) is chosen
