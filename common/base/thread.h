/* Threads, and how one waits for another where no bell is: a seam, as clock.h. All other waiting is bus_wait's. A
 * simulator, which has one thread, starts none and has nothing to wait for.
 */
#pragma once

#include <pthread.h>

struct thread;

/* Signals are for those who are there already: the new one has none but those of its own faults. NULL: the system
 * has no thread to spare. Lives until thread_join. */
struct thread *thread_start(void *(*run)(void *), void *cookie);
/* Waits until run has returned. */
void thread_join(struct thread *thread);

/* As pthread_cond_wait. */
void thread_wait(pthread_cond_t *condition, pthread_mutex_t *lock);
