/* What is the same letter for the eye is the same for `fadder match`. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "letters/letters.h"

static void letters_are_composed_and_what_is_unseen_goes(void **unused)
{
    static const struct {
        const char *name, *given, *clean;
    } rows[] = {
        {"ASCII", "sv;ar\r\n", "sv;ar\r\n"},
        {"a with a ring, from macOS", "Ra\u030Adet", "R\u00E5det"},
        {"a ring that is a unit", "\u212B", "\u00C5"},
        {"two marks in another order", "q\u0307\u0323", "q\u0323\u0307"},
        {"two marks that become one letter", "o\u0302\u0323", "\u1ED9"},
        {"a mark that one of its order stands before", "e\u030D\u0301", "e\u030D\u0301"},
        {"a mark that another one stands before", "e\u0334\u0301", "\u00E9\u0334"},
        {"a mark with nothing before it", "\u030Aa", "\u030Aa"},
        {"a letter that is not put together again", "\u0958", "\u0915\u093C"},
        {"a syllable of three", "\u1112\u1161\u11AB", "\uD55C"},
        {"a syllable of two", "\u1112\u1161", "\uD558"},
        {"a syllable and its tail", "\uD558\u11AB", "\uD55C"},
        {"a letter beyond the basic plane", "\U0001D15E", "\U0001D157\U0001D165"},
        {"blanks that do not break", "a\u00A0b\u202Fc\u3000d", "a b c d"},
        {"what cannot be seen", "\u200Ea\u00ADb\u200Bc\uFEFF\u2069", "abc"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t size;
        char *clean = letters_clean(rows[i].given, strlen(rows[i].given), &size);

        if (strcmp(clean, rows[i].clean) != 0) fail_msg("%s: %s", rows[i].name, clean);
        assert_int_equal(size, strlen(clean));
        free(clean);
    }
}

static void words_compare_whatever_their_case_width_and_dashes(void **unused)
{
    static const char *const rows[][3] = {
        {"SV", "sv", "sv"},
        {"\u00C5mot \u00D8", "\u00E5mot \u00F8", "amoto"},
        {"mon\u2013evening", "mon-evening", "monevening"},
        {"\uFF1Da\uFF11", "=a1", "a1"},
        {"Upplands-V\u00E4sby", "upplands-v\u00E4sby", "upplandsvasby"},
        {"\u2013", "-", ""},
        {"Stra\u00DFe", "strasse", "strasse"},
        {"STRA\u1E9EE", "strasse", "strasse"},
        {"\u039D\u03A3", "\u03BD\u03C3", "\u03BD\u03C3"},
        {"\u03BD\u03C2", "\u03BD\u03C3", "\u03BD\u03C3"},
        {"\xC3", "\uFFFD", "\uFFFD"},
        {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", "\uFFFD\uFFFD\uFFFD"},
        {"\uFB01nans", "\uFB01nans", "finans"}, /* one sign for two letters */
        {"S\u00E6dal \u0141\u00F3d\u017A", "s\u00E6dal \u0142\u00F3d\u017A", "saedallodz"},
        {"\u0915\u093F", "\u0915\u093F", "\u0915\u093F"}, /* a vowel is no mark above */
        {"\u0645\u062F", "\u0645\u062F", "\u0645\u062F"},
        {"", "", ""},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *folded = letters_fold(rows[i][0]), *bare = letters_bare(rows[i][0]);

        assert_string_equal(folded, rows[i][1]);
        assert_string_equal(bare, rows[i][2]);
        free(folded);
        free(bare);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_composed_and_what_is_unseen_goes),
        cmocka_unit_test(words_compare_whatever_their_case_width_and_dashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
