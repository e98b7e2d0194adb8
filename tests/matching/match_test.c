/* `fadder match`: files in, files and sentences out. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "match_command.h"
#include "operator/command.h"

/* Edges. */

static void edges_are_matched_in_one_line(void **unused)
{
    (void)unused;
    match_put("e", "2 3\n0 0 5\n0 1 9\n1 1 8\n1 2 1\ncapacity 1 2\n");
    assert_int_equal(RUN("--edges", "e"), EXIT_DONE);
    assert_in(match_printed(),
              "pairs 3 score 14 unmatched_participants 0 unmatched_mentors 0 seconds 0.");
    assert_int_equal(RUN("--edges", "e", "--objective", "score", "--out", "pairs.csv"), EXIT_DONE);
    assert_in(match_printed(), "pairs 3 score 14 ");
    assert_string_equal(match_get("pairs.csv"), "participant,mentor,score\n0,0,5\n1,1,8\n2,1,1\n");
    assert_int_equal(RUN("--edges", "e", "--mentor-capacity", "0"), EXIT_DONE);
    assert_in(match_printed(), "pairs 2 score 9 unmatched_participants 1 unmatched_mentors 1 ");
}

static void rows_in_another_order_give_the_same_bytes(void **unused)
{
    char first[512];

    (void)unused;
    match_put("e", "2 3\n0 0 5\n0 1 5\n0 2 5\n1 0 5\n1 1 5\n1 2 5\n");
    assert_int_equal(RUN("--edges", "e", "--participant-capacity", "2", "--out", "a"), EXIT_DONE);
    strcpy(first, match_get("a"));
    match_put("e", "\xef\xbb\xbf"
                   "2 3\r\n1 2 5\r\n1 1 5\r\n0 2 5\r\n0 1 5\r\n\r\n1 0 5\r\n0 0 5");
    assert_int_equal(RUN("--edges", "e", "--participant-capacity", "2", "--out", "b"), EXIT_DONE);
    assert_string_equal(first, match_get("b"));
    assert_string_equal(first, "participant,mentor,score\n0,0,5\n1,1,5\n");
}

