"""What `--lan` makes: a certificate, a code and a QR; and what `serve` refuses to begin with."""

import socket
import ssl
import stat
import sys
from pathlib import Path

import pytest
from cryptography import x509

from posecoach.core import paths
from posecoach.web import lan
from tests.conftest import Run


@pytest.fixture
def network() -> lan.Network:
    if not lan.addresses():
        pytest.skip("this machine is in no local network")
    return lan.join(8766)


def test_the_certificate_names_the_machine_and_is_kept(network: lan.Network) -> None:
    made = network.certificate.read_bytes()
    names = x509.load_pem_x509_certificate(made).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    known = {str(one) for one in names.value.get_values_for_type(x509.IPAddress)}
    assert known >= set(lan.addresses())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(network.certificate, network.key)
    assert lan.join(8766).certificate.read_bytes() == made


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions otherwise")
def test_the_key_is_readable_by_its_owner_alone(network: lan.Network) -> None:
    assert stat.S_IMODE(network.key.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", [b"", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"])
def test_a_certificate_that_is_damaged_is_made_anew(network: lan.Network, damage: bytes) -> None:
    network.certificate.write_bytes(damage)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    again = lan.join(8766)
    context.load_cert_chain(again.certificate, again.key)


def test_the_address_carries_the_code_and_is_drawn(network: lan.Network) -> None:
    assert network.address.startswith("https://")
    assert network.address.endswith(f":8766/pair/{network.code}")
    assert network.as_json()["qr"].startswith("data:image/svg+xml")
    assert len(network.drawn().splitlines()) > 10


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org"])
def test_an_address_that_others_can_reach_is_refused(posecoach: Run, host: str) -> None:
    status, _, errors = posecoach("serve", "--host", host, "--no-open")
    assert status == 2
    assert "--lan" in errors
    assert "Traceback" not in errors


def test_a_port_that_is_taken_is_a_sentence_with_another(posecoach: Run, weights: bytes) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, _, errors = posecoach("serve", "--port", port, "--no-open")
    assert status == 1
    assert f"--port {port + 10}" in errors
    assert "Traceback" not in errors


def test_without_the_packages_a_sentence_names_the_command(
    posecoach: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "posecoach.web.serving", raising=False)
    monkeypatch.delattr("posecoach.web.serving", raising=False)
    for checkout, what in ((True, f'-e "{paths.checkout()}[web]"'), (False, '"posecoach[web]"')):
        monkeypatch.setattr(paths, "in_checkout", lambda found=checkout: found)
        status, _, errors = posecoach("serve")
        assert status == 2
        assert f"{sys.executable} -m pip install {what}" in errors


@pytest.mark.parametrize(
    ("name", "told"), [("Büro-PC", ["xn--bro-pc-3ya", "xn--bro-pc-3ya.local"]), ("ü" * 80, [])]
)
def test_a_name_is_told_as_browsers_send_it(
    network: lan.Network, monkeypatch: pytest.MonkeyPatch, name: str, told: list[str]
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    again = lan.join(8766)
    assert list(again.hosts) == [*lan.addresses(), *told]
    made = again.certificate.read_bytes()
    assert lan.join(8766).certificate.read_bytes() == made, "it fits"


def test_nothing_of_the_network_is_kept_but_certificate_and_key(network: lan.Network) -> None:
    assert {path.name for path in (paths.data_dir() / "lan").iterdir()} == {"certificate.pem", "key.pem"}
    assert network.code not in Path(network.certificate).read_text()
