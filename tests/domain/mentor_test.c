/* A mentor's places: what every input leads to in every state, and who may. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "core/life.h"
#include "domain/matrix.h"
#include "mentor/mentor.h"

enum { STATES = MENTOR_STATE_GONE + 1 };

static const struct id work = {"programme"}, elsewhere = {"elsewhere"}, ada = {"ada"},
                       eve = {"eve"};

static struct mentor_case given(enum mentor_state state)
{
    struct mentor_case c = {0};

    if (state == MENTOR_STATE_NONE) return c;
    c.row = (struct mentor){.id = ada, .version = 2, .programme = work, .state = state};
    c.row.has_capacity = state != MENTOR_STATE_NEW;
    c.row.capacity = c.row.has_capacity ? 5 : 0;
    return c;
}

static struct mentor_input input(enum mentor_input_type type, const struct mentor_case *c)
{
    struct mentor_input in = {
        .type = type,
        .head = {.actor = {ROLE_CO, {"co"}, {{0}}},
                 .programme = work,
                 .id = ada,
                 .version = c->row.version},
    };

    if (type == MENTOR_SET_CAPACITY) in.mentor_set_capacity.capacity = 2;
    if (type == MENTOR_ON_PERSON_ROLE_GRANTED) {
        in.person_role_granted.part = PERSON_PART_MENTOR;
        in.person_role_granted.cleared = true;
        in.person_role_granted.languages = (struct spokens){2, {"so", "sv"}};
        in.person_role_granted.has_municipality = true;
        strcpy(in.person_role_granted.municipality, "0180");
    }
    if (type == MENTOR_ON_PERSON_ROLE_ENDED) in.person_role_ended.part = PERSON_PART_MENTOR;
    if (type == MENTOR_ON_PERSON_PROTECTION_CHANGED)
        in.person_protection_changed.protection = PROTECTION_MARKED;
    return in;
}

/* As the runtime does: what is subscribed to evolves first, then it is decided. */
static const char *run(struct mentor_case *c, const struct mentor_input *in,
                       struct mentor_events *out)
{
    struct error err = {0};
    struct mentor_event after = {.id = in->head.id};

    out->count = 0;
    if (in->type >= MENTOR_ON_PERSON_ROLE_GRANTED) {
        after.type = MENTOR_AFTER_PERSON_ROLE_GRANTED + (in->type - MENTOR_ON_PERSON_ROLE_GRANTED);
        memcpy(&after.person_role_granted, &in->person_role_granted,
               sizeof after - offsetof(struct mentor_event, person_role_granted));
        mentor_evolve(&c->row, &after);
    }
    if (!mentor_decide(c, in, out, &err)) return err.code;
    for (size_t i = 0; i < out->count; i++)
        mentor_evolve(&c->row, &out->at[i]);
    return NULL;
}

static void a_clubs_coordinator_acts_on_its_own_mentors_only(void **unused)
{
    (void)unused;
    for (unsigned type = MENTOR_SET_CAPACITY; type <= MENTOR_PAUSE; type++) {
        struct mentor_case c = given(MENTOR_STATE_ACTIVE);
        struct mentor_input in = input(type, &c);
        struct mentor_events out;

        in.head.actor.organisation = (struct id){"club"};
        assert_ptr_equal(run(&c, &in, &out), life_forbidden.code); /* nobody's mentor */
        c.row.has_organisation = true;
        c.row.organisation = (struct id){"another"};
        assert_ptr_equal(run(&c, &in, &out), life_forbidden.code);
        c.row.organisation = (struct id){"club"};
        assert_null(run(&c, &in, &out));
    }
}

