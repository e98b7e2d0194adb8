/* Partners, their endpoints, and tokens: who may let somebody in, and that secrets stay secret. */
#include "registry.h"

#include <stdio.h>

#include "core/life.h"
#include "core/reach.h"
#include "endpoint/endpoint.h"
#include "partner/partner.h"
#include "token/token.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define BEFORE "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

static const struct id ours = {"ours"}, agency = {"agency"}, ada = {"ada"};
static const struct partner_secret secret = {SECRET, true, BEFORE};

static struct partner_case given_partner(unsigned state)
{
    struct partner_case c = {
        .programme = {.id = work, .state = PROGRAMME_STATE_OPEN},
        .organisation = {.id = agency, .programme = work, .state = ORGANISATION_STATE_OPEN}};

    if (state == PARTNER_STATE_NONE) return c;
    c.row = (struct partner){.id = ours, .version = 2, .programme = work, .state = state};
    return c;
}

static struct endpoint_case given_endpoint(unsigned state)
{
    struct endpoint_case c = {
        .partner = {.id = {"partner"}, .programme = work, .state = PARTNER_STATE_ACTIVE}};

    if (state == ENDPOINT_STATE_NONE) return c;
    c.row = (struct endpoint){.id = ours, .version = 2, .programme = work, .state = state};
    return c;
}

static struct token_case given_token(unsigned state)
{
    struct token_case c = {
        .programme = {.id = work, .state = PROGRAMME_STATE_OPEN},
        .organisation = {.id = agency, .programme = work, .state = ORGANISATION_STATE_OPEN},
        .person = {.id = ada, .programme = work, .state = PERSON_STATE_ACTIVE},
        .partner = {.id = ours, .programme = work, .state = PARTNER_STATE_ACTIVE}};

    if (state == TOKEN_STATE_NONE) return c;
    c.row = (struct token){.id = ours, .version = 2, .programme = work, .state = state};
    return c;
}

static struct partner_input partner_in(enum partner_input_type type, const struct partner_case *c)
{
    struct partner_input in = {.type = type, .head = head_of(ROLE_PA, c->row.id, c->row.version)};

    if (type == PARTNER_CREATE)
        in.partner_create = (struct partner_create){.name = "The agency's system",
                                                    .has_organisation = true,
                                                    .organisation = agency,
                                                    .secret = secret};
    if (type == PARTNER_ROTATE_SECRET) in.partner_rotate_secret.secret = secret;
    if (type == PARTNER_DISABLE) in.partner_disable.reason = PARTNER_REASON_COMPROMISED;
    return in;
}

static struct endpoint_input endpoint_in(enum endpoint_input_type type,
                                         const struct endpoint_case *c)
{
    struct endpoint_input in = {.type = type, .head = head_of(ROLE_PA, c->row.id, c->row.version)};

    if (type == ENDPOINT_CREATE)
        in.endpoint_create = (struct endpoint_create){
            .partner = {"partner"}, .url = "https://example.org/hooks", .secret = secret};
    if (type == ENDPOINT_ROTATE_SECRET) in.endpoint_rotate_secret.secret = secret;
    if (type == ENDPOINT_DISABLE) in.endpoint_disable.reason = PARTNER_REASON_UNUSED;
    return in;
}

static struct token_input token_in(enum token_input_type type, const struct token_case *c)
{
    struct token_input in = {.type = type, .head = head_of(ROLE_PA, c->row.id, c->row.version)};

    if (type == TOKEN_CREATE)
        in.token_create = (struct token_create){.role = ACTOR_ROLE_MENTOR,
                                                .has_organisation = true,
                                                .organisation = agency,
                                                .has_person = true,
                                                .person = ada,
                                                .hash = {32, {7}},
                                                .expires = {now.ms + 1}};
    if (type == TOKEN_REVOKE) in.token_revoke.reason = TOKEN_REASON_LOST;
    return in;
}

static struct partner_events partner_out;
static struct endpoint_events endpoint_out;
static struct token_events token_out;

static const char *run_partner(struct partner_case *c, const struct partner_input *in)
{
    struct error err = {0};

    memset(&partner_out, 0, sizeof partner_out);
    if (!partner_decide(c, in, &partner_out, &err)) return err.code;
    assert_int_equal(partner_out.count, 1);
    partner_evolve(&c->row, &partner_out.at[0]);
    return NULL;
}

