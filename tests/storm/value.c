/* Ordinary values by what a field is called and what form it has; extremes by a table of what there is for each type. */
#include "storm/value.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "core/base64.h"
#include "core/date.h"
#include "core/error.h"
#include "core/fill.h"
#include "core/instant.h"
#include "sim/world.h"

enum { WHOLE = -1, ELSEWHERE = -1000000, TEXT_MAX = 1 << 14, SPOTS_MAX = 256, BODIES_MAX = 256 };

struct sheet {
    char *text;
    size_t size;
    struct variant variant;
    const struct value_source *source;
    const struct extreme *extreme; /* which is being written */
    enum field_form around;        /* of the object that it is in */
};

/* Writing. */

__attribute__((format(printf, 2, 3))) static void add(struct sheet *sheet, const char *format, ...)
{
    const size_t room = VALUE_ROOM - sheet->size;
    va_list values;
    int size;

    va_start(values, format);
    size = vsnprintf(sheet->text + sheet->size, room, format, values);
    va_end(values);
    if (size < 0 || (size_t)size >= room) bug("a body of more than %d bytes", VALUE_ROOM);
    sheet->size += (size_t)size;
}

static void add_text(struct sheet *sheet, const char *text)
{
    add(sheet, "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            add(sheet, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            add(sheet, "\\u%04x", (unsigned)*text);
        else
            add(sheet, "%c", *text);
    }
    add(sheet, "\"");
}

static void add_id(struct sheet *sheet, struct id id)
{
    char text[ID_TEXT_SIZE];

    id_write(id, text);
    add(sheet, "\"%s\"", text);
}

/* Of a date, or of a moment on that day. */
static void add_day(struct sheet *sheet, const struct field *field, struct date day)
{
    static const char *const times[] = {"T00:00:00Z", "T23:59:59.999Z", "T12:00:00+14:00"};
    char text[DATE_TEXT_SIZE];

    date_write(day, text);
    add(sheet, "\"%s%s\"", text, field->type == FIELD_INSTANT ? times[world_dice(3)] : "");
}

/* The day, or the month or the year that it is in. */
static void add_part_of_day(struct sheet *sheet, struct date day)
{
    static const int says[] = {4, 7, 10};
    char text[DATE_TEXT_SIZE];

    date_write(day, text);
    add(sheet, "\"%.*s\"", says[world_dice(3)], text);
}

static void add_bytes(struct sheet *sheet, int64_t count)
{
    static uint8_t bytes[TEXT_MAX];
    static char text[2 * TEXT_MAX + 1];

    if (count > TEXT_MAX) bug("%" PRId64 " bytes", count);
    random_bytes(bytes, (size_t)count);
    base64_write(bytes, (size_t)count, text);
    text[base64_size((size_t)count)] = '\0';
    add(sheet, "\"%s\"", text);
}

static struct date today(void)
{
    return instant_date((struct instant){clock_now_ms()});
}

/* Extremes. */

enum side { NEITHER, LEAST, MOST };

struct extreme {
    const char *name;
    enum field_type type;
    enum side side; /* all fields at once are at their least, or at their most */
    void (*write)(struct sheet *sheet, const struct field *field);
    const char *text; /* what is repeated, or stands there as it is */
    int64_t years, days;
};

static void write_field(struct sheet *sheet, const struct field *field, int spot);
static void write_ordinary(struct sheet *sheet, const struct field *field, int spot);

static void as_it_is(struct sheet *sheet, const struct field *field)
{
    (void)field;
    add(sheet, "%s", sheet->extreme->text);
}

static size_t character_size(const char *at)
{
    size_t size = 1;

    while (((unsigned char)at[size] & 0xC0) == 0x80)
        size++;
    return size;
}

/* So many characters of a text, again and again. */
static void repeat(struct sheet *sheet, const char *text, int64_t count)
{
    const char *at = text;

    add(sheet, "\"");
    for (; count > 0; count--) {
        const size_t size = character_size(at);

        add(sheet, "%.*s", (int)size, at);
        if (*(at += size) == '\0') at = text;
    }
    add(sheet, "\"");
}

static void whole_of(struct sheet *sheet, const struct field *field)
{
    repeat(sheet, sheet->extreme->text, field->max);
}

static void least_of(struct sheet *sheet, const struct field *field)
{
    repeat(sheet, sheet->extreme->text, field->min > 0 ? field->min : 1);
}

static void longest(struct sheet *sheet, const struct field *field)
{
    static char text[TEXT_MAX];

    memset(text, 0, sizeof text);
    if (field->pattern == NULL) {
        repeat(sheet, "x", field->max);
        return;
    }
    fill_pattern(field, text);
    add_text(sheet, text);
}

