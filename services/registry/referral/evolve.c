/* What a referral is after each event. Nothing is checked here: it has already happened. */
#include "referral/referral.h"

#include "person/person.h"

bool referral_is_open(enum referral_state state)
{
    switch (state) {
    case REFERRAL_STATE_RECEIVED:
    case REFERRAL_STATE_NEEDS_INFO:
    case REFERRAL_STATE_ACCEPTED:
    case REFERRAL_STATE_WAITLISTED:
    case REFERRAL_STATE_MATCHED:
    case REFERRAL_STATE_IN_PROGRESS:
    case REFERRAL_STATE_ON_HOLD: return true;
    case REFERRAL_STATE_NONE:
    case REFERRAL_STATE_REJECTED:
    case REFERRAL_STATE_COMPLETED:
    case REFERRAL_STATE_FAILED:
    case REFERRAL_STATE_CANCELLED:
    case REFERRAL_STATE_EXPIRED:
    case REFERRAL_STATE_DUPLICATE:
    case REFERRAL_STATE_ENTERED_IN_ERROR: return false;
    }
    bug("referral_is_open: state %u", state);
}

bool referral_agency_may_reopen(enum referral_state state)
{
    return !referral_is_open(state) && state != REFERRAL_STATE_NONE &&
           state != REFERRAL_STATE_DUPLICATE && state != REFERRAL_STATE_ENTERED_IN_ERROR;
}

const char referral_unsaid[2] = "-";

/* Of before it was always said, and is "-" as well where it was struck. */
bool referral_is_unsaid(const struct referral_received *said)
{
    return person_is_protected(said->protection) && said->has_alias;
}

bool referral_is_named(const struct referral *row)
{
    return row->has_external_id || row->has_alias;
}

void referral_drop_kept(struct referral *row)
{
    row->has_external_id = false;
    memset(row->external_id, 0, sizeof row->external_id);
    row->has_place_kept = false;
    memset(row->place_kept, 0, sizeof row->place_kept);
    memset(&row->languages, 0, sizeof row->languages);
    memset(&row->occupations, 0, sizeof row->occupations);
}

/* Into another state; what was due in the one before, and why it was taken, is over. */
static void move(struct referral *row, enum referral_state state)
{
    row->state = state;
    row->has_due = row->has_remind = row->has_reason = row->has_settled = row->settled = false;
    row->has_had_begun = row->had_begun = false;
    row->due = row->remind = (struct instant){0};
    row->reason = 0;
}

static void move_because(struct referral *row, enum referral_state state,
                         enum referral_reason reason)
{
    move(row, state);
    row->has_reason = true;
    row->reason = reason;
}

static void take_external_id(struct referral *row, const char *said)
{
    row->has_external_id = true;
    memcpy(row->external_id, said, sizeof row->external_id);
}

/* Of before there is none; that it is not said takes none away. */
static void take_alias(struct referral *row, bool has, struct id alias)
{
    if (!has) return;
    row->has_alias = true;
    row->alias = alias;
}

static void received(struct referral *row, const struct referral_received *said)
{
    move(row, REFERRAL_STATE_RECEIVED);
    row->person = said->person;
    row->partner = said->partner;
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    if (!referral_is_unsaid(said)) take_external_id(row, said->external_id);
    take_alias(row, said->has_alias, said->alias);
    row->sequence = said->external_sequence;
    referral_copy(row, said);
    referral_copy_consent(row, said);
}

static void updated(struct referral *row, const struct referral_updated *said)
{
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    row->sequence = said->external_sequence;
    take_alias(row, said->has_alias, said->alias);
    referral_copy(row, said);
    referral_copy_consent(row, said);
}

static void miss(struct referral *row, bool has, struct referral_asks missing)
{
    row->has_missing = has;
    row->missing = has ? missing : (struct referral_asks){0};
}

static struct referral_before what_was(const struct referral *row)
{
    return (struct referral_before){
        .has_asks = row->has_asks,
        .asks = row->asks,
        .has_missing = row->has_missing,
        .missing = row->missing,
        .has_asked_by = row->has_asked_by,
        .asked_by = row->asked_by,
        .has_asked_at = row->has_asked_at,
        .asked_at = row->asked_at,
        .was_accepted = row->was_accepted,
        .has_had_begun = row->has_had_begun,
        .had_begun = row->had_begun,
    };
}

/* What was decided before is to be decided again. */
static void info_asked(struct referral *row, const struct referral_info_asked *said)
{
    row->has_before = said->has_undo;
    if (row->has_before) row->before = what_was(row);
    move(row, REFERRAL_STATE_NEEDS_INFO);
    row->was_accepted = false;
    row->has_asks = true;
    row->asks = said->asks;
    miss(row, true, said->asks);
    row->has_asked_by = said->has_by;
    row->asked_by = said->by;
    row->has_asked_at = said->has_at;
    row->asked_at = said->at;
    row->has_due = true;
    row->due = said->due;
    row->has_remind = said->has_remind;
    row->remind = said->remind;
}

