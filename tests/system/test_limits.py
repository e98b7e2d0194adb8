"""Nobody takes the place of others: limits of an address, of a token; and what is answered to one is kept by nobody."""

import concurrent.futures

import fadder

STORM, FRIEND = "198.51.100.7", "198.51.100.8"


def come(system, address, token, path="/v1/organisations?limit=1"):
    """As somebody whom a proxy of ours has let in."""
    return system.request("GET", path, token=token, headers={"X-Forwarded-For": address})


def counted(system, metric):
    text = system.request("GET", "/metrics").body.decode()
    (line,) = [line for line in text.splitlines() if line.startswith(metric)]
    return int(line.split()[-1])


def is_refused_in_time(answer, code):
    return answer.status == 429 and answer.json["code"] == code and answer.headers["retry-after"] == "1"


def test_a_storm_of_401_slows_the_address_that_it_comes_from_and_nobody_else(make_system):
    system = make_system(FADDER_PROXY="127.0.0.1", FADDER_STRANGER_RATE="1", FADDER_ADDRESS_RATE="100000").start()
    known, other = system.token("coordinator"), system.token("admin")
    assert come(system, STORM, known).status == 200
    fetched = counted(system, "fadder_credential_fetches_total")
    answers = [come(system, STORM, f"fadder_nobody_{n}") for n in range(200)]
    assert answers[0].status == 401 and {one.status for one in answers} == {401, 429}
    assert all(one.status == 401 or is_refused_in_time(one, "too_many_strangers") for one in answers)
    late = sum(one.status == 429 for one in answers)
    assert late > 100, "the storm is held back"
    assert counted(system, "fadder_http_strangers_held_back_total") == late
    assert counted(system, "fadder_credential_fetches_total") - fetched < 100, "and nobody is looked up for it"
    assert come(system, STORM, known).status == 200, "who is known to be good goes on, from there too"
    assert come(system, FRIEND, other).status == 200, "others come in as ever"
    assert come(system, FRIEND, "fadder_nobody").status == 401
    told = [line for _, text in system.logs() for line in text.splitlines() if "held_back" in line]
    assert len(told) == 1 and f"address={STORM} why=unauthorized" in told[0], "an operator is told, once in a minute"
    fadder.wait_until(lambda: come(system, STORM, system.token("counsellor")).status == 200, "and then the storm is over")


def test_an_address_asks_so_often_and_no_more(make_system):
    system = make_system(FADDER_PROXY="127.0.0.1", FADDER_ADDRESS_RATE="10").start()
    token = system.token("coordinator")
    answers = [come(system, STORM, token) for _ in range(100)]
    assert answers[0].status == 200
    assert any(is_refused_in_time(one, "too_often") for one in answers)
    assert come(system, FRIEND, token).status == 200
    assert all(system.get("/v1/organisations?limit=1", token).status == 200 for _ in range(30)), "nor is this machine counted"
    assert counted(system, "fadder_http_addresses_held_back_total") == sum(one.status == 429 for one in answers)


def test_a_token_is_used_so_often_and_no_more(make_system):
    system = make_system(FADDER_TOKEN_RATE="10").start()
    token = system.token("coordinator")
    answers = [system.get("/v1/organisations?limit=1", token) for _ in range(100)]
    assert answers[0].status == 200
    assert any(is_refused_in_time(one, "too_often") for one in answers)
    assert system.get("/v1/organisations?limit=1", system.token("admin")).status == 200
    assert counted(system, "fadder_http_tokens_held_back_total") == sum(one.status == 429 for one in answers)


def test_a_token_has_so_many_reads_under_way_and_no_more(make_system):
    system = make_system(FADDER_TOKEN_READS="1").start()
    token = system.token("coordinator")

    def rush():
        """A batch that there is not yet is waited for, so that these are under way together."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            ask = lambda _: system.request("GET", "/v1/referrals", token=token, headers={"Fadder-At-Least": "1000000"})
            return list(pool.map(ask, range(4)))

    answers = fadder.wait_until(lambda: (a := rush()) and any(one.status == 429 for one in a) and a, "one is held back")
    assert {one.status for one in answers} == {200, 429}
    assert all(one.status == 200 or is_refused_in_time(one, "too_many_reads") for one in answers)
    assert system.get("/v1/referrals", token).status == 200, "and when they are answered it goes on"


def test_nobody_may_keep_what_was_answered_to_one(system):
    """Every route there is, good and bad answers."""
    token = system.token("coordinator")
    for path, item in system.request("GET", "/openapi.json").json["paths"].items():
        for method in item.keys() & {"get", "post"}:
            at = path.replace("{id}", "01890a5d-ac96-774b-bcce-b302099a8057").replace("{partner}", system.partner.id)
            for shown in (None, "fadder_nobody", token):
                body = None if method == "get" else b"{}"
                answer = system.request(method.upper(), at, body, token=shown)
                is_anybodys = path in {"/openapi.json", "/asyncapi.json", "/healthz", "/readyz", "/metrics"}
                assert is_anybodys or answer.headers.get("cache-control") == "no-store", (method, path, answer)
    for path in ("/v1/nothing", "/v1/referrals?after=x", "/v1/persons/me", "/v1/referrals/x/y/z"):
        assert system.get(path, token).headers.get("cache-control") == "no-store", path
    assert system.request("DELETE", "/v1/referrals", token=token).headers.get("cache-control") == "no-store"
    assert system.request("POST", f"/v1/hooks/{system.partner.id}", b"x" * 60000).headers.get("cache-control") == "no-store"