static void too_long(struct sheet *sheet, const struct field *field)
{
    repeat(sheet, "x", field->max + 1);
}

static void number(struct sheet *sheet, int64_t of)
{
    add(sheet, "%" PRId64, of);
}

static void least_number(struct sheet *sheet, const struct field *field)
{
    number(sheet, field->min);
}

static void most_number(struct sheet *sheet, const struct field *field)
{
    number(sheet, field->max);
}

static void below(struct sheet *sheet, const struct field *field)
{
    number(sheet, field->min == INT64_MIN ? field->min : field->min - 1);
}

static void above(struct sheet *sheet, const struct field *field)
{
    number(sheet, field->max == INT64_MAX ? field->max : field->max + 1);
}

static void on_a_day(struct sheet *sheet, const struct field *field)
{
    struct date day = date_add_years(today(), sheet->extreme->years);

    day.day += sheet->extreme->days;
    add_day(sheet, field, day);
}

/* One of those that it has to do with, or so many days from there. */
static void near_a_day(struct sheet *sheet, const struct field *field)
{
    const struct value_days *days = sheet->source->days;
    const size_t count = days->count;
    struct date day = today();

    if (count > 0) day = days->at[(world_dice((uint32_t)count) + sheet->source->turn) % count];
    day.day += sheet->extreme->days;
    add_day(sheet, field, day);
}

static void on_that_day(struct sheet *sheet, const struct field *field)
{
    add(sheet, "\"%s%s\"", sheet->extreme->text,
        field->type == FIELD_INSTANT ? "T23:59:59.999999Z" : "");
}

static void word_at(struct sheet *sheet, const struct field *field)
{
    const bool is_least = sheet->extreme->side == LEAST;
    unsigned word = is_least ? 0 : (unsigned)field->max - 1;

    while (field_is_ours(field, word))
        word = is_least ? word + 1 : word - 1;
    add_text(sheet, field->words[word]);
}

static void new_id(struct sheet *sheet, const struct field *field)
{
    (void)field;
    add_id(sheet, random_id(clock_now_ms()));
}

static void shortest_bytes(struct sheet *sheet, const struct field *field)
{
    add_bytes(sheet, field->min);
}

static void longest_bytes(struct sheet *sheet, const struct field *field)
{
    add_bytes(sheet, field->max);
}

static void too_many_bytes(struct sheet *sheet, const struct field *field)
{
    add_bytes(sheet, field->max + 1);
}

static void items(struct sheet *sheet, const struct field *field, int64_t count)
{
    add(sheet, "[");
    for (int64_t i = 0; i < count; i++) {
        if (i > 0) add(sheet, ",");
        write_field(sheet, field->item, ELSEWHERE);
    }
    add(sheet, "]");
}

static void fewest(struct sheet *sheet, const struct field *field)
{
    items(sheet, field, field->min);
}

static void full(struct sheet *sheet, const struct field *field)
{
    items(sheet, field, field->max);
}

static void overfull(struct sheet *sheet, const struct field *field)
{
    items(sheet, field, field->max + 1);
}

static void repeated(struct sheet *sheet, const struct field *field)
{
    size_t from, size;

    add(sheet, "[");
    from = sheet->size;
    write_ordinary(sheet, field->item, ELSEWHERE);
    size = sheet->size - from;
    for (int64_t i = 1; i < field->max; i++) {
        add(sheet, ",");
        add(sheet, "%.*s", (int)size, sheet->text + from);
    }
    add(sheet, "]");
}

static void write_members(struct sheet *sheet, const struct descriptor *descriptor, int spot);

static void with_a_stranger(struct sheet *sheet, const struct field *field)
{
    add(sheet, "{\"nobody_knows\":1");
    if (field->object->count > 0) add(sheet, ",");
    write_members(sheet, field->object, ELSEWHERE);
    add(sheet, "}");
}

/* clang-format off */
#define LETTERS(name, text) {name, FIELD_TEXT, NEITHER, whole_of, text, 0, 0}
#define TEXT(name, text) {name, FIELD_TEXT, NEITHER, as_it_is, text, 0, 0}
#define DAY(name, years, days) {name, FIELD_DATE, NEITHER, on_a_day, NULL, years, days}
#define THAT_DAY(name, text) {name, FIELD_DATE, NEITHER, on_that_day, text, 0, 0}
#define PART(name, text) {name, FIELD_PARTIAL_DATE, NEITHER, on_that_day, text, 0, 0}
#define AS_IT_IS(name, type, text) {name, type, NEITHER, as_it_is, text, 0, 0}

