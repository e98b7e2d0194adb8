/* What may happen to a programme next. */
#include "programme/programme.h"

#include "core/life.h"
#include "tenancy.h"

/* clang-format off */
static const struct step steps[] = {
    {PROGRAMME_STATE_NONE, PROGRAMME_CREATE, PROGRAMME_STATE_OPEN,   ROLE_SYS},
    {PROGRAMME_STATE_OPEN, PROGRAMME_CHANGE, PROGRAMME_STATE_OPEN,   ROLE_SYS | ROLE_PA},
    {PROGRAMME_STATE_OPEN, PROGRAMME_CLOSE,  PROGRAMME_STATE_CLOSED, ROLE_SYS | ROLE_PA},
};
/* clang-format on */

static const struct life life = {steps, sizeof steps / sizeof steps[0]};

static bool create(const struct programme_case *c, const struct programme_input *in,
                   struct programme_events *out, struct error *err)
{
    const struct programme_create *ask = &in->programme_create;
    struct programme_created *said;

    if (c->is_slug_taken) return refuse(err, &programme_slug_taken);
    if (ask->has_until && ask->until.day < ask->from.day)
        return refuse(err, &programme_ends_before);

    said = &programme_emit(out, PROGRAMME_CREATED, in->head.ids[0])->programme_created;
    memcpy(said->slug, ask->slug, sizeof said->slug);
    programme_copy(said, ask);
    return true;
}

static bool change(const struct programme_case *c, const struct programme_change *ask,
                   struct programme_events *out, struct error *err)
{
    struct programme_changed *said;

    if (ask->has_until && ask->until.day < ask->from.day)
        return refuse(err, &programme_ends_before);

    said = &programme_emit(out, PROGRAMME_CHANGED, c->row.id)->programme_changed;
    memcpy(said->slug, c->row.slug, sizeof said->slug);
    programme_copy(said, ask);
    return true;
}

static bool close(const struct programme_case *c, enum programme_reason reason,
                  struct programme_events *out)
{
    programme_emit(out, PROGRAMME_CLOSED, c->row.id)->programme_closed.reason = reason;
    return true;
}

bool programme_decide(const struct programme_case *c, const struct programme_input *in,
                      struct programme_events *out, struct error *err)
{
    const bool is_there = c->row.state != PROGRAMME_STATE_NONE;

    if (is_there && !life_tenant(&in->head, c->row.id, err)) return false;
    if (!life_step(&life, c->row.state, c->row.version, in->type, &in->head, err)) return false;

    switch (in->type) {
    case PROGRAMME_CREATE: return create(c, in, out, err);
    case PROGRAMME_CHANGE: return change(c, &in->programme_change, out, err);
    case PROGRAMME_CLOSE: return close(c, in->programme_close.reason, out);
    }
    bug("programme_decide: input type %u", in->type);
}
