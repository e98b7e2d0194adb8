/* What may happen to an organisation next. */
#include "organisation/organisation.h"

#include "core/life.h"
#include "core/patch.h"
#include "fold/aggregate.h"
#include "tenancy.h"

/* clang-format off */
enum { ADMINS = ROLE_SYS | ROLE_PA | ROLE_CO };

static const struct step steps[] = {
    {ORGANISATION_STATE_NONE, ORGANISATION_CREATE, ORGANISATION_STATE_OPEN,   ADMINS},
    {ORGANISATION_STATE_OPEN, ORGANISATION_CHANGE, ORGANISATION_STATE_OPEN,   ADMINS},
    {ORGANISATION_STATE_OPEN, ORGANISATION_READ,   ORGANISATION_STATE_OPEN,   ADMINS},
    {ORGANISATION_STATE_OPEN, ORGANISATION_CLOSE,  ORGANISATION_STATE_CLOSED, ADMINS},
    {ORGANISATION_STATE_CLOSED, ORGANISATION_UNDO, ORGANISATION_STATE_OPEN,   ADMINS},
};
/* clang-format on */

const struct life organisation_life = {
    .contract = &organisation_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
};

bool organisation_is_open(const struct organisation *row, struct id programme)
{
    return row->state == ORGANISATION_STATE_OPEN && id_equal(row->programme, programme);
}

/* A coordinator of an organisation acts on it and on what is a part of it; and reads where those are reached with whom it has to
 * do. */
static bool is_theirs(const struct organisation_case *c, const struct organisation_input *in)
{
    const struct organisation *row = &c->row;
    const struct actor *actor = &in->head.actor;

    if (!is_bound(actor) || (in->type == ORGANISATION_READ && c->is_known)) return true;
    return id_equal(actor->organisation, row->id) ||
           (row->has_parent && id_equal(actor->organisation, row->parent));
}

static bool create(const struct organisation_case *c, const struct organisation_input *in,
                   struct organisation_events *out, struct error *err)
{
    const struct organisation_create *ask = &in->organisation_create;
    struct organisation_created *said;

    if (c->programme.state != PROGRAMME_STATE_OPEN) return refuse(err, &organisation_no_programme);
    if (ask->has_parent && !organisation_is_open(&c->parent, in->head.programme))
        return refuse(err, &organisation_no_parent);
    if (is_bound(&in->head.actor) &&
        !(ask->has_parent && id_equal(ask->parent, in->head.actor.organisation)))
        return refuse(err, &organisation_not_below);

    said = &organisation_emit(out, ORGANISATION_CREATED, in->head.ids[0])->organisation_created;
    said->kind = ask->kind;
    said->has_parent = ask->has_parent;
    said->parent = ask->parent;
    organisation_copy(said, ask);
    said->has_sealed = in->head.has_sealed;
    said->sealed = in->head.sealed;
    return true;
}

static bool change(const struct organisation_case *c, const struct organisation_input *in,
                   struct organisation_events *out)
{
    struct organisation_changed *said =
        &organisation_emit(out, ORGANISATION_CHANGED, c->row.id)->organisation_changed;

    patch_carry(&organisation_descriptor, &c->row, &organisation_changed_descriptor, said);
    patch_apply(&organisation_change_descriptor, &in->organisation_change,
                &organisation_changed_descriptor, said);
    said->has_sealed = in->head.has_sealed;
    said->sealed = in->head.sealed;
    said->has_new_mailbox = true;
    said->new_mailbox = in->head.has_sealed && in->head.new_mailbox;
    return true;
}

static bool read(const struct organisation_case *c, const struct organisation_input *in,
                 struct organisation_events *out, struct error *err)
{
    const enum organisation_purpose purpose = in->organisation_read.purpose;
    const bool is_delivery = purpose == ORGANISATION_PURPOSE_DELIVERY;

    if (is_delivery != (in->head.actor.role == ROLE_SYS))
        return refuse(err, &organisation_wrong_purpose);
    if (!c->row.has_sealed) return refuse(err, &organisation_no_contact);

