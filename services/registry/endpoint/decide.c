/* What may happen to an endpoint next. */
#include "endpoint/endpoint.h"

#include <string.h>

#include "core/life.h"
#include "core/reach.h"
#include "fold/aggregate.h"
#include "tenancy.h"

/* clang-format off */
static const struct step steps[] = {
    {ENDPOINT_STATE_NONE,   ENDPOINT_CREATE,        ENDPOINT_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
    {ENDPOINT_STATE_ACTIVE, ENDPOINT_ROTATE_SECRET, ENDPOINT_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
    {ENDPOINT_STATE_GONE,   ENDPOINT_ROTATE_SECRET, ENDPOINT_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
    {ENDPOINT_STATE_ACTIVE, ENDPOINT_TEST,          ENDPOINT_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
    {ENDPOINT_STATE_ACTIVE, ENDPOINT_DISABLE,       ENDPOINT_STATE_DISABLED, ROLE_SYS | ROLE_PA},
    {ENDPOINT_STATE_GONE,   ENDPOINT_DISABLE,       ENDPOINT_STATE_DISABLED, ROLE_SYS | ROLE_PA},
    {ENDPOINT_STATE_DISABLED, ENDPOINT_UNDO,        ENDPOINT_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
};

static const struct move moves[] = {
    {ENDPOINT_STATE_ACTIVE, ENDPOINT_GONE,     ENDPOINT_STATE_GONE,     "it answered 410"},
    {ENDPOINT_STATE_ACTIVE, ENDPOINT_DISABLED, ENDPOINT_STATE_DISABLED, "its partner is disabled"},
    {ENDPOINT_STATE_GONE,   ENDPOINT_DISABLED, ENDPOINT_STATE_DISABLED, "its partner is disabled"},
    {ENDPOINT_STATE_DISABLED, ENDPOINT_UNDONE, ENDPOINT_STATE_GONE,     "it was gone when it was disabled"},
    {ENDPOINT_STATE_DISABLED, ENDPOINT_UNDONE, ENDPOINT_STATE_ACTIVE,   "that its partner is disabled is taken back"},
};
/* clang-format on */

const struct life endpoint_life = {
    .contract = &endpoint_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* What would never be delivered is refused at once, by the rule that is asked again at sending. */
static bool is_reached(const char *url, const struct reach_networks *admitted, struct error *err)
{
    static const struct refusal *const refusals[] = {
        [REACH_NO_ADDRESS] = &endpoint_no_address, [REACH_USER] = &endpoint_no_secrets,
        [REACH_NO_PORT] = &endpoint_no_port,       [REACH_PLAIN] = &endpoint_not_https,
        [REACH_OUR_OWN] = &endpoint_our_network,   [REACH_NO_NAME] = &endpoint_no_name,
        [REACH_NOWHERE] = &endpoint_leads_nowhere,
    };
    const enum reach reach = reach_of(url, admitted);

    return reach == REACH_FINE || refuse(err, refusals[reach]);
}

/* Notification tells that many: one more would be told of nothing. */
static bool has_room(const struct endpoint_case *c, struct error *err)
{
    return c->active < REACH_ENDPOINTS_MAX || refuse(err, &endpoint_too_many_endpoints);
}

/* Who may have kept the secret, or chosen the address, hears what goes there. */
static bool is_by_cleared(const struct head *head)
{
    return is_ours(head) || head->is_cleared;
}

static bool create(const struct endpoint_case *c, const struct endpoint_input *in,
                   struct endpoint_events *out, struct error *err)
{
    const struct endpoint_create *ask = &in->endpoint_create;
    struct endpoint_created *said;

    if (c->partner.state != PARTNER_STATE_ACTIVE ||
        !id_equal(c->partner.programme, in->head.programme))
        return refuse(err, &endpoint_no_partner);
    if (!is_reached(ask->url, in->head.admitted, err)) return false;
    if (!has_room(c, err)) return false;

    said = &endpoint_emit(out, ENDPOINT_CREATED, in->head.ids[0])->endpoint_created;
    said->partner = ask->partner;
    memcpy(said->url, ask->url, sizeof said->url);
    said->sealed = in->head.sealed;
    said->has_cleared = true;
    said->cleared = is_by_cleared(&in->head);
    return true;
}

/* What was gone is active again. */
static bool rotate_secret(const struct endpoint_case *c, const struct endpoint_input *in,
                          struct endpoint_events *out, struct error *err)
{
    struct endpoint_secret_rotated *said;

    if (c->row.state == ENDPOINT_STATE_GONE && !has_room(c, err)) return false;

    said = &endpoint_emit(out, ENDPOINT_SECRET_ROTATED, c->row.id)->endpoint_secret_rotated;
    said->sealed = in->head.sealed;
    said->has_at = true;
    said->at = in->head.at;
    said->has_cleared = true;
    said->cleared = is_by_cleared(&in->head);
    return true;
}

/* Not so often that it would be a way to keep somebody else's server busy. */
static bool test(const struct endpoint_case *c, struct instant at, struct endpoint_events *out,
                 struct error *err)
{
    struct endpoint_tested *said;

    if (c->row.has_tested && at.ms - c->row.tested.ms < ENDPOINT_TEST_MS)
        return refuse(err, &endpoint_tested_lately);

    said = &endpoint_emit(out, ENDPOINT_TESTED, c->row.id)->endpoint_tested;
    said->partner = c->row.partner;
    said->at = at;
    return true;
}

enum { UNDO_MS = 3600000 };

/* by is NULL: with its partner. */
static struct endpoint_way_back way_back(const struct endpoint *row, struct instant at,
                                         const struct id *by)
{
    const bool is_gone = row->state == ENDPOINT_STATE_GONE;
    struct endpoint_way_back back = {
        .step = ENDPOINT_DECIDED_DISABLE,
        .has_by = by != NULL,
        .until = {at.ms + UNDO_MS},
        .state = is_gone ? ENDPOINT_RESTORED_GONE : ENDPOINT_RESTORED_ACTIVE,
        .has_since = is_gone && row->has_disabled_at,
    };

    if (back.has_by) back.by = *by;
    if (back.has_since) back.since = row->disabled_at;
    return back;
}

static bool disable(const struct endpoint_case *c, enum partner_reason reason, struct instant at,
                    const struct id *by, struct endpoint_events *out)
{
    struct endpoint_disabled *said =
        &endpoint_emit(out, ENDPOINT_DISABLED, c->row.id)->endpoint_disabled;

    said->reason = reason;
    said->has_at = true;
    said->at = at;
    said->has_undo = true;
    said->undo = way_back(&c->row, at, by);
    return true;
}

static bool say_undone(const struct endpoint_case *c, struct endpoint_events *out)
{
    const struct endpoint_way_back *back = &c->row.undo;
    struct endpoint_undone *said = &endpoint_emit(out, ENDPOINT_UNDONE, c->row.id)->endpoint_undone;

    said->step = back->step;
    said->state = back->state;
    said->has_since = back->has_since;
    said->since = back->since;
    return true;
}

static bool undo(const struct endpoint_case *c, const struct head *head,
                 struct endpoint_events *out, struct error *err)
{
    const struct endpoint_way_back *back = &c->row.undo;

    if (!c->row.has_undo) return refuse(err, &endpoint_nothing_to_undo);
    if (!back->has_by || !life_takes_back(&head->actor, back->by))
        return refuse(err, &endpoint_undo_anothers);
    if (head->at.ms > back->until.ms) return refuse(err, &endpoint_undo_too_late);
    if (c->partner.state != PARTNER_STATE_ACTIVE) return refuse(err, &endpoint_undo_followed);
    if (back->state == ENDPOINT_RESTORED_ACTIVE && !has_room(c, err)) return false;

    return say_undone(c, out);
}

/* What has happened elsewhere cannot be refused: where it changes nothing, nothing follows. */
static bool on_partner_disabled(const struct endpoint_case *c, const struct endpoint_input *in,
                                struct endpoint_events *out)
{
    const bool is_open =
        c->row.state == ENDPOINT_STATE_ACTIVE || c->row.state == ENDPOINT_STATE_GONE;

    return !is_open || disable(c, in->partner_disabled.reason, in->head.at, NULL, out);
}

/* What had been disabled before, by somebody, stays so. There is room: none became active meanwhile. */
static bool on_partner_undone(const struct endpoint_case *c, struct endpoint_events *out)
{
    const bool went_along = c->row.has_undo && !c->row.undo.has_by;

    return !went_along || say_undone(c, out);
}

/* Of a 410 from before its new secret nothing follows. */
static bool on_given_up(const struct endpoint_case *c, const struct endpoint_input *in,
                        struct endpoint_events *out)
{
    const struct endpoint *row = &c->row;

    if (row->state != ENDPOINT_STATE_ACTIVE) return true;
    if (row->has_rotated && row->rotated.ms >= in->head.at.ms) return true;
    endpoint_emit(out, ENDPOINT_GONE, row->id)->endpoint_gone.at = in->head.at;
    return true;
}

bool endpoint_may(const struct endpoint_case *c, const struct endpoint_input *in, struct error *err)
{
    const bool is_there = c->row.state != ENDPOINT_STATE_NONE;

    if (is_there && !life_tenant(&in->head, c->row.programme, err)) return false;
    return life_step(&endpoint_life, c->row.state, c->row.version, in->type, &in->head, err) &&
           life_is_near_all(&in->head, &c->guarded, err);
}

bool endpoint_decide(const struct endpoint_case *c, const struct endpoint_input *in,
                     struct endpoint_events *out, struct error *err)
{
    if (endpoint_is_command(in->type) && !endpoint_may(c, in, err)) return false;

    switch (in->type) {
    case ENDPOINT_CREATE: return create(c, in, out, err);
    case ENDPOINT_ROTATE_SECRET: return rotate_secret(c, in, out, err);
    case ENDPOINT_DISABLE:
        return disable(c, in->endpoint_disable.reason, in->head.at, &in->head.actor.id, out);
    case ENDPOINT_TEST: return test(c, in->head.at, out, err);
    case ENDPOINT_UNDO: return undo(c, &in->head, out, err);
    case ENDPOINT_ON_PARTNER_DISABLED: return on_partner_disabled(c, in, out);
    case ENDPOINT_ON_PARTNER_UNDONE: return on_partner_undone(c, out);
    case ENDPOINT_ON_DELIVERY_GIVEN_UP: return on_given_up(c, in, out);
    }
    bug("endpoint_decide: input type %u", in->type);
}

static void keep_current(const void *c, void *in, const void *before, void *whole)
{
    (void)c;
    partner_keep_secret(before, &((const struct endpoint_input *)in)->endpoint_rotate_secret.secret,
                        whole);
}

void endpoint_conceal(const struct endpoint_case *c, const struct endpoint_input *in,
                      struct concealed *what)
{
    const bool is_new = in->type == ENDPOINT_CREATE;

    if (!is_new && in->type != ENDPOINT_ROTATE_SECRET) return;
    what->owner = is_new ? in->head.ids[0] : c->row.id;
    what->is_all = true;
    what->descriptor = &partner_secret_descriptor;
    what->value = is_new ? &in->endpoint_create.secret : &in->endpoint_rotate_secret.secret;
    if (is_new || !in->endpoint_rotate_secret.keeps || c->row.state == ENDPOINT_STATE_NONE) return;
    what->sealed = c->row.sealed;
    what->change = keep_current;
}
