/* Values and forms as they stand in a page. */
#include "show.h"

#include "../test.h"

#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/form.h"
#include "core/zone.h"
#include "front/out.h"

static struct out out;

static struct shown begin(enum language language)
{
    out_clear(&out);
    return (struct shown){
        .out = &out, .language = language, .country = COUNTRY_SE, .act = "", .form = ""};
}

static void assert_shown(const char *expected)
{
    out_add(&out, "", 1); /* its end */
    assert_string_equal(out.at, expected);
    out_clear(&out);
}

static void a_text_is_text_in_a_direction_of_its_own(void **unused)
{
    struct shown shown = begin(LANGUAGE_SV);

    (void)unused;
    show_text(&shown, "<b> & \"Zoë\"");
    assert_shown("<bdi>&lt;b&gt; &amp; &quot;Zoë&quot;</bdi>");
    show_text_plain(&shown, "a\"b");
    assert_shown("a&quot;b");
    show_text(&shown, NULL);
    assert_shown("");
}

static void what_stands_in_an_address_cannot_leave_it(void **unused)
{
    struct shown shown = begin(LANGUAGE_SV);

    (void)unused;
    show_url(&shown, "+46 70/?#&å\"<");
    assert_shown("+46%2070%2F%3F%23%26%C3%A5%22%3C");
    show_path(&shown, "/mentorships");
    assert_shown("/mentorships");
}

static void a_value_within_words_is_no_part_of_them(void **unused)
{
    struct shown shown = begin(LANGUAGE_EN);

    (void)unused;
    show_words(&shown, WORDS_PAGE_MENTORSHIP_UNTIL,
               WORDS(words_text("until", "<i>{until}\x02\x03")));
    assert_shown("Paused until <bdi>&lt;i&gt;{until}  </bdi>.");
    show_words_plain(&shown, WORDS_PAGE_MENTORSHIP_UNTIL, WORDS(words_text("until", "\"x\"")));
    assert_shown("Paused until &quot;x&quot;.");
}

static void what_falls_back_is_marked_with_its_language(void **unused)
{
    struct shown shown = begin(LANGUAGE_AR);

    (void)unused;
    show_word(&shown, WORDS_PAGE_NAV_TOKENS);
    assert_shown("<span lang=\"en\" dir=\"ltr\">Access keys</span>");
    show_word_plain(&shown, WORDS_PAGE_NAV_TOKENS);
    assert_shown("Access keys");
    show_word(&shown, WORDS_PAGE_NAV_TODAY);
    assert_shown("اليوم");
    show_words(&shown, WORDS_PAGE_MENTORSHIP_UNTIL, WORDS(words_text("until", "Zoë")));
    assert_shown("توقف مؤقت حتى <bdi>Zoë</bdi>.");
}

/* A field, and a list of which one is wrong; then what it says of them above. */
static void show_mistakes(struct shown *shown, struct error *error)
{
    static const struct show_field field = {.name = "languages",
                                            .kind = SHOW_FIELD_TEXT,
                                            .label = WORDS_PAGE_MENTORSHIP_PARTICIPANT,
                                            .hint = WORDS_KEYS};
    struct shown_labels labels = {0};

    shown->error = error;
    shown->act = "change";
    shown->labels = &labels;
    show_form(shown, "change");
    show_field(shown, &field);
    out_clear(&out);
    show_error(shown);
    out_add(&out, "", 1);
}

static void what_is_wrong_is_said_in_the_readers_language(void **unused)
{
    struct shown shown = begin(LANGUAGE_SV);
    struct error error = {.kind = ERROR_REFUSED};

    (void)unused;
    snprintf(error.text, sizeof error.text, "%s", "All the mentor's places are taken.");
    error_add_fault(&error, "languages[2]", "not from 1900-01-01 to 2026-11-30");
    error_add_fault(&error, "strange", "none of these: one, other");
    error_add_fault(&error, "strange", "<what nobody has translated>");
    show_mistakes(&shown, &error);
    assert_non_null(strstr(out.at, "<p>Alla mentorns platser är tagna.</p>"));
    assert_non_null(strstr(
        out.at, "<a href=\"#change-languages\">Deltagare</a>: inte från <bdi>1900-01-01</bdi> till "
                "<bdi>2026-11-30</bdi><"));
    assert_non_null(strstr(
        out.at,
        "<span lang=\"en\" dir=\"ltr\">strange</span></a>: inget av det som går att välja<"));
    assert_non_null(strstr(
        out.at, ": <span lang=\"en\" dir=\"ltr\">&lt;what nobody has translated&gt;</span>"));
    out_clear(&out);
}

