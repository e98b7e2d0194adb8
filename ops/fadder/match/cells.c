/* Cells become words, numbers and dates; what a spreadsheet made of one is said with what it was. */
#include "match/cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codes/codes.h"
#include "coding.h"
#include "contract/common.h"
#include "letters/letters.h"
#include "match/match.h"

struct sheet_cell cells_at(const struct cells *s, uint32_t column)
{
    if (s->columns[column] == UINT32_MAX) return (struct sheet_cell){"", 0};
    return s->row->cells[s->columns[column]];
}

/* Cut a cell into words, in place. What separates columns separates words only within quotes, where
 * nothing else can be meant by it. */
void cells_words(const struct cells *s, uint32_t column, struct match_word_list *list)
{
    static const char between[] = " \t\r\n,;|";
    char *at = (char *)(uintptr_t)cells_at(s, column).text;

    list->count = 0;
    list->line = s->row->line;
    list->column = s->columns[column];
    while (*at != '\0') {
        const size_t blanks = strspn(at, between), length = strcspn(at + blanks, between);

        at += blanks;
        if (length == 0) break;
        if (list->count == SCORE_CODES_MAX) {
            cells_wrong(s, column, "it has more than %u words", (unsigned)SCORE_CODES_MAX);
            return;
        }
        list->at[list->count++] = at;
        at += length;
        if (*at != '\0') *at++ = '\0';
    }
}

/* Lists are sets: what is said twice counts once. */
static void put_code(struct score_codes *codes, uint32_t code)
{
    for (uint32_t i = 0; i < codes->count; i++)
        if (codes->at[i] == code) return;
    codes->at[codes->count++] = code;
}

static struct book_place place_of(const struct cells *s, uint32_t column)
{
    return (struct book_place){s->csv, s->side, s->row->line, s->columns[column]};
}

static uint32_t code_of(const struct cells *s, uint32_t column, enum book_kind kind,
                        const char *word)
{
    return book_code(s->book, kind, word, word, place_of(s, column));
}

/* A word that says nothing, "-", would still be like itself. */
static bool says_something(const struct cells *s, uint32_t column, const char *word)
{
    char *bare = letters_bare(word);
    const bool is_empty = bare[0] == '\0';

    free(bare);
    if (is_empty)
        cells_wrong(s, column, "\"%.40s\" has neither letters nor digits; leave the cell empty",
                    word);
    return !is_empty;
}

void cells_wishes(const struct cells *s, uint32_t column, struct score_codes *codes)
{
    struct match_word_list words;

    cells_words(s, column, &words);
    for (uint32_t i = 0; i < words.count; i++)
        if (says_something(s, column, words.at[i]))
            put_code(codes, code_of(s, column, BOOK_WISHES, words.at[i]));
}

static uint32_t language_of(const struct cells *s, uint32_t column, const char *word)
{
    const uint32_t code = coding_language(word);

    if (code == 0 && codes_language(word, strlen(word)) != NULL)
        cells_wrong(s, column, "\"%.40s\" is not a language that somebody speaks: leave it out",
                    word);
    else if (code == 0)
        cells_wrong(s, column,
                    "\"%.40s\" is not a language's code of two or three letters (ISO 639), such as "
                    "sv, ar or so",
                    word);
    return code;
}

void cells_languages(const struct cells *s, uint32_t column, struct score_codes *codes)
{
    struct match_word_list words;

    cells_words(s, column, &words);
    for (uint32_t i = 0; i < words.count; i++)
        put_code(codes, language_of(s, column, words.at[i]));
}

uint32_t cells_club(const struct cells *s, uint32_t column)
{
    return code_of(s, column, BOOK_CLUBS, cells_at(s, column).text);
}

/* Codes of digits. */

static bool is_digits(const char *text, size_t length)
{
    return strspn(text, "0123456789") == length && text[length] == '\0';
}

/* What a spreadsheet leaves of the armed forces' 01 to 03 and 0110 to 0310, when it takes them for
 * numbers: no group has one digit, and none of three ends in 0. */
static bool has_lost_zero(const char *code)
{
    if (code[0] < '1' || code[0] > '3') return false;
    return code[1] == '\0' || strcmp(code + 1, "10") == 0;
}

/* Of any scheme with such codes: a code alone does not say whose it is. */
static bool is_anybodys(const char *code)
{
    for (unsigned i = 0; i < OCCUPATION_SCHEME_JOBTECH; i++)
        if (codes_occupation((enum occupation_scheme)i, code)) return true;
    return false;
}

