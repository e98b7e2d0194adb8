/* The life of a programme: who sets it up, changes and closes it. */
#include "matrix.h"
#include "registry.h"

#include "core/life.h"
#include "programme/programme.h"

#define STATES (PROGRAMME_STATE_CLOSED + 1u)

static const struct id bo = {"bo"};
static struct programme_events out;

static struct programme_case given(unsigned state)
{
    struct programme_case c = {0};

    if (state == PROGRAMME_STATE_NONE) return c;
    c.row = (struct programme){.id = work,
                               .version = 2,
                               .state = state,
                               .slug = "ours",
                               .mailbox = true,
                               .has_applying = true,
                               .applying = 1,
                               .has_sealed = true};
    return c;
}

static const unsigned who[PROGRAMME_INPUTS] = {
    [PROGRAMME_CREATE] = ROLE_SYS,
    [PROGRAMME_CHANGE] = ROLE_SYS | ROLE_PA,
    [PROGRAMME_SET_MATCHING] = ROLE_SYS | ROLE_PA,
    [PROGRAMME_LOOK_OVER] = ROLE_SYS | ROLE_PA,
    [PROGRAMME_READ] = ROLE_SYS | ROLE_PA | ROLE_CO,
    [PROGRAMME_CLOSE] = ROLE_SYS | ROLE_PA,
    [PROGRAMME_APPLY_DAYS] = ROLE_TM,
    [PROGRAMME_LOOK_FOR_CLEARED] = ROLE_TM,
};

static struct programme_input input(enum programme_input_type type, const struct programme_case *c)
{
    struct programme_input in = {.type = type,
                                 .head = head_of(ROLE_SYS, c->row.id, c->row.version)};

    if (type == PROGRAMME_CREATE)
        in.programme_create =
            (struct programme_create){.slug = "landet-runt",
                                      .name = "Landet runt",
                                      .countries = {1, {COUNTRY_SE}},
                                      .from = {17000},
                                      .has_until = true,
                                      .until = {17000},
                                      .has_funders = true,
                                      .funders = {1, {"LRF"}},
                                      .languages = {1, {LANGUAGE_SV}},
                                      .rules = {.offer_days = 7, .sign_days = 14, .info_days = 84}};
    if (type == PROGRAMME_CHANGE)
        in.programme_change =
            (struct programme_change){.has_name = true,
                                      .name = "Another name",
                                      .has_countries = true,
                                      .countries = {1, {COUNTRY_NO}},
                                      .has_from = true,
                                      .from = {17000},
                                      .has_languages = true,
                                      .languages = {1, {LANGUAGE_NB}},
                                      .has_rules = true,
                                      .rules = {.has_offer_days = true, .offer_days = 9},
                                      .has_access_days = true,
                                      .access_days = 84};
    if (type == PROGRAMME_READ) in.programme_read.purpose = ORGANISATION_PURPOSE_COORDINATION;
    if (type == PROGRAMME_CLOSE) in.programme_close.reason = PROGRAMME_REASON_NOT_FUNDED;
    return in;
}

static const char *run(struct programme_case *c, const struct programme_input *in)
{
    struct error err = {0};

    memset(&out, 0, sizeof out);
    if (!programme_decide(c, in, &out, &err)) {
        assert_int_equal(out.count, 0);
        assert_true(err.text[0] != '\0');
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        programme_evolve(&c->row, &out.at[i]);
        c->row.version++;
    }
    return NULL;
}

/* clang-format off */
enum { NON, OPE, CLO, NO = -1 };

