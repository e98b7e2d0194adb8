/* A service's program: a node that is opened, the threads that run it, and signals that end it. */
#include "service/service.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/files.h"
#include "base/log.h"
#include "base/program.h"
#include "base/thread.h"
#include "core/ending.h"
#include "core/error.h"
#include "fold/trust.h"
#include "service/node.h"
#include "service/running.h"
#include "service/slots.h"
#include "service/threads.h"
#include "service/verify.h"
#include "vault/vault.h"

/* Ending by a signal. */

static struct slots ended_by_signals; /* those of this process */
static atomic_int in_handler;         /* threads that are looking at them */

static void on_signal(int number)
{
    (void)number;
    atomic_fetch_add(&in_handler, 1);
    for (size_t i = 0; i < SERVICES_MAX; i++) {
        struct running *running = atomic_load(&ended_by_signals.at[i]);

        if (running != NULL) running_end(running);
    }
    atomic_fetch_sub(&in_handler, 1);
}

static void set_signals(int how)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(how, &set, NULL);
}

static void handle_signals(struct running *running)
{
    struct sigaction action = {.sa_handler = on_signal};

    slots_take(&ended_by_signals, running);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

/* Afterwards no handler, on whichever thread, has it any more. */
static void forget_signals(struct running *running)
{
    slots_forget(&ended_by_signals, running);
    while (atomic_load(&in_handler) > 0)
        sched_yield();
}

static bool run_threads(struct running *running, struct error *err)
{
    const struct service *service = running->service;
    struct thread *reader = thread_start(reader_run, running);
    struct thread *lookups = thread_start(lookups_run, running);
    struct thread *worker = service->work == NULL ? NULL : thread_start(worker_run, running);

    if (reader == NULL || lookups == NULL || (service->work != NULL && worker == NULL))
        bug("no thread to be had");
    set_signals(SIG_UNBLOCK);
    log_info("started", "batch=%llu", (unsigned long long)atomic_load(&running->head));
    if (!writer_run(running, err)) { /* what is true now, only a new start can tell */
        log_failure(LOG_ERROR, "stopped", err);
        trust_doubt(running->files, service->name);
        ending(ENDING_FAILED);
    }
    if (worker != NULL) thread_join(worker);
    thread_join(lookups);
    thread_join(reader);
    return true;
}

static int run(const struct service *service, struct files *files, bool goes_without_keys)
{
    struct running *running = node_create(service, files, VAULT_GROWS_ASIDE);
    struct error err;
    bool has_run;

    running->goes_without_keys = goes_without_keys;
    log_as(service->name);
    handle_signals(running);
    has_run = node_open(running, &err) && run_threads(running, &err);
    if (!has_run) log_failure(LOG_ERROR, "cannot_start", &err);
    set_signals(SIG_BLOCK); /* there is nothing left that they could end */
    forget_signals(running);
    node_close(running, has_run);
    if (has_run) log_info("ended", "name=%s", service->name);
    return has_run ? 0 : 1;
}

/* Of a service that does not run: its keys alone are touched. */
static int rotate(struct files *files)
{
    struct error err;
    struct vault *vault = vault_open(files, "keys", false, &err);
    const bool is_ok = vault != NULL && vault_rotate(vault, &err);

    if (is_ok)
        printf("%zu keys are wrapped by another master key.\n", vault_count(vault).slots);
    else
        fprintf(stderr, "%s\n", err.text);
    vault_close(vault);
    return is_ok ? 0 : 1;
}

int service_main(const struct service *service, int argc, char **argv)
{
    const struct program program = {
        .name = service->name,
        .what = "A service: runs in FADDER_HOME until SIGTERM or SIGINT.",
        .options =
            "  --verify   checks its journal's chain, folds it anew and compares every row with "
            "its state;\n             it may be running meanwhile\n"
            "  --without-keys\n"
            "             starts also if the keys that its journal names are lost for good, and "
            "makes\n"
            "             others: what was sealed before can never be read again\n"
            "  --rotate-keys\n"
            "             wraps the keys by another master key, while it does not run; see\n"
            "             `fadder keys rotate`",
    };
    static const char *const allowed[] = {"--verify", "--without-keys", "--rotate-keys", NULL};
    struct files *files;
    struct error err;
    bool is_to_verify;
    int code;

    if (!program_begin(&program, argc, argv, allowed, &code)) return code;
    if ((files = program_home(&err)) == NULL) {
        log_failure(LOG_ERROR, "cannot_start", &err);
        return 1;
    }
    is_to_verify = argc == 2 && strcmp(argv[1], allowed[0]) == 0;
    if (argc == 2 && strcmp(argv[1], allowed[2]) == 0)
        code = rotate(files);
    else
        code = is_to_verify ? verify_run(service, files, stdout) : run(service, files, argc == 2);
    files_close(files);
    return code;
}
