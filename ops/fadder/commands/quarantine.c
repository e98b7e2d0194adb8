/* fadder quarantine: inputs that were set aside because a service died of them. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "contract/journal.h"
#include "core/error.h"
#include "core/instant.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static const char show[] = "quarantine show", replay[] = "quarantine replay";

struct shown {
    const char *service;
    size_t count;
};

static const char *sort_of(const struct journal_set_aside *entry)
{
    if (entry->has_behind && entry->behind) return "event, waits behind another";
    if (entry->has_event) return "event";
    return entry->has_fired ? "deadline" : "command";
}

static bool show_one(void *cookie, const void *row)
{
    const struct journal_set_aside *entry = row;
    struct shown *shown = cookie;
    char id[ID_TEXT_SIZE], at[INSTANT_TEXT_SIZE], about[ID_TEXT_SIZE + 8] = "";

    id_write(entry->id, id);
    instant_write(entry->at, at);
    if (entry->has_about || entry->has_fired) {
        memcpy(about, "  about ", 8);
        id_write(entry->has_about ? entry->about : entry->fired.id, about + 8);
    }
    printf("%s  %-20s  %s  %s (%s)%s\n", at, shown->service, id, entry->what, sort_of(entry),
           about);
    shown->count++;
    return true;
}

static bool show_of(void *cookie, const char *service, struct error *err)
{
    struct shown *shown = cookie;

    shown->service = service;
    return ask_set_aside(service, show_one, shown, err);
}

int command_quarantine_show(int argc, char **argv)
{
    struct option options[] = {{.name = "SERVICE", .what = "all of them where it is not given"}};
    struct shown shown = {.count = 0};
    int code;

    if (!options_read(argc, argv, show,
                      "Lists inputs that a service has set aside because it died of each twice:\n"
                      "since when, whose, the input's id, what it is; and events about the same\n"
                      "that wait behind one. The rest goes on meanwhile.",
                      options, 1, &code))
        return code;
    if (options[0].given != NULL && !has_journal(options[0].given))
        return options_refuse(show, &options[0], journals_are);
    code = ask_each(show, options[0].given, show_of, &shown);
    if (shown.count == 0 && code == EXIT_DONE) printf("Nothing is set aside.\n");
    return code;
}

int command_quarantine_replay(int argc, char **argv)
{
    struct option options[] = {
        {.name = "SERVICE", .what = "whose it is", .is_required = true},
        {.name = "ID", .what = "the input's, as `quarantine show` has it", .is_required = true}};
    struct error err;
    struct id input;
    int code;

    if (!options_read(
            argc, argv, replay,
            "Lets a service try an input again that it had set aside, when what was wrong\n"
            "is mended: an event at once, with all that wait behind it; a deadline at\n"
            "once; a command when it is sent again. If the service dies of it twice more,\n"
            "it is set aside again.",
            options, 2, &code))
        return code;
    if (!has_journal(options[0].given)) return options_refuse(replay, &options[0], journals_are);
    if (!id_read(options[1].given, strlen(options[1].given), &input))
        return options_refuse(replay, &options[1], "it must be an input's id, a UUID");
    if (!home_enter(&err) || !ask_release(options[0].given, input, &err))
        return ask_failed(replay, &err);
    ask_end();
    return EXIT_DONE;
}
