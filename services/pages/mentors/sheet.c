/* A row becomes a form, and that a command: with every check that one typed by hand goes through, here and in the registry. */
#include "mentors/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/crypto.h"
#include "contract/mentor.h"
#include "core/check.h"
#include "core/descriptor.h"
#include "core/text.h"
#include "intake/intake.h"
#include "letters/letters.h"
#include "sheets/sheet.h"

enum {
    NOWHERE = UINT32_MAX,
    LIST_MAX = 9,                   /* one more than there may be, so that too many are found out */
    SENT_MAX = FORM_SIZE_MAX - 1024 /* with the form's other fields */
};

/* clang-format off */
static const struct column {
    enum words_key label;
    const char *field; /* of the command, also in the sheet */
} columns[MENTOR_COLUMNS] = {
    [MENTOR_COLUMN_GIVEN_NAME] = {WORDS_PAGE_MENTOR_GIVEN_NAME, "details.given_name"},
    [MENTOR_COLUMN_FAMILY_NAME] = {WORDS_PAGE_MENTOR_FAMILY_NAME, "details.family_name"},
    [MENTOR_COLUMN_EMAIL] = {WORDS_PAGE_ME_EMAIL, "details.email"},
    [MENTOR_COLUMN_PHONE] = {WORDS_PAGE_ME_PHONE, "details.phone"},
    [MENTOR_COLUMN_LANGUAGES] = {WORDS_PAGE_MENTORS_LANGUAGES, "languages"},
    [MENTOR_COLUMN_MUNICIPALITY] = {WORDS_PAGE_MENTOR_MUNICIPALITY, "municipality"},
    [MENTOR_COLUMN_OCCUPATION] = {WORDS_PAGE_MENTOR_OCCUPATION_CODE, "occupations"},
    [MENTOR_COLUMN_LANGUAGE] = {WORDS_PAGE_ME_LANGUAGE, "language"},
    [MENTOR_COLUMN_PLACES] = {WORDS_PAGE_MENTORS_PLACES, "capacity"},
};

static const char *const languages[LIST_MAX] = {
    "languages[0]", "languages[1]", "languages[2]", "languages[3]", "languages[4]",
    "languages[5]", "languages[6]", "languages[7]", "languages[8]",
};

static const struct {
    const char *scheme, *code;
} occupations[LIST_MAX] = {
    {"occupations[0].scheme", "occupations[0].code"}, {"occupations[1].scheme", "occupations[1].code"},
    {"occupations[2].scheme", "occupations[2].code"}, {"occupations[3].scheme", "occupations[3].code"},
    {"occupations[4].scheme", "occupations[4].code"}, {"occupations[5].scheme", "occupations[5].code"},
    {"occupations[6].scheme", "occupations[6].code"}, {"occupations[7].scheme", "occupations[7].code"},
    {"occupations[8].scheme", "occupations[8].code"},
};
/* clang-format on */

unsigned mentor_columns(const struct call *call)
{
    /* how many places a mentor has is a coordinator's word, and their own */
    return call->flight.who.role == ACTOR_ROLE_COORDINATOR ? MENTOR_COLUMNS : MENTOR_COLUMN_PLACES;
}

enum words_key mentor_column_label(enum mentor_column column)
{
    return columns[column].label;
}

/* A sheet that is being read. */
struct reading {
    const struct call *call;
    const char *organisation, *language;
    struct sheet sheet;
    uint32_t at[MENTOR_COLUMNS]; /* where each column stands; NOWHERE: it is not there */
    struct mentor_sheet *result;
    struct form form; /* of a row, with its texts */
    char *to;
};

/* Faults. */

static struct mentor_sheet_fault *add_fault(struct mentor_sheet *result, size_t number,
                                            enum words_key column, enum words_key what)
{
    const bool has_room = result->fault_count < MENTOR_SHEET_FAULTS;
    struct mentor_sheet_fault *fault = &result->faults[result->fault_count];

