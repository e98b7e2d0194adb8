"""Somebody is protected, and somebody erased, at every state of every life-cycle that is about participants: from then on no file,
no view of anybody's, no mail, webhook, metric or log tells what was planted, and who is not cleared sees nothing of where they are.

Whoever adds a state leads a participant there, or says in OUT_OF_REACH why that cannot be done here.
"""

from __future__ import annotations

import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Iterator

import fadder
import pytest
from test_access import ROUTES, listed
from test_notification import add_endpoint
from test_struck import assert_gone, found, packed, verified

TODAY = fadder.today()
LATER = str(TODAY + datetime.timedelta(days=9))
RAISED, ERASED = "raised", "erased"
PLACES = {RAISED: "2418", ERASED: "2421"}
LANGUAGES = {RAISED: "ceb", ERASED: "ady"}
WISHES = {RAISED: ("parenthood", "driving_licence", "housing"), ERASED: ("studies", "parenthood", "own_business")}
TIMES = {RAISED: ("sun_evening", "mon_morning"), ERASED: ("sat_evening", "tue_morning")}
GUARDED = ("mentorship", "mentor_meeting", "placement", "day", "link", "question", "message")
OUT_OF_REACH = {
    ("referral", "expired"): "84 days after the agency was asked, by the clock alone",
    ("mentorship", "expired"): "a week after the offer, by the clock alone",
    ("placement", "completed"): "when its last day is over, by the clock alone",
    ("posting", "draft"): "nobody is planned for what is not published, and nothing that was is a draft again",
}