    organisation_emit(out, ORGANISATION_WAS_READ, c->row.id)->organisation_was_read.purpose =
        purpose;
    return true;
}

enum { UNDO_MS = 3600000 };

static bool close(const struct organisation_case *c, enum organisation_reason reason,
                  const struct head *head, struct organisation_events *out)
{
    struct organisation_closed *said =
        &organisation_emit(out, ORGANISATION_CLOSED, c->row.id)->organisation_closed;

    said->reason = reason;
    said->has_undo = true;
    said->undo = (struct organisation_way_back){.step = ORGANISATION_DECIDED_CLOSE,
                                                .by = head->actor.id,
                                                .at = head->at,
                                                .until = {head->at.ms + UNDO_MS}};
    return true;
}

/* Who acted for it hears nothing of that: what they showed has ended, and is made anew by somebody. */
static bool undo(const struct organisation_case *c, const struct head *head,
                 struct organisation_events *out, struct error *err)
{
    const struct organisation_way_back *back = &c->row.undo;
    struct organisation_undone *said;

    if (!c->row.has_undo) return refuse(err, &organisation_nothing_to_undo);
    if (!life_takes_back(&head->actor, back->by)) return refuse(err, &organisation_undo_anothers);
    if (head->at.ms > back->until.ms) return refuse(err, &organisation_undo_too_late);
    if (c->programme.state != PROGRAMME_STATE_OPEN) return refuse(err, &organisation_no_programme);
    if (c->has_successor) return refuse(err, &organisation_undo_followed);

    said = &organisation_emit(out, ORGANISATION_UNDONE, c->row.id)->organisation_undone;
    said->step = back->step;
    said->kind = c->row.kind;
    return true;
}

/* That somebody reads takes nothing from anybody, so it matters not what they had seen before. */
bool organisation_may(const struct organisation_case *c, const struct organisation_input *in,
                      struct error *err)
{
    const int64_t version = in->type == ORGANISATION_READ ? in->head.version : c->row.version;
    const bool is_there = c->row.state != ORGANISATION_STATE_NONE;
    const struct step *step;
    struct error how;

    if (is_there && !life_tenant(&in->head, c->row.programme, err)) return false;
    step = life_step(&organisation_life, c->row.state, version, in->type, &in->head, &how);
    if (!life_allows(&organisation_life, in->type, &in->head, err)) return false;
    if (is_there && !is_theirs(c, in)) return refuse(err, &life_forbidden);
    return step != NULL || life_tell(&how, err);
}

bool organisation_decide(const struct organisation_case *c, const struct organisation_input *in,
                         struct organisation_events *out, struct error *err)
{
    if (organisation_is_command(in->type) && !organisation_may(c, in, err)) return false;

    switch (in->type) {
    case ORGANISATION_CREATE: return create(c, in, out, err);
    case ORGANISATION_CHANGE: return change(c, in, out);
    case ORGANISATION_READ: return read(c, in, out, err);
    case ORGANISATION_CLOSE: return close(c, in->organisation_close.reason, &in->head, out);
    case ORGANISATION_UNDO: return undo(c, &in->head, out, err);
    case ORGANISATION_ON_RECIPIENT: return true; /* evolve says all there is to it */
    }
    bug("organisation_decide: input type %u", in->type);
}

void organisation_conceal(const struct organisation_case *c, const struct organisation_input *in,
                          struct concealed *what)
{
    const bool is_new = in->type == ORGANISATION_CREATE;

    if (!is_new && !(in->type == ORGANISATION_CHANGE && in->organisation_change.has_contact))
        return;
    what->owner = is_new ? in->head.ids[0] : c->row.id;
    what->is_all = true;
    what->descriptor = &organisation_contact_descriptor;
    if (!is_new && c->row.has_sealed) what->sealed = c->row.sealed;
    what->value = is_new ? &in->organisation_create.contact : &in->organisation_change.contact;
}

void organisation_open(const struct organisation_case *c, const struct organisation_input *in,
                       struct id *owner, struct sealed *sealed)
{
    (void)in;
    *owner = c->row.id;
    *sealed = c->row.sealed;
}
