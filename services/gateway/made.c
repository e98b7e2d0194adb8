#include "made.h"

#include "base/crypto.h"
#include "front/making.h"
#include "gateway.h"
#include "routes.h"

void made_fill(struct call *call)
{
    call->is_made = making_fill(call->route->command->body, call->gateway->value, call->secret);
}

void made_drop(struct call *call)
{
    if (call->is_made) crypto_wipe(call->secret, sizeof call->secret);
}

void made_show(struct call *call, const struct bus_accepted *accepted, struct out *out)
{
    if (!call->is_made) return;
    if (call->flight.is_joined || accepted->has_again)
        out_format(out, ",\"secret_shown_before\":true");
    else
        out_format(out, ",\"secret\":\"%s\"", call->secret);
    made_drop(call);
}