static const char *run_endpoint(struct endpoint_case *c, const struct endpoint_input *in)
{
    struct error err = {0};

    memset(&endpoint_out, 0, sizeof endpoint_out);
    if (!endpoint_decide(c, in, &endpoint_out, &err)) return err.code;
    assert_int_equal(endpoint_out.count, 1);
    endpoint_evolve(&c->row, &endpoint_out.at[0]);
    return NULL;
}

static const char *run_token(struct token_case *c, const struct token_input *in)
{
    struct error err = {0};

    memset(&token_out, 0, sizeof token_out);
    if (!token_decide(c, in, &token_out, &err)) return err.code;
    assert_int_equal(token_out.count, 1);
    token_evolve(&c->row, &token_out.at[0]);
    return NULL;
}

/* clang-format off */
enum { NON, ACT, END, STATES, GON = STATES, NO = -1 }; /* END: disabled, revoked */

static const int partners_life[PARTNER_INPUTS][STATES] = {
    /*                         NON  ACT  END */
    [PARTNER_CREATE]        = { ACT, NO,  NO },
    [PARTNER_ROTATE_SECRET] = { NO,  ACT, NO },
    [PARTNER_DISABLE]       = { NO,  END, NO },
};

static const int endpoints_life[ENDPOINT_INPUTS][GON + 1] = {
    /*                          NON  ACT  END  GON */
    [ENDPOINT_CREATE]        = { ACT, NO,  NO,  NO  },
    [ENDPOINT_ROTATE_SECRET] = { NO,  ACT, NO,  ACT },
    [ENDPOINT_DISABLE]       = { NO,  END, NO,  END },
}; /* what it hears of: below */

static const int tokens_life[TOKEN_INPUTS][STATES] = {
    [TOKEN_CREATE] = { ACT, NO,  NO },
    [TOKEN_REVOKE] = { NO,  END, NO },
}; /* those subscribed to bypass it */
/* clang-format on */

static void check(const char *what, const char *code, unsigned role, int next, unsigned was,
                  unsigned is)
{
    const bool may = (role & (ROLE_SYS | ROLE_PA)) != 0;

    if (code != (!may ? life_forbidden.code : next == NO ? life_not_now.code : NULL))
        fail_msg("%s in state %u by role %x: %s", what, was, role, code);
    assert_int_equal(is, !may || next == NO ? was : (unsigned)next);
}

static void every_role_for_every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
        for (unsigned state = 0; state < STATES; state++) {
            for (unsigned type = 0; type < PARTNER_INPUTS; type++) {
                struct partner_case c = given_partner(state);
                struct partner_input in = partner_in(type, &c);
                const char *code;

                in.head.actor.role = role;
                code = run_partner(&c, &in);
                check("partner", code, role, partners_life[type][state], state, c.row.state);
            }
            for (unsigned type = 0; type < TOKEN_ON_PERSON_ROLE_ENDED; type++) {
                struct token_case c = given_token(state);
                struct token_input in = token_in(type, &c);
                const char *code;

                in.head.actor.role = role;
                code = run_token(&c, &in);
                check("token", code, role, tokens_life[type][state], state, c.row.state);
            }
        }
    }
}

static void every_role_for_every_command_about_an_endpoint(void **unused)
{
    (void)unused;
    for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
        for (unsigned state = 0; state <= GON; state++) {
            for (unsigned type = 0; type < ENDPOINT_ON_PARTNER_DISABLED; type++) {
                struct endpoint_case c = given_endpoint(state);
                struct endpoint_input in = endpoint_in(type, &c);
                const char *code;

                in.head.actor.role = role;
                code = run_endpoint(&c, &in);
                check("endpoint", code, role, endpoints_life[type][state], state, c.row.state);
            }
        }
    }
}

/* What became of it by what happened elsewhere. */
static unsigned endpoint_after(struct endpoint_case *c, enum endpoint_input_type type)
{
    struct endpoint_input in = {.type = type, .head = head_of(ROLE_SYS, ours, VERSION_ANY)};
    struct error err;

    in.head.at.ms += 2;
    in.partner_disabled.reason = PARTNER_REASON_COMPROMISED;
    memset(&endpoint_out, 0, sizeof endpoint_out);
    assert_true(endpoint_decide(c, &in, &endpoint_out, &err));
    for (size_t i = 0; i < endpoint_out.count; i++)
        endpoint_evolve(&c->row, &endpoint_out.at[i]);
    return c->row.state;
}

