"""TLS in front of the gateway: ops/proxy as it is, but for addresses and certificates; and whom the gateway believes."""

import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess

import fadder
import pytest

PLACE = fadder.TOP / "ops" / "proxy"
NGINX, CADDY, OPENSSL = (shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("nginx", "caddy", "openssl"))
CLIENT = "127.77.1.2"
NAME, OURS = "fadder.example.org", "my.fadder.example.org"


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after)
    return text


@pytest.fixture
def certificate(tmp_path):
    if not OPENSSL:
        pytest.skip("openssl is not installed")
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},DNS:{OURS}",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return tmp_path


class Running:
    """A program that listens there, until the test ends."""

    def __init__(self, words: list, host: str, port: int, log: pathlib.Path, **more):
        self.log = log
        self.process = subprocess.Popen(words, stdout=log.open("wb"), stderr=subprocess.STDOUT, preexec_fn=fadder.end_with_us, **more)
        self.host, self.port = host, port

    def is_there(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        with socket.socket() as one:
            return one.connect_ex((self.host, self.port)) == 0

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(fadder.PATIENCE)


@pytest.fixture
def nginx(certificate):
    if not NGINX:
        pytest.skip("nginx is not installed")
    running = []

    def start(system: fadder.System) -> Running:
        host, port = fadder.own_address()
        _, plain = fadder.own_address()
        text = changed(
            (PLACE / "nginx.conf").read_text(),
            ("pid /run/nginx.pid", f"pid {certificate}/nginx.pid"),
            ("/var/log/nginx/fadder.log", f"{certificate}/error.log"),
            ("/etc/ssl/fadder/", f"{certificate}/"),
            ("127.0.0.1:8080", f"{system.host}:{system.port}"),
            ("127.0.0.1:8081", system.pages),
            ("        listen [::]:80;\n", ""),
            ("        listen [::]:443 ssl http2;\n", ""),
            ("listen 80;", f"listen {host}:{plain};"),
            ("listen 443 ssl", f"listen {host}:{port} ssl"),
        )
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
            if kind in ("client_body", "proxy"):
                text = text.replace("http {\n", f"http {{\n    {kind}_temp_path {certificate}/{kind};\n", 1)
        (certificate / "nginx.conf").write_text(text)
        words = [NGINX, "-c", certificate / "nginx.conf", "-p", certificate, "-g", "daemon off;", "-e", certificate / "start.log"]
        running.append(Running(words, host, port, certificate / "nginx.out"))
        running[-1].plain = plain
        fadder.wait_until(running[-1].is_there, "nginx listens")
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def caddy(certificate):
    if not CADDY:
        pytest.skip("caddy is not installed")
    running = []

    def start(system: fadder.System) -> Running:
        host, port = fadder.own_address()
        text = "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + changed(
            (PLACE / "Caddyfile").read_text(),
            (f"\n{NAME} {{\n", f"\nhttps://{NAME}:{port} {{\n\tbind {host}\n\ttls {certificate}/fullchain.pem {certificate}/key.pem\n"),
            (f"\n{OURS} {{\n", f"\nhttps://{OURS}:{port} {{\n\tbind {host}\n\ttls {certificate}/fullchain.pem {certificate}/key.pem\n"),
            ("127.0.0.1:8080", f"{system.host}:{system.port}"),
            ("127.0.0.1:8081", system.pages),
        )
        (certificate / "Caddyfile").write_text(text)
        words = [CADDY, "run", "--config", certificate / "Caddyfile", "--adapter", "caddyfile"]
        running.append(Running(words, host, port, certificate / "caddy.out", env={"HOME": str(certificate), "PATH": "/usr/bin:/bin"}))
        fadder.wait_until(running[-1].is_there, "caddy listens")
        return running[-1]

    yield start
    for one in running:
        one.stop()


def ask(
    proxy: Running, trust: pathlib.Path, method: str, path: str, body: bytes | None = None, name: str = NAME, **headers: str
) -> fadder.Answer:
    """From another address of this machine, over TLS, by a name in the certificate."""
    context = ssl.create_default_context(cafile=str(trust / "fullchain.pem"))
    connection = http.client.HTTPConnection(name, timeout=fadder.PATIENCE)
    plain = socket.create_connection((proxy.host, proxy.port), fadder.PATIENCE, source_address=(CLIENT, 0))
    connection.sock = context.wrap_socket(plain, server_hostname=name)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return fadder.Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def addresses(system: fadder.System) -> list[str]:
    text = (system.home / "log" / "gateway.log").read_text()
    return re.findall(r" request .* address=(\S+) ", text)


