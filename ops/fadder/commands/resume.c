/* fadder resume: a service goes on following another that has parted from what was taken of it. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "contract/bus.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static const char *const places[] = {"fork", "end", "start"}; /* as enum bus_resumption */

enum { PLACES = sizeof places / sizeof places[0] };

static bool read_place(const char *given, enum bus_resumption *from)
{
    for (unsigned i = 0; i < PLACES; i++) {
        if (strcmp(given, places[i]) != 0) continue;
        *from = (enum bus_resumption)i;
        return true;
    }
    return false;
}

int command_resume(int argc, char **argv)
{
    struct option options[] = {
        {.name = "SERVICE", .what = "which stopped, as `fadder status` says", .is_required = true},
        {.name = "OTHER", .what = "whose journal it follows", .is_required = true},
        {.name = "--from", .value = "WHERE", .what = "fork (where not given), end or start"},
    };
    enum bus_resumption from = BUS_RESUMPTION_FORK;
    struct error err;
    int code;

    if (!options_read(
            argc, argv, "resume",
            "Lets a service go on following another whose journal has parted from what was\n"
            "taken of it, because one of the two was restored from a backup alone. From the\n"
            "fork nothing is missed that is there now, and what was lost there stays known\n"
            "here. From the end: what it says until now is not taken. From the start: what\n"
            "was taken before is taken again, and mails may go out again.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    for (int i = 0; i < 2; i++)
        if (!has_journal(options[i].given))
            return options_refuse("resume", &options[i], journals_are);
    if (options[2].given != NULL && !read_place(options[2].given, &from))
        return options_refuse("resume", &options[2], "it must be fork, end or start");
    if (!home_enter(&err) || !ask_follow_anew(options[0].given, options[1].given, from, &err))
        return ask_failed("resume", &err);
    ask_end();
    return EXIT_DONE;
}
