/* A walk over a message, as its descriptor says; at each value that has a form, what that form asks for. */
#include "intake/intake.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "codes/codes.h"
#include "core/base64.h"
#include "core/check.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/place.h"
#include "core/zone.h"
#include "intake/domain.h"
#include "intake/mailbox.h"
#include "intake/name.h"
#include "intake/phone.h"

enum {
    WHAT_MAX = sizeof((struct fault *)0)->what,
    SECRET_MIN = 24, /* bytes, as Standard Webhooks has it */
    SECRET_MAX = 64,
    SECRET_KINDS = 12, /* different bytes that one has, and different steps from each to the next */
};

struct taking {
    const struct intake *intake;
    struct date today;
    const char *message;  /* what is taken in */
    bool is_participants; /* which is said of a participant, so that a birth in it is theirs */
    bool is_faulty;
    char what[WHAT_MAX]; /* what is wrong with a value, where that is put together */
    struct error *err;
};

/* The forms. Each returns NULL, or what is wrong. */

typedef const char *form(struct taking *t, const struct field *field, char *value);

static const char *take_set(struct taking *t, const struct field *field, char *value)
{
    char *at = value + field->first;
    uint32_t count, kept = 0;

    (void)t;
    memcpy(&count, value, sizeof count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t same = 0;

        while (same < kept && memcmp(at + (size_t)same * field->stride,
                                     at + (size_t)i * field->stride, field->stride) != 0)
            same++;
        if (same == kept && kept++ != i)
            memcpy(at + (size_t)(kept - 1) * field->stride, at + (size_t)i * field->stride,
                   field->stride);
    }
    memset(at + (size_t)kept * field->stride, 0, (size_t)(count - kept) * field->stride);
    memcpy(value, &kept, sizeof kept);
    return NULL;
}

static const char *take_name(struct taking *t, const struct field *field, char *value)
{
    (void)t;
    return name_take(value, 4 * (size_t)field->max + 1);
}

static void put_text(const struct field *field, char *value, const char *text)
{
    memset(value, 0, 4 * (size_t)field->max + 1);
    memcpy(value, text, strlen(text));
}

static const char *take_mailbox(struct taking *t, const struct field *field, char *value)
{
    char mailbox[MAILBOX_MAX + 1];
    const char *what = mailbox_read(value, strlen(value), mailbox);

    (void)t;
    if (what == NULL) put_text(field, value, mailbox);
    return what;
}

static const char *take_url(struct taking *t, const struct field *field, char *value)
{
    (void)t;
    (void)field;
    if (domain_of_url_can_be(value)) return NULL;
    return "an address whose host cannot be: no name in other letters is written so; ask whose it "
           "is for its name, such as xn--rksmrgs-5wao1o.se";
}

static const char *take_phone(struct taking *t, const struct field *field, char *value)
{
    char phone[PHONE_MAX + 1];
    const char *what = phone_read(value, strlen(value), t->intake->country, phone);

    if (what == NULL) put_text(field, value, phone);
    return what;
}

static const char *take_language(struct taking *t, const struct field *field, char *value)
{
    const char *code = codes_language(value, strlen(value));

    (void)t;
    if (code == NULL) return "no language's code: ISO 639-1 such as sv, or 639-3 such as tig";
    if (!codes_language_is_spoken(code))
        return "no language that somebody speaks: und, mul, mis and zxx name none; leave it out";
    put_text(field, value, code);
    return NULL;
}

static const char *take_occupation(struct taking *t, const struct field *field, char *value)
{
    static const char *const like[] = {
        "SSYK 2012, such as 7231 or 72", "STYRK-08, such as 7231 or 72",
        "ISCO-08, such as 7231 or 72", "JobTech's taxonomy, such as 17Xf_MuM_vg2"};
    const struct occupation *occupation = (const struct occupation *)(const void *)value;

    (void)field;
    if (codes_occupation(occupation->scheme, occupation->code)) return NULL;
    snprintf(t->what, sizeof t->what, "no code of %s", like[occupation->scheme]);
    return t->what;
}

/* "0180" or "SE-0180": which country's, and where its digits begin. */
static bool read_country(const char *text, enum country *country, const char **digits)
{
    static const char *const names[] = {[COUNTRY_SE] = "SE-", [COUNTRY_NO] = "NO-"};

    *digits = text;
    if (strlen(text) == 4) return true;
    *digits = text + 3;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(text, names[i], 3) == 0) {
            *country = (enum country)i;
            return true;
        }
    return false;
}