def heard(system: fadder.System, proxy: Running, trust: pathlib.Path) -> str:
    """Which address the gateway takes a request for that says that it is somebody else's."""
    before = len(addresses(system))
    lie = {"X_Forwarded_For": "6.6.6.6", "Forwarded": "for=6.6.6.6", "X_Real_IP": "6.6.6.6"}
    assert ask(proxy, trust, "GET", "/healthz", **lie).status == 200
    return fadder.wait_until(lambda: addresses(system)[before:], "it is logged")[-1]


def test_nginx_ends_tls_and_says_who_the_client_is(make_system, nginx, certificate):
    system = make_system(FADDER_LOG="debug", FADDER_PROXY="127.0.0.1").start()
    proxy = nginx(system)
    answer = ask(proxy, certificate, "GET", "/healthz")
    assert answer.status == 200 and answer.headers["strict-transport-security"] == "max-age=31536000"
    assert [ask(proxy, certificate, "GET", path).status for path in ("/metrics", "/readyz")] == [404, 404]
    assert heard(system, proxy, certificate) == CLIENT

    raw = json.dumps(fadder.referral("PROXY-1")).encode()
    headers = system.signed(raw)
    answer = ask(proxy, certificate, "POST", f"/v1/hooks/{system.partner.id}", raw, **{k.replace("-", "_"): v for k, v in headers.items()})
    assert answer.status == 200, answer
    assert ask(proxy, certificate, "POST", f"/v1/hooks/{system.partner.id}", b"x" * 70000).status == 413

    connection = http.client.HTTPConnection(proxy.host, proxy.plain, timeout=fadder.PATIENCE)
    connection.request("GET", "/healthz", headers={"Host": NAME})
    answer = connection.getresponse()
    assert answer.status == 308 and answer.headers["Location"] == f"https://{NAME}/healthz"
    connection.close()


def test_people_come_to_the_pages_by_a_name_of_their_own(make_system, nginx, certificate):
    system = make_system(FADDER_PROXY="127.0.0.1", FADDER_PAGES_URL=f"https://{OURS}").start()
    proxy = nginx(system)
    answer = ask(proxy, certificate, "GET", "/sign-in", name=OURS, Accept_Encoding="gzip")
    assert answer.status == 200 and answer.headers["content-encoding"] == "gzip"
    assert answer.headers["strict-transport-security"] == "max-age=31536000" and answer.headers["cache-control"] == "no-store"
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    answer = ask(proxy, certificate, "POST", "/sign-in", b"email=nobody%40example.org", name=OURS, Origin=f"https://{OURS}", **form)
    assert answer.status == 303 and answer.headers["set-cookie"].startswith("__Host-fadder=")
    assert answer.headers["set-cookie"].endswith("; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure")
    for other in (f"http://{system.pages}", f"https://{NAME}"):
        assert ask(proxy, certificate, "POST", "/sign-in", b"email=nobody%40example.org", name=OURS, Origin=other, **form).status == 403
    assert ask(proxy, certificate, "GET", "/v1/persons", name=OURS).status == 404
    assert ask(proxy, certificate, "GET", "/sign-in").status == 404


def test_whom_the_gateway_is_not_told_to_believe_it_does_not(make_system, nginx, certificate):
    system = make_system(load=False, FADDER_LOG="debug").start()
    assert heard(system, nginx(system), certificate) == "127.0.0.1"
    for header in ("X-Forwarded-For", "Forwarded"):
        system.request("GET", "/healthz", headers={header: "for=6.6.6.6" if header == "Forwarded" else "6.6.6.6"})
    assert set(addresses(system)) == {"127.0.0.1"}


def test_caddy_does_so_too(make_system, caddy, certificate):
    system = make_system(FADDER_LOG="debug", FADDER_PROXY="127.0.0.1").start()
    proxy = caddy(system)
    answer = ask(proxy, certificate, "GET", "/healthz")
    assert answer.status == 200 and answer.headers["strict-transport-security"] == "max-age=31536000"
    assert [ask(proxy, certificate, "GET", path).status for path in ("/metrics", "/readyz")] == [404, 404]
    assert heard(system, proxy, certificate) == CLIENT
    raw = json.dumps(fadder.referral("PROXY-2")).encode()
    headers = {name.replace("-", "_"): value for name, value in system.signed(raw).items()}
    assert ask(proxy, certificate, "POST", f"/v1/hooks/{system.partner.id}", raw, **headers).status == 200
