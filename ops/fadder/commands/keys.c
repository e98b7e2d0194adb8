/* fadder keys: the vault's keys are backed up apart from the data, for a stated time, and get another master. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "core/backup.h"
#include "core/date.h"
#include "core/error.h"
#include "core/instant.h"
#include "operator/command.h"
#include "operator/copy.h"
#include "operator/home.h"
#include "operator/options.h"

static const char keeper[] = "registry"; /* the service that has the vault */
static const char made[] = "made";       /* the file that says when a backup was */
static const char next_master[] = "keys/master.next";
static const char peers[] =
    "bus."; /* of keys by which programs know each other: each makes another */

/* rotate */

static int become_rotating(void)
{
    char program[PATH_SIZE];
    struct error err;

    if (!home_program(keeper, program, &err)) return ask_failed("keys rotate", &err);
    execl(program, program, "--rotate-keys", (char *)NULL);
    fprintf(stderr, "fadder keys rotate: %s: %s\n", program, strerror(errno));
    return EXIT_FAILED;
}

/* Whoever runs is asked; of who does not the files are touched. */
int command_keys_rotate(int argc, char **argv)
{
    struct error err;
    int code;

    if (!options_read(
            argc, argv, "keys rotate",
            "Makes another master key, wraps every key of the vault by it and destroys the old\n"
            "one, whether the registry runs or not. Nothing that is sealed changes. Backups of\n"
            "keys that were made before stay readable by those who have them: make another, and\n"
            "destroy the old ones. What is interrupted goes on at the registry's next start.",
            NULL, 0, &code))
        return code;
    if (!home_enter(&err)) return ask_failed("keys rotate", &err);
    if (copy_hold(keeper, &err)) return become_rotating();
    if (err.kind != ERROR_REFUSED || !ask_rotate_keys(keeper, &err))
        return ask_failed("keys rotate", &err);
    printf("The keys are wrapped by another master key.\n");
    return EXIT_DONE;
}

/* backup */

static bool read_file(const char *path, char text[128], struct error *err)
{
    FILE *file = fopen(path, "r");
    size_t size;

    if (file == NULL) return copy_trouble(path, err);
    size = fread(text, 1, 127, file);
    text[size] = '\0';
    fclose(file);
    return true;
}

/* That of the ring which was copied beside it. */
static bool check_master(const char *into, struct error *err)
{
    char path[PATH_SIZE], copied[128], now[128];
    bool is_same;

    if (!copy_name(path, err, "%s/master.key", into) || !read_file(path, copied, err) ||
        !read_file("keys/master.key", now, err))
        return false;
    is_same = strcmp(copied, now) == 0 && access(next_master, F_OK) != 0;
    explicit_bzero(copied, sizeof copied);
    explicit_bzero(now, sizeof now);
    return is_same || error_set(err, ERROR_REFUSED, "rotated",
                                "The master key was changed meanwhile: make another backup.");
}

static bool write_made(const char *into, struct error *err)
{
    char path[PATH_SIZE], now[INSTANT_TEXT_SIZE];
    FILE *file;
    bool is_written;

    if (!copy_name(path, err, "%s/%s", into, made)) return false;
    instant_write((struct instant){clock_now_ms()}, now);
    if ((file = fopen(path, "wx")) == NULL) return copy_trouble(path, err);
    is_written = fprintf(file, "%s\n", now) > 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
    return (fclose(file) == 0 && is_written) || copy_trouble(path, err);
}

int command_keys_backup(int argc, char **argv)
{
    struct option options[] = {
        {.name = "DIR", .what = "where to; it must not be there yet", .is_required = true}};
    char into[PATH_SIZE];
    struct error err;
    int code;

    if (!options_read(
            argc, argv, "keys backup",
            "Copies the vault's keys into DIR, with the day on which that was. The system may\n"
            "run. Keep them in other hands than `fadder backup`: together they open what is\n"
            "sealed. Make one after every backup of the data and destroy those older than 35\n"
            "days: what somebody had sealed who was erased since can be opened with them.",
            options, 1, &code))
        return code;
    if (!path_absolute(options[0].given, into, &err)) return ask_failed("keys backup", &err);
    if (access(into, F_OK) == 0)
        return options_refuse("keys backup", &options[0],
                              "something is there already; name a new folder");
    if (!home_enter(&err)) return ask_failed("keys backup", &err);
    if (access("keys/ring", F_OK) != 0) {
        copy_trouble("keys/ring", &err);
        return ask_failed("keys backup", &err);
    }
    if (!copy_files("keys", into, peers, &err) || !check_master(into, &err) ||
        !write_made(into, &err) || !copy_flush(into, &err))
        return ask_failed("keys backup", &err);
    printf("%s\n", into);
    return EXIT_DONE;
}

/* restore */

static bool check_age(const char *from, bool is_old_fine, struct error *err)
{
    char path[PATH_SIZE], text[128];
    struct instant then, end;

    if (is_old_fine) return true;
    if (!copy_name(path, err, "%s/%s", from, made)) return false;
    if (access(path, F_OK) != 0 || !read_file(path, text, err) ||
        !instant_read(text, (uint32_t)strcspn(text, "\n"), &then))
        return error_set(err, ERROR_REFUSED, "keys_old",
                         "%.200s does not say when it was made. Knowingly: --old", path);
    end = instant_add_days(then, BACKUP_DAYS);
    return clock_now_ms() <= end.ms ||
           error_set(err, ERROR_REFUSED, "keys_old",
                     "These keys are of %.10s, older than %d days: who was erased since would be "
                     "readable until the ledger is gone through. Bring newer ones, or knowingly: "
                     "--old",
                     text, BACKUP_DAYS);
}

static bool check_place(struct error *err)
{
    static const char *const names[] = {"keys/ring", "keys/master.key", next_master};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (access(names[i], F_OK) == 0)
            return error_set(err, ERROR_REFUSED, "keys_there",
                             "%s is there. Move `keys` away if it is not the right one.", names[i]);
    return true;
}

/* What a start without them has made in their place. */
static bool make_room(struct error *err)
{
    char path[PATH_SIZE];

    for (size_t i = 0; services[i] != NULL; i++) {
        if (!copy_name(path, err, "keys/print.%s", services[i])) return false;
        if (unlink(path) != 0 && errno != ENOENT) return copy_trouble(path, err);
    }
    return true;
}

int command_keys_restore(int argc, char **argv)
{
    struct option options[] = {
        {.name = "DIR", .what = "what `fadder keys backup` made", .is_required = true},
        {.name = "--old", .what = "also if they are older than 35 days"}};
    char from[PATH_SIZE];
    struct error err;
    int code;

    if (!options_read(
            argc, argv, "keys restore",
            "Puts a backup of the vault's keys in place, of a system that does not run. Who was\n"
            "erased since is erased again when the registry starts, as long as the newest ledger\n"
            "of erasures is in place too. Keys that are older than the journal's lack some that\n"
            "it names: the registry says so, and does not start.",
            options, 2, &code))
        return code;
    if (!path_absolute(options[0].given, from, &err) || !home_make(&err) || !home_lock(&err) ||
        !copy_hold(keeper, &err) || !check_age(from, options[1].given != NULL, &err) ||
        !check_place(&err) || !make_room(&err) || !copy_files(from, "keys", peers, &err) ||
        !copy_flush("keys", &err))
        return ask_failed("keys restore", &err);
    if (unlink("keys/made") != 0 && errno != ENOENT) {
        copy_trouble("keys/made", &err);
        return ask_failed("keys restore", &err);
    }
    printf("The keys are in place.\n");
    return EXIT_DONE;
}
