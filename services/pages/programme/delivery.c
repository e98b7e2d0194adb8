/* One thing that an address was told, or a reader by mail: what came of it, what it says, and once more. */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "contract/message.h"
#include "contract/referral.h"
#include "core/error.h"
#include "core/input.h"
#include "core/json.h"
#include "pages/delivery.h"
#include "programme/programme.h"
#include "rows.h"

enum { SLOT = 0, MESSAGE = 1, REFERRAL = 2, ENDPOINT = 3, BODY_MAX = 2048 };

static void ask(struct call *call)
{
    if (call->step == 0) {
        ask_one(call, SLOT, "delivery", call->id, true);
        ask_one(call, MESSAGE, "message", call->id, false);
    }
    if (call->step == 1) {
        const struct delivery *row = row_of(call, SLOT, 0);
        const struct message *message = row_of(call, MESSAGE, 0);

        if (row->has_endpoint) ask_one(call, ENDPOINT, "endpoint", row->endpoint, false);
        if (message != NULL && message->has_referral)
            ask_one(call, REFERRAL, "referral", message->referral, false);
    }
}

/* What the agency calls the referral stands in it where whoever looks may know that. */
static void write_told(const struct message *message, const struct referral *referral, char *data,
                       size_t *size)
{
    struct message_hook hook = {
        .referral = message->referral,
        .has_external_id = referral != NULL && referral->has_external_id,
        .sequence = message->sequence,
        .has_reason = message->has_code,
        .has_asks = message->has_asks,
        .asks = message->asks,
        .has_due = message->has_until,
        .due = message->until,
    };
    struct error err;

    if (hook.has_external_id)
        memcpy(hook.external_id, referral->external_id, sizeof hook.external_id);
    memcpy(hook.reason, message->code, sizeof hook.reason);
    if (!json_write(&message_hook_descriptor, &hook, data, size, &err)) bug("hook: %s", err.text);
}

static void write_test(const struct message *message, char *data, size_t *size)
{
    const struct message_probe probe = {.endpoint = message->about};
    struct error err;

    if (!json_write(&message_probe_descriptor, &probe, data, size, &err))
        bug("probe: %s", err.text);
}

/* As it is sent to an endpoint: referral_info_asked is referral.info_asked outside. */
static void write_body(const struct message *message, const struct referral *referral,
                       char body[BODY_MAX])
{
    char type[JSON_TYPE_SIZE], timestamp[INSTANT_TEXT_SIZE];
    size_t size, head;

    snprintf(type, sizeof type, "%s", message_kind_words[message->kind]);
    type[strcspn(type, "_")] = '.';
    instant_write(message->at, timestamp);
    head = (size_t)snprintf(body, BODY_MAX, "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":", type,
                            timestamp);
    size = BODY_MAX - head - 2;
    if (message->kind == MESSAGE_KIND_ENDPOINT_TESTED)
        write_test(message, body + head, &size);
    else
        write_told(message, referral, body + head, &size);
    memcpy(body + head + size, "}", 2);
}

static void show(struct call *call)
{
    const struct delivery *row = row_of(call, SLOT, 0);
    const struct message *message = row_of(call, MESSAGE, 0);
    const struct endpoint *endpoint = row_of(call, ENDPOINT, 0);
    const bool is_hook = message != NULL && message->channel == MESSAGE_CHANNEL_WEBHOOK;
    char body[BODY_MAX];
    const struct delivery_view view = {
        .id = row->id,
        .lead = delivery_says(row),
        .why = delivery_says_why(row),
        .code = row->has_code ? row->code : 0,
        .queued = row->queued,
        .due = row->state == DELIVERY_STATE_QUEUED ? row->due : (struct instant){0},
        .tried = row->state != DELIVERY_STATE_QUEUED ? row->due : (struct instant){0},
        .attempts = row->attempts,
        .retries = row->retries,
        .endpoint = row->endpoint,
        .url = endpoint == NULL ? NULL : endpoint->url,
        .body = is_hook ? body : NULL,
        .has_referral = row_of(call, REFERRAL, 0) != NULL,
        .referral = message == NULL ? (struct id){{0}} : message->referral,
        .may_retry = may_do(call, SLOT, "retry"),
    };

    if (is_hook) write_body(message, row_of(call, REFERRAL, 0), body);
    pages_answer(call, 200, WORDS_PAGE_DELIVERY_TITLE, delivery_show, &view);
}

static const char *const acts[] = {"retry", NULL};

const struct page delivery_page = {
    .path = "/deliveries/{id}",
    .roles = ROLE_PA,
    .record = "delivery",
    .acts = acts,
    .ask = ask,
    .show = show,
};
