/* Who seeks a mentor, as others' events have it; and what a ranking makes of it. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "mentee/mentee.h"
#include "ranking.h"

enum { STATES = MENTEE_STATE_CLOSED + 1 };

static const struct id first = {"first"}, bo = {"bo"};

static struct mentee given(enum mentee_state state)
{
    struct mentee row = {.version = state > 0, .state = state, .person = bo, .open = 1};

    /* Closed with a mentor: the mentorship ends a moment later. */
    row.has_mentorship = state == MENTEE_STATE_MATCHED || state == MENTEE_STATE_CLOSED;
    row.mentorship = row.has_mentorship ? first : (struct id){{0}};
    return row;
}

static struct mentee_event event_of(enum mentee_event_type type)
{
    struct mentee_event event = {.type = type, .id = first};

    if (type == MENTEE_AFTER_REFERRAL_ACCEPTED) {
        event.referral_accepted.person = bo;
        event.referral_accepted.languages = (struct spokens){2, {"so", "en"}};
        event.referral_accepted.has_municipality = true;
        strcpy(event.referral_accepted.municipality, "0180");
    }
    if (type == MENTEE_AFTER_REFERRAL_UPDATED) {
        event.referral_updated.wants = (struct referral_wants){1, {REFERRAL_WANT_MENTOR}};
        event.referral_updated.languages = (struct spokens){1, {"ti"}};
    }
    if (type == MENTEE_AFTER_REFERRAL_PROTECTION_CHANGED)
        event.referral_protection_changed.protection = PROTECTION_CONFIDENTIAL;
    return event;
}

/* clang-format off */
enum { NON, SEA, MAT, COM, CLO, NEVER = -1 };

static const int lives[][STATES] = {
    /*                                            NON    SEA  MAT  COM  CLO */
    [MENTEE_AFTER_REFERRAL_ACCEPTED]           = { SEA,   SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_UPDATED]            = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_INFO_ASKED]         = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_HELD]               = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_RESUMED]            = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_PROTECTION_CHANGED] = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_CANCELLED]          = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_FAILED]             = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_COMPLETED]          = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_REJECTED]           = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_EXPIRED]            = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_DUPLICATE_LINKED]   = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_ENTERED_IN_ERROR]   = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_PERSON_ERASED]               = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_MENTORSHIP_PROPOSED]         = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_ACCEPTED]         = { NEVER, MAT, MAT, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_DECLINED]         = { NEVER, SEA, SEA, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_EXPIRED]          = { NEVER, SEA, SEA, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_COMPLETED]        = { NEVER, SEA, COM, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_ENDED]            = { NEVER, SEA, SEA, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_WITHDRAWN]        = { NEVER, SEA, SEA, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_SUPERSEDED]       = { NEVER, SEA, SEA, COM, CLO },
};
/* clang-format on */

static void every_event_in_every_state(void **unused)
{
    (void)unused;
    assert_int_equal(sizeof lives / sizeof lives[0], MENTEE_INPUTS);
    for (unsigned type = 0; type < MENTEE_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct mentee row = given(state);
            const struct mentee_event event = event_of(type);

            if (lives[type][state] == NEVER) continue; /* find leaves out what is not known */
            mentee_evolve(&row, &event);
            if ((int)row.state != lives[type][state])
                fail_msg("event %u in state %u: %u", type, state, row.state);
        }
    }
}

static void tell(struct mentee *row, enum mentee_event_type type, struct id mentorship)
{
    struct mentee_event event = event_of(type);

    event.id = mentorship;
    mentee_evolve(row, &event);
}

static void a_decline_opens_the_search_when_it_was_the_last_proposal(void **unused)
{
    const struct id second = {"second"};
    struct mentee row = {0};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    assert_true(mentee_is_seeking(&row));
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, second);
    tell(&row, MENTEE_AFTER_MENTORSHIP_DECLINED, first);
    assert_false(mentee_is_seeking(&row));
    tell(&row, MENTEE_AFTER_MENTORSHIP_EXPIRED, second);
    assert_true(mentee_is_seeking(&row));
}

