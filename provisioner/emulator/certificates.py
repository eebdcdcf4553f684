"""Makes the emulator's certificate authority and the one server certificate it signs."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioner.emulator.clouds import MICROSOFT_HOSTS

_LIFETIME = timedelta(days=800)  # below the 825 days some platforms allow a server certificate


class Certificates(NamedTuple):
    """The authority's certificate, the server's, and the server's private key: PEM."""

    ca: bytes
    server: bytes
    key: bytes


def make_certificates(now: datetime) -> Certificates:
    """A new authority and what it signs, good from a day before `now`.

    The authority's private key is dropped with the return: nothing else can ever be signed by it.
    """
    start = now - timedelta(days=1)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    server_key = ec.generate_private_key(ec.SECP256R1())
    ca = _authority(authority_key, start)
    server = _server(server_key.public_key(), authority_key, start)
    return Certificates(
        ca.public_bytes(Encoding.PEM),
        server.public_bytes(Encoding.PEM),
        server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def is_valid(certificate: bytes, at: datetime) -> bool:
    """Whether a server certificate (PEM) has not run out and is for every host there is."""
    loaded = x509.load_pem_x509_certificate(certificate)
    names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    complete = set(MICROSOFT_HOSTS) <= set(names.get_values_for_type(x509.DNSName))
    return complete and loaded.not_valid_after_utc > at


def _authority(own: ec.EllipticCurvePrivateKey, start: datetime) -> x509.Certificate:
    return (
        _begun(_name("Local Microsoft 365 emulator"), own.public_key(), start)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(_id_of(own), critical=False)
        .sign(own, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePublicKey, authority: ec.EllipticCurvePrivateKey, start: datetime
) -> x509.Certificate:
    signer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(_id_of(authority))
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("localhost"),
            *(x509.DNSName(host) for host in MICROSOFT_HOSTS),
            x509.IPAddress(ip_address("127.0.0.1")),
            x509.IPAddress(ip_address("::1")),
        ]
    )
    return (
        _begun(_name("localhost"), key, start)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(names, critical=False)
        .add_extension(signer, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .sign(authority, hashes.SHA256())
    )


def _begun(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, start: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(_name("Local Microsoft 365 emulator"))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _LIFETIME)
    )


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _id_of(authority: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(authority.public_key())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