/* What is of FIELD_DATE is of FIELD_INSTANT and FIELD_PARTIAL_DATE too. */
static const struct extreme extremes[] = {
    {"shortest", FIELD_TEXT, LEAST, least_of, "x", 0, 0},
    {"longest", FIELD_TEXT, MOST, longest, NULL, 0, 0},
    {"too long", FIELD_TEXT, NEITHER, too_long, NULL, 0, 0},
    {"longest, four bytes each", FIELD_TEXT, NEITHER, whole_of, "😀𐍈", 0, 0},
    {"shortest, four bytes", FIELD_TEXT, NEITHER, least_of, "😀", 0, 0},
    LETTERS("Swedish", "Flygande bäckasiner söka hwila på mjuka tuvor ÅÄÖé"),
    LETTERS("Norwegian", "Vår sære Zulu fra badeøya spilte jo whist og quickstep i minst fem timer ÆØÅ òàôé"),
    LETTERS("Sami", "Vuol Ruoŧa geđggiid leat máŋga luosa ja čuovžža, ŊŽŠĐÁïʒǯǧǥǩåöø"),
    LETTERS("Finnish and Meänkieli", "Törkylempijävongahdus Åäöšž"),
    LETTERS("Polish", "Zażółć gęślą jaźń ŁŹĆŃÓŚĘĄŻ"),
    LETTERS("Turkish", "Pijamalı hasta yağız şoföre çabucak güvendi İıĞŞÇÖÜ"),
    LETTERS("Vietnamese", "Do bạch kim rất quý nên sẽ dùng để lắp vô xương ẶỠỬ"),
    LETTERS("Ukrainian", "Жебракують філософи при ґанку церкви в Гадячі ЇЄІҐ"),
    LETTERS("Greek", "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία ΐΰς"),
    LETTERS("Armenian and Georgian", "Բել դղյակի ձախ ჩვენ გვყავს"),
    LETTERS("Tigrinya", "ሰላም ዓለም ጽቡቕ መዓልቲ ቋንቋ"),
    LETTERS("Chinese, Japanese and Korean", "漢字かなカナ한글𠮷野家"),
    LETTERS("Thai", "เป็นมนุษย์สุดประเสริฐ ที่ น้ำ"),
    LETTERS("Hindi and Tamil", "ऋषियों को सताने वाले दुष्ट தமிழ் எழுத்து"),
    LETTERS("Arabic", "نص حكيم له سر قاطع وذو شأن عظيم ﷲ"),
    LETTERS("Dari and Sorani", "پژوهش گچ ژاله ڕێگای ڤیان ۆێڵ"),
    LETTERS("Hebrew with points", "דָּג סַקְרָן שָׁט בַּיָּם"),
    LETTERS("combining", "a\u0301\u0308\u0323\u0300e\u0301o\u0338"),
    LETTERS("nothing but combining", "\u0301\u0308\u20e3"),
    LETTERS("decomposed", "A\u030aa\u0308o\u0308n\u0303"),
    LETTERS("joined emoji", "👩\u200d👩\u200d👧🏽🇸🇪🏴\U000E0067"),
    LETTERS("right to left, turned", "\u202eab\u202c\u2067אב\u2069\u200f\u061c"),
    LETTERS("invisible", "\u200b\u2060\u00ad\u180e\ufeff\u3164"),
    LETTERS("blanks", " \u00a0\u2009\u3000"),
    LETTERS("full width", "ａｂｃ０１２＠．"),
    LETTERS("private and unassigned", "\ue000\U0010FFFD\ufffd\u0378"),
    LETTERS("digits of others", "٠١٢٣۴५๖"),
    LETTERS("punctuation", "'-.,/&+()#%!?*"),
    TEXT("empty", "\"\""),
    TEXT("controls", "\"a\\u0001\\u001f\\u007f\\u0085b\""),
    TEXT("lines", "\"a\\r\\nb\\n\\tc\\u2028d\""),
    TEXT("quotes", "\"\\\"\\\\\\/'`$(x){{x}}%s%n\""),
    TEXT("markup", "\"<b>&amp;</b> =1+1 @x\""),
    TEXT("NUL", "\"a\\u0000b\""),
    TEXT("half a pair", "\"\\ud800\""),
    TEXT("pairs the wrong way round", "\"\\udc00\\ud800\""),
    TEXT("no UTF-8", "\"a\xC3(\xF5\""),
    TEXT("too long a form of UTF-8", "\"\xC0\xAF\""),
    TEXT("an identity number", "\"19811218-9876\""),
    TEXT("a mailbox of another script", "\"a@räksmörgås.example\""),
    TEXT("letters before the @", "\"åsa@example.org\""),
    TEXT("a long mailbox", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@"
         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.example\""),
    TEXT("an address within", "\"http://127.0.0.1:1/\""),
    TEXT("a short address", "\"http://a\""),
    TEXT("the longest number", "\"+999999999999999\""),
    TEXT("a municipality abroad", "\"NO-0301\""),
    TEXT("a municipality at home", "\"SE-2584\""),
    TEXT("a municipality that ceased", "\"NO-0602\""),
    TEXT("a number", "7"),
    {"least", FIELD_INT, LEAST, least_number, NULL, 0, 0},
    {"most", FIELD_INT, MOST, most_number, NULL, 0, 0},
    {"below the least", FIELD_INT, NEITHER, below, NULL, 0, 0},
    {"above the most", FIELD_INT, NEITHER, above, NULL, 0, 0},
    AS_IT_IS("nought", FIELD_INT, "0"),
    AS_IT_IS("less than nought", FIELD_INT, "-0"),
    AS_IT_IS("one less than nought", FIELD_INT, "-1"),
    AS_IT_IS("the least of 64 bits", FIELD_INT, "-9223372036854775808"),
    AS_IT_IS("the most of 64 bits", FIELD_INT, "9223372036854775807"),
    AS_IT_IS("more than 64 bits", FIELD_INT, "9223372036854775808"),
    AS_IT_IS("a fraction", FIELD_INT, "0.5"),
    AS_IT_IS("whole, as a fraction", FIELD_INT, "1.0"),
    AS_IT_IS("endless", FIELD_INT, "1e999"),
    AS_IT_IS("a text", FIELD_INT, "\"1\""),
    {"the calendar's first day", FIELD_DATE, LEAST, on_that_day, "0001-01-01", 0, 0},
    {"the calendar's last day", FIELD_DATE, MOST, on_that_day, "9999-12-31", 0, 0},
    THAT_DAY("before all births", "1899-12-31"),
    THAT_DAY("the first birth", "1900-01-01"),
    THAT_DAY("before all plans", "1999-12-31"),
    THAT_DAY("the first plan", "2000-01-01"),
    THAT_DAY("the day that is between", "2024-02-29"),
    THAT_DAY("a day that there is not", "2023-02-29"),
    THAT_DAY("no day at all", "0000-00-00"),
    THAT_DAY("behind the calendar", "10000-01-01"),
    DAY("today", 0, 0),
    DAY("yesterday", 0, -1),
    DAY("tomorrow", 0, 1),
    DAY("the last plan", 10, 0),
    DAY("behind the last plan", 10, 1),
    DAY("before the last plan", 10, -1),
    DAY("ten years ago", -10, 0),
    DAY("sixteen years ago", -16, 0),
    DAY("not yet sixteen years ago", -16, 1),
    DAY("a hundred years ago", -100, 0),
    {"a day that it has", FIELD_DATE, NEITHER, near_a_day, NULL, 0, 0},
    {"the day before one that it has", FIELD_DATE, NEITHER, near_a_day, NULL, 0, -1},
    {"the day behind one that it has", FIELD_DATE, NEITHER, near_a_day, NULL, 0, 1},
    AS_IT_IS("a number", FIELD_DATE, "20260101"),
    PART("the calendar's first year", "0001"),
    PART("the calendar's last year", "9999"),
    PART("no year", "0000"),
    PART("the year before all births", "1899"),
    PART("the first birth's year", "1900"),
    PART("the first birth's month", "1900-01"),
    PART("the month before all births", "1899-12"),
    PART("the month that is longer now and then", "1988-02"),
    PART("a month that there is not", "1987-13"),
    PART("half a month", "1987-0"),
    AS_IT_IS("a year as a number", FIELD_PARTIAL_DATE, "1987"),
    AS_IT_IS("yes", FIELD_BOOL, "true"),
    AS_IT_IS("no", FIELD_BOOL, "false"),
    AS_IT_IS("perhaps", FIELD_BOOL, "\"perhaps\""),
    {"first word", FIELD_WORD, LEAST, word_at, NULL, 0, 0},
    {"last word", FIELD_WORD, MOST, word_at, NULL, 0, 0},
    AS_IT_IS("no word of it", FIELD_WORD, "\"nobody_says_this\""),
    AS_IT_IS("no word", FIELD_WORD, "\"\""),
    AS_IT_IS("a number", FIELD_WORD, "0"),
    {"the first id", FIELD_ID, LEAST, as_it_is, "\"00000000-0000-0000-0000-000000000000\"", 0, 0},
    {"the last id", FIELD_ID, MOST, as_it_is, "\"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF\"", 0, 0},
    {"nobody's", FIELD_ID, NEITHER, new_id, NULL, 0, 0},
    AS_IT_IS("no id", FIELD_ID, "\"00000000-0000-0000-0000\""),
    {"fewest bytes", FIELD_BYTES, LEAST, shortest_bytes, NULL, 0, 0},
    {"most bytes", FIELD_BYTES, MOST, longest_bytes, NULL, 0, 0},
    {"too many bytes", FIELD_BYTES, NEITHER, too_many_bytes, NULL, 0, 0},
    AS_IT_IS("no bytes", FIELD_BYTES, "\"\""),
    AS_IT_IS("no base64", FIELD_BYTES, "\"@@@@\""),
    AS_IT_IS("nothing in it", FIELD_OBJECT, "{}"),
    AS_IT_IS("a list", FIELD_OBJECT, "[]"),
    {"a stranger in it", FIELD_OBJECT, NEITHER, with_a_stranger, NULL, 0, 0},
    {"fewest", FIELD_LIST, LEAST, fewest, NULL, 0, 0},
    {"full", FIELD_LIST, MOST, full, NULL, 0, 0},
    {"overfull", FIELD_LIST, NEITHER, overfull, NULL, 0, 0},
    {"the same again and again", FIELD_LIST, NEITHER, repeated, NULL, 0, 0},
    AS_IT_IS("empty", FIELD_LIST, "[]"),
    AS_IT_IS("an object", FIELD_LIST, "{}"),
};
/* clang-format on */

