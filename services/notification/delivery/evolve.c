/* What a delivery is after each event. */
#include "delivery/delivery.h"

const struct id delivery_codes = {{1}};

static void begin_webhook(struct delivery *row, const struct message_queued *as)
{
    row->lane = row->endpoint = as->to;
    row->has_endpoint = true;
    row->has_partner = as->has_partner;
    row->partner = as->partner;
    row->has_test = row->test = as->kind == MESSAGE_KIND_ENDPOINT_TESTED;
}

static void begin(struct delivery *row, const struct message_queued *as)
{
    row->state = DELIVERY_STATE_QUEUED;
    row->channel = as->channel;
    row->to = as->to;
    if (as->channel == MESSAGE_CHANNEL_WEBHOOK) begin_webhook(row, as);
    if (as->kind == MESSAGE_KIND_SESSION_REQUESTED) row->lane = delivery_codes;
    row->queued = row->due = as->has_due ? as->due : as->at;
}

/* What both events of a failed attempt say alike. */
#define fail(row, said)                                                                      \
    do {                                                                                     \
        (row)->attempts++;                                                                   \
        (row)->has_reason = true;                                                            \
        (row)->reason = (said)->reason;                                                      \
        (row)->has_code = (said)->has_code;                                                  \
        (row)->code = (said)->code;                                                          \
        (row)->has_cause = (said)->has_cause;                                                \
        (row)->cause = (said)->cause;                                                        \
        (row)->has_unanswered = (row)->unanswered = (row)->unanswered || (said)->unanswered; \
    } while (0)

static void deliver(struct delivery *row, const struct delivery_delivered *as)
{
    row->state = DELIVERY_STATE_DELIVERED;
    row->attempts++;
    row->has_reason = false;
    row->reason = (enum delivery_reason)0; /* there is none */
    row->has_code = as->has_code;
    row->code = as->code;
    row->has_cause = false;
    row->cause = (enum delivery_cause)0;
    row->late = as->late;
}

/* The first time counts. */
static void refuse_reader(struct delivery *row, const struct delivery_attempt_failed *said)
{
    if (row->has_reader_refused || !said->has_reader_refused) return;
    row->has_reader_refused = true;
    row->reader_refused = said->reader_refused;
}

static void begin_again(struct delivery *row, struct instant due)
{
    row->has_reader_refused = false;
    row->reader_refused = (struct instant){0};
    row->has_joint = false;
    row->joint = (struct id){{0}};
    row->state = DELIVERY_STATE_QUEUED;
    row->due = due;
    row->before = row->attempts;
    row->retries++;
}

void delivery_evolve(struct delivery *row, const struct delivery_event *event)
{
    const struct delivery_attempt_failed *failed = &event->delivery_attempt_failed;
    const struct delivery_given_up *given_up = &event->delivery_given_up;

    switch (event->type) {
    case DELIVERY_AFTER_MESSAGE_QUEUED: begin(row, &event->message_queued); return;
    case DELIVERY_DELIVERED: deliver(row, &event->delivery_delivered); return;
    case DELIVERY_ATTEMPT_FAILED:
        fail(row, failed);
        row->due = failed->due;
        row->has_joint = failed->has_joint;
        row->joint = failed->joint;
        refuse_reader(row, failed);
        return;
    case DELIVERY_GIVEN_UP:
        fail(row, given_up);
        row->state = DELIVERY_STATE_GIVEN_UP;
        return;
    case DELIVERY_AFTER_PERSON_ERASED: return; /* decide says what follows */
    case DELIVERY_RETRIED: begin_again(row, event->delivery_retried.due); return;
    }
    bug("delivery_evolve: event type %u", event->type);
}
