/* What is known about somebody, as a page: nothing in it is anything but text, and it is in their language. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "contract/all.h"
#include "contract/person.h"
#include "core/descriptor.h"
#include "document.h"
#include "front/html.h"
#include "front/out.h"
#include "terms.h"

static struct out out;
static struct document page = {.out = &out, .language = LANGUAGE_EN, .country = COUNTRY_SE};

static const char *written(void)
{
    out_add(&out, "", 1);
    return out.at;
}

static const char *text_of(const char *text)
{
    out_clear(&out);
    html_text(&out, text);
    return written();
}

static void what_would_be_a_part_of_the_page_is_text(void **unused)
{
    static const struct {
        const char *said, *stands;
    } rows[] = {
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\" onload='x' & </title>", "&quot; onload=&#39;x&#39; &amp; &lt;/title&gt;"},
        {"&lt;b&gt;", "&amp;lt;b&amp;gt;"},
        {"<!-- --><![CDATA[", "&lt;!-- --&gt;&lt;![CDATA["},
        {"%s%n{name}", "%s%n{name}"},
        {"Åse Ødegård 李", "Åse Ødegård 李"},
        {"one\ntwo\tthree", "one\ntwo\tthree"},
        {"a\x1b[2Jb\x07\x7f", "a[U+001B][2Jb[U+0007][U+007F]"},
        {"abc\u202Ecba\u2066x\u200F", "abc[U+202E]cba[U+2066]x[U+200F]"},
        {"\u061C", "[U+061C]"},
        {"\u2013 \u20AC \u2070", "\u2013 \u20AC \u2070"}, /* beside them, and nothing of the kind */
        {"\xE2", "\xE2"},
        {"\xE2\x80", "\xE2\x80"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(text_of(rows[i].said), rows[i].stands);
}

static const char *page_of(enum language language)
{
    struct person_who who = {.given_name = "</dd><img src=x>",
                             .has_birth_date = true,
                             .birth_date = {8886, 8886},
                             .has_goals = true,
                             .goals = "<b>Work</b>"};

    out_clear(&out);
    page.language = language;
    document_begin(&page, (struct instant){INT64_C(1795341600000)});
    document_section(&page, WORDS_EXPORT_WHO);
    document_value(&page, &person_who_descriptor, &who);
    document_end(&page, false);
    page.language = LANGUAGE_EN;
    return written();
}

static void a_page_says_names_as_people_do_and_dates_as_they_are_there(void **unused)
{
    const char *english = page_of(LANGUAGE_EN);

    (void)unused;
    assert_non_null(strstr(english, "<html lang=\"en\" dir=\"ltr\">"));
    assert_non_null(strstr(english, "<dt>Given name</dt><dd>&lt;/dd&gt;&lt;img src=x&gt;</dd>"));
    assert_non_null(strstr(english, "<dt>Born</dt><dd>1994-05-01</dd>"));
    assert_non_null(strstr(english, "<dt>What you hope for</dt><dd>&lt;b&gt;Work&lt;/b&gt;</dd>"));
    assert_non_null(strstr(english, "2026-11-22 11:00")); /* there it is winter */
    assert_null(strstr(english, "given_name"));
    assert_null(strstr(english, "<img"));
    assert_null(strstr(english, "http"));
    assert_null(strstr(english, "<dt>E-mail</dt>"));
    assert_non_null(strstr(page_of(LANGUAGE_SV), "<dt>Förnamn</dt>"));
    assert_non_null(strstr(page_of(LANGUAGE_NB), "<dt>Fornavn</dt>"));
    assert_non_null(strstr(page_of(LANGUAGE_NN), "<dt>Førenamn</dt>"));
}

