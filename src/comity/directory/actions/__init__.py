"""Acts on the directory. Doors of this room and of the house import them from here."""

from comity.directory.actions.around import keep_communities, load_networks
from comity.directory.actions.batches import (
    Applied,
    DryRun,
    Rejected,
    apply,
    forget_uploads,
    import_file,
    importing,
    plan,
    put_aside,
    take_up,
)
from comity.directory.actions.bodies import describe_body, face_of, voice_for
from comity.directory.actions.communities import Member, keep_community
from comity.directory.actions.editing import (
    ChangedMeanwhile,
    add_key,
    confirm_key,
    edit,
    link_body,
    refuse_key,
    reviewed,
    revoke_key,
    seen_of,
    voice_of,
)
from comity.directory.actions.sample import load_sample, remove_sample
from comity.directory.actions.testing import (
    TooMany,
    answer,
    ask,
    asked_by_link,
    testable,
    token,
)

__all__ = [
    "Applied",
    "ChangedMeanwhile",
    "DryRun",
    "Member",
    "Rejected",
    "TooMany",
    "add_key",
    "answer",
    "apply",
    "ask",
    "asked_by_link",
    "confirm_key",
    "describe_body",
    "edit",
    "face_of",
    "forget_uploads",
    "import_file",
    "importing",
    "keep_communities",
    "keep_community",
    "link_body",
    "load_networks",
    "load_sample",
    "plan",
    "put_aside",
    "refuse_key",
    "remove_sample",
    "reviewed",
    "revoke_key",
    "seen_of",
    "take_up",
    "testable",
    "token",
    "voice_for",
    "voice_of",
]
