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

static const struct id ours = {"ours"}, agency = {"agency"}, ada = {"ada"}, club = {"club"};
enum { NEVER = INT32_MAX, HOUR_MS = 3600000 };

static const struct partner_secret secret = {SECRET, true, BEFORE};

static struct partner_case given_partner(unsigned state)
{
    struct partner_case c = {
        .programme = {.id = work, .state = PROGRAMME_STATE_OPEN},
        .organisation = {.id = agency, .programme = work, .state = ORGANISATION_STATE_OPEN}};

    if (state == PARTNER_STATE_NONE) return c;
    c.row = (struct partner){.id = ours, .version = 2, .programme = work, .state = state};
    c.row.has_undo = state == PARTNER_STATE_DISABLED;
    if (c.row.has_undo)
        c.row.undo = (struct partner_way_back){.by = somebody, .until = {now.ms + HOUR_MS}};
    return c;
}

static struct endpoint_case given_endpoint(unsigned state)
{
    struct endpoint_case c = {
        .partner = {.id = {"partner"}, .programme = work, .state = PARTNER_STATE_ACTIVE}};

    if (state == ENDPOINT_STATE_NONE) return c;
    c.row = (struct endpoint){.id = ours, .version = 2, .programme = work, .state = state};
    c.row.has_undo = state == ENDPOINT_STATE_DISABLED;
    if (c.row.has_undo)
        c.row.undo =
            (struct endpoint_way_back){.has_by = true, .by = somebody, .until = {now.ms + HOUR_MS}};
    return c;
}

/* As that and nothing else, from today on. */
static struct person_role *takes_part(struct person *person, enum person_part part,
                                      const struct id *organisation)
{
    struct person_role *role = &person->roles.at[0];

    person->roles.count = 1;
    *role = (struct person_role){.part = part, .from = {(int32_t)(now.ms / DAY_MS)}};
    role->has_organisation = organisation != NULL;
    if (organisation != NULL) role->organisation = *organisation;
    return role;
}

static struct token_case given_token(unsigned state)
{
    struct token_case c = {
        .programme = {.id = work, .state = PROGRAMME_STATE_OPEN},
        .organisation = {.id = agency, .programme = work, .state = ORGANISATION_STATE_OPEN},
        .person = {.id = ada, .programme = work, .state = PERSON_STATE_ACTIVE},
        .partner = {.id = ours,
                    .programme = work,
                    .state = PARTNER_STATE_ACTIVE,
                    .has_organisation = true,
                    .organisation = agency}};

    takes_part(&c.person, PERSON_PART_MENTOR, &agency);

