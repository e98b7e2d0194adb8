/* Who was refused, and what it was about. */
#include "refusing.h"

#include "core/descriptor.h"
#include "front/noting.h"
#include "gateway.h"
#include "routes.h"

static bool is_somebody(const struct call *call)
{
    return !id_equal(call->flight.who.credential, (struct id){{0}});
}

static const char *name_what(const struct call *call)
{
    const struct route *route = call->route;

    if (route != NULL && route->command != NULL) return route->command->body->name;
    if (route != NULL && route->contract != NULL) return route->contract->name;
    return call->is_hook ? "hook" : "request";
}

static bool is_refusal(const struct call *call, unsigned status, bool is_withheld)
{
    if (status == 401) return true;
    return is_somebody(call) && (status == 403 || (status == 404 && is_withheld));
}

/* Who showed what is no longer good is known; who showed what is nobody's, or signed badly, by the address alone. */
void refusing_note(struct call *call, unsigned status, const char *code, bool is_withheld)
{
    const struct noting noting = {
        .kind = status == 401 ? AUDIT_KIND_SIGN_IN : AUDIT_KIND_REFUSED,
        .who = &call->flight.who,
        .what = name_what(call),
        .code = code,
        .about = call->has_id ? &call->id : NULL,
        .address = status == 401 ? call->address : NULL,
    };

    if (is_refusal(call, status, is_withheld))
        noting_add(call->gateway->refusals, &call->gateway->door.front, &noting);
}
