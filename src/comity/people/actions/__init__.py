"""Acts on identity. Doors of this room and of the house import them from here."""

from comity.people.actions.access import (
    INVITATION_MINUTES,
    accept_invitation,
    create_token,
    living_link,
    note_use,
    one_time_link,
    revoke_token,
    use_link,
)
from comity.people.actions.belonging import (
    add_body,
    add_group,
    add_person,
    close_account,
    default_community,
    find_account,
    find_body,
    find_group,
    grant,
    join,
    leave,
    withdraw,
)
from comity.people.actions.handlings import clear, intern
from comity.people.actions.privacy import erase_person, export_person, forget_old
from comity.people.actions.reaching import keep_group
from comity.people.actions.sample import ensure_samples, newcomer_links, remove_samples

__all__ = [
    "INVITATION_MINUTES",
    "accept_invitation",
    "add_body",
    "add_group",
    "add_person",
    "clear",
    "close_account",
    "create_token",
    "default_community",
    "ensure_samples",
    "erase_person",
    "export_person",
    "find_account",
    "find_body",
    "find_group",
    "forget_old",
    "grant",
    "intern",
    "join",
    "keep_group",
    "leave",
    "living_link",
    "newcomer_links",
    "note_use",
    "one_time_link",
    "remove_samples",
    "revoke_token",
    "use_link",
    "withdraw",
]