static void only_the_mentor_who_said_yes_can_reopen_the_search(void **unused)
{
    const struct id second = {"second"};
    struct mentee row = {0};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, second);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_SUPERSEDED, second);
    assert_int_equal(row.state, MENTEE_STATE_MATCHED);
    assert_int_equal(row.open, 1);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ENDED, first);
    assert_true(mentee_is_seeking(&row));
    assert_false(row.has_mentorship);
}

static void nobody_is_sought_for_who_rests_or_has_to_be_asked_about(void **unused)
{
    static const enum mentee_event_type pauses[] = {MENTEE_AFTER_REFERRAL_HELD,
                                                    MENTEE_AFTER_REFERRAL_INFO_ASKED};
    static const enum mentee_event_type ends[] = {MENTEE_AFTER_REFERRAL_RESUMED,
                                                  MENTEE_AFTER_REFERRAL_ACCEPTED};

    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct mentee row = {0};

        tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
        tell(&row, pauses[i], first);
        assert_false(mentee_is_seeking(&row));
        tell(&row, ends[i], first);
        assert_true(mentee_is_seeking(&row));
    }
}

static void a_place_is_dropped_with_protection_and_all_with_erasure(void **unused)
{
    struct mentee row = {0};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    assert_string_equal(row.municipality, "0180");
    tell(&row, MENTEE_AFTER_REFERRAL_PROTECTION_CHANGED, first);
    assert_false(row.has_municipality);
    assert_int_equal(row.municipality[0], 0);
    tell(&row, MENTEE_AFTER_REFERRAL_UPDATED, first);
    assert_string_equal(row.languages.at[0], "ti");
    tell(&row, MENTEE_AFTER_PERSON_ERASED, first);
    assert_int_equal(row.languages.count, 0);
    assert_int_equal(row.languages.at[0][0], 0);
}

static void who_no_longer_wants_a_mentor_is_not_sought_for(void **unused)
{
    struct mentee row = {0};
    struct mentee_event update = event_of(MENTEE_AFTER_REFERRAL_UPDATED);

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    update.referral_updated.wants = (struct referral_wants){1, {REFERRAL_WANT_PLACEMENT}};
    mentee_evolve(&row, &update);
    assert_int_equal(row.state, MENTEE_STATE_CLOSED);
}

/* Ranking. */

static struct occupation ssyk(const char *code)
{
    struct occupation occupation = {.scheme = OCCUPATION_SCHEME_SSYK};

    strcpy(occupation.code, code);
    return occupation;
}

static struct mentor mentor_of(const char *name, const char *language, const char *municipality,
                               const char *code)
{
    struct mentor row = {.state = MENTOR_STATE_ACTIVE, .capacity = 2, .languages.count = 1};

    strcpy((char *)row.id.bytes, name);
    strcpy(row.languages.at[0], language);
    row.has_municipality = municipality != NULL;
    if (municipality != NULL) strcpy(row.municipality, municipality);
    row.occupations.count = 1;
    row.occupations.at[0] = ssyk(code);
    return row;
}

static struct mentee seeker(void)
{
    struct mentee row = {.state = MENTEE_STATE_SEARCHING,
                         .person = bo,
                         .languages = {2, {"so", "en"}},
                         .has_municipality = true,
                         .municipality = "0180"};

    row.occupations.count = 1;
    row.occupations.at[0] = ssyk("7233");
    return row;
}

static const struct instant now = {INT64_C(15) * 7 * 86400000};

static int64_t part_of(const struct mentor *mentor, enum mentorship_factor factor)
{
    const struct mentee mentee = seeker();
    const struct candidate candidate = {mentor, 0};
    struct ranked ranked;
    int64_t total = 0, points = -1;

    ranking_score(&mentee, &candidate, now, &ranked);
    for (uint32_t i = 0; i < ranked.explanation.count; i++) {
        total += ranked.explanation.at[i].points;
        if (ranked.explanation.at[i].factor == factor) points = ranked.explanation.at[i].points;
    }
    assert_int_equal(total, ranked.total); /* nothing counts that is not named */
    return points;
}