static void put_occupation(uint32_t code, struct score_occupations *to)
{
    for (uint32_t i = 0; i < to->count; i++)
        if (to->at[i] == code) return;
    if (to->count < SCORE_OCCUPATIONS_MAX) to->at[to->count++] = code; /* a list has fewer words */
}

/* A code alone: of one scheme in both sheets, whichever it is. */
static void take_bare(const struct cells *s, uint32_t column, const char *text,
                      struct score_occupations *to)
{
    const size_t length = strlen(text);
    const uint32_t code = score_occupation(SCORE_SCHEMELESS, SCORE_SCHEMELESS, text);

    book_occupation(s->book, false, text, place_of(s, column));
    if (has_lost_zero(text))
        cells_wrong(s, column, "\"%.40s\" has lost its first 0: write 0%s, in a column of text",
                    text, text);
    else if (code == 0 || length > 4 || !is_digits(text, length))
        cells_wrong(s, column,
                    "\"%.40s\" is not an occupation's code of two to four digits, such as 7233",
                    text);
    else if (!is_anybodys(text))
        cells_wrong(s, column,
                    "\"%.40s\" is no occupation's code in SSYK 2012, STYRK-08 or ISCO-08", text);
    else
        put_occupation(code, to);
}

/* Where the code begins; NULL: nobody's is named. */
static const char *read_scheme(const char *text, enum occupation_scheme *scheme)
{
    for (unsigned i = 0; i <= OCCUPATION_SCHEME_JOBTECH; i++) {
        const size_t length = strlen(occupation_scheme_words[i]);

        if (strncasecmp(text, occupation_scheme_words[i], length) != 0 || text[length] != ':')
            continue;
        *scheme = (enum occupation_scheme)i;
        return text + length + 1;
    }
    return NULL;
}

static void take_coded(const struct cells *s, uint32_t column, enum occupation_scheme scheme,
                       const char *text, const char *code, struct score_occupations *to)
{
    const bool is_concept = scheme == OCCUPATION_SCHEME_JOBTECH;

    book_occupation(s->book, true, text, place_of(s, column));
    if (!codes_occupation(scheme, code) || strlen(code) < 2)
        cells_wrong(s, column,
                    "\"%.40s\" is not an occupation's code there, such as ssyk:7233, ssyk:72 or "
                    "jobtech:17Xf_MuM_vg2",
                    text);
    else if (!coding_occupation(scheme, code,
                                is_concept ? code_of(s, column, BOOK_CONCEPTS, code) : 0, to))
        cells_wrong(s, column, "it has more occupations than a person can have, which is %u",
                    (unsigned)(SCORE_OCCUPATIONS_MAX / (1 + CODES_ISCO_MAX)));
}

static void take_occupation(const struct cells *s, uint32_t column, const char *text,
                            struct score_occupations *to)
{
    enum occupation_scheme scheme;
    const char *code = read_scheme(text, &scheme);

    if (code == NULL)
        take_bare(s, column, text, to);
    else
        take_coded(s, column, scheme, text, code, to);
}

void cells_occupations(const struct cells *s, uint32_t column, struct score_occupations *codes)
{
    struct match_word_list words;

    cells_words(s, column, &words);
    for (uint32_t i = 0; i < words.count; i++)
        take_occupation(s, column, words.at[i], codes);
}

/* Municipalities. */

static const char *const lands[] = {[COUNTRY_SE] = "SE-", [COUNTRY_NO] = "NO-"};

/* "NO-1860": whose it is; false: it does not say. */
static bool read_country(const char *text, enum country *country)
{
    for (unsigned i = 0; i < sizeof lands / sizeof lands[0]; i++)
        if (strncasecmp(text, lands[i], 3) == 0 && is_digits(text + 3, 4)) {
            *country = (enum country)i;
            return true;
        }
    return false;
}

static bool is_in(enum country country, const char *code)
{
    return codes_municipality(country, code, strlen(code)) != NULL;
}

/* A code that two countries have may be either's. */
static bool find_country(const char *code, enum country *country)
{
    *country = is_in(COUNTRY_SE, code) ? COUNTRY_SE : COUNTRY_NO;
    return is_in(COUNTRY_SE, code) != is_in(COUNTRY_NO, code);
}

/* "FI-0091": a code with what may be its country, also one that is none here. */
static bool has_country(const char *text)
{
    const char *hyphen = strchr(text, '-');

    return hyphen == text + 2 && is_digits(hyphen + 1, 4);
}

