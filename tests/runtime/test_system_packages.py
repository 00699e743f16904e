"""What the distribution must bring is installed where possible, said exactly where not."""

import subprocess

import pytest

from oms.runtime import system_packages
from oms.runtime.progress import Stages
from oms.runtime.system_packages import CHROMIUM, PANGO, SystemPackage

LINE = "sudo apt-get install --yes libthing-1"


@pytest.fixture
def missing():
    return SystemPackage("Thing", ("libthing-1",), "things are not drawn", lambda: False)


@pytest.fixture
def apt(monkeypatch):
    """Records what apt is asked; it fails until the package lists were fetched."""
    asked = []

    def run(command, **_):
        asked.append(command[1])
        knows = command[1] == "update" or "update" in asked
        return subprocess.CompletedProcess(command, 0 if knows else 100)

    monkeypatch.setattr(system_packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_packages.subprocess, "run", run)
    return asked


def test_an_ordinary_user_is_told_the_exact_line(missing, monkeypatch, capsys):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)

    assert system_packages.ensure(missing, Stages()) is False
    told = capsys.readouterr().err
    assert "Thing is missing; things are not drawn" in told
    assert LINE in told


def test_root_fetches_the_package_lists_only_when_the_first_try_fails(missing, apt, monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)

    system_packages.ensure(missing, Stages(quiet=True))

    assert apt == ["install", "update", "install"]


def test_a_failing_apt_never_stops_the_start(missing, apt, monkeypatch, capsys):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)

    assert system_packages.ensure(missing, Stages()) is False
    assert LINE in capsys.readouterr().err


def test_what_is_there_is_left_alone(apt):
    there = SystemPackage("Thing", ("libthing-1",), "nothing", lambda: True)

    assert system_packages.ensure(there, Stages()) is True
    assert apt == []


def test_the_lines_name_the_packages_of_debian():
    assert PANGO.line.endswith("libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
    assert CHROMIUM.line.endswith("install --yes chromium")
