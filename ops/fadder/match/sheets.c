/* From two sheets to a matching, and to what people read of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/date.h"
#include "core/error.h"
#include "match/book.h"
#include "match/ids.h"
#include "match/match.h"
#include "match/people.h"
#include "match/rules.h"
#include "match/solve.h"
#include "match/why.h"
#include "operator/command.h"

static int fail(const struct error *err)
{
    fprintf(stderr, "fadder match: %s\n", err->text);
    return EXIT_FAILED;
}

/* The answer. */

static void write_cell(struct match_file *file, const char *text, char delimiter)
{
    const char special[] = {delimiter, '"', '\n', '\r', '\0'};

    if (strpbrk(text, special) == NULL) {
        match_print(file, "%s", text);
        return;
    }
    match_print(file, "\"");
    for (; *text != '\0'; text++)
        match_print(file, *text == '"' ? "\"\"" : "%c", *text);
    match_print(file, "\"");
}

/* In order of id, with the parts of each score, as the participants' sheet was written: whatever
 * opens that one opens this one. No id begins like a formula (people.c). */
static bool write_pairs(const struct match_case *c, const char *path, struct error *err)
{
    const struct sheet *like = &c->participants->csv.sheet;
    const char delimiter = like->delimiter, *end = like->has_returns ? "\r\n" : "\n";
    struct match_file *file = match_open(path, false, err);
    struct matching_edge pairs[16];

    if (file == NULL) return false;
    match_print(file, "%sparticipant%cmentor%cscore", like->has_mark ? "\xef\xbb\xbf" : "",
                delimiter, delimiter);
    for (unsigned f = 0; f < SCORE_FACTORS; f++)
        match_print(file, "%c%s", delimiter, match_factor_words[f]);
    match_print(file, "%s", end);
    for (uint32_t i = 0; i < c->participants->count; i++) {
        const uint32_t count = matching_mentors_of(c->matching, i, pairs, 16);

        for (uint32_t k = 0; k < count; k++) {
            const struct score s = match_score(c, i, pairs[k].mentor);

            write_cell(file, c->participants->at[i].id, delimiter);
            match_print(file, "%c", delimiter);
            write_cell(file, c->mentors->at[pairs[k].mentor].id, delimiter);
            match_print(file, "%c%d", delimiter, s.total);
            for (unsigned f = 0; f < SCORE_FACTORS; f++)
                match_print(file, "%c%d", delimiter, s.part[f]);
            match_print(file, "%s", end);
        }
    }
    return match_close(file, err);
}

static bool write_why(const struct match_case *c, const char *path, enum language language,
                      struct error *err)
{
    struct match_file *file = match_open(path, true, err);

    if (file == NULL) return false;
    match_why_write(c, language, file);
    return match_close(file, err);
}

static bool read_today(const char *given, int64_t *day)
{
    struct date date;

    if (given == NULL) {
        *day = (int64_t)(time(NULL) / 86400);
        return true;
    }
    if (!date_read(given, (uint32_t)strlen(given), &date)) {
        fprintf(stderr, "fadder match: --today is a date such as 2026-11-22\n");
        return false;
    }
    *day = date.day;
    return true;
}

static int answer(const struct match_sheets *sheets, const struct matching_objective *objective,
                  const struct match_people *participants, const struct match_people *mentors,
                  const struct match_rules *rules, enum language language)
{
    struct match_case c = {.participants = participants,
                           .mentors = mentors,
                           .rules = rules,
                           .is_same_people = sheets->world == IDS_SAME};
    struct error err;
    const bool ok = match_solve(&c, objective, &err) && write_pairs(&c, sheets->out, &err) &&
                    (sheets->explain == NULL || write_why(&c, sheets->explain, language, &err));

    match_forget(&c);
    return ok ? EXIT_DONE : fail(&err);
}

int match_sheets(const struct match_sheets *sheets, const struct matching_objective *objective)
{
    struct match_rules rules = match_rules_default;
    struct match_people participants = {0}, mentors = {0};
    struct book *book;
    enum language language;
    struct error err;
    int64_t today;
    int code = EXIT_FAILED;
    bool has_mentors, has_participants;

    if (!words_language_read(sheets->language, &language)) {
        fprintf(stderr, "fadder match: --language is " WORDS_LANGUAGE_CODES "\n");
        return EXIT_USAGE;
    }
    if (!read_today(sheets->today, &today)) return EXIT_USAGE;
    if (sheets->rules != NULL && !match_rules_load(sheets->rules, &rules, &err)) return fail(&err);
    book = book_create();
    has_mentors = match_mentors_load(sheets->mentors, book, &mentors);
    has_participants = match_participants_load(sheets->participants, book, today, &participants);
    book_check(book);
    if (has_mentors && has_participants && ids_check(&participants, &mentors, sheets->world) &&
        mentors.csv.fault_count == 0)
        code = answer(sheets, objective, &participants, &mentors, &rules, language);
    match_people_free(&participants);
    match_people_free(&mentors);
    book_destroy(book);
    return code;
}
