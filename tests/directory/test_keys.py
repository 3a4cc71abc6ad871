"""Keys: what they say, where they are in their life, what a new one does to those that stand."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st
from pysequoia import CipherSuite, Profile, Tsk
from pysequoia.packet import PacketPile, SignatureType

from comity.directory.rules import keys as k
from comity.directory.types import DirectoryError, KeyKind, KeyState, TeamKey

EXAMPLES = Path(__file__).parent.parent / "examples" / "directory" / "keys"
DAY = dt.date(2026, 11, 22)


@cache
def example(name: str) -> TeamKey:
    """A key made by GnuPG 2.2.40 for these tests; see the folder's README."""
    return k.parse_openpgp((EXAMPLES / f"{name}.asc").read_bytes())


@cache
def secret(days: int = 100) -> Tsk:
    return Tsk.generate("Team <cert@cert.example>", validity_seconds=days * 86400)


# --- OpenPGP ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "algorithm", "bits", "faults", "state"),
    [
        ("dsa", "DSA", 1024, ("dsa", "elgamal-short", "sha1"), KeyState.WEAK),
        ("rsa-1024", "RSA", 1024, ("rsa-short",), KeyState.WEAK),
        ("sha1", "RSA", 2048, ("sha1",), KeyState.WEAK),
        ("expired", "EdDSA", 0, ("no-encryption-subkey",), KeyState.EXPIRED),
        ("expired-subkey", "EdDSA", 0, (), KeyState.EXPIRED),
        ("extended", "EdDSA", 0, (), KeyState.VALID),
        ("revoked", "EdDSA", 0, (), KeyState.REVOKED),
        ("signing-only", "EdDSA", 0, ("no-encryption-subkey",), KeyState.VALID),
    ],
)
def test_keys_of_a_real_tool_are_told_as_they_are(
    name: str, algorithm: str, bits: int, faults: tuple[str, ...], state: KeyState
) -> None:
    key = example(name)
    assert (key.algorithm, key.bits, key.faults) == (algorithm, bits, faults)
    assert k.state(key, DAY) is state
    assert key.created == dt.date(2024, 1, 10)
    assert len(key.fingerprint) == 40 and key.fingerprint == key.fingerprint.upper()
    assert key.user_ids[0].endswith("@cert.example>")
    assert k.parse_openpgp(key.text) == key, "what is kept reads as what was read"


def test_dates_of_a_key() -> None:
    assert example("expired").expires == dt.date(2025, 1, 31)
    assert example("extended").expires == dt.date(2030, 1, 31)
    assert example("extended").fingerprint == example("expired").fingerprint
    assert example("revoked").revoked == dt.date(2025, 3, 5)
    assert example("expired-subkey").encrypts_until == dt.date(2025, 1, 10)
    assert k.faults_on(example("expired-subkey"), DAY) == ("encryption-subkey-expired",)
    assert k.faults_on(example("expired-subkey"), dt.date(2024, 6, 1)) == ()
    assert k.state(example("expired-subkey"), dt.date(2024, 6, 1)) is KeyState.VALID
    assert k.state(example("revoked"), dt.date(2025, 1, 1)) is KeyState.VALID
    assert k.state(example("revoked"), dt.date(2023, 1, 1)) is KeyState.NOT_YET


@pytest.mark.parametrize(
    ("profile", "suite", "length"),
    [
        (Profile.RFC4880, CipherSuite.Cv25519, 40),
        (Profile.RFC4880, CipherSuite.RSA2k, 40),
        (Profile.RFC9580, CipherSuite.Cv25519, 64),
        (Profile.RFC9580, CipherSuite.P256, 64),
        (Profile.RFC9580, CipherSuite.MLDSA65_Ed25519, 64),
    ],
)
def test_keys_of_both_generations(profile: Profile, suite: CipherSuite, length: int) -> None:
    tsk = Tsk.generate("Team <cert@cert.example>", profile=profile, cipher_suite=suite)
    key = k.parse_openpgp(bytes(tsk.extract_certificate()))
    assert (len(key.fingerprint), key.faults, key.expires) == (length, (), None)
    assert k.state(key, DAY + dt.timedelta(days=4000)) is KeyState.VALID