static const int lives[PROGRAMME_INPUTS][STATES] = {
    /*                    NON  OPE  CLO */
    [PROGRAMME_CREATE] = { OPE, NO,  NO },
    [PROGRAMME_CHANGE] = { NO,  OPE, NO },
    [PROGRAMME_SET_MATCHING] = { NO, OPE, NO },
    [PROGRAMME_LOOK_OVER] = { NO, OPE, NO },
    [PROGRAMME_READ]   = { NO,  OPE, CLO },
    [PROGRAMME_CLOSE]  = { NO,  CLO, NO },
    [PROGRAMME_APPLY_DAYS] = { NO, OPE, CLO },
    [PROGRAMME_LOOK_FOR_CLEARED] = { NO, OPE, CLO },
    [PROGRAMME_ON_REFERRAL_RECEIVED] = { NON, OPE, CLO },
    [PROGRAMME_ON_PERSON_HIDDEN] = { NON, OPE, CLO },
    [PROGRAMME_ON_PERSON_SHOWN] = { NON, OPE, CLO },
    [PROGRAMME_ON_PERSON_ERASED] = { NON, OPE, CLO },
    [PROGRAMME_ON_PERSON_ROLE_GRANTED] = { NON, OPE, CLO },
    [PROGRAMME_ON_PERSON_ROLE_ENDED] = { NON, OPE, CLO },
    [PROGRAMME_ON_PERSON_CLEARANCE_CONFIRMED] = { NON, OPE, CLO },
    [PROGRAMME_ON_RECIPIENT_LOST]  = { NON, OPE, CLO },
    [PROGRAMME_ON_RECIPIENT_FOUND] = { NON, OPE, CLO },
};
/* clang-format on */

static void every_role_for_every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < PROGRAMME_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
                const bool may = !programme_is_command(type) || (who[type] & role) != 0;
                const int next = lives[type][state];
                struct programme_case c = given(state);
                struct programme_input in = input(type, &c);
                const char *code;

                in.head.actor.role = role;
                c.row.has_look_at = type == PROGRAMME_LOOK_FOR_CLEARED;
                if (type == PROGRAMME_READ && role == ROLE_SYS)
                    in.programme_read.purpose = ORGANISATION_PURPOSE_DELIVERY;
                code = run(&c, &in);
                matrix_role_code(&programme_contract, type, programme_state_words[state], role,
                                 code,
                                 !may         ? life_forbidden.code
                                 : next == NO ? life_not_now.code
                                              : NULL);
                assert_int_equal(c.row.state, !may || next == NO ? state : (unsigned)next);
            }
        }
    }
}

static void the_operators_link_sets_up_the_first_programme_only(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_NONE);
    struct programme_input in = input(PROGRAMME_CREATE, &c);

    (void)unused;
    in.programme_create.has_by_link = in.programme_create.by_link = true;
    c.is_any = true;
    assert_string_equal(run(&c, &in), "programme.not_first");
    c.is_any = false;
    assert_null(run(&c, &in));
    assert_true(c.row.by_link);

    c = given(PROGRAMME_STATE_NONE);
    in.programme_create.has_by_link = in.programme_create.by_link = false;
    c.is_any = true; /* the operator sets up as many as there are to be */
    assert_null(run(&c, &in));
    assert_false(c.row.by_link);
}

static void what_was_looked_at_is_known_once(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_OPEN);
    struct programme_input in = input(PROGRAMME_LOOK_OVER, &c);

    (void)unused;
    for (int i = 0; i < 2; i++) {
        in.programme_look_over.what = PROGRAMME_LOOKED_AT_TEXTS;
        assert_null(run(&c, &in));
        in.head.version = c.row.version;
        assert_int_equal(c.row.looked.count, 1);
    }
    in.programme_look_over.what = PROGRAMME_LOOKED_AT_RULES;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.looked.count, 2);
    assert_int_equal(c.row.looked.at[0], PROGRAMME_LOOKED_AT_TEXTS);
    assert_int_equal(c.row.looked.at[1], PROGRAMME_LOOKED_AT_RULES);
}

static void an_admin_acts_on_their_own_programme_only(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_OPEN);
    struct programme_input in = input(PROGRAMME_CHANGE, &c);

    (void)unused;
    in.head.actor.role = ROLE_PA;
    in.head.programme = elsewhere;
    assert_ptr_equal(run(&c, &in), life_unknown.code);
    in.head.programme = work;
    assert_null(run(&c, &in));
    assert_ptr_equal(run(&c, &in), life_conflict.code); /* made against what was before */
}