static void without_consent_no_offers_are_kept_or_taken(void **unused)
{
    struct mentor_case c = given(MENTOR_STATE_ACTIVE);
    struct mentor_input in = input(MENTOR_DESCRIBE, &c);
    struct mentor_event withdrawn = {.type = MENTOR_AFTER_PERSON_CONSENT_WITHDRAWN},
                        anew = {.type = MENTOR_AFTER_PERSON_CONSENT_GIVEN};
    struct mentor_events out;

    (void)unused;
    withdrawn.person_consent_withdrawn.purpose = anew.person_consent_given.purpose =
        PERSON_CONSENT_PURPOSE_WISHES;
    c.row.offers.count = c.row.availability.count = c.row.networks.count = 1;
    mentor_evolve(&c.row, &withdrawn);
    assert_int_equal(c.row.offers.count + c.row.availability.count, 0);
    assert_int_equal(c.row.networks.count, 1);
    in.mentor_describe = (struct mentor_describe){.has_offers = true}; /* none, which is so */
    assert_null(run(&c, &in, &out));
    in.head.version = c.row.version;
    in.mentor_describe.offers.count = 1;
    assert_ptr_equal(run(&c, &in, &out), mentor_no_consent.code);
    in.mentor_describe = (struct mentor_describe){.has_networks = true};
    assert_null(run(&c, &in, &out));
    mentor_evolve(&c.row, &anew);
    in.mentor_describe = (struct mentor_describe){.has_offers = true, .offers = {.count = 1}};
    assert_null(run(&c, &in, &out));
}

/* clang-format off */
enum { NON, NEW, ACT, PAU, GON, NO = -1 };

/* Those that evolve without a row there are never told so: find leaves them out. */
static const int lives[MENTOR_INPUTS][STATES] = {
    /*                                       NON  NEW  ACT  PAU  GON */
    [MENTOR_SET_CAPACITY]                = { NO,  ACT, ACT, PAU, NO  },
    [MENTOR_PAUSE]                       = { NO,  NO,  PAU, NO,  NO  },
    [MENTOR_RESUME]                      = { NO,  NO,  NO,  ACT, NO  },
    [MENTOR_DESCRIBE]                    = { NO,  NEW, ACT, PAU, NO  },
    [MENTOR_ON_PERSON_ROLE_GRANTED]      = { NEW, NEW, ACT, PAU, ACT },
    [MENTOR_ON_PERSON_CLEARANCE_CONFIRMED] = { NON, NEW, ACT, PAU, GON },
    [MENTOR_ON_PERSON_ROLE_ENDED]        = { GON, GON, GON, GON, GON },
    [MENTOR_ON_PERSON_PROTECTION_CHANGED]= { NON, NEW, ACT, PAU, GON },
    [MENTOR_ON_PERSON_CONSENT_GIVEN]     = { NON, NEW, ACT, PAU, GON },
    [MENTOR_ON_PERSON_CONSENT_WITHDRAWN] = { NON, NEW, ACT, PAU, GON },
    [MENTOR_ON_PERSON_RESTRICTED]        = { NON, NEW, ACT, PAU, GON },
    [MENTOR_ON_PERSON_RESTRICTION_LIFTED] = { NON, NEW, ACT, PAU, GON },
    [MENTOR_ON_PERSON_HIDDEN]            = { NON, NEW, ACT, PAU, GON },
    [MENTOR_ON_PERSON_THINNED]           = { NON, NEW, ACT, PAU, GON },
    [MENTOR_ON_PERSON_SHOWN]             = { NON, NEW, ACT, PAU, GON },
    [MENTOR_ON_PERSON_ERASED]            = { GON, GON, GON, GON, GON },
};

static const struct { unsigned state, input, who; } who_may[] = {
    { NEW, MENTOR_SET_CAPACITY, ROLE_CO | ROLE_SYS },
    { ACT, MENTOR_SET_CAPACITY, ROLE_CO | ROLE_ME | ROLE_SYS },
    { PAU, MENTOR_SET_CAPACITY, ROLE_CO | ROLE_ME | ROLE_SYS },
    { ACT, MENTOR_PAUSE,        ROLE_CO | ROLE_ME },
    { PAU, MENTOR_RESUME,       ROLE_CO | ROLE_ME },
    { NEW, MENTOR_DESCRIBE,     ROLE_CO | ROLE_ME | ROLE_SYS },
    { ACT, MENTOR_DESCRIBE,     ROLE_CO | ROLE_ME | ROLE_SYS },
    { PAU, MENTOR_DESCRIBE,     ROLE_CO | ROLE_ME | ROLE_SYS },
};
/* clang-format on */

