"""nginx with the configuration that is shipped, filled in as the image's entry point does it."""

import datetime
import json
import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clinic.settings import PROJECT_ROOT
from tests.deploy.shipped import compose

SHIPPED = PROJECT_ROOT / "deploy" / "nginx"
BOT_NAME, CONSOLE_NAME = "chat.example.com", "staff.example.com"
SECONDS_TO_START = 20
SECONDS_TO_WRITE = 20


def nginx_program() -> str:
    """Where nginx is; without it the tests that need it fail in CI, and are skipped elsewhere."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None and os.environ.get("CI") == "true":
        raise RuntimeError("these tests need nginx (Debian: apt-get install nginx)")
    return found or pytest.skip("nginx is not installed on this machine")


def filled_in(template: str, values: Mapping[str, str]) -> str:
    """What envsubst makes of a template: `${NAME}` is replaced when it is set, all else stays."""
    return re.sub(r"\$\{(\w+)\}", lambda found: values.get(found[1], found[0]), template)


class Proxy:
    """A running nginx, on ports of its own."""

    def __init__(self, folder: Path, ports: tuple[int, int], bots: Sequence[int], console: int) -> None:
        self.http, self.https = ports
        self.log = folder / "proxy.log"
        self._folder = folder
        self._values = {
            "BOT_NAME": BOT_NAME,
            "CONSOLE_NAME": CONSOLE_NAME,
            "BOT_SERVERS": " ".join(f"server 127.0.0.1:{port} {_shipped_options()};" for port in bots),
            "CONSOLE_SERVERS": f"server 127.0.0.1:{console} max_fails=0;",
            "HTTP_PORT": str(self.http),
            "HTTPS_PORT": str(self.https),
            "CERTIFICATES": str(folder / "live"),
            "ACME_FOLDER": str(folder / "acme"),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._lay_out()

    def log_line_with(self, words: str) -> dict[str, Any]:
        """The line of a request, which nginx writes a moment after its answer has gone out."""
        deadline = time.monotonic() + SECONDS_TO_WRITE
        while True:
            for line in self.log.read_text(encoding="utf-8").splitlines():
                if line.startswith("{") and line.endswith("}") and words in line:
                    return dict(json.loads(line))
            assert time.monotonic() < deadline, f"no line with {words}"
            time.sleep(0.02)

    def checked(self) -> subprocess.CompletedProcess[str]:
        """What `nginx -t` says of the configuration."""
        return subprocess.run(self._command("-t"), capture_output=True, text=True, check=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            # As root it would give up its rights, and with them those to the test's folder.
            command = self._command("-g", f"daemon off;{' user root;' if os.geteuid() == 0 else ''}")
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{self.http}/", headers={"Host": BOT_NAME})
                return
            except httpx.TransportError:
                assert self._process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)

    def client(self, name: str = BOT_NAME, address: str = "127.0.0.1", **options: Any) -> httpx.Client:
        """A client that reaches the proxy by TLS under a name, and comes from an address of this machine."""
        trusted = ssl.create_default_context(cafile=str(self._folder / "live" / name / "fullchain.pem"))
        transport = _Named(name, verify=trusted, local_address=address)
        url = f"https://127.0.0.1:{self.https}"
        return httpx.Client(base_url=url, transport=transport, headers={"Host": name}, timeout=40, **options)

    def _command(self, *options: str) -> list[str]:
        settings = self._folder / "nginx.conf"
        return [nginx_program(), "-e", "stderr", "-p", str(self._folder), "-c", str(settings), *options]

    def _lay_out(self) -> None:
        shutil.copy(SHIPPED / "nginx.conf", self._folder)
        for name in (BOT_NAME, CONSOLE_NAME):
            write_certificate(self._folder / "live" / name, name)
        (self._folder / "acme" / ".well-known" / "acme-challenge").mkdir(parents=True)
        servers = self._folder / "conf.d"
        servers.mkdir()
        for template in (SHIPPED / "templates").glob("*.template"):
            text = filled_in(template.read_text(encoding="utf-8"), self._values)
            (servers / template.stem).write_text(text, encoding="utf-8")


def _shipped_options() -> str:
    """What compose.yml says of each bot beside its address."""
    given: str = compose()["services"]["proxy"]["environment"]["BOT_SERVERS"]
    (options,) = set(re.findall(r"server \S+ ([^;]*);", given))
    return str(options)


class _Named(httpx.HTTPTransport):
    """Asks for a server's name, whatever the address."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(**options)
        self._name = name

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions = {**request.extensions, "sni_hostname": self._name}
        return super().handle_request(request)


def write_certificate(folder: Path, name: str) -> None:
    """A certificate that vouches for itself, under the file names that certbot uses."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True)
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(secret)