static void info_given(struct referral *row, const struct referral_info_given *said)
{
    miss(row, said->has_missing, said->missing);
    if (!said->has_missing) move(row, REFERRAL_STATE_RECEIVED);
}

static void reminded(struct referral *row, const struct referral_reminded *said)
{
    row->has_remind = said->has_remind;
    row->remind = said->remind;
}

/* Of before, nobody was: then the programme's association is. */
static void be_responsible(struct referral *row, bool has, struct id organisation)
{
    row->has_responsible = has;
    row->responsible = organisation;
}

static void accepted(struct referral *row, const struct referral_accepted *said)
{
    be_responsible(row, said->has_responsible, said->responsible);
    move(row, REFERRAL_STATE_ACCEPTED);
    miss(row, false, (struct referral_asks){0});
    row->was_accepted = true;
}

static void reopened(struct referral *row)
{
    move(row, REFERRAL_STATE_RECEIVED);
    row->was_accepted = row->has_duplicate_of = false;
    row->duplicate_of = (struct id){{0}};
}

static void take_place(struct referral *row, const char *said)
{
    row->has_municipality = true;
    memcpy(row->municipality, said, sizeof row->municipality);
}

static void drop_place(struct referral *row)
{
    row->has_municipality = false;
    memset(row->municipality, 0, sizeof row->municipality);
}

/* It is told nobody from now on; the vault takes it at once. */
static void put_place_away(struct referral *row)
{
    if (!row->has_municipality) return;
    row->has_place_kept = true;
    memcpy(row->place_kept, row->municipality, sizeof row->place_kept);
    drop_place(row);
}

static void protection_changed(struct referral *row, enum protection protection)
{
    row->protection = protection;
    if (person_is_protected(protection)) put_place_away(row);
}

static void duplicate_linked(struct referral *row, struct id of)
{
    move(row, REFERRAL_STATE_DUPLICATE);
    row->has_duplicate_of = true;
    row->duplicate_of = of;
}

/* What could tell who it was goes; what is counted stays. */
static void after_person_erased(struct referral *row)
{
    drop_place(row);
    referral_drop_kept(row);
    row->has_alias = false;
    row->alias = (struct id){{0}};
}

static void after_person_shown(struct referral *row, const struct person_shown *said)
{
    if (said->has_external_id) take_external_id(row, said->external_id);
    if (said->has_municipality) take_place(row, said->municipality);
    if (said->has_languages) row->languages = said->languages;
    if (said->has_occupations) row->occupations = said->occupations;
}

static void ask_no_more(struct referral *row)
{
    const struct referral_before *before = &row->before;

    row->was_accepted = before->was_accepted;
    row->has_had_begun = before->has_had_begun;
    row->had_begun = before->had_begun;
    row->has_asks = before->has_asks;
    row->asks = before->asks;
    miss(row, before->has_missing, before->missing);
    row->has_asked_by = before->has_asked_by;
    row->asked_by = before->asked_by;
    row->has_asked_at = before->has_asked_at;
    row->asked_at = before->asked_at;
}

static void take_back(struct referral *row, const struct referral_undone *said)
{
    const bool waits = said->has_state && said->state == REFERRAL_RESTORED_WAITLISTED;

    move(row, waits ? REFERRAL_STATE_WAITLISTED : REFERRAL_STATE_RECEIVED);
    be_responsible(row, said->has_responsible, said->responsible);
    if (said->step == REFERRAL_DECIDED_ASK_INFO)
        ask_no_more(row);
    else
        row->was_accepted = false;
}

/* What the agency says, unless it was asked, how well they are hidden, and what only was proposed follows from nothing
 * that was decided; whatever else happens does. */
static bool follows(const struct referral *row, unsigned type)
{
    if (type == REFERRAL_UPDATED) return row->undo.step == REFERRAL_DECIDED_ASK_INFO;
    return type != REFERRAL_PROTECTION_CHANGED && type != REFERRAL_LOWERING_ASKED &&
           type != REFERRAL_MAILBOX_HELD && type != REFERRAL_AFTER_PERSON_PROTECTION_CHANGED &&
           type != REFERRAL_AFTER_PERSON_HIDDEN && type != REFERRAL_AFTER_PERSON_THINNED &&
           type != REFERRAL_AFTER_PERSON_ALIASED && type != REFERRAL_AFTER_PERSON_SHOWN &&
           type != REFERRAL_AFTER_MENTORSHIP_SUPERSEDED &&
           type != REFERRAL_AFTER_MENTORSHIP_WITHDRAWN;
}

/* NULL: what it says cannot be taken back. */
static const struct referral_way_back *undo_of(const struct referral_event *event)
{
    const struct referral_accepted *accepted = &event->referral_accepted;
    const struct referral_info_asked *question = &event->referral_info_asked;

    if (event->type == REFERRAL_ACCEPTED && accepted->has_undo) return &accepted->undo;
    return event->type == REFERRAL_INFO_ASKED && question->has_undo ? &question->undo : NULL;
}