def test_a_secret_key_is_refused_and_not_repeated() -> None:
    for data in (bytes(secret()), str(secret()), str(secret()).encode(), b"\n" + bytes(secret())):
        with pytest.raises(DirectoryError) as refused:
            k.parse_openpgp(data)
        text = str(refused.value)
        assert "PRIVATE" not in text and len(text) < 300
    with pytest.raises(DirectoryError, match="secret key"):
        k.parse_openpgp(str(secret()))
    hidden = str(secret()).replace("PRIVATE KEY", "PUBLIC KEY")  # a mislabelled block
    with pytest.raises(DirectoryError, match="secret key"):
        k.parse_openpgp(hidden)


def test_another_keys_revocation_does_not_revoke() -> None:
    revoked = list(PacketPile.from_bytes((EXAMPLES / "revoked.asc").read_bytes()))
    own = list(PacketPile.from_bytes((EXAMPLES / "extended.asc").read_bytes()))
    foreign = next(p for p in revoked if p.signature_type == SignatureType.KeyRevocation)
    forged = b"".join(bytes(packet) for packet in (own[0], foreign, *own[1:]))
    key = k.parse_openpgp(forged)
    assert key.revoked is None
    assert k.state(key, DAY) is KeyState.VALID


def test_a_changed_signature_does_not_bind() -> None:
    own = list(PacketPile.from_bytes((EXAMPLES / "extended.asc").read_bytes()))
    broken = bytearray(bytes(own[2]))
    broken[-3] ^= 1
    packets = [bytes(own[0]), bytes(own[1]), bytes(broken), *(bytes(p) for p in own[3:])]
    key = k.parse_openpgp(b"".join(packets))
    assert "no-self-signature" in key.faults and key.expires is None


def test_several_keys_are_refused() -> None:
    both = (EXAMPLES / "dsa.asc").read_text() + (EXAMPLES / "sha1.asc").read_text()
    with pytest.raises(DirectoryError, match="2 blocks"):
        k.parse_openpgp(both)
    binary = bytes(secret().extract_certificate()) + bytes(secret(50).extract_certificate())
    with pytest.raises(DirectoryError, match="2 keys"):
        k.parse_openpgp(binary)


def test_size_comes_first_and_nothing_is_unpacked() -> None:
    with pytest.raises(DirectoryError, match="at most"):
        k.parse_openpgp(b"\x99" * (k.LARGEST + 1))
    packed = zlib.compressobj(wbits=-15)
    bomb = packed.compress(b"\x00" * 50_000_000) + packed.flush()
    compressed = b"\xc8\xff" + len(bomb + b"\x01").to_bytes(4) + b"\x01" + bomb
    with pytest.raises(DirectoryError, match="no readable"):
        k.parse_openpgp(compressed[: k.LARGEST])


@given(st.binary(max_size=300), st.integers(0, 400), st.booleans())
def test_junk_is_refused_by_our_error_alone(junk: bytes, at: int, armoured: bool) -> None:
    whole = base64.b64decode("".join(example("extended").text.split("\n\n", 1)[1].split("\n=")[0]))
    mixed = whole[:at] + junk + whole[at + len(junk) :]
    for data in (junk, mixed, b"\x99" + junk):
        if armoured:
            body = base64.encodebytes(data).decode()
            data = (
                f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{body}-----END PGP PUBLIC KEY BLOCK-----"
            )
        try:
            key = k.parse_openpgp(data)
        except DirectoryError as refused:
            assert "backtrace" not in str(refused)
        else:
            k.state(key, DAY)
        with contextlib.suppress(DirectoryError):
            k.parse_certificate(data)


# --- S/MIME -------------------------------------------------------------------------------


def certificate(**options: object) -> x509.Certificate:
    key = options.get("key") or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CERT Example")])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(options.get("issuer", "CA")))])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())  # type: ignore[attr-defined]
        .serial_number(7)
        .not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.RFC822Name("cert@cert.example")]), critical=False
        )
    )
    for extension in options.get("extensions", ()):  # type: ignore[attr-defined]
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256())  # type: ignore[arg-type]


def usage(**on: bool) -> x509.KeyUsage:
    names = """digital_signature content_commitment key_encipherment data_encipherment
        key_agreement key_cert_sign crl_sign encipher_only decipher_only""".split()
    return x509.KeyUsage(**{name: on.get(name, False) for name in names})


