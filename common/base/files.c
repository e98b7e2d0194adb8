#define _GNU_SOURCE /* O_PATH */
/* By a descriptor of the root, so that it stays the same directory wherever the process goes; from there step by step,
 * so that no link leads anywhere else. */
#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/random.h"
#include "core/error.h"

enum { DEPTH_MAX = 8, SAID_MAX = 90 };

struct files {
    int fd;
    char root[SAID_MAX]; /* to be named */
};

struct file {
    int fd;
};

/* Whose it is, and who may write to it. */

static bool is_ours_or_roots(const struct stat *is)
{
    return is->st_uid == geteuid() || is->st_uid == 0;
}

/* A directory of root's in which the members of a group make files, and nobody takes away another's. */
static bool is_shared(const struct stat *is)
{
    return S_ISDIR(is->st_mode) && is->st_uid == 0 && (is->st_mode & S_ISVTX) != 0 &&
           (is->st_mode & 07) == 0;
}

static bool wrong(struct error *err, const char *root, const char *name, const char *what)
{
    return error_set(err, ERROR_BROKEN, "home", "%.*s%s%.*s %s", SAID_MAX, root,
                     name[0] == '\0' ? "" : "/", SAID_MAX, name, what);
}

static bool check_owner(const struct stat *is, const char *root, const char *name,
                        struct error *err)
{
    const unsigned owner = is->st_uid, us = geteuid();
    char what[100];

    if (is_ours_or_roots(is)) return true;
    snprintf(what, sizeof what,
             "belongs to user %u, and this runs as %u: run it as %u, or chown %u it.", owner, us,
             owner, us);
    return wrong(err, root, name, what);
}

static bool check(const struct stat *is, const char *root, const char *name, struct error *err)
{
    char what[100];

    if (S_ISLNK(is->st_mode))
        return wrong(err, root, name,
                     "is a link, and none is followed: put what it leads to in its place.");
    if (!check_owner(is, root, name, err)) return false;
    if ((is->st_mode & 022) == 0 || is_shared(is) || S_ISSOCK(is->st_mode)) return true;
    snprintf(what, sizeof what, "may be written by others (mode %04o): chmod go-w it.",
             (unsigned)(is->st_mode & 07777));
    return wrong(err, root, name, what);
}

static bool fail(struct error *err, const char *root, const char *name)
{
    return wrong(err, root, name, strerror(errno));
}

/* The name without slashes at its end, which would follow a link. */
static void name_root(struct files *files, const char *root, char path[PATH_MAX])
{
    size_t size = strnlen(root, PATH_MAX - 1);

    while (size > 1 && root[size - 1] == '/')
        size--;
    snprintf(path, PATH_MAX, "%.*s", (int)size, root);
    snprintf(files->root, sizeof files->root, "%.*s", SAID_MAX - 1, path);
}

static bool open_root(struct files *files, const char *root, struct error *err)
{
    char path[PATH_MAX];
    struct stat is;

    name_root(files, root, path);
    if ((mkdir(path, 0700) != 0 && errno != EEXIST) || lstat(path, &is) != 0)
        return fail(err, files->root, "");
    if (!check(&is, files->root, "", err)) return false;
    files->fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (files->fd < 0 || fstat(files->fd, &is) != 0) return fail(err, files->root, "");
    return check(&is, files->root, "", err); /* that it is the one that was looked at */
}

struct files *files_open(const char *root, struct error *err)
{
    struct files *files = calloc(1, sizeof *files);

    if (files == NULL) bug("out of memory");
    files->fd = -1;
    if (open_root(files, root, err)) return files;
    files_close(files);
    return NULL;
}

void files_close(struct files *files)
{
    if (files == NULL) return;
    if (files->fd >= 0) close(files->fd);
    free(files);
}

bool files_go(const struct files *files)
{
    return fchdir(files->fd) == 0;
}