class Somebody:
    """A participant with words of their own, and how they are led on; all is said or written down by a coordinator who is cleared."""

    def __init__(self, system: fadder.System, group: str, name: str, number: int, mentors: list[str]):
        self.system, self.group, self.name, self.mentors = system, group, name, mentors
        self.occupation = f"{number:04d}_x{'rE'[group == ERASED]}Q_Zk7"
        self.external_id = f"AF-{group}-{name}-kantarell"
        self.mentorship = self.placement = ""

    @property
    def needles(self) -> list[bytes]:
        return [packed(self.occupation), packed(self.external_id)]

    @property
    def words(self) -> list[str]:
        return [self.occupation, self.external_id, f'"{PLACES[self.group]}"', f'"{LANGUAGES[self.group]}"']

    def do(self, path: str, body: dict[str, Any] | None = None, by: str = "coordinator") -> fadder.Answer:
        return self.system.do(path, body, token=self.system.token(by))

    def refer(self, *wants: str) -> None:
        occupations = [{"scheme": "jobtech", "code": self.occupation}]
        said = {"municipality": PLACES[self.group], "languages": [LANGUAGES[self.group]], "wants": list(wants) or ["mentor", "placement"]}
        self.referral = self.system.refer(self.external_id, occupations=occupations, **said)
        self.person = self.system.get(f"/v1/referrals/{self.referral}").json["person"]

    def step(self, word: str, **body: Any) -> None:
        self.do(f"referrals/{self.referral}/{word}", body)

    def accept(self, *wants: str) -> None:
        self.refer(*wants)
        self.step("accept")
        view = "trainees" if wants == ("placement",) else "mentees"
        fadder.wait_until(lambda: self.system.get(f"/v1/{view}/{self.referral}").status == 200, "who looks after them hears of it")
        if view == "mentees":
            self.do(f"mentees/{self.referral}/wish", {"wishes": WISHES[self.group], "availability": TIMES[self.group]})

    def comes_to(self, state: str) -> None:
        fadder.wait_until(lambda: self.system.get(f"/v1/referrals/{self.referral}").json["state"] == state, f"{self.name}: {state}")

    # a mentor

    def propose(self, which: int = 0) -> str:
        """By hand, unless the matcher has thought of the same."""
        whole, mentor = self.system.token("coordinator"), self.mentors[which]

        def proposed() -> str | None:
            there = self.system.items("mentorships", whole, referral=self.referral)
            same = [one["id"] for one in there if one["mentor"] == mentor and one["state"] == "proposed"]
            if same:
                return same[0]
            answer = self.system.command("mentorships", {"referral": self.referral, "mentor": mentor}, token=whole)
            return answer.json["id"] if answer.status == 201 else None

        return fadder.wait_until(proposed, f"{self.name} is proposed somebody")

    def pair(self, word: str, of: str | None = None, **body: Any) -> None:
        written = {"behalf": {"of": of, "told": "telephone"}} if of else {}
        self.do(f"mentorships/{self.mentorship}/{word}", body | written)

    def mentored(self, until: str) -> None:
        """As far as that state."""
        self.accept("mentor")
        self.mentorship = self.propose()
        for state, steps in (
            ("proposed", []),
            ("offered", [("offer", None)]),
            ("accepted", [("accept", "mentor")]),
            ("agreed", [("sign_confidentiality", "mentor"), ("sign_confidentiality", "participant")]),
            ("active", [("hold_first_meeting", "mentor")]),
        ):
            for word, of in steps:
                self.pair(word, of)
            if state == until:
                return

    # a placement

    def place(self, word: str, of: str | None = None, by: str = "signatory-djurgardslinjen", **body: Any) -> fadder.Answer:
        written = {"behalf": {"of": of, "told": "telephone"}} if of else {}
        return self.do(f"placements/{self.placement}/{word}", body | written, by)

    def post(self, word: str, **body: Any) -> None:
        """What becomes of the posting that they are planned for."""
        posting = self.system.get(f"/v1/placements/{self.placement}").json["posting"]
        self.do(f"postings/{posting}/{word}", body)

    def placed(self, until: str) -> None:
        self.accept("placement")
        self.placement = self.system.plan(self.referral, seats=1)
        if until == "planned":
            return
        for said in (
            {"kind": "agreement"},
            {"kind": "supervisor", "supervisor": self.system.id("supervisor-djurgardslinjen")},
            {"kind": "drawing_access", "valid_until": str(TODAY + datetime.timedelta(days=90))},
            {"kind": "safety_introduction"},
            {"kind": "insurance"},
        ):
            self.place("meet_requirement", by="counsellor", **said)
        if until == "started":
            self.place("start", by="supervisor-djurgardslinjen")
            self.keep_book()

    def keep_book(self) -> None:
        """A line that stays, and one of each kind of what may come of one."""
        for _ in range(5):
            self.place("log_day", by="supervisor-djurgardslinjen", on=str(TODAY), minutes=60, activity="work", also=True)
        rows = lambda: [one["id"] for one in self.system.items("days") if one["placement"] == self.placement]
        lines = fadder.wait_until(lambda: rows() if len(rows()) == 5 else None, "five lines")
        self.place("agree_day", "participant", "coordinator", day=lines[0])
        self.place("dispute_day", "participant", "coordinator", day=lines[1])
        self.place("log_day", by="supervisor-djurgardslinjen", on=str(TODAY), minutes=30, activity="work", corrects=lines[2], also=True)
        self.place("strike_day", by="supervisor-djurgardslinjen", day=lines[3])


def with_two_mentors(who: Somebody) -> None:
    who.mentored("offered")
    other = who.propose(1)
    who.do(f"mentorships/{other}/offer")
    who.do(f"mentorships/{other}/accept", {"behalf": {"of": "mentor", "told": "telephone"}})


def with_meetings(who: Somebody) -> None:
    """One that one told of, one that is struck, and a question."""
    who.mentored("active")
    who.pair("log_meeting", "mentor", minutes=45, also=True)
    who.pair("log_meeting", "participant", minutes=20, on=str(TODAY), also=True)


def with_question(who: Somebody, is_answered: bool) -> None:
    who.mentored("active")
    mentor = who.system.demo["mentor-of-all"]["secret"]
    who.system.do(f"questions/{who.mentorship}/ask", {"topic": "time", "said": {"words": "When?"}}, token=mentor)
    if is_answered:
        who.do(f"questions/{who.mentorship}/answer", {"said": {"words": "Then."}})


def in_progress(word: str, **body: Any) -> Callable[[Somebody], None]:
    def lead(who: Somebody) -> None:
        who.mentored("active")
        who.comes_to("in_progress")
        who.step(word, **body)

    return lead


def referred(word: str | None = None, **body: Any) -> Callable[[Somebody], None]:
    def lead(who: Somebody) -> None:
        who.refer()
        if word:
            who.step(word, **body)

    return lead


def then(lead: Callable[..., None], to: str, step: Callable[..., Any], word: str, of: str | None = None, /, **body: Any) -> Callable[[Somebody], None]:
    def go_on(who: Somebody) -> None:
        lead(who, to)
        step(who, word, of, **body)

    return go_on


