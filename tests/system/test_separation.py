"""A user for each service: what ops/systemd sets up, tried with real users where we are root; and what its units leave open."""

import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import fadder
import pytest

UNITS = fadder.TOP / "ops" / "systemd"
GROUP = 50990
USERS = {name: 50991 + number for number, name in enumerate(fadder.SERVICES)}
OF = {f"fadder-{name}": uid for name, uid in USERS.items()} | {"root": 0}
EXPOSURE_MAX = 2.0

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be several users")


def tmpfiles(home: pathlib.Path) -> None:
    """What systemd-tmpfiles makes of ops/systemd/tmpfiles.conf, for a home elsewhere."""
    for line in (UNITS / "tmpfiles.conf").read_text().splitlines():
        if not line.startswith("d /var/lib/fadder"):
            continue
        _, path, mode, user, group = line.split()
        assert group == "fadder"
        place = pathlib.Path(path.replace("/var/lib/fadder", str(home)))
        place.mkdir()
        os.chown(place, OF[user], GROUP)
        place.chmod(int(mode, 8))


def as_user(uid: int) -> dict:
    return {"user": uid, "group": GROUP, "extra_groups": []}


class Apart:
    def __init__(self, place: pathlib.Path, *before: object, **environment: str):
        self.home, self.running, self.before = place / "home", {}, before
        tmpfiles(self.home)
        self.host, self.port = fadder.own_address()
        self.environment = {
            **os.environ,
            "FADDER_HOME": str(self.home),
            "FADDER_HTTP": f"{self.host}:{self.port}",
            "FADDER_PAGES": "{}:{}".format(*fadder.own_address()),
            "FADDER_WEBHOOK_ALLOW": "127.0.0.0/8",
            **environment,
        }
        subprocess.run([fadder.BIN / "fadder", "peers"], env=self.environment, stdout=subprocess.DEVNULL, check=True)
        for service, uid in USERS.items():
            os.chown(self.home / "keys" / f"bus.{service}.secret", uid, GROUP)

    def start(self, service: str) -> None:
        self.running[service] = subprocess.Popen(
            [*(str(word).format(service=service) for word in self.before), fadder.BIN / f"fadder-{service}"],
            env=self.environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stderr=(self.home.parent / f"{service}.log").open("ab"),
            preexec_fn=os.setpgrp,
            umask=0o077,
            **as_user(USERS[service]),
        )

    def load(self) -> str:
        """The demonstration; the admin's token."""
        words = [fadder.BIN / "fadder", "load", fadder.DEMO, "--into", "demo.json"]
        load = subprocess.run(words, env=self.environment, capture_output=True, text=True)
        assert load.returncode == 0, load.stderr
        return re.findall(r'"token-admin": .*"secret": "([^"]+)"', (self.home / "demo.json").read_text())[0]

    def log(self, service: str) -> str:
        return (self.home.parent / f"{service}.log").read_text()

    def stop(self) -> None:
        for process in self.running.values():
            os.killpg(process.pid, signal.SIGTERM)  # also what strace runs
        for service, process in self.running.items():
            assert process.wait(fadder.PATIENCE) == 0, self.log(service)

    def get(self, path: str, token: str = "") -> int:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=fadder.PATIENCE)
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        return connection.getresponse().status

    def is_ready(self) -> bool:
        for service, process in self.running.items():
            assert process.poll() is None, self.log(service)
        with socket.socket() as one:
            if one.connect_ex((self.host, self.port)) != 0:
                return False
        return self.get("/readyz") == 200