    if (has_room)
        result->fault_count++;
    else
        result->has_more_faults = true;
    *fault = (struct mentor_sheet_fault){.number = number, .column = column, .what = what};
    return fault;
}

static struct mentor_sheet_fault *add_row_fault(struct mentor_sheet *result,
                                                struct mentor_sheet_row *row, enum words_key column,
                                                enum words_key what)
{
    struct mentor_sheet_fault *fault = add_fault(result, row->number, column, what);

    row->is_faulty = true;
    fault->who = row->name[0] == '\0' ? NULL : row->name;
    return fault;
}

static void hear(void *cookie, enum sheet_fault fault, uint64_t line, uint32_t column,
                 const struct sheet_cell *cells, uint32_t count)
{
    static const enum words_key words[] = {
        [SHEET_QUOTE_OPEN] = WORDS_PAGE_IMPORT_QUOTE_OPEN,
        [SHEET_BEHIND_QUOTE] = WORDS_PAGE_IMPORT_QUOTE_WITHIN,
        [SHEET_QUOTE_WITHIN] = WORDS_PAGE_IMPORT_QUOTE_WITHIN,
        [SHEET_RETURN_WITHIN] = WORDS_PAGE_IMPORT_RETURN_WITHIN,
        [SHEET_NAMELESS] = WORDS_PAGE_IMPORT_NAMELESS,
        [SHEET_TOO_FEW] = WORDS_PAGE_IMPORT_TOO_FEW,
    };
    struct reading *r = cookie;

    (void)column; /* what they are is found out when all has been read */
    (void)cells;
    (void)count;
    add_fault(r->result, sheet_row_of(&r->sheet, line), WORDS_KEYS, words[fault]);
}

/* Which column a fault is about: "details.email", "languages[1]". */
static enum words_key label_of_field(const char *field)
{
    for (unsigned i = 0; i < MENTOR_COLUMNS; i++) {
        const size_t size = strlen(columns[i].field);

        if (strncmp(field, columns[i].field, size) == 0 && strchr("[.", field[size]) != NULL)
            return columns[i].label;
    }
    return WORDS_KEYS;
}

static void add_faults(struct mentor_sheet *result, struct mentor_sheet_row *row,
                       const struct error *err)
{
    for (uint32_t i = 0; i < err->fault_count; i++)
        text_copy(
            add_row_fault(result, row, label_of_field(err->faults[i].field), WORDS_KEYS)->said,
            ERROR_TEXT_MAX, err->faults[i].what);
    if (err->fault_count == 0)
        text_copy(add_row_fault(result, row, WORDS_KEYS, WORDS_KEYS)->said, ERROR_TEXT_MAX,
                  err->text);
}

/* Columns. */

static bool is_called(const char *bare, const char *name)
{
    char *other = letters_bare(name);
    const bool is = strcmp(bare, other) == 0;

    free(other);
    return is;
}

static bool is_column(unsigned column, const char *bare)
{
    const char *field = strrchr(columns[column].field, '.');

    for (unsigned of = 0; of < WORDS_LANGUAGES; of++)
        if (is_called(bare, words_plain((enum language)of, columns[column].label))) return true;
    return is_called(bare, field == NULL ? columns[column].field : field + 1);
}

/* By its label in whatever language, or as the command's field is called. */
static unsigned find_column(const struct call *call, const char *text)
{
    const unsigned count = mentor_columns(call);
    char *bare = letters_bare(text);
    unsigned found = 0;

    while (found < count && !is_column(found, bare))
        found++;
    free(bare);
    return found < count ? found : MENTOR_COLUMNS;
}