/* country: the one that the code names, or the programme's. */
static const char *no_municipality(struct taking *t, enum country country, const char *code)
{
    static const char *const own[] = {[COUNTRY_SE] = "Sweden's (SCB), such as 0180",
                                      [COUNTRY_NO] = "Norway's (SSB), such as 0301"};
    static const char *const foreign[] = {[COUNTRY_SE] = "Sweden's (SCB), such as SE-0180",
                                          [COUNTRY_NO] = "Norway's (SSB), such as NO-0301"};
    const char *const *keepers = country == t->intake->country ? own : foreign;
    const enum country other = country == COUNTRY_SE ? COUNTRY_NO : COUNTRY_SE;
    const struct codes_municipality *abroad = codes_municipality(other, code, strlen(code));

    if (abroad == NULL)
        snprintf(t->what, sizeof t->what, "no municipality of %s", keepers[country]);
    else
        snprintf(t->what, sizeof t->what, "no municipality of %s; %s is %s-%s", keepers[country],
                 abroad->name, other == COUNTRY_SE ? "SE" : "NO", code);
    return t->what;
}

static const char *take_municipality(struct taking *t, const struct field *field, char *value)
{
    enum country country = t->intake->country;
    const struct codes_municipality *found;
    char text[sizeof "SE-0180"];
    const char *digits;

    if (!read_country(value, &country, &digits))
        return "no municipality: four digits, such as 0180, or with its country, SE-0180";
    if ((found = codes_municipality(country, digits, strlen(digits))) == NULL)
        return no_municipality(t, country, digits);
    if (found->until.day < t->today.day && strchr(found->successors, ',') != NULL) {
        snprintf(t->what, sizeof t->what, "no municipality any more, but one of %s",
                 found->successors);
        return t->what;
    }
    snprintf(text, sizeof text, "%s%.4s",
             country == t->intake->country ? ""
             : country == COUNTRY_SE       ? "SE-"
                                           : "NO-",
             found->until.day < t->today.day ? found->successors : found->code);
    put_text(field, value, text);
    return NULL;
}

/* Secrets. */

/* How many different ones there are among them. */
static size_t kinds_of(const uint8_t *bytes, size_t size)
{
    bool is_there[UINT8_MAX + 1] = {false};
    size_t kinds = 0;

    for (size_t i = 0; i < size; i++) {
        kinds += !is_there[bytes[i]];
        is_there[bytes[i]] = true;
    }
    return kinds;
}

/* Of 24 random bytes fewer than 12 differ once in ten thousand million times, and so it is with the steps between them. */
static bool is_guessable(const uint8_t *bytes, size_t size)
{
    uint8_t steps[SECRET_MAX];
    bool is;

    for (size_t i = 0; i < size; i++)
        steps[i] = (uint8_t)(bytes[i] - bytes[(i + 1) % size]);
    is = kinds_of(bytes, size) < SECRET_KINDS || kinds_of(steps, size) < SECRET_KINDS;
    explicit_bzero(steps, sizeof steps);
    return is;
}

static const char *take_secret(struct taking *t, const struct field *field, char *value)
{
    static const char prefix[] = "whsec_";
    const size_t skip = sizeof prefix - 1, length = strlen(value);
    uint8_t bytes[SECRET_MAX];
    size_t size = sizeof bytes;
    const char *what = NULL;

    (void)t;
    (void)field;
    if (length < skip || memcmp(value, prefix, skip) != 0 ||
        !base64_read(value + skip, length - skip, bytes, &size) || size < SECRET_MIN)
        what = "not whsec_ and the base64 (with its padding) of 24 to 64 bytes";
    else if (is_guessable(bytes, size))
        what = "one that can be guessed: leave it out and one is made, or take 32 bytes of "
               "chance (openssl rand -base64 32)";
    explicit_bzero(bytes, sizeof bytes);
    return what;
}

/* Days and moments. */

/* Which day it is, or between which two. */
static struct partial_date read_days(const struct taking *t, const struct field *field,
                                     const char *value)
{
    struct partial_date days;
    struct date day;

    if (field->type == FIELD_PARTIAL_DATE) {
        memcpy(&days, value, sizeof days);
        return days;
    }
    memcpy(&day, value, sizeof day);
    if (field->type == FIELD_INSTANT)
        day = zone_date(t->intake->country, (struct instant){day.day});
    return (struct partial_date){day.day, day.day};
}

/* Of a month or a year only what no day of it can be is refused. */
static const char *take_between(struct taking *t, const struct field *field, const char *value,
                                struct date first, struct date last)
{
    const struct partial_date days = read_days(t, field, value);
    char from[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE];

    if (days.last >= first.day && days.first <= last.day) return NULL;
    date_write(first, from);
    date_write(last, until);
    snprintf(t->what, sizeof t->what, "not between %s and %s", from, until);
    return t->what;
}

/* How old somebody has to be to take part in what an agency refers people to. */
static const struct {
    enum country country;
    struct date from; /* since when; 2016-01-01 */
    int64_t years;
} least_ages[] = {
    {COUNTRY_NO, {16801}, 16}, /* tiltaksforskriften (FOR-2015-12-11-1598) § 1-3 */
    /* förordning (2000:634) 8 and 9 §§ has ages for some, and none for all */
};