static void every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < MENTOR_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct mentor_case c = given(state);
            struct mentor_input in = input(type, &c);
            struct mentor_events out;
            const char *code = run(&c, &in, &out);
            const int next = lives[type][state];
            const struct refusal *why = state == NON ? &life_unknown : &life_not_now;

            matrix_code(&mentor_contract, type, mentor_state_words[state], code,
                        next == NO ? why->code : NULL);
            matrix_state(&mentor_contract, type, mentor_state_words[state],
                         mentor_state_words[c.row.state],
                         mentor_state_words[next == NO ? (int)state : next]);
        }
    }
}

static void every_role_for_every_step(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof who_may / sizeof who_may[0]; i++) {
        for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
            struct mentor_case c = given(who_may[i].state), d = c, e = c;
            struct mentor_input in = input(who_may[i].input, &c);
            struct mentor_events out;
            const char *code;

            in.head.actor = (struct actor){role, ada, {{0}}};
            code = run(&c, &in, &out);
            if (code != (role & who_may[i].who ? NULL : life_forbidden.code))
                fail_msg("row %zu, role %x: %s", i, role, code);
            in.head.actor.id = eve;
            if (role == ROLE_ME) assert_ptr_equal(run(&d, &in, &out), life_forbidden.code);
            in.head.programme = elsewhere;
            if (role != ROLE_SYS && role != ROLE_TM)
                assert_ptr_equal(run(&e, &in, &out), life_unknown.code);
        }
    }
}

/* But they themself. */
static void who_is_not_cleared_decides_nothing_for_one_who_is_protected(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof who_may / sizeof who_may[0]; i++) {
        for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
            struct mentor_case c = given(who_may[i].state), d;
            struct mentor_input in = input(who_may[i].input, &c);
            const bool is_near = role == ROLE_ME || role == ROLE_SYS;
            struct mentor_events out;

            if ((role & who_may[i].who) == 0) continue;
            c.row.has_protection = true;
            c.row.protection = PROTECTION_MARKED;
            d = c;
            in.head.actor = (struct actor){role, role == ROLE_ME ? ada : eve, {{0}}};
            assert_true((run(&c, &in, &out) == life_guarded.code) != is_near);
            in.head.is_cleared = true;
            assert_true(run(&d, &in, &out) != life_guarded.code);
        }
    }
}

static void fewer_places_than_are_taken_is_accepted_and_said(void **unused)
{
    struct mentor_case c = given(MENTOR_STATE_ACTIVE);
    struct mentor_input in = input(MENTOR_SET_CAPACITY, &c);
    struct mentor_events out;

    (void)unused;
    c.taken = 3;
    assert_null(run(&c, &in, &out));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[1].type, MENTOR_OVER_CAPACITY);
    assert_int_equal(out.at[1].mentor_over_capacity.taken, 3);
    assert_int_equal(c.row.capacity, 2);
    c.taken = 2;
    assert_null(run(&c, &in, &out));
    assert_int_equal(out.count, 1);
}

static void the_registry_brings_what_a_match_goes_by(void **unused)
{
    struct mentor_case c = given(MENTOR_STATE_NONE);
    struct mentor_input in = input(MENTOR_ON_PERSON_ROLE_GRANTED, &c);
    struct mentor_events out;

    (void)unused;
    assert_null(run(&c, &in, &out));
    assert_int_equal(out.count, 0);
    assert_true(c.row.cleared && c.row.has_municipality && !c.row.has_capacity);
    assert_string_equal(c.row.languages.at[0], "so");
    assert_string_equal(c.row.municipality, "0180");

    in.person_role_granted.cleared = false; /* the same part again replaces what was said of it */
    in.person_role_granted.has_municipality = false;
    assert_null(run(&c, &in, &out));
    assert_false(c.row.cleared || c.row.has_municipality);
}