def as_duplicate(who: Somebody) -> None:
    first = who.system.refer()
    who.refer()
    who.step("link_duplicate", of=first)


def completed(who: Somebody) -> None:
    who.mentored("active")
    for of in ("mentor", "participant"):
        who.pair("complete", of)
    who.comes_to("completed")


def assessed(who: Somebody) -> None:
    who.placed("started")
    who.place("end", reason="moved")
    who.place("assess", by="supervisor-djurgardslinjen", result="reached")


def posted(*steps: tuple[str, dict[str, Any]], is_called_off: bool = False) -> Callable[[Somebody], None]:
    """Planned for, and then the posting goes that way."""

    def lead(who: Somebody) -> None:
        who.placed("planned")
        if is_called_off:
            who.place("cancel", reason="wish")
        for word, said in steps:
            who.post(word, **said)

    return lead


ELSEWHERE = ("change", {"site": "En annan verkstad"})
REMARKS = ("return", {"remarks": [{"part": "site", "fault": "unclear"}]})
CLOSE = ("close", {"reason": "other"})

LEADS: dict[str, Callable[[Somebody], None]] = {
    "received": referred(),
    "needs_info": referred("ask_info", asks=["languages"]),
    "rejected": referred("reject", reason="no_capacity"),
    "cancelled": referred("cancel", reason="moved_away"),
    "in_error": referred("enter_in_error", reason="data_error"),
    "duplicate": as_duplicate,
    "waitlisted": lambda who: (who.accept(), who.step("waitlist")),
    "on_hold": in_progress("hold", reason="ill"),
    "failed": in_progress("fail", reason="no_contact"),
    **{state: lambda who, state=state: who.mentored(state) for state in ("proposed", "offered", "accepted", "agreed")},
    "meetings": with_meetings,
    "asking": lambda who: with_question(who, False),
    "answered": lambda who: with_question(who, True),
    "superseded": with_two_mentors,
    "completed": completed,
    "declined": then(Somebody.mentored, "offered", Somebody.pair, "decline", "mentor", reason="no_time"),
    "withdrawn": then(Somebody.mentored, "agreed", Somebody.pair, "withdraw", "participant", reason="other"),
    "paused": then(Somebody.mentored, "active", Somebody.pair, "hold", "participant", reason="ill", until=LATER),
    "ended": then(Somebody.mentored, "active", Somebody.pair, "end", "participant", reason="moved"),
    "planned": lambda who: who.placed("planned"),
    "ready": lambda who: who.placed("ready"),
    "started": lambda who: who.placed("started"),
    "interrupted": then(Somebody.placed, "started", Somebody.place, "interrupt", reason="ill", until=LATER),
    "no_show": lambda who: (who.placed("ready"), who.place("report_no_show", by="counsellor")),
    "called_off": then(Somebody.placed, "ready", Somebody.place, "cancel", reason="wish"),
    "ended_early": then(Somebody.placed, "started", Somebody.place, "end", reason="moved"),
    "assessed": assessed,
    "at_submitted": posted(ELSEWHERE),
    "at_returned": posted(ELSEWHERE, REMARKS),
    "at_paused": posted(("pause", {})),
    "at_closed": posted(CLOSE),
    "at_archived": posted(CLOSE, ("archive", {})),
    "at_withdrawn": posted(("withdraw", {"reason": "other"}), is_called_off=True),
}