static void how_it_matches_is_said_without_contradiction(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_OPEN);
    struct programme_input in = input(PROGRAMME_SET_MATCHING, &c);
    struct match_settings_change *matching = &in.programme_set_matching.matching;

    (void)unused;
    matching->has_weights = matching->has_objective = true;
    matching->weights = (struct match_weights){2, {{PAIR_FACTOR_WISH, 1}, {PAIR_FACTOR_WISH, 2}}};
    matching->objective = (struct match_objective){2, {MATCH_TERM_SCORE, MATCH_TERM_PAIRS}};
    assert_ptr_equal(run(&c, &in), programme_weighs_twice.code);
    matching->weights.at[1].factor = PAIR_FACTOR_WAITING;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.matching.weights.count, 2);
    in.head.version = c.row.version;
    matching->objective.at[1] = MATCH_TERM_SCORE;
    assert_ptr_equal(run(&c, &in), programme_weighs_twice.code);
    *matching = (struct match_settings_change){.removes_objective = true};
    assert_null(run(&c, &in));
    assert_false(c.row.matching.has_objective);
    assert_int_equal(c.row.matching.weights.count, 2); /* stays */
}

static void a_slug_is_one_programmes_and_stays(void **unused)
{
    struct programme_case new = given(PROGRAMME_STATE_NONE), taken = new,
                          c = given(PROGRAMME_STATE_OPEN);
    struct programme_input create = input(PROGRAMME_CREATE, &new),
                           change = input(PROGRAMME_CHANGE, &c);

    (void)unused;
    taken.is_slug_taken = true;
    assert_ptr_equal(run(&taken, &create), programme_slug_taken.code);
    assert_string_equal(programme_slug_taken.field, "slug");
    assert_null(run(&new, &create));
    assert_memory_equal(&out.at[0].id, &fresh, 16);
    assert_string_equal(new.row.slug, "landet-runt");
    assert_null(run(&c, &change));
    assert_string_equal(out.at[0].programme_changed.slug, "ours");
    assert_string_equal(c.row.slug, "ours");
}

static void a_period_ends_on_its_first_day_at_the_earliest(void **unused)
{
    struct programme_case new = given(PROGRAMME_STATE_NONE), c = given(PROGRAMME_STATE_OPEN);
    struct programme_input create = input(PROGRAMME_CREATE, &new),
                           change = input(PROGRAMME_CHANGE, &c);

    (void)unused;
    create.programme_create.until.day = 16999;
    assert_ptr_equal(run(&new, &create), programme_ends_before.code);
    change.programme_change.has_until = true;
    change.programme_change.until.day = 16999;
    assert_ptr_equal(run(&c, &change), programme_ends_before.code);
}

static void it_begins_when_the_first_was_referred_to_it_at_the_latest(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_OPEN);
    struct programme_input change = input(PROGRAMME_CHANGE, &c);
    const int64_t day = instant_date(now).day;

    (void)unused;
    c.row.from.day = day - 100;
    c.has_referred = true;
    c.referred_at = now;
    change.programme_change.has_from = true;
    change.programme_change.from.day = day + 10;
    assert_ptr_equal(run(&c, &change), programme_begun.code);
    c.row.from.day = day + 20; /* as it was before this was looked at: nearer is better */
    assert_null(run(&c, &change));
    c.row.from.day = day - 100;
    change.head.version = c.row.version;
    change.programme_change.from.day = day;
    assert_null(run(&c, &change));
    change.head.version = c.row.version;
    c.has_referred = false;
    change.programme_change.from.day = day + 10;
    assert_null(run(&c, &change));
}

