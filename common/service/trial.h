/* Which input is being decided, written where it outlives us: so that one that kills the service is
 * found out. An input during which the service died of its own fault is tried alone the next time,
 * and set aside after the second. SIGKILL, a power cut and another thread's fault prove nothing.
 *
 * A file of one page, mapped: what is stored there is the kernel's, also when the process dies.
 *
 * By the writer's thread.
 */
#pragma once

#include <stdbool.h>

#include "core/id.h"

struct error;
struct files;
struct trial;

/* Open the file in a service's directory, look whether the last life ended by a fault of its own
 * (SIGABRT, SIGSEGV, SIGBUS, SIGFPE), and watch for such an end of this one. Only one on this thread is
 * blamed on what is being decided. */
struct trial *trial_open(struct files *files, const char *directory, struct error *err);
/* Whether it did. */
bool trial_has_died(const struct trial *trial);
void trial_close(struct trial *trial);

/* What is being decided from here on; and that it is over. is_fault: with an error that is nobody's but
 * the input's, and that ends the process: that counts as if it had died. */
void trial_begin(struct trial *trial, struct id input);
void trial_end(struct trial *trial, bool is_fault);

enum trial_verdict {
    TRIAL_FINE,
    TRIAL_ALONE,      /* it may have killed us once: nothing else in its batch */
    TRIAL_QUARANTINE, /* it did twice: leave it out */
};
enum trial_verdict trial_of(const struct trial *trial, struct id input);

/* It was left out: no longer suspect, should it ever be tried again. */
void trial_forgive(struct trial *trial, struct id input);
