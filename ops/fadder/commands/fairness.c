/* fadder fairness: who waits how long, who is asked how often, what a place would be worth. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "commands/fairness_rows.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "words/words.h"

static const char fairness[] = "fairness";

enum { LAST_DAYS = 365, LAST_DAYS_MAX = 36500 };

static bool write_page(const struct ask_for *scope, enum language language, int64_t last_days,
                       struct error *err)
{
    struct fairness_rows *rows = fairness_rows_read(scope, clock_now_ms(), err);
    struct match_file *file = NULL;
    struct fair_page page;
    bool is_ok = rows != NULL && fairness_rows_page(rows, last_days, &page, err) &&
                 (file = match_open("-", true, err)) != NULL;

    if (is_ok) {
        match_fair_write(&page, language, file);
        is_ok = match_close(file, err);
    }
    fairness_rows_free(rows);
    return is_ok;
}

int command_fairness(int argc, char **argv)
{
    struct option options[] = {
        {.name = "--programme",
         .value = "P",
         .what = "the programme's slug; the only one there is"},
        {.name = "--last-days", .value = "N", .what = "who got an offer counts so long; 365"},
        {.name = "--language", .value = "L", .what = WORDS_LANGUAGE_CODES "; en where not given"},
    };
    enum language language;
    int64_t last_days = LAST_DAYS;
    struct ask_for scope;
    struct error err;
    int code;
    bool is_ok;

    if (!options_read(
            argc, argv, fairness,
            "Tells of a programme, as a page of Markdown: waiting by municipality until the\n"
            "first offer (or until now), and who has had none after the days that the\n"
            "programme sets (overdue_days); offers by club and mentor, and what one more\n"
            "place would change. Fewer than five people are never shown by themselves.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    if (options[1].given != NULL &&
        !match_number(options[1].given, strlen(options[1].given), 1, LAST_DAYS_MAX, &last_days))
        return options_refuse(fairness, &options[1], "it must be a number of days, 1 to 36500");
    if (!words_language_read(options[2].given, &language))
        return options_refuse(fairness, &options[2], "it must be " WORDS_LANGUAGE_CODES);
    is_ok = home_enter(&err) && ask_programme(options[0].given, &scope, &err) &&
            write_page(&scope, language, last_days, &err);
    ask_end();
    return is_ok ? EXIT_DONE : ask_failed(fairness, &err);
}
