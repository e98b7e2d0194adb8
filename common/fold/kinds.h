/* What can happen in a service: every event type that it says or subscribes to, found by name.
 *
 * Made once from the aggregates' contracts; read by any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"
#include "fold/aggregate.h"

enum { AGGREGATES_MAX = 16, SUBSCRIBERS_MAX = 8, KINDS_MAX = 256 };

/* One event type. */
struct kind {
    const char *name; /* "mentorship.accepted" */
    const struct descriptor *descriptor;
    const char *service;           /* whose event it is */
    const struct aggregate *owner; /* NULL: another service's */
    unsigned type;                 /* the owner's event type */
    const struct field *sealed;    /* the field that tells where the vault has it, or NULL */
    bool is_erasure;               /* "….erased": the aggregate's key is to be destroyed */
    const struct field *
        protection; /* "….protection_changed" of who can be erased: where it says how well; or NULL */
    bool is_reading; /* "….was_read": for the record; the version stays */
    size_t subscriber_count;
    struct {
        size_t aggregate; /* its place in the service's list */
        unsigned subscription;
    } subscribers[SUBSCRIBERS_MAX];
};

enum { SEALED_EACH = 2 }; /* that a row may point to */

/* Where the fields lie that the runtime itself keeps in every row that has them; and those that point to what is sealed. */
struct row_places {
    const struct field *id, *version, *programme, *country;
    size_t sealed_count;
    const struct field *sealed[SEALED_EACH];
};

struct kinds {
    const struct aggregate *const *aggregates;
    size_t aggregate_count;
    struct row_places places[AGGREGATES_MAX];
    size_t row_max, case_max, input_max, event_max, events_max, body_max; /* bytes */
    size_t count;
    struct kind at[KINDS_MAX];
    uint16_t slots[4 * KINDS_MAX]; /* place in `at` + 1, by hash of the name */
};

struct kinds *kinds_create(const struct aggregate *const *aggregates);
void kinds_destroy(struct kinds *kinds);

/* NULL: there is none. It lives as long as the kinds. */
const struct kind *kinds_find(const struct kinds *kinds, const char *name, size_t size);

/* The command of that name: which aggregate's (its place), and which of its commands. */
bool kinds_command(const struct kinds *kinds, const char *name, size_t *aggregate,
                   unsigned *command);

/* What the i-th such field of a row points to; NULL: to nothing. It lives as long as the row. */
const struct sealed *kinds_sealed(const struct row_places *places, const void *row, size_t i);

/* NULL: there is none. It is static, as descriptors are. */
const struct field *field_find(const struct descriptor *descriptor, const char *name);