static void a_change_says_what_is_new_and_the_rest_stays(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_NONE);
    struct programme_input in = input(PROGRAMME_CREATE, &c);

    (void)unused;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.funders.count, 1);
    assert_string_equal(c.row.funders.at[0], "LRF");
    assert_int_equal(c.row.until.day, 17000);
    assert_int_equal(c.row.rules.offer_days, 7);
    c.row.id = work; /* the runtime's to say */
    in = input(PROGRAMME_CHANGE, &c);
    assert_null(run(&c, &in));
    assert_string_equal(c.row.name, "Another name");
    assert_int_equal(c.row.countries.at[0], COUNTRY_NO);
    assert_int_equal(c.row.funders.count, 1);
    assert_true(c.row.has_until);
    in.programme_change.removes_until = in.programme_change.removes_funders = true;
    in.head.version = c.row.version;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.funders.count, 0);
    assert_false(c.row.has_until);
    assert_int_equal(c.row.rules.offer_days, 9);
    assert_int_equal(c.row.access_days, 84);
    in = input(PROGRAMME_CLOSE, &c);
    assert_null(run(&c, &in));
    assert_int_equal(out.at[0].programme_closed.reason, PROGRAMME_REASON_NOT_FUNDED);
}

static void where_no_mailbox_is_said_there_is_none(void **unused)
{
    struct programme row = {0};
    struct programme_event event = {.type = PROGRAMME_CREATED, .id = work};

    (void)unused;
    programme_evolve(&row, &event);
    assert_false(row.mailbox || row.has_sealed);
    event.programme_created.has_sealed = true;
    programme_evolve(&row, &event);
    assert_true(row.mailbox && row.has_sealed);
    event = (struct programme_event){.type = PROGRAMME_CHANGED, .id = work};
    programme_evolve(&row, &event);
    assert_true(row.mailbox && row.has_sealed);
}

static void who_is_asked_has_a_day_at_least(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_NONE);
    const struct programme_input create = input(PROGRAMME_CREATE, &c);
    struct programme_input in = create;

    (void)unused;
    in.programme_create.rules.offer_days = 0;
    assert_ptr_equal(run(&c, &in), programme_no_offer_days.code);
    in = create;
    in.programme_create.rules.sign_days = 0;
    assert_ptr_equal(run(&c, &in), programme_no_sign_days.code);
    in = create;
    in.programme_create.rules.info_days = 0;
    assert_ptr_equal(run(&c, &in), programme_no_info_days.code);
    in.programme_create.rules.info_days = in.programme_create.rules.offer_days = 1;
    in.programme_create.rules.sign_days = 1;
    assert_null(run(&c, &in));

    c = given(PROGRAMME_STATE_OPEN); /* of before, and of nothing that is said here */
    c.row.rules.sign_days = c.row.rules.info_days = 0;
    in = input(PROGRAMME_CHANGE, &c);
    assert_null(run(&c, &in));
    in.head.version = c.row.version;
    in.programme_change.rules.offer_days = 0;
    assert_ptr_equal(run(&c, &in), programme_no_offer_days.code);
    in.programme_change.rules = (struct rules_change){.has_sign_days = true};
    assert_ptr_equal(run(&c, &in), programme_no_sign_days.code);
    in.programme_change.rules = (struct rules_change){.has_info_days = true};
    assert_ptr_equal(run(&c, &in), programme_no_info_days.code);
}

/* How long what is known of people is kept: no longer than may be, and so long that they can be told before. */

static const char *keep(struct programme_case *c, struct kept_days_change days)
{
    struct programme_input in = input(PROGRAMME_CHANGE, c);

    in.programme_change = (struct programme_change){.has_kept_days = true, .kept_days = days};
    return run(c, &in);
}

static struct programme_case given_both(void)
{
    struct programme_case c = given(PROGRAMME_STATE_OPEN);

    c.row.countries = (struct programme_countries){2, {COUNTRY_SE, COUNTRY_NO}};
    c.row.has_applying = false;
    c.row.applying = 0;
    return c;
}