@pytest.fixture(scope="module")
def place():
    """A folder that other users may enter, as they may the one with the programs."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="fadder-apart-"))
    place.chmod(0o755)
    seen = subprocess.run(["/usr/bin/test", "-x", fadder.BIN / "fadder-gateway"], **as_user(USERS["gateway"]))
    if seen.returncode != 0:
        shutil.rmtree(place)
        pytest.skip("other users may not enter the folder with the programs")
    yield place
    shutil.rmtree(place)


def start_all(system: Apart) -> Apart:
    for service in fadder.SERVICES:
        system.start(service)
    fadder.wait_until(system.is_ready, "all are ready")
    return system


@pytest.fixture(scope="module")
def apart(place):
    system = Apart(place)
    try:
        yield start_all(system)
    finally:
        system.stop()


def may(uid: int, what: str, *words: object) -> bool:
    """Whether that user can do it, in Python."""
    text = f"import os, sys; args = sys.argv[1:]; {what}"
    done = subprocess.run([sys.executable, "-I", "-c", text, *map(str, words)], capture_output=True, text=True, cwd="/", **as_user(uid))
    assert done.returncode == 0 or "PermissionError" in done.stderr, done.stderr
    return done.returncode == 0


OPEN = "os.close(os.open(args[0], os.O_RDONLY))"


@only_root
def test_five_users_make_one_system(apart):
    token = apart.load()
    fadder.wait_until(lambda: apart.get("/v1/persons", token) == 200, "the token is known")


@only_root
def test_nobody_but_the_registry_reads_its_keys_and_nobody_anothers_state(apart):
    public = list((apart.home / "keys" / "bus").iterdir())
    files = [path for path in apart.home.rglob("*") if path.is_file() and path.name != "http.port" and path not in public]
    assert {"master.key", "ring"} <= {path.name for path in files}
    for path in files:
        for service, uid in USERS.items():
            assert may(uid, OPEN, path) == (path.stat().st_uid == uid), (service, path)
    for path in (apart.home / "keys" / "master.key", apart.home / "keys" / "ring", apart.home / "run" / "registry.commands"):
        owner = path.stat().st_uid
        assert owner == USERS["registry"]
        assert not may(USERS["gateway"], "os.unlink(args[0])", path)
        assert not may(USERS["gateway"], "os.rename(args[0], args[0] + '.x')", path)
    assert not may(USERS["gateway"], "os.mkdir(args[0])", apart.home / "mine")
    assert len(public) > len(USERS) and all(path.stat().st_uid == 0 and path.stat().st_mode & 0o777 == 0o644 for path in public)
    assert not may(USERS["gateway"], "os.mkdir(args[0])", public[0].parent / "guest.public")


@only_root
def test_a_key_that_another_user_has_put_there_is_not_taken(apart):
    planted = apart.home / "keys" / "print.registry"
    apart.running["registry"].terminate()
    assert apart.running.pop("registry").wait(fadder.PATIENCE) == 0
    kept = planted.read_bytes()
    planted.unlink()
    assert may(USERS["gateway"], "open(args[0], 'xb').write(bytes(32))", planted)
    apart.start("registry")
    assert apart.running.pop("registry").wait(fadder.PATIENCE) == 1
    assert "print.registry" in apart.log("registry").splitlines()[-1]
    planted.unlink()
    planted.write_bytes(kept)
    os.chown(planted, USERS["registry"], GROUP)
    planted.chmod(0o600)
    apart.start("registry")
    fadder.wait_until(apart.is_ready, "all are ready again")


# The units.

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(not ANALYZE or "--offline" not in subprocess.run([ANALYZE, "--help"], capture_output=True, text=True).stdout, reason="systemd-analyze is not installed, or older than version 250")  # fmt: skip


@pytest.fixture
def root(tmp_path):
    """A machine's files with the units installed."""
    shutil.copytree(UNITS, tmp_path / "etc/systemd/system")
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    (tmp_path / "usr/local/bin").mkdir(parents=True)
    for service in fadder.SERVICES:
        shutil.copy("/bin/true", tmp_path / f"usr/local/bin/fadder-{service}")
    return tmp_path


@needs_systemd
@pytest.mark.parametrize("service", fadder.SERVICES)
def test_a_unit_leaves_little_open(root, service):
    words = [ANALYZE, "security", "--offline=true", f"--root={root}", "--no-pager", f"--threshold={int(EXPOSURE_MAX * 10)}", f"fadder@{service}.service"]
    done = subprocess.run(words, capture_output=True, text=True)
    found = re.search(r"Overall exposure level for fadder@\S+: ([\d.]+)", done.stdout)
    assert found and float(found[1]) <= EXPOSURE_MAX and done.returncode == 0, done.stdout + done.stderr
    if " 252" in subprocess.run([ANALYZE, "--version"], capture_output=True, text=True).stdout:  # others count otherwise
        assert f"| {service} | {found[1]} |" in (UNITS / "README.md").read_text(), found[0]


