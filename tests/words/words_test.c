/* What is said of the catalogues in example/: English, Arabic, and a little Japanese. */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "words/words.h"

static char said[512];

static const char *say(enum language language, enum words_key key, const struct words_value *values)
{
    struct words_room room = words_begin(said, sizeof said);

    words_say(&room, language, key, values);
    assert_false(room.is_cut);
    assert_int_equal(room.used, strlen(said));
    return said;
}

static const char *pairs(enum language language, long long number)
{
    return say(language, WORDS_COUNT_PAIRS, WORDS(words_number("n", number)));
}

static void a_number_takes_the_form_of_its_language(void **unused)
{
    static const struct {
        long long number;
        const char *english, *arabic;
    } rows[] = {
        {0, "0 pairs", "لا أزواج"},        {1, "1 pair", "زوج واحد"},
        {2, "2 pairs", "زوجان"},           {3, "3 pairs", "3 أزواج"},
        {10, "10 pairs", "10 أزواج"},      {11, "11 pairs", "11 زوجًا"},
        {21, "21 pairs", "21 زوجًا"},       {100, "100 pairs", "100 زوج"},
        {101, "101 pairs", "101 زوج"},     {103, "103 pairs", "103 أزواج"},
        {1011, "1011 pairs", "1011 زوجًا"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(pairs(LANGUAGE_EN, rows[i].number), rows[i].english);
        assert_string_equal(pairs(LANGUAGE_AR, rows[i].number), rows[i].arabic);
    }
}

static void a_number_below_zero_takes_the_form_that_it_has_without_its_sign(void **unused)
{
    static const struct {
        long long number;
        const char *says;
    } rows[] = {
        {-1, "-1 point"}, {1, "+1 point"},  {-2, "-2 points"},
        {0, "+0 points"}, {7, "+7 points"}, {INT64_MIN, "-9223372036854775808 points"},
    };

    (void)unused;
    assert_string_equal(pairs(LANGUAGE_EN, -1), "-1 pair");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(
            say(LANGUAGE_EN, WORDS_COUNT_POINTS, WORDS(words_number("n", rows[i].number))),
            rows[i].says);
}

static void a_sentence_is_put_together_with_counted_parts(void **unused)
{
    const struct words_value *values =
        WORDS(words_text("name", "Åsa"), words_count("pairs", WORDS_COUNT_PAIRS, 2),
              words_count("points", WORDS_COUNT_POINTS, 1), words_number("best", 11),
              words_text("other", "not said"));

    (void)unused;
    assert_string_equal(say(LANGUAGE_EN, WORDS_EXPLAIN_SUMMARY, values),
                        "2 pairs with Åsa, 2 pairs in all: +1 point, best 11.");
    assert_string_equal(say(LANGUAGE_AR, WORDS_EXPLAIN_SUMMARY, values),
                        "زوجان مع Åsa، والمجموع زوجان: +1 نقطة، والأفضل 11.");
    assert_string_equal(say(LANGUAGE_EN, WORDS_EXPLAIN_MOVED,
                            WORDS(words_number("n", 1), words_text("name", "Åsa"))),
                        "1 proposal was changed for Åsa.");
}

static void what_people_wrote_is_no_place_for_a_value(void **unused)
{
    static const char *const names[] = {"{name}", "{pairs} {n}", "}{", "%s %n", "{", "", "مريم"};
    char expected[64];

    (void)unused;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(expected, sizeof expected, "Hello %s, hello!", names[i]);
        assert_string_equal(
            say(LANGUAGE_EN, WORDS_MAIL_HELLO,
                WORDS(words_text("name", names[i]), words_count("pairs", WORDS_COUNT_PAIRS, 1))),
            expected);
    }
}

static void what_a_language_lacks_is_said_as_its_other_says_it(void **unused)
{
    (void)unused;
    assert_string_equal(say(LANGUAGE_JA, WORDS_MAIL_HELLO, WORDS(words_text("name", "Ada"))),
                        "こんにちは、Adaさん！");
    assert_string_equal(say(LANGUAGE_JA, WORDS_MAIL_REGARDS, NULL), "Kind regards"); /* fuzzy */
    assert_string_equal(pairs(LANGUAGE_JA, 1), "1 pair");
    assert_string_equal(pairs(LANGUAGE_JA, 2), "2 pairs");
    assert_string_equal(say(LANGUAGE_JA, WORDS_EXPLAIN_MOVED,
                            WORDS(words_number("n", 1), words_text("name", "Ada"))),
                        "Adaのために1件の提案を変更しました。");
}

