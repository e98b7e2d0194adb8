/* Spreadsheets as they come from Excel, LibreOffice, Google and macOS: what works, and what is said
 * where it cannot. */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "match_command.h"
#include "operator/command.h"

#define SHEETS "--mentors", "m.csv", "--participants", "p.csv", "--out", "o.csv"
#define TODAY  "--today", "2026-11-22"
#define MARK   "\xef\xbb\xbf"

/* What works. */

/* Anna speaks Swedish and Arabic, lives in Råda and has Monday evenings; p1 the same. */
#define PAIR_POINTS "anna,65,20,15,0,0,0,0,0,6,5,19"

static void sheets_that_differ_in_writing_alone_give_the_same(void **unused)
{
    static const struct {
        const char *name, *mentors, *participants;
    } rows[] = {
        {"blanks",
         "id,capacity,languages,municipality,availability,offers\n"
         "anna,1,sv ar,Råda,mon-evening tue-evening,studies housing\n",
         "id,languages,municipality,availability,wishes,waiting_since\n"
         "p1,ar sv,Råda,mon-evening tue-evening,studies,2026-07-12\n"},
        {"; in a sheet with ,",
         "id,capacity,languages,municipality,availability,offers\n"
         "anna,1,sv;ar,Råda,mon-evening;tue-evening,studies;housing\n",
         "id,languages,municipality,availability,wishes,waiting_since\n"
         "p1,ar;sv,Råda,mon-evening; tue-evening,studies,2026-07-12\n"},
        {", in quotes, as Google writes it",
         "id,capacity,languages,municipality,availability,offers\n"
         "anna,1,\"sv, ar\",Råda,\"mon-evening,tue-evening\",\"studies,housing\"\n",
         "id,languages,municipality,availability,wishes,waiting_since\n"
         "p1,\"ar, sv\",Råda,\"mon-evening, tue-evening\",studies,2026-07-12\n"},
        {"tabs, as rows are that are copied out of a spreadsheet",
         "id\tcapacity\tlanguages\tmunicipality\tavailability\toffers\n"
         "anna\t1\tsv ar\tRåda\tmon-evening tue-evening\tstudies,housing\n",
         "id,languages,municipality,availability,wishes,waiting_since\n"
         "p1,ar sv,Råda,mon-evening tue-evening,studies,2026-07-12\n"},
        {"tabs, where a line says so",
         "sep=\t\nid\tcapacity\tlanguages\tmunicipality\tavailability\toffers\n"
         "anna\t1\tsv ar\tRåda\tmon-evening tue-evening\tstudies,housing\n",
         "id,languages,municipality,availability,wishes,waiting_since\n"
         "p1,ar sv,Råda,mon-evening tue-evening,studies,2026-07-12\n"},
        {"bars and lines",
         "id,capacity,languages,municipality,availability,offers\n"
         "anna,1,sv|ar,Råda,\"mon-evening\ntue-evening\",studies | housing\n",
         "id,languages,municipality,availability,wishes,waiting_since\n"
         "p1,\"ar\r\nsv\",\"Råda\n\",mon-evening|tue-evening,studies,2026-07-12\n"},
        {"case, headers with blanks, macOS's å, blanks that do not break",
         "ID,Capacity,Languages,Municipality,Availability,Offers\n"
         "anna,1,SV\u00A0Ar,RA\u030ADA,Mon\u2013Evening tue-EVENING,Studies\u00A0Housing\n",
         "Id,LANGUAGES,municipality,availability,wishes,Waiting since\n"
         "p1,ar\u202Fsv,\u00A0r\u00E5da\u00A0,mon-evening tue-evening,STUDIES,\u200E2026-07-12\n"},
        {"rows and columns of separators",
         "id,capacity,languages,municipality,availability,offers,,\n"
         ",,,,,,,\n"
         "anna,1,sv ar,Råda,mon-evening tue-evening,studies housing\n"
         ",,,,,,,\n"
         ",,,\n",
         "\n,,,,,\nid,languages,,municipality,availability,wishes,waiting_since\n"
         "p1,ar sv,,Råda,mon-evening tue-evening,studies,2026-07-12,,,,\n"
         "\n \n"},
        {"what is said twice",
         "id,capacity,languages,municipality,availability,offers\n"
         "anna,1,sv ar sv,Råda,mon-evening tue-evening,studies housing\n",
         "id,languages,municipality,availability,wishes,waiting_since\n"
         "p1,ar sv AR,Råda,mon-evening mon-evening tue-evening,studies studies "
         "Studies,2026-07-12\n"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].name);
        match_put("m.csv", rows[i].mentors);
        match_put("p.csv", rows[i].participants);
        assert_int_equal(RUN(SHEETS, TODAY), EXIT_DONE);
        assert_string_equal(match_said(), "");
        assert_in(match_get("o.csv"), "\np1," PAIR_POINTS);
    }
}