/* False: what stands in the rows nobody knows. */
static bool find_columns(struct reading *r)
{
    const struct sheet *sheet = &r->sheet;
    const size_t before = r->result->fault_count;
    const size_t number = sheet_row_of(sheet, sheet->head_line);

    for (uint32_t i = 0; i < sheet->column_count; i++) {
        const unsigned column = find_column(r->call, sheet->columns[i].text);

        if (sheet->columns[i].length == 0) continue;
        if (column == MENTOR_COLUMNS)
            text_copy(add_fault(r->result, number, WORDS_KEYS, WORDS_PAGE_IMPORT_UNKNOWN)->unknown,
                      MENTOR_NAME_SIZE, sheet->columns[i].text);
        else if (r->at[column] != NOWHERE)
            add_fault(r->result, number, columns[column].label, WORDS_PAGE_IMPORT_COLUMN_TWICE);
        else
            r->at[column] = i;
    }
    if (r->at[MENTOR_COLUMN_GIVEN_NAME] == NOWHERE)
        add_fault(r->result, number, columns[MENTOR_COLUMN_GIVEN_NAME].label,
                  WORDS_PAGE_IMPORT_COLUMN_MISSING);
    return r->result->fault_count == before;
}

static bool is_known(const struct reading *r, uint32_t column)
{
    for (unsigned i = 0; i < MENTOR_COLUMNS; i++)
        if (r->at[i] == column) return true;
    return false;
}

/* A column that is to be left out may say what belongs nowhere. */
static void look_for_identity_numbers(struct reading *r)
{
    static const struct field written = {.flags = FIELD_FREE_TEXT};
    const struct sheet *sheet = &r->sheet;
    const struct date today = page_today(r->call);

    for (size_t i = 0; i < sheet->row_count; i++)
        for (uint32_t n = 0; n < sheet->column_count; n++) {
            const struct sheet_cell *cell = &sheet->rows[i].cells[n];
            const char *what = check_written(&written, cell->text, cell->length, today);
            struct mentor_sheet_fault *fault;

            if (what == NULL || is_known(r, n)) continue;
            fault = add_fault(r->result, sheet_row_of(sheet, sheet->rows[i].line), WORDS_KEYS,
                              WORDS_KEYS);
            text_copy(fault->unknown, MENTOR_NAME_SIZE, sheet->columns[n].text);
            text_copy(fault->said, ERROR_TEXT_MAX, what);
        }
}

/* A row as a form. */

static const char *keep(struct reading *r, const char *text, size_t size)
{
    char *kept = r->to;
    const size_t room = (size_t)(r->form.text + sizeof r->form.text - r->to) - 1;

    if (size > room) size = room; /* which its check finds too long anyway */
    memcpy(kept, text, size);
    kept[size] = '\0';
    r->to += size < room ? size + 1 : size;
    return kept;
}

/* What nobody filled in is not said. */
static void put(struct reading *r, const char *name, const char *value)
{
    if (value[0] != '\0') r->form.at[r->form.count++] = (struct form_pair){name, value};
}

static const char *cell_of(const struct reading *r, const struct sheet_row *row,
                           enum mentor_column column)
{
    return r->at[column] == NOWHERE ? "" : row->cells[r->at[column]].text;
}

/* The next of a list's words, without blanks around it; NULL: there is none. */
static const char *next_word(struct reading *r, const char **at)
{
    static const char between[] = ",;|/\n";

    while (**at != '\0') {
        const char *from = *at + strspn(*at, " \t\r,;|/\n"), *to = from + strcspn(from, between);

        *at = to;
        while (to > from && strchr(" \t\r", to[-1]) != NULL)
            to--;
        if (to > from) return keep(r, from, (size_t)(to - from));
    }
    return NULL;
}

static void put_languages(struct reading *r, const char *at)
{
    const char *word;

    for (unsigned i = 0; i < LIST_MAX && (word = next_word(r, &at)) != NULL; i++)
        put(r, languages[i], word);
}

