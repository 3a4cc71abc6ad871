"""Letters of the house: who holds a role, in which language, for which countries."""

from __future__ import annotations

import pytest

from comity.people.actions import add_body, add_person, grant, join
from comity.people.reads import holders_of, today
from comity.people.types import Role


@pytest.mark.django_db
def test_who_holds_a_role_with_language_address_and_countries() -> None:
    ministry = add_body("Ministry", country="KE")
    amina = add_person("Amina", "amina", email="amina@example.org", language="fr")
    add_person("Boris", "boris")
    grant(amina.person, Role.FOCAL_POINT)
    join(amina.person, ministry)
    (one,) = holders_of(Role.FOCAL_POINT, today())
    assert (one.person, one.language, one.email) == (amina.person_id, "fr", "amina@example.org")
    assert one.countries == {"KE"}
    amina.is_active = False
    amina.save()
    assert holders_of(Role.FOCAL_POINT, today()) == []
