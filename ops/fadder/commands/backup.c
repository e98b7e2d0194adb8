/* fadder backup: what a stopped system has to be put together from again, but for its keys. The journals are the truth;
 * states are made of them and stay behind. Whoever keeps the data must not be able to open what is sealed in it:
 * for the keys there is `fadder keys backup`. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "ask/ask.h"
#include "core/error.h"
#include "journal/journal.h"
#include "operator/command.h"
#include "operator/copy.h"
#include "operator/home.h"
#include "operator/options.h"

/* What is put back from here begins another epoch: it may know less than it has said already. */
static bool mark_restored(const char *journal, struct error *err)
{
    char path[PATH_SIZE];
    int fd;

    if (!copy_name(path, err, "%s/%s", journal, journal_restored)) return false;
    if ((fd = home_open(path, O_WRONLY | O_CREAT)) < 0) return copy_trouble(path, err);
    close(fd);
    return copy_flush(journal, err);
}

/* The journal, and what is sealed, where there is any. */
static bool copy_journal(const char *service, const char *data, struct error *err)
{
    char from[PATH_SIZE], sealed[PATH_SIZE], folder[PATH_SIZE], to[PATH_SIZE], sealed_to[PATH_SIZE];

    if (!copy_name(from, err, "%s/journal", service) ||
        !copy_name(folder, err, "%s/%s", data, service) ||
        !copy_name(to, err, "%s/journal", folder) ||
        !copy_name(sealed, err, "%s/sealed", service) ||
        !copy_name(sealed_to, err, "%s/sealed", folder))
        return false;
    if (access(from, F_OK) != 0) return true; /* it has never run */
    return copy_make(folder, err) && copy_files(from, to, NULL, err) &&
           copy_files(sealed, sealed_to, NULL, err) && mark_restored(to, err) &&
           copy_flush(folder, err);
}

static bool copy_all(const char *into, struct error *err)
{
    char data[PATH_SIZE], ledger[PATH_SIZE];

    if (!copy_name(data, err, "%s/data", into) || !copy_name(ledger, err, "%s/ledger", into) ||
        !copy_make(into, err) || !copy_make(data, err))
        return false;
    for (size_t i = 0; services[i] != NULL; i++)
        if (has_journal(services[i]) && !copy_journal(services[i], data, err)) return false;
    return copy_files("ledger", ledger, NULL, err) && copy_flush(data, err) &&
           copy_flush(into, err);
}

int command_backup(int argc, char **argv)
{
    struct option options[] = {
        {.name = "DIR", .what = "where to; it must not be there yet", .is_required = true}};
    char into[PATH_SIZE];
    struct error err;
    int code;

    if (!options_read(
            argc, argv, "backup",
            "Copies a stopped system: its journals, and what is sealed, into DIR/data. The keys\n"
            "stay: `fadder keys backup` copies them, to other hands, as the two together open\n"
            "what the vault has sealed. To restore, copy what is in DIR/data, and DIR/ledger,\n"
            "into an empty FADDER_HOME, then `fadder keys restore`.\n"
            "\n"
            "DIR/ledger is the ledger of erasures: who was erased, and who must be hidden, by\n"
            "ids alone. Restore the newest that there is, whatever the age of the rest: of the "
            "old\n"
            "home, or of a later backup; its file may be copied while all is running. The "
            "registry\n"
            "says again at its start what has been undone.",
            options, 1, &code))
        return code;
    if (!path_absolute(options[0].given, into, &err)) return ask_failed("backup", &err);
    if (access(into, F_OK) == 0)
        return options_refuse("backup", &options[0],
                              "something is there already; name a new folder");
    if (!home_enter(&err) || !home_lock(&err)) return ask_failed("backup", &err);
    for (size_t i = 0; services[i] != NULL; i++)
        if (!copy_hold(services[i], &err)) return ask_failed("backup", &err);
    if (!copy_all(into, &err)) return ask_failed("backup", &err);
    printf("%s/data\n%s/ledger\n", into, into);
    return EXIT_DONE;
}