static bool exists(const struct cells *s, uint32_t column, const char *text)
{
    enum country country;
    const bool is_there = has_country(text)
                              ? read_country(text, &country) && is_in(country, text + 3)
                              : is_in(COUNTRY_SE, text) || is_in(COUNTRY_NO, text);

    if (!is_there)
        cells_wrong(
            s, column,
            "\"%.40s\" is no municipality of Sweden's (SCB) or Norway's (SSB), such as 0180 "
            "or NO-0301",
            text);
    return is_there;
}

/* "NO0301", "=\"0180\"", "NO 0301": a code in other clothes, of which no name has any. */
static bool is_dressed(const struct cells *s, uint32_t column, const char *text)
{
    const char *code = strpbrk(text, "0123456789");

    if (code == NULL || code == text || strspn(code, "0123456789") != 4) return false;
    if (text[0] == '=' || text[0] == '\'')
        cells_wrong(s, column, "\"%.40s\" is a code in a formula: write %.4s, in a column of text",
                    text, code);
    else if (code <= text + 3 && code[4] == '\0')
        cells_wrong(s, column,
                    "\"%.40s\" is a code with its country in another form: write %.2s-%.4s", text,
                    text, code);
    else
        return false;
    return true;
}

/* A name, or four digits, perhaps with their country. */
static bool is_municipality(const struct cells *s, uint32_t column, const char *text)
{
    const size_t length = strlen(text);

    if (!says_something(s, column, text)) return false;
    if (has_country(text) || is_digits(text, 4)) return exists(s, column, text);
    if (is_dressed(s, column, text)) return false;
    if (text[0] < '0' || text[0] > '9') return true;
    if (length == 3 && is_digits(text, 3))
        cells_wrong(s, column, "\"%s\" has lost its first 0: write 0%s, in a column of text", text,
                    text);
    else
        cells_wrong(s, column,
                    "\"%.40s\" is not a municipality's code of four digits, such as 0180", text);
    return false;
}

/* One that was joined with others is what it became. */
static uint32_t coded_municipality(const struct cells *s, uint32_t column, enum country country,
                                   const char *text, const char *code)
{
    char meant[CODING_MUNICIPALITY_SIZE], now[CODING_MUNICIPALITY_SIZE];

    coding_municipality_now(country, code, now);
    snprintf(meant, sizeof meant, "%s%.4s", code == text ? "" : lands[country], now);
    return book_code(s->book, BOOK_MUNICIPALITIES, text, meant, place_of(s, column));
}

uint32_t cells_municipality(const struct cells *s, uint32_t column)
{
    const struct sheet_cell c = cells_at(s, column);
    enum country country;

    if (c.length == 0 || !is_municipality(s, column, c.text)) return 0;
    if (read_country(c.text, &country))
        return coded_municipality(s, column, country, c.text, c.text + 3);
    if (is_digits(c.text, 4) && find_country(c.text, &country))
        return coded_municipality(s, column, country, c.text, c.text);
    return code_of(s, column, BOOK_MUNICIPALITIES, c.text);
}

/* Other cells. */

static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
static const char *const parts[] = {"morning", "afternoon", "evening"};

static bool is_time(const char *word, uint32_t *times)
{
    for (unsigned d = 0; d < 7; d++)
        for (unsigned p = 0; p < 3; p++) {
            char name[16];

            snprintf(name, sizeof name, "%s-%s", days[d], parts[p]);
            if (strcmp(word, name) != 0) continue;
            *times |= UINT32_C(1) << (3 * d + p);
            return true;
        }
    return false;
}

static void take_time(const struct cells *s, uint32_t column, const char *word, uint32_t *times)
{
    char *folded = letters_fold(word);

    if (!is_time(folded, times))
        cells_wrong(s, column, "\"%.40s\" is not a time of the week, such as mon-evening", word);
    free(folded);
}

uint32_t cells_times(const struct cells *s, uint32_t column)
{
    struct match_word_list words;
    uint32_t times = 0;

    cells_words(s, column, &words);
    for (uint32_t i = 0; i < words.count; i++)
        take_time(s, column, words.at[i], &times);
    return times;
}

int64_t cells_number(const struct cells *s, uint32_t column, int64_t low, int64_t high,
                     int64_t otherwise)
{
    const struct sheet_cell c = cells_at(s, column);
    int64_t number = otherwise;

    if (c.length > 0 && !match_number(c.text, c.length, low, high, &number))
        cells_wrong(s, column, "\"%.40s\" is not a whole number from %lld to %lld", c.text,
                    (long long)low, (long long)high);
    return number;
}

