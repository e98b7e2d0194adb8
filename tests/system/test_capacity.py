"""A mentor's places (I1) and a posting's seats (I2), raced for by many at once.

The last byte of every request is held back until all the others have been sent, so that they arrive together. What
was answered is compared with the journal, read from its first event: nowhere in it is more taken than there is.
"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import fadder
import pytest

CROWD = 50


def request(system, path, body, version=None):
    """The bytes of a coordinator's command."""
    raw = json.dumps(body).encode()
    match = f'If-Match: "{version}"\r\n' if version else ""
    head = (
        f"POST /v1/{path} HTTP/1.1\r\nHost: fadder\r\nAuthorization: Bearer {system.token('coordinator')}\r\n"
        f'Idempotency-Key: "{uuid.uuid4()}"\r\n{match}Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n'
    )
    return head.encode() + raw


def at_once(system, requests):
    """All of them in the same moment; their answers, in the same order."""
    sockets = [socket.create_connection((system.host, system.port), fadder.PATIENCE) for _ in requests]
    try:
        for one, raw in zip(sockets, requests):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.sendall(raw[:-1])
        for one, raw in zip(sockets, requests):
            one.sendall(raw[-1:])
        answers = []
        for one in sockets:
            answer = http.client.HTTPResponse(one)
            answer.begin()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            answers.append(fadder.Answer(answer.status, headers, answer.read()))
        return answers
    finally:
        for one in sockets:
            one.close()


def read_after(system, answers, path):
    """A record as it is after what was answered, which without asking may be seen a moment later."""
    batch = max((int(answer.headers.get("fadder-batch", 0)) for answer in answers), default=0)
    headers = {"Fadder-At-Least": str(batch)}
    answer = system.request("GET", f"/v1/{path}", headers=headers, token=system.token("admin"))
    assert answer.status == 200, answer
    return answer.json


def outcomes(answers):
    """How often which: the status of what was accepted, the code of what was not."""
    return Counter(answer.status if answer.status < 300 else (answer.status, answer.json["code"]) for answer in answers)


@pytest.fixture(scope="module")
def referrals(system):
    """Accepted referrals that want a mentor and a placement, heard of everywhere."""

    def accept(number):
        referral = system.refer(f"RACE-{number}")
        system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
        return referral

    with ThreadPoolExecutor(8) as crowd:
        return list(crowd.map(accept, range(CROWD)))


def set_capacity(system, mentor, capacity):
    return system.do(f"mentors/{mentor}/set_capacity", {"capacity": capacity}, token=system.token("coordinator"))


def mentorships_of(system, mentor, state="proposed"):
    return [item for item in system.items("mentorships", state=state) if item["mentor"] == mentor]


def propose_all(system, mentor, referrals):
    """A mentorship of that mentor for each of them, proposed by hand: those stay, which the matcher's may not."""

    def withdraw_suggestion(referral):
        for one in mentorships_of(system, mentor):
            if one["referral"] == referral and "total" in one:
                at_once(system, [request(system, f"mentorships/{one['id']}/withdraw", {"reason": "wish"}, one["version"])])

    def propose(referral):
        def is_there():
            answer = system.command("mentorships", {"referral": referral, "mentor": mentor}, token=system.token("coordinator"))
            if answer.status == 409 and "already_open" in answer.json["code"]:
                withdraw_suggestion(referral)
            return answer.status == 201

        fadder.wait_until(is_there, "a proposal")

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(propose, referrals))

    def are_there():
        found = [one for one in mentorships_of(system, mentor) if one["referral"] in referrals and "total" not in one]
        return found if len(found) == len(referrals) else None

    return fadder.wait_until(are_there, "all the proposals")


def offer(system, mentorship):
    return request(system, f"mentorships/{mentorship['id']}/offer", {}, mentorship["version"])


HOLDING = {"offered": True, "declined": False, "withdrawn": False, "expired": False, "completed": False, "ended": False}