/* "7233" is of the country's own list, "isco:7233" of that one. */
static void put_occupations(struct reading *r, const char *at)
{
    const bool is_swedish = r->call->flight.who.country == COUNTRY_SE;
    const char *word;

    for (unsigned i = 0; i < LIST_MAX && (word = next_word(r, &at)) != NULL; i++) {
        const char *colon = strchr(word, ':');

        put(r, occupations[i].scheme,
            colon != NULL ? keep(r, word, (size_t)(colon - word))
            : is_swedish  ? "ssyk"
                          : "styrk");
        put(r, occupations[i].code, colon == NULL ? word : colon + 1);
    }
}

static void begin_form(struct reading *r)
{
    r->form.count = 0;
    r->form.understand = name_understand;
    r->form.cookie = r->call;
    r->to = r->form.text;
}

/* Languages are understood by their names, ours too. */
static const struct field language_field = {.form = FORM_LANGUAGE};

/* As the form for one mentor says it. */
static void fill_form(struct reading *r, const struct sheet_row *row)
{
    static const enum mentor_column plain[] = {
        MENTOR_COLUMN_GIVEN_NAME, MENTOR_COLUMN_FAMILY_NAME,  MENTOR_COLUMN_EMAIL,
        MENTOR_COLUMN_PHONE,      MENTOR_COLUMN_MUNICIPALITY,
    };
    const char *language = cell_of(r, row, MENTOR_COLUMN_LANGUAGE);

    begin_form(r);
    put(r, "part", person_part_words[PERSON_PART_MENTOR]);
    put(r, "protection", protection_words[PROTECTION_NONE]);
    put(r, "organisation", r->organisation);
    put(r, "language",
        language[0] == '\0' ? r->language : name_understand(r->call, &language_field, language));
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        put(r, columns[plain[i]].field, cell_of(r, row, plain[i]));
    put_languages(r, cell_of(r, row, MENTOR_COLUMN_LANGUAGES));
    put_occupations(r, cell_of(r, row, MENTOR_COLUMN_OCCUPATION));
}

/* And as a command, as the registry will have it. */
static void read_person(struct reading *r, const struct sheet_row *from,
                        struct mentor_sheet_row *row)
{
    const struct intake intake = {{r->call->pages->door.front.now_ms}, r->call->flight.who.country};
    struct error err;

    fill_form(r, from);
    if (!form_read(&r->form, &person_register_descriptor, page_today(r->call), &row->person,
                   &err) ||
        !intake_take(&person_register_descriptor, &row->person, &intake, &err))
        add_faults(r->result, row, &err);
    else
        name_languages(r->call, &row->person.languages, row->languages);
}

static void read_places(struct reading *r, const struct sheet_row *from,
                        struct mentor_sheet_row *row)
{
    struct mentor_set_capacity said;
    struct error err;

    begin_form(r);
    put(r, "capacity", cell_of(r, from, MENTOR_COLUMN_PLACES));
    if (r->form.count == 0) return;
    row->has_places =
        form_read(&r->form, &mentor_set_capacity_descriptor, page_today(r->call), &said, &err);
    if (row->has_places)
        row->places = said.capacity;
    else
        add_faults(r->result, row, &err);
}

/* Rows. */

static void read_name(struct reading *r, const struct sheet_row *from, struct mentor_sheet_row *row)
{
    const char *family = cell_of(r, from, MENTOR_COLUMN_FAMILY_NAME);
    size_t used;

    text_copy(row->name, sizeof row->name / 2, cell_of(r, from, MENTOR_COLUMN_GIVEN_NAME));
    used = strlen(row->name);
    if (used > 0 && family[0] != '\0') row->name[used++] = ' ';
    text_copy(row->name + used, sizeof row->name - used, family);
    row->folded = letters_fold(row->name);
}

bool mentor_row_is_called(const struct mentor_sheet_row *row, const char *folded)
{
    return !row->person.details.has_email && strcmp(row->folded, folded) == 0;
}

/* Whether both tell of the same somebody: by the e-mail; or, where neither says one, by the name. */
static bool is_same(const struct mentor_sheet_row *one, const struct mentor_sheet_row *other)
{
    const struct person_who *a = &one->person.details, *b = &other->person.details;

    if (a->has_email && b->has_email) return strcasecmp(a->email, b->email) == 0;
    return !b->has_email && mentor_row_is_called(one, other->folded);
}

