"""What the processes are told, and how the secret key is kept."""

import stat

from oms.runtime import environment


def build(layout, environ, **given):
    addresses = {"database_url": "postgres://oms@/oms", "redis_url": "unix:///x/valkey.sock"}
    return environment.build(layout, environ, **(addresses | given))


def test_an_empty_environment_becomes_a_local_one(layout):
    built = build(layout, {}, url="http://127.0.0.1:8000")

    assert built["OMS_ENV"] == "local"
    assert built["BASE_URL"] == "http://127.0.0.1:8000"
    assert built["DATABASE_URL"] == "postgres://oms@/oms"
    assert built["REDIS_URL"] == "unix:///x/valkey.sock"
    assert built["OMS_VAR"] == str(layout.var)


def test_what_the_person_set_wins(layout):
    given = {"OMS_ENV": "production", "SECRET_KEY": "theirs", "BASE_URL": "https://shop.example"}

    assert given.items() <= build(layout, given, url="http://127.0.0.1:8000").items()


def test_training_mode_cannot_be_talked_out_of(layout):
    assert build(layout, {"OMS_ENV": "production"}, training=True)["OMS_ENV"] == "training"


def test_the_secret_key_is_made_once_and_read_by_its_owner_alone(layout):
    first = build(layout, {})["SECRET_KEY"]
    second = build(layout, {})["SECRET_KEY"]

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE(layout.secret_key.stat().st_mode) == 0o600


def test_tests_do_not_see_the_persons_own_settings(layout):
    theirs = {"EMAIL_URL": "smtp://mail.example", "DEBUG": "1", "PATH": "/bin"}

    seen = environment.test_environment(theirs, layout)

    assert "EMAIL_URL" not in seen
    assert "DEBUG" not in seen
    assert seen["PATH"] == "/bin"
    assert seen["OMS_ENV"] == "local"


def test_the_production_like_environment_is_production():
    seen = environment.production_like({"OMS_ENV": "local", "DEBUG": "1"})

    assert seen["OMS_ENV"] == "production"
    assert seen["DEBUG"] == "false"
    assert len(seen["SECRET_KEY"]) > 50
