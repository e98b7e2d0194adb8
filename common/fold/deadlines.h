/* The map of deadlines: what is due when. By the thread whose transaction it is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

struct error;
struct kinds;
struct txn;

struct deadline {
    bool is_there;
    bool is_more;     /* it goes on telling the event whose number is in id */
    size_t aggregate; /* its place in the service's list */
    struct id id;
    int64_t due_ms;
    uint64_t since;  /* the number of the event that put it there; 0: is_more, or put there again */
    struct id after; /* is_more: the last one that has been told; zero: nobody */
};

/* In the map it stands by the number of its aggregate's table, which is for good. */
bool deadline_put(struct txn *txn, const struct kinds *kinds, const struct deadline *deadline,
                  struct error *err);
bool deadline_drop(struct txn *txn, const struct kinds *kinds, const struct deadline *deadline,
                   struct error *err);

/* The next one, if any is due at or before until_ms. When what was found is due later, is_there is
 * false and due_ms tells how long one may sleep (0: there is no deadline at all). */
bool deadline_next(struct txn *txn, const struct kinds *kinds, int64_t until_ms,
                   struct deadline *deadline, struct error *err);

/* An event's number as the id of a deadline that goes on telling it, and back. */
struct id deadline_id(uint64_t number);
uint64_t deadline_number(struct id id);
