/* fadder backup: what a stopped system has to be put together from again. The journals are the truth;
 * states are made of them and stay behind. The keys go into a folder of their own: whoever keeps the
 * data must not be able to open what is sealed in it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask/ask.h"
#include "core/error.h"
#include "journal/journal.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

enum { PIECE = 1 << 20 };

static bool trouble(const char *path, struct error *err)
{
    return error_set(err, ERROR_BROKEN, "backup", "%.120s: %s", path, strerror(errno));
}

static bool name(char path[PATH_SIZE], struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool name(char path[PATH_SIZE], struct error *err, const char *format, ...)
{
    va_list values;
    int size;

    va_start(values, format);
    size = vsnprintf(path, PATH_SIZE, format, values);
    va_end(values);
    return size < PATH_SIZE || error_set(err, ERROR_INVALID, "backup", "The path is too long.");
}

static bool make(const char *path, struct error *err)
{
    return mkdir(path, 0700) == 0 || trouble(path, err);
}

/* On disk, not only on its way there. */
static bool flush(const char *directory, struct error *err)
{
    const int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_good = fd >= 0 && fsync(fd) == 0;

    if (!is_good) trouble(directory, err);
    if (fd >= 0) close(fd);
    return is_good;
}

static bool copy_file(const char *from, const char *to, struct error *err)
{
    const int in = open(from, O_RDONLY | O_CLOEXEC);
    const int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ssize_t size = -1;

    if (out >= 0)
        while ((size = sendfile(out, in, NULL, PIECE)) > 0)
            ;
    if (size == 0 && fsync(out) != 0) size = -1;
    if (size < 0) trouble(in < 0 ? from : to, err);
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    return size == 0;
}

/* The files of a directory; what is not a file stays behind. One that is not there has none. */
static bool copy_files(const char *from, const char *to, struct error *err)
{
    DIR *directory = opendir(from);
    const struct dirent *entry;
    bool is_good = true;

    if (directory == NULL) return errno == ENOENT || trouble(from, err);
    if (!make(to, err)) is_good = false;
    while (is_good && (entry = readdir(directory)) != NULL) {
        char one[PATH_SIZE], other[PATH_SIZE];
        struct stat stat;

        is_good = name(one, err, "%s/%s", from, entry->d_name) &&
                  name(other, err, "%s/%s", to, entry->d_name);
        if (is_good && lstat(one, &stat) == 0 && S_ISREG(stat.st_mode))
            is_good = copy_file(one, other, err);
    }
    closedir(directory);
    return is_good && flush(to, err);
}

/* A service holds its directory while it runs, also when nobody supervises it. */
static bool hold(const char *service, struct error *err)
{
    const int fd = open(service, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0) return errno == ENOENT || trouble(service, err);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return true; /* until this process ends */
    close(fd);
    return error_set(err, ERROR_REFUSED, "running", "%s is running. `fadder down` ends it.",
                     service);
}

/* What is put back from here begins another epoch: it may know less than it has said already. */
static bool mark_restored(const char *journal, struct error *err)
{
    char path[PATH_SIZE];
    int fd;

    if (!name(path, err, "%s/%s", journal, journal_restored)) return false;
    if ((fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) < 0) return trouble(path, err);
    close(fd);
    return flush(journal, err);
}

/* The journal, and what is sealed, where there is any. */
static bool copy_journal(const char *service, const char *data, struct error *err)
{
    char from[PATH_SIZE], sealed[PATH_SIZE], folder[PATH_SIZE], to[PATH_SIZE], sealed_to[PATH_SIZE];

    if (!name(from, err, "%s/journal", service) || !name(folder, err, "%s/%s", data, service) ||
        !name(to, err, "%s/journal", folder) || !name(sealed, err, "%s/sealed", service) ||
        !name(sealed_to, err, "%s/sealed", folder))
        return false;
    if (access(from, F_OK) != 0) return true; /* it has never run */
    return make(folder, err) && copy_files(from, to, err) && copy_files(sealed, sealed_to, err) &&
           mark_restored(to, err) && flush(folder, err);
}

static bool copy_all(const char *into, struct error *err)
{
    char data[PATH_SIZE], keys[PATH_SIZE];

    if (!name(data, err, "%s/data", into) || !name(keys, err, "%s/keys", into) ||
        !make(into, err) || !make(data, err))
        return false;
    for (size_t i = 0; services[i] != NULL; i++)
        if (has_journal(services[i]) && !copy_journal(services[i], data, err)) return false;
    return copy_files("keys", keys, err) && flush(data, err) && flush(into, err);
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
            "Copies a stopped system: its journals into DIR/data and its keys into DIR/keys. Keep\n"
            "the two in different hands: together they open what the vault has sealed.\n"
            "To restore, copy what is in DIR/data, and DIR/keys, into an empty FADDER_HOME.",
            options, 1, &code))
        return code;
    if (!path_absolute(options[0].given, into, &err)) return ask_failed("backup", &err);
    if (access(into, F_OK) == 0)
        return options_refuse("backup", &options[0],
                              "something is there already; name a new folder");
    if (!home_enter(&err) || !home_lock(&err)) return ask_failed("backup", &err);
    for (size_t i = 0; services[i] != NULL; i++)
        if (!hold(services[i], &err)) return ask_failed("backup", &err);
    if (!copy_all(into, &err)) return ask_failed("backup", &err);
    printf("%s/data\n%s/keys\n", into, into);
    return EXIT_DONE;
}