static void a_language_says_how_it_is_read_and_in_which_one_it_is_said(void **unused)
{
    (void)unused;
    assert_string_equal(words_direction(LANGUAGE_AR), "rtl");
    assert_string_equal(words_direction(LANGUAGE_EN), "ltr");
    assert_string_equal(words_direction(LANGUAGE_JA), "ltr");
    assert_int_equal(words_said_in(LANGUAGE_JA, WORDS_MAIL_HELLO), LANGUAGE_JA);
    assert_int_equal(words_said_in(LANGUAGE_JA, WORDS_MAIL_REGARDS), LANGUAGE_EN);
}

static bool is_inside_a_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

static void what_does_not_fit_is_cut_between_characters_and_stays_cut(void **unused)
{
    const struct words_value *values = WORDS(words_text("name", "مريم"));
    char whole[sizeof said], part[sizeof said];

    (void)unused;
    strcpy(whole, say(LANGUAGE_AR, WORDS_MAIL_HELLO, values));
    for (size_t size = 1; size <= strlen(whole); size++) {
        struct words_room room = words_begin(part, size);

        words_say(&room, LANGUAGE_AR, WORDS_MAIL_HELLO, values);
        assert_true(room.is_cut);
        words_add(&room, "");
        words_add(&room, "x");
        assert_int_equal(room.used, strlen(part));
        assert_memory_equal(part, whole, room.used);
        assert_false(is_inside_a_character(whole[room.used]));
        assert_true(size - 1 - room.used < 2); /* each of these characters is two bytes at most */
    }
    assert_string_equal(say(LANGUAGE_AR, WORDS_MAIL_HELLO, values), "مرحبًا مريم، أهلًا!");
}

static void what_just_fits_is_not_cut(void **unused)
{
    char text[sizeof "Kind regards"];
    struct words_room room = words_begin(text, sizeof text);

    (void)unused;
    words_say(&room, LANGUAGE_EN, WORDS_MAIL_REGARDS, NULL);
    assert_false(room.is_cut);
    assert_string_equal(text, "Kind regards");
    words_add(&room, "");
    assert_false(room.is_cut);
    words_add(&room, "!");
    assert_true(room.is_cut);
}

/* Whether saying it ends the process. */
static bool is_bug(enum words_key key, const struct words_value *values)
{
    const pid_t child = fork();
    int status;

    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        if (freopen("/dev/null", "w", stderr) != NULL) say(LANGUAGE_EN, key, values);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void a_place_without_a_value_is_a_bug(void **unused)
{
    (void)unused;
    assert_true(is_bug(WORDS_MAIL_HELLO, NULL));
    assert_true(is_bug(WORDS_MAIL_HELLO, WORDS(words_text("nam", "Ada"))));
    assert_true(is_bug(WORDS_MAIL_HELLO, WORDS(words_text("names", "Ada"))));
    assert_false(is_bug(WORDS_MAIL_HELLO, WORDS(words_text("name", "Ada"))));
    assert_true(is_bug(WORDS_MAIL_HELLO, WORDS(words_text("name", NULL))));
    assert_false(is_bug(WORDS_MAIL_REGARDS, WORDS(words_text("name", NULL))));
    assert_true(is_bug(WORDS_COUNT_PAIRS, WORDS(words_number("pairs", 1))));
    assert_true(is_bug(WORDS_COUNT_PAIRS, WORDS(words_text("n", "1"))));
    assert_true(is_bug(WORDS_EXPLAIN_MOVED, WORDS(words_number("n", 1))));
    assert_true(is_bug(WORDS_KEYS, NULL));
}

static void languages_are_found_by_their_codes(void **unused)
{
    enum language language = LANGUAGE_AR;

    (void)unused;
    assert_true(words_language_read("ja", &language));
    assert_int_equal(language, LANGUAGE_JA);
    assert_true(words_language_read(NULL, &language));
    assert_int_equal(language, LANGUAGE_EN);
    assert_false(words_language_read("sv", &language));
    assert_false(words_language_read("", &language));
    assert_string_equal(WORDS_LANGUAGE_CODES, "ar, en or ja");
    assert_int_equal(WORDS_LANGUAGES, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_takes_the_form_of_its_language),
        cmocka_unit_test(a_number_below_zero_takes_the_form_that_it_has_without_its_sign),
        cmocka_unit_test(a_sentence_is_put_together_with_counted_parts),
        cmocka_unit_test(what_people_wrote_is_no_place_for_a_value),
        cmocka_unit_test(what_a_language_lacks_is_said_as_its_other_says_it),
        cmocka_unit_test(a_language_says_how_it_is_read_and_in_which_one_it_is_said),
        cmocka_unit_test(what_does_not_fit_is_cut_between_characters_and_stays_cut),
        cmocka_unit_test(what_just_fits_is_not_cut),
        cmocka_unit_test(a_place_without_a_value_is_a_bug),
        cmocka_unit_test(languages_are_found_by_their_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
