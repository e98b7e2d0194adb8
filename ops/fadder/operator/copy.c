/* With the calls of the operating system alone: a copy is as large as it has to be, and on disk before it is told of. */
#include "operator/copy.h"

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

#include "core/error.h"
#include "operator/home.h"

enum { PIECE = 1 << 20 };

bool copy_trouble(const char *path, struct error *err)
{
    return error_set(err, ERROR_BROKEN, "backup", "%.120s: %s", path, strerror(errno));
}

bool copy_name(char path[PATH_SIZE], struct error *err, const char *format, ...)
{
    va_list values;
    int size;

    va_start(values, format);
    size = vsnprintf(path, PATH_SIZE, format, values);
    va_end(values);
    return size < PATH_SIZE || error_set(err, ERROR_INVALID, "backup", "The path is too long.");
}

bool copy_make(const char *path, struct error *err)
{
    return mkdir(path, 0700) == 0 || copy_trouble(path, err);
}

bool copy_flush(const char *directory, struct error *err)
{
    const int fd = home_open(directory, O_RDONLY | O_DIRECTORY);
    const bool is_good = fd >= 0 && fsync(fd) == 0;

    if (!is_good) copy_trouble(directory, err);
    if (fd >= 0) close(fd);
    return is_good;
}

static bool copy_file(const char *from, const char *to, struct error *err)
{
    const int in = home_open(from, O_RDONLY);
    const int out = in < 0 ? -1 : home_open(to, O_WRONLY | O_CREAT | O_EXCL);
    ssize_t size = -1;

    if (out >= 0)
        while ((size = sendfile(out, in, NULL, PIECE)) > 0)
            ;
    if (size == 0 && fsync(out) != 0) size = -1;
    if (size < 0) copy_trouble(in < 0 ? from : to, err);
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    return size == 0;
}

static bool is_left(const char *name, const char *but)
{
    return but != NULL && strncmp(name, but, strlen(but)) == 0;
}

bool copy_files(const char *from, const char *to, const char *but, struct error *err)
{
    const int fd = home_open(from, O_RDONLY | O_DIRECTORY);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    bool is_good = true;

    if (directory == NULL) return errno == ENOENT || copy_trouble(from, err);
    if (access(to, F_OK) != 0 && !copy_make(to, err)) is_good = false;
    while (is_good && (entry = readdir(directory)) != NULL) {
        char one[PATH_SIZE], other[PATH_SIZE];
        struct stat stat;

        is_good = copy_name(one, err, "%s/%s", from, entry->d_name) &&
                  copy_name(other, err, "%s/%s", to, entry->d_name);
        if (is_good && !is_left(entry->d_name, but) && lstat(one, &stat) == 0 &&
            S_ISREG(stat.st_mode))
            is_good = copy_file(one, other, err);
    }
    closedir(directory);
    return is_good && copy_flush(to, err);
}

bool copy_hold(const char *service, struct error *err)
{
    const int fd = home_open(service, O_RDONLY | O_DIRECTORY);

    if (fd < 0) return errno == ENOENT || copy_trouble(service, err);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
    close(fd);
    return error_set(err, ERROR_REFUSED, "running", "%s is running. `fadder down` ends it.",
                     service);
}