static void a_bad_line_of_edges_is_named(void **unused)
{
    static const char *const rows[][2] = {
        {"2 x\n", "e, line 1, column 3: the first line"},
        {"", "e, line 1, column 1: the first line"},
        {"2 2\n0 0 1\n0 2 1\n", "e, line 3, column 3: expected a participant's number"},
        {"2 2\n2 0 1\n", "e, line 2, column 1: expected a mentor's number"},
        {"2 2\n0 0 1.5\n", "e, line 2, column 5: expected a score"},
        {"2 2\n0 0 2147483648\n", "e, line 2, column 5: expected a score"},
        {"2 2\n0 0 1 7\n", "e, line 2, column 7: there is more on this line"},
        {"2 2\ncapacity 0 -1\n", "e, line 2, column 12: expected a number of places"},
        {"2 2\n0 0 1\n0 0 2\n", "participant 0 and mentor 0 have more than one edge"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        match_put("e", rows[i][0]);
        assert_int_equal(RUN("--edges", "e"), EXIT_FAILED);
        assert_said(rows[i][1]);
    }
    assert_int_equal(RUN("--edges", "absent"), EXIT_FAILED);
    assert_said("absent: cannot open");
    assert_int_equal(RUN("--edges", "e", "--objective", "luck"), EXIT_USAGE);
    assert_int_equal(RUN("--edges", "e", "--mentor-capacity", "-1"), EXIT_USAGE);
    assert_int_equal(RUN("--mentors", "e"), EXIT_USAGE);
}

static void a_million_lines_of_garbage_are_refused_at_the_first(void **unused)
{
    FILE *file = fopen("e", "wb");

    (void)unused;
    fputs("9 9\n", file);
    for (int i = 0; i < 1000000; i++)
        fputs("no edge at all\n", file);
    fclose(file);
    assert_int_equal(RUN("--edges", "e"), EXIT_FAILED);
    assert_said("e, line 2, column 1: ");
    assert_null(strstr(match_said(), "line 3"));
}

static void real_instances_come_out_as_known(void **unused)
{
    const char *large = FADDER_DATA "/large.edges", *small = FADDER_DATA "/small.edges";

    (void)unused;
    if (access(large, R_OK) != 0) {
        print_message("skipped: there is no %s\n", large);
        skip();
    }
    assert_int_equal(RUN("--edges", large, "--mentor-capacity", "3", "--participant-capacity", "3"),
                     EXIT_DONE);
    assert_in(match_printed(),
              "pairs 1452 score 34033 unmatched_participants 0 unmatched_mentors 0 ");
    assert_int_equal(RUN("--edges", large, "--objective", "score"), EXIT_DONE);
    assert_in(match_printed(), "pairs 483 score 11488 ");
    assert_int_equal(RUN("--edges", large, "--objective", "pairs,score"), EXIT_DONE);
    assert_in(match_printed(), "pairs 484 score 11480 ");
    assert_int_equal(RUN("--edges", small), EXIT_DONE);
}

/* Spreadsheets. */

static const char mentors[] =
    "id;capacity;taken;club;languages;municipality;occupation;networks;availability;cleared_for\n"
    "anna;1;0;City;sv ar;Stockholm;7233;7211 7233;mon-evening tue-evening;none\n"
    "bo;2;1;City;sv en;Stockholm;7112;;mon-evening;marked\n"
    "\"cia\";1;0;\"Visby; south\";sv so;Gotland;2221;2221;wed-morning;strictly\n"
    "dag;0;0;Visby;sv;Gotland;2221;;;none\n";

static const char participants[] = "\xef\xbb\xbfid,languages,municipality,occupation,waiting_since,"
                                   "protection,conflicts,supervisors\r\n"
                                   "p1,ar,Stockholm,7233,2026-01-10,none,,\r\n"
                                   "p2,\"ar en\",Stockholm,7231,2025-11-30,none,,\r\n"
                                   "p3,so,Gotland,2221,2026-08-01,marked,,\r\n"
                                   "p4,sv,Gotland,2221,2026-09-01,strictly,cia,\r\n"
                                   "p5,en,Stockholm,5111,2026-10-01,none,,anna\r\n";

static void spreadsheets_are_matched_and_explained(void **unused)
{
    static const char *const languages[][2] = {{"en", "p4 has nobody, after 82 days"},
                                               {"sv", "p4 har ingen, efter 82 dagar"},
                                               {"nb", "p4 har ingen, etter 82 dager"},
                                               {"nn", "p4 har ingen, etter 82 dagar"}};

    (void)unused;
    match_put("m.csv", mentors);
    match_put("p.csv", participants);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(RUN("--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv",
                             "--explain", "why.md", "--today", "2026-11-22", "--language",
                             languages[i][0]),
                         EXIT_DONE);
        assert_string_equal(match_said(), "");
        assert_in(match_get("o.csv"), "participant,mentor,score,language,municipality,");
        assert_in(match_get("o.csv"), "\np1,anna,");
        assert_in(match_get("o.csv"), "\np2,bo,");
        assert_in(match_get("o.csv"), "\np3,cia,");
        assert_null(strstr(match_get("o.csv"), "p4"));
        assert_in(match_get("why.md"), languages[i][1]);
    }
    assert_int_equal(
        RUN("--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv", "--language", "xx"),
        EXIT_USAGE);
}

static void why_says_margins_and_who_waited_longer(void **unused)
{
    (void)unused;
    match_put("m.csv", "id,capacity\nanna,1\nbo,1\n");
    match_put("p.csv",
              "id,waiting_since,conflicts\nold,2026-10-01,\nnew,2026-11-11,\nout,2026-11-20,bo\n");
    match_put("r.json", "{\"weights\": [{\"factor\": \"waiting\", \"weight\": 7}]}");
    assert_int_equal(RUN("--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv",
                         "--explain", "why.md", "--today", "2026-11-22", "--rules", "r.json"),
                     EXIT_DONE);
    assert_in(match_get("why.md"),
              "2 pairs; 1 participant and 0 mentors have nobody; 56 points in all.");
    assert_in(match_get("why.md"), "## old with mentor anna: 49 points");
    assert_in(match_get("why.md"), "| waiting | 49 |");
    assert_in(match_get("why.md"), "## new with mentor bo: 7 points");
    assert_in(match_get("why.md"), "## out has nobody, after 2 days");
    assert_in(match_get("why.md"),
              "- anna would score 0, but the place goes to old, who has waited 50 days longer; "
              "giving it here would cost 7 points in all.");
}

