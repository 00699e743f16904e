"""The lock files: every hash, no host, and true to pyproject.toml."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from oms.runtime.installing import BOOTSTRAP_LOCK, DEV_LOCK, RUNTIME_LOCK
from oms.runtime.layout import ROOT

LOCKS = [RUNTIME_LOCK, DEV_LOCK, BOOTSTRAP_LOCK]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)


def pins(lock) -> dict[str, str]:
    return dict(PIN.findall(lock.read_text()))


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock):
    assert re.findall(r"https?:|//|--(?:extra-)?index|--find-links", lock.read_text()) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_of_a_lock_has_a_hash(lock):
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text().partition("run lock\n")[2])

    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    # a package may be pinned twice, for older and for newer Pythons
    assert {entry.split("==")[0].split("[")[0] for entry in entries} == set(pins(lock))


def test_the_development_lock_holds_the_runtime_lock_at_the_same_versions():
    assert pins(RUNTIME_LOCK).items() <= pins(DEV_LOCK).items()


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        (RUNTIME_LOCK, project()["dependencies"]),
        (DEV_LOCK, project()["optional-dependencies"]["dev"]),
    ],
    ids=["runtime", "dev"],
)
def test_a_lock_satisfies_pyproject(lock, wanted):
    locked = pins(lock)
    requirements = [Requirement(line) for line in wanted]

    unsatisfied = [
        str(one)
        for one in requirements
        if one.name.lower() not in locked or Version(locked[one.name.lower()]) not in one.specifier
    ]

    assert unsatisfied == []


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text()
    lines = re.findall(r'^    "[a-z][^"]*[0-9]",.*$', text, re.MULTILINE)

    assert len(lines) > 30
    assert [line for line in lines if not re.search(r"# \S.*\S$", line)] == []


def test_django_fsm_is_the_maintained_one_of_the_permissive_line():
    assert pins(RUNTIME_LOCK)["django-fsm-2"].startswith("4.")
    assert "django-fsm" not in pins(DEV_LOCK)