enum { EXTREMES = sizeof extremes / sizeof extremes[0], NULLS = EXTREMES, LEFT_OUT, ALL };

static const struct extreme no_value = {"null", FIELD_TEXT, NEITHER, as_it_is, "null", 0, 0};

static bool applies(unsigned extreme, const struct field *field)
{
    if (extreme >= EXTREMES) return true; /* there may be no value of anything */
    return extremes[extreme].type == field->type ||
           (extremes[extreme].type == FIELD_DATE &&
            (field->type == FIELD_INSTANT || field->type == FIELD_PARTIAL_DATE));
}

/* Spots. */

static int spots_of(const struct field *field)
{
    int count = 1;

    if (field->type == FIELD_LIST) return 1 + spots_of(field->item);
    if (field->type != FIELD_OBJECT) return 1;
    for (size_t i = 0; i < field->object->count; i++)
        count += spots_of(&field->object->fields[i]);
    return count;
}

/* A body laid out: the field of each spot, and the number of its first variant; those for all fields at once come first:
 * of extremes that there is a field for. */
struct layout {
    const struct descriptor *body;
    int spots;
    const struct field *fields[SPOTS_MAX];
    size_t first[SPOTS_MAX + 1];
    unsigned all[ALL];
};

static size_t extremes_of(const struct field *field)
{
    size_t count = 0;

    for (unsigned extreme = 0; extreme < ALL; extreme++)
        count += applies(extreme, field);
    return count;
}

