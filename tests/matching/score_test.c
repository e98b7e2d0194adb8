/* Factors, hard rules, fairness: numbers that one can add up by hand. */
#include "test.h"

#include <string.h>

#include "matching/fairness.h"
#include "matching/score.h"

static const struct score_relation stranger = {false, false, false};

static uint32_t plain(const char *code)
{
    return score_occupation(SCORE_SSYK, SCORE_SSYK, code);
}

static struct score_person somebody(void)
{
    return (struct score_person){.languages = {2, {1, 2}},
                                 .municipality = 180,
                                 .has_place = true,
                                 .easting = 674000,
                                 .northing = 6580000,
                                 .occupations = {1, {plain("7233")}},
                                 .times = 0x7,
                                 .capacity = 1};
}

static void the_parts_add_up(void **unused)
{
    const struct score_rules *rules = &score_rules_default;
    struct score_person p = somebody(), q = somebody();
    struct score s;
    int32_t sum = 0;

    (void)unused;
    p.waiting_days = 41;
    p.wishes = (struct score_codes){2, {5, 6}};
    q.wishes = (struct score_codes){1, {6}};
    q.networks = (struct score_occupations){1, {plain("7212")}};
    s = score_pair(rules, &p, &q, stranger);
    assert_int_equal(s.part[SCORE_LANGUAGE], rules->weight[SCORE_LANGUAGE]);
    assert_int_equal(s.part[SCORE_MUNICIPALITY], rules->weight[SCORE_MUNICIPALITY]);
    assert_int_equal(s.part[SCORE_DISTANCE], 0);
    assert_int_equal(s.part[SCORE_OCCUPATION_4], rules->weight[SCORE_OCCUPATION_4]);
    assert_int_equal(s.part[SCORE_NETWORK], rules->weight[SCORE_NETWORK]);
    assert_int_equal(s.part[SCORE_AVAILABILITY], 3 * rules->weight[SCORE_AVAILABILITY]);
    assert_int_equal(s.part[SCORE_WISH], rules->weight[SCORE_WISH]);
    assert_int_equal(s.part[SCORE_WAITING], 5 * rules->weight[SCORE_WAITING]);
    for (unsigned f = 0; f < SCORE_FACTORS; f++)
        sum += s.part[f];
    assert_int_equal(s.total, sum);
    assert_int_equal(s.failed, 0);
}

static void occupations_are_related_by_their_first_digits(void **unused)
{
    static const struct {
        const char *sought, *code;
        enum score_factor factor;
    } rows[] = {
        {"7233", "7233", SCORE_OCCUPATION_4},
        {"7233", "7231", SCORE_OCCUPATION_3},
        {"7233", "7211", SCORE_OCCUPATION_2},
        {"7233", "7100", SCORE_FACTORS},
        {"7233", "723", SCORE_OCCUPATION_3},
        {"7233", "72", SCORE_OCCUPATION_2},
        {"723", "723", SCORE_OCCUPATION_3},
        {"72", "72", SCORE_OCCUPATION_2},
        {"72", "7200", SCORE_OCCUPATION_2},
        {"7200", "7200", SCORE_OCCUPATION_4},
        {"0110", "0110", SCORE_OCCUPATION_4},
        {"0110", "01", SCORE_OCCUPATION_2},
        {"72331", "7233", SCORE_OCCUPATION_4} /* national digits behind the four */,
        {"7", "7", SCORE_FACTORS},
        {"0000", "0000", SCORE_FACTORS},
        {"", "", SCORE_FACTORS},
        {"x", "x", SCORE_FACTORS},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct score_person p = somebody(), q = somebody();
        struct score s;

        p.occupations.at[0] = plain(rows[i].sought);
        q.occupations = (struct score_occupations){
            3, {plain("1111"), plain(rows[i].code), plain("2222")}}; /* the nearest counts */
        s = score_pair(&score_rules_default, &p, &q, stranger);
        for (unsigned f = SCORE_OCCUPATION_4; f <= SCORE_OCCUPATION_2; f++)
            assert_int_equal(s.part[f], f == rows[i].factor ? score_rules_default.weight[f] : 0);
    }
}

static void a_code_without_digits_is_like_itself_alone(void **unused)
{
    struct score_person p = somebody(), q = somebody();

    (void)unused;
    p.occupations.at[0] = q.occupations.at[0] = score_occupation_own(SCORE_JOBTECH, 0);
    assert_int_equal(score_pair(&score_rules_default, &p, &q, stranger).part[SCORE_OCCUPATION_4],
                     score_rules_default.weight[SCORE_OCCUPATION_4]);
    for (uint32_t other = 1; other < 70000; other++) {
        struct score s;

        q.occupations.at[0] = score_occupation_own(SCORE_JOBTECH, other);
        s = score_pair(&score_rules_default, &p, &q, stranger);
        for (unsigned f = SCORE_OCCUPATION_4; f <= SCORE_OCCUPATION_2; f++)
            assert_int_equal(s.part[f], 0);
    }
}

