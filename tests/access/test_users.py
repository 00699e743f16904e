"""Who works here: invited, changed, closed, and never without an admin."""

import threading

import pytest
from django.db import OperationalError, connection

from core import people
from core.errors import DomainError
from core.models import StoredFact, User
from core.rights import Role
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def test_an_invited_person_gets_a_link_and_no_password(as_admin):
    sent = {"email": "New@Example.com", "name": "Nora New", "roles": ["sales", "returns"]}
    page = as_admin.post("/settings/users/new/", sent).content.decode()
    user = User.objects.get(email="new@example.com")
    assert (user.roles, user.is_staff, user.has_usable_password()) == (
        ["sales", "returns"],
        False,
        False,
    )
    assert "/password/set/" in page


def test_the_same_address_twice_is_refused_beside_its_field(as_admin, agent):
    sent = {"email": agent.email.upper(), "name": "Again", "roles": ["sales"]}
    response = as_admin.post("/settings/users/new/", sent)
    assert response.status_code == 422
    assert response.context["form"].errors["email"] == [
        "An account with this e-mail address exists already."
    ]


def test_roles_change_and_the_timeline_says_from_what_to_what(as_admin, agent, admin):
    sent = {"name": agent.name, "roles": ["finance"]}
    as_admin.post(f"/settings/users/{agent.pk}/", sent)
    agent.refresh_from_db()
    assert agent.roles == ["finance"]
    fact = StoredFact.objects.get(name="core.UserChanged")
    assert fact.changes == {"roles": ["Sales agent", "Finance"]}
    assert (fact.actor_kind, fact.actor_key) == ("user", str(admin.pk))
    assert "Sales agent" in as_admin.get(f"/settings/users/{agent.pk}/").content.decode()


def test_nobody_changes_their_own_rights(as_admin, admin):
    make_user(Role.ADMIN, email="second@example.com")
    response = as_admin.post(
        f"/settings/users/{admin.pk}/", {"name": "Me", "roles": ["admin", "sales"]}
    )
    assert response.status_code == 422
    response = as_admin.post(
        f"/settings/users/{admin.pk}/",
        {"name": "Me", "roles": ["admin"], "may_open_admin": "on"},
    )
    assert response.status_code == 422


def test_nobody_closes_their_own_account(as_admin, admin):
    make_user(Role.ADMIN, email="second@example.com")
    response = as_admin.post(f"/settings/users/{admin.pk}/deactivate/")
    assert response.status_code == 422
    assert "closed by another admin" in response.content.decode()


def test_the_last_admin_stays(admin, agent):
    other = make_user(Role.ADMIN, email="second@example.com")
    people.deactivate_user(user_id=other.pk, by=admin)
    with pytest.raises(people.LastAdmin):
        people.deactivate_user(user_id=admin.pk, by=other)
    with pytest.raises(people.LastAdmin):
        people.change_user(
            user_id=admin.pk, by=other, name="x", roles=["sales"], may_open_admin=False
        )


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_remove_each_other_at_once():
    one = make_user(Role.ADMIN)
    two = make_user(Role.ADMIN, email="second@example.com")
    refused = []
    gate = threading.Barrier(2)

    def close(who, by):
        gate.wait()
        try:
            people.deactivate_user(user_id=who.pk, by=by)
        except (DomainError, OperationalError) as error:
            refused.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=close, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(is_active=True, roles__contains=["admin"]).count() == 1
    assert len(refused) == 1


def test_a_closed_account_is_out_with_the_next_request(as_admin, agent, client):
    other = type(client)()
    other.force_login(agent)
    assert other.get("/").status_code == 200
    as_admin.post(f"/settings/users/{agent.pk}/deactivate/")
    assert other.get("/").status_code == 302
    as_admin.post(f"/settings/users/{agent.pk}/reactivate/")
    assert other.get("/").status_code == 302  # the old session stays dead


def test_signing_somebody_out_ends_their_sessions(as_admin, agent, client):
    other = type(client)()
    other.force_login(agent)
    as_admin.post(f"/settings/users/{agent.pk}/sign-out/")
    assert other.get("/").status_code == 302


def test_the_list_costs_the_same_with_one_and_with_thirty(as_admin, queries_of):
    few = queries_of("/settings/users/")
    for i in range(30):
        make_user(Role.SALES, email=f"u{i}@example.com")
    assert queries_of("/settings/users/") == few
    page = as_admin.get("/settings/users/").content.decode()
    assert page.count('data-label="Roles"') == 31


def test_the_list_is_found_by_name_and_role(as_admin, agent):
    assert "Sam Sales" in as_admin.get("/settings/users/?q=sam").content.decode()
    assert "Sam Sales" not in as_admin.get("/settings/users/?role=finance").content.decode()


def test_any_words_may_be_typed_into_the_list(as_admin):
    assert as_admin.get("/settings/users/?q=\x00").status_code == 200


def test_the_matrix_shows_every_right(as_admin):
    page = as_admin.get("/settings/roles/").content.decode()
    assert "Manage users and roles" in page
    assert "Enter the back office" in page


def test_the_admin_raises_nobodys_rights(client):
    user = make_user(Role.ADMIN, is_staff=True)
    agent = make_user(Role.SALES)
    client.force_login(user)
    client.post(
        f"/admin/core/user/{agent.pk}/change/",
        {
            "name": "Changed",
            "email": agent.email,
            "roles": "admin",
            "is_superuser": "on",
            "theme": "auto",
            "density": "default",
            "joined_at_0": "2026-01-01",
            "joined_at_1": "10:00",
        },
    )
    agent.refresh_from_db()
    assert (agent.roles, agent.is_superuser, agent.name) == (["sales"], False, "Changed")