static void lay_out_field(struct layout *layout, const struct field *field)
{
    if (layout->spots == SPOTS_MAX) bug("%s has too many spots", layout->body->name);
    layout->fields[layout->spots++] = field;
    if (field->type == FIELD_LIST) lay_out_field(layout, field->item);
    for (size_t i = 0; field->type == FIELD_OBJECT && i < field->object->count; i++)
        lay_out_field(layout, &field->object->fields[i]);
}

static bool applies_somewhere(unsigned extreme, const struct layout *layout)
{
    for (int spot = 0; spot < layout->spots; spot++)
        if (applies(extreme, layout->fields[spot])) return true;
    return false;
}

static void lay_out(struct layout *layout, const struct descriptor *body)
{
    layout->body = body;
    for (size_t i = 0; i < body->count; i++)
        lay_out_field(layout, &body->fields[i]);
    for (unsigned extreme = 0; extreme < ALL; extreme++)
        if (applies_somewhere(extreme, layout)) layout->all[layout->first[0]++] = extreme;
    for (int spot = 0; spot < layout->spots; spot++)
        layout->first[spot + 1] = layout->first[spot] + extremes_of(layout->fields[spot]);
}

static const struct layout *layout_of(const struct descriptor *body)
{
    static struct layout layouts[BODIES_MAX];
    static const struct layout *last = layouts;
    struct layout *layout = layouts;

    if (last->body == body) return last;
    for (; layout->body != NULL && layout->body != body; layout++)
        if (layout == &layouts[BODIES_MAX - 1]) bug("too many bodies");
    if (layout->body == NULL) lay_out(layout, body);
    last = layout;
    return layout;
}