static uint32_t scheme_code(int of, int as, const char *code)
{
    return score_occupation((enum score_scheme)of, (enum score_scheme)as, code);
}

/* Each in its own terms, and in those that others meet it in. */
static void occupations_of_two_schemes_meet_where_somebody_has_related_them(void **unused)
{
    enum { P, S, T, I, J }; /* as enum score_scheme has them */
    static const struct {
        int of, as, with, also;
        bool meet;
    } rows[] = {
        {S, S, S, S, true},  {S, S, T, T, false}, {S, S, I, I, false}, {S, I, I, I, true},
        {S, I, S, I, false}, {S, I, T, I, true},  {T, I, I, I, true},  {T, I, T, I, false},
        {J, S, S, S, true},  {J, I, S, I, false}, {J, I, I, I, true},  {J, I, T, I, true},
        {J, S, J, S, false}, {J, S, T, T, false}, {P, P, P, P, true},  {P, P, S, S, false},
        {P, P, I, I, false}, {I, I, I, I, true},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (unsigned turned = 0; turned < 2; turned++) {
            struct score_person p = somebody(), q = somebody();
            struct score_person *one = turned ? &q : &p, *other = turned ? &p : &q;
            struct score s;

            one->occupations.at[0] = scheme_code(rows[i].of, rows[i].as, "7233");
            other->occupations.at[0] = scheme_code(rows[i].with, rows[i].also, "7231");
            s = score_pair(&score_rules_default, &p, &q, stranger);
            if ((s.part[SCORE_OCCUPATION_3] > 0) != rows[i].meet) fail_msg("row %zu", i);
        }
}

static void a_language_meets_what_it_is_spoken_of_as(void **unused)
{
    static const struct {
        const char *a, *b; /* each with what it is spoken of as */
        bool meet;
    } rows[] = {
        {"sv sv", "sv sv", true},    {"sv sv", "da da", false}, {"nb no", "no no", true},
        {"nb no", "nn no", false},   {"nn no", "nn no", true},  {"acm ar", "ar ar", true},
        {"acm ar", "apc ar", false}, {"s s", "sv sv", false},   {"?? ??", "?? ??", false},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct score_person p = somebody(), q = somebody();
        struct score s;

        p.languages =
            (struct score_codes){1, {score_language(rows[i].a, strchr(rows[i].a, ' ') + 1)}};
        q.languages =
            (struct score_codes){1, {score_language(rows[i].b, strchr(rows[i].b, ' ') + 1)}};
        s = score_pair(&score_rules_default, &p, &q, stranger);
        if ((s.part[SCORE_LANGUAGE] > 0) != rows[i].meet) fail_msg("%s, %s", rows[i].a, rows[i].b);
    }
}

static void nearer_is_better_and_unknown_is_nothing(void **unused)
{
    const struct score_person p = somebody();
    struct score_person q = somebody();

    (void)unused;
    q.municipality = 0;
    q.easting += 30000;
    q.northing += 0;
    assert_int_equal(score_pair(&score_rules_default, &p, &q, stranger).part[SCORE_DISTANCE],
                     score_rules_default.weight[SCORE_DISTANCE] * 20 / 50);
    q.northing += 40000; /* 50 km */
    assert_int_equal(score_pair(&score_rules_default, &p, &q, stranger).part[SCORE_DISTANCE], 0);
    q.northing = INT32_MIN;
    q.easting = INT32_MAX;
    assert_int_equal(score_pair(&score_rules_default, &p, &q, stranger).part[SCORE_DISTANCE], 0);
    q = somebody();
    q.municipality = 0;
    q.has_place = false;
    assert_int_equal(score_pair(&score_rules_default, &p, &q, stranger).part[SCORE_DISTANCE], 0);
}

static void each_hard_rule_fails_by_itself(void **unused)
{
    struct score_rules rules = score_rules_default;
    struct score_person p = somebody(), q = somebody();

    (void)unused;
    assert_int_equal(
        score_pair(&rules, &p, &q, (struct score_relation){.is_conflict = true}).failed,
        1u << SCORE_CONFLICT);
    assert_int_equal(
        score_pair(&rules, &p, &q, (struct score_relation){.is_supervisor = true}).failed,
        1u << SCORE_SUPERVISOR);
    assert_int_equal(score_pair(&rules, &p, &q, (struct score_relation){.is_former = true}).failed,
                     1u << SCORE_FORMER);
    q.capacity = 0;
    assert_int_equal(score_pair(&rules, &p, &q, stranger).failed, 1u << SCORE_CAPACITY);
    q.capacity = 1;
    for (unsigned protection = 0; protection < 4; protection++) {
        for (unsigned cleared = 0; cleared < 4; cleared++) {
            p.protection = (enum score_protection)protection;
            q.protection = (enum score_protection)cleared;
            assert_int_equal(score_pair(&rules, &p, &q, stranger).failed,
                             protection > cleared ? 1u << SCORE_CLEARANCE : 0);
        }
    }
    rules.hard = 0;
    p.protection = SCORE_PROTECTION_STRICTLY;
    q.protection = SCORE_PROTECTION_NONE;
    assert_int_equal(score_pair(&rules, &p, &q, stranger).failed, 0);
}

static void waiting_is_told_by_group_and_of_all(void **unused)
{
    struct fairness_waiting rows[] = {{0, 10, true}, {1, 90, false}, {0, 30, false},
                                      {0, 20, true}, {7, 5, false},  {0, 40, false}};
    struct fairness_group groups[4];

    (void)unused;
    fairness_waiting_by_group(rows, 6, 30, groups, 3);
    assert_int_equal(groups[0].people, 4);
    assert_int_equal(groups[0].p50_days, 20);
    assert_int_equal(groups[0].p90_days, 40);
    assert_int_equal(groups[0].overdue, 2);
    assert_int_equal(groups[0].overdue_permille, 500);
    assert_int_equal(groups[1].p50_days, 90);
    assert_int_equal(groups[2].people, 0);
    assert_int_equal(groups[3].people, 6);
    assert_int_equal(groups[3].p50_days, 20);
    assert_int_equal(groups[3].overdue, 3);
    fairness_waiting_by_group(rows, 0, 30, groups, 0);
    assert_int_equal(groups[0].people, 0);
}

/* Group 0 has six people, 1 two, 2 one, 3 five, 4 nobody. */
static size_t fill(struct fairness_waiting *rows, bool with_pair)
{
    static const uint32_t people[] = {6, 2, 1, 5, 0};
    size_t count = 0;

    for (uint32_t g = 0; g < 5; g++)
        for (uint32_t i = 0; i < people[g] && (with_pair || g != 1); i++)
            rows[count++] = (struct fairness_waiting){g, 10, false};
    return count;
}

static void the_few_are_told_of_with_others_only(void **unused)
{
    struct fairness_waiting rows[32];
    struct fairness_group groups[7];
    bool is_joined[5];
    size_t count = fill(rows, true);

    (void)unused;
    /* two and one are three: the five go with them, or one could subtract */
    assert_int_equal(fairness_join_small(rows, count, 5, 5, is_joined), 3);
    assert_false(is_joined[0]);
    assert_true(is_joined[1] && is_joined[2] && is_joined[3]);
    assert_false(is_joined[4]);
    fairness_waiting_by_group(rows, count, 30, groups, 6);
    assert_int_equal(groups[0].people, 6);
    assert_int_equal(groups[1].people + groups[2].people + groups[3].people, 0);
    assert_int_equal(groups[5].people, 8);
    assert_int_equal(groups[6].people, 14);
    count = fill(rows, true);
    assert_int_equal(fairness_join_small(rows, count, 3, 5, is_joined), 2); /* three are enough */
    count = fill(rows, false);
    assert_int_equal(fairness_join_small(rows, count, 1, 5, is_joined), 0); /* nobody is few */
    assert_int_equal(fairness_join_small(rows, count, 100, 5, is_joined), 3);
    assert_int_equal(fairness_join_small(rows, 0, 5, 5, is_joined), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_add_up),
        cmocka_unit_test(occupations_are_related_by_their_first_digits),
        cmocka_unit_test(a_code_without_digits_is_like_itself_alone),
        cmocka_unit_test(occupations_of_two_schemes_meet_where_somebody_has_related_them),
        cmocka_unit_test(a_language_meets_what_it_is_spoken_of_as),
        cmocka_unit_test(nearer_is_better_and_unknown_is_nothing),
        cmocka_unit_test(each_hard_rule_fails_by_itself),
        cmocka_unit_test(waiting_is_told_by_group_and_of_all),
        cmocka_unit_test(the_few_are_told_of_with_others_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
