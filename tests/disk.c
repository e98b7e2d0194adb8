#define _GNU_SOURCE /* pwritev */
/* Every write leaves what was there before in a list, until the file is flushed. */
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* Bytes as they were before a write that was not flushed since. */
struct undo {
    char path[PATH_MAX];
    off_t at;
    size_t size, old_size; /* less: the file ended there */
    char *old;
    struct undo *before;
};

static struct undo *undos;
static bool is_watching;
static char failing[PATH_MAX];
static unsigned writes_left; /* until it fails */

static bool path_of(int fd, char path[PATH_MAX])
{
    char link[64];
    ssize_t size;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    size = readlink(link, path, PATH_MAX - 1);
    if (size <= 0) return false;
    path[size] = '\0';
    return size > 9 && strcmp(path + size - 9, "/data.mdb") == 0;
}

static bool is_failing(const char *path)
{
    return failing[0] != '\0' && strstr(path, failing) != NULL;
}

static bool refuses(int fd)
{
    char path[PATH_MAX];

    if (failing[0] == '\0' || !path_of(fd, path) || !is_failing(path)) return false;
    if (writes_left > 0) {
        writes_left--;
        return false;
    }
    errno = EIO;
    return true;
}

/* What is written with O_DSYNC is flushed at once. */
static void remember(int fd, off_t at, size_t size)
{
    char path[PATH_MAX];
    struct undo *undo;
    ssize_t got;

    if (!is_watching || !path_of(fd, path) || (fcntl(fd, F_GETFL) & O_DSYNC) != 0) return;
    if ((undo = calloc(1, sizeof *undo)) == NULL || (undo->old = malloc(size + 1)) == NULL) abort();
    strcpy(undo->path, path);
    undo->at = at;
    undo->size = size;
    got = syscall(SYS_pread64, fd, undo->old, size, at);
    undo->old_size = got > 0 ? (size_t)got : 0;
    undo->before = undos;
    undos = undo;
}

/* Of that file, or of all in a folder; NULL: of all. */
static void forget(const char *path)
{
    for (struct undo **at = &undos; *at != NULL;) {
        struct undo *undo = *at;

        if (path != NULL && strstr(undo->path, path) == NULL) {
            at = &undo->before;
            continue;
        }
        *at = undo->before;
        free(undo->old);
        free(undo);
    }
}

static size_t total(const struct iovec *parts, int count)
{
    size_t size = 0;

    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    return size;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    if (refuses(fd)) return -1;
    remember(fd, at, size);
    return syscall(SYS_pwrite64, fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at) __attribute__((alias("pwrite")));

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at)
{
    if (refuses(fd)) return -1;
    remember(fd, at, total(parts, count));
    return syscall(SYS_pwritev, fd, parts, count, at, 0);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at)
    __attribute__((alias("pwritev")));

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (refuses(fd)) return -1;
    remember(fd, (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR), total(parts, count));
    return syscall(SYS_writev, fd, parts, count);
}

int fdatasync(int fd)
{
    char path[PATH_MAX];

    if (refuses(fd)) return -1;
    if (path_of(fd, path)) forget(path);
    return (int)syscall(SYS_fdatasync, fd);
}

void disk_watch(void)
{
    forget(NULL);
    is_watching = true;
}

void disk_lose_what_was_not_flushed(const char *folder)
{
    for (struct undo *undo = undos; undo != NULL; undo = undo->before) {
        const int fd =
            strstr(undo->path, folder) == NULL ? -1 : open(undo->path, O_WRONLY | O_CLOEXEC);

        if (fd < 0) continue;
        if (syscall(SYS_pwrite64, fd, undo->old, undo->old_size, undo->at) < 0) abort();
        if (undo->old_size < undo->size && ftruncate(fd, undo->at + (off_t)undo->old_size) != 0)
            abort();
        close(fd);
    }
    forget(folder);
}

void disk_fail_after(const char *folder, unsigned writes)
{
    writes_left = writes;
    snprintf(failing, sizeof failing, "%s", folder == NULL ? "" : folder);
}

void disk_fail(const char *folder)
{
    disk_fail_after(folder, 0);
}
