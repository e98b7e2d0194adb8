#define _GNU_SOURCE /* O_PATH */
/* By a descriptor of the root, so that it stays the same directory wherever the process goes. */
#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/error.h"

struct files {
    int fd;
};

struct file {
    int fd;
};

struct files *files_open(const char *root, struct error *err)
{
    struct files *files = calloc(1, sizeof *files);

    if (files == NULL) bug("out of memory");
    if ((mkdir(root, 0700) == 0 || errno == EEXIST) &&
        (files->fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0)
        return files;
    error_set(err, ERROR_BROKEN, "home", "%s: %s", root, strerror(errno));
    free(files);
    return NULL;
}

void files_close(struct files *files)
{
    if (files == NULL) return;
    close(files->fd);
    free(files);
}

void files_path(const struct files *files, const char *name, char path[FILES_PATH_MAX])
{
    if (snprintf(path, FILES_PATH_MAX, "/proc/self/fd/%d/%s", files->fd, name) >= FILES_PATH_MAX)
        bug("a long name: %s", name);
}

/* Directories. */

bool files_make(struct files *files, const char *directory)
{
    return mkdirat(files->fd, directory, 0700) == 0 || errno == EEXIST;
}

static int open_directory(const struct files *files, const char *directory)
{
    return openat(files->fd, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The directory itself: a file in it could be tidied away. */
bool files_lock(struct files *files, const char *directory, const char *what, int *lock,
                struct error *err)
{
    *lock = open_directory(files, directory);
    if (*lock < 0)
        return error_set(err, ERROR_BROKEN, "home", "%s: %s", directory, strerror(errno));
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0) return true;
    close(*lock);
    *lock = -1;
    return error_set(err, ERROR_BUSY, "running", "%s is running already.", what);
}

bool files_is_locked(struct files *files, const char *directory)
{
    const int fd = open_directory(files, directory);
    const bool is_locked = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0;

    if (fd >= 0) close(fd);
    return is_locked;
}

void files_unlock(int lock)
{
    if (lock >= 0) close(lock);
}

void files_each(struct files *files, const char *directory, files_visit *visit, void *cookie)
{
    const int fd = open_directory(files, directory);
    DIR *listing = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (listing == NULL) {
        if (fd >= 0) close(fd);
        return;
    }
    while ((entry = readdir(listing)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            !visit(cookie, entry->d_name))
            break;
    closedir(listing);
}

bool files_room(struct files *files, uint64_t *bytes)
{
    struct statvfs disk;

    if (fstatvfs(files->fd, &disk) != 0) return false;
    *bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return true;
}

static bool is_exposed(int fd, unsigned *mode)
{
    struct stat is;

    *mode = 0;
    if (fstat(fd, &is) != 0) return true;
    *mode = is.st_mode & 0777;
    return (is.st_mode & 077) != 0;
}

bool files_is_exposed(struct files *files, const char *directory, unsigned *mode)
{
    const int fd = open_directory(files, directory);
    const bool is = is_exposed(fd, mode);

    if (fd >= 0) close(fd);
    return is;
}

/* Whole files. */

bool files_flush_around(struct files *files, const char *name)
{
    const char *slash = strrchr(name, '/');
    char directory[FILES_PATH_MAX];
    bool is_ok;
    int fd;

    snprintf(directory, sizeof directory, "%.*s", slash == NULL ? 1 : (int)(slash - name),
             slash == NULL ? "." : name);
    fd = open_directory(files, directory);
    is_ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return is_ok;
}

bool files_is_there(struct files *files, const char *name)
{
    struct stat is;

    return fstatat(files->fd, name, &is, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

static ssize_t read_some(int fd, void *bytes, size_t size, off_t at)
{
    uint8_t *to = bytes;
    size_t have = 0;
    ssize_t got = 1;

    while (have < size && got > 0) {
        got = pread(fd, to + have, size - have, at + (off_t)have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

static bool write_all(int fd, const void *bytes, size_t size, off_t at)
{
    const uint8_t *from = bytes;

    while (size > 0) {
        const ssize_t written = pwrite(fd, from, size, at);

        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        from += written;
        at += written;
        size -= (size_t)written;
    }
    return true;
}

bool files_read(struct files *files, const char *name, void *to, size_t *size)
{
    const int fd = openat(files->fd, name, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? -1 : read_some(fd, to, *size, 0);

    if (fd >= 0) close(fd);
    *size = got < 0 ? 0 : (size_t)got;
    return got >= 0;
}

/* Under another name first, which who looks into the directory passes over. */
static void part_of(const char *name, char part[FILES_PATH_MAX])
{
    const char *slash = strrchr(name, '/');
    const size_t folder = slash == NULL ? 0 : (size_t)(slash - name) + 1;

    snprintf(part, FILES_PATH_MAX, "%.*s.%s.part", (int)folder, name, name + folder);
}

bool files_write(struct files *files, const char *name, const void *bytes, size_t size,
                 bool is_kept)
{
    char part[FILES_PATH_MAX];
    bool is_ok;
    int fd;

    part_of(name, part);
    if (unlinkat(files->fd, part, 0) != 0 && errno != ENOENT) return false;
    fd = openat(files->fd, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    is_ok = fd >= 0 && write_all(fd, bytes, size, 0) && (!is_kept || fsync(fd) == 0);
    if (fd >= 0) is_ok = close(fd) == 0 && is_ok;
    if (is_ok && renameat(files->fd, part, files->fd, name) == 0)
        return !is_kept || files_flush_around(files, name);
    if (fd >= 0) {
        const int why = errno;

        unlinkat(files->fd, part, 0);
        errno = why;
    }
    return false;
}

bool files_rename(struct files *files, const char *from, const char *to)
{
    return renameat(files->fd, from, files->fd, to) == 0 && files_flush_around(files, to);
}

bool files_remove(struct files *files, const char *name)
{
    return unlinkat(files->fd, name, 0) == 0 || errno == ENOENT ||
           ((errno == EISDIR || errno == EPERM) && unlinkat(files->fd, name, AT_REMOVEDIR) == 0);
}

void *files_map(struct files *files, const char *name, size_t size)
{
    const int fd = openat(files->fd, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void *at = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, (off_t)size) == 0)
        at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0) close(fd);
    return at == MAP_FAILED ? NULL : at;
}

void files_unmap(void *at, size_t size)
{
    if (at != NULL) munmap(at, size);
}

/* In places. */

struct file *file_open(struct files *files, const char *name)
{
    const int fd = openat(files->fd, name, O_RDWR | O_CLOEXEC);
    struct file *file;

    if (fd < 0) return NULL;
    if ((file = malloc(sizeof *file)) == NULL) bug("out of memory");
    file->fd = fd;
    return file;
}

void file_close(struct file *file)
{
    if (file == NULL) return;
    close(file->fd);
    free(file);
}

bool file_size(const struct file *file, uint64_t *bytes)
{
    struct stat is;

    if (fstat(file->fd, &is) != 0) return false;
    *bytes = (uint64_t)is.st_size;
    return true;
}

bool file_is_exposed(const struct file *file, unsigned *mode)
{
    return is_exposed(file->fd, mode);
}

int64_t file_read(const struct file *file, uint64_t at, void *bytes, size_t size)
{
    return read_some(file->fd, bytes, size, (off_t)at);
}

bool file_write(const struct file *file, uint64_t at, const void *bytes, size_t size)
{
    return write_all(file->fd, bytes, size, (off_t)at);
}

bool file_flush(const struct file *file)
{
    return fdatasync(file->fd) == 0;
}
