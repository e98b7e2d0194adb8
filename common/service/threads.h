/* A running service's threads, and what they do: writer, reader and lookups step by step, so that who runs several
 * services in one thread can. A step never waits; waiting is apart.
 *
 * Each of these belongs to one thread, which may be the same.
 */
#pragma once

#include <stdbool.h>

struct error;
struct lookups;
struct reading;
struct running;
struct writer;

/* NULL: it cannot begin. */
struct writer *writer_open(struct running *running, struct error *err);
/* At most one batch of what there is. False when the store failed: then only a new start knows the truth. */
bool writer_turn(struct writer *writer, struct error *err);
/* Until there is something to do; a second at most. */
void writer_wait(struct writer *writer);
void writer_close(struct writer *writer);

struct reading *reader_open(struct running *running);
/* Followers and queries: what there is, and a bit of a list. */
void reader_turn(struct reading *reader);
void reader_wait(struct reading *reader);
void reader_close(struct reading *reader);

struct lookups *lookups_open(struct running *running);
/* What there is, at once: single records, and what ours look up. */
void lookups_turn(struct lookups *lookups);
void lookups_wait(struct lookups *lookups);
void lookups_close(struct lookups *lookups);

/* Until the service is to end, or false when the store failed. */
bool writer_run(struct running *running, struct error *err);
/* For pthread_create; each gets the running service. */
void *reader_run(void *running);
void *lookups_run(void *running);
void *worker_run(void *running);
