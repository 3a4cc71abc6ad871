"""An S/MIME certificate, read for what it says of itself: RFC 5280, RFC 8550.

Who issued it is told, not judged: a directory trusts the team that shows the certificate, and
the reader's mail program decides on the chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comity.directory.rules.openpgp import LARGEST
from comity.directory.types import DirectoryError, KeyKind, TeamKey
from comity.kit.languages import gettext_noop

_BLOCK = re.compile(
    rb"-----BEGIN (?:X509 )?CERTIFICATE-----.*?-----END (?:X509 )?CERTIFICATE-----", re.DOTALL
)


def parse_certificate(data: str | bytes) -> TeamKey:
    """The one certificate in PEM or DER. Raises DirectoryError; a secret key is refused."""
    if len(data) > LARGEST:
        remedy = gettext_noop("Send the team's own certificate alone, without the chain.")
        sentence = gettext_noop("The certificate has {n} bytes; at most {most} are taken")
        raise DirectoryError(sentence, "", remedy, n=f"{len(data):,}", most=f"{LARGEST:,}")
    blob = data.encode("utf-8", "replace") if isinstance(data, str) else data
    try:
        return _described(_one(blob))
    except DirectoryError:
        raise
    # What a strange certificate raises is not listed anywhere: bad dates, names, numbers, curves.
    except Exception:
        raise _unreadable() from None


def _unreadable() -> DirectoryError:
    remedy = gettext_noop("Export it as PEM: it begins with BEGIN CERTIFICATE.")
    return DirectoryError(gettext_noop("This is no readable X.509 certificate"), "", remedy)


def _one(blob: bytes) -> x509.Certificate:
    if b"PRIVATE KEY" in blob:
        remedy = gettext_noop(
            "Send the certificate alone. If the secret key was sent anywhere else, have the "
            "certificate revoked. Nothing of it was kept here."
        )
        raise DirectoryError(gettext_noop("The text holds a secret key"), "", remedy)
    blocks = _BLOCK.findall(blob)
    if len(blocks) > 1:
        remedy = gettext_noop("Send the team's own certificate alone, without the chain.")
        raise DirectoryError(
            gettext_noop("The text holds {n} certificates"), "", remedy, n=len(blocks)
        )
    if blocks:
        return x509.load_pem_x509_certificate(blocks[0])
    if not blob.startswith(b"\x30"):  # a SEQUENCE
        raise _unreadable()
    return x509.load_der_x509_certificate(blob)


def _described(certificate: x509.Certificate) -> TeamKey:
    algorithm, bits = _strength(certificate)
    return TeamKey(
        kind=KeyKind.SMIME,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex().upper(),
        text=certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"),
        algorithm=algorithm,
        bits=bits,
        user_ids=_names(certificate),
        created=certificate.not_valid_before_utc.date(),
        expires=certificate.not_valid_after_utc.date(),
        faults=tuple(_faults(certificate, algorithm, bits)),
    )


def _strength(certificate: x509.Certificate) -> tuple[str, int]:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    if isinstance(key, dsa.DSAPublicKey):
        return "DSA", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}", 0
    named = {ed25519.Ed25519PublicKey: "Ed25519", ed448.Ed448PublicKey: "Ed448"}
    return next((name for kind, name in named.items() if isinstance(key, kind)), "unknown"), 0


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    """The mail addresses, or the common name where there are none."""
    found = [
        str(attribute.value)
        for attribute in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)
    ]
    alternative = _extension(certificate, x509.SubjectAlternativeName)
    if alternative is not None:
        found += alternative.get_values_for_type(x509.RFC822Name)
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return tuple(dict.fromkeys(found)) or tuple(str(name.value) for name in common)


T = TypeVar("T", bound=x509.ExtensionType)


def _extension(certificate: x509.Certificate, kind: type[T]) -> T | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _faults(certificate: x509.Certificate, algorithm: str, bits: int) -> Iterator[str]:
    if algorithm == "RSA" and bits < 2048:
        yield "rsa-short"
    if algorithm == "DSA":
        yield "dsa"
    signed_with = certificate.signature_hash_algorithm
    if isinstance(signed_with, hashes.SHA1):
        yield "sha1"
    if isinstance(signed_with, hashes.MD5):
        yield "md5"
    if certificate.issuer == certificate.subject:
        yield "self-signed"
    constraints = _extension(certificate, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        yield "authority"  # of an authority, not of a mailbox
    usage = _extension(certificate, x509.KeyUsage)
    if usage is not None and not (usage.key_encipherment or usage.key_agreement):
        yield "no-encryption"
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    allowed = {ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if purposes is not None and allowed.isdisjoint(purposes):
        yield "not-for-mail"