@pytest.mark.parametrize("encoding", [serialization.Encoding.PEM, serialization.Encoding.DER])
def test_a_certificate_is_described(encoding: serialization.Encoding) -> None:
    made = certificate()
    key = k.parse_certificate(made.public_bytes(encoding))
    assert key.kind is KeyKind.SMIME and key.user_ids == ("cert@cert.example",)
    assert key.fingerprint == made.fingerprint(hashes.SHA256()).hex().upper()
    assert (key.created, key.expires) == (dt.date(2026, 1, 1), dt.date(2026, 12, 1))
    assert key.faults == () and k.state(key, DAY) is KeyState.ENDS_SOON
    assert k.parse_certificate(key.text) == key


def test_faults_of_certificates() -> None:
    short = rsa.generate_private_key(65537, 1024)
    faults = {
        "rsa-short": {"key": short},
        "self-signed": {"issuer": "CERT Example"},
        "not-for-mail": {"extensions": [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])]},
        "no-encryption": {"extensions": [usage(digital_signature=True)]},
        "authority": {"extensions": [x509.BasicConstraints(ca=True, path_length=None)]},
    }
    for fault, options in faults.items():
        pem = certificate(**options).public_bytes(serialization.Encoding.PEM)
        assert k.parse_certificate(pem).faults == (fault,)
    good = [
        usage(key_agreement=True),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]),
    ]
    pem = certificate(extensions=good).public_bytes(serialization.Encoding.PEM)
    assert k.parse_certificate(pem).faults == ()


def test_a_certificate_with_its_secret_key_or_chain_is_refused() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = certificate(key=key).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(DirectoryError, match="secret key"):
        k.parse_certificate(pem + private)
    with pytest.raises(DirectoryError, match="2 certificates"):
        k.parse_certificate(pem + pem)
    with pytest.raises(DirectoryError, match="at most"):
        k.parse_certificate(b"0" * (k.LARGEST + 1))


# --- life ---------------------------------------------------------------------------------

KEY = TeamKey(KeyKind.OPENPGP, "A" * 40, created=dt.date(2025, 1, 1), expires=dt.date(2027, 1, 1))


@pytest.mark.parametrize(
    ("day", "options", "state"),
    [
        ("2024-12-31", {}, KeyState.NOT_YET),
        ("2025-01-01", {}, KeyState.VALID),
        ("2026-12-01", {}, KeyState.VALID),
        ("2026-12-02", {}, KeyState.ENDS_SOON),
        ("2026-12-31", {}, KeyState.ENDS_SOON),
        ("2027-01-01", {}, KeyState.EXPIRED),
        ("2026-01-01", {"replaced_by": "B" * 40}, KeyState.REPLACED),
        ("2026-01-01", {"confirmed": False}, KeyState.UNCONFIRMED),
    ],
)
def test_state_of_a_day(day: str, options: dict[str, object], state: KeyState) -> None:
    assert k.state(KEY, dt.date.fromisoformat(day), **options) is state  # type: ignore[arg-type]


def test_another_key_for_the_same_purpose_needs_confirmation() -> None:
    new = replace(KEY, fingerprint="B" * 40)
    assert k.compare_keys(KEY, new) is k.KeyChange.REPLACES
    assert k.needs_confirmation([KEY], new)
    assert not k.needs_confirmation([], new)
    assert k.compare_keys(KEY, replace(new, purpose="signed notices")) is k.KeyChange.BESIDE
    assert k.compare_keys(KEY, replace(new, kind=KeyKind.SMIME)) is k.KeyChange.BESIDE


def test_the_same_key_with_a_later_end_needs_none() -> None:
    old, new = example("expired"), example("extended")
    assert k.compare_keys(old, new) is k.KeyChange.REFRESHED
    assert not k.needs_confirmation([old], new)
    assert k.compare_keys(new, new) is k.KeyChange.SAME
    merged = k.merge_keys(old, new)
    assert (merged.expires, merged.encrypts_until) == (new.expires, new.encrypts_until)
    bare = TeamKey(KeyKind.OPENPGP, old.fingerprint)
    assert k.compare_keys(old, bare) is k.KeyChange.SAME
    assert k.merge_keys(old, bare) == old


def test_a_revocation_once_seen_stays_seen() -> None:
    packets = [
        bytes(packet)
        for packet in PacketPile.from_bytes(example("revoked").text.encode())
        if packet.signature_type != SignatureType.KeyRevocation
    ]
    before = k.parse_openpgp(b"".join(packets))
    assert before.revoked is None
    assert k.merge_keys(example("revoked"), before).revoked == dt.date(2025, 3, 5)
    assert k.merge_keys(before, example("revoked")).revoked == dt.date(2025, 3, 5)
