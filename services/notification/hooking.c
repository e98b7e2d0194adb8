/* Webhooks: what a partner's system is told, signed with the endpoint's own secret. Ids, codes and a
 * number; never anything personal, nor a place. What they call somebody who is under protection the registry is asked
 * for each time, and that is a reading. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "bus/peer.h"
#include "contract/endpoint.h"
#include "contract/person.h"
#include "core/error.h"
#include "core/json.h"
#include "core/pack.h"
#include "kept.h"
#include "sending.h"

enum { BODY_MAX = 2048 };

static void on_posted(void *cookie, const struct client_outcome *outcome)
{
    sending_end(cookie, outcome);
}

/* "referral_info_asked" is referral.info_asked outside. */
static void write_type(enum message_kind kind, char type[JSON_TYPE_SIZE])
{
    snprintf(type, JSON_TYPE_SIZE, "%s", message_kind_words[kind]);
    type[strcspn(type, "_")] = '.';
}

/* Into data, where that much room is; how much it is. */
static size_t write_told(const struct sending *sending, char *data, size_t room)
{
    const struct message *message = &sending->message;
    struct message_hook hook = {
        .referral = message->referral,
        .has_external_id = sending->matter.has_external_id,
        .sequence = message->sequence,
        .has_reason = message->has_code,
        .has_asks = message->has_asks,
        .asks = message->asks,
        .has_due = message->has_until,
        .due = message->until,
    };
    struct error err;

    memcpy(hook.external_id, sending->matter.external_id, sizeof hook.external_id);
    memcpy(hook.reason, message->code, sizeof hook.reason);
    if (!json_write(&message_hook_descriptor, &hook, data, &room, &err)) bug("hook: %s", err.text);
    return room;
}

static size_t write_test(const struct message *message, char *data, size_t room)
{
    const struct message_probe probe = {.endpoint = message->about};
    struct error err;

    if (!json_write(&message_probe_descriptor, &probe, data, &room, &err))
        bug("probe: %s", err.text);
    return room;
}

static size_t write_body(const struct sending *sending, char body[BODY_MAX])
{
    const struct message *message = &sending->message;
    char type[JSON_TYPE_SIZE], timestamp[INSTANT_TEXT_SIZE];
    size_t size, head;

    write_type(message->kind, type);
    instant_write(message->at, timestamp);
    head = (size_t)snprintf(body, BODY_MAX, "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":", type,
                            timestamp);
    size = message->kind == MESSAGE_KIND_ENDPOINT_TESTED
               ? write_test(message, body + head, BODY_MAX - head - 1)
               : write_told(sending, body + head, BODY_MAX - head - 1);
    body[head + size] = '}';
    return head + size + 1;
}

/* The signature by the current secret first, then by the one before (Standard Webhooks). */
static void write_signatures(const struct secret_pair *pair, const char *id, int64_t now_s,
                             const char *body, size_t size, char *header, size_t room)
{
    char signature[SIGNATURE_TEXT_SIZE];
    size_t used = (size_t)snprintf(header, room, "webhook-signature:");

    for (uint32_t i = 0; i < pair->count; i++) {
        signature_sign(&pair->at[i], id, now_s, body, size, signature);
        used += (size_t)snprintf(header + used, room - used, " %s", signature);
    }
}

static void post(struct sending *sending, const struct secret_pair *pair)
{
    const int64_t now_s = clock_now_ms() / 1000;
    char id[ID_TEXT_SIZE], id_header[64], time_header[64], signatures[160], body[BODY_MAX];
    const char *const headers[] = {"content-type: application/json", id_header, time_header,
                                   signatures, NULL};
    const size_t size = write_body(sending, body);
    struct error err;

    id_write(sending->delivery.id, id);
    snprintf(id_header, sizeof id_header, "webhook-id: %s", id);
    snprintf(time_header, sizeof time_header, "webhook-timestamp: %lld", (long long)now_s);
    write_signatures(pair, id, now_s, body, size, signatures, sizeof signatures);
    sending->stage = STAGE_SENDING;
    if (client_post(sending->sender->client, sending->outlet.url, headers, body, size, on_posted,
                    sending, &err))
        return;
    if (err.kind == ERROR_INVALID)
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_BAD_ADDRESS);
    else
        sending_put_off(sending, &err);
}

/* Its secret. */

static bool read_pair(struct frame opened, struct secret_pair *pair)
{
    struct partner_secret secret;
    struct error err;
    bool is_good;

    pair->count = 1;
    is_good = unpack(&partner_secret_descriptor, opened.at, opened.size, &secret, &err) &&
              signature_read_secret(secret.current, &pair->at[0], &err);
    if (is_good && secret.has_previous &&
        signature_read_secret(secret.previous, &pair->at[1], &err))
        pair->count = 2;
    crypto_wipe(&secret, sizeof secret);
    return is_good;
}

static void on_opened(void *cookie, const struct reply *reply)
{
    struct sending *sending = cookie;
    struct secret_pair pair;

    if (!reply->is_page && reply->error.kind == ERROR_BUSY) {
        sending_put_off(sending, &reply->error);
        return;
    }
    if (reply->is_page && reply->page.count > 0 && read_pair(reply->rows[1], &pair))
        post(sending,
             kept_put(sending->sender->secrets, sending->outlet.id, &pair, clock_steady_ms()));
    else
        sending_fail(sending, DELIVERY_RESULT_LATER, DELIVERY_REASON_NOT_READABLE);
    crypto_wipe(&pair, sizeof pair);
}

static void sign(struct sending *sending)
{
    const struct secret_pair *pair =
        kept_get(sending->sender->secrets, sending->outlet.id, clock_steady_ms());

    if (pair != NULL)
        post(sending, pair);
    else
        sending_query(sending, endpoint_descriptor.name, sending->outlet.id, true, on_opened);
}

/* What they call somebody who is under protection. */

static bool read_external_id(struct sending *sending, struct frame opened)
{
    struct person_known known;
    struct error err;
    const bool is_good = unpack(&person_known_descriptor, opened.at, opened.size, &known, &err);

    if (is_good && known.has_kept && known.kept.has_external_id) {
        sending->matter.has_external_id = true;
        memcpy(sending->matter.external_id, known.kept.external_id,
               sizeof sending->matter.external_id);
    }
    crypto_wipe(&known, sizeof known);
    return is_good;
}

static void on_named(void *cookie, const struct reply *reply)
{
    struct sending *sending = cookie;

    if (reply->is_accepted && read_external_id(sending, reply->opened))
        sign(sending);
    else if (!reply->is_accepted && reply->error.kind == ERROR_BUSY)
        sending_put_off(sending, &reply->error);
    else
        sending_fail(sending, DELIVERY_RESULT_LATER, DELIVERY_REASON_NOT_READABLE);
}

void hooking_begin(struct sending *sending)
{
    static const struct person_read read = {PERSON_PURPOSE_DELIVERY};
    const struct matter *matter = &sending->matter;

    if (sending->outlet.state != OUTLET_STATE_ACTIVE)
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_ENDPOINT_DISABLED);
    else if (matter->hidden && !sending->outlet.cleared)
        sending_fail(sending, DELIVERY_RESULT_LATER, DELIVERY_REASON_NOT_CLEARED);
    else if (!matter->has_external_id && matter->has_person)
        sending_command(sending, matter->person, &person_read_descriptor, &read, on_named);
    else
        sign(sending);
}