static const struct field *field_at(const struct descriptor *body, int spot)
{
    return layout_of(body)->fields[spot];
}

/* Variants: first all at once, then spot by spot. */

size_t value_variants(const struct descriptor *body)
{
    const struct layout *layout = layout_of(body);

    return layout->first[layout->spots];
}

int value_spots(const struct descriptor *body)
{
    return layout_of(body)->spots;
}

struct variants value_variants_of(const struct descriptor *body, int spot)
{
    const size_t *first = layout_of(body)->first;

    if (spot == SPOT_EVERYWHERE) return (struct variants){0, first[0]};
    return (struct variants){first[spot], first[spot + 1] - first[spot]};
}

static struct variant variant_at(const struct field *field, int spot, size_t number)
{
    for (unsigned extreme = 0;; extreme++)
        if (applies(extreme, field) && number-- == 0) return (struct variant){spot, extreme};
}

struct variant value_variant(const struct descriptor *body, size_t number)
{
    const struct layout *layout = layout_of(body);
    int spot = 0;

    if (number < layout->first[0]) return (struct variant){SPOT_EVERYWHERE, layout->all[number]};
    while (number >= layout->first[spot + 1])
        spot++;
    return variant_at(layout->fields[spot], spot, number - layout->first[spot]);
}

bool value_is_of_days(struct variant variant)
{
    return variant.extreme < EXTREMES && extremes[variant.extreme].write == near_a_day;
}

struct variant value_base(struct variant variant)
{
    return (struct variant){variant.spot == SPOT_EVERYWHERE ? SPOT_NOWHERE : variant.spot, ALL};
}

static const char *name_of(unsigned extreme)
{
    static const char *const others[] = {"null", "left out", "as it ordinarily is"};

    return extreme >= EXTREMES ? others[extreme - EXTREMES] : extremes[extreme].name;
}

const char *value_describe(const struct descriptor *body, struct variant variant)
{
    static char text[128];

    if (variant.spot == SPOT_NOWHERE) return "ordinary values";
    if (variant.spot == SPOT_HERE_AND_THERE) return "extremes here and there";
    snprintf(text, sizeof text, "%s: %s",
             variant.spot == SPOT_EVERYWHERE              ? "all fields"
             : field_at(body, variant.spot)->name != NULL ? field_at(body, variant.spot)->name
                                                          : "an element",
             name_of(variant.extreme));
    return text;
}

/* Ordinary values. */

static const struct {
    const char *name;
    int first, days; /* from today; and how many after that */
} days_of[] = {{"until", 20, 300}, {"from", -3, 8}, {"valid_until", 20, 400}, {"expires", 1, 400}};

static struct date ordinary_day(const struct field *field)
{
    struct date day = today();

    if (field->form == FORM_BIRTH || field->form == FORM_PARTICIPANT)
        return (struct date){day.day - 10000 - world_dice(9000)};
    if (field->form == FORM_PAST)
        return (struct date){day.day - (world_chance(3) ? world_dice(20) : 0)};
    for (size_t i = 0; i < sizeof days_of / sizeof days_of[0]; i++)
        if (strcmp(field->name, days_of[i].name) == 0) {
            if (world_chance(2)) return (struct date){day.day + 1 + world_dice(10)};
            day.day += days_of[i].first + (int64_t)world_dice((uint32_t)days_of[i].days);
            return day;
        }
    return (struct date){day.day + world_dice(60)};
}