static void it_keeps_people_no_longer_than_may_be(void **unused)
{
    static const struct {
        struct kept_days_change days;
        const struct refusal *refusal;
    } rows[] = {
        {{.has_details = true, .details = 210}, NULL},
        {{.has_details = true, .details = 211}, &programme_longer_details},
        {{.has_participant = true, .participant = 730}, NULL},
        {{.has_participant = true, .participant = 731}, &programme_longer_participant},
        {{.has_participant = true, .participant = 29}, NULL},
        {{.has_participant = true, .participant = 28}, &programme_unannounced_participant},
        {{.has_volunteer = true, .volunteer = 365}, NULL},
        {{.has_volunteer = true, .volunteer = 366}, &programme_longer_volunteer},
        {{.has_volunteer = true, .volunteer = 29}, NULL},
        {{.has_volunteer = true, .volunteer = 28}, &programme_unannounced_volunteer},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct programme_case c = given_both();
        const char *code = keep(&c, rows[i].days);

        if (code != (rows[i].refusal != NULL ? rows[i].refusal->code : NULL))
            fail_msg("row %zu: %s", i, code != NULL ? code : "taken");
    }
    assert_string_equal(programme_longer_volunteer.field, "kept_days.volunteer");
}

static void a_new_one_does_not_either(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_NONE);
    struct programme_input in = input(PROGRAMME_CREATE, &c);

    (void)unused;
    in.programme_create.has_kept_days = in.programme_create.kept_days.has_participant = true;
    in.programme_create.kept_days.participant = 731;
    assert_ptr_equal(run(&c, &in), programme_longer_participant.code);
    in.programme_create.kept_days.participant = 100;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.kept_days.participant, 100);
    assert_int_equal(c.row.applying, 0); /* there is nobody */
}

/* Where it said nothing of that, nothing is said anew of anybody. */
static void only_other_days_are_said_anew_of_whom_nothing_keeps(void **unused)
{
    struct programme_case c = given_both();
    struct programme_input in = input(PROGRAMME_CHANGE, &c);
    unsigned command;

    (void)unused;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.applying, 0);
    assert_int_equal(programme_due(&c.row, &command).ms, 0);
    assert_null(keep(&c, (struct kept_days_change){.has_volunteer = true, .volunteer = 90}));
    assert_int_equal(programme_due(&c.row, &command).ms, 1);
    assert_int_equal(command, PROGRAMME_APPLY_DAYS);
    c.row.applying = 0;
    assert_null(keep(&c, (struct kept_days_change){.has_volunteer = true, .volunteer = 90}));
    assert_int_equal(c.row.applying, 0);
    assert_null(keep(&c, (struct kept_days_change){.removes_volunteer = true}));
    assert_true(c.row.applying > 0 && !c.row.kept_days.has_volunteer);
}

static void they_are_told_some_at_a_time_and_begin_anew_with_other_days(void **unused)
{
    struct programme_case c = given_both();
    struct programme_input apply;

    (void)unused;
    apply = input(PROGRAMME_APPLY_DAYS, &c);
    apply.head.actor.role = ROLE_TM;
    assert_ptr_equal(run(&c, &apply), programme_nothing_to_apply.code);
    assert_null(keep(&c, (struct kept_days_change){.has_volunteer = true, .volunteer = 90}));
    c.released = (struct ids){.count = 2, .at = {fresh, somebody}};
    c.has_more = true;
    apply.head.version = c.row.version;
    assert_null(run(&c, &apply));
    assert_int_equal(out.at[0].programme_days_applied.persons.count, 2);
    assert_true(c.row.applying == 2 && id_equal(c.row.applied_to, somebody));
    assert_null(keep(&c, (struct kept_days_change){.has_volunteer = true, .volunteer = 91}));
    assert_true(c.row.applying == 1 && !c.row.has_applied_to);
    c.has_more = false;
    apply.head.version = c.row.version;
    assert_null(run(&c, &apply));
    assert_false(c.row.applying > 0 || c.row.has_applied_to);
}

static const struct organisation_contact mailbox = {"samordning@example.org"};

static bool is_sealed(const struct programme_case *c, const struct programme_input *in)
{
    static struct concealed what;

    memset(&what, 0, sizeof what);
    programme_conceal(c, in, &what);
    return what.descriptor == &organisation_contact_descriptor && what.is_all &&
           memcmp(what.value, &mailbox, sizeof mailbox) == 0;
}