def check_places(system):
    """I1, event by event: no offer while all is taken, whatever the capacity was just then. What is taken at the end."""
    capacity, holders = {}, {}
    for event in system.events("mentor-assignment"):
        aggregate, _, fact = event["type"].partition(".")
        if event["type"] == "mentor.capacity_set":
            capacity[event["aggregate"]] = event["data"]["capacity"]
        elif event["type"] == "mentor.over_capacity":
            taken = len(holders.get(event["aggregate"], ()))
            assert event["data"]["taken"] == taken > capacity[event["aggregate"]], event
        elif aggregate == "mentorship" and (fact in HOLDING or fact == "superseded"):
            held = holders.setdefault(event["data"]["mentor"], set())
            if fact == "offered":
                assert len(held) < capacity[event["data"]["mentor"]], event
                held.add(event["aggregate"])
            else:
                held.discard(event["aggregate"])
    return {mentor: len(held) for mentor, held in holders.items()}


def test_of_fifty_offers_for_one_place_one_is_made(system, referrals):
    mentor = system.id("mentor-4")
    set_capacity(system, mentor, 1)
    proposed = propose_all(system, mentor, referrals)
    answers = at_once(system, [offer(system, one) for one in proposed])
    assert outcomes(answers) == {200: 1, (409, "mentorship.mentor_full"): CROWD - 1}
    (offered,) = fadder.wait_until(lambda: mentorships_of(system, mentor, "offered"), "it is read")
    assert [one["id"] for one, answer in zip(proposed, answers) if answer.status == 200] == [offered["id"]]
    assert check_places(system)[mentor] == 1


def test_the_same_offer_fifty_times_takes_one_place(system, referrals):
    mentor = system.id("mentor-3")
    set_capacity(system, mentor, 3)
    proposed = propose_all(system, mentor, referrals[:1])
    answers = at_once(system, [offer(system, proposed[0]) for _ in range(CROWD)])
    assert outcomes(answers)[200] == 1 and {answer.status for answer in answers} == {200, 412}
    assert check_places(system)[mentor] == 1


def test_while_capacity_falls_and_rises_no_offer_is_made_over_it(system, referrals):
    mentor = system.id("mentor-2")
    answers = [set_capacity(system, mentor, 8)]
    proposed = propose_all(system, mentor, referrals)
    made = 0
    for first, capacities in ((0, (2, 1)), (16, (5, 0)), (32, (9, 2))):
        version = read_after(system, answers, f"mentors/{mentor}")["version"]
        lower = [request(system, f"mentors/{mentor}/set_capacity", {"capacity": n}, version) for n in capacities]
        offers = [offer(system, one) for one in proposed[first : first + 16]]
        free = [
            request(system, f"mentorships/{one['id']}/withdraw", {"reason": "wish"}, one["version"])
            for one in mentorships_of(system, mentor, "offered")[:2]
        ]
        answers = at_once(system, offers[:5] + lower + offers[5:10] + free + offers[10:])
        changes = answers[5:7]
        assert sorted(answer.status for answer in changes) == [200, 412], changes  # of one version one is made
        assert {answer.status for answer in answers} <= {200, 409, 412}
        made += sum(answer.status == 200 for answer in answers[:5] + answers[7:12] + answers[12 + len(free) :])
        check_places(system)
    assert made > 0
    taken = check_places(system)[mentor]
    fadder.wait_until(lambda: len(mentorships_of(system, mentor, "offered")) == taken, "the state says so too")


# Seats


def plan(system, referral, at):
    return request(system, "placements", {"referral": referral, "posting": at})


def cancel_planned(system, answers):
    for made in (answer.json["id"] for answer in answers if answer.status == 201):
        system.do(f"placements/{made}/cancel", {"reason": "other"}, token=system.token("coordinator"))


