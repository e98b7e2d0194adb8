/* What may happen to a partner next. */
#include "partner/partner.h"

#include "core/life.h"
#include "fold/aggregate.h"
#include "tenancy.h"

/* clang-format off */
static const struct step steps[] = {
    {PARTNER_STATE_NONE,   PARTNER_CREATE,        PARTNER_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
    {PARTNER_STATE_ACTIVE, PARTNER_ROTATE_SECRET, PARTNER_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
    {PARTNER_STATE_ACTIVE, PARTNER_DISABLE,       PARTNER_STATE_DISABLED, ROLE_SYS | ROLE_PA},
    {PARTNER_STATE_DISABLED, PARTNER_UNDO,        PARTNER_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
};
/* clang-format on */

const struct life partner_life = {
    .contract = &partner_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
};

static bool create(const struct partner_case *c, const struct partner_input *in,
                   struct partner_events *out, struct error *err)
{
    const struct partner_create *ask = &in->partner_create;
    struct partner_created *said;

    if (c->programme.state != PROGRAMME_STATE_OPEN) return refuse(err, &partner_no_programme);
    if (ask->has_organisation && !organisation_is_open(&c->organisation, in->head.programme))
        return refuse(err, &partner_no_organisation);

    said = &partner_emit(out, PARTNER_CREATED, in->head.ids[0])->partner_created;
    memcpy(said->name, ask->name, sizeof said->name);
    said->has_organisation = ask->has_organisation;
    said->organisation = ask->organisation;
    said->sealed = in->head.sealed;
    said->has_hands = c->origin.is_known;
    said->hands = c->origin.hands;
    return true;
}

/* What was signed with before is good as well. */
static bool keeps_previous(const struct head *head)
{
    const struct descriptor *secret = &partner_secret_descriptor;

    for (size_t i = 0; i < secret->count; i++)
        if (secret->fields[i].present == offsetof(struct partner_secret, has_previous))
            return (head->sealed.holds >> i & 1) != 0;
    bug("keeps_previous: no such field");
}

static bool rotate_secret(const struct partner_case *c, const struct partner_input *in,
                          struct partner_events *out)
{
    struct partner_secret_rotated *said =
        &partner_emit(out, PARTNER_SECRET_ROTATED, c->row.id)->partner_secret_rotated;
    struct origin origin = c->origin;

    if (keeps_previous(&in->head)) origin_join(&origin, c->row.has_hands, &c->row.hands);
    said->sealed = in->head.sealed;
    said->has_hands = origin.is_known;
    said->hands = origin.hands;
    return true;
}

enum { UNDO_MS = 3600000 };

static bool disable(const struct partner_case *c, enum partner_reason reason,
                    const struct head *head, struct partner_events *out)
{
    struct partner_disabled *said =
        &partner_emit(out, PARTNER_DISABLED, c->row.id)->partner_disabled;

    said->reason = reason;
    said->has_undo = true;
    said->undo = (struct partner_way_back){
        .step = PARTNER_DECIDED_DISABLE, .by = head->actor.id, .until = {head->at.ms + UNDO_MS}};
    return true;
}

/* It signs with the secret that it had. Its tokens have ended, and are made anew by somebody. */
static bool undo(const struct partner_case *c, const struct head *head, struct partner_events *out,
                 struct error *err)
{
    const struct partner_way_back *back = &c->row.undo;

    if (!c->row.has_undo) return refuse(err, &partner_nothing_to_undo);
    if (!life_takes_back(&head->actor, back->by)) return refuse(err, &partner_undo_anothers);
    if (head->at.ms > back->until.ms) return refuse(err, &partner_undo_too_late);
    if (c->programme.state != PROGRAMME_STATE_OPEN) return refuse(err, &partner_no_programme);

    partner_emit(out, PARTNER_UNDONE, c->row.id)->partner_undone.step = back->step;
    return true;
}

bool partner_may(const struct partner_case *c, const struct partner_input *in, struct error *err)
{
    const bool is_there = c->row.state != PARTNER_STATE_NONE;

    if (is_there && !life_tenant(&in->head, c->row.programme, err)) return false;
    return life_step(&partner_life, c->row.state, c->row.version, in->type, &in->head, err) &&
           life_is_near_all(&in->head, &c->guarded, err);
}

bool partner_decide(const struct partner_case *c, const struct partner_input *in,
                    struct partner_events *out, struct error *err)
{
    if (!partner_may(c, in, err)) return false;

    switch (in->type) {
    case PARTNER_CREATE: return create(c, in, out, err);
    case PARTNER_ROTATE_SECRET: return rotate_secret(c, in, out);
    case PARTNER_DISABLE: return disable(c, in->partner_disable.reason, &in->head, out);
    case PARTNER_UNDO: return undo(c, &in->head, out, err);
    }
    bug("partner_decide: input type %u", in->type);
}

void partner_keep_secret(const struct partner_secret *was, const struct partner_secret *said,
                         struct partner_secret *secret)
{
    *secret = *said;
    if (said->has_previous) return;
    secret->has_previous = true;
    memcpy(secret->previous, was->current, sizeof secret->previous);
}

static void keep_current(const void *c, void *in, const void *before, void *whole)
{
    (void)c;
    partner_keep_secret(before, &((const struct partner_input *)in)->partner_rotate_secret.secret,
                        whole);
}

void partner_conceal(const struct partner_case *c, const struct partner_input *in,
                     struct concealed *what)
{
    const bool is_new = in->type == PARTNER_CREATE;

    if (!is_new && in->type != PARTNER_ROTATE_SECRET) return;
    what->owner = is_new ? in->head.ids[0] : c->row.id;
    what->is_all = true;
    what->descriptor = &partner_secret_descriptor;
    what->value = is_new ? &in->partner_create.secret : &in->partner_rotate_secret.secret;
    if (is_new || !in->partner_rotate_secret.keeps || c->row.state != PARTNER_STATE_ACTIVE) return;
    what->sealed = c->row.sealed;
    what->change = keep_current;
}