class World:
    """Everybody where they were led, then protected or erased."""

    def __init__(self, system: fadder.System, hooks: fadder.Receiver):
        self.system, self.hooks, whole = system, hooks, system.token("coordinator")
        self.endpoint, _ = add_endpoint(system, f"http://127.0.0.1:{hooks.port}/ok")
        self.mentors = []
        for _ in range(2):
            mentor = system.add_person("mentor", system.id("club-djurgarden"))
            system.do(f"mentors/{mentor}/set_capacity", {"capacity": 50}, token=whole)
            self.mentors.append(mentor)
        mentor_token = system.add_token("mentor", "--person", self.mentors[0])
        system.demo["mentor-of-all"] = {"id": self.mentors[0], "secret": mentor_token}
        people = [(group, name) for name in LEADS for group in (RAISED, ERASED)]
        self.everybody = [Somebody(system, *one, number, self.mentors) for number, one in enumerate(people, 1)]
        with ThreadPoolExecutor(6) as crowd:
            list(crowd.map(lambda who: LEADS[who.name](who), self.everybody))
        self.before = {record: self.rows(record) for record in ROUTES}
        self.tokens = self.made_tokens(mentor_token)
        self.wait_delivered()
        self.hooks_before = len(hooks.hooks())

    def wait_delivered(self) -> None:
        def are_taken() -> bool:
            return all(one["state"] == "delivered" for one in self.system.items("deliveries", endpoint=self.endpoint))

        fadder.wait_until(are_taken, "all webhooks are taken")

    def rows(self, record: str) -> dict[str, dict[str, Any]]:
        return listed(self.system, ROUTES[record], self.system.token("admin"))

    def made_tokens(self, mentor: str) -> dict[str, str]:
        """Of everybody in every role; who is not cleared: all but those of whom a part is."""
        system = self.system
        nobody = system.add_token("coordinator", "--person", system.add_person("coordinator", system.id("owner")))
        tokens = {key: row["secret"] for key, row in system.demo.items() if key.startswith("token-")}
        return tokens | {"uncleared": nobody, "mentor-of-all": mentor}

    def cleared(self) -> set[str]:
        persons = self.rows("person")
        whose = {row["id"]: row.get("person") for row in self.rows("token").values()}
        is_cleared = {id for id, row in persons.items() if any(role["cleared"] for role in row.get("roles", []))}
        return {key for key in self.tokens if key in self.system.demo and whose.get(self.system.id(key)) in is_cleared}

    def needles(self) -> list[bytes]:
        shared = [packed(PLACES[one]) for one in PLACES] + [b"\x91" + packed(LANGUAGES[one]) for one in LANGUAGES]
        wished = [b"".join(map(packed, words)) for said in (WISHES, TIMES) for words in said.values()]
        return shared + wished + [needle for who in self.everybody for needle in who.needles]

    def told(self, text: str) -> list[str]:
        return [f"{who.group} {who.name}: {word}" for who in self.everybody for word in who.words if word in text]


@pytest.fixture(scope="module")
def hooks(tmp_path_factory) -> Iterator[fadder.Receiver]:
    receiver = fadder.Receiver("hooks.py", tmp_path_factory.mktemp("hooks") / "hooks.jsonl").start()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="module")
def world(system, hooks) -> World:
    return World(system, hooks)


def states_of(record: str) -> set[str]:
    (path,) = (fadder.TOP / "schemas").glob(f"*/{record}.json")
    return set(json.loads(path.read_text(encoding="utf-8"))["$defs"]["state"]["enum"]) - {"none"}


def test_somebody_was_planned_at_a_posting_in_every_state(world):
    for group in (RAISED, ERASED):
        ours = {who.placement for who in world.everybody if who.group == group and who.placement}
        postings = {row["posting"] for id, row in world.before["placement"].items() if id in ours}
        reached = {world.before["posting"][id]["state"] for id in postings}
        out = {state for name, state in OUT_OF_REACH if name == "posting"}
        assert not reached & out, f"within reach after all: {reached & out}"
        assert reached | out == states_of("posting"), f"posting of who is {group}"


@pytest.mark.parametrize("record", ["referral", "mentorship", "placement", "day", "question", "link"])
def test_somebody_was_led_to_every_state(world, record):
    for group in (RAISED, ERASED):
        ours = {id for who in world.everybody if who.group == group for id in (who.referral, who.person)}
        rows = [row for row in world.before[record].values() if ours & {value for value in row.values() if isinstance(value, str)}]
        reached = {row["state"] for row in rows}
        out = {state for name, state in OUT_OF_REACH if name == record}
        assert not reached & out, f"within reach after all: {reached & out}"
        assert reached | out == states_of(record), f"{record} of who is {group}"


def test_before_it_is_all_told(world):
    missing = [needle for needle in world.needles() if not found(world.system.home, [needle])]
    assert not missing


def test_then_no_file_tells_anything_of_anybody(world):
    system, admin = world.system, world.system.token("admin")

    def end(who: Somebody) -> None:
        if who.group == RAISED:
            system.do(f"persons/{who.person}/change_protection", {"protection": "marked"}, token=admin)
        else:
            system.do(f"persons/{who.person}/erase", token=admin)

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(end, world.everybody))
    assert_gone(system, world.needles())
    verified(system)


