/* The threads of a running service, and its verification. */
#pragma once

#include <stdbool.h>

struct error;
struct running;

/* Returns when the service is to end, or false when the store failed: then only a new start knows
 * the truth. */
bool writer_run(struct running *running, struct error *err);

/* For pthread_create; each gets the running service. */
void *reader_run(void *running);
void *worker_run(void *running);