@needs_systemd
def test_the_units_are_as_systemd_has_them(root):
    units = ["fadder.target", *(f"fadder@{service}.service" for service in fadder.SERVICES)]
    done = subprocess.run([ANALYZE, "verify", f"--root={root}", *units], capture_output=True, text=True)
    assert done.returncode == 0 and "fadder" not in done.stderr, done.stderr


def test_there_is_a_user_a_folder_and_a_unit_for_each_service():
    sysusers, folders, target = ((UNITS / name).read_text() for name in ("sysusers.conf", "tmpfiles.conf", "fadder.target"))
    for service in fadder.SERVICES:
        assert f"\nu fadder-{service} - " in sysusers
        assert f"\nd /var/lib/fadder/{service} 0700 fadder-{service} fadder\n" in folders
        assert f"fadder@{service}.service" in target


def expand(name: str) -> set[str]:
    """The system calls of a name or of a group, as systemd has it."""
    if not name.startswith("@"):
        return {name}
    lines = subprocess.run([ANALYZE, "syscall-filter", name], capture_output=True, text=True, check=True).stdout.splitlines()
    words = {line.strip() for line in lines[1:] if line.strip() and not line.strip().startswith("#")}
    return set().union(*map(expand, words))


def allowed() -> set[str]:
    calls: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", (UNITS / "fadder@.service").read_text(), re.MULTILINE):
        words = set().union(*map(expand, line.removeprefix("~").split()))
        calls = calls - words if line.startswith("~") else calls | words
    return calls


@only_root
@needs_systemd
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_no_service_makes_a_system_call_that_its_unit_does_not_let_it_make(place):
    traced = place / "traced"
    traced.mkdir()
    traces = traced / "traces"
    traces.mkdir()
    traces.chmod(0o777)
    words = ["strace", "-f", "-qq", "-o", traces / "{service}"]
    system = Apart(traced, *words, ASAN_OPTIONS="detect_leaks=0")  # that needs to be the tracer itself
    try:
        token = start_all(system).load()
        fadder.wait_until(lambda: system.get("/v1/persons", token) == 200, "the token is known")
    finally:
        system.stop()
    for service in fadder.SERVICES:
        made = set(re.findall(r"^\d+ +(\w+)\(", (traces / service).read_text(), re.MULTILINE))
        assert len(made) > 20 and not made - allowed(), (service, made - allowed())


@only_root
def test_a_service_runs_where_it_cannot_write_who_is_let_in(tmp_path):
    """As in docker-compose: `fadder peers` makes its key first, elsewhere; then keys/bus is read only."""
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        pytest.skip("no mounts of one's own can be had here")
    home, log = tmp_path / "home", tmp_path / "log"
    environment = {**os.environ, "FADDER_HOME": str(home)}
    subprocess.run([fadder.BIN / "fadder", "peers", "registry"], env=environment, check=True, capture_output=True)
    known = (home / "keys/bus/registry.public").read_bytes()

    def run(service):
        mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$1"'
        words = ["unshare", "-m", "sh", "-c", mount, home / "keys/bus", fadder.BIN / f"fadder-{service}"]
        return subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stderr=log.open("ab"))

    process = run("registry")
    try:
        fadder.wait_until((home / "run/registry.reads").exists, "it runs")
    finally:
        process.terminate()
        assert process.wait(fadder.PATIENCE) == 0
    assert (home / "keys/bus/registry.public").read_bytes() == known
    assert run("notification").wait(fadder.PATIENCE) == 1, "it has no key yet: it is started again until there is one"
    assert "code=bus_key" in log.read_text()
    assert sorted(one.name for one in (home / "keys/bus").iterdir()) == ["registry.public"]