static const char *take_participant(struct taking *t, const struct field *field, char *value)
{
    struct date last = t->today;

    for (size_t i = 0; i < sizeof least_ages / sizeof least_ages[0]; i++)
        if (least_ages[i].country == t->intake->country && least_ages[i].from.day <= t->today.day)
            last = date_add_years(t->today, -least_ages[i].years);
    return take_between(t, field, value, date_of(1900, 1, 1), last);
}

static const char *take_birth(struct taking *t, const struct field *field, char *value)
{
    if (t->is_participants) return take_participant(t, field, value);
    return take_between(t, field, value, date_of(1900, 1, 1), t->today);
}

static const char *take_past(struct taking *t, const struct field *field, char *value)
{
    struct instant at;

    memcpy(&at, value, sizeof at);
    if (field->type == FIELD_INSTANT && at.ms > t->intake->now.ms) return "in the future";
    return take_between(t, field, value, date_of(2000, 1, 1), t->today);
}

static const char *take_plan(struct taking *t, const struct field *field, char *value)
{
    return take_between(t, field, value, date_of(2000, 1, 1), date_add_years(t->today, 10));
}

static form *const forms[] = {
    [FORM_SET] = take_set,           [FORM_NAME] = take_name,
    [FORM_MAILBOX] = take_mailbox,   [FORM_URL] = take_url,
    [FORM_PHONE] = take_phone,       [FORM_MUNICIPALITY] = take_municipality,
    [FORM_LANGUAGE] = take_language, [FORM_OCCUPATION] = take_occupation,
    [FORM_BIRTH] = take_birth,       [FORM_PARTICIPANT] = take_participant,
    [FORM_PAST] = take_past,         [FORM_PLAN] = take_plan,
    [FORM_SECRET] = take_secret,
};

/* The walk. */

static void fault(struct taking *t, const struct place *place, const char *what)
{
    if (!t->is_faulty)
        error_set(t->err, ERROR_INVALID, "invalid", "%s has faulty fields", t->message);
    t->is_faulty = true;
    place_fault(place, what, t->err);
}

static void take_object(struct taking *t, const struct descriptor *descriptor, char *value,
                        const struct place *around);

static void take_value(struct taking *t, const struct field *field, char *value,
                       const struct place *place)
{
    const char *what;
    uint32_t count = 0;

    if (field->type == FIELD_OBJECT) take_object(t, field->object, value, place);
    if (field->type == FIELD_LIST) memcpy(&count, value, sizeof count);
    for (uint32_t i = 0; i < count; i++)
        take_value(t, field->item, value + field->first + (size_t)i * field->stride,
                   &(struct place){place, NULL, i});
    what = field->type == FIELD_TEXT ? check_written(field, value, strlen(value), t->today) : NULL;
    if (what == NULL && forms[field->form] != NULL) what = forms[field->form](t, field, value);
    if (what != NULL) fault(t, place, what);
}

static void take_object(struct taking *t, const struct descriptor *descriptor, char *value,
                        const struct place *around)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (field->present == NO_FLAG || value[field->present] != 0)
            take_value(t, field, value + field->offset, &(struct place){around, field->name, 0});
    }
}

/* Whether it says as what somebody takes part, and that this is as a participant. */
static bool is_of_participant(const struct descriptor *descriptor, const char *value)
{
    unsigned word;

    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (field->form != FORM_PART) continue;
        if (field->present != NO_FLAG && value[field->present] == 0) continue;
        memcpy(&word, value + field->offset, sizeof word);
        if (strcmp(field->words[word], "participant") == 0) return true;
    }
    return false;
}

bool intake_take(const struct descriptor *descriptor, void *value, const struct intake *intake,
                 struct error *err)
{
    struct taking t = {.intake = intake,
                       .today = zone_date(intake->country, intake->now),
                       .message = descriptor->name,
                       .is_participants = is_of_participant(descriptor, value),
                       .err = err};

    take_object(&t, descriptor, value, NULL);
    return !t.is_faulty;
}

static bool is_same(const struct field *field, const char *before, const char *value)
{
    return before != NULL && (field->present == NO_FLAG || before[field->present] != 0) &&
           memcmp(before + field->offset, value + field->offset, sizeof(struct partial_date)) == 0;
}

bool intake_is_of_age(const struct descriptor *descriptor, const void *before, const void *value,
                      const struct intake *intake)
{
    struct taking t = {.intake = intake, .today = zone_date(intake->country, intake->now)};

    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];
        struct partial_date birth;

        if (field->form != FORM_BIRTH && field->form != FORM_PARTICIPANT) continue;
        if (field->present != NO_FLAG && ((const char *)value)[field->present] == 0) continue;
        if (is_same(field, before, value)) continue;
        memcpy(&birth, (const char *)value + field->offset, sizeof birth);
        if (take_participant(&t, field, (char *)&birth) != NULL) return false;
    }
    return true;
}