    if (state == TOKEN_STATE_NONE) return c;
    c.row = (struct token){.id = ours,
                           .version = 2,
                           .programme = work,
                           .state = state,
                           .role = ACTOR_ROLE_MENTOR,
                           .has_person = true,
                           .person = ada,
                           .has_organisation = true,
                           .organisation = agency,
                           .has_bound_to = true,
                           .bound_to = agency,
                           .expires = {now.ms + 14 * DAY_MS},
                           .has_remind = true,
                           .remind = now};
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
                                                .person = ada,
                                                .hash = {32, {7}},
                                                .has_expires = true,
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
enum { ADMINS = ROLE_SYS | ROLE_PA };

static const int partners_life[PARTNER_INPUTS][STATES] = {
    /*                         NON  ACT  END */
    [PARTNER_CREATE]        = { ACT, NO,  NO },
    [PARTNER_ROTATE_SECRET] = { NO,  ACT, NO },
    [PARTNER_DISABLE]       = { NO,  END, NO },
    [PARTNER_UNDO]          = { NO,  NO,  ACT },
};

static const int endpoints_life[ENDPOINT_INPUTS][GON + 1] = {
    /*                          NON  ACT  END  GON */
    [ENDPOINT_CREATE]        = { ACT, NO,  NO,  NO  },
    [ENDPOINT_ROTATE_SECRET] = { NO,  ACT, NO,  ACT },
    [ENDPOINT_TEST]          = { NO,  ACT, NO,  NO  },
    [ENDPOINT_DISABLE]       = { NO,  END, NO,  END },
    [ENDPOINT_UNDO]          = { NO,  NO,  ACT, NO  },
}; /* what it hears of: below */

static const int tokens_life[TOKEN_INPUTS][STATES] = {
    [TOKEN_CREATE] = { ACT, NO,  NO },
    [TOKEN_REMIND] = { NO,  ACT, NO },
    [TOKEN_REVOKE] = { NO,  END, NO },
}; /* those subscribed to bypass it */
/* clang-format on */

static void check(const char *what, const char *code, unsigned role, unsigned admins, int next,
                  unsigned was, unsigned is)
{
    const bool may = (role & admins) != 0;

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
                check("partner", code, role, ADMINS, partners_life[type][state], state,
                      c.row.state);
            }
            for (unsigned type = 0; type < TOKEN_ON_PERSON_ROLE_ENDED; type++) {
                struct token_case c = given_token(state);
                struct token_input in = token_in(type, &c);
                const char *code;

                in.head.actor.role = role;
                code = run_token(&c, &in);
                check("token", code, role, type == TOKEN_REMIND ? ROLE_TM : ADMINS,
                      tokens_life[type][state], state, c.row.state);
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
                check("endpoint", code, role, ADMINS, endpoints_life[type][state], state,
                      c.row.state);
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

static void an_endpoint_says_whether_who_made_it_is_cleared(void **unused)
{
    static const enum endpoint_input_type makes[] = {ENDPOINT_CREATE, ENDPOINT_ROTATE_SECRET};
    static const struct {
        enum role role;
        bool is_cleared, is;
    } hands[] = {{ROLE_PA, true, true}, {ROLE_PA, false, false}, {ROLE_SYS, false, true}};

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        for (size_t n = 0; n < 3; n++) {
            struct endpoint_case c =
                given_endpoint(makes[i] == ENDPOINT_CREATE ? ENDPOINT_STATE_NONE : ACT);
            struct endpoint_input in = endpoint_in(makes[i], &c);

            in.head.actor.role = hands[n].role;
            in.head.is_cleared = hands[n].is_cleared;
            c.row.cleared = !hands[n].is;
            assert_null(run_endpoint(&c, &in));
            assert_int_equal(c.row.cleared, hands[n].is);
        }
    }
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

static void a_test_is_sent_once_a_minute_at_most(void **unused)
{
    struct endpoint_case c = given_endpoint(ENDPOINT_STATE_ACTIVE);
    struct endpoint_input in = endpoint_in(ENDPOINT_TEST, &c);

    (void)unused;
    assert_null(run_endpoint(&c, &in));
    assert_int_equal(c.row.tested.ms, in.head.at.ms);
    assert_int_equal(c.row.state, ENDPOINT_STATE_ACTIVE);
    in = endpoint_in(ENDPOINT_TEST, &c);
    in.head.at.ms = c.row.tested.ms + ENDPOINT_TEST_MS - 1;
    assert_ptr_equal(run_endpoint(&c, &in), endpoint_tested_lately.code);
    in.head.at.ms++;
    assert_null(run_endpoint(&c, &in));
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

static const char *undo_partner(struct partner_case *c, struct id who, int64_t after_ms)
{
    struct partner_input in = partner_in(PARTNER_UNDO, c);

    in.head.actor.id = who;
    in.head.at.ms += after_ms;
    return run_partner(c, &in);
}

static void who_disabled_a_partner_takes_it_back_within_an_hour(void **unused)
{
    struct partner_case c = given_partner(ACT), closed, before;
    struct partner_input in = partner_in(PARTNER_DISABLE, &c);

    (void)unused;
    assert_null(run_partner(&c, &in));
    closed = before = c;
    assert_ptr_equal(undo_partner(&c, ada, 0), partner_undo_anothers.code);
    assert_ptr_equal(undo_partner(&c, somebody, HOUR_MS + 1), partner_undo_too_late.code);
    closed.programme.state = PROGRAMME_STATE_CLOSED;
    assert_ptr_equal(undo_partner(&closed, somebody, 0), partner_no_programme.code);
    before.row.has_undo = false; /* disabled before anybody noted by whom */
    assert_ptr_equal(undo_partner(&before, somebody, 0), partner_nothing_to_undo.code);
    assert_null(undo_partner(&c, somebody, HOUR_MS));
    assert_true(c.row.state == PARTNER_STATE_ACTIVE && !c.row.has_undo);
    assert_int_equal(partner_out.at[0].partner_undone.step, PARTNER_DECIDED_DISABLE);

    in.head.actor.id = (struct id){{0}}; /* by a token that names no person, or the operator */
    assert_null(run_partner(&c, &in));
    assert_ptr_equal(undo_partner(&c, (struct id){{0}}, 0), partner_undo_anothers.code);
}

static void what_the_operator_disabled_the_operator_takes_back(void **unused)
{
    struct partner_case p = given_partner(ACT);
    struct endpoint_case e = given_endpoint(ACT);
    struct partner_input of_partner = partner_in(PARTNER_DISABLE, &p);
    struct endpoint_input of_endpoint = endpoint_in(ENDPOINT_DISABLE, &e);

    (void)unused;
    of_partner.head.actor = of_endpoint.head.actor = (struct actor){.role = ROLE_SYS};
    assert_null(run_partner(&p, &of_partner));
    assert_null(run_endpoint(&e, &of_endpoint));
    of_partner = partner_in(PARTNER_UNDO, &p);
    of_endpoint = endpoint_in(ENDPOINT_UNDO, &e);
    assert_ptr_equal(run_partner(&p, &of_partner), partner_undo_anothers.code);
    assert_ptr_equal(run_endpoint(&e, &of_endpoint), endpoint_undo_anothers.code);
    of_partner.head.actor = of_endpoint.head.actor = (struct actor){.role = ROLE_SYS};
    assert_null(run_partner(&p, &of_partner));
    assert_null(run_endpoint(&e, &of_endpoint));
    assert_true(p.row.state == PARTNER_STATE_ACTIVE && e.row.state == ENDPOINT_STATE_ACTIVE);

    of_partner = partner_in(PARTNER_DISABLE, &p);
    assert_null(run_partner(&p, &of_partner));
    of_partner = partner_in(PARTNER_UNDO, &p);
    of_partner.head.actor = (struct actor){.role = ROLE_SYS};
    assert_ptr_equal(run_partner(&p, &of_partner), partner_undo_anothers.code);
}

static const char *undo_endpoint(struct endpoint_case *c, struct id who, int64_t after_ms)
{
    struct endpoint_input in = endpoint_in(ENDPOINT_UNDO, c);

    in.head.actor.id = who;
    in.head.at.ms += after_ms;
    return run_endpoint(c, &in);
}

/* What was gone is so again, since when it was. */
static void who_disabled_an_endpoint_takes_it_back_within_an_hour(void **unused)
{
    static const unsigned states[] = {ENDPOINT_STATE_ACTIVE, ENDPOINT_STATE_GONE};

    (void)unused;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct endpoint_case c = given_endpoint(ACT);
        struct endpoint_input in;
        struct endpoint was;

        if (states[i] == ENDPOINT_STATE_GONE) endpoint_after(&c, ENDPOINT_ON_DELIVERY_GIVEN_UP);
        was = c.row;
        in = endpoint_in(ENDPOINT_DISABLE, &c);
        assert_null(run_endpoint(&c, &in));
        assert_ptr_equal(undo_endpoint(&c, ada, 0), endpoint_undo_anothers.code);
        assert_ptr_equal(undo_endpoint(&c, somebody, HOUR_MS + 1), endpoint_undo_too_late.code);
        assert_null(undo_endpoint(&c, somebody, HOUR_MS));
        assert_memory_equal(&c.row, &was, sizeof was);
    }
}

static void an_endpoint_comes_back_while_there_is_room_and_its_partner_is_heard(void **unused)
{
    struct endpoint_case c = given_endpoint(END), d = c, before = c, gone = c;

    (void)unused;
    c.active = REACH_ENDPOINTS_MAX;
    assert_ptr_equal(undo_endpoint(&c, somebody, 0), endpoint_too_many_endpoints.code);
    gone.active = REACH_ENDPOINTS_MAX; /* it takes none */
    gone.row.undo.state = ENDPOINT_RESTORED_GONE;
    assert_null(undo_endpoint(&gone, somebody, 0));
    d.partner.state = PARTNER_STATE_DISABLED;
    assert_ptr_equal(undo_endpoint(&d, somebody, 0), endpoint_undo_followed.code);
    before.row.has_undo = false;
    assert_ptr_equal(undo_endpoint(&before, somebody, 0), endpoint_nothing_to_undo.code);
}

static void what_was_disabled_with_its_partner_comes_back_with_it(void **unused)
{
    struct endpoint_case c = given_endpoint(ACT), gone = c, by_hand = c, active = c;
    struct endpoint_input in = endpoint_in(ENDPOINT_DISABLE, &by_hand);

    (void)unused;
    endpoint_after(&gone, ENDPOINT_ON_DELIVERY_GIVEN_UP);
    endpoint_after(&c, ENDPOINT_ON_PARTNER_DISABLED);
    endpoint_after(&gone, ENDPOINT_ON_PARTNER_DISABLED);
    assert_ptr_equal(undo_endpoint(&c, somebody, 0), endpoint_undo_anothers.code);
    assert_int_equal(endpoint_after(&c, ENDPOINT_ON_PARTNER_UNDONE), ENDPOINT_STATE_ACTIVE);
    assert_false(c.row.has_disabled_reason || c.row.has_disabled_at || c.row.has_undo);
    assert_int_equal(endpoint_after(&gone, ENDPOINT_ON_PARTNER_UNDONE), ENDPOINT_STATE_GONE);
    assert_int_equal(gone.row.disabled_reason, ENDPOINT_WHY_GONE);

    assert_null(run_endpoint(&by_hand, &in));
    endpoint_after(&by_hand, ENDPOINT_ON_PARTNER_DISABLED);
    assert_int_equal(endpoint_after(&by_hand, ENDPOINT_ON_PARTNER_UNDONE), ENDPOINT_STATE_DISABLED);
    assert_int_equal(endpoint_after(&active, ENDPOINT_ON_PARTNER_UNDONE), ENDPOINT_STATE_ACTIVE);
}

/* clang-format off */
/* The part that goes with each role of people. */
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
/* clang-format on */

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
    what.is_all = false;
    partner_conceal(&q, &turn, &what);
    assert_true(what.is_all);
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
    assert_true(what.is_all);
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

/* Who makes it may keep it, and would be them. */
static void who_is_not_cleared_makes_no_token_for_who_is_protected(void **unused)
{
    static const struct {
        enum protection protection;
        enum role role;
        bool is_cleared, is_own, is_made;
    } rows[] = {
        {PROTECTION_NONE, ROLE_PA, false, false, true},
        {PROTECTION_MARKED, ROLE_PA, false, false, false},
        {PROTECTION_STRICTLY, ROLE_PA, false, false, false},
        {PROTECTION_STRICTLY, ROLE_PA, true, false, true},
        {PROTECTION_STRICTLY, ROLE_PA, false, true, true},
        {PROTECTION_STRICTLY, ROLE_SYS, false, false, true},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct token_case c = given_token(NON);
        struct token_input in = token_in(TOKEN_CREATE, &c);

        c.person.protection = rows[i].protection;
        in.head.actor.role = rows[i].role;
        if (rows[i].is_own) in.head.actor.id = ada;
        in.head.is_cleared = rows[i].is_cleared;
        assert_ptr_equal(run_token(&c, &in), rows[i].is_made ? NULL : life_guarded.code);
    }
}

/* Who knows its secret speaks as it, and who is told what it is told hears of them. */
static void who_is_not_cleared_is_no_partner_of_who_is_protected(void **unused)
{
    (void)unused;
    for (int is_cleared = 0; is_cleared < 2; is_cleared++) {
        const char *code = is_cleared ? NULL : life_guarded.code;
        struct partner_case partner = given_partner(PARTNER_STATE_ACTIVE);
        struct endpoint_case anew = given_endpoint(ENDPOINT_STATE_NONE),
                             again = given_endpoint(ENDPOINT_STATE_ACTIVE);
        struct token_case token = given_token(TOKEN_STATE_NONE);
        struct partner_input rotate = partner_in(PARTNER_ROTATE_SECRET, &partner),
                             disable = partner_in(PARTNER_DISABLE, &partner);
        struct endpoint_input create = endpoint_in(ENDPOINT_CREATE, &anew),
                              renew = endpoint_in(ENDPOINT_ROTATE_SECRET, &again);
        struct token_input shown = token_in(TOKEN_CREATE, &token);

        guarded_add(&partner.guarded, true, ours);
        again.guarded = anew.guarded = token.guarded = partner.guarded;
        rotate.head.is_cleared = create.head.is_cleared = renew.head.is_cleared =
            shown.head.is_cleared = is_cleared;
        disable.head.is_cleared = false; /* to listen to it no more is urgent */
        shown.token_create.role = ACTOR_ROLE_AGENCY_SYSTEM;
        shown.token_create.person = ours;
        assert_ptr_equal(run_endpoint(&anew, &create), code);
        assert_ptr_equal(run_endpoint(&again, &renew), code);
        assert_ptr_equal(run_token(&token, &shown), code);
        assert_ptr_equal(run_partner(&partner, &rotate), code);
        disable.head.version = partner.row.version;
        partner.guarded.count = 0; /* as it is loaded for that */
        assert_null(run_partner(&partner, &disable));
    }
}

static void a_token_is_for_a_role_of_people_and_agencies(void **unused)
{
    (void)unused;
    for (unsigned role = 0; role <= ACTOR_ROLE_SYS; role++) {
        const bool is_ours = role == ACTOR_ROLE_TM || role == ACTOR_ROLE_SYS;
        struct token_case c = given_token(NON);
        struct token_input in = token_in(TOKEN_CREATE, &c);

        in.token_create.role = role;
        for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
            if (same[i].role == role) takes_part(&c.person, same[i].part, &agency);
        assert_ptr_equal(run_token(&c, &in), is_ours ? token_not_a_role.code : NULL);
    }
}

static void whoever_shows_a_token_has_the_part_that_goes_with_it(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        for (unsigned part = 0; part <= PERSON_PART_DATA_PROTECTION_OFFICER; part++) {
            struct token_case c = given_token(NON);
            struct token_input in = token_in(TOKEN_CREATE, &c);

            in.token_create.role = same[i].role;
            takes_part(&c.person, part, &agency);
            assert_ptr_equal(run_token(&c, &in),
                             part == same[i].part ? NULL : token_not_their_part.code);
        }
    assert_string_equal(token_not_their_part.field, "person");
}

/* Also of several, and whichever comes first. */
static void they_have_it_today(void **unused)
{
    const int32_t today = (int32_t)(now.ms / DAY_MS);
    static const struct {
        int32_t from, until; /* from today; NEVER: it has no last day */
        bool is_theirs;
    } rows[] = {{-5, NEVER, true}, {0, 0, true}, {-5, -1, false}, {1, NEVER, false}};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct token_case c = given_token(NON);
        struct token_input in = token_in(TOKEN_CREATE, &c);
        struct person_role *role = takes_part(&c.person, PERSON_PART_MENTOR, &agency);

        role->from.day = today + rows[i].from;
        role->has_until = rows[i].until != NEVER;
        if (role->has_until) role->until.day = today + rows[i].until;
        c.person.roles.at[1] = *role;
        role->part = PERSON_PART_GUIDE;
        c.person.roles.count = 2;
        assert_ptr_equal(run_token(&c, &in), rows[i].is_theirs ? NULL : token_not_their_part.code);
    }
}

/* On whose behalf it is shown, by what is said of that, of the part and of the person. */
static void it_is_for_the_organisation_that_they_take_part_for(void **unused)
{
    static const struct {
        const struct id *said, *part, *person, *is;
        const struct refusal *why;
    } rows[] = {
        {NULL, &agency, NULL, &agency, NULL},
        {&agency, &agency, NULL, &agency, NULL},
        {NULL, NULL, &agency, &agency, NULL}, /* where the part says nothing, whose they are */
        {NULL, &agency, &club, &agency, NULL},
        {NULL, NULL, NULL, NULL, NULL},
        {&agency, &club, &agency, NULL, &token_not_for_it},
        {&agency, NULL, &club, NULL, &token_not_for_it},
        {&agency, NULL, NULL, NULL, &token_not_for_it},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct token_case c = given_token(NON);
        struct token_input in = token_in(TOKEN_CREATE, &c);

        takes_part(&c.person, PERSON_PART_MENTOR, rows[i].part);
        c.person.has_organisation = rows[i].person != NULL;
        if (rows[i].person != NULL) c.person.organisation = *rows[i].person;
        in.token_create.has_organisation = rows[i].said != NULL;
        assert_ptr_equal(run_token(&c, &in), rows[i].why == NULL ? NULL : rows[i].why->code);
        assert_int_equal(c.row.has_organisation, rows[i].is != NULL);
        assert_int_equal(c.row.has_bound_to, rows[i].is != NULL);
        if (rows[i].is == NULL) continue;
        assert_true(id_equal(c.row.organisation, *rows[i].is));
        assert_true(id_equal(c.row.bound_to, *rows[i].is));
    }
    assert_string_equal(token_not_for_it.field, "organisation");
}

static void an_agencys_system_acts_for_its_agency(void **unused)
{
    struct token_case c = given_token(NON), other = c, none = c;
    struct token_input in = token_in(TOKEN_CREATE, &c);

    (void)unused;
    in.token_create.role = ACTOR_ROLE_AGENCY_SYSTEM;
    other.partner.organisation = club;
    assert_ptr_equal(run_token(&other, &in), token_not_for_it.code);
    in.token_create.has_organisation = false;
    none.partner.has_organisation = false;
    assert_null(run_token(&none, &in));
    assert_false(none.row.has_organisation);
    assert_null(run_token(&c, &in));
    assert_true(c.row.has_organisation && id_equal(c.row.organisation, agency));
}

/* And says so; whoever else is of it does not. */
static void only_a_coordinator_of_the_association_acts_for_the_whole_programme(void **unused)
{
    static const struct {
        enum actor_role role;
        enum person_part part;
        const struct id *association;
        bool is_said, is_for_all;
    } rows[] = {
        {ACTOR_ROLE_COORDINATOR, PERSON_PART_COORDINATOR, &agency, false, true},
        {ACTOR_ROLE_COORDINATOR, PERSON_PART_COORDINATOR, &agency, true, false},
        {ACTOR_ROLE_COORDINATOR, PERSON_PART_COORDINATOR, &club, false, false},
        {ACTOR_ROLE_COORDINATOR, PERSON_PART_COORDINATOR, NULL, false, false},
        {ACTOR_ROLE_PROGRAMME_ADMIN, PERSON_PART_COORDINATOR, &agency, false, false},
        {ACTOR_ROLE_MENTOR, PERSON_PART_MENTOR, &agency, false, false},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct token_case c = given_token(NON);
        struct token_input in = token_in(TOKEN_CREATE, &c);

        in.token_create.role = rows[i].role;
        in.token_create.has_organisation = rows[i].is_said;
        takes_part(&c.person, rows[i].part, &agency);
        if (rows[i].association != NULL) c.association = *rows[i].association;
        assert_null(run_token(&c, &in));
        assert_int_equal(c.row.has_organisation, !rows[i].is_for_all);
        assert_true(c.row.has_bound_to && id_equal(c.row.bound_to, agency));
    }
}

/* It acts for all where there is no association: somebody has to. */
static void a_coordinator_is_one_for_some_organisation(void **unused)
{
    struct token_case alone = given_token(NON), c = alone;
    struct token_input in = token_in(TOKEN_CREATE, &c);

    (void)unused;
    in.token_create.role = ACTOR_ROLE_COORDINATOR;
    in.token_create.has_organisation = false;
    takes_part(&alone.person, PERSON_PART_COORDINATOR, NULL);
    takes_part(&c.person, PERSON_PART_COORDINATOR, NULL);
    assert_null(run_token(&alone, &in));
    assert_false(alone.row.has_organisation || alone.row.has_bound_to);
    c.association = club;
    assert_ptr_equal(run_token(&c, &in), token_for_nobody.code);
    in.token_create.role = ACTOR_ROLE_PROGRAMME_ADMIN;
    assert_null(run_token(&c, &in));
}

/* It goes by what their part is now, whatever the event said. */
static void who_takes_the_part_for_another_organisation_needs_another(void **unused)
{
    static const struct {
        enum person_part part;
        const struct id *was, *part_for, *person;
        bool is_revoked;
    } rows[] = {
        {PERSON_PART_MENTOR, &agency, &agency, NULL, false},
        {PERSON_PART_MENTOR, &agency, &agency, &club, false},
        {PERSON_PART_MENTOR, &agency, NULL, &agency, false},
        {PERSON_PART_MENTOR, NULL, NULL, NULL, false},
        {PERSON_PART_MENTOR, &agency, &club, NULL, true},
        {PERSON_PART_MENTOR, &agency, NULL, &club, true},
        {PERSON_PART_MENTOR, &agency, NULL, NULL, true},
        {PERSON_PART_MENTOR, NULL, &club, NULL, true},
        {PERSON_PART_SUPERVISOR, &agency, &club, &club, false}, /* that is heard of otherwise */
    };
    static const enum token_input_type heard[] = {TOKEN_ON_PERSON_ROLE_GRANTED,
                                                  TOKEN_ON_PERSON_CHANGED};
    struct error err;

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t n = 0; n < sizeof heard / sizeof heard[0]; n++) {
            struct token_case c = given_token(ACT);
            struct token_input in = token_in(heard[n], &c);

            c.row.has_bound_to = rows[i].was != NULL;
            takes_part(&c.person, rows[i].part, rows[i].part_for);
            c.person.has_organisation = rows[i].person != NULL;
            if (rows[i].person != NULL) c.person.organisation = *rows[i].person;
            memset(&token_out, 0, sizeof token_out);
            assert_true(token_decide(&c, &in, &token_out, &err));
            assert_int_equal(token_out.count, rows[i].is_revoked);
            if (!rows[i].is_revoked) continue;
            assert_int_equal(token_out.at[0].token_revoked.reason, TOKEN_REASON_MOVED);
            token_evolve(&c.row, &token_out.at[0]);
            assert_true(token_decide(&c, &in, &token_out, &err)); /* once */
            assert_int_equal(token_out.count, 1);
        }
}

