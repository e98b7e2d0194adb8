#include "service/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "core/error.h"

enum { PAGE = 4096, DEATHS_MAX = 2 };

struct trial {
    volatile uint32_t has_died; /* of its own fault, during current */
    struct id current, suspect;
    uint32_t deaths; /* during suspect */
};

static struct trial *trial;
static bool has_died; /* in its last life */

#ifdef __SANITIZE_ADDRESS__ /* reports the others itself, and then aborts */
static const int faults[] = {SIGABRT};
#else
static const int faults[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE};
#endif

/* Only what a signal handler may do: the fault is not ours to mend. */
static void on_fault(int number)
{
    trial->has_died = 1;
    signal(number, SIG_DFL);
    raise(number);
}

static void watch(void)
{
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = (int)SA_RESETHAND};

    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigaction(faults[i], &action, NULL);
}

static void judge(void)
{
    static const struct id nothing;
    char text[ID_TEXT_SIZE];

    if (trial->has_died && !id_equal(trial->current, nothing)) {
        trial->deaths = id_equal(trial->current, trial->suspect) ? trial->deaths + 1 : 1;
        trial->suspect = trial->current;
        id_write(trial->suspect, text);
        log_error("died_of_an_input", "input=%s deaths=%u", text, trial->deaths);
    }
    has_died = trial->has_died != 0;
    trial->has_died = 0;
    trial->current = nothing;
}

bool trial_has_died(void)
{
    return has_died;
}

bool trial_open(const char *directory, struct error *err)
{
    char path[160];
    int fd;
    bool is_ok;

    if (snprintf(path, sizeof path, "%s/trial", directory) >= (int)sizeof path) bug("a long path");
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    is_ok = fd >= 0 && ftruncate(fd, PAGE) == 0;
    if (is_ok) trial = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    is_ok = is_ok && trial != MAP_FAILED;
    if (!is_ok) error_set(err, ERROR_BROKEN, "trial", "%s: %s", path, strerror(errno));
    if (fd >= 0) close(fd);
    if (!is_ok) return false;
    judge();
    watch();
    return true;
}

void trial_close(void)
{
    if (trial == NULL) return;
    trial->current = (struct id){{0}};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        signal(faults[i], SIG_DFL);
    munmap(trial, PAGE);
    trial = NULL;
}

void trial_set(struct id input)
{
    trial->current = input;
}

enum trial_verdict trial_of(struct id input)
{
    if (trial->deaths == 0 || !id_equal(input, trial->suspect)) return TRIAL_FINE;
    return trial->deaths < DEATHS_MAX ? TRIAL_ALONE : TRIAL_QUARANTINE;
}

void trial_forgive(struct id input)
{
    if (id_equal(input, trial->suspect)) trial->deaths = 0;
}
