"""A service that stands still, or is away for a while, delays the others; it never loses or blocks them.

FADDER_LONG=1 makes it stand still for longer, and every one twice.
"""

import collections
import contextlib
import ctypes
import http.client
import os
import signal
import time

import fadder
import pytest
import storm
from test_killed import ByHand

LONG = bool(os.environ.get("FADDER_LONG"))
AGENCIES = 2


def is_missed(system, load, service):
    """Whether all who need it have noticed that it is away."""
    if service == "pages":
        return True  # nobody needs them but people
    if service == "gateway":
        return len(load.asking) >= AGENCIES or load.unheard > 0
    try:
        following = storm.gauges(system, "fadder_following")
        ready = system.request("GET", "/readyz")
    except (OSError, AssertionError, http.client.HTTPException):
        return False
    heard = [value for labels, value in following.items() if f'from="{service}"' in labels]
    has_all = len(heard) == sum(service in storm.followed(other) for other in fadder.JOURNALS)
    return ready.status == 503 and service in ready.json["detail"] and has_all and not any(heard)


def others_go_on(system, load, service):
    """Until it is missed; while it is away the rest does what it can without it."""
    fadder.wait_until(lambda: is_missed(system, load, service), f"{service} is missed")
    if service not in ("registry", "gateway"):
        load.wait_for_more(2)  # one of them may have been answered before
    if LONG:
        time.sleep(12)


def check_mails(system, raw, expected):
    """Each at least once; what came twice is the same twice, and can be told by its Message-ID."""
    kept, whole = storm.read_mails(raw), storm.parts_of(system, raw)
    mails = {(message.split("@")[0], subject, text) for message, subject, text in kept}
    texts = collections.defaultdict(set)
    for message, subject, text in mails:
        for one in whole.get(message, {message}):
            texts[one].add((message, subject, text))
    delivered = {one for one, came in expected.items() if came == "delivery.delivered"}
    assert delivered, "no mail at all"
    assert not delivered - set(texts), f"{len(delivered - set(texts))} mails are said to be sent, and never came"
    assert set(texts) <= set(expected), "mails that nobody has asked for"
    assert len({message for message, _, _ in mails}) == len(mails), "the same Message-ID on different mails"
    return len(kept) - len(mails)


def test_one_that_stands_still_under_load_delays_the_others_and_no_more(make_system, smtp):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}", **storm.SETTINGS).start()
    for _ in range(2 if LONG else 1):
        for service in fadder.SERVICES:
            with storm.Storm(system, agencies=AGENCIES, clerks=1, matches=1, pause=0.04) as load:
                load.wait_for_more(4)
                system.kill(service, how=signal.SIGSTOP)
                try:
                    others_go_on(system, load, service)
                finally:
                    system.kill(service, how=signal.SIGCONT)
                load.wait_for_more(4)  # they are answered again
            spent = storm.converge(system)
            print(f"{service}: {len(load.referrals)} referrals, caught up after {spent:.1f} s")
            own = storm.check(system, load)
    expected = storm.wait_for_mails(system)
    doubled = check_mails(system, smtp.mails(), expected)
    print(f"{len(expected)} mails, {doubled} of them twice")
    assert not [e for e in own["notification"] if e["type"] == "delivery.given_up"]


SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17  # ptrace(2)


@contextlib.contextmanager
def still(pid):
    """That one thread of a process stands still, the others go on. A service's first thread is its writer."""
    ptrace = ctypes.CDLL(None, use_errno=True).ptrace
    ptrace.argtypes, ptrace.restype = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p], ctypes.c_long
    if ptrace(SEIZE, pid, None, None) != 0:
        pytest.skip(f"no thread can be held here: {os.strerror(ctypes.get_errno())}")
    assert ptrace(INTERRUPT, pid, None, None) == 0
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT | 0x40000000)  # __WALL: it is no child of ours
    try:
        yield
    finally:
        assert ptrace(DETACH, pid, None, None) == 0


def test_a_writer_that_stands_still_is_missed_though_the_reader_answers(make_system):
    """Both doors are knocked at, of every service."""
    system = make_system().start()
    lists = {"registry": "organisations", "mentor-assignment": "mentors", "placement-lifecycle": "postings", "notification": "messages"}
    assert set(lists) == set(fadder.JOURNALS)
    is_ready = lambda: system.request("GET", "/readyz").status == 200
    for service, record in lists.items():
        fadder.wait_until(is_ready, "all is well")
        with still(system.pid(service)):

            def is_seen():
                ready = system.request("GET", "/readyz")
                return ready.status == 503 and service in ready.json["detail"]

            fadder.wait_until(is_seen, f"{service}'s writer is missed")
            assert system.get(f"/v1/{record}?limit=1").status == 200, "lists are answered"
            shown = system.operator("status", check=False)
            (line,) = [line for line in shown.stdout.splitlines() if line.startswith(service)]
            assert shown.returncode != 0 and line.split()[-1] == "no", shown.stdout
        fadder.wait_until(is_ready, f"{service} takes commands again")


def test_one_that_ends_and_comes_back_later_is_missed_and_catches_up(make_system, smtp):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}", **storm.SETTINGS).start()
    assert system.demo
    system.stop()
    with ByHand(system) as hand:
        for service in fadder.SERVICES:
            with storm.Storm(system, agencies=AGENCIES, clerks=1, matches=1, pause=0.04) as load:
                load.wait_for_more(4)
                assert hand.end(service, how=signal.SIGTERM) == [0], system.last_words()
                others_go_on(system, load, service)
                hand.start(service)
                load.wait_for_more(4)  # they are answered again
            spent = storm.converge(system)
            print(f"{service}: {len(load.referrals)} referrals, caught up after {spent:.1f} s")
        storm.check(system, load)
        expected = storm.wait_for_mails(system)
        check_mails(system, smtp.mails(), expected)
    system.check_logs()


def test_killed_while_it_sends_a_mail_may_come_twice_and_is_known_by_its_message_id(make_system, smtp):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}", **storm.SETTINGS).start()
    with storm.Storm(system, agencies=AGENCIES, clerks=1, matches=1, pause=0.03) as load:
        for _ in range(20 if LONG else 6):
            had = len(smtp.mails())
            fadder.wait_until(lambda: len(smtp.mails()) > had, "mails come")
            system.kill("notification")
    storm.converge(system)
    storm.check(system, load)
    expected = storm.wait_for_mails(system)
    doubled = check_mails(system, smtp.mails(), expected)
    print(f"{len(smtp.mails())} mails, {doubled} of them twice")


def test_while_a_mail_server_stands_still_nobody_else_does(make_system, smtp):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}", **storm.SETTINGS).start()
    smtp.process.send_signal(signal.SIGSTOP)
    try:
        with storm.Storm(system, agencies=AGENCIES, clerks=1, matches=1, pause=0.04) as load:
            under_way = lambda: sum(storm.gauges(system, "fadder_deliveries_under_way").values())
            fadder.wait_until(lambda: under_way() and len(load.referrals) > 10, "mails wait, and nobody else does")
        storm.converge(system)
        assert not smtp.mails()
    finally:
        smtp.process.send_signal(signal.SIGCONT)
    storm.check(system, load)
    expected = storm.wait_for_mails(system)
    check_mails(system, smtp.mails(), expected)
