/* FADDER_HOME as a place to go to, its lock, and the list of services. */
#include "operator/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/settings.h"
#include "core/error.h"
#include "services/list.h"

const char *const services[] = {SERVICES, NULL};

static const char *const journaled[] = {SERVICES_JOURNALED, NULL};

bool has_journal(const char *service)
{
    for (size_t i = 0; journaled[i] != NULL; i++)
        if (strcmp(journaled[i], service) == 0) return true;
    return false;
}

const char journals_are[] = "services with a journal are " SERVICES_JOURNALED_SENTENCE;

static const char *home_name(void)
{
    return setting_value(setting_of("FADDER_HOME"));
}

static bool trouble(const char *doing, const char *path, struct error *err)
{
    return error_set(err, ERROR_BROKEN, "home", "%s %s: %s", doing, path, strerror(errno));
}

static bool go_home(struct files *files, struct error *err)
{
    char absolute[PATH_SIZE];

    if (!files_go(files) || getcwd(absolute, sizeof absolute) == NULL)
        return trouble("cannot use", home_name(), err);
    if (setenv("FADDER_HOME", absolute, 1) != 0) bug("out of memory");
    return true;
}

bool home_enter(struct error *err)
{
    const char *home = home_name();
    struct files *files;
    bool is_there;

    umask(077);
    if (access(home, F_OK) != 0 && errno == ENOENT)
        return error_set(
            err, ERROR_NOT_FOUND, "home",
            "There is no %s. Run `fadder up` first, or set FADDER_HOME to where it runs.", home);
    if ((files = files_open(home, err)) == NULL) return false;
    is_there = go_home(files, err);
    files_close(files);
    return is_there;
}

static bool make_directory(const char *path, struct error *err)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || trouble("cannot make", path, err);
}

static bool own_home(const char *home, struct error *err)
{
    struct files *files = files_open(home, err);
    const bool is_own = files != NULL && files_own(files, "run", err) &&
                        files_own(files, "log", err) && go_home(files, err);

    files_close(files);
    return is_own;
}

bool home_make(struct error *err)
{
    char home[PATH_SIZE];

    umask(077);
    snprintf(home, sizeof home, "%s", home_name());
    for (char *slash = strchr(home + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!make_directory(home, err)) return false;
        *slash = '/';
    }
    return own_home(home, err);
}

int home_open(const char *path, int flags)
{
    return open(path, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
}

FILE *home_stream(const char *path, const char *mode)
{
    const int fd = home_open(path, mode[0] == 'w' ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY);
    FILE *stream = fd < 0 ? NULL : fdopen(fd, mode);

    if (stream == NULL && fd >= 0) close(fd);
    return stream;
}

/* A lock of fcntl's, because the kernel tells who holds it: no file of process ids can be stale. */
bool home_lock(struct error *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    const int fd = home_open("run/up.lock", O_RDWR | O_CREAT);

    if (fd < 0) return trouble("cannot open", "run/up.lock", err);
    if (fcntl(fd, F_SETLK, &lock) == 0) return true; /* fd stays open: closing it would unlock */
    error_set(err, ERROR_REFUSED, "running",
              "Fadder is running in %s already, with process id %ld. `fadder down` ends it.",
              setting_value(setting_of("FADDER_HOME")), (long)home_holder());
    close(fd);
    return false;
}

pid_t home_holder(void)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    const int fd = home_open("run/up.lock", O_RDWR);
    pid_t pid = 0;

    if (fd < 0) return 0;
    if (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) pid = lock.l_pid;
    close(fd);
    return pid;
}

bool path_absolute(const char *path, char absolute[PATH_SIZE], struct error *err)
{
    char here[PATH_SIZE];
    int size;

    if (path[0] == '/')
        size = snprintf(absolute, PATH_SIZE, "%s", path);
    else if (getcwd(here, sizeof here) == NULL)
        return trouble("cannot find", ".", err);
    else
        size = snprintf(absolute, PATH_SIZE, "%s/%s", here, path);
    return size < PATH_SIZE || error_set(err, ERROR_INVALID, "path", "The path is too long.");
}

bool home_program(const char *service, char path[PATH_SIZE], struct error *err)
{
    const ssize_t size = readlink("/proc/self/exe", path, PATH_SIZE - 64);
    char *slash;

    if (size <= 0) return trouble("cannot find", "/proc/self/exe", err);
    path[size] = '\0';
    slash = strrchr(path, '/');
    snprintf(slash, 64, "/fadder-%s", service);
    return access(path, X_OK) == 0 ||
           error_set(err, ERROR_BROKEN, "home",
                     "%.120s is not there: the programs belong into one folder.", path);
}