static void an_endpoint_says_that_nothing_is_sent_there_why_and_since_when(void **unused)
{
    static const struct {
        unsigned from;
        enum endpoint_input_type type;
        unsigned to;
    } rows[] = {
        {ENDPOINT_STATE_NONE, ENDPOINT_ON_DELIVERY_GIVEN_UP, ENDPOINT_STATE_NONE},
        {ENDPOINT_STATE_ACTIVE, ENDPOINT_ON_DELIVERY_GIVEN_UP, ENDPOINT_STATE_GONE},
        {ENDPOINT_STATE_GONE, ENDPOINT_ON_DELIVERY_GIVEN_UP, ENDPOINT_STATE_GONE},
        {ENDPOINT_STATE_DISABLED, ENDPOINT_ON_DELIVERY_GIVEN_UP, ENDPOINT_STATE_DISABLED},
        {ENDPOINT_STATE_ACTIVE, ENDPOINT_ON_PARTNER_DISABLED, ENDPOINT_STATE_DISABLED},
        {ENDPOINT_STATE_GONE, ENDPOINT_ON_PARTNER_DISABLED, ENDPOINT_STATE_DISABLED},
        {ENDPOINT_STATE_DISABLED, ENDPOINT_ON_PARTNER_DISABLED, ENDPOINT_STATE_DISABLED},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const bool is_gone = rows[i].to == ENDPOINT_STATE_GONE;
        struct endpoint_case c = given_endpoint(rows[i].from);

        assert_int_equal(endpoint_after(&c, rows[i].type), rows[i].to);
        assert_int_equal(endpoint_out.count, rows[i].from != rows[i].to);
        if (rows[i].from == rows[i].to) continue;
        assert_true(c.row.has_disabled_reason && c.row.has_disabled_at);
        assert_int_equal(c.row.disabled_reason,
                         is_gone ? ENDPOINT_WHY_GONE : ENDPOINT_WHY_COMPROMISED);
        assert_int_equal(c.row.disabled_at.ms, now.ms + 2);
    }
}

static void a_new_secret_brings_back_what_was_gone_and_forgets_why(void **unused)
{
    struct endpoint_case c = given_endpoint(ACT);
    struct endpoint_input in;

    (void)unused;
    endpoint_after(&c, ENDPOINT_ON_DELIVERY_GIVEN_UP);
    in = endpoint_in(ENDPOINT_ROTATE_SECRET, &c);
    in.head.at.ms += 3;
    assert_null(run_endpoint(&c, &in));
    assert_int_equal(c.row.state, ENDPOINT_STATE_ACTIVE);
    assert_false(c.row.has_disabled_reason || c.row.has_disabled_at);

    /* an answer from before it says nothing of it */
    assert_int_equal(endpoint_after(&c, ENDPOINT_ON_DELIVERY_GIVEN_UP), ENDPOINT_STATE_ACTIVE);
    c.row.rotated.ms -= 2;
    assert_int_equal(endpoint_after(&c, ENDPOINT_ON_DELIVERY_GIVEN_UP), ENDPOINT_STATE_GONE);
}

static void who_disabled_it_says_why_and_when(void **unused)
{
    struct endpoint_case c = given_endpoint(ACT);
    struct endpoint_input in = endpoint_in(ENDPOINT_DISABLE, &c);

    (void)unused;
    assert_null(run_endpoint(&c, &in));
    assert_int_equal(c.row.disabled_reason, ENDPOINT_WHY_UNUSED);
    assert_true(c.row.has_disabled_at && c.row.disabled_at.ms == now.ms);
}

static bool ends(enum token_input_type type, enum actor_role role, enum person_part part,
                 enum token_reason reason)
{
    struct token_case c = given_token(TOKEN_STATE_ACTIVE);
    struct token_input in = {.type = type, .head = head_of(ROLE_SYS, ada, VERSION_ANY)};
    struct error err;