static void a_rule_that_is_off_is_not_checked(void **unused)
{
    (void)unused;
    match_put("m.csv", "id,capacity\nanna,1\n");
    match_put("p.csv", "id,former_mentors\np1,anna\n");
    match_put("r.json", "{\"switched_off\": [\"former\"]}");
    assert_int_equal(RUN("--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv"), 0);
    assert_null(strstr(match_get("o.csv"), "p1"));
    assert_int_equal(
        RUN("--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv", "--rules", "r.json"),
        EXIT_DONE);
    assert_in(match_get("o.csv"), "p1,anna,");
    match_put("r.json", "{\"weights\": [{\"factor\": \"religion\", \"weight\": 7}]}");
    assert_int_equal(
        RUN("--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv", "--rules", "r.json"),
        EXIT_FAILED);
    assert_said("weights[0].factor is none of these: language,");
}

static void every_faulty_row_is_named(void **unused)
{
    (void)unused;
    unlink("o.csv");
    match_put("m.csv", "id;capacity;availability;networks\n"
                       "anna;x;;\n"
                       "bo;1;some-day;\n"
                       "bo;1;;7\n"
                       "=1+1;1;;\n"
                       "cia;1;\n"
                       "dag;1;\"never;ends\n");
    match_put("p.csv", "id,waiting_since,conflicts\np1,2026-13-01,\n\np2,,nobody\np\"3,,\n");
    assert_int_equal(RUN("--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv",
                         "--today", "2026-11-22"),
                     EXIT_FAILED);
    assert_said("m.csv, line 2, column 2 (capacity): \"x\" is not a whole number from 0 to 50");
    assert_said("m.csv, line 3, column 3 (availability): \"some-day\" is not a time of the week");
    assert_said("m.csv, line 4, column 1 (id): there is another \"bo\" above");
    assert_said("m.csv, line 4, column 4 (networks): \"7\" is not an occupation's code");
    assert_said("m.csv, line 5, column 1 (id): an id does not begin with =");
    assert_said("m.csv, line 6: its cells are 3, and the columns 4");
    assert_said("m.csv, line 7, column 3 (availability): it has a quote that never ends");
    assert_said("p.csv, line 2, column 2 (waiting_since): \"2026-13-01\" is not a date");
    assert_said("p.csv, line 5, column 1 (id): it has a quote in the middle");
    assert_int_not_equal(access("o.csv", F_OK), 0);
}

static void what_could_mean_two_things_is_refused(void **unused)
{
    static const char *const rows[][2] = {
        {"id,capacity;club\n",
         "m.csv, line 1: there is more than one of , ; and tabs between the columns"},
        {"id,capacity,religion\n", "m.csv, line 1, column 3 (religion): this column is not known"},
        {"id,capacity,id\n", "m.csv, line 1, column 3 (id): this column is there twice"},
        {"id,club\n", "m.csv, line 1: there is no column \"capacity\""},
        {"", "m.csv, line 1: the names of the columns belong here"},
        {"id,capacity\nanna,1\nb\xe5,1\n", "m.csv, line 3: this is not UTF-8"},
    };

    (void)unused;
    match_put("p.csv", "id\np1\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        match_put("m.csv", rows[i][0]);
        assert_int_equal(RUN("--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv"),
                         EXIT_FAILED);
        assert_said(rows[i][1]);
    }
    match_put("m.csv", "id,capacity\nanna,1\n");
    match_put("p.csv", "id,conflicts\np1,ana\n");
    assert_int_equal(RUN("--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv"),
                     EXIT_FAILED);
    assert_said("p.csv, line 2, column 2 (conflicts): there is no mentor \"ana\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_matched_in_one_line),
        cmocka_unit_test(rows_in_another_order_give_the_same_bytes),
        cmocka_unit_test(a_bad_line_of_edges_is_named),
        cmocka_unit_test(a_million_lines_of_garbage_are_refused_at_the_first),
        cmocka_unit_test(real_instances_come_out_as_known),
        cmocka_unit_test(spreadsheets_are_matched_and_explained),
        cmocka_unit_test(why_says_margins_and_who_waited_longer),
        cmocka_unit_test(a_rule_that_is_off_is_not_checked),
        cmocka_unit_test(every_faulty_row_is_named),
        cmocka_unit_test(what_could_mean_two_things_is_refused),
    };

    return cmocka_run_group_tests(tests, match_enter, match_leave);
}