static void keep_undo(struct referral *row, const struct referral_event *event)
{
    const struct referral_way_back *undo = undo_of(event);

    if (!follows(row, event->type)) return;
    row->has_undo = undo != NULL;
    row->undo = undo != NULL ? *undo : (struct referral_way_back){0};
    if (event->type == REFERRAL_INFO_ASKED) return;
    row->has_before = false;
    row->before = (struct referral_before){0};
}

static void evolve(struct referral *row, const struct referral_event *event)
{
    switch (event->type) {
    case REFERRAL_RECEIVED: received(row, &event->referral_received); return;
    case REFERRAL_UPDATED: updated(row, &event->referral_updated); return;
    case REFERRAL_INFO_ASKED: info_asked(row, &event->referral_info_asked); return;
    case REFERRAL_INFO_GIVEN: info_given(row, &event->referral_info_given); return;
    case REFERRAL_REMINDED: reminded(row, &event->referral_reminded); return;
    case REFERRAL_EXPIRED: move(row, REFERRAL_STATE_EXPIRED); return;
    case REFERRAL_ACCEPTED: accepted(row, &event->referral_accepted); return;
    case REFERRAL_UNDONE: take_back(row, &event->referral_undone); return;
    case REFERRAL_HANDED_OVER:
        be_responsible(row, true, event->referral_handed_over.responsible);
        return;
    case REFERRAL_REOPENED: reopened(row); return;
    case REFERRAL_REJECTED:
        move_because(row, REFERRAL_STATE_REJECTED, event->referral_rejected.reason);
        return;
    case REFERRAL_WAITLISTED:
        move(row, REFERRAL_STATE_WAITLISTED);
        row->has_had_begun = event->referral_waitlisted.has_had_begun;
        row->had_begun = event->referral_waitlisted.had_begun;
        return;
    case REFERRAL_MATCHED: move(row, REFERRAL_STATE_MATCHED); return;
    case REFERRAL_STARTED:
        move(row, REFERRAL_STATE_IN_PROGRESS);
        row->has_begun_by = event->referral_started.has_by;
        row->begun_by = event->referral_started.by;
        return;
    case REFERRAL_COMPLETED:
        move(row, REFERRAL_STATE_COMPLETED);
        row->has_settled = event->referral_completed.has_settled;
        row->settled = event->referral_completed.settled;
        return;
    case REFERRAL_HELD:
        move_because(row, REFERRAL_STATE_ON_HOLD, event->referral_held.reason);
        return;
    case REFERRAL_RESUMED: move(row, REFERRAL_STATE_IN_PROGRESS); return;
    case REFERRAL_FAILED:
        move_because(row, REFERRAL_STATE_FAILED, event->referral_failed.reason);
        return;
    case REFERRAL_CANCELLED:
        move_because(row, REFERRAL_STATE_CANCELLED, event->referral_cancelled.reason);
        return;
    case REFERRAL_PROTECTION_CHANGED:
        protection_changed(row, event->referral_protection_changed.protection);
        return;
    case REFERRAL_MAILBOX_HELD:
    case REFERRAL_LOWERING_ASKED: return; /* it stands on the person */
    case REFERRAL_DUPLICATE_LINKED:
        duplicate_linked(row, event->referral_duplicate_linked.of);
        return;
    case REFERRAL_ENTERED_IN_ERROR:
        move_because(row, REFERRAL_STATE_ENTERED_IN_ERROR, event->referral_entered_in_error.reason);
        return;
    case REFERRAL_AFTER_PERSON_ERASED: after_person_erased(row); return;
    case REFERRAL_AFTER_PERSON_HIDDEN: referral_drop_kept(row); return;
    case REFERRAL_AFTER_PERSON_THINNED:
        row->languages = (struct spokens){0};
        row->occupations = (struct occupations){0};
        return;
    case REFERRAL_AFTER_PERSON_ALIASED: take_alias(row, true, event->person_aliased.alias); return;
    case REFERRAL_AFTER_PERSON_SHOWN: after_person_shown(row, &event->person_shown); return;
    case REFERRAL_AFTER_PERSON_PROTECTION_CHANGED:
    case REFERRAL_AFTER_PERSON_ROLE_ENDED:
    case REFERRAL_AFTER_MENTORSHIP:
    case REFERRAL_AFTER_PLACEMENT: return; /* what follows is said by events of our own */
    }
    bug("referral_evolve: event type %u", event->type);
}

void referral_evolve(struct referral *row, const struct referral_event *event)
{
    evolve(row, event);
    keep_undo(row, event);
}

struct instant referral_due(const struct referral *row, unsigned *command)
{
    *command = row->has_remind ? REFERRAL_REMIND : REFERRAL_EXPIRE;
    return row->has_remind ? row->remind : row->due;
}

struct id referral_responsible(const struct referral *row, struct id association)
{
    return row->has_responsible ? row->responsible : association;
}