def test_nor_does_any_view_of_anybody(world):
    """Lists, singles, what the operator is told, metrics, logs and mails: who is cleared reads it in the vault."""
    system, cleared, wrong = world.system, world.cleared(), []
    assert {"token-coordinator", "token-admin"} <= cleared and "token-mentor-1" not in cleared
    ours = {who.person: who for who in world.everybody if who.group == RAISED}
    guarded = {record: [id for id, row in world.before[record].items() if row.get("participant") in ours] for record in GUARDED[:-1]}
    assert all(guarded.values())
    referrals = {who.referral for who in ours.values()}
    for key, token in world.tokens.items():
        for record, path in ROUTES.items():
            rows = listed(system, path, token)
            wrong += [f"{record} by {key}: {one}" for one in world.told(json.dumps(list(rows.values())))]
            if key in cleared or record not in GUARDED:
                continue
            wrong += [f"{record} by {key}: {row}" for row in rows.values() if row.get("participant") in ours]
            mails = [row for row in rows.values() if record == "message" and row["channel"] == "email" and row.get("referral") in referrals]
            wrong += [f"a mail by {key}: {row}" for row in mails if not row["kind"].startswith("person_")]
    for key in {"uncleared", "mentor-of-all", "token-supervisor-djurgardslinjen", "token-signatory-djurgardslinjen"} - cleared:
        for record, ids in guarded.items():
            for id in ids:
                answer = system.get(f"/v1/{ROUTES[record]}/{id}", world.tokens[key])
                if answer.status not in (403, 404):
                    wrong.append(f"{record} {id} by {key}: {answer}")
    printed = [system.operator("fairness").stdout, system.request("GET", "/metrics").body.decode()]
    with ThreadPoolExecutor(6) as crowd:
        explained = list(crowd.map(lambda who: system.operator("explain", who.referral, check=False), world.everybody))
    assert all(one.returncode == 0 for who, one in zip(world.everybody, explained) if who.mentorship)
    printed += [one.stdout + one.stderr for one in explained]
    printed += [json.dumps(event) for service in fadder.JOURNALS for event in system.events(service)]
    printed += [text for _, text in system.logs()] + [path.read_text() for path in (system.home / "mail").glob("*")]
    wrong += [one for text in printed for one in world.told(text)]
    assert not wrong, "\n".join(wrong[:20])


def test_nobody_who_is_not_cleared_does_anything_about_them(world):
    raised = [who for who in world.everybody if who.group == RAISED and who.mentorship]
    for who in raised:
        answer = world.system.command(f"mentorships/{who.mentorship}/withdraw", {"reason": "other"}, 999, world.tokens["mentor-of-all"])
        assert (answer.status, answer.json["code"]) in ((403, "guarded"), (404, "not_found")), f"{who.name}: {answer}"


def test_webhooks_tell_the_agency_what_it_calls_them_and_nothing_else(world):
    """And of who was erased not even that."""
    system, erased = world.system, {who.referral: who for who in world.everybody if who.group == ERASED}
    raised = next(who for who in world.everybody if (who.group, who.name) == (RAISED, "received"))
    raised.step("reject", reason="no_capacity")

    def since() -> dict[str, list[dict[str, Any]]]:
        said = [json.loads(hook["body"]) for hook in world.hooks.hooks()[world.hooks_before :]]
        return {type: [one["data"] for one in said if one["type"] == type] for type in ("person.erased", "referral.rejected")}

    fadder.wait_until(lambda: {one["referral"] for one in since()["person.erased"]} >= set(erased), "all erasures are told")
    (rejected,) = fadder.wait_until(lambda: since()["referral.rejected"], "the rejection is told")
    assert (rejected["referral"], rejected["external_id"]) == (raised.referral, raised.external_id)
    world.wait_delivered()
    bodies = [hook["body"] for hook in world.hooks.hooks()]
    words = {word for who in world.everybody for word in who.words} - {who.external_id for who in world.everybody}
    assert not [body for body in bodies for word in words if word in body]
    names = [who.external_id for who in erased.values()]
    assert not [body for body in bodies[world.hooks_before :] for name in names if name in body]
