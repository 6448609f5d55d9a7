"""A phone on the same network: this machine's addresses, the certificate, and the pairing code as QR."""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import psutil
import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from posecoach.core import files, paths
from posecoach.core.errors import InputError
from posecoach.core.translation import marked, tr
from posecoach.web import access
from posecoach.web.wire import Json

WARNING = marked(
    "The phone will warn once that the certificate is not known: this computer made it by itself, so that "
    "nobody in the network can look on. Choose Advanced, then Proceed."
)

_DAYS = 397  # browsers take no certificate that is valid for longer
_RENEW_DAYS = 30


@dataclass(frozen=True)
class Network:
    """How this machine is reached: `hosts` by name and address, and with which code."""

    hosts: tuple[str, ...]
    port: int
    certificate: Path
    key: Path
    code: str = field(default_factory=access.new_code)

    @property
    def address(self) -> str:
        """What a phone opens, the pairing code included."""
        return f"https://{self.hosts[0]}:{self.port}/pair/{self.code}"

    def drawn(self) -> str:
        """The address as a QR code for a terminal."""
        text = StringIO()
        segno.make(self.address, micro=False).terminal(text, compact=True)
        return text.getvalue()

    def as_json(self) -> Json:
        """The address, its QR code as a picture, and what the browser will warn of."""
        picture = segno.make(self.address, micro=False).svg_data_uri(scale=6, border=3)
        return {"address": self.address, "qr": picture, "warning": tr(WARNING)}


def join(port: int) -> Network:
    """Be reachable on the local network; raises InputError when this machine is in none."""
    found = addresses()
    if not found:
        raise InputError(tr("This machine is not on a local network: connect it to one, or leave --lan out."))
    hosts = (*found, *_names())
    certificate, key = _certificate(hosts)
    return Network(hosts, port, certificate, key)


def addresses() -> list[str]:
    """This machine's addresses in private networks, those that a home usually has first: containers and
    virtual machines have others."""
    found: list[str] = []
    running = psutil.net_if_stats()
    for name, known in psutil.net_if_addrs().items():
        if name in running and not running[name].isup:
            continue
        for one in known:
            if one.family != socket.AF_INET:
                continue
            address = ipaddress.ip_address(one.address)
            if address.is_private and not address.is_loopback and not address.is_link_local:
                found.append(one.address)
    return sorted(found, key=lambda one: not one.startswith(("192.168.", "10.")))


def _names() -> list[str]:
    """This machine's names as browsers send them: in ASCII, whatever letters they have; none where that is
    not possible."""
    try:
        name = socket.gethostname().lower().encode("idna").decode()
    except UnicodeError:
        return []
    return [name, f"{name.removesuffix('.local')}.local"] if name else []


def _certificate(hosts: Iterable[str]) -> tuple[Path, Path]:
    """The certificate and its key, made anew when they do not fit: the phone asks only once for each."""
    folder = files.private_folder(paths.data_dir() / "lan")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not _fits(certificate, key, set(hosts)):
        made, secret = _made(hosts)
        files.write(key, secret, private=True)
        files.write(certificate, made)
    return certificate, key


def _fits(certificate: Path, key: Path, hosts: set[str]) -> bool:
    try:
        known = x509.load_pem_x509_certificate(certificate.read_bytes())
        serialization.load_pem_private_key(key.read_bytes(), None)
        names = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    covered = {*names.get_values_for_type(x509.DNSName)}
    covered |= {str(one) for one in names.get_values_for_type(x509.IPAddress)}
    left = known.not_valid_after_utc - datetime.now(UTC)
    return hosts <= covered and left > timedelta(days=_RENEW_DAYS)


def _made(hosts: Iterable[str]) -> tuple[bytes, bytes]:
    """A self-signed certificate for these names and addresses, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "posecoach")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS - 1))
        .add_extension(x509.SubjectAlternativeName([_named(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return (
        made.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


def _named(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
