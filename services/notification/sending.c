/* What all deliveries share while they are under way: how one ends, and how the registry is asked. */
#include "sending.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/random.h"
#include "bus/peer.h"
#include "core/error.h"
#include "core/pack.h"

enum {
    AWAY_MS = 1000, /* before the registry is asked again when it did not answer */
    ASK_MS = 5000,
};

/* What ends a sending. */

static int64_t jitter(void)
{
    uint32_t random;

    random_bytes(&random, sizeof random);
    return 800 + random % 401; /* thousandths */
}

void sending_fail(struct sending *sending, enum delivery_result result, enum delivery_reason reason)
{
    sending->stage = STAGE_ENDED;
    sending->is_delivered = false;
    sending->failed =
        (struct delivery_report_failed){.result = result, .reason = reason, .jitter = jitter()};
}

static enum delivery_result result_of(enum client_result result)
{
    switch (result) {
    case CLIENT_LATER: return DELIVERY_RESULT_LATER;
    case CLIENT_THROTTLED: return DELIVERY_RESULT_THROTTLED;
    case CLIENT_REFUSED: return DELIVERY_RESULT_REFUSED;
    case CLIENT_GONE: return DELIVERY_RESULT_GONE;
    case CLIENT_DELIVERED: break;
    }
    bug("sender: result %u", result);
}

static enum delivery_reason reason_of(enum client_trouble trouble)
{
    switch (trouble) {
    case CLIENT_DNS_ERROR: return DELIVERY_REASON_DNS_ERROR;
    case CLIENT_CONNECTION_REFUSED: return DELIVERY_REASON_CONNECTION_REFUSED;
    case CLIENT_CONNECTION_RESET: return DELIVERY_REASON_CONNECTION_RESET;
    case CLIENT_NETWORK_UNREACHABLE: return DELIVERY_REASON_NETWORK_UNREACHABLE;
    case CLIENT_TIMEOUT: return DELIVERY_REASON_TIMEOUT;
    case CLIENT_TLS_ERROR: return DELIVERY_REASON_TLS_ERROR;
    case CLIENT_REDIRECT_ERROR: return DELIVERY_REASON_REDIRECT_ERROR;
    case CLIENT_NETWORK_ERROR: return DELIVERY_REASON_NETWORK_ERROR;
    case CLIENT_ADDRESS_FORBIDDEN: return DELIVERY_REASON_ADDRESS_FORBIDDEN;
    case CLIENT_HTTP: return DELIVERY_REASON_HTTP;
    case CLIENT_SMTP: return DELIVERY_REASON_SMTP;
    case CLIENT_NO_TROUBLE: break;
    }
    bug("sender: trouble %u", trouble);
}

/* The words of schema and table are the same, but for the one that there is none. */
static void set_cause(struct delivery_report_failed *failed, enum smtp_cause cause)
{
    _Static_assert(SMTP_CAUSE_RECIPIENT == DELIVERY_CAUSE_RECIPIENT + 1 &&
                       SMTP_CAUSE_POLICY == DELIVERY_CAUSE_POLICY + 1,
                   "causes in the same order");

    failed->has_cause = cause != SMTP_CAUSE_UNKNOWN;
    if (failed->has_cause) failed->cause = (enum delivery_cause)(cause - 1);
}

void sending_end(struct sending *sending, const struct client_outcome *outcome)
{
    const bool has_code = outcome->code != 0;

    if (outcome->result == CLIENT_DELIVERED) {
        sending->stage = STAGE_ENDED;
        sending->is_delivered = true;
        sending->delivered =
            (struct delivery_report_delivered){.has_code = has_code, .code = outcome->code};
        return;
    }
    sending_fail(sending, result_of(outcome->result), reason_of(outcome->trouble));
    sending->failed.has_code = has_code;
    sending->failed.code = outcome->code;
    sending->failed.wait = outcome->wait_ms;
    set_cause(&sending->failed, outcome->cause);
}

void sending_free(struct sending *sending)
{
    struct sender *sender = sending->sender;

    crypto_wipe(sending, sizeof *sending);
    sending->sender = sender;
}

void sending_put_off(struct sending *sending, const struct error *err)
{
    struct sender *sender = sending->sender;

    if (!sender->is_away) log_failure(LOG_WARNING, "put_off", err);
    sender->is_away = true;
    sender->away_until_ms = clock_steady_ms() + AWAY_MS;
    sending_free(sending);
}

/* Asking the registry. */

void sending_query(struct sending *sending, const char *record, struct id key, bool open,
                   peer_answer *answer)
{
    struct bus_query query = {
        .role = ACTOR_ROLE_SYS, .has_key = true, .key = key, .limit = 1, .open = open};
    struct error err;

    snprintf(query.record, sizeof query.record, "%s", record);
    sending->stage = STAGE_ASKING;
    if (!peer_query(sending->sender->registry, &query, clock_steady_ms(), ASK_MS, answer, sending,
                    &err))
        sending_put_off(sending, &err);
}

void sending_command(struct sending *sending, struct id key, const struct descriptor *descriptor,
                     const void *body, peer_answer *answer)
{
    struct bus_command *command = &sending->sender->command;
    struct error err;

    /* each reading is another, and is recorded */
    peer_own_command(command, random_id(clock_now_ms()), descriptor, body);
    command->has_aggregate = true;
    command->aggregate = key;
    command->version = VERSION_ANY;
    command->has_programme = command->has_country = true;
    command->programme = sending->delivery.programme;
    command->country = sending->delivery.country;
    command->has_cause = true;
    command->cause = sending->delivery.id;
    sending->stage = STAGE_ASKING;
    if (!peer_command(sending->sender->registry, command, clock_steady_ms(), ASK_MS, answer,
                      sending, &err))
        sending_put_off(sending, &err);
}