/* That it had ended is taken back: what was said of them stands, and that they are cleared is said by two. */
static void a_mentor_whose_end_is_taken_back_is_as_they_were(void **unused)
{
    static const enum mentor_state states[] = {MENTOR_STATE_ACTIVE, MENTOR_STATE_PAUSED};
    static const struct person_role_granted restored = {
        .part = PERSON_PART_MENTOR, .has_restored = true, .restored = true};
    struct mentor_events out;

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        struct mentor_case c = given(states[i]);
        struct mentor_input end = input(MENTOR_ON_PERSON_ROLE_ENDED, &c),
                            come = input(MENTOR_ON_PERSON_ROLE_GRANTED, &c);

        c.row.cleared = true;
        c.row.languages = (struct spokens){1, {"so"}};
        end.person_role_ended.has_undo = true;
        assert_null(run(&c, &end, &out));
        assert_int_equal(c.row.state, MENTOR_STATE_GONE);
        come.person_role_granted = restored;
        assert_null(run(&c, &come, &out));
        assert_int_equal(c.row.state, states[i]);
        assert_string_equal(c.row.languages.at[0], "so");
        assert_false(c.row.cleared || c.row.has_was_paused);

        assert_null(run(&c, &end, &out)); /* the part granted anew begins anew */
        come.person_role_granted.has_restored = come.person_role_granted.restored = false;
        assert_null(run(&c, &come, &out));
        assert_int_equal(c.row.state, MENTOR_STATE_ACTIVE);
        assert_int_equal(c.row.languages.count, 0);
        assert_false(c.row.has_was_paused);
    }
}

static void who_is_cleared_later_is_so_as_a_mentor_alone(void **unused)
{
    struct mentor_case c = given(MENTOR_STATE_ACTIVE);
    struct mentor_input in = input(MENTOR_ON_PERSON_CLEARANCE_CONFIRMED, &c);
    struct mentor_events out;

    (void)unused;
    c.row.cleared = false;
    in.person_clearance_confirmed.part = PERSON_PART_SUPERVISOR;
    assert_null(run(&c, &in, &out));
    assert_false(c.row.cleared);
    in.person_clearance_confirmed.part = PERSON_PART_MENTOR;
    assert_null(run(&c, &in, &out));
    assert_true(c.row.cleared);
}

static void who_is_protected_has_no_place_and_who_is_erased_nothing(void **unused)
{
    struct mentor_case c = given(MENTOR_STATE_NONE);
    struct mentor_input come = input(MENTOR_ON_PERSON_ROLE_GRANTED, &c);
    struct mentor_input hide = input(MENTOR_ON_PERSON_PROTECTION_CHANGED, &c);
    struct mentor_input erase = input(MENTOR_ON_PERSON_ERASED, &c);
    struct mentor_events out;

    (void)unused;
    assert_null(run(&c, &come, &out));
    assert_null(run(&c, &hide, &out));
    assert_false(c.row.has_municipality);
    assert_int_equal(c.row.municipality[0], 0);
    assert_int_equal(c.row.languages.count, 2);
    assert_null(run(&c, &erase, &out));
    assert_int_equal(c.row.languages.count, 0);
    assert_int_equal(c.row.state, MENTOR_STATE_GONE);
}

static void what_a_mentor_offers_is_said_anew_and_forgotten_with_the_mentor(void **unused)
{
    struct mentor_case c = given(MENTOR_STATE_ACTIVE);
    struct mentor_input in = input(MENTOR_DESCRIBE, &c);
    struct mentor_input erase = input(MENTOR_ON_PERSON_ERASED, &c);
    struct mentor_events out;

    (void)unused;
    in.mentor_describe.has_networks = in.mentor_describe.has_offers =
        in.mentor_describe.has_availability = true;
    in.mentor_describe.networks = (struct occupations){1, {{OCCUPATION_SCHEME_SSYK, "7233"}}};
    in.mentor_describe.offers = (struct match_wishes){1, {MATCH_WISH_STUDIES}};
    in.mentor_describe.availability = (struct availability){1, {TIME_OF_WEEK_SUN_EVENING}};
    assert_null(run(&c, &in, &out));
    assert_string_equal(c.row.networks.at[0].code, "7233");
    assert_int_equal(c.row.offers.at[0], MATCH_WISH_STUDIES);
    in.mentor_describe = (struct mentor_describe){.removes_networks = true};
    in.head.version = c.row.version;
    assert_null(run(&c, &in, &out));
    assert_int_equal(c.row.networks.count, 0);
    assert_int_equal(c.row.offers.count, 1);
    assert_null(run(&c, &erase, &out));
    assert_int_equal(c.row.offers.count + c.row.availability.count, 0);
}