static void each_factor_counts_as_it_says(void **unused)
{
    static const struct {
        const char *language, *municipality, *code;
        enum mentorship_factor factor;
        int64_t points;
    } rows[] = {
        {"so", "0180", "7233", MENTORSHIP_FACTOR_LANGUAGE, 40},
        {"en", "0180", "7233", MENTORSHIP_FACTOR_LANGUAGE, 25},
        {"sv", "0180", "7233", MENTORSHIP_FACTOR_LANGUAGE, 0},
        {"so", "0180", "7233", MENTORSHIP_FACTOR_MUNICIPALITY, 20},
        {"so", "0980", "7233", MENTORSHIP_FACTOR_MUNICIPALITY, 0},
        {"so", NULL, "7233", MENTORSHIP_FACTOR_MUNICIPALITY, 0},
        {"so", "0180", "7233", MENTORSHIP_FACTOR_OCCUPATION, 30},
        {"so", "0180", "7231", MENTORSHIP_FACTOR_OCCUPATION, 20},
        {"so", "0180", "7222", MENTORSHIP_FACTOR_OCCUPATION, 10},
        {"so", "0180", "7522", MENTORSHIP_FACTOR_OCCUPATION, 0},
        {"so", "0180", "7233", MENTORSHIP_FACTOR_PLACES, 4},
        {"so", "0180", "7233", MENTORSHIP_FACTOR_WAITING, 15},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct mentor mentor =
            mentor_of("m", rows[i].language, rows[i].municipality, rows[i].code);

        assert_int_equal(part_of(&mentor, rows[i].factor), rows[i].points);
    }
}

static void codes_of_different_schemes_are_not_compared(void **unused)
{
    struct mentor mentor = mentor_of("m", "so", NULL, "7233");

    (void)unused;
    mentor.occupations.at[0].scheme = OCCUPATION_SCHEME_JOBTECH;
    assert_int_equal(part_of(&mentor, MENTORSHIP_FACTOR_OCCUPATION), 0);
}

static void the_best_come_first_whatever_the_order(void **unused)
{
    const struct mentee mentee = seeker();
    const struct mentor rows[] = {
        mentor_of("d", "sv", "0980", "2143"), mentor_of("a", "so", "0180", "7233"),
        mentor_of("c", "sv", "0180", "7231"), mentor_of("b", "so", "0180", "7233"),
        mentor_of("e", "so", "0980", "7233"),
    };
    static const int orders[][5] = {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 4, 1, 0, 3}};

    (void)unused;
    for (int o = 0; o < 3; o++) {
        struct candidate candidates[5];
        struct ranked best[3];

        for (int i = 0; i < 5; i++)
            candidates[i] = (struct candidate){&rows[orders[o][i]], 0};
        assert_int_equal(ranking_best(&mentee, candidates, 5, now, best, 3), 3);
        assert_ptr_equal(best[0].candidate->mentor, &rows[1]); /* equal to b: the smaller id */
        assert_ptr_equal(best[1].candidate->mentor, &rows[3]);
        assert_ptr_equal(best[2].candidate->mentor, &rows[4]);
    }
    assert_int_equal(ranking_best(&mentee, NULL, 0, now, NULL, 3), 0);
}

static void of_equals_who_is_there_for_fewer_comes_first(void **unused)
{
    const struct mentee mentee = seeker();
    struct mentor busy = mentor_of("a", "so", "0180", "7233"), idle = busy;
    struct ranked best[2];

    (void)unused;
    busy.capacity = 9; /* five free places and more count the same */
    idle.capacity = 6;
    strcpy((char *)idle.id.bytes, "b");
    assert_int_equal(
        ranking_best(&mentee, (struct candidate[]){{&busy, 3}, {&idle, 0}}, 2, now, best, 2), 2);
    assert_int_equal(best[0].total, best[1].total);
    assert_ptr_equal(best[0].candidate->mentor, &idle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_in_every_state),
        cmocka_unit_test(a_decline_opens_the_search_when_it_was_the_last_proposal),
        cmocka_unit_test(only_the_mentor_who_said_yes_can_reopen_the_search),
        cmocka_unit_test(nobody_is_sought_for_who_rests_or_has_to_be_asked_about),
        cmocka_unit_test(a_place_is_dropped_with_protection_and_all_with_erasure),
        cmocka_unit_test(who_no_longer_wants_a_mentor_is_not_sought_for),
        cmocka_unit_test(each_factor_counts_as_it_says),
        cmocka_unit_test(codes_of_different_schemes_are_not_compared),
        cmocka_unit_test(the_best_come_first_whatever_the_order),
        cmocka_unit_test(of_equals_who_is_there_for_fewer_comes_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