/* Somebody was hidden, and nobody is cleared. */
static struct programme_case hidden(void)
{
    struct programme_case c = given(PROGRAMME_STATE_OPEN);
    struct programme_input in = input(PROGRAMME_ON_PERSON_HIDDEN, &c);

    c.row.has_applying = false;
    c.row.applying = 0;
    in.head.id = bo;
    assert_null(run(&c, &in));
    c.is_any_guarded = true;
    c.guarded = bo;
    return c;
}

static const char *hear(struct programme_case *c, enum programme_input_type type)
{
    struct programme_input in = input(type, c);

    return run(c, &in);
}

static const char *look(struct programme_case *c)
{
    struct programme_input in = input(PROGRAMME_LOOK_FOR_CLEARED, c);

    in.head.actor.role = ROLE_TM;
    if (c->row.has_look_at) in.head.at = c->row.look_at;
    return run(c, &in);
}

static void that_nobody_is_cleared_is_said_each_week_for_so_many(void **unused)
{
    struct programme_case c = hidden();
    const struct instant since = c.row.uncleared_since, first = c.row.look_at;
    unsigned command;

    (void)unused;
    assert_int_equal(out.at[0].type, PROGRAMME_CLEARANCE_MISSED);
    assert_true(id_equal(out.at[0].programme_clearance_missed.person, bo));
    assert_int_equal(first.ms - since.ms, 7 * INT64_C(86400000));
    assert_int_equal(programme_due(&c.row, &command).ms, first.ms);
    assert_int_equal(command, PROGRAMME_LOOK_FOR_CLEARED);
    assert_null(hear(&c, PROGRAMME_ON_PERSON_HIDDEN)); /* another, while it is said anyway */
    assert_int_equal(out.count, 0);
    for (int64_t times = 2; times <= PROGRAMME_LOOKS_MAX; times++) {
        assert_null(look(&c));
        assert_int_equal(out.at[0].programme_clearance_missed.times, times);
        assert_int_equal(c.row.uncleared_since.ms, since.ms);
    }
    assert_int_equal(programme_due(&c.row, &command).ms, 0);
    assert_ptr_equal(look(&c), programme_nobody_looked_for.code);
    assert_null(hear(&c, PROGRAMME_ON_PERSON_HIDDEN)); /* then the next is news again */
    assert_int_equal(out.at[0].programme_clearance_missed.times, 1);
}

static void until_somebody_is_or_nobody_has_to_be(void **unused)
{
    static const enum programme_input_type ends[] = {
        PROGRAMME_ON_PERSON_CLEARANCE_CONFIRMED, PROGRAMME_ON_PERSON_ROLE_GRANTED,
        PROGRAMME_ON_PERSON_SHOWN, PROGRAMME_ON_PERSON_ERASED};
    unsigned command;

    (void)unused;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct programme_case cleared = hidden(), shown = cleared, neither = cleared;

        assert_null(hear(&neither, ends[i]));
        assert_int_equal(out.count, 0);
        cleared.is_any_cleared = true;
        shown.is_any_guarded = false;
        assert_null(hear(&cleared, ends[i]));
        assert_int_equal(out.at[0].type, PROGRAMME_CLEARANCE_FOUND);
        assert_false(cleared.row.has_uncleared_since);
        assert_int_equal(programme_due(&cleared.row, &command).ms, 0);
        assert_null(look(&shown)); /* whatever was not heard of */
        assert_int_equal(out.at[0].type, PROGRAMME_CLEARANCE_FOUND);
    }
}

static void who_was_the_last_who_is_cleared_is_missed(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_OPEN), other = c;

    (void)unused;
    assert_null(hear(&other, PROGRAMME_ON_PERSON_ROLE_ENDED)); /* nobody is under protection */
    assert_int_equal(out.count, 0);
    c.is_any_guarded = true;
    c.guarded = bo;
    other = c;
    other.is_any_cleared = true;
    assert_null(hear(&other, PROGRAMME_ON_PERSON_ROLE_ENDED));
    assert_int_equal(out.count, 0);
    assert_null(hear(&c, PROGRAMME_ON_PERSON_ROLE_ENDED));
    assert_true(id_equal(out.at[0].programme_clearance_missed.person, bo));
}