    c.row.role = role;
    if (type == TOKEN_ON_PERSON_ROLE_ENDED) in.person_role_ended.part = part;
    memset(&token_out, 0, sizeof token_out);
    assert_true(token_decide(&c, &in, &token_out, &err));
    if (token_out.count == 0) return false;
    assert_int_equal(token_out.at[0].token_revoked.reason, reason);
    token_evolve(&c.row, &token_out.at[0]);
    assert_int_equal(c.row.state, TOKEN_STATE_REVOKED);
    assert_true(token_decide(&c, &in, &token_out, &err)); /* once */
    assert_int_equal(token_out.count, 1);
    return true;
}

static void who_no_longer_takes_part_shows_it_in_vain(void **unused)
{
    static const struct {
        enum actor_role role;
        enum person_part part;
    } same[] = {
        {ACTOR_ROLE_MENTOR, PERSON_PART_MENTOR},
        {ACTOR_ROLE_PARTICIPANT, PERSON_PART_PARTICIPANT},
        {ACTOR_ROLE_SUPERVISOR, PERSON_PART_SUPERVISOR},
        {ACTOR_ROLE_COORDINATOR, PERSON_PART_COORDINATOR},
        {ACTOR_ROLE_PROGRAMME_ADMIN, PERSON_PART_COORDINATOR},
        {ACTOR_ROLE_COUNSELLOR, PERSON_PART_COUNSELLOR},
        {ACTOR_ROLE_GUARDIAN, PERSON_PART_GUARDIAN},
        {ACTOR_ROLE_DECISION_MAKER, PERSON_PART_DECISION_MAKER},
        {ACTOR_ROLE_VOLUNTEER_COORDINATOR, PERSON_PART_VOLUNTEER_COORDINATOR},
        {ACTOR_ROLE_HOST, PERSON_PART_SIGNATORY},
        {ACTOR_ROLE_DATA_PROTECTION_OFFICER, PERSON_PART_DATA_PROTECTION_OFFICER},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        for (unsigned part = 0; part <= PERSON_PART_DATA_PROTECTION_OFFICER; part++)
            assert_int_equal(
                ends(TOKEN_ON_PERSON_ROLE_ENDED, same[i].role, part, TOKEN_REASON_ROLE_ENDED),
                part == same[i].part);
        assert_true(ends(TOKEN_ON_PERSON_ERASED, same[i].role, 0, TOKEN_REASON_ERASED));
    }
    assert_true(ends(TOKEN_ON_PARTNER_DISABLED, ACTOR_ROLE_AGENCY_SYSTEM, 0,
                     TOKEN_REASON_PARTNER_DISABLED));
}

static void programmes_are_kept_apart(void **unused)
{
    struct partner_case p = given_partner(ACT);
    struct endpoint_case e = given_endpoint(ACT);
    struct token_case t = given_token(ACT);
    struct partner_input disable_partner = partner_in(PARTNER_DISABLE, &p);
    struct endpoint_input disable_endpoint = endpoint_in(ENDPOINT_DISABLE, &e);
    struct token_input revoke = token_in(TOKEN_REVOKE, &t);

    (void)unused;
    disable_partner.head.programme = disable_endpoint.head.programme = revoke.head.programme =
        elsewhere;
    assert_ptr_equal(run_partner(&p, &disable_partner), life_unknown.code);
    assert_ptr_equal(run_endpoint(&e, &disable_endpoint), life_unknown.code);
    assert_ptr_equal(run_token(&t, &revoke), life_unknown.code);
    disable_partner.head.actor.role = ROLE_SYS; /* the operator is in all of them */
    assert_null(run_partner(&p, &disable_partner));
}

static void a_stale_version_is_a_conflict(void **unused)
{
    struct partner_case p = given_partner(ACT);
    struct endpoint_case e = given_endpoint(ACT);
    struct token_case t = given_token(ACT);
    struct partner_input partner = partner_in(PARTNER_DISABLE, &p);
    struct endpoint_input endpoint = endpoint_in(ENDPOINT_DISABLE, &e);
    struct token_input token = token_in(TOKEN_REVOKE, &t);

    (void)unused;
    partner.head.version = endpoint.head.version = token.head.version = 1;
    assert_ptr_equal(run_partner(&p, &partner), life_conflict.code);
    assert_ptr_equal(run_endpoint(&e, &endpoint), life_conflict.code);
    assert_ptr_equal(run_token(&t, &token), life_conflict.code);
}

