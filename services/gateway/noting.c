/* What is said to the registry of a call that was refused: who it was, what it was about, and that once. */
#include "noting.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "core/descriptor.h"
#include "core/pack.h"
#include "core/text.h"
#include "gateway.h"
#include "refusals.h"
#include "routes.h"

enum { NOTE_MS = 10000 }; /* the registry may take so long; then it is said again */

METRICS_COUNTER(refused, "fadder_refusals_total",
                "Requests refused for who asked: not theirs, not let in.")
METRICS_COUNTER(lost, "fadder_refusals_lost_total",
                "Of these not noted for the audit, for want of room.")

static bool is_somebody(const struct call *call)
{
    return !id_equal(call->flight.who.credential, (struct id){{0}});
}

static void name_what(const struct call *call, char what[sizeof((struct audit_note *)0)->what])
{
    const struct route *route = call->route;
    const char *name = call->is_hook ? "hook" : "request";

    if (route != NULL && route->command != NULL)
        name = route->command->body->name;
    else if (route != NULL && route->contract != NULL)
        name = route->contract->name;
    text_copy(what, sizeof((struct audit_note *)0)->what, name);
}

static void name_who(const struct who *who, struct refusal_note *said)
{
    said->note.has_role = said->note.has_credential = true;
    said->note.role = who->role;
    said->note.credential = who->credential;
    said->note.has_actor = who->has_actor;
    said->note.actor = who->actor;
    said->note.has_organisation = who->has_organisation;
    said->note.organisation = who->organisation;
}

static bool is_refusal(const struct call *call, unsigned status, bool is_withheld)
{
    if (status == 401) return true;
    return is_somebody(call) && (status == 403 || (status == 404 && is_withheld));
}

/* Who showed what is no longer good is known; who showed what is nobody's, or signed badly, by the address alone. */
void noting_refused(struct call *call, unsigned status, const char *code, bool is_withheld)
{
    struct gateway *gateway = call->gateway;
    struct refusal_note said;

    if (!is_refusal(call, status, is_withheld)) return;
    metrics_count(&refused, 1);
    if (gateway->refusals == NULL) return;
    memset(&said, 0, sizeof said);
    said.note.kind = status == 401 ? AUDIT_KIND_SIGN_IN : AUDIT_KIND_REFUSED;
    name_what(call, said.note.what);
    text_copy(said.note.code, sizeof said.note.code, code);
    said.has_programme = !id_equal(call->flight.who.programme, (struct id){{0}});
    said.programme = call->flight.who.programme;
    said.country = call->flight.who.country;
    if (is_somebody(call)) name_who(&call->flight.who, &said);
    said.note.has_about = call->has_id;
    if (call->has_id) said.note.about = call->id;
    if (status == 401) {
        said.note.has_address = true;
        origin_write(call->address, said.note.address);
    }
    said.note.first = said.note.last = (struct instant){gateway->door.front.now_ms};
    if (!refusals_add(gateway->refusals, &said, gateway->door.front.steady_ms))
        metrics_count(&lost, 1);
}

/* Saying it. */

struct saying {
    struct gateway *gateway;
    const struct refusal_note *what;
};

static void on_answer(void *cookie, const struct reply *reply)
{
    struct gateway *gateway = ((struct saying *)cookie)->gateway;
    const struct refusal_note *what = ((struct saying *)cookie)->what;
    const bool is_away = !reply->is_accepted && reply->error.kind == ERROR_BUSY;

    free(cookie);
    if (!reply->is_accepted && !is_away) log_failure(LOG_ERROR, "not_noted", &reply->error);
    refusals_said(gateway->refusals, what, !is_away, gateway->door.front.steady_ms);
}

static void fill(const struct refusal_note *what, struct bus_command *command)
{
    struct error err;
    size_t size = sizeof command->body.at;

    memset(command, 0, offsetof(struct bus_command, body));
    command->id = what->command;
    text_copy(command->type, sizeof command->type, audit_note_descriptor.name);
    command->role = ACTOR_ROLE_SYS;
    command->has_programme = command->has_country = what->has_programme;
    command->programme = what->programme;
    command->country = what->country;
    if (!pack(&audit_note_descriptor, &what->note, command->body.at, &size, &err))
        bug("audit.note: %s", err.text);
    command->body.size = (uint32_t)size;
    command->print.size = sizeof command->print.at;
    crypto_fingerprint(NULL, 0, command->body.at, size, command->print.at);
}

static bool say(struct gateway *gateway, const struct refusal_note *what)
{
    struct peer *registry = front_upstream(&gateway->door.front, audit_contract.service)->peer;
    struct saying *saying = malloc(sizeof *saying);
    struct error err;

    if (saying == NULL) bug("out of memory");
    *saying = (struct saying){gateway, what};
    fill(what, &gateway->door.front.command);
    if (peer_command(registry, &gateway->door.front.command, gateway->door.front.steady_ms, NOTE_MS,
                     on_answer, saying, &err))
        return true;
    free(saying);
    refusals_said(gateway->refusals, what, false, gateway->door.front.steady_ms);
    return false;
}

void noting_turn(struct gateway *gateway, bool all)
{
    const struct refusal_note *what;

    while ((what = refusals_next(gateway->refusals, gateway->door.front.steady_ms, all)) != NULL)
        if (!say(gateway, what)) return;
}
