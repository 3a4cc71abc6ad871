"""An OpenPGP public key, read for what it says of itself, weak ones included.

Sequoia (pysequoia) checks the signatures and puts those that fail behind all others; its policy
then hides what is weak. A directory must show a team that its key is weak, so the packets that
Sequoia has checked are read here one by one: RFC 9580, RFC 4880 before it.

No day comes in: what a key is on a day is asked of `rules.keys`. Only whether a revocation's
signature holds is Sequoia's word (`is_revoked`), and its policy looks at the machine's clock.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pysequoia import Cert
from pysequoia.packet import Packet, PacketPile, Tag

from comity.directory.types import DirectoryError, KeyKind, TeamKey
from comity.kit.languages import gettext_noop

LARGEST = 128 * 1024  # bytes; a key without third parties' signatures has 1 to 10 kB

_BLOCK = re.compile(r"-----BEGIN PGP ([A-Z ]+)-----\s*?\n(.*?)-----END PGP [A-Z ]+-----", re.DOTALL)
_SECRET_TAGS = frozenset({5, 7})
_PUBLIC_KEY = 6
# Public key, signature, marker, trust, user id, subkey, user attribute, padding: RFC 9580 10.1.
# All else is refused before Sequoia sees it: compressed data could unfold without an end.
_PUBLIC_TAGS = frozenset({2, 6, 10, 12, 13, 14, 17, 21})

# RFC 9580 section 9.1; the last from draft-ietf-openpgp-pqc. Read from the packets themselves:
# the library refuses to name what it does not know, and a key must not fail for one such part.
_ALGORITHMS = {
    **dict.fromkeys((1, 2, 3), "RSA"),
    **dict.fromkeys((16, 20), "ElGamal"),
    **{17: "DSA", 18: "ECDH", 19: "ECDSA", 22: "EdDSA"},
    **{25: "X25519", 26: "X448", 27: "Ed25519", 28: "Ed448"},
    **{30: "ML-DSA-65+Ed25519", 31: "ML-DSA-87+Ed448"},
    **{32: "SLH-DSA-128s", 33: "SLH-DSA-128f", 34: "SLH-DSA-256s"},
    **{35: "ML-KEM-768+X25519", 36: "ML-KEM-1024+X448"},
}
_MODULUS = frozenset({"RSA", "DSA", "ElGamal"})  # keys whose size is that of their first number
_ENCRYPTS = frozenset({"RSA", "ElGamal", "ECDH", "X25519", "X448"})
_WEAK_HASHES = {1: "md5", 2: "sha1", 3: "ripemd"}  # RFC 9580 section 9.5
_CERTIFICATIONS = frozenset({0x10, 0x11, 0x12, 0x13})  # section 5.2.1
_DIRECT_KEY, _KEY_REVOCATION, _SUBKEY_REVOCATION = 0x1F, 0x20, 0x28


@dataclass(slots=True)
class _Component:
    """A key, user id or subkey with the signatures that belong to it."""

    packet: Packet
    signatures: list[Packet] = field(default_factory=list)


def parse_openpgp(data: str | bytes) -> TeamKey:
    """The one public key in ASCII armour or binary. Raises DirectoryError; a secret key is
    refused and nothing of it is kept or repeated."""
    blob = _binary(_bounded(data))
    _refuse_what_is_no_public_key(blob)
    try:
        cert = Cert.from_bytes(blob)
        revoked = cert.is_revoked
        packets = list(PacketPile.from_bytes(bytes(cert)))
        return _described(cert, packets, revoked)
    except (RuntimeError, ValueError, IndexError):  # the library's errors, and cut-off packets
        raise _unreadable() from None


def _bounded(data: str | bytes) -> bytes:
    if len(data) > LARGEST:
        remedy = gettext_noop("Export it without the signatures of others (gpg: export-minimal).")
        sentence = gettext_noop("The key has {n} bytes; at most {most} are taken")
        raise DirectoryError(sentence, "", remedy, n=f"{len(data):,}", most=f"{LARGEST:,}")
    return data.encode("utf-8", "replace") if isinstance(data, str) else data


def _unreadable() -> DirectoryError:
    remedy = gettext_noop(
        "Export the public key once more, as ASCII armour, and copy all lines of it."
    )
    return DirectoryError(gettext_noop("This is no readable OpenPGP public key"), "", remedy)


def _secret() -> DirectoryError:
    remedy = gettext_noop(
        "Send the public key. If this secret key was sent by mail or pasted anywhere else, "
        "revoke it: others may have it. Nothing of it was kept here."
    )
    return DirectoryError(gettext_noop("This is a secret key"), "", remedy)


def _several(sentence: str, n: int) -> DirectoryError:
    remedy = gettext_noop("Give one key at a time, so that each has its own purpose and dates.")
    return DirectoryError(sentence, "", remedy, n=n)


def _binary(data: bytes) -> bytes:
    """The packets, out of their armour where they are in one."""
    if data[:1] and data[0] & 0x80 and not data.startswith(b"\xef\xbb\xbf"):
        return data  # every packet's first bit is set, no letter's is
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    blocks = _BLOCK.findall(text)
    if "PGP PRIVATE KEY" in text or "PGP SECRET KEY" in text:
        raise _secret()
    if not blocks:
        raise _unreadable()
    if len(blocks) > 1:
        raise _several(gettext_noop("The text holds {n} blocks"), len(blocks))
    label, body = blocks[0]
    if label != "PUBLIC KEY BLOCK":
        remedy = gettext_noop("Export the public key: it begins with BEGIN PGP PUBLIC KEY BLOCK.")
        raise DirectoryError(gettext_noop("The block holds no public key"), "", remedy)
    lines = [line.strip() for line in body.split("\n")]
    # Headers such as "Comment: …" come first; the checksum after "=" is optional (RFC 9580 6.1).
    coded = "".join(line for line in lines if ":" not in line and not line.startswith("="))
    try:
        return base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raise _unreadable() from None


def _refuse_what_is_no_public_key(blob: bytes) -> None:
    tags = list(_tags(blob))
    if not _SECRET_TAGS.isdisjoint(tags):
        raise _secret()
    if tags[0] != _PUBLIC_KEY or not _PUBLIC_TAGS.issuperset(tags):
        raise _unreadable()
    if (keys := tags.count(_PUBLIC_KEY)) > 1:
        raise _several(gettext_noop("The text holds {n} keys"), keys)


def _tags(blob: bytes) -> Iterator[int]:
    """The kind of each packet, from the headers alone (RFC 9580 section 4.2)."""
    at = 0
    try:
        while at < len(blob):
            first = blob[at]
            if not first & 0x80:
                raise _unreadable()
            tag, size, at = _header(blob, first, at + 1)
            yield tag
            at += size
    except IndexError:
        raise _unreadable() from None
    if at != len(blob) or not blob:
        raise _unreadable()


def _header(blob: bytes, first: int, at: int) -> tuple[int, int, int]:
    if not first & 0x40:  # the old format: two bits say how many bytes the length has
        width = 1 << (first & 3)
        if width == 8:  # no length: for data only
            raise _unreadable()
        return (first >> 2) & 0x0F, int.from_bytes(blob[at : at + width]), at + width
    lead = blob[at]
    if lead < 192:
        return first & 0x3F, lead, at + 1
    if lead < 224:
        return first & 0x3F, ((lead - 192) << 8) + blob[at + 1] + 192, at + 2
    if lead < 255:  # in parts: for data only
        raise _unreadable()
    return first & 0x3F, int.from_bytes(blob[at + 1 : at + 5]), at + 5


# --- what the key says --------------------------------------------------------------------


def _described(cert: Cert, packets: Sequence[Packet], revoked: bool) -> TeamKey:
    primary, users, subkeys = _components(packets)
    own = cert.fingerprint.lower()
    binding = _newest(
        signature
        for component in (primary, *users)
        for signature in _self_signatures(component, own)
        if _kind(signature) in _CERTIFICATIONS or _kind(signature) == _DIRECT_KEY
    )
    created = primary.packet.key_created
    expires = _end(primary.packet, binding)
    encryption = _encryption_ends(primary, subkeys, binding, own)
    algorithm, bits = _strength(primary.packet)
    bindings = [binding, *(_newest(_self_signatures(subkey, own)) for subkey in subkeys)]
    return TeamKey(
        kind=KeyKind.OPENPGP,
        fingerprint=own.upper(),
        text=str(cert),
        algorithm=algorithm,
        bits=bits,
        user_ids=tuple(user.packet.user_id for user in users if user.packet.user_id),
        created=created.date() if created else None,
        expires=expires,
        revoked=_revoked_on(primary) if revoked else None,
        encrypts_until=_latest(encryption),
        faults=tuple(_faults(primary, subkeys, bindings, encryption)),
    )


def _components(
    packets: Sequence[Packet],
) -> tuple[_Component, list[_Component], list[_Component]]:
    primary = _Component(packets[0])
    users: list[_Component] = []
    subkeys: list[_Component] = []
    current = primary
    for packet in packets[1:]:
        if packet.tag == Tag.Signature:
            current.signatures.append(packet)
            continue
        current = _Component(packet)
        if packet.tag == Tag.UserID:
            users.append(current)
        elif packet.tag == Tag.PublicSubkey:
            subkeys.append(current)
    return primary, users, subkeys


def _kind(signature: Packet) -> int:
    """What a signature says; its second byte, in version 3 its third (sections 5.2.2, 5.2.3)."""
    body = signature.body
    return body[2 if body[0] == 3 else 1]


def _hash(signature: Packet) -> int:
    body = signature.body
    return body[16 if body[0] == 3 else 3]


def _self_signatures(component: _Component, own: str) -> Iterator[Packet]:
    for signature in component.signatures:
        issuer = (signature.issuer_fingerprint or signature.issuer_key_id or "").lower()
        if issuer and (own.endswith(issuer) or own.startswith(issuer)):  # v6 ids are the start
            yield signature


def _newest(signatures: Iterable[Packet]) -> Packet | None:
    dated = [(signature.signature_created, signature) for signature in signatures]
    known = [(created, signature) for created, signature in dated if created is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def _end(key: Packet, binding: Packet | None) -> dt.date | None:
    period = binding.key_validity_period if binding is not None else None
    if key.key_created is None or not period:
        return None
    try:
        return (key.key_created + period).date()
    except OverflowError:
        return None  # past the year 9999: no end


def _revoked_on(primary: _Component) -> dt.date | None:
    found = _newest(
        signature for signature in primary.signatures if _kind(signature) == _KEY_REVOCATION
    )
    made = found.signature_created if found is not None else None
    created = primary.packet.key_created
    return made.date() if made else (created.date() if created else dt.date.min)


def _encryption_ends(
    primary: _Component, subkeys: Sequence[_Component], binding: Packet | None, own: str
) -> list[dt.date | None]:
    """When each part that one can encrypt to ends; None where it ends with the key."""
    ends = []
    for component in (primary, *subkeys):
        signatures = list(_self_signatures(component, own))
        if any(_kind(signature) == _SUBKEY_REVOCATION for signature in signatures):
            continue
        newest = binding if component is primary else _newest(signatures)
        if newest is None:
            continue
        flags = newest.key_flags
        if flags is None:
            encrypts = _strength(component.packet)[0] in _ENCRYPTS
        else:
            encrypts = flags.transport_encryption or flags.storage_encryption
        if encrypts:
            ends.append(_end(component.packet, newest))
    return ends


def _latest(ends: Sequence[dt.date | None]) -> dt.date | None:
    dated = [end for end in ends if end is not None]
    return max(dated) if dated and len(dated) == len(ends) else None


def _strength(key: Packet) -> tuple[str, int]:
    body = key.body
    # Version, time, algorithm, the first number led by its bits. Version 3 has two bytes of days
    # before the algorithm, version 6 the length of what follows after it (section 5.5.2).
    at = 7 if body[0] == 3 else 5
    algorithm = _ALGORITHMS.get(body[at], "unknown")
    start = at + (5 if body[0] == 6 else 1)
    return algorithm, int.from_bytes(body[start : start + 2]) if algorithm in _MODULUS else 0


def _faults(
    primary: _Component,
    subkeys: Sequence[_Component],
    bindings: Sequence[Packet | None],
    encryption: Sequence[dt.date | None],
) -> Iterator[str]:
    strengths = [_strength(part.packet) for part in (primary, *subkeys)]
    if any(algorithm == "RSA" and bits < 2048 for algorithm, bits in strengths):
        yield "rsa-short"
    if any(algorithm == "DSA" for algorithm, _ in strengths):
        yield "dsa"
    if any(algorithm == "ElGamal" and bits < 2048 for algorithm, bits in strengths):
        yield "elgamal-short"
    hashes = {_hash(binding) for binding in bindings if binding is not None}
    for number, code in _WEAK_HASHES.items():
        if number in hashes:
            yield code
    if bindings[0] is None:
        yield "no-self-signature"
    if not encryption:
        yield "no-encryption-subkey"