static void a_partner_is_of_an_open_programme_and_an_organisation_of_it(void **unused)
{
    struct partner_case closed = given_partner(NON), gone = closed, foreign = closed, c = closed;
    struct partner_input in = partner_in(PARTNER_CREATE, &c);

    (void)unused;
    closed.programme.state = PROGRAMME_STATE_CLOSED;
    assert_ptr_equal(run_partner(&closed, &in), partner_no_programme.code);
    gone.organisation.state = ORGANISATION_STATE_CLOSED;
    assert_ptr_equal(run_partner(&gone, &in), partner_no_organisation.code);
    foreign.organisation.programme = elsewhere;
    assert_ptr_equal(run_partner(&foreign, &in), partner_no_organisation.code);
    assert_null(run_partner(&c, &in));
    assert_memory_equal(&partner_out.at[0].id, &fresh, 16);
    assert_string_equal(c.row.name, "The agency's system");
    assert_memory_equal(&c.row.organisation, &agency, 16);
    assert_true(c.row.has_sealed);
}

static void what_would_never_be_delivered_is_refused_at_once(void **unused)
{
    static const struct {
        const char *url;
        const struct refusal *why;
    } rows[] = {
        {"https://agency.example.org", NULL},
        {"https://agency.example.org/a@b?c@d#e@f", NULL},
        {"https://agency.example.org?to=a@b", NULL},
        {"https://user:word@agency.example.org/", &endpoint_no_secrets},
        {"https://user@agency.example.org", &endpoint_no_secrets},
        {"http://agency.example.org", &endpoint_not_https},
        {"https://127.0.0.1/", &endpoint_our_network},
        {"https://agency.example.org:0/", &endpoint_no_port},
        {"https://agency..example/", &endpoint_no_address},
        {"https://256.1.1.1/", &endpoint_no_name},
        {"https://printer.local/", &endpoint_leads_nowhere},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct endpoint_case c = given_endpoint(NON);
        struct endpoint_input in = endpoint_in(ENDPOINT_CREATE, &c);

        strcpy(in.endpoint_create.url, rows[i].url);
        assert_ptr_equal(run_endpoint(&c, &in), rows[i].why == NULL ? NULL : rows[i].why->code);
        if (rows[i].why != NULL) assert_string_equal(rows[i].why->field, "url");
    }
}

static void what_the_operator_admits_is_fine(void **unused)
{
    const struct reach_networks ten = {
        .count = 1, .at[0] = {.at = {[10] = 0xFF, [11] = 0xFF, [12] = 10}, .bits = 104}};
    struct endpoint_case c = given_endpoint(NON);
    struct endpoint_input in = endpoint_in(ENDPOINT_CREATE, &c);

    (void)unused;
    strcpy(in.endpoint_create.url, "http://10.1.2.3/hooks");
    assert_ptr_equal(run_endpoint(&c, &in), endpoint_our_network.code);
    in.head.admitted = &ten;
    assert_null(run_endpoint(&c, &in));
}

static void an_endpoint_is_of_an_active_partner_of_the_programme(void **unused)
{
    struct endpoint_case disabled = given_endpoint(NON), foreign = disabled, none = disabled,
                         c = disabled;
    struct endpoint_input in = endpoint_in(ENDPOINT_CREATE, &c);

    (void)unused;
    disabled.partner.state = PARTNER_STATE_DISABLED;
    assert_ptr_equal(run_endpoint(&disabled, &in), endpoint_no_partner.code);
    memset(&none.partner, 0, sizeof none.partner);
    assert_ptr_equal(run_endpoint(&none, &in), endpoint_no_partner.code);
    foreign.partner.programme = elsewhere;
    in.head.actor.role = ROLE_SYS; /* not even the operator mixes them up */
    assert_ptr_equal(run_endpoint(&foreign, &in), endpoint_no_partner.code);
    assert_null(run_endpoint(&c, &in));
    assert_true(c.row.has_sealed);
    assert_string_equal(c.row.url, "https://example.org/hooks");
    assert_memory_equal(&c.row.partner, &(struct id){"partner"}, 16);
}

