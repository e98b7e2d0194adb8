/* One mapped page for each service: what is stored there is the kernel's, also when the process
 * dies of its own fault, and the next start reads who was on trial. */
#include "service/trial.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/log.h"
#include "core/error.h"
#include "service/slots.h"

enum { STACK_SIZE = 65536, PAGE_SIZE = 4096, DEATHS_MAX = 2 };

/* What stands in the file. */
struct page {
    volatile uint32_t has_died;  /* of its own fault, */
    volatile uint32_t is_blamed; /* on the very thread that had current */
    struct id current, suspect;
    uint32_t deaths; /* during suspect */
};

struct trial {
    struct page *page;
    void *stack;   /* for the handler, as the thread's own may be what is used up */
    bool has_died; /* in its last life */
};

static struct slots watched;           /* for the handler: the pages of this process, */
static _Thread_local struct page *own; /* and that of this thread */

#ifdef __SANITIZE_ADDRESS__ /* reports the others itself, and then aborts */
static const int faults[] = {SIGABRT};
#else
static const int faults[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE};
#endif

/* Only what a signal handler may do: the fault is not ours to mend. */
static void on_fault(int number)
{
    for (size_t i = 0; i < SERVICES_MAX; i++) {
        struct page *page = atomic_load(&watched.at[i]);

        if (page != NULL) page->has_died = 1;
    }
    if (own != NULL) own->is_blamed = 1;
    signal(number, SIG_DFL);
    raise(number);
}

static void watch(struct trial *trial)
{
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = (int)SA_RESETHAND | SA_ONSTACK};

    slots_take(&watched, trial->page);
#ifndef __SANITIZE_ADDRESS__ /* which has one of its own */
    const stack_t stack = {.ss_sp = trial->stack, .ss_size = STACK_SIZE};

    if (sigaltstack(&stack, NULL) != 0) bug("sigaltstack: %s", strerror(errno));
#endif
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigaction(faults[i], &action, NULL);
}

static void unwatch(struct page *page)
{
    bool is_last = true;

    slots_forget(&watched, page);
    for (size_t i = 0; i < SERVICES_MAX; i++)
        is_last = is_last && atomic_load(&watched.at[i]) == NULL;
    for (size_t i = 0; is_last && i < sizeof faults / sizeof faults[0]; i++)
        signal(faults[i], SIG_DFL);
}

static void judge(struct trial *trial)
{
    const struct id nothing = {{0}};
    struct page *page = trial->page;
    char text[ID_TEXT_SIZE];

    if (page->is_blamed && !id_equal(page->current, nothing)) {
        page->deaths = id_equal(page->current, page->suspect) ? page->deaths + 1 : 1;
        page->suspect = page->current;
        id_write(page->suspect, text);
        log_error("died_of_an_input", "input=%s deaths=%u", text, page->deaths);
    }
    trial->has_died = page->has_died != 0;
    page->has_died = page->is_blamed = 0;
    page->current = nothing;
}

bool trial_has_died(const struct trial *trial)
{
    return trial->has_died;
}

struct trial *trial_open(struct files *files, const char *directory, struct error *err)
{
    struct trial *trial = calloc(1, sizeof *trial);
    struct page *page;
    char name[160];

    if (trial == NULL) bug("out of memory");
    if (snprintf(name, sizeof name, "%s/trial", directory) >= (int)sizeof name) bug("a long name");
    if ((page = files_map(files, name, PAGE_SIZE)) == NULL) {
        error_set(err, ERROR_BROKEN, "trial", "%s: %s", name, strerror(errno));
        free(trial);
        return NULL;
    }
    trial->page = page;
    judge(trial);
    if ((trial->stack = malloc(STACK_SIZE)) == NULL) bug("out of memory");
    watch(trial);
    own = trial->page;
    return trial;
}

void trial_close(struct trial *trial)
{
    if (trial == NULL) return;
    unwatch(trial->page);
    own = NULL;
    files_unmap(trial->page, PAGE_SIZE);
#ifndef __SANITIZE_ADDRESS__
    sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
#endif
    free(trial->stack);
    free(trial);
}

void trial_begin(struct trial *trial, struct id input)
{
    trial->page->current = input;
}

void trial_end(struct trial *trial, bool is_fault)
{
    if (is_fault)
        trial->page->is_blamed = 1;
    else
        trial->page->current = (struct id){{0}};
}

enum trial_verdict trial_of(const struct trial *trial, struct id input)
{
    const struct page *page = trial->page;

    if (page->deaths == 0 || !id_equal(input, page->suspect)) return TRIAL_FINE;
    return page->deaths < DEATHS_MAX ? TRIAL_ALONE : TRIAL_QUARANTINE;
}

void trial_forgive(struct trial *trial, struct id input)
{
    if (id_equal(input, trial->page->suspect)) trial->page->deaths = 0;
}
