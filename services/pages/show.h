/* What templates say, as HTML: every value by what it is, so that nothing in it can become a part of the page (front/html.h).
 *
 * generate.py writes the calls. `_plain` is for within a quoted attribute, where no tag may stand.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/common.h"
#include "core/date.h"
#include "core/error.h"
#include "core/id.h"
#include "core/instant.h"
#include "words/words.h"

struct form;
struct out;

/* Who looks, at which page, and what came of what they typed. */
struct shown {
    struct out *out;
    enum language language;
    enum country country;      /* whose days and hours */
    const char *act;           /* which form was sent, by its name; "" */
    const char *form;          /* which one is being shown */
    const struct form *typed;  /* what was sent and not taken, or NULL */
    const struct error *error; /* why it was not; or NULL */
    char key[ID_TEXT_SIZE];    /* the next command's, in whatever form of the page says it */
    int64_t version;           /* of what the page is about; 0: nothing that has one */
    struct shown_labels
        *labels; /* of the fields that are shown, where they are asked for; or NULL */
};

/* What fields are called, and in which form. */
enum { SHOWN_LABELS_MAX = 64 };
struct shown_labels {
    size_t count;
    struct {
        char form[64], name[FAULT_FIELD_MAX];
        enum words_key label;
    } at[SHOWN_LABELS_MAX];
};

enum { SHOW_TEXT_SIZE = 1100, SHOW_NAME_SIZE = 160 };

void show_raw(struct shown *shown, const char *html, size_t size);

void show_text(struct shown *shown,
               const char *text); /* in a direction of its own; NULL: nothing */
void show_text_plain(struct shown *shown, const char *text);
void show_url(struct shown *shown,
              const char *text); /* percent-encoded (RFC 3986): within a part of an address */
void show_path(struct shown *shown, const char *path); /* of a page of ours */
void show_number(struct shown *shown, int64_t number);
void show_id(struct shown *shown, struct id id);
void show_word(struct shown *shown, enum words_key key); /* WORDS_KEYS: nothing */
void show_word_plain(struct shown *shown, enum words_key key);
void show_words(struct shown *shown, enum words_key key, const struct words_value *values);
void show_words_plain(struct shown *shown, enum words_key key, const struct words_value *values);
void show_english(struct shown *shown, const char *english); /* marked as what it is */
/* What a service says: in the reader's language where the catalogue has it, or else marked as English. NULL: nothing. */
void show_said(struct shown *shown, const char *english);
void show_date(struct shown *shown, struct date date); /* "tuesday 24 november 2026" */
void show_date_plain(struct shown *shown, struct date date);
void show_instant(struct shown *shown, struct instant at); /* that, and the hour */
void show_instant_plain(struct shown *shown, struct instant at);
void show_iso_date(struct shown *shown, struct date date); /* for machines: "2026-11-24" */
void show_iso_instant(struct shown *shown, struct instant at);

/* The same as text, for a place in words. */
void show_write_date(const struct shown *shown, struct date date, char text[SHOW_TEXT_SIZE]);
void show_write_instant(const struct shown *shown, struct instant at, char text[SHOW_TEXT_SIZE]);
void show_write_word(const struct shown *shown, enum words_key key, char text[SHOW_TEXT_SIZE]);

/* Forms. */

enum show_field_kind {
    SHOW_FIELD_TEXT,
    SHOW_FIELD_EMAIL,
    SHOW_FIELD_TEL,
    SHOW_FIELD_LONG, /* some lines */
    SHOW_FIELD_NUMBER,
    SHOW_FIELD_CODE,   /* six digits that were sent */
    SHOW_FIELD_DATE,   /* day, month and year, typed */
    SHOW_FIELD_CHOICE, /* one of a few */
    SHOW_FIELD_MANY,   /* some of a few; value: their words, with a blank before each */
    SHOW_FIELD_SELECT, /* one of many */
    SHOW_FIELD_FLAG,   /* yes, or nothing */
    SHOW_FIELD_FILE,   /* of the reader's device */
};

struct show_options {
    size_t count;
    const struct show_option {
        const char *value;
        enum words_key label; /* or, WORDS_KEYS, text */
        const char *text;
    } * at;
};

struct show_field {
    const char *name; /* as form.h has it: "contact.phone" */
    enum words_key label, hint;
    enum show_field_kind kind;
    bool is_required;
    const char *value; /* unless something was typed; or NULL */
    const char *autocomplete;
    const struct show_options *options;
};

/* What a field of one of many is called: "days[0]" and "minutes" are "days[0].minutes". */
void show_name(const char *within, const char *field, char name[SHOW_NAME_SIZE]);
/* A label, what is wrong with what was typed, and where to type it again. */
void show_field(struct shown *shown, const struct show_field *field);
/* The first thing in a form: which it is, what makes it one command, however often it is sent, and the version that it was made
 * against. form lives as long as the program. */
void show_form(struct shown *shown, const char *form);
/* In the tag of what hides a form: open, where that one was sent and not taken. */
void show_open(struct shown *shown, const char *form);
/* The error above the form, with a way to each faulty field; nothing where there is none. */
void show_error(struct shown *shown);

/* "sv"; what it calls itself; and "rtl" or "ltr". Constant, until the process ends. */
const char *show_language(enum language language);
const char *show_own_name(enum language language);
const char *show_direction(enum language language);