static void what_was_made_before_is_bound_to_whose_behalf_it_is_shown_on(void **unused)
{
    const struct token_event before = {
        .type = TOKEN_CREATED,
        .id = ours,
        .token_created = {.has_organisation = true, .organisation = club}};
    struct token row = {.id = ours};

    (void)unused;
    token_evolve(&row, &before);
    assert_true(row.has_bound_to && id_equal(row.bound_to, club));
    assert_false(row.has_remind);
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
    assert_int_equal(c.row.expires.ms, now.ms + 366 * DAY_MS);
    in.token_create.has_expires = false;
    c = given_token(NON);
    assert_null(run_token(&c, &in));
    assert_int_equal(c.row.expires.ms, now.ms + 90 * DAY_MS);
}

/* Two weeks before, unless it is that short. */
static void that_it_ends_is_said_once_in_time(void **unused)
{
    struct token_case c = given_token(NON), brief = c;
    struct token_input in = token_in(TOKEN_CREATE, &c), told;
    unsigned command = 0;

    (void)unused;
    in.token_create.expires.ms = now.ms + 14 * DAY_MS;
    assert_null(run_token(&brief, &in));
    assert_false(brief.row.has_remind);
    assert_int_equal(token_due(&brief.row, &command).ms, 0);

    in.token_create.expires.ms++;
    assert_null(run_token(&c, &in));
    assert_int_equal(token_due(&c.row, &command).ms, now.ms + 1);
    assert_int_equal(command, TOKEN_REMIND);
    c.row.programme = work;
    told = token_in(TOKEN_REMIND, &c);
    told.head.actor.role = ROLE_TM;
    assert_ptr_equal(run_token(&c, &told), token_not_due.code);
    told.head.at.ms++;
    assert_null(run_token(&c, &told));
    assert_true(token_out.at[0].token_reminded.has_person);
    assert_memory_equal(&token_out.at[0].token_reminded.person, &ada, 16);
    assert_int_equal(token_out.at[0].token_reminded.due.ms, c.row.expires.ms);
    assert_false(token_out.at[0].token_reminded.missed);
    assert_int_equal(token_due(&c.row, &command).ms, 0);
    assert_ptr_equal(run_token(&c, &told), token_not_due.code);
}

