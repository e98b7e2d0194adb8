/* Striking: what was told of somebody who is protected now, or was erased, is taken out of the rows that told it
 * (fold/strikes.h says of whom and which), a few with each batch; then what was deleted is overwritten where the files
 * of journal and state still hold it. Only when that is done it is said to be, so that whatever end comes between, it
 * is begun again.
 *
 * By the writer's thread, and part of it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

struct error;
struct writer;

struct striker {
    bool has_work;         /* of somebody not all has been struck, or overwritten */
    bool is_held;          /* that has to wait for who still reads */
    bool is_scrubbing;     /* the files */
    uint64_t began;        /* scrubbing, before that event */
    uint64_t clean_before; /* that event the files hold nothing that was deleted; 0: they may */
    struct scrub journal, state;
};

/* Strike a few rows with the batch that is being made; and say of whom nothing is left. */
bool striker_strike(struct writer *writer, struct error *err);
/* Between batches: overwrite a little. */
bool striker_scrub(struct writer *writer, struct error *err);
