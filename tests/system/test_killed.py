"""Services are killed at any moment, and find their tables deleted, damaged or in doubt: nothing acknowledged is lost,
nothing happens twice, everybody catches up.

The only pauses are those that chance makes before a kill, and nothing is expected of how long they are. FADDER_LONG=1
makes the storms ten times as long.
"""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

import fadder
import pytest
import storm

TIMES = 10 if os.environ.get("FADDER_LONG") else 1


def is_gone(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def kill_and_delete(system, *services):
    """With the supervisor held, so that the state goes while nobody has it open."""
    os.kill(system.process.pid, signal.SIGSTOP)
    try:
        pids = [system.pid(service) for service in services]
        system.kill(*services)
        fadder.wait_until(lambda: all(map(is_gone, pids)), "they are dead")
        for service in services:
            shutil.rmtree(system.home / service / "state", ignore_errors=True)
    finally:
        os.kill(system.process.pid, signal.SIGCONT)


def test_services_die_at_any_moment_under_load_and_lose_and_double_nothing(make_system):
    system = make_system(**storm.SETTINGS).start()
    chance = random.Random(7)
    with storm.Storm(system) as load:
        load.wait_for_more(10)
        for _ in range(TIMES):
            for service in chance.sample(fadder.SERVICES, 5):  # one at a time
                system.kill(service)
                time.sleep(chance.uniform(0.1, 0.8))
            for _ in range(4):  # again while it starts
                system.kill("registry", "mentor-assignment")
                time.sleep(chance.uniform(0.02, 0.4))
            system.kill(*fadder.SERVICES)
            load.wait_for_more()
            for service in chance.sample(fadder.JOURNALS, 4):
                kill_and_delete(system, service)
                time.sleep(chance.uniform(0.3, 0.8))
            kill_and_delete(system, *fadder.SERVICES)
            load.wait_for_more()
        system.wait_ready()
        storm.verify(system)  # under load
        is_enough = lambda: len(load.referrals) > 50 and len(load.couples) > 2
        fadder.wait_until(lambda: load.errors or is_enough(), "much has happened")
    print(f"{len(load.referrals)} referrals, {len(load.steps)} steps, {len(load.couples)} couples,", end=" ")
    print(f"{load.unheard} without an answer, {load.away} told to come again")
    storm.converge(system)
    storm.check(system, load)
    assert load.unheard + load.away > 0

    expected = storm.wait_for_mails(system)
    kept = [path.read_bytes() for path in (system.home / "mail").glob("[!.]*.eml")]
    whole = storm.parts_of(system, kept)
    found = {message.split("@")[0] for message, _, _ in storm.read_mails(kept)}
    files = set().union(found - set(whole), *whole.values())
    assert {one for one, came in expected.items() if came == "delivery.delivered"} <= files <= set(expected)


class ByHand:
    """The services without a supervisor: each is started and ended by name."""

    def __init__(self, system):
        self.system, self.running, self.before = system, {}, {}

    def started(self, service):
        """How often it has been."""
        log = self.system.home / "log" / f"{service}.log"
        return log.read_text(errors="replace").count(" started ") if log.exists() else 0

    def start(self, *services):
        for service in services:
            self.before[service] = self.started(service)
            log = open(self.system.home / "log" / f"{service}.log", "ab")
            self.running[service] = subprocess.Popen(
                [fadder.BIN / f"fadder-{service}"],
                env=self.system.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=fadder.end_with_us,
            )
            log.close()

    def wait_started(self, service):
        fadder.wait_until(lambda: self.started(service) > self.before[service], f"{service} has started")

    def end(self, *services, how=signal.SIGKILL):
        for service in services:
            self.running[service].send_signal(how)
        return [self.running.pop(service).wait(fadder.PATIENCE) for service in services]

    def __enter__(self):
        self.start(*fadder.SERVICES)
        return self

    def __exit__(self, *_):
        self.end(*list(self.running))


def test_started_by_hand_it_is_the_same(make_system):
    system = make_system(FADDER_ANSWER_MS=storm.SETTINGS["FADDER_ANSWER_MS"]).start()
    assert system.demo
    system.stop()
    with ByHand(system) as hand, storm.Storm(system, agencies=2, clerks=1, matches=2) as load:
        chance = random.Random(11)
        load.wait_for_more()
        for _ in range(2 * TIMES):
            service = chance.choice(fadder.JOURNALS)
            hand.end(service)
            shutil.rmtree(system.home / service / "state")
            time.sleep(chance.uniform(0.1, 0.5))
            hand.start(service)
            hand.wait_started(service)
            time.sleep(chance.uniform(0.0, 0.4))
            assert hand.end(service, how=signal.SIGTERM) == [0]  # of its own accord
            hand.start(service)
            time.sleep(chance.uniform(0.1, 0.5))
        hand.end(*fadder.SERVICES)
        hand.start(*fadder.SERVICES)
        load.wait_for_more()
        load.is_over.set()
        storm.converge(system)
        storm.check(system, load)
        assert hand.end("registry", how=signal.SIGTERM) == [0]
        assert system.operator("verify", "registry").returncode == 0  # of one that does not run
    system.check_logs()


# The plug is pulled: what a start may find.


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A home that was ended well; some were referred, and some of them erased."""
    system = fadder.System(tmp_path_factory.mktemp("plug") / "home")
    try:
        system.start()
        referrals = [system.refer() for _ in range(30)]
        for referral in referrals[:20]:
            person = system.get(f"/v1/referrals/{referral}").json["person"]
            system.do(f"persons/{person}/erase", token=system.token("admin"))
    finally:
        system.stop()
    return system.home


class Alone:
    """One service in a copy of that home."""

    def __init__(self, home, log):
        self.home, self.place, self.log, self.process = home, home / "registry", log, None
        # a sanitizer's report ends the process as the signal itself would
        options = os.environ.get("ASAN_OPTIONS", "") + ":abort_on_error=1:disable_coredump=1"
        self.environment = {**os.environ, "FADDER_HOME": str(home), "FADDER_DISK_MIN": "0", "ASAN_OPTIONS": options}

    def said(self):
        return self.log.read_text(errors="replace")

    def start(self):
        """Whether it runs, however often it has to be started again for that."""
        for _ in range(4):
            before = self.said().count(" started ") if self.log.exists() else 0
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(
                    [fadder.BIN / "fadder-registry"], env=self.environment, stdout=log, stderr=log, preexec_fn=fadder.end_with_us
                )
            fadder.wait_until(
                lambda: self.process.poll() is not None or self.said().count(" started ") > before, "it runs, or not"
            )
            if self.process.poll() is None and self.verify().returncode in (0, 1):
                return True
            self.end_of_damage()
        return False

    def end_of_damage(self):
        """Who looks at all of it has died of what it met: so does this one. Two threads that meet it at once can keep a
        sanitizer's report from its end."""
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.end(signal.SIGKILL)

    def verify(self):
        return subprocess.run(
            [fadder.BIN / "fadder-registry", "--verify"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=fadder.PATIENCE,
        )

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(fadder.PATIENCE)


@pytest.fixture
def registry(before, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(before, home, ignore=lambda folder, names: [n for n in names if (pathlib.Path(folder) / n).is_socket()])
    one = Alone(home, tmp_path / "log")
    yield one
    if one.process is not None:
        one.end(signal.SIGKILL)


def mark(boot=None, clean=1, fold=None):
    """A mark like the one that is there, but for this."""

    def change(place):
        lines = dict(line.split(" ", 1) for line in (place / "state.mark").read_text().splitlines())
        lines.update({"boot": boot or lines["boot"], "clean": str(clean), "fold": fold or lines["fold"]})
        (place / "state.mark").write_text("".join(f"{key} {value}\n" for key, value in lines.items()))

    return change


def cut(name, part):
    return lambda place: os.truncate(place / name, int((place / name).stat().st_size * part))


def fill(name, start=0.0, end=1.0, random_bytes=True):
    def change(place):
        size = (place / name).stat().st_size
        with open(place / name, "r+b") as file:
            file.seek(int(size * start))
            length = int(size * end) - int(size * start)
            file.write(os.urandom(length) if random_bytes else bytes(length))

    return change


def remove(name):
    def change(place):
        if (place / name).is_dir():
            shutil.rmtree(place / name)
        else:
            (place / name).unlink()

    return change


def both(*changes):
    def change(place):
        for one in changes:
            one(place)

    return change


def half_fresh(place):
    """The start died while it folded anew."""
    (place / "state.fresh").mkdir()
    whole = (place / "state" / "data.mdb").read_bytes()
    (place / "state.fresh" / "data.mdb").write_bytes(whole[: len(whole) // 2])
    (place / "state.fresh" / "lock.mdb").write_bytes(b"no lock")
    (place / "state.mark").unlink()


def between(place):
    """The old state is gone, the new one not yet in its place."""
    (place / "state").rename(place / "state.fresh")


def litter(place):
    """What a verification and a mark in the making left behind when they were killed."""
    for name in ("copy", "verify.1"):
        shutil.copytree(place / "state", place / name)
    (place / "state.mark.part").write_text("boot")


def elsewhere(place):
    """The state of another service: it stands at a place that is in no journal of ours."""
    shutil.rmtree(place / "state")
    shutil.copytree(place.parent / "notification" / "state", place / "state")


OTHER_BOOT = "00000000-1111-2222-3333-444444444444"
FOLDED = {  # the tables are not believed, and folded anew
    "no mark": remove("state.mark"),
    "a mark cut off": cut("state.mark", 0.6),
    "an empty mark": cut("state.mark", 0),
    "a mark of nonsense": fill("state.mark"),
    "a mark of another boot": mark(boot=OTHER_BOOT, clean=0),
    "a mark of other code": mark(fold="0123456789abcdef"),
    "no state": remove("state"),
    "no state, nor mark": both(remove("state"), remove("state.mark")),
    "an empty state": cut("state/data.mdb", 0),
    "a state of nonsense": fill("state/data.mdb"),
    "a state that begins with nonsense": fill("state/data.mdb", end=0.1),
    "a state cut off": cut("state/data.mdb", 0.5),
    "a state cut off, and a mark of another boot": both(cut("state/data.mdb", 0.5), mark(boot=OTHER_BOOT, clean=0)),
    "a state with holes": fill("state/data.mdb", start=0.1, random_bytes=False),
    "a state that ends in nonsense": fill("state/data.mdb", start=0.1),
    "the state of another service": elsewhere,
    "a new state half written": half_fresh,
    "a new state not yet in its place": between,
}
BELIEVED = {
    "a clean mark of another boot": mark(boot=OTHER_BOOT),
    "no lock of the tables": remove("state/lock.mdb"),
    "no lock of the journal": remove("journal/lock.mdb"),
    "nonsense for the journal's lock": fill("journal/lock.mdb"),
    "what was being done when it died": litter,
    "nonsense for who died of what": lambda place: (place / "trial").write_bytes(os.urandom(4096)),
}


@pytest.mark.parametrize("found", [pytest.param(change, id=name) for name, change in {**FOLDED, **BELIEVED}.items()])
def test_whatever_a_start_finds_its_tables_are_the_fold_of_its_journal(registry, found):
    found(registry.place)
    assert registry.start(), registry.said()[-3000:]
    done = registry.verify()
    assert done.returncode == 0, f"{done.stdout}{done.stderr} {registry.said()[-3000:]}"
    if found in FOLDED.values() and found not in (FOLDED["no state"], FOLDED["an empty state"], FOLDED["a new state not yet in its place"]):
        assert " folding " in registry.said()
    registry.end()
    assert registry.process.returncode == 0
    assert registry.verify().returncode == 0
    registry.log.unlink()
    assert registry.start() and " folding " not in registry.said()  # this once was enough
    assert not list(registry.place.glob("state.fresh"))


def test_keys_that_were_lost_with_their_ring_are_missed_and_nobody_is_erased(registry):
    keys = {name: registry.home / "keys" / name for name in ("ring", "master.key")}
    kept = {name: path.read_bytes() for name, path in keys.items()}
    for path in keys.values():
        path.unlink()
    assert not registry.start()
    assert "vault.ring_missing" in registry.said() and "key_gone_before" not in registry.said()
    for name, path in keys.items():
        path.write_bytes(kept[name])
        path.chmod(0o600)
    assert registry.start(), registry.said()[-3000:]
    assert "key_gone_before" not in registry.said()
    assert registry.verify().returncode == 0


def test_killed_while_it_folds_it_folds_again(registry):
    for delay in (0.0, 0.002, 0.01, 0.03, 0.1):
        (registry.place / "state.mark").unlink(missing_ok=True)
        before = registry.said().count(" folding ") if registry.log.exists() else 0
        with open(registry.log, "ab") as log:
            registry.process = subprocess.Popen(
                [fadder.BIN / "fadder-registry"], env=registry.environment, stdout=log, stderr=log, preexec_fn=fadder.end_with_us
            )
        fadder.wait_until(lambda: registry.said().count(" folding ") > before, "it folds")
        time.sleep(delay)
        registry.end(signal.SIGKILL)
    assert registry.start(), registry.said()[-3000:]
    assert registry.verify().returncode == 0


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(fill("journal/data.mdb"), id="a journal of nonsense"),
        pytest.param(cut("journal/data.mdb", 0.3), id="a journal cut off"),
        pytest.param(fill("journal/data.mdb", start=0.1), id="a journal that ends in nonsense"),
    ],
)
def test_a_damaged_journal_is_never_written_to(registry, found):
    found(registry.place)
    shutil.rmtree(registry.place / "state")
    damaged = (registry.place / "journal" / "data.mdb").read_bytes()
    assert not registry.start() or registry.verify().returncode == 1
    registry.end(signal.SIGKILL)
    assert (registry.place / "journal" / "data.mdb").read_bytes() == damaged


def test_a_second_one_on_the_same_directory_is_refused(registry):
    assert registry.start()
    for path in registry.place.iterdir():  # whoever tidied up there
        if path.is_file():
            path.unlink()
    second = subprocess.run(
        [fadder.BIN / "fadder-registry"],
        env=registry.environment,
        capture_output=True,
        text=True,
        timeout=fadder.PATIENCE,
    )
    assert second.returncode == 1 and "running" in second.stdout + second.stderr
    assert registry.verify().returncode == 0


# Hardly any room on the disk.


def is_full(system):
    ready = system.request("GET", "/readyz")
    return ready if ready.status == 503 and "No room" in ready.json["detail"] else None


def test_a_disk_that_is_nearly_full_is_told_of_before_anything_is_refused(make_system):
    system = make_system(load=False)
    least = shutil.disk_usage(system.home.parent).free // (1 << 20) // 2
    system.environment["FADDER_DISK_MIN"] = str(least)  # twice that is free: nothing is refused yet
    system.start()
    ready = fadder.wait_until(lambda: said_of_room(system), "it says so")
    assert ready[0] == "ready" and all(service in ready[1] for service in fadder.JOURNALS)
    status = system.operator("status")  # all are ready
    assert status.stdout.count("The disk is nearly full") == len(fadder.JOURNALS) and str(least) in status.stdout
    assert "look  room on the disk" in system.operator("doctor", check=False).stdout
    system.operator("programme", "add", "--slug", "full", "--name", "Full", "--country", "se")


def said_of_room(system):
    ready = system.request("GET", "/readyz")
    lines = ready.body.decode().splitlines()
    return lines if ready.status == 200 and len(lines) == 2 and "nearly full" in lines[1] else None


def test_with_hardly_any_room_it_says_come_again_and_does_nothing_by_halves(make_system):
    system = make_system().start()
    kept = system.refer()
    storm.wait_for_mails(system)
    storm.converge(system)
    assert system.demo
    system.stop()
    system.environment["FADDER_DISK_MIN"] = str(1 << 29)  # MiB
    system.load = False
    system.start()
    before = {service: system.events(service) for service in fadder.JOURNALS}
    ready = fadder.wait_until(lambda: is_full(system), "it says so")
    assert ready.json["code"] == "waits" and all(service in ready.json["detail"] for service in fadder.JOURNALS)
    status = system.operator("status", check=False)
    assert status.returncode == 1 and status.stdout.count("Commands are refused: there is no room") == len(fadder.JOURNALS)
    body, message = fadder.referral("FULL-1"), "msg_full"
    for _ in range(3):
        answer = system.deliver(body, message=message)
        assert answer.status == 503 and int(answer.headers["retry-after"]) >= 1, answer
        assert answer.headers["content-type"] == "application/problem+json"
    version = system.get(f"/v1/referrals/{kept}").json["version"]  # reading goes on
    answer = system.command(f"referrals/{kept}/accept", version=version, token=system.token("coordinator"), key="full")
    assert answer.status == 503 and "retry-after" in answer.headers, answer
    assert {service: system.events(service) for service in fadder.JOURNALS} == before
    storm.verify(system)
    system.stop()

    system.environment["FADDER_DISK_MIN"] = "0"
    system.start()
    answer = system.deliver(body, message=message)
    assert answer.status == 200 and answer.json["result"] == "accepted", answer
    answer = system.command(f"referrals/{kept}/accept", version=version, token=system.token("coordinator"), key="full")
    assert answer.status == 200, answer
    storm.converge(system)
    storm.verify(system)
    storm.check_journals(system)


def has_dialled(pid):
    """Whether that process is connected to a Unix socket of another."""
    own = {os.readlink(path) for path in pathlib.Path(f"/proc/{pid}/fd").iterdir()}
    lines = [line.split() for line in pathlib.Path("/proc/net/unix").read_text().splitlines()[1:]]
    return any(line[5] == "03" and f"socket:[{line[6]}]" in own for line in lines)


def test_a_verification_does_not_wait_for_a_service_that_has_died(registry):
    assert registry.start()
    registry.process.send_signal(signal.SIGSTOP)
    asking = subprocess.Popen(
        [fadder.BIN / "fadder-registry", "--verify"],
        env=registry.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    fadder.wait_until(lambda: has_dialled(asking.pid), "it asks")
    registry.end(signal.SIGKILL)
    assert "registry ended before it had answered" in asking.communicate(timeout=fadder.PATIENCE)[1]
    assert asking.returncode == 2