static void who_would_be_told_too_late_is_not(void **unused)
{
    struct token_case c = given_token(ACT), systems = c, revoked = c;
    struct token_input told = token_in(TOKEN_REMIND, &c), revoke = token_in(TOKEN_REVOKE, &c);
    unsigned command;

    (void)unused;
    told.head.actor.role = ROLE_TM;
    told.head.at.ms = c.row.expires.ms - 1;
    systems.row.role = ACTOR_ROLE_AGENCY_SYSTEM; /* whose person is its partner */
    assert_null(run_token(&systems, &told));
    assert_false(token_out.at[0].token_reminded.missed ||
                 token_out.at[0].token_reminded.has_person);
    told.head.at.ms++;
    assert_null(run_token(&c, &told));
    assert_true(token_out.at[0].token_reminded.has_missed && token_out.at[0].token_reminded.missed);
    assert_null(run_token(&revoked, &revoke));
    assert_int_equal(token_due(&revoked.row, &command).ms, 0);
}

static bool is_by(bool has, const struct hands *hands, const char *all)
{
    bool is = has == (all != NULL) && hands->count == (all != NULL ? strlen(all) : 0);

    for (uint32_t i = 0; is && i < hands->count; i++)
        is = id_equal(hands->at[i], (struct id){{(uint8_t)all[i]}});
    return is;
}

