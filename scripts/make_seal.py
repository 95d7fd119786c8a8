"""Make a certificate to try sealing with: `python scripts/make_seal.py TARGET.p12`.

Self-signed, so PDF readers say that the signer is unknown; production brings one of its own in SEAL_PKCS12. An EC P-256 key,
because a seal with it takes a quarter of the time of one with RSA.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

VALID = timedelta(days=3 * 365)


def certificate(key: ec.EllipticCurvePrivateKey, name: x509.Name) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - timedelta(hours=1), now + VALID
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return builder.sign(key, hashes.SHA256())


def main() -> None:
    target = Path(sys.argv[1])
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Countersign trial agency"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Countersign trial seal"),
        ]
    )
    passphrase = os.environ.get("SEAL_PASSPHRASE", "countersign").encode()
    content = pkcs12.serialize_key_and_certificates(
        b"seal", key, certificate(key, name), None, BestAvailableEncryption(passphrase)
    )
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


if __name__ == "__main__":
    main()
