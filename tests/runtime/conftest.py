"""Folders and servers for the tests of ./run; none of them touches the store's own."""

import shutil
import tempfile
from pathlib import Path

import pytest

from oms.runtime import server_home
from oms.runtime.layout import Layout


@pytest.fixture
def folder():
    """A short folder that every user can enter, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="oms-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def layout(folder):
    """A data folder of its own, with whatever was moved out of it taken away at the end."""
    made = Layout(folder / "var")
    made.var.mkdir()
    yield made
    if made.var.exists():
        server_home.discard(made)