static void days_and_hours_are_those_of_the_place(void **unused)
{
    static const struct {
        const char *at, *told;
    } hours[] = {
        {"2026-11-29T22:05:59.999Z", "söndag 29 november 2026 kl. 23:05"},
        {"2026-06-30T22:30:00.000Z", "onsdag 1 juli 2026 kl. 00:30"},
        {"2026-03-29T00:59:00.000Z", "söndag 29 mars 2026 kl. 01:59"},
        {"2026-03-29T01:00:00.000Z", "söndag 29 mars 2026 kl. 03:00"}, /* summer begins */
        {"2026-10-25T03:00:00.000Z", "söndag 25 oktober 2026 kl. 04:00"},
        {"2026-10-25T22:59:00.000Z", "söndag 25 oktober 2026 kl. 23:59"},
    };
    struct shown shown = begin(LANGUAGE_SV);
    char text[SHOW_TEXT_SIZE];

    (void)unused;
    for (size_t i = 0; i < sizeof hours / sizeof hours[0]; i++) {
        struct instant at;

        assert_true(instant_read(hours[i].at, (uint32_t)strlen(hours[i].at), &at));
        show_write_instant(&shown, at, text);
        assert_string_equal(text, hours[i].told);
    }
    show_date(&shown, date_of(1969, 12, 31));
    assert_shown("<time datetime=\"1969-12-31\">onsdag 31 december 1969</time>");
}

static const struct show_field phone = {.name = "contact.phone",
                                        .label = WORDS_PAGE_ME_PHONE,
                                        .hint = WORDS_KEYS,
                                        .kind = SHOW_FIELD_TEL,
                                        .value = "+46701"};

static void a_field_has_a_label_and_what_is_known(void **unused)
{
    struct shown shown = begin(LANGUAGE_EN);

    (void)unused;
    shown.form = "change_contact";
    show_field(&shown, &phone);
    assert_shown("<div class=\"field\"><label for=\"change_contact-contact.phone\">Telephone <span "
                 "class=\"optional\">(not needed)</span></label><input "
                 "id=\"change_contact-contact.phone\" name=\"contact.phone\" type=\"tel\" "
                 "dir=\"ltr\" value=\"+46701\"></div>");
}

/* Only in the form that was sent: another on the page may have a field of that name. */
static void what_was_typed_stays_with_what_is_wrong(void **unused)
{
    static struct form typed;
    struct shown shown = begin(LANGUAGE_EN);
    struct error err;

    (void)unused;
    assert_true(form_parse("contact.phone=%3Cx%3E", 21, &typed, &err));
    error_set(&err, ERROR_INVALID, "invalid", "It is wrong.");
    error_add_fault(&err, "contact.phone", "not a number");
    shown.typed = &typed;
    shown.error = &err;
    shown.act = "change_contact";
    shown.form = "another";
    show_field(&shown, &phone);
    out_add(&out, "", 1);
    assert_non_null(strstr(out.at, "value=\"+46701\""));
    assert_null(strstr(out.at, "aria-invalid"));
    out_clear(&out);
    shown.form = "change_contact";
    show_field(&shown, &phone);
    out_add(&out, "", 1);
    assert_non_null(strstr(out.at, "value=\"&lt;x&gt;\""));
    assert_non_null(strstr(
        out.at, "aria-invalid=\"true\" aria-describedby=\"change_contact-contact.phone-fault\""));
    assert_non_null(strstr(out.at, "not a number"));
    out_clear(&out);
    show_open(&shown, "change_contact");
    assert_shown(" open");
    show_open(&shown, "another");
    assert_shown("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_text_in_a_direction_of_its_own),
        cmocka_unit_test(what_stands_in_an_address_cannot_leave_it),
        cmocka_unit_test(a_value_within_words_is_no_part_of_them),
        cmocka_unit_test(what_falls_back_is_marked_with_its_language),
        cmocka_unit_test(what_is_wrong_is_said_in_the_readers_language),
        cmocka_unit_test(days_and_hours_are_those_of_the_place),
        cmocka_unit_test(a_field_has_a_label_and_what_is_known),
        cmocka_unit_test(what_was_typed_stays_with_what_is_wrong),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);

    out_destroy(&out);
    return failed;
}
