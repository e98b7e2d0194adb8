/* A part that was ended by mistake comes back. */
#include "person/undoing.h"

#include "core/life.h"
#include "person/confirmation.h"

enum { UNDO_MS = 3600000 };

/* Referrals are called off with it, mentorships and placements end: they do not come back with the part. */
static bool ends_more(const struct person_case *c, enum person_part part)
{
    if (part == PERSON_PART_PARTICIPANT) return c->row.has_referral && !c->row.referral_over;
    return (part == PERSON_PART_MENTOR || part == PERSON_PART_SUPERVISOR) && c->is_looking_after;
}

/* NULL: nobody knows, or they are written down for other parts alone. */
static const struct hands *hands_of(const struct person *row, enum person_part part)
{
    if (part == PERSON_PART_COORDINATOR && row->has_coordinator_hands)
        return &row->coordinator_hands;
    if (part == PERSON_PART_COUNSELLOR && row->has_counsellor_hands) return &row->counsellor_hands;
    return NULL;
}

void person_may_undo(const struct person_case *c, const struct person_role *role,
                     const struct head *head, struct person_role_ended *said)
{
    const struct hands *hands = hands_of(&c->row, role->part);

    if (ends_more(c, role->part)) return;
    said->has_undo = true;
    said->undo = (struct person_way_back){.step = PERSON_DECIDED_END_ROLE,
                                          .by = head->actor.id,
                                          .until = {head->at.ms + UNDO_MS},
                                          .role = *role};
    said->has_hands = hands != NULL;
    if (hands != NULL) said->hands = *hands;
}

static bool may_take_back(const struct person_case *c, const struct head *head, struct error *err)
{
    const struct person_way_back *back = &c->row.undo;

    if (!c->row.has_undo) return refuse(err, &person_nothing_to_undo);
    if (!life_takes_back(&head->actor, back->by)) return refuse(err, &person_undo_anothers);
    if (head->at.ms > back->until.ms) return refuse(err, &person_undo_too_late);
    if (person_is_restricted(&c->row)) return refuse(err, &person_restricted_now);
    if (person_role_is_over(&back->role, head)) return refuse(err, &person_undo_followed);
    return !back->role.has_organisation ||
           organisation_is_open(&c->organisation, c->row.programme) ||
           refuse(err, &person_undo_followed);
}

/* As with a part that is granted: only one of the programme's admins asks, and nobody for themself. */
static bool asks_clearance(const struct person_case *c, const struct head *head)
{
    return c->row.undo.role.cleared && head->actor.role == ROLE_PA &&
           !life_did(&head->actor, c->row.id) && !c->row.has_clearance_part;
}

bool person_take_back(const struct person_case *c, const struct head *head,
                      struct person_events *out, struct error *err)
{
    const struct person_way_back *back = &c->row.undo;
    struct person_undone *undone;
    struct person_role_granted *said;

    if (!may_take_back(c, head, err)) return false;

    undone = &person_emit(out, PERSON_UNDONE, c->row.id)->person_undone;
    undone->step = back->step;
    undone->part = back->role.part;
    said = &person_emit(out, PERSON_ROLE_GRANTED, c->row.id)->person_role_granted;
    said->part = back->role.part;
    said->has_organisation = back->role.has_organisation;
    said->organisation = back->role.organisation;
    said->has_protection = true;
    said->protection = c->row.protection;
    said->from = back->role.from;
    said->has_until = back->role.has_until;
    said->until = back->role.until;
    said->has_hands = c->row.has_undo_hands;
    said->hands = c->row.undo_hands;
    said->has_restored = said->restored = true;
    if (asks_clearance(c, head))
        person_say_clearance_asked(c, c->row.id, back->role.part, head, out);
    return true;
}