/* As many as are told of anything; the refusal says how many, and what to do. */
static void a_partner_has_no_more_active_endpoints_than_are_told(void **unused)
{
    struct endpoint_case c = given_endpoint(NON), gone = given_endpoint(GON),
                         active = given_endpoint(ACT);
    struct endpoint_input in = endpoint_in(ENDPOINT_CREATE, &c);
    struct endpoint_input back = endpoint_in(ENDPOINT_ROTATE_SECRET, &gone);
    char number[16];

    (void)unused;
    c.active = gone.active = active.active = REACH_ENDPOINTS_MAX;
    assert_ptr_equal(run_endpoint(&c, &in), endpoint_too_many_endpoints.code);
    assert_ptr_equal(run_endpoint(&gone, &back), endpoint_too_many_endpoints.code);
    assert_null(run_endpoint(&active, &back)); /* no more than there are */
    c.active = gone.active = REACH_ENDPOINTS_MAX - 1;
    assert_null(run_endpoint(&c, &in));
    assert_null(run_endpoint(&gone, &back));

    snprintf(number, sizeof number, "has %d active", REACH_ENDPOINTS_MAX);
    assert_non_null(strstr(endpoint_too_many_endpoints.text, number));
    assert_non_null(strstr(endpoint_too_many_endpoints.text, "disable one"));
}

static void secrets_go_into_the_vault_and_nowhere_else(void **unused)
{
    static struct concealed what;
    struct partner_case p = given_partner(NON), q = given_partner(ACT);
    struct endpoint_case e = given_endpoint(NON), f = given_endpoint(ACT);
    struct partner_input make = partner_in(PARTNER_CREATE, &p),
                         turn = partner_in(PARTNER_ROTATE_SECRET, &q),
                         end = partner_in(PARTNER_DISABLE, &q);
    struct endpoint_input set = endpoint_in(ENDPOINT_CREATE, &e),
                          move = endpoint_in(ENDPOINT_ROTATE_SECRET, &f),
                          stop = endpoint_in(ENDPOINT_DISABLE, &f);

    (void)unused;
    partner_conceal(&p, &make, &what);
    assert_memory_equal(&what.owner, &fresh, 16);
    assert_ptr_equal(what.descriptor, &partner_secret_descriptor);
    assert_memory_equal(what.value, &secret, sizeof secret);
    partner_conceal(&q, &turn, &what);
    assert_memory_equal(&what.owner, &ours, 16);
    assert_memory_equal(what.value, &secret, sizeof secret);
    assert_null(run_partner(&p, &make));
    assert_false(is_in(&partner_out, sizeof partner_out, "whsec_"));
    assert_null(run_partner(&q, &turn));
    assert_memory_equal(&q.row.sealed.event, &sealing, 16);
    assert_false(is_in(&partner_out, sizeof partner_out, "whsec_"));

    memset(&what, 0, sizeof what);
    endpoint_conceal(&e, &set, &what);
    assert_memory_equal(&what.owner, &fresh, 16);
    assert_ptr_equal(what.descriptor, &partner_secret_descriptor);
    assert_memory_equal(what.value, &secret, sizeof secret);
    memset(&what, 0, sizeof what);
    endpoint_conceal(&f, &move, &what);
    assert_non_null(what.value);
    assert_memory_equal(&what.owner, &ours, 16);
    assert_memory_equal(what.value, &secret, sizeof secret);
    assert_null(run_endpoint(&e, &set));
    assert_false(is_in(&endpoint_out, sizeof endpoint_out, "whsec_"));
    assert_null(run_endpoint(&f, &move));
    assert_memory_equal(&f.row.sealed.event, &sealing, 16);
    assert_false(is_in(&endpoint_out, sizeof endpoint_out, "whsec_"));

    what.descriptor = NULL;
    partner_conceal(&q, &end, &what);
    endpoint_conceal(&f, &stop, &what);
    assert_null(what.descriptor);
}

static void a_token_says_who_as_what_and_until_when(void **unused)
{
    struct token_case c = given_token(NON);
    struct token_input in = token_in(TOKEN_CREATE, &c);

    (void)unused;
    assert_null(run_token(&c, &in));
    assert_memory_equal(&token_out.at[0].id, &fresh, 16);
    assert_true(c.row.has_person && c.row.has_organisation);
    assert_int_equal(c.row.role, ACTOR_ROLE_MENTOR);
    assert_memory_equal(&c.row.person, &ada, 16);
    assert_memory_equal(&c.row.organisation, &agency, 16);
    assert_memory_equal(&c.row.hash, &in.token_create.hash, sizeof c.row.hash);
    assert_int_equal(c.row.expires.ms, now.ms + 1);
}