void files_path(const struct files *files, const char *name, char path[FILES_PATH_MAX])
{
    if (snprintf(path, FILES_PATH_MAX, "/proc/self/fd/%d/%s", files->fd, name) >= FILES_PATH_MAX)
        bug("a long name: %s", name);
}

/* Where the last part of a name lies, and what it is called there; -1: the reason is in errno. Until leave(). */
static int enter(const struct files *files, const char *name, const char **last)
{
    int at = files->fd;
    const char *slash;

    name += strspn(name, "/");
    for (; at >= 0 && (slash = strchr(name, '/')) != NULL; name = slash + strspn(slash, "/")) {
        char part[FILES_PATH_MAX];
        const int from = at;

        snprintf(part, sizeof part, "%.*s", (int)(slash - name), name);
        at = openat(from, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (from != files->fd) close(from);
    }
    *last = name;
    return at;
}

static void leave(const struct files *files, int at)
{
    const int why = errno;

    if (at >= 0 && at != files->fd) close(at);
    errno = why;
}

/* A directory, or a file with what else there is in the flags. */
static int open_at(const struct files *files, const char *name, int flags)
{
    const char *last;
    const int at = enter(files, name, &last);
    const int fd = at < 0 ? -1
                          : openat(at, last[0] == '\0' ? "." : last,
                                   flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);

    leave(files, at);
    return fd;
}

static int open_file(const struct files *files, const char *name, int flags)
{
    const int fd = open_at(files, name, flags);
    struct stat is;

    if (fd < 0 || (fstat(fd, &is) == 0 && S_ISREG(is.st_mode) && is_ours_or_roots(&is))) return fd;
    close(fd);
    errno = EPERM;
    return -1;
}

static bool look_at(const struct files *files, const char *name, struct stat *is)
{
    const char *last;
    const int at = enter(files, name, &last);
    const bool is_there = at >= 0 && fstatat(at, last, is, AT_SYMLINK_NOFOLLOW) == 0;

    leave(files, at);
    return is_there;
}

static bool take_away(const struct files *files, const char *name, int flags)
{
    const char *last;
    const int at = enter(files, name, &last);
    const bool is_gone = at >= 0 && unlinkat(at, last, flags) == 0;

    leave(files, at);
    return is_gone;
}

static bool give_name(const struct files *files, const char *from, const char *to)
{
    const char *from_last, *to_last;
    const int from_at = enter(files, from, &from_last);
    const int to_at = from_at < 0 ? -1 : enter(files, to, &to_last);
    const bool is_done = to_at >= 0 && renameat(from_at, from_last, to_at, to_last) == 0;

    leave(files, to_at);
    leave(files, from_at);
    return is_done;
}

/* Directories. */

bool files_make(struct files *files, const char *directory)
{
    const char *last;
    const int at = enter(files, directory, &last);
    const bool is_there = at >= 0 && (mkdirat(at, last, 0700) == 0 || errno == EEXIST);

    leave(files, at);
    return is_there;
}

static int open_directory(const struct files *files, const char *directory)
{
    return open_at(files, directory, O_RDONLY | O_DIRECTORY);
}

static bool own_all(struct files *files, const char *directory, int depth, struct error *err);

struct owning {
    struct files *files;
    const char *directory;
    bool is_shared;
    int depth;
    struct error *err;
    bool is_own;
};

/* What has gone meanwhile is nobody's. */
static bool own_one(void *cookie, const char *name)
{
    struct owning *owning = cookie;
    char path[FILES_PATH_MAX];
    struct stat is;

    if (snprintf(path, sizeof path, "%s/%s", owning->directory, name) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return owning->is_own = fail(owning->err, owning->files->root, path);
    }
    if (!look_at(owning->files, path, &is) || (owning->is_shared && !is_ours_or_roots(&is)))
        return true;
    owning->is_own =
        check(&is, owning->files->root, path, owning->err) &&
        (!S_ISDIR(is.st_mode) || own_all(owning->files, path, owning->depth + 1, owning->err));
    return owning->is_own;
}

static bool own_all(struct files *files, const char *directory, int depth, struct error *err)
{
    struct owning owning = {files, directory, false, depth, err, true};
    struct stat is;

    if (depth > DEPTH_MAX) return wrong(err, files->root, directory, "lies too deep.");
    if (!look_at(files, directory, &is))
        return (depth > 0 && errno == ENOENT) || fail(err, files->root, directory);
    if (!check(&is, files->root, directory, err)) return false;
    owning.is_shared = is_shared(&is);
    files_each(files, directory, own_one, &owning);
    return owning.is_own;
}

bool files_own(struct files *files, const char *directory, struct error *err)
{
    return (files_make(files, directory) || fail(err, files->root, directory)) &&
           own_all(files, directory, 0, err);
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

int64_t files_changed_ns(struct files *files, const char *directory)
{
    struct stat is;

    if (fstatat(files->fd, directory, &is, 0) != 0) return 0;
    return (int64_t)is.st_mtim.tv_sec * 1000000000 + is.st_mtim.tv_nsec;
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
    return (is.st_mode & 077) != 0 && !is_shared(&is);
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

    return look_at(files, name, &is) || errno != ENOENT;
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
    const int fd = open_file(files, name, O_RDONLY);
    const ssize_t got = fd < 0 ? -1 : read_some(fd, to, *size, 0);

    if (fd >= 0) close(fd);
    *size = got < 0 ? 0 : (size_t)got;
    return got >= 0;
}

static bool is_published(int fd)
{
    struct stat is;

    return fstat(fd, &is) == 0 && S_ISREG(is.st_mode) && (is.st_mode & 022) == 0;
}

bool files_read_published(struct files *files, const char *name, void *to, size_t *size)
{
    const int fd = open_at(files, name, O_RDONLY);
    const ssize_t got = fd < 0 || !is_published(fd) ? -1 : read_some(fd, to, *size, 0);

    if (fd >= 0) close(fd);
    *size = got < 0 ? 0 : (size_t)got;
    return got >= 0;
}

/* Who looks at it is told what would be right. */
static bool check_secret(int fd, const char *name, struct error *err)
{
    struct stat is;

    if (fstat(fd, &is) != 0)
        return error_set(err, ERROR_BROKEN, "exposed", "%s: %s", name, strerror(errno));
    if (!S_ISREG(is.st_mode))
        return error_set(err, ERROR_BROKEN, "exposed", "%s has to be a plain file", name);
    if (is.st_uid != geteuid())
        return error_set(err, ERROR_BROKEN, "exposed",
                         "%s belongs to user %ld; it has to be of user %ld, who runs this", name,
                         (long)is.st_uid, (long)geteuid());
    return (is.st_mode & 077) == 0 ||
           error_set(err, ERROR_BROKEN, "exposed",
                     "%s is open to others than its owner (mode %03o); it has to be 600", name,
                     is.st_mode & 0777U);
}

bool files_read_secret(struct files *files, const char *name, void *to, size_t *size,
                       struct error *err)
{
    const int fd = openat(files->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t got;
    bool is_ok;

    if (fd < 0)
        return error_set(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_BROKEN, "exposed", "%s: %s",
                         name,
                         errno == ELOOP ? "a link; it has to be a plain file" : strerror(errno));
    is_ok = check_secret(fd, name, err);
    got = is_ok ? read_some(fd, to, *size, 0) : -1;
    if (is_ok && got < 0) error_set(err, ERROR_BROKEN, "exposed", "%s: %s", name, strerror(errno));
    close(fd);
    *size = got < 0 ? 0 : (size_t)got;
    return got >= 0;
}

/* Under another name first, which who looks into the directory passes over. */
static bool part_of(const char *name, char part[FILES_PATH_MAX])
{
    const char *slash = strrchr(name, '/');
    const size_t folder = slash == NULL ? 0 : (size_t)(slash - name) + 1;

    if (snprintf(part, FILES_PATH_MAX, "%.*s.%s.part", (int)folder, name, name + folder) <
        FILES_PATH_MAX)
        return true;
    part[0] = '\0';
    errno = ENAMETOOLONG;
    return false;
}

bool files_write(struct files *files, const char *name, const void *bytes, size_t size,
                 bool is_kept)
{
    char part[FILES_PATH_MAX];
    bool is_ok;
    int fd;

    if (!part_of(name, part)) return false;
    if (!take_away(files, part, 0) && errno != ENOENT) return false;
    fd = open_file(files, part, O_WRONLY | O_CREAT | O_EXCL);
    is_ok = fd >= 0 && write_all(fd, bytes, size, 0) && (!is_kept || fsync(fd) == 0);
    if (fd >= 0) is_ok = close(fd) == 0 && is_ok;
    if (is_ok && give_name(files, part, name)) return !is_kept || files_flush_around(files, name);
    if (fd >= 0) {
        const int why = errno;

        take_away(files, part, 0);
        errno = why;
    }
    return false;
}

bool files_written_ms(struct files *files, const char *name, int64_t *ms)
{
    struct stat is;

    if (!look_at(files, name, &is)) return false;
    *ms = (int64_t)is.st_mtim.tv_sec * 1000 + is.st_mtim.tv_nsec / 1000000;
    return true;
}

/* A part of its own for each who writes, on disk. */
static bool write_part(struct files *files, const char *name, const void *bytes, size_t size,
                       mode_t mode, char part[FILES_PATH_MAX])
{
    char own[FILES_PATH_MAX + 16];
    bool is_ok;
    int fd;

    snprintf(own, sizeof own, "%s.%08x", name, random_number());
    if (!part_of(own, part)) return false;
    fd = openat(files->fd, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    is_ok = fchmod(fd, mode) == 0 && write_all(fd, bytes, size, 0) && fsync(fd) == 0;
    return close(fd) == 0 && is_ok;
}

static bool remove_part(struct files *files, const char *part, bool is_ok)
{
    const int why = errno;

    unlinkat(files->fd, part, 0);
    errno = why;
    return is_ok;
}

bool files_make_secret(struct files *files, const char *name, const void *bytes, size_t size)
{
    char part[FILES_PATH_MAX];
    const bool is_made = write_part(files, name, bytes, size, 0600, part) &&
                         linkat(files->fd, part, files->fd, name, 0) == 0;

    return remove_part(files, part, is_made) && files_flush_around(files, name);
}

bool files_publish(struct files *files, const char *name, const void *bytes, size_t size)
{
    char part[FILES_PATH_MAX];

    if (write_part(files, name, bytes, size, 0644, part) &&
        renameat(files->fd, part, files->fd, name) == 0)
        return files_flush_around(files, name);
    return remove_part(files, part, false);
}

bool files_make_public(struct files *files, const char *directory)
{
    if (mkdirat(files->fd, directory, 0700) != 0) return errno == EEXIST;
    return fchmodat(files->fd, directory, 0755, 0) == 0;
}

bool files_rename(struct files *files, const char *from, const char *to)
{
    return give_name(files, from, to) && files_flush_around(files, to);
}

bool files_remove(struct files *files, const char *name)
{
    return take_away(files, name, 0) || errno == ENOENT ||
           ((errno == EISDIR || errno == EPERM) && take_away(files, name, AT_REMOVEDIR));
}

void *files_map(struct files *files, const char *name, size_t size)
{
    const int fd = open_file(files, name, O_RDWR | O_CREAT);
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
    const int fd = open_file(files, name, O_RDWR);
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

bool file_cut(const struct file *file, uint64_t size)
{
    return ftruncate(file->fd, (off_t)size) == 0;
}

bool file_flush(const struct file *file)
{
    return fdatasync(file->fd) == 0;
}