/* What is the same in another list of codes is the same; of a mentor m and a participant p. */
static void codes_meet_as_those_who_keep_them_say(void **unused)
{
    static const struct {
        const char *column, *mentor, *participant, *points;
    } rows[] = {
        {"languages", "sv", "swe", "m,20,"},
        {"languages", "NO", "nn", "m,20,"},
        {"languages", "nb", "nn", "m,0,"},
        {"languages", "ar", "acm", "m,20,"},
        {"occupation", "7233", "7231", "m,20,"},
        {"occupation", "ssyk:1113", "isco:1114", "m,30,"},
        {"occupation", "SSYK:4430", "isco:4419", "m,0,"},
        {"occupation", "ssyk:7233", "isco:72", "m,10,"},
        {"occupation", "styrk:2223", "isco:2221", "m,30,"},
        {"occupation", "ssyk:72", "isco:72", "m,10,"},
        {"occupation", "ssyk:72", "isco:7231", "m,10,"},
        {"occupation", "ssyk:72", "styrk:7231", "m,10,"},
        {"occupation", "styrk:72", "ssyk:72", "m,10,"},
        {"occupation", "jobtech:17Xf_MuM_vg2", "styrk:72", "m,10,"},
        {"occupation", "jobtech:17Xf_MuM_vg2", "ssyk:72", "m,10,"},
        {"occupation", "ssyk:723", "styrk:723", "m,20,"},
        {"occupation", "ssyk:723", "styrk:72", "m,10,"},
        {"occupation", "ssyk:13", "isco:6130", "m,10,"}, /* as 1380 is 6111 */
        {"occupation", "ssyk:13", "styrk:72", "m,0,"},
        {"occupation", "styrk:13", "isco:61", "m,0,"},
        {"occupation", "jobtech:17Xf_MuM_vg2", "ssyk:7214", "m,30,"},
        {"occupation", "jobtech:abcd_efg_hij", "jobtech:abcd_efg_hij", "m,30,"},
        {"occupation", "jobtech:abcd_efg_hij", "jobtech:abcd_efg_hik", "m,0,"},
        {"municipality", "SE-0180", "se-0180", "m,15,"},
        {"municipality", "SE-1860", "NO-1860", "m,0,"},
        {"municipality", "0101", "3101", "m,15,"},
        {"municipality", "NO-0101", "NO-3001", "m,15,"},
        {"municipality", "1860", "1860", "m,15,"},
        {"municipality", "Håbo", "Habo", "m,0,"}, /* there are both */
        {"municipality", "Halmstad", "Halm", "m,0,"},
    };
    char text[128];

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s and %s\n", rows[i].mentor, rows[i].participant);
        snprintf(text, sizeof text, "id,capacity,%s\nm,1,%s\n", rows[i].column, rows[i].mentor);
        match_put("m.csv", text);
        snprintf(text, sizeof text, "id,%s\np,%s\n", rows[i].column, rows[i].participant);
        match_put("p.csv", text);
        assert_int_equal(RUN(SHEETS, TODAY), EXIT_DONE);
        assert_in(match_get("o.csv"), rows[i].points);
    }
}

