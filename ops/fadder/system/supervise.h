/* Keep the services running: start them, start again what dies, end them all.
 *
 * One thread. A service that dies is started at once, and when it dies again soon after with growing
 * pauses up to 2 s; 5 s up and that is forgotten. The kernel ends them when this process is killed.
 * What they say goes to log/<service>.log, the last 16 MiB of it and the 16 MiB before.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "services/list.h"

struct error;

/* Run until SIGINT, SIGTERM or SIGHUP. herald runs beside in a process of its own as soon as the
 * services have been started; what it returns is its exit code. When it is 0, announced is called,
 * in this process; else everything is ended. Returns the exit code of all. */
struct supervised_by {
    int (*herald)(const void *cookie);
    void (*announced)(const void *cookie);
    const void *cookie;
    const char *option; /* what journaled services are given at their first start; or NULL */
};
int supervise(const struct supervised_by *by);

/* What a supervisor in this FADDER_HOME says of its services; false: nothing. */
struct supervised {
    char service[32];
    pid_t pid; /* 0: it is just down */
    int64_t up_ms;
    int64_t restarts;
};
enum { SUPERVISED_MAX = SERVICES_COUNT };
bool supervise_look(struct supervised list[SUPERVISED_MAX], int *count);

/* Block the signals that supervise waits for: to be called before anything is started. */
void supervise_hold(void);
