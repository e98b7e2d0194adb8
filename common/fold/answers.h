/* What commands were answered, so that the same one again gets the same answer: remembered for
 * ANSWER_DAYS, by the times of the batches. By the thread whose transaction it is. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "contract/journal.h"
#include "core/id.h"

struct error;
struct txn;

enum { ANSWER_DAYS = 30 };

struct answer {
    uint8_t print[16]; /* of the command: another body under the same id is a mistake */
    struct id aggregate;
    int64_t version;
    uint64_t batch;
    uint32_t size;
    uint8_t at[160]; /* packed, by the descriptor of the command's answer */
};
bool answer_get(struct txn *txn, struct id command, bool *is_there, struct answer *answer,
                struct error *err);
bool answer_put(struct txn *txn, const struct journal_command *command, uint64_t batch,
                struct error *err);

/* At the end of a batch: what is too old by then is forgotten, a few batches' at a time. */
bool answer_expire(struct txn *txn, const struct journal_header *header, struct error *err);