static void swedish_excel_is_read_and_written_as_it_was(void **unused)
{
    (void)unused;
    match_put("m.csv", MARK "sep=;\r\nid;capacity;languages;;\r\nanna;1;sv, ar;;\r\n;;;;\r\n");
    match_put("p.csv", MARK "id;languages;\r\np1;ar | en;\r\n;;\r\n");
    assert_int_equal(RUN(SHEETS), EXIT_DONE);
    assert_string_equal(match_said(), "");
    assert_string_equal(match_get("o.csv"),
                        MARK "participant;mentor;score;language;municipality;distance;"
                             "occupation_4;occupation_3;occupation_2;network;availability;wish;"
                             "waiting\r\np1;anna;20;20;0;0;0;0;0;0;0;0;0\r\n");
    match_put("p.csv", "\"sep=,\"\nid,languages\np1,ar\n");
    assert_int_equal(RUN(SHEETS), EXIT_DONE);
    assert_in(match_get("o.csv"), "participant,mentor,score,");
    assert_in(match_get("o.csv"), "waiting\np1,anna,20,");
}

/* What is said. */

static void each_cell_that_cannot_be_meant_so_is_named(void **unused)
{
    static const struct {
        const char *mentors, *participants, *said;
    } rows[] = {
        /* columns */
        {"id,capacity,language\nanna,1,sv\n", "id\np1\n",
         "m.csv, line 1, column 3 (language): this column is not known here; perhaps it is "
         "\"languages\""},
        {"id,capacity\nanna,1\n", "id,Väntar sedan,Klubb\np1,,\n",
         "p.csv, line 1, column 2 (Väntar sedan): this column is not known here; perhaps it is "
         "\"waiting_since\"\np.csv, line 1, column 3 (Klubb): this column is not known here; leave "
         "it out\n"},
        {"id,capacity\nanna,1\n", "id,since when\np1,\n",
         "p.csv, line 1, column 2 (since when): this column is not known here; leave it out\n"
         "p.csv, line 1: the columns that are known here are id, capacity, languages, "},
        {"id|capacity\nanna|1\n", "id\np1\n",
         "m.csv, line 1: neither ; nor , nor a tab is between the columns: save the sheet with one "
         "of these"},
        {"id,capacity,,club\nanna,1,what,City\n", "id\np1\n",
         "m.csv, line 2, column 3: \"what\" stands where line 1 names no column"},
        {"id,capacity\nanna,1,,2\n", "id\np1\n",
         "m.csv, line 2, column 4: \"2\" stands where line 1 names no column; a cell with , in it "
         "belongs in quotes"},
        {"sep=|\nid|capacity\n", "id\np1\n", "m.csv, line 1: sep= says neither ; nor , nor a tab"},
        {"sep=;\nid,capacity\nanna,1\n", "id\np1\n",
         "m.csv, line 2 (row 1): there is no column \"id\""},
        {"id,capacity;club\nanna,1\n", "id\np1\n",
         "m.csv, line 1: there is more than one of , ; and tabs between the columns; a line sep=; "
         "or sep=, above says which it is"},
        {"id,capacity,club\nanna,1,\"two\nlines\"\nbo,x,\n", "id\np1\n",
         "m.csv, line 4 (row 3), column 2 (capacity): \"x\" is not a whole number from 0 to 50"},
        /* languages */
        {"id,capacity,languages\nanna,1,sv\n", "id,languages\np1,Svenska\n",
         "p.csv, line 2, column 2 (languages): \"Svenska\" is not a language's code of two or "
         "three letters (ISO 639), such as sv, ar or so"},
        {"id,capacity,languages\nanna,1,sv/ar\n", "id,languages\np1,sv\n",
         "m.csv, line 2, column 3 (languages): \"sv/ar\" is not a language's code"},
        {"id,capacity,languages\nanna,1,xx\n", "id,languages\np1,xx\n",
         "m.csv, line 2, column 3 (languages): \"xx\" is not a language's code"},
        {"id,capacity,languages\nanna,1,sv\n", "id,languages\np1,\"sv,und\"\n",
         "p.csv, line 2, column 2 (languages): \"und\" is not a language that somebody speaks"},
        {"id,capacity,languages\nanna,1,MUL\n", "id,languages\np1,mul\n",
         "m.csv, line 2, column 3 (languages): \"MUL\" is not a language that somebody speaks"},
        /* occupations of schemes */
        {"id,capacity,occupation\nanna,1,9999\n", "id,occupation\np1,9999\n",
         "m.csv, line 2, column 3 (occupation): \"9999\" is no occupation's code in SSYK 2012"},
        {"id,capacity,occupation\nanna,1,7233\n", "id,occupation\np1,isco:7233\n",
         "m.csv, line 2, column 3 (occupation): \"7233\" does not say whose code it is, and "
         "\"isco:7233\" (p.csv, line 2) does: write ssyk:, styrk: or isco: before every code, or "
         "before none"},
        {"id,capacity,occupation\nanna,1,ssyk:9999\n", "id\np1\n",
         "m.csv, line 2, column 3 (occupation): \"ssyk:9999\" is not an occupation's code there, "
         "such as ssyk:7233, ssyk:72 or jobtech:17Xf_MuM_vg2"},
        {"id,capacity,networks\nanna,1,jobtech:7233\n", "id\np1\n",
         "m.csv, line 2, column 3 (networks): \"jobtech:7233\" is not an occupation's code there"},
        {"id,capacity,occupation\nanna,1,disco:7233\n", "id\np1\n",
         "m.csv, line 2, column 3 (occupation): \"disco:7233\" is not an occupation's code of "
         "two "},
        {"id,capacity,occupation\nanna,1,ssyk:4119 ssyk:7319 ssyk:3449 ssyk:8159 ssyk:9210 "
         "ssyk:1111 ssyk:1120 ssyk:2422 ssyk:3359 ssyk:2619 ssyk:1230 ssyk:1320 ssyk:1360 "
         "ssyk:7231 ssyk:2179 ssyk:3119 ssyk:2519 ssyk:2359 ssyk:4430 ssyk:5330 ssyk:9629 "
         "ssyk:3439 ssyk:8199 ssyk:2199 ssyk:2499 ssyk:2662 ssyk:3351 ssyk:5411 ssyk:5419 "
         "ssyk:7213\n",
         "id\np1\n", "it has more occupations than a person can have, which is 8"},
        /* words in one sheet alone */
        {"id,capacity,offers\nanna,1,studies\n", "id,wishes\np1,studies+housing\n",
         "p.csv, line 2, column 2 (wishes): \"studies+housing\" is in this sheet alone, and looks "
         "like several: put blanks, or one of , ; | between them"},
        {"id,capacity,municipality\nanna,1,Upplands Väsby\n",
         "id,municipality\np1,\np2,Upplands-Väsby\n",
         "p.csv, line 3, column 2 (municipality): \"Upplands-Väsby\" is \"Upplands Väsby\" in "
         "m.csv, line 2: write it the same in both"},
        {"id,capacity,offers\nanna,1,practise_language\n", "id,wishes\np1,practise language\n",
         "p.csv, line 2, column 2 (wishes): \"practise language\" is \"practise_language\" in "
         "m.csv, line 2: write it the same in both"},
        {"id,capacity,offers\nanna,1,driving licence\n", "id,wishes\np1,housing driving-licence\n",
         "m.csv, line 2, column 3 (offers): \"driving licence\" is \"driving-licence\" in p.csv, "
         "line 2: write it the same in both"},
        {"id,capacity,offers\nanna,1,\uFB01nans\n", "id,wishes\np1,finans\n",
         "p.csv, line 2, column 2 (wishes): \"finans\" is \"\uFB01nans\" in m.csv, line 2"},
        {"id,capacity,municipality\nanna,1,Malm\u00F6 kommun\n", "id,municipality\np1,Malm\u00F6\n",
         "p.csv, line 2, column 2 (municipality): \"Malm\u00F6\" is \"Malm\u00F6 kommun\" in "
         "m.csv, "
         "line 2: write it the same in both"},
        {"id,capacity,municipality\nanna,1,malmo\n", "id,municipality\np1,Malm\u00F6 stad\n",
         "p.csv, line 2, column 2 (municipality): \"Malm\u00F6 stad\" is \"malmo\" in m.csv"},
        {"id,capacity,municipality\nanna,1,G\u00F6teborgs Stad\n",
         "id,municipality\np1,G\u00F6teborg\n",
         "m.csv, line 2, column 3 (municipality): \"G\u00F6teborgs Stad\" is \"G\u00F6teborg\" in "
         "p.csv"},
        {"id,capacity,municipality\nanna,1,B\u00E6rum kommune\n", "id,municipality\np1,Baerum\n",
         "p.csv, line 2, column 2 (municipality): \"Baerum\" is \"B\u00E6rum kommune\" in m.csv"},
        {"id,capacity,municipality\nanna,1,Stockholm\n",
         "id,municipality\np1,\"Stockholm, Solna\"\n",
         "p.csv, line 2, column 2 (municipality): \"Stockholm, Solna\" is in this sheet alone, and "
         "looks like several: a person has one municipality"},
        {"id,capacity,municipality\nanna,1,Stockholm\n", "id,municipality\np1,0180\n",
         "p.csv, line 2, column 2 (municipality): \"0180\" is a code, and \"Stockholm\" (m.csv, "
         "line 2) a name: write one or the other in both sheets"},
        {"id,capacity,municipality\nanna,1,1860\n", "id,municipality\np1,NO-1860\n",
         "p.csv, line 2, column 2 (municipality): \"NO-1860\" is a code with its country, and "
         "\"1860\" (m.csv, line 2) a code: write one or the other in both sheets"},
        {"id,capacity,offers\nanna,1,studies\n", "id,wishes\np1,studies\u2022housing\n",
         "\"studies\u2022housing\" is in this sheet alone, and looks like several"},
        {"id,capacity,offers\nanna,1,studies\n", "id,wishes\np1,studies\u060Chousing\n",
         "\"studies\u060Chousing\" is in this sheet alone, and looks like several"},
        {"id,capacity,municipality\nanna,1,NO-4601\n", "id,municipality\np1,NO0301\n",
         "p.csv, line 2, column 2 (municipality): \"NO0301\" is a code with its country in another "
         "form: write NO-0301"},
        {"id,capacity,municipality\nanna,1,0180\n", "id,municipality\np1,\"=\"\"0180\"\"\"\n",
         "p.csv, line 2, column 2 (municipality): \"=\"0180\"\" is a code in a formula: write "
         "0180, "
         "in a column of text"},
        {"id,capacity,municipality\nanna,1,-\n", "id,municipality\np1,-\n",
         "m.csv, line 2, column 3 (municipality): \"-\" has neither letters nor digits; leave the "
         "cell empty"},
        {"id,capacity,municipality\nanna,1,9999\n", "id,municipality\np1,9999\n",
         "m.csv, line 2, column 3 (municipality): \"9999\" is no municipality of Sweden's (SCB) or "
         "Norway's"},
        {"id,capacity,municipality\nanna,1,0180\n", "id,municipality\np1,SE-9999\n",
         "p.csv, line 2, column 2 (municipality): \"SE-9999\" is no municipality"},
        {"id,capacity,municipality\nanna,1,0180\n", "id,municipality\np1,se-0301\n",
         "p.csv, line 2, column 2 (municipality): \"se-0301\" is no municipality"},
        {"id,capacity,municipality\nanna,1,0180\n", "id,municipality\np1,FI-0091\n",
         "p.csv, line 2, column 2 (municipality): \"FI-0091\" is no municipality"},
        /* numbers */
        {"id,capacity,municipality\nanna,1,180\n", "id,municipality\np1,0180\n",
         "m.csv, line 2, column 3 (municipality): \"180\" has lost its first 0: write 0180, in a "
         "column of text"},
        {"id,capacity,municipality\nanna,1,0180.0\n", "id\np1\n",
         "m.csv, line 2, column 3 (municipality): \"0180.0\" is not a municipality's code of four "
         "digits, such as 0180"},
        {"id,capacity,occupation\nanna,1,110\n", "id\np1\n",
         "m.csv, line 2, column 3 (occupation): \"110\" has lost its first 0: write 0110"},
        {"id,capacity\nanna,\n", "id\np1\n",
         "m.csv, line 2, column 2 (capacity): it is empty: a mentor has a number of places"},
        {"id,capacity\nanna,\"1,5\"\n", "id\np1\n",
         "m.csv, line 2, column 2 (capacity): \"1,5\" is not a whole number from 0 to 50"},
        /* dates */
        {"id,capacity\nanna,1\n", "id,waiting_since\np1,45678\n",
         "p.csv, line 2, column 2 (waiting_since): \"45678\" is not a date such as 2026-11-22; if "
         "it is 2025-01-21, write that"},
        {"id,capacity\nanna,1\n", "id,waiting_since\np1,45678.5\n", "if it is 2025-01-21, write"},
        {"id,capacity\nanna,1\n", "id,waiting_since\np1,20250121\n", "if it is 2025-01-21, write"},
        {"id,capacity\nanna,1\n", "id,waiting_since\np1,21.1.2025\n", "if it is 2025-01-21, write"},
        {"id,capacity\nanna,1\n", "id,waiting_since\np1,1/2/2025\n",
         "\"1/2/2025\" is not a date such as 2026-11-22\n"},
        {"id,capacity\nanna,1\n", "id,waiting_since\np1,1900-01-01\n",
         "p.csv, line 2, column 2 (waiting_since): 1900-01-01 is earlier than 2000-01-01"},
        {"id,capacity\nanna,1\n", "id,waiting_since\np1,0001-01-01\n", "earlier than 2000-01-01"},
        {"id,capacity\nanna,1\n", "id,waiting_since\np1,1999-12-31\n", "earlier than 2000-01-01"},
        /* ids */
        {"id,capacity\n1.23457E+11,1\n", "id\np1\n",
         "m.csv, line 2, column 1 (id): \"1.23457E+11\" is a long number that was rounded"},
        {"id,capacity\n\uFF1D1+1,1\n", "id\np1\n",
         "m.csv, line 2, column 1 (id): an id does not begin with =: a spreadsheet would take it "
         "for a formula"},
        {"id,capacity\n@a,1\n", "id\np1\n", "an id does not begin with @"},
        {"id,capacity\nAnna Ek,1\n", "id\np1\n", "an id has no blanks, quotes, bars, commas"},
        {"id,capacity\nA\u030Asa,1\n\u00C5sa,1\n", "id\np1\n",
         "m.csv, line 3, column 1 (id): there is another \"\u00C5sa\" above"},
        {"id,capacity\nAnna,1\n", "id,conflicts\np1,anna\n",
         "p.csv, line 2, column 2 (conflicts): there is no mentor \"anna\", but there is \"Anna\""},
        {"id,capacity\nA1,1\n", "id\na1\n",
         "p.csv, line 2, column 1 (id): \"a1\" is \"A1\" in m.csv, line 2: write it the same if it "
         "is the same person; if not, say --different-people"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unlink("o.csv");
        match_put("m.csv", rows[i].mentors);
        match_put("p.csv", rows[i].participants);
        if (RUN(SHEETS, TODAY) != EXIT_FAILED) fail_msg("not said: %s", rows[i].said);
        assert_said(rows[i].said);
        assert_int_not_equal(access("o.csv", F_OK), 0);
    }
}

static void what_only_looks_alike_is_left_alone(void **unused)
{
    (void)unused;
    match_put("m.csv", "id,capacity,languages,municipality,offers\n"
                       "anna,1,sv,Habo,a+b hå-bo\nbo,1,ti,Tana/Deatnu,\n");
    match_put("p.csv", "id,languages,municipality,wishes\n"
                       "p1,so,Håbo,a+b\np2,,Tana/Deatnu,c\n");
    assert_int_equal(RUN(SHEETS), EXIT_DONE); /* two municipalities, and words that meet */
    assert_string_equal(match_said(), "");
    assert_in(match_get("o.csv"), "\np1,anna,5,0,0,");
    assert_in(match_get("o.csv"), "\np2,bo,15,0,15,");
}

static void what_is_said_of_a_cell_cannot_move_the_cursor(void **unused)
{
    (void)unused;
    match_put("m.csv", "id,capacity\nanna,\x1b[2J\xc2\x9b\n");
    match_put("p.csv", "id,waiting_since\np1,xååååååååååååååååååååååååååååååå\n");
    assert_int_equal(RUN(SHEETS), EXIT_FAILED);
    assert_said("(capacity): \" [2J \" is not");
    assert_said("(waiting_since): \"xååååååååååååååååååå\" is not");
}

/* Ids. */

static void an_id_in_both_sheets_is_one_person_or_two_but_not_unsaid(void **unused)
{
    (void)unused;
    match_put("m.csv", "id,capacity\n1,1\n2,1\n");
    match_put("p.csv", "id\n2\n3\n1\n");
    assert_int_equal(RUN(SHEETS), EXIT_FAILED);
    assert_said("p.csv, line 4, column 1 (id): \"1\" is in m.csv, line 2, as well, and it is not "
                "the only one. Say which it is:\n    --same-people ");
    assert_said("\n    --different-people ");
    assert_int_equal(RUN(SHEETS, "--same-people", "--different-people"), EXIT_USAGE);

    match_put("m.csv", "id,capacity\n1,2\n");
    match_put("p.csv", "id\n1\n2\n");
    match_put("r.json", "{\"switched_off\": [\"conflict\"]}");
    assert_int_equal(RUN(SHEETS, "--different-people"), EXIT_DONE);
    assert_in(match_get("o.csv"), "\n1,1,");
    assert_int_equal(RUN(SHEETS, "--same-people", "--rules", "r.json", "--explain", "why.md"),
                     EXIT_DONE);
    assert_null(strstr(match_get("o.csv"), "\n1,1,"));
    assert_in(match_get("o.csv"), "\n2,1,");
    assert_in(match_get("why.md"), "- conflict of interest: 1 mentor\n");

    match_put("p.csv", "id\n2\n");
    assert_int_equal(RUN(SHEETS), EXIT_DONE);
    assert_int_equal(RUN(SHEETS, "--same-people"), EXIT_DONE);
}

/* What is written. */

static void nothing_that_is_read_is_written_over(void **unused)
{
    static const char mentors[] = "id,capacity\nanna,1\n", participants[] = "id\np1\n";
    const char *const clashes[][3] = {
        {"m.csv", "why.md", "--out m.csv would write over --mentors"},
        {"./p.csv", "why.md", "--out ./p.csv would write over --participants"},
        {"o.csv", "hard.csv", "--explain hard.csv would write over --mentors"},
        {"soft.csv", "why.md", "--out soft.csv would write over --participants"},
        {"o.csv", "r.json", "--explain r.json would write over --rules"},
        {"x.csv", "./x.csv", "--out and --explain are the same file"},
        {"-", "-", "--out and --explain are the same file"},
    };

    (void)unused;
    match_put("m.csv", mentors);
    match_put("p.csv", participants);
    match_put("r.json", "{}");
    assert_int_equal(link("m.csv", "hard.csv"), 0);
    assert_int_equal(symlink("p.csv", "soft.csv"), 0);
    for (size_t i = 0; i < sizeof clashes / sizeof clashes[0]; i++) {
        assert_int_equal(RUN("--mentors", "m.csv", "--participants", "p.csv", "--rules", "r.json",
                             "--out", clashes[i][0], "--explain", clashes[i][1]),
                         EXIT_USAGE);
        assert_said(clashes[i][2]);
        assert_string_equal(match_get("m.csv"), mentors);
        assert_string_equal(match_get("p.csv"), participants);
    }
    match_put("e", "1 1\n0 0 1\n");
    assert_int_equal(RUN("--edges", "e", "--out", "e"), EXIT_USAGE);
    assert_said("--out e would write over --edges");
    assert_int_equal(RUN("--edges", "e", "--out", "/dev/null"), EXIT_DONE);
}

static void names_are_no_markdown(void **unused)
{
    (void)unused;
    match_put("m.csv", "id,capacity,municipality,club\n"
                       "a_b_c,1,<b>X,\"City | South\n[x](javascript:y)\"\n<b>,0,<b>X,\n");
    match_put("p.csv", "id,municipality,waiting_since\n*p*,<b>X,2026-01-01\n`q`,<b>X,\nr,<b>X,\n"
                       "s,<b>X,\nt,<b>X,\n");
    assert_int_equal(RUN(SHEETS, TODAY, "--explain", "why.md"), EXIT_DONE);
    assert_in(match_get("why.md"), "\\*p\\* with mentor a\\_b\\_c");
    assert_in(match_get("why.md"), "## \\`q\\` has nobody");
    assert_in(match_get("why.md"), "but the place goes to \\*p\\*");
    assert_in(match_get("why.md"), "| \\<b\\>X | 5 |");
    assert_in(match_get("why.md"), "| City \\| South \\[x\\](javascript\\:y) |");
    assert_in(match_get("why.md"), "| \\<b\\> | not given |");
    assert_in(match_get("o.csv"), "\n*p*,a_b_c,");
}

static void no_name_is_a_formula(void **unused)
{
    static const struct {
        const char *club, *cell;
    } rows[] = {
        {"=cmd|x", "| '=cmd\\|x |"},
        {"+1", "| '+1 |"},
        {"-1+2", "| '-1+2 |"},
        {"@SUM(A1)", "| '\\@SUM(A1) |"},
        {"\uFF1Dx", "| '\uFF1Dx |"},
        {"\"a\t=b\"", "| a =b |"},
        {"\x02=x", "| ' =x |"},
        {"-", "| '- |"},
        {"City - South", "| City - South |"},
    };

    (void)unused;
    match_put("p.csv", "id,municipality\np1,=1+1\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char sheet[128];

        snprintf(sheet, sizeof sheet, "id,capacity,municipality,club\na,1,=1+1,%s\n", rows[i].club);
        match_put("m.csv", sheet);
        assert_int_equal(RUN(SHEETS, TODAY, "--explain", "why.md"), EXIT_DONE);
        assert_in(match_get("why.md"), rows[i].cell);
    }
}

static void ids_of_a_sheet_that_differ_by_case_are_two_people_and_that_is_said(void **unused)
{
    (void)unused;
    match_put("m.csv", "id,capacity\nanna,1\nbo,1\nAnna,1\nANNA,1\n");
    match_put("p.csv", "id\nP1\np2\np1\n");
    assert_int_equal(RUN(SHEETS, TODAY), EXIT_DONE);
    assert_said(
        "p.csv, line 4, column 1 (id): \"p1\" and \"P1\" in line 2 count as two people: if it "
        "is one, take out a row");
    assert_said(
        "m.csv, line 4, column 1 (id): \"Anna\" and \"anna\" in line 2 count as two people");
    assert_said(
        "m.csv, line 5, column 1 (id): \"ANNA\" and \"Anna\" in line 4 count as two people");
    assert_in(match_get("o.csv"), "\nP1,");
    assert_in(match_get("o.csv"), "\np1,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets_that_differ_in_writing_alone_give_the_same),
        cmocka_unit_test(codes_meet_as_those_who_keep_them_say),
        cmocka_unit_test(swedish_excel_is_read_and_written_as_it_was),
        cmocka_unit_test(each_cell_that_cannot_be_meant_so_is_named),
        cmocka_unit_test(what_only_looks_alike_is_left_alone),
        cmocka_unit_test(what_is_said_of_a_cell_cannot_move_the_cursor),
        cmocka_unit_test(an_id_in_both_sheets_is_one_person_or_two_but_not_unsaid),
        cmocka_unit_test(nothing_that_is_read_is_written_over),
        cmocka_unit_test(names_are_no_markdown),
        cmocka_unit_test(no_name_is_a_formula),
        cmocka_unit_test(ids_of_a_sheet_that_differ_by_case_are_two_people_and_that_is_said),
    };

    return cmocka_run_group_tests(tests, match_enter, match_leave);
}
