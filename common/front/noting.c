/* What is said to the registry of whom a door has refused: who it was, what it was about, and that once. */
#include "front/noting.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/metrics.h"
#include "core/text.h"
#include "front/front.h"
#include "front/origin.h"
#include "front/refusals.h"

enum { NOTE_MS = 10000 }; /* the registry may take so long; then it is said again */

METRICS_COUNTER(refused, "fadder_refusals_total",
                "Requests refused for who asked: not theirs, not let in.")
METRICS_COUNTER(lost, "fadder_refusals_lost_total",
                "Of these not noted for the audit, for want of room.")

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

void noting_add(struct refusals *refusals, const struct front *front, const struct noting *noting)
{
    const struct id none = {{0}};
    const struct who *who = noting->who;
    struct refusal_note said;

    metrics_count(&refused, 1);
    if (refusals == NULL) return;
    memset(&said, 0, sizeof said);
    said.note.kind = noting->kind;
    text_copy(said.note.what, sizeof said.note.what, noting->what);
    text_copy(said.note.code, sizeof said.note.code, noting->code);
    said.has_programme = !id_equal(who->programme, none);
    said.programme = who->programme;
    said.country = who->country;
    if (!id_equal(who->credential, none)) name_who(who, &said);
    said.note.has_about = noting->about != NULL;
    if (noting->about != NULL) said.note.about = *noting->about;
    if (noting->address != NULL) {
        said.note.has_address = true;
        origin_write(noting->address, said.note.address);
    }
    said.note.first = said.note.last = (struct instant){front->now_ms};
    if (!refusals_add(refusals, &said, front->steady_ms)) metrics_count(&lost, 1);
}

/* Saying it. */

struct saying {
    struct refusals *refusals;
    const struct front *front;
    const struct refusal_note *what;
};

static void on_answer(void *cookie, const struct reply *reply)
{
    const struct saying saying = *(struct saying *)cookie;
    const bool is_away = !reply->is_accepted && reply->error.kind == ERROR_BUSY;

    free(cookie);
    if (!reply->is_accepted && !is_away) log_failure(LOG_ERROR, "not_noted", &reply->error);
    refusals_said(saying.refusals, saying.what, !is_away, saying.front->steady_ms);
}

static void fill(const struct refusal_note *what, struct bus_command *command)
{
    peer_own_command(command, what->command, &audit_note_descriptor, &what->note);
    command->has_programme = command->has_country = what->has_programme;
    command->programme = what->programme;
    command->country = what->country;
}

static bool say(struct refusals *refusals, struct front *front, const struct refusal_note *what)
{
    struct peer *registry = front_upstream(front, audit_contract.service)->peer;
    struct saying *saying = malloc(sizeof *saying);
    struct error err;

    if (saying == NULL) bug("out of memory");
    *saying = (struct saying){refusals, front, what};
    fill(what, &front->command);
    if (peer_command(registry, &front->command, front->steady_ms, NOTE_MS, on_answer, saying, &err))
        return true;
    free(saying);
    refusals_said(refusals, what, false, front->steady_ms);
    return false;
}

void noting_turn(struct refusals *refusals, struct front *front, bool all)
{
    const struct refusal_note *what;

    while ((what = refusals_next(refusals, front->steady_ms, all)) != NULL)
        if (!say(refusals, front, what)) return;
}