static struct origin made_by(const char *all)
{
    struct origin origin = {.is_known = all != NULL};

    for (; all != NULL && *all != '\0'; all++)
        origin_add(&origin, (struct id){{(uint8_t)*all}});
    return origin;
}

static void who_may_have_kept_a_token_stands_on_it(void **unused)
{
    static const char *const rows[] = {"", "a", "ab", NULL};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct token_case c = given_token(NON);
        const struct token_input in = token_in(TOKEN_CREATE, &c);

        c.origin = made_by(rows[i]);
        assert_null(run_token(&c, &in));
        assert_true(is_by(c.row.has_hands, &c.row.hands, rows[i]));
    }
}

/* The secret before counts for as long as it is good as well. */
static void who_may_know_a_partners_secret_stands_on_it(void **unused)
{
    static const struct {
        const char *before, *now, *after;
        bool has_previous;
    } rows[] = {
        {"a", "b", "b", false},  {"a", "b", "ba", true}, {"a", "", "", false},
        {NULL, "b", NULL, true}, {NULL, "", "", false},  {"a", NULL, NULL, false},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct partner_case c = given_partner(NON);
        struct partner_input in = partner_in(PARTNER_CREATE, &c);

        c.origin = made_by(rows[i].before);
        assert_null(run_partner(&c, &in));
        assert_true(is_by(c.row.has_hands, &c.row.hands, rows[i].before));
        c.row.id = ours;
        c.row.programme = work;
        in = partner_in(PARTNER_ROTATE_SECRET, &c);
        in.head.sealed.holds = rows[i].has_previous ? 3 : 1; /* the current one, and the previous */
        c.origin = made_by(rows[i].now);
        assert_null(run_partner(&c, &in));
        assert_true(is_by(c.row.has_hands, &c.row.hands, rows[i].after));
    }
}