/* 2026-10-25 has 25 hours there, 2026-03-29 23. */
static void hours_are_those_of_the_clock_there(void **unused)
{
    static const struct {
        int64_t at_ms;
        const char *stands;
    } rows[] = {{INT64_C(1792879200000), "2026-10-25 00:00"},
                {INT64_C(1792922400000), "2026-10-25 11:00"},
                {INT64_C(1774738800000), "2026-03-29 00:00"},
                {INT64_C(1774778400000), "2026-03-29 12:00"},
                {INT64_C(1782000000000), "2026-06-21 02:00"}};
    struct person row = {.state = PERSON_STATE_ACTIVE, .has_kept_until = true};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        row.kept_until.ms = rows[i].at_ms;
        out_clear(&out);
        document_value(&page, &person_descriptor, &row);
        assert_non_null(strstr(written(), rows[i].stands));
    }
}

static void lists_words_and_flags_are_said(void **unused)
{
    struct person row = {.state = PERSON_STATE_ACTIVE,
                         .has_sealed = true,
                         .roles = {1, {{.part = PERSON_PART_MENTOR, .cleared = true}}}};
    const char *text;

    (void)unused;
    out_clear(&out);
    document_value(&page, &person_descriptor, &row);
    text = written();
    assert_non_null(strstr(text, "<dt>Parts</dt><dd><ul><li><dl><dt>Part</dt><dd>mentor</dd>"));
    assert_non_null(strstr(text, "<dt>Cleared for people under protection</dt><dd>yes</dd>"));
    assert_null(strstr(text, "sealed")); /* nothing that is internal */
}

/* A table that is out of order is not found in. */
static void every_term_of_the_catalogue_is_found(void **unused)
{
    static const char *const fields[] = {"about", "given_name", "id", "words", "until", "version"};
    enum words_key key;

    (void)unused;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        assert_true(terms_find(TERMS_FIELD, fields[i], &key));
    assert_true(terms_find(TERMS_RECORD, "audit", &key) && key == WORDS_EXPORT_RECORD_AUDIT);
    assert_true(terms_find(TERMS_RECORD, "trainee", &key));
    assert_true(terms_find(TERMS_WORD, "accepted", &key) &&
                terms_find(TERMS_WORD, "withdrawn", &key));
    assert_false(terms_find(TERMS_FIELD, "no such", &key));
}

/* Of the person, and of who has read of them, every field has a word. */
static void what_matters_most_has_words_for_every_field(void **unused)
{
    static const struct descriptor *const all[] = {&person_known_descriptor,
                                                   &person_kept_descriptor, &person_descriptor};
    enum words_key key;

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        for (size_t k = 0; k < all[i]->count; k++)
            if ((all[i]->fields[k].flags & FIELD_INTERNAL) == 0 &&
                !terms_find(TERMS_FIELD, all[i]->fields[k].name, &key))
                fail_msg("%s has no word", all[i]->fields[k].name);
}

static void the_language_is_what_is_asked_for_or_accepted(void **unused)
{
    static const struct {
        const char *wanted, *accepted;
        enum language is;
    } rows[] = {{NULL, NULL, LANGUAGE_EN}, {"nn", "sv", LANGUAGE_NN},
                {"xx", "sv", LANGUAGE_SV}, {NULL, "nb-NO,nb;q=0.9,en", LANGUAGE_NB},
                {NULL, "no", LANGUAGE_NB}, {NULL, "xx-YY, tlh;q=1, sv;q=0.1", LANGUAGE_SV},
                {NULL, "", LANGUAGE_EN},   {NULL, ",,;;, ,", LANGUAGE_EN},
                {NULL, "*", LANGUAGE_EN},  {"", "abcdefgh", LANGUAGE_EN},
                {"ar", "sv", LANGUAGE_EN}}; /* of which Arabic has a few words only */

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(document_language(rows[i].wanted, rows[i].accepted), rows[i].is);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_would_be_a_part_of_the_page_is_text),
        cmocka_unit_test(a_page_says_names_as_people_do_and_dates_as_they_are_there),
        cmocka_unit_test(hours_are_those_of_the_clock_there),
        cmocka_unit_test(lists_words_and_flags_are_said),
        cmocka_unit_test(every_term_of_the_catalogue_is_found),
        cmocka_unit_test(what_matters_most_has_words_for_every_field),
        cmocka_unit_test(the_language_is_what_is_asked_for_or_accepted),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);

    out_destroy(&out);
    return failed;
}