static void a_token_is_for_a_role_of_people_and_agencies(void **unused)
{
    (void)unused;
    for (unsigned role = 0; role <= ACTOR_ROLE_SYS; role++) {
        const bool is_ours = role == ACTOR_ROLE_TM || role == ACTOR_ROLE_SYS;
        struct token_case c = given_token(NON);
        struct token_input in = token_in(TOKEN_CREATE, &c);

        in.token_create.role = role;
        assert_ptr_equal(run_token(&c, &in), is_ours ? token_not_a_role.code : NULL);
    }
}

static void what_a_token_names_is_there_and_of_the_programme(void **unused)
{
    struct token_case closed = given_token(NON), no_organisation = closed, no_person = closed,
                      erased = closed, foreign = closed, disabled = closed, agencys = closed;
    struct token_input in = token_in(TOKEN_CREATE, &closed);

    (void)unused;
    closed.programme.state = PROGRAMME_STATE_NONE;
    assert_ptr_equal(run_token(&closed, &in), token_no_programme.code);
    no_organisation.organisation.programme = elsewhere;
    assert_ptr_equal(run_token(&no_organisation, &in), token_no_organisation.code);
    memset(&no_person.person, 0, sizeof no_person.person);
    assert_ptr_equal(run_token(&no_person, &in), token_no_person.code);
    erased.person.state = PERSON_STATE_ERASED;
    assert_ptr_equal(run_token(&erased, &in), token_no_person.code);
    foreign.person.programme = elsewhere;
    assert_ptr_equal(run_token(&foreign, &in), token_no_person.code);

    in.token_create.role = ACTOR_ROLE_AGENCY_SYSTEM; /* an agency's system is no person */
    memset(&agencys.person, 0, sizeof agencys.person);
    disabled.partner.state = PARTNER_STATE_DISABLED;
    assert_ptr_equal(run_token(&disabled, &in), token_no_person.code);
    assert_null(run_token(&agencys, &in));
}

static void a_token_expires_in_the_future_and_is_known_by_its_hash(void **unused)
{
    struct token_case c = given_token(NON), taken = c;
    struct token_input in = token_in(TOKEN_CREATE, &c);

    (void)unused;
    taken.is_hash_taken = true;
    assert_ptr_equal(run_token(&taken, &in), token_hash_taken.code);
    in.token_create.expires.ms = now.ms + 366 * DAY_MS + 1;
    assert_ptr_equal(run_token(&c, &in), token_too_long.code);
    in.token_create.expires = now;
    assert_ptr_equal(run_token(&c, &in), token_expired_already.code);
    in.token_create.expires.ms = now.ms + 366 * DAY_MS;
    assert_null(run_token(&c, &in));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_for_every_input_in_every_state),
        cmocka_unit_test(every_role_for_every_command_about_an_endpoint),
        cmocka_unit_test(an_endpoint_says_that_nothing_is_sent_there_why_and_since_when),
        cmocka_unit_test(a_new_secret_brings_back_what_was_gone_and_forgets_why),
        cmocka_unit_test(who_disabled_it_says_why_and_when),
        cmocka_unit_test(who_no_longer_takes_part_shows_it_in_vain),
        cmocka_unit_test(programmes_are_kept_apart),
        cmocka_unit_test(a_stale_version_is_a_conflict),
        cmocka_unit_test(a_partner_is_of_an_open_programme_and_an_organisation_of_it),
        cmocka_unit_test(what_would_never_be_delivered_is_refused_at_once),
        cmocka_unit_test(what_the_operator_admits_is_fine),
        cmocka_unit_test(an_endpoint_is_of_an_active_partner_of_the_programme),
        cmocka_unit_test(a_partner_has_no_more_active_endpoints_than_are_told),
        cmocka_unit_test(secrets_go_into_the_vault_and_nowhere_else),
        cmocka_unit_test(a_token_says_who_as_what_and_until_when),
        cmocka_unit_test(a_token_is_for_a_role_of_people_and_agencies),
        cmocka_unit_test(what_a_token_names_is_there_and_of_the_programme),
        cmocka_unit_test(a_token_expires_in_the_future_and_is_known_by_its_hash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
