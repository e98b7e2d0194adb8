/* The supervisor's loop: children, signals through a descriptor, logs that are trimmed, and pauses
 * that grow when one dies again and again. */
#include "system/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "system/ready.h"

enum {
    BACKOFF_FIRST_MS = 100,
    BACKOFF_MAX_MS = 2000,
    FORGIVEN_MS = 5000,   /* up so long, and earlier deaths are forgotten */
    END_MS = 10000,       /* from SIGTERM to SIGKILL */
    LOG_LOOK_MS = 10000,  /* how often logs are measured */
    LOG_MAX = 16 << 20,   /* bytes */
    FALSE_STARTS_MAX = 3, /* before anything was announced: then it is said to be of no use */
};

static const char status_file[] = "run/up.status";

struct child {
    const char *service;
    pid_t pid; /* 0: not running */
    int64_t started_ms, due_ms, backoff_ms;
    int64_t restarts;
    int false_starts; /* ended by itself, one after the other */
};

struct supervisor {
    const struct supervised_by *by;
    struct child children[SUPERVISED_MAX];
    int count;
    pid_t herald;
    bool is_announced, is_ending;
    int exit_code;
    int64_t kill_ms, logs_ms;
};

void supervise_hold(void)
{
    static const int held[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
        sigaddset(&set, held[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static int signals_open(void)
{
    sigset_t set;
    int fd;

    sigprocmask(SIG_BLOCK, NULL, &set);
    if ((fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
        bug("signalfd: %s", strerror(errno));
    return fd;
}

/* In a child, before it becomes what it is to be. */
static void child_begin(pid_t parent, int parting)
{
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, parting);
    if (getppid() != parent) _exit(EXIT_FAILED); /* gone before it was asked for */
    setpgid(0, 0); /* Ctrl-C is for the supervisor, which ends things in order */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void log_name(const char *service, char name[64])
{
    snprintf(name, 64, "log/%s.log", service);
}

static _Noreturn void become(const char *service, const char *option, pid_t parent)
{
    char program[PATH_SIZE], log[64];
    struct error err;
    int fd;

    child_begin(parent, SIGKILL);
    log_name(service, log);
    if ((fd = home_open(log, O_WRONLY | O_CREAT | O_APPEND)) < 0 || dup2(fd, 1) < 0 ||
        dup2(fd, 2) < 0)
        _exit(EXIT_FAILED);
    if (fd > 2) close(fd);
    if ((fd = open("/dev/null", O_RDONLY)) < 0 || dup2(fd, 0) < 0) _exit(EXIT_FAILED);
    if (fd > 2) close(fd);
    if (!home_program(service, program, &err)) _exit(EXIT_FAILED);
    execl(program, program, option, (char *)NULL);
    log_error("cannot_execute", "program=%s text=%s", program, strerror(errno));
    _exit(EXIT_FAILED);
}

/* Once: a second loss is another decision. */
static const char *option_of(const struct child *child, const struct supervised_by *by)
{
    return child->restarts == 0 && has_journal(child->service) ? by->option : NULL;
}

static void child_start(struct child *child, const char *option, int64_t now_ms)
{
    const pid_t parent = getpid();
    pid_t pid;

    ready_forget(child->service);
    pid = fork();
    if (pid == 0) become(child->service, option, parent);
    child->started_ms = now_ms;
    if (pid < 0) {
        log_error("cannot_start", "service=%s text=%s", child->service, strerror(errno));
        child->due_ms = now_ms + BACKOFF_MAX_MS;
        return;
    }
    child->pid = pid;
}

static void herald_start(struct supervisor *supervisor)
{
    const pid_t parent = getpid();

    fflush(NULL);
    if ((supervisor->herald = fork()) != 0) return;
    child_begin(parent, SIGTERM);
    exit(supervisor->by->herald(supervisor->by->cookie));
}

/* The supervised, for `fadder status`: written anew whenever something has changed. */
static void publish(const struct supervisor *supervisor)
{
    FILE *file = home_stream("run/up.status.new", "w");

    if (file == NULL) return;
    for (int i = 0; i < supervisor->count; i++)
        fprintf(file, "%s %ld %lld %lld\n", supervisor->children[i].service,
                (long)supervisor->children[i].pid, (long long)supervisor->children[i].started_ms,
                (long long)supervisor->children[i].restarts);
    if (fclose(file) == 0) rename("run/up.status.new", status_file);
}

bool supervise_look(struct supervised list[SUPERVISED_MAX], int *count)
{
    FILE *file = home_stream(status_file, "r");
    const int64_t now_ms = clock_steady_ms();
    long pid;
    long long started_ms, restarts;

    *count = 0;
    if (file == NULL) return false;
    while (*count < SUPERVISED_MAX && fscanf(file, "%31s %ld %lld %lld", list[*count].service, &pid,
                                             &started_ms, &restarts) == 4) {
        list[*count].pid = (pid_t)pid;
        list[*count].up_ms = now_ms - started_ms;
        list[(*count)++].restarts = restarts;
    }
    fclose(file);
    return true;
}

/* The last line that a service said: why it could not start, most likely. */
static void print_last_line(const char *service)
{
    char name[64], text[2048], *line;
    FILE *file;
    size_t size;

    log_name(service, name);
    if ((file = home_stream(name, "r")) == NULL) return;
    if (fseek(file, -(long)sizeof text + 1, SEEK_END) != 0) rewind(file);
    size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    while (size > 0 && text[size - 1] == '\n')
        size--;
    text[size] = '\0';
    line = strrchr(text, '\n');
    fprintf(stderr, "%s\n", line == NULL ? text : line + 1); /* a line of its log, with its time */
}

static void end_all(struct supervisor *supervisor, int exit_code)
{
    if (supervisor->is_ending) return;
    supervisor->is_ending = true;
    supervisor->exit_code = exit_code;
    supervisor->kill_ms = clock_steady_ms() + END_MS;
    for (int i = 0; i < supervisor->count; i++)
        if (supervisor->children[i].pid != 0) kill(supervisor->children[i].pid, SIGTERM);
    if (supervisor->herald > 0) kill(supervisor->herald, SIGKILL);
}

static void kill_all(const struct supervisor *supervisor)
{
    for (int i = 0; i < supervisor->count; i++) {
        if (supervisor->children[i].pid == 0) continue;
        log_warning("service_killed", "service=%s text=%s", supervisor->children[i].service,
                    "It does not end by itself.");
        kill(supervisor->children[i].pid, SIGKILL);
    }
}

static void say_death(const struct child *child, int status, int64_t up_ms)
{
    const double up_s = (double)up_ms / 1000, pause_s = (double)child->backoff_ms / 1000;

    if (WIFSIGNALED(status))
        log_error("service_died", "service=%s signal=%d name=%s up_s=%.3f again_in_s=%.1f",
                  child->service, WTERMSIG(status), strsignal(WTERMSIG(status)), up_s, pause_s);
    else
        log_error("service_ended", "service=%s code=%d up_s=%.3f again_in_s=%.1f", child->service,
                  WEXITSTATUS(status), up_s, pause_s);
}

static void child_died(struct supervisor *supervisor, struct child *child, int status)
{
    const int64_t now_ms = clock_steady_ms(), up_ms = now_ms - child->started_ms;

    child->pid = 0;
    if (supervisor->is_ending) return;
    if (up_ms >= FORGIVEN_MS) child->backoff_ms = 0;
    child->due_ms = now_ms + child->backoff_ms;
    child->restarts++;
    child->false_starts = WIFEXITED(status) ? child->false_starts + 1 : 0;
    say_death(child, status, up_ms);
    child->backoff_ms = child->backoff_ms == 0 ? BACKOFF_FIRST_MS : 2 * child->backoff_ms;
    if (child->backoff_ms > BACKOFF_MAX_MS) child->backoff_ms = BACKOFF_MAX_MS;
    if (supervisor->is_announced || child->false_starts < FALSE_STARTS_MAX) return;
    log_error("cannot_start", "service=%s text=%s", child->service, "Its last words follow.");
    print_last_line(child->service);
    end_all(supervisor, EXIT_FAILED);
}

static void herald_ended(struct supervisor *supervisor, int status)
{
    supervisor->herald = 0;
    if (supervisor->is_ending) return;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_DONE) {
        end_all(supervisor, EXIT_FAILED);
        return;
    }
    supervisor->is_announced = true;
    supervisor->by->announced(supervisor->by->cookie);
}

static void reap(struct supervisor *supervisor)
{
    pid_t pid;
    int status;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == supervisor->herald) herald_ended(supervisor, status);
        for (int i = 0; i < supervisor->count; i++)
            if (supervisor->children[i].pid == pid)
                child_died(supervisor, &supervisor->children[i], status);
    }
    publish(supervisor);
}

/* Keep the beginning of a log that has grown too large as .1, and go on from nothing. Writers append,
 * so they follow; what is written between the two steps is lost. */
static void log_trim(const char *service)
{
    char name[64], before[80];
    struct stat stat;
    int from, to;

    log_name(service, name);
    snprintf(before, sizeof before, "%s.1", name);
    if ((from = home_open(name, O_RDWR)) < 0) return;
    if (fstat(from, &stat) == 0 && stat.st_size > LOG_MAX &&
        (to = home_open(before, O_WRONLY | O_CREAT | O_TRUNC)) >= 0) {
        if (sendfile(to, from, NULL, (size_t)stat.st_size) == stat.st_size &&
            ftruncate(from, 0) != 0)
            log_warning("cannot_trim", "file=%s text=%s", name, strerror(errno));
        close(to);
    }
    close(from);
}

static bool is_over(const struct supervisor *supervisor)
{
    for (int i = 0; i < supervisor->count; i++)
        if (supervisor->children[i].pid != 0) return false;
    return supervisor->is_ending && supervisor->herald == 0;
}

static void take_signals(struct supervisor *supervisor, int signals)
{
    struct signalfd_siginfo info;

    while (read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGCHLD)
            reap(supervisor);
        else if (supervisor->is_ending)
            supervisor->kill_ms = 0; /* asked twice */
        else
            end_all(supervisor, EXIT_DONE);
    }
}

/* Do what is due; how long until something is due again. */
static int turn(struct supervisor *supervisor)
{
    const int64_t now_ms = clock_steady_ms();
    int64_t next_ms = supervisor->logs_ms;
    bool has_changed = false;

    for (int i = 0; i < supervisor->count && !supervisor->is_ending; i++) {
        struct child *child = &supervisor->children[i];

        if (child->pid != 0) continue;
        if (child->due_ms <= now_ms) {
            child_start(child, option_of(child, supervisor->by), now_ms);
            has_changed = true;
        }
        if (child->pid == 0 && child->due_ms < next_ms) next_ms = child->due_ms;
    }
    if (has_changed) publish(supervisor);
    if (supervisor->is_ending) {
        if (supervisor->kill_ms <= now_ms) {
            kill_all(supervisor);
            supervisor->kill_ms = now_ms + END_MS;
        }
        next_ms = supervisor->kill_ms;
    } else if (supervisor->logs_ms <= now_ms) {
        for (int i = 0; i < supervisor->count; i++)
            log_trim(supervisor->children[i].service);
        supervisor->logs_ms = now_ms + LOG_LOOK_MS;
    }
    return next_ms <= now_ms ? 0 : (int)(next_ms - now_ms);
}

int supervise(const struct supervised_by *by)
{
    struct supervisor supervisor = {.by = by};
    const int signals = signals_open();
    struct pollfd look = {.fd = signals, .events = POLLIN};

    for (; services[supervisor.count] != NULL; supervisor.count++) {
        char program[PATH_SIZE];
        struct error err;

        if (!home_program(services[supervisor.count], program, &err)) return ask_failed("up", &err);
        supervisor.children[supervisor.count].service = services[supervisor.count];
    }
    turn(&supervisor);
    herald_start(&supervisor);
    while (!is_over(&supervisor)) {
        const int wait_ms = turn(&supervisor);

        if (poll(&look, 1, wait_ms) > 0) take_signals(&supervisor, signals);
    }
    unlink(status_file);
    return supervisor.exit_code;
}
