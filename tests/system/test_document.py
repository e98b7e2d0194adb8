"""Everything known about somebody as a page, over HTTP: GDPR, articles 12(1) and 15."""

from __future__ import annotations

import html.parser

from fadder import Answer, System, wait_until

NAUGHTY = "Att bli </dd><script>svetsare</script> & \"mer\""


class Page(html.parser.HTMLParser):
    """Which elements there are, and what is said."""

    def __init__(self, answer: Answer):
        super().__init__()
        self.elements: list[str] = []
        self.said: list[str] = []
        self.feed(answer.body.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)

    def handle_data(self, data):
        self.said.append(data.strip())


def page_of(system: System, person: str, token: str, query: str = "", **headers: str) -> Answer:
    path = f"/v1/persons/{person}/export{query}"
    return system.request("GET", path, headers={"Accept": "text/html,*/*;q=0.8", **headers}, token=token)


def test_everything_known_about_me_can_be_read_and_printed_in_my_language(system):
    referral = system.refer(person={"given_name": "Ines", "goals": NAUGHTY, "language": "sv"})
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    own, stranger = system.add_token("participant", "--person", person), system.token("mentor-2")
    system.do(f"persons/{person}/read", {"purpose": "coordination"}, system.token("coordinator"))
    wait_until(lambda: system.items("readings", own), "the reading")
    before = len(system.items("readings", own))

    answer = page_of(system, person, own, **{"Accept-Language": "sv-SE,sv;q=0.9"})
    assert answer.status == 200 and answer.headers["content-type"] == "text/html; charset=utf-8", answer
    assert answer.headers["cache-control"] == "no-store" and "default-src 'none'" in answer.headers["content-security-policy"]
    page = Page(answer)
    assert not {"script", "img", "link", "a"} & set(page.elements)
    assert NAUGHTY in page.said and "Ines" in page.said  # what is sealed is opened, and stays text
    assert {"Vem du är", "Förnamn", "Hänvisningar", "Vem som har läst om dig", "samordnare", "antagen"} <= set(page.said)
    wait_until(lambda: len(system.items("readings", own)) == before + 1, "it is a reading")

    as_json = system.get(f"/v1/persons/{person}/export", own)
    assert as_json.headers["content-type"] == "application/json" and as_json.json["details"]["goals"] == NAUGHTY
    kinds = lambda: len(system.get(f"/v1/persons/{person}/export", own).json["records"])
    headed = lambda: Page(page_of(system, person, own)).elements.count("h2")
    wait_until(lambda: headed() == 1 + kinds(), "the same kinds")  # as far as every service has heard of them
    assert "Førenamn" in Page(page_of(system, person, own, "?language=nn")).said
    assert page_of(system, person, stranger).status == 403
    assert "Fornavn" in Page(page_of(system, person, system.token("admin"), "?language=nb")).said
