/* GET /v1/partners/{id}/log: a partner's last deliveries, for whoever may see the partner. */
#include <string.h>

#include "answer.h"
#include "contract/partner.h"
#include "core/date.h"
#include "core/instant.h"
#include "deliveries.h"
#include "gateway.h"

static void add_fields(struct out *out, char *fields)
{
    char *rest = fields;

    out_format(out, ",\"fields\":[");
    for (char *field; (field = strsep(&rest, ",")) != NULL;) {
        if (field != fields) out_add(out, ",", 1);
        out_string(out, field);
    }
    out_add(out, "]", 1);
}

static void add_delivery(struct out *out, struct delivery *delivery)
{
    char at[INSTANT_TEXT_SIZE];

    instant_write((struct instant){delivery->at_ms}, at);
    out_format(out, "{\"at\":\"%s\",\"webhook_id\":", at);
    out_string(out, delivery->id);
    out_format(out, ",\"status\":%u,\"code\":", delivery->status);
    out_string(out, delivery->code);
    if (delivery->fields[0] != '\0') add_fields(out, delivery->fields);
    if (delivery->strangers > 0) out_format(out, ",\"unknown_fields\":%u", delivery->strangers);
    out_add(out, "}", 1);
}

static void on_partner(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    struct out *out = &call->gateway->out;
    struct delivery found[DELIVERIES_KEPT];
    size_t count;

    if (!reply->is_page) {
        answer_error(call, &reply->error, NULL);
        return;
    }
    if (reply->page.count == 0) {
        answer_unseen(call, reply, "There is no such partner.");
        return;
    }
    count = deliveries_read(deliveries_directory(call->gateway->deliveries), call->id, found);
    out_clear(out);
    out_format(out, "{\"items\":[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) out_add(out, ",", 1);
        add_delivery(out, &found[i]);
    }
    out_format(out, "],\"next\":null}");
    answer_json(call, 200, NULL, out);
}

static void ask(struct call *call)
{
    struct gateway *gateway = call->gateway;
    struct upstream *registry = front_upstream(&gateway->door.front, partner_contract.service);
    struct error err;

    front_query_as(&gateway->door.front, partner_contract.name, &call->flight.who);
    gateway->door.front.query.has_key = true;
    gateway->door.front.query.key = call->id;
    if (!peer_query(registry->peer, &gateway->door.front.query, gateway->door.front.steady_ms,
                    gateway->door.front.answer_ms, on_partner, call, &err))
        answer_error(call, &err, NULL);
}

void partner_log_serve(struct call *call)
{
    if (!call->has_id)
        answer_problem(call, 404, "not_found", "There is no such partner.", NULL);
    else
        auth_serve(call, ask);
}
