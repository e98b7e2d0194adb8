/* The way of one message to its reader: queued, tried, tried again, delivered or given up; and from
 * there once more, when somebody asks for it.
 *
 * It comes to be by message.queued and has the message's id. The sender reports what came of each
 * attempt; when the next one is due is decided here, from a schedule and a jitter that the report
 * brings along. Nothing here knows an address.
 */
#pragma once

#include "contract/delivery.h"
#include "outlet/outlet.h"
#include "recipient/recipient.h"

struct aggregate;
struct ids;
struct table;
struct txn;

enum {
    DELIVERY_ATTEMPTS = 10, /* each time that it is sent */
    DELIVERY_RETRIES = 5,   /* how often it is sent again */
};

struct delivery_case {
    struct delivery row;
    struct outlet outlet; /* of a webhook: where it goes */
    struct recipient
        recipient; /* of what is new: who reads it, if they were ever not reached, or are gone */
};

bool delivery_decide(const struct delivery_case *c, const struct delivery_input *in,
                     struct delivery_events *out, struct error *err);
void delivery_evolve(struct delivery *row, const struct delivery_event *event);

/* Whether the reader may know what it says: it was taken, or an attempt was not answered. */
bool delivery_may_have_reached(const struct delivery *row);

bool delivery_find(struct txn *txn, const struct delivery_input *in, struct ids *found,
                   struct error *err);
bool delivery_load(struct txn *txn, struct id id, const struct delivery_input *in,
                   struct delivery_case *c, struct error *err);

/* Those that wait in a lane, by when they are due; at most `most`. A lane is an endpoint's id, zero for all mails, or
 * delivery_codes for those with a code, which somebody sits and waits for. */
extern const struct id delivery_codes;
bool delivery_find_due(struct txn *txn, struct id lane, uint32_t most, struct ids *found,
                       struct error *err);

/* Those that wait for one reader, by when they are due; IDS_MAX at most. */
bool delivery_find_to_go(struct txn *txn, struct id to, struct ids *found, struct error *err);

extern const struct table deliveries;
extern const struct life delivery_life;
extern const struct aggregate delivery_aggregate;