static void look_for_twice(struct mentor_sheet *result, struct mentor_sheet_row *row)
{
    for (const struct mentor_sheet_row *other = result->rows; other < row; other++) {
        if (row->is_faulty || other->is_faulty || !is_same(row, other)) continue;
        add_row_fault(result, row, WORDS_KEYS, WORDS_KEYS)->other = other->number;
        return;
    }
}

static void read_rows(struct reading *r)
{
    struct mentor_sheet *result = r->result;

    for (size_t i = 0; i < r->sheet.row_count; i++) {
        struct mentor_sheet_row *row = &result->rows[result->count++];

        row->number = sheet_row_of(&r->sheet, r->sheet.rows[i].line);
        read_name(r, &r->sheet.rows[i], row);
        read_person(r, &r->sheet.rows[i], row);
        read_places(r, &r->sheet.rows[i], row);
        look_for_twice(result, row);
    }
}

/* How long it is as a browser sends it back, with what will happen seen (WHATWG, URL Standard, section 5.2). */
static size_t sent_size(const char *text)
{
    static const char plain[] = "0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ*-._ ";
    size_t size = 0;

    for (; *text != '\0'; text++)
        size += *text == '\n' ? strlen("%0D%0A") : strchr(plain, *text) != NULL ? 1 : 3;
    return size;
}

static enum words_key trouble_of(const struct reading *r, enum sheet_trouble trouble)
{
    switch (trouble) {
    case SHEET_NOT_TEXT: return WORDS_PAGE_IMPORT_NOT_TEXT;
    case SHEET_SEVERAL: return WORDS_PAGE_IMPORT_SEVERAL;
    case SHEET_NO_COLUMNS:
    case SHEET_SEPARATOR: return WORDS_PAGE_IMPORT_NO_COLUMNS;
    case SHEET_NO_HEAD: return WORDS_PAGE_IMPORT_NO_HEAD;
    case SHEET_FINE: break;
    }
    if (r->sheet.row_count > MENTOR_SHEET_ROWS) return WORDS_PAGE_IMPORT_TOO_LONG;
    return r->sheet.row_count == 0 && r->result->fault_count == 0 ? WORDS_PAGE_IMPORT_NO_ROWS
                                                                  : WORDS_KEYS;
}

static void read_sheet(struct reading *r, const char *text)
{
    struct mentor_sheet *result = r->result;

    result->trouble = trouble_of(r, sheet_read(text, strlen(text), &r->sheet));
    if (sent_size(text) > SENT_MAX) result->trouble = WORDS_PAGE_IMPORT_TOO_LONG;
    if (result->trouble != WORDS_KEYS) return;
    if (find_columns(r))
        read_rows(r);
    else
        look_for_identity_numbers(r);
}

struct mentor_sheet *mentor_sheet_read(const struct call *call, const char *text,
                                       const char *organisation, const char *language)
{
    struct mentor_sheet *result = calloc(1, sizeof *result);
    struct reading *r = calloc(1, sizeof *r);

    if (result == NULL || r == NULL) bug("out of memory");
    *r = (struct reading){.call = call,
                          .organisation = organisation,
                          .language = language,
                          .sheet = {.hear = hear, .cookie = r},
                          .result = result};
    for (unsigned i = 0; i < MENTOR_COLUMNS; i++)
        r->at[i] = NOWHERE;
    read_sheet(r, text);
    sheet_free(&r->sheet);
    crypto_wipe(r, sizeof *r);
    free(r);
    return result;
}

void mentor_sheet_free(struct mentor_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        char *folded = sheet->rows[i].folded;

        crypto_wipe(folded, strlen(folded));
        free(folded);
    }
    crypto_wipe(sheet, sizeof *sheet);
    free(sheet);
}