def check_seats(system):
    """I2, event by event: never more taken than there are seats. What is taken at the end."""
    seats, holders = {}, {}
    over = {"no_show_reported", "ended", "completed", "cancelled"}
    for event in system.events("placement-lifecycle"):
        aggregate, _, fact = event["type"].partition(".")
        if event["type"] in ("posting.created", "posting.changed"):
            seats[event["aggregate"]] = event["data"]["details"]["seats"]
            assert len(holders.get(event["aggregate"], ())) <= seats[event["aggregate"]], event
        elif aggregate == "placement" and (fact == "planned" or fact in over):
            held = holders.setdefault(event["data"]["posting"], set())
            held.add(event["aggregate"]) if fact == "planned" else held.discard(event["aggregate"])
            assert len(held) <= seats[event["data"]["posting"]], event
    return {where: len(held) for where, held in holders.items()}


@pytest.fixture(scope="module")
def trainees(system, referrals):
    """The same, each planned and cancelled once: placement-lifecycle has heard of them."""
    everywhere = system.publish(seats=len(referrals))

    def try_plan(referral):
        body = {"referral": referral, "posting": everywhere}
        cancel_planned(system, [system.do("placements", body, token=system.token("coordinator"))])

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(try_plan, referrals))
    return referrals


def test_of_fifty_plans_for_one_seat_one_is_made(system, trainees):
    one_seat = system.publish(seats=1)
    answers = at_once(system, [plan(system, referral, one_seat) for referral in trainees])
    assert outcomes(answers) == {201: 1, (409, "placement.no_seat"): CROWD - 1}
    record = read_after(system, answers, f"postings/{one_seat}")
    assert record["taken"] == 1 and record["full"]
    assert check_seats(system)[one_seat] == 1
    cancel_planned(system, answers)
    again = at_once(system, [plan(system, referral, one_seat) for referral in trainees])
    assert outcomes(again) == {201: 1, (409, "placement.no_seat"): CROWD - 1}  # the seat was free again, once
    cancel_planned(system, again)


def test_one_participant_planned_for_fifty_seats_at_once_gets_one(system, trainees):
    many = system.publish(seats=CROWD)
    answers = at_once(system, [plan(system, trainees[0], many) for _ in range(CROWD)])
    assert outcomes(answers) == {201: 1, (409, "placement.has_placement"): CROWD - 1}
    cancel_planned(system, answers)


def test_while_seats_are_taken_away_they_never_fall_below_those_taken(system, trainees):
    shrinking = system.publish(seats=4)
    planned, answers = 0, []
    for first, fewer in ((0, (3, 1)), (20, (2, 6)), (35, (4, 5))):
        version = read_after(system, answers, f"postings/{shrinking}")["version"]
        changes = [request(system, f"postings/{shrinking}/change", {"seats": seats}, version) for seats in fewer]
        plans = [plan(system, referral, shrinking) for referral in trainees[first : first + 15]]
        answers = at_once(system, plans[:2] + changes + plans[2:])
        assert {answer.status for answer in answers} <= {200, 201, 409, 412}, outcomes(answers)
        assert sum(answer.status == 200 for answer in answers) <= 1
        planned += sum(answer.status == 201 for answer in answers)
        assert check_seats(system)[shrinking] == planned
        record = read_after(system, answers, f"postings/{shrinking}")
        assert record["taken"] == planned <= record["details"]["seats"]


def test_all_that_holds_when_everything_is_folded_anew(system, trainees):
    before = check_places(system), check_seats(system)
    for service in fadder.JOURNALS:
        assert system.operator("verify", service).returncode == 0
    system.stop()
    for service in fadder.JOURNALS:
        shutil.rmtree(system.home / service / "state")
    system.start()
    assert (check_places(system), check_seats(system)) == before
    for mentor, taken in before[0].items():
        assert len(mentorships_of(system, mentor, "offered")) == taken
    full = system.id("mentor-4")
    answers = at_once(system, [offer(system, one) for one in mentorships_of(system, full)[:CROWD]])
    assert outcomes(answers) == {(409, "mentorship.mentor_full"): len(answers)} and answers
    one_seat = system.publish(seats=1)
    answers = at_once(system, [plan(system, referral, one_seat) for referral in trainees])
    assert outcomes(answers)[201] == 1
    for service in fadder.JOURNALS:
        assert system.operator("verify", service).returncode == 0