static void its_mailbox_is_sealed_and_stays_until_another_is_said(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_NONE);
    struct programme_input in = input(PROGRAMME_CREATE, &c);

    (void)unused;
    assert_false(is_sealed(&c, &in)); /* there is none */
    in.programme_create.has_contact = true;
    in.programme_create.contact = mailbox;
    assert_true(is_sealed(&c, &in));
    assert_null(run(&c, &in));
    assert_false(is_in(&out, sizeof out, mailbox.email));
    assert_true(c.row.mailbox && c.row.has_sealed);

    c.row.id = work;
    in = input(PROGRAMME_CHANGE, &c);
    assert_false(is_sealed(&c, &in));
    in.head.has_sealed = false;
    assert_null(run(&c, &in));
    assert_true(c.row.mailbox && c.row.has_sealed);
    in.programme_change.has_contact = true;
    in.programme_change.contact = mailbox;
    assert_true(is_sealed(&c, &in));
    c.row.has_unreached_since = in.head.has_sealed = true; /* until there is another */
    in.head.version = c.row.version;
    in.head.new_mailbox = false;
    assert_null(run(&c, &in));
    assert_true(c.row.has_unreached_since);
    in.head.version = c.row.version;
    in.head.new_mailbox = true;
    assert_null(run(&c, &in));
    assert_false(c.row.has_unreached_since);
    in = input(PROGRAMME_CLOSE, &c);
    assert_false(is_sealed(&c, &in));
}

static void its_mailbox_is_read_for_what_it_is_for(void **unused)
{
    struct programme_case c = given(PROGRAMME_STATE_OPEN);
    struct programme_input in = input(PROGRAMME_READ, &c);

    (void)unused;
    assert_ptr_equal(run(&c, &in), programme_wrong_purpose.code); /* SYS does not coordinate */
    in.programme_read.purpose = ORGANISATION_PURPOSE_DELIVERY;
    assert_null(run(&c, &in));
    in.head.version = 1; /* whatever the reader has seen before */
    assert_null(run(&c, &in));
    in.head.actor.role = ROLE_CO;
    assert_ptr_equal(run(&c, &in), programme_wrong_purpose.code);
    in.programme_read.purpose = ORGANISATION_PURPOSE_COORDINATION;
    c.row.has_sealed = false;
    assert_ptr_equal(run(&c, &in), programme_no_contact.code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_no_mailbox_is_said_there_is_none),
        cmocka_unit_test(who_is_asked_has_a_day_at_least),
        cmocka_unit_test(every_role_for_every_input_in_every_state),
        cmocka_unit_test(the_operators_link_sets_up_the_first_programme_only),
        cmocka_unit_test(what_was_looked_at_is_known_once),
        cmocka_unit_test(an_admin_acts_on_their_own_programme_only),
        cmocka_unit_test(how_it_matches_is_said_without_contradiction),
        cmocka_unit_test(a_slug_is_one_programmes_and_stays),
        cmocka_unit_test(a_period_ends_on_its_first_day_at_the_earliest),
        cmocka_unit_test(it_begins_when_the_first_was_referred_to_it_at_the_latest),
        cmocka_unit_test(a_change_says_what_is_new_and_the_rest_stays),
        cmocka_unit_test(it_keeps_people_no_longer_than_may_be),
        cmocka_unit_test(a_new_one_does_not_either),
        cmocka_unit_test(only_other_days_are_said_anew_of_whom_nothing_keeps),
        cmocka_unit_test(they_are_told_some_at_a_time_and_begin_anew_with_other_days),
        cmocka_unit_test(that_nobody_is_cleared_is_said_each_week_for_so_many),
        cmocka_unit_test(until_somebody_is_or_nobody_has_to_be),
        cmocka_unit_test(who_was_the_last_who_is_cleared_is_missed),
        cmocka_unit_test(its_mailbox_is_sealed_and_stays_until_another_is_said),
        cmocka_unit_test(its_mailbox_is_read_for_what_it_is_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