enum score_protection cells_protection(const struct cells *s, uint32_t column)
{
    static const char *const words[] = {"none", "marked", "confidential", "strictly"};
    const struct sheet_cell c = cells_at(s, column);
    char *folded = letters_fold(c.text);
    unsigned i = 0;

    while (i < 4 && strcmp(folded, words[i]) != 0)
        i++;
    free(folded);
    if (i < 4) return (enum score_protection)i;
    if (c.length > 0)
        cells_wrong(s, column, "\"%.40s\" is none of none, marked, confidential, strictly", c.text);
    return SCORE_PROTECTION_NONE;
}

/* "1.23457E+11": what a spreadsheet leaves of a long number. */
static bool is_rounded(const char *text)
{
    const size_t digits = strspn(text, "0123456789.,");

    return digits > 0 && (text[digits] == 'E' || text[digits] == 'e') && text[digits + 1] == '+' &&
           is_digits(text + digits + 2, strlen(text + digits + 2));
}

/* Ids stand in files that spreadsheets open, and among others in a cell: nothing that one would take
 * for a formula, in either width, and nothing that separates. */
const char *cells_id(const struct cells *s, uint32_t column)
{
    const struct sheet_cell c = cells_at(s, column);
    char *folded = letters_fold(c.text);

    if (c.length == 0)
        cells_wrong(s, column, "it is empty, and everybody needs an id");
    else if (c.length > 64)
        cells_wrong(s, column, "an id is at most 64 bytes long");
    else if (strchr("=+-@", folded[0]) != NULL)
        cells_wrong(s, column,
                    "an id does not begin with %c: a spreadsheet would take it for a formula",
                    folded[0]);
    else if (is_rounded(c.text))
        cells_wrong(s, column,
                    "\"%s\" is a long number that was rounded: write it in a column of text",
                    c.text);
    else if (strpbrk(c.text, " \t\r\n,;|\"") != NULL)
        cells_wrong(s, column, "an id has no blanks, quotes, bars, commas or semicolons in it");
    free(folded);
    return c.text;
}

/* Dates. */

enum { SHEET_EPOCH_DAY = -25569, SHEET_DAYS_LEAST = 10000, SHEET_DAYS_MOST = 99999 };

/* Days as spreadsheets count them, from 1899-12-30; a time of the day may stand behind. */
static bool is_serial(const char *text, struct date *date)
{
    const size_t digits = strspn(text, "0123456789");
    const char *behind = text + digits;
    int64_t count;

    if (*behind == '.' || *behind == ',') behind++;
    if (!match_number(text, digits, SHEET_DAYS_LEAST, SHEET_DAYS_MOST, &count) ||
        !is_digits(behind, strlen(behind)))
        return false;
    date->day = SHEET_EPOCH_DAY + count;
    return true;
}

/* 20250121, 21.1.2025: other ways to write one that can only be read in one way. */
static bool is_other_date(const char *text, struct date *date)
{
    unsigned year = 0, month = 0, day = 0;
    char written[16];
    int end = 0;

    if (is_digits(text, 8))
        sscanf(text, "%4u%2u%2u%n", &year, &month, &day, &end);
    else
        sscanf(text, "%2u.%2u.%4u%n", &day, &month, &year, &end);
    snprintf(written, sizeof written, "%04u-%02u-%02u", year % 10000, month % 100, day % 100);
    return end > 0 && text[end] == '\0' && date_read(written, DATE_TEXT_SIZE - 1, date);
}

static void say_no_date(const struct cells *s, uint32_t column, const char *text)
{
    struct date date;
    char meant[DATE_TEXT_SIZE];

    if (!is_serial(text, &date) && !is_other_date(text, &date)) {
        cells_wrong(s, column, "\"%.40s\" is not a date such as 2026-11-22", text);
        return;
    }
    date_write(date, meant);
    cells_wrong(s, column, "\"%.40s\" is not a date such as 2026-11-22; if it is %s, write that",
                text, meant);
}

struct date cells_since(const struct cells *s, uint32_t column, int64_t today)
{
    const struct sheet_cell c = cells_at(s, column);
    struct date date = {today};

    if (c.length > 0 && !date_read(c.text, c.length, &date))
        say_no_date(s, column, c.text);
    else if (date.day > today)
        cells_wrong(s, column, "%s is later than today", c.text);
    else if (date.day < date_of(2000, 1, 1).day)
        cells_wrong(s, column, "%s is earlier than 2000-01-01", c.text);
    return date;
}