static const struct partner_secret was_secret = {
    .current = "whsec_was", .has_previous = true, .previous = "whsec_long_ago"};

static void what_was_signed_with_is_kept_where_that_is_said(void **unused)
{
    static struct concealed what;
    struct partner_case c = given_partner(ACT);
    struct partner_input in = partner_in(PARTNER_ROTATE_SECRET, &c);
    struct partner_secret whole = was_secret;

    (void)unused;
    c.row.sealed.event = sealing;
    in.partner_rotate_secret.secret.has_previous = false;
    partner_conceal(&c, &in, &what);
    assert_null(what.change); /* nothing is said: it is good no more */
    in.partner_rotate_secret.keeps = true;
    partner_conceal(&c, &in, &what);
    assert_memory_equal(&what.sealed.event, &sealing, 16);
    what.change(&c, &in, &was_secret, &whole);
    assert_string_equal(whole.current, secret.current);
    assert_true(whole.has_previous);
    assert_string_equal(whole.previous, "whsec_was");
    in.partner_rotate_secret.secret.has_previous = true;
    strcpy(in.partner_rotate_secret.secret.previous, "whsec_named");
    what.change(&c, &in, &was_secret, &whole);
    assert_string_equal(whole.previous, "whsec_named");
}

static void and_of_an_endpoint(void **unused)
{
    static struct concealed what;
    struct endpoint_case c = given_endpoint(ACT);
    struct endpoint_input in = endpoint_in(ENDPOINT_ROTATE_SECRET, &c);
    struct partner_secret whole = was_secret;

    (void)unused;
    c.row.sealed.event = sealing;
    in.endpoint_rotate_secret.secret.has_previous = false;
    endpoint_conceal(&c, &in, &what);
    assert_null(what.change);
    in.endpoint_rotate_secret.keeps = true;
    endpoint_conceal(&c, &in, &what);
    assert_memory_equal(&what.sealed.event, &sealing, 16);
    what.change(&c, &in, &was_secret, &whole);
    assert_string_equal(whole.current, secret.current);
    assert_string_equal(whole.previous, "whsec_was");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_signed_with_is_kept_where_that_is_said),
        cmocka_unit_test(and_of_an_endpoint),
        cmocka_unit_test(every_role_for_every_input_in_every_state),
        cmocka_unit_test(every_role_for_every_command_about_an_endpoint),
        cmocka_unit_test(an_endpoint_says_whether_who_made_it_is_cleared),
        cmocka_unit_test(an_endpoint_says_that_nothing_is_sent_there_why_and_since_when),
        cmocka_unit_test(a_new_secret_brings_back_what_was_gone_and_forgets_why),
        cmocka_unit_test(a_test_is_sent_once_a_minute_at_most),
        cmocka_unit_test(who_disabled_it_says_why_and_when),
        cmocka_unit_test(who_disabled_a_partner_takes_it_back_within_an_hour),
        cmocka_unit_test(what_the_operator_disabled_the_operator_takes_back),
        cmocka_unit_test(who_disabled_an_endpoint_takes_it_back_within_an_hour),
        cmocka_unit_test(an_endpoint_comes_back_while_there_is_room_and_its_partner_is_heard),
        cmocka_unit_test(what_was_disabled_with_its_partner_comes_back_with_it),
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
        cmocka_unit_test(who_is_not_cleared_makes_no_token_for_who_is_protected),
        cmocka_unit_test(who_is_not_cleared_is_no_partner_of_who_is_protected),
        cmocka_unit_test(a_token_is_for_a_role_of_people_and_agencies),
        cmocka_unit_test(whoever_shows_a_token_has_the_part_that_goes_with_it),
        cmocka_unit_test(they_have_it_today),
        cmocka_unit_test(it_is_for_the_organisation_that_they_take_part_for),
        cmocka_unit_test(an_agencys_system_acts_for_its_agency),
        cmocka_unit_test(only_a_coordinator_of_the_association_acts_for_the_whole_programme),
        cmocka_unit_test(a_coordinator_is_one_for_some_organisation),
        cmocka_unit_test(who_takes_the_part_for_another_organisation_needs_another),
        cmocka_unit_test(what_was_made_before_is_bound_to_whose_behalf_it_is_shown_on),
        cmocka_unit_test(what_a_token_names_is_there_and_of_the_programme),
        cmocka_unit_test(a_token_expires_in_the_future_and_is_known_by_its_hash),
        cmocka_unit_test(that_it_ends_is_said_once_in_time),
        cmocka_unit_test(who_would_be_told_too_late_is_not),
        cmocka_unit_test(who_may_have_kept_a_token_stands_on_it),
        cmocka_unit_test(who_may_know_a_partners_secret_stands_on_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