/* The matcher knows nothing of them until they are shown again; what they offer beside is said anew. */
static void of_who_is_protected_nothing_is_told_that_a_match_goes_by(void **unused)
{
    struct mentor_case c = given(MENTOR_STATE_ACTIVE);
    struct mentor_input describe = input(MENTOR_DESCRIBE, &c);
    struct mentor_input hide = input(MENTOR_ON_PERSON_HIDDEN, &c);
    struct mentor_input show = input(MENTOR_ON_PERSON_SHOWN, &c);
    struct mentor_events out;

    (void)unused;
    c.row.languages = (struct spokens){1, {"ceb"}};
    c.row.occupations = c.row.networks =
        (struct occupations){1, {{OCCUPATION_SCHEME_SSYK, "7233"}}};
    c.row.offers = (struct match_wishes){1, {MATCH_WISH_STUDIES}};
    c.row.availability = (struct availability){1, {TIME_OF_WEEK_SUN_EVENING}};
    c.row.protection = PROTECTION_MARKED;
    assert_ptr_equal(run(&c, &describe, &out), mentor_unsaid.code);
    assert_null(run(&c, &hide, &out));
    assert_int_equal(c.row.languages.count + c.row.occupations.count + c.row.networks.count, 0);
    assert_int_equal(c.row.offers.count + c.row.availability.count, 0);
    assert_true(c.row.wishes_gone);

    c.row.protection = PROTECTION_NONE;
    show.person_shown.has_languages = show.person_shown.has_mentor_languages = true;
    show.person_shown.languages = (struct spokens){1, {"so"}}; /* as a participant */
    show.person_shown.mentor_languages = (struct spokens){1, {"ceb"}};
    show.person_shown.has_mentor_occupations = true;
    show.person_shown.mentor_occupations =
        (struct occupations){1, {{OCCUPATION_SCHEME_SSYK, "7233"}}};
    show.person_shown.has_municipality = show.person_shown.has_mentor_municipality = true;
    strcpy(show.person_shown.municipality, "2418"); /* likewise */
    strcpy(show.person_shown.mentor_municipality, "0180");
    assert_null(run(&c, &show, &out));
    assert_int_equal(out.count, 1); /* they have to be asked again what they offer */
    assert_int_equal(out.at[0].type, MENTOR_OFFERS_MISSED);
    assert_true(c.row.has_municipality);
    assert_string_equal(c.row.municipality, "0180");
    assert_string_equal(c.row.languages.at[0], "ceb");
    assert_string_equal(c.row.occupations.at[0].code, "7233");
    describe.head.version = c.row.version;
    assert_null(run(&c, &describe, &out));
    assert_false(c.row.wishes_gone);
    assert_null(run(&c, &show, &out));
    assert_int_equal(out.count, 0); /* nothing is gone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_in_every_state),
        cmocka_unit_test(a_clubs_coordinator_acts_on_its_own_mentors_only),
        cmocka_unit_test(without_consent_no_offers_are_kept_or_taken),
        cmocka_unit_test(every_role_for_every_step),
        cmocka_unit_test(who_is_not_cleared_decides_nothing_for_one_who_is_protected),
        cmocka_unit_test(fewer_places_than_are_taken_is_accepted_and_said),
        cmocka_unit_test(the_registry_brings_what_a_match_goes_by),
        cmocka_unit_test(a_mentor_whose_end_is_taken_back_is_as_they_were),
        cmocka_unit_test(who_is_cleared_later_is_so_as_a_mentor_alone),
        cmocka_unit_test(who_is_protected_has_no_place_and_who_is_erased_nothing),
        cmocka_unit_test(of_who_is_protected_nothing_is_told_that_a_match_goes_by),
        cmocka_unit_test(what_a_mentor_offers_is_said_anew_and_forgotten_with_the_mentor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
