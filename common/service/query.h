/* Answering questions from a snapshot of the state: who may see what, lists and single records. By
 * the reader's thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/bus.h"
#include "contract/bus.h"

struct aggregate;
struct error;
struct running;
struct txn;

enum { QUERY_BYTES = 384 * 1024 };

/* A page, or a refusal, as frames that point into bytes. */
struct query_answer {
    size_t count, used;
    struct frame frames[FRAMES_MAX];
    uint8_t *bytes;  /* QUERY_BYTES */
    bool is_secret;  /* something was opened into it */
    uint32_t looked; /* rows so far */
    bool is_begun;   /* and not ready: */
    struct bus_page page;
};

struct query_answer *query_answer_create(void);
void query_answer_destroy(struct query_answer *answer);

/* peer: who asks, by its bus name. A list ends when it has `limit` rows, is 256 KiB long, or has
 * looked at 20,000 rows: then next says where to go on. False: at until_ns of the steady clock it was
 * not ready, and goes on from there when it is run again. */
bool query_run(struct running *running, const char *peer, const struct bus_query *query,
               int64_t until_ns, struct query_answer *answer);
/* Whether a row, the aggregate's own, would be shown to who asks in the query, whichever it asks for, and if nobody under
 * protection were in it. By any thread, in a transaction of its own. */
bool query_may_see(struct txn *txn, const struct aggregate *aggregate,
                   const struct bus_query *query, const void *row, bool *may, struct error *err);

/* Forget what was opened, and what was begun. */
void query_wipe(struct query_answer *answer);

/* A copy of the state as it stands at *batch, under the path that goes with the id of who wants it;
 * theirs to remove. */
enum { COPY_PATH_SIZE = 128 };
void query_copy_path(const char *service, struct id id, char path[COPY_PATH_SIZE]);
bool query_copy_state(struct running *running, struct id id, uint64_t *batch, struct error *err);
