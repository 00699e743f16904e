"""Where things live, and that sockets fit into deep folders."""

from pathlib import Path

import pytest

from oms.runtime.layout import (
    ROOT,
    SOCKET_PATH_LIMIT,
    fits_a_socket,
    short_socket_folder,
    var_folder,
    venv_folder,
)


def folder_of_length(length: int) -> Path:
    return Path("/" + "x" * (length - 1))


def test_a_socket_fits_up_to_the_last_byte_and_not_one_more():
    room = SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432")

    assert fits_a_socket(folder_of_length(room))
    assert not fits_a_socket(folder_of_length(room + 1))


def test_length_is_counted_in_bytes_as_the_kernel_does():
    room = SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432")

    assert not fits_a_socket(Path("/" + "ü" * (room - 1)))


@pytest.mark.parametrize("uid", [0, 1000])
def test_a_deep_folder_gets_a_short_socket_folder(uid, tmp_path):
    deep = Path("/home/somebody") / ("deep/" * 60) / "var"
    runtime = {"XDG_RUNTIME_DIR": "/run/user/1000"}

    short = short_socket_folder(deep, runtime, uid=uid)

    assert fits_a_socket(short)
    assert short.name.startswith(f"oms-{uid}-")
    assert short == short_socket_folder(deep, runtime, uid=uid)
    assert short != short_socket_folder(deep / "other", runtime, uid=uid)


def test_a_runtime_folder_that_is_itself_too_deep_is_passed_over(tmp_path):
    runtime = tmp_path / ("r" * 100)
    runtime.mkdir()

    short = short_socket_folder(Path("/x/var"), {"XDG_RUNTIME_DIR": str(runtime)}, uid=1000)

    assert short.parent == Path("/tmp")


def test_data_lives_in_the_checkout_unless_named():
    assert var_folder({}) == ROOT / "var"
    assert var_folder({"OMS_VAR": "/data/oms"}) == Path("/data/oms")


def test_training_has_a_data_folder_of_its_own():
    assert var_folder({}, training=True) == ROOT / "var-training"
    assert var_folder({"OMS_VAR": "/data/oms"}, training=True) == Path("/data/oms-training")


def test_a_relative_data_folder_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert var_folder({"OMS_VAR": "here"}) == Path.cwd() / "here"


def test_a_named_environment_is_used_as_it_is():
    assert venv_folder({"OMS_VENV": "/opt/venv"}) == Path("/opt/venv")
    assert venv_folder({}) == ROOT / ".venv"