static void write_form(struct sheet *sheet, enum field_form form)
{
    static const char *const languages[] = {"sv", "nb", "en", "ar", "tig", "so", "uk"};
    static const char *const places[][3] = {
        [COUNTRY_SE] = {"0180", "0980", "2584"}, [COUNTRY_NO] = {"0301", "5001", "4601"}};
    static const char *const secrets[] = {"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                          "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"};

    if (form == FORM_MAILBOX)
        add(sheet, "\"ada.%u@example.org\"", world_dice(1000));
    else if (form == FORM_PHONE)
        add(sheet, "\"+4670174060%u\"", 5 + world_dice(5));
    else if (form == FORM_LANGUAGE)
        add(sheet, "\"%s\"", languages[world_dice(7)]);
    else if (form == FORM_SECRET)
        add(sheet, "\"whsec_%s\"", secrets[world_dice(2)]);
    else if (form == FORM_MUNICIPALITY)
        add(sheet, "\"%s\"", places[sheet->source->country][world_dice(3)]);
    else
        add(sheet, "\"Ada %u\"", world_dice(1000));
}

/* Of a text that has to look like something: as short as it may be, or a little longer. */
static void write_pattern(struct sheet *sheet, const struct field *field)
{
    static char text[TEXT_MAX];
    struct field shorter = *field;

    memset(text, 0, sizeof text);
    if (shorter.max > shorter.min + 12) shorter.max = shorter.min + 12;
    fill_pattern(&shorter, text);
    for (char *at = text + 1; at[-1] != '\0' && *at != '\0'; at++)
        if (*at == 'a' || *at == 'A') *at = (char)(*at + (char)world_dice(26));
    add_text(sheet, text);
}

static const char *text_of_row(const struct value_source *source, const struct field *field)
{
    for (size_t i = 0; source->like != NULL && i < source->like_of->count; i++) {
        const struct field *same = &source->like_of->fields[i];

        if (same->type == FIELD_TEXT && strcmp(same->name, field->name) == 0)
            return (const char *)source->like + same->offset;
    }
    return NULL;
}

static void write_text(struct sheet *sheet, const struct field *field)
{
    const char *same = text_of_row(sheet->source, field);
    int64_t size = field->min + world_dice(20);

    if (same != NULL && *same != '\0') {
        add_text(sheet, same);
    } else if (strcmp(field->name, "programme") == 0) {
        add_text(sheet, sheet->source->programme);
    } else if (sheet->around == FORM_OCCUPATION && strcmp(field->name, "code") == 0) {
        add_text(sheet, world_chance(2) ? "7233" : "7223");
    } else if (strcmp(field->name, "url") == 0) {
        add(sheet, "\"https://example.org/%u\"", world_dice(1000));
    } else if (field->form != FORM_NONE) {
        write_form(sheet, field->form);
    } else if (field->pattern != NULL) {
        write_pattern(sheet, field);
    } else {
        if (size > field->max) size = field->max;
        repeat(sheet, "Ord för dagen ", size);
    }
}

static void write_number(struct sheet *sheet, const struct field *field)
{
    static int64_t sequence;
    const int64_t width = field->max - field->min < 40 ? field->max - field->min : 40;

    int64_t known;

    if (sheet->source->number(field, &known))
        number(sheet, known);
    else if (strcmp(field->name, "sequence") == 0)
        number(sheet, world_chance(4) ? 1 : ++sequence); /* what is late too */
    else
        number(sheet, (field->min < 0 ? 0 : field->min) + world_dice((uint32_t)width + 1));
}

static bool is_within(const struct sheet *sheet, const struct field *field, int spot)
{
    return spot >= 0 && sheet->variant.spot > spot && sheet->variant.spot < spot + spots_of(field);
}

static void write_list(struct sheet *sheet, const struct field *field, int spot)
{
    int64_t count = field->min + world_dice(3);

    if (is_within(sheet, field, spot) && count == 0) count = 1;
    if (count > field->max) count = field->max;
    add(sheet, "[");
    for (int64_t i = 0; i < count; i++) {
        if (i > 0) add(sheet, ",");
        write_field(sheet, field->item, i == 0 ? spot + 1 : ELSEWHERE);
    }
    add(sheet, "]");
}

static void write_object(struct sheet *sheet, const struct field *field, int spot)
{
    const enum field_form around = sheet->around;

    sheet->around = field->form;
    add(sheet, "{");
    write_members(sheet, field->object, spot + 1);
    add(sheet, "}");
    sheet->around = around;
}

/* One that is not only a rule's to say. */
static unsigned others_word(const struct field *field)
{
    unsigned word = world_dice((uint32_t)field->max);

    while (field_is_ours(field, word))
        word = (word + 1) % (unsigned)field->max;
    return word;
}

/* An occupation's scheme and code belong together. */
static void write_word(struct sheet *sheet, const struct field *field)
{
    const bool is_scheme = sheet->around == FORM_OCCUPATION && strcmp(field->name, "scheme") == 0;

    add_text(sheet, is_scheme ? "ssyk" : field->words[others_word(field)]);
}

static void write_ordinary(struct sheet *sheet, const struct field *field, int spot)
{
    switch (field->type) {
    case FIELD_ID: add_id(sheet, sheet->source->id(field)); return;
    case FIELD_TEXT: write_text(sheet, field); return;
    case FIELD_WORD: write_word(sheet, field); return;
    case FIELD_INSTANT:
    case FIELD_DATE: add_day(sheet, field, ordinary_day(field)); return;
    case FIELD_PARTIAL_DATE: add_part_of_day(sheet, ordinary_day(field)); return;
    case FIELD_INT: write_number(sheet, field); return;
    case FIELD_BOOL: add(sheet, world_chance(2) ? "true" : "false"); return;
    case FIELD_BYTES:
        add_bytes(sheet, field->min + world_dice((uint32_t)(field->max - field->min + 1)));
        return;
    case FIELD_OBJECT: write_object(sheet, field, spot); return;
    case FIELD_LIST: write_list(sheet, field, spot); return;
    }
}

/* Chance of a spot's own. */

static uint64_t enter_spot(const struct sheet *sheet, int spot)
{
    return world_turn_chance(sheet->source->seed + (uint64_t)spot * UINT64_C(0xD1342543DE82EF95));
}

/* Which extreme stands in a spot: ALL is none. */

static unsigned of_side(const struct field *field, enum side side)
{
    for (unsigned extreme = 0; extreme < EXTREMES; extreme++)
        if (applies(extreme, field) && extremes[extreme].side == side) return extreme;
    return ALL;
}

static unsigned everywhere(unsigned extreme, const struct field *field)
{
    if (extreme >= EXTREMES) return field->present == NO_FLAG ? ALL : extreme;
    if (extremes[extreme].side != NEITHER) return of_side(field, extremes[extreme].side);
    return applies(extreme, field) && field->type != FIELD_OBJECT ? extreme : ALL;
}

static unsigned any_of(const struct field *field)
{
    if (!world_chance(6)) return ALL;
    for (;;) {
        const unsigned extreme = world_dice(ALL);

        if (applies(extreme, field)) return extreme;
    }
}

static unsigned extreme_of(const struct sheet *sheet, const struct field *field, int spot)
{
    switch (sheet->variant.spot) {
    case SPOT_NOWHERE: return ALL;
    case SPOT_EVERYWHERE: return everywhere(sheet->variant.extreme, field);
    case SPOT_HERE_AND_THERE: return any_of(field);
    default: return spot == sheet->variant.spot ? sheet->variant.extreme : ALL;
    }
}

static void write_as(struct sheet *sheet, const struct field *field, int spot, unsigned extreme)
{
    const struct extreme *around = sheet->extreme;

    if (extreme == ALL || extreme == LEFT_OUT) {
        write_ordinary(sheet, field, spot);
        return;
    }
    sheet->extreme = extreme == NULLS ? &no_value : &extremes[extreme];
    sheet->extreme->write(sheet, field);
    sheet->extreme = around;
}

static void write_field(struct sheet *sheet, const struct field *field, int spot)
{
    write_as(sheet, field, spot, extreme_of(sheet, field, spot));
}

/* Whoever says it is refused, whatever it is. */
static bool is_made(const struct field *field)
{
    const unsigned made = FIELD_MADE | FIELD_INTERNAL;

    return (field->flags & made) == made;
}

/* What may be left out is there half of the time; or when it is what matters. */
static bool is_said(const struct sheet *sheet, const struct field *field, int spot,
                    unsigned extreme)
{
    if (extreme == LEFT_OUT || is_made(field)) return false;
    return field->present == NO_FLAG || extreme != ALL || spot == sheet->variant.spot ||
           is_within(sheet, field, spot) || world_chance(2);
}

static void write_member(struct sheet *sheet, const struct field *field, int spot, bool *is_first)
{
    const unsigned extreme = extreme_of(sheet, field, spot);

    if (!is_said(sheet, field, spot, extreme)) return;
    add(sheet, "%s\"%s\":", *is_first ? "" : ",", field->name);
    write_as(sheet, field, spot, extreme);
    *is_first = false;
}

/* What is in a list's second element has no spot of its own. */
static void write_members(struct sheet *sheet, const struct descriptor *descriptor, int spot)
{
    bool is_first = true;

    for (size_t i = 0; i < descriptor->count; i++) {
        const uint64_t around = spot < 0 ? 0 : enter_spot(sheet, spot);

        write_member(sheet, &descriptor->fields[i], spot, &is_first);
        if (spot >= 0) world_turn_chance(around);
        spot += spots_of(&descriptor->fields[i]);
    }
}

size_t value_write(const struct descriptor *body, struct variant variant,
                   const struct value_source *source, char text[VALUE_ROOM])
{
    struct sheet sheet = {.text = text, .variant = variant, .source = source};

    add(&sheet, "{");
    write_members(&sheet, body, 0);
    add(&sheet, "}");
    return sheet.size;
}
