#include "base/thread.h"

#include <signal.h>
#include <stdlib.h>

#include "core/error.h"

struct thread {
    pthread_t thread;
};

struct thread *thread_start(void *(*run)(void *), void *cookie)
{
    static const int faults[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
    struct thread *thread = malloc(sizeof *thread);
    sigset_t others, before;
    int rc;

    if (thread == NULL) bug("out of memory");
    sigfillset(&others);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigdelset(&others, faults[i]);
    pthread_sigmask(SIG_SETMASK, &others, &before);
    rc = pthread_create(&thread->thread, NULL, run, cookie);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc == 0) return thread;
    free(thread);
    return NULL;
}

void thread_join(struct thread *thread)
{
    if (pthread_join(thread->thread, NULL) != 0) bug("a thread that cannot be waited for");
    free(thread);
}

void thread_wait(pthread_cond_t *condition, pthread_mutex_t *lock)
{
    if (pthread_cond_wait(condition, lock) != 0) bug("a condition that cannot be waited for");
}
