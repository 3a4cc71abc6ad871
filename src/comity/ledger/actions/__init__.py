"""Acts of the record: write a line, sign the head, answer a repeated request as the first time."""

from comity.ledger.actions.recording import (
    GATEWAY,
    NotInTransaction,
    checkpoint,
    hold,
    public_key_hex,
    put_guards_back,
    record,
)
from comity.ledger.actions.repeating import forget_answers, once

__all__ = [
    "GATEWAY",
    "NotInTransaction",
    "checkpoint",
    "forget_answers",
    "hold",
    "once",
    "public_key_hex",
    "put_guards_back",
    "record",
]
