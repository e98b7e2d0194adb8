/* What a mentee is after each event. Nothing is checked here: it has already happened. */
#include "mentee/mentee.h"

#include <string.h>

#include "mentorship/mentorship.h"

bool mentee_is_seeking(const struct mentee *row)
{
    return row->state == MENTEE_STATE_SEARCHING && !row->is_held && !row->restricted;
}

bool mentee_has_conflict(const struct mentee *row, struct id mentor)
{
    for (uint32_t i = 0; i < row->conflicts.count; i++)
        if (id_equal(row->conflicts.at[i], mentor)) return true;
    return false;
}

bool mentee_is_wanted(const struct referral_wants *wants)
{
    for (uint32_t i = 0; i < wants->count; i++)
        if (wants->at[i] == REFERRAL_WANT_MENTOR) return true;
    return false;
}

static void take_place(struct mentee *row, const char *said)
{
    row->has_municipality = true;
    memcpy(row->municipality, said, sizeof row->municipality);
}

static void forget_place(struct mentee *row)
{
    row->has_municipality = false;
    memset(row->municipality, 0, sizeof row->municipality);
}

static void forget_why(struct mentee *row)
{
    row->has_why = false;
    row->why = (struct mentee_why){0};
}

static void protect(struct mentee *row, enum protection protection)
{
    row->protection = protection;
    if (protection != PROTECTION_NONE) forget_place(row);
}

/* Why nobody was found goes with the place: it was looked for there. */
static void change_protection(struct mentee *row, enum protection protection)
{
    protect(row, protection);
    if (protection != PROTECTION_NONE) forget_why(row);
}

static bool is_out(const struct mentee *row)
{
    return row->state == MENTEE_STATE_NONE || row->state == MENTEE_STATE_CLOSED;
}

/* What becomes of the search of a referral that is accepted again: a mentorship may have gone on. */
static enum mentee_state again(const struct mentee *row)
{
    if (row->has_completed) return MENTEE_STATE_COMPLETED;
    return row->has_mentorship ? MENTEE_STATE_MATCHED : MENTEE_STATE_SEARCHING;
}

/* Also when it is accepted once more, after it had to be asked about again or was taken up again. */
static void accept(struct mentee *row, const struct referral_accepted *as)
{
    if (is_out(row)) row->state = again(row);
    row->is_held = row->has_settled = row->settled = false;
    row->has_open = true;
    row->person = as->person;
    row->has_agency = as->has_organisation;
    row->agency = as->organisation;
    row->has_responsible = as->has_responsible;
    row->responsible = as->responsible;
    row->languages = as->languages;
    row->occupations = as->occupations;
    row->waiting_since = as->waiting_since;
    row->has_municipality = as->has_municipality;
    memcpy(row->municipality, as->municipality, sizeof row->municipality);
    protect(row, as->protection);
}

/* settled: it followed from what was completed, and nobody closed it. */
static void shut(struct mentee *row, bool settled)
{
    row->state = MENTEE_STATE_CLOSED;
    row->has_settled = row->settled = settled;
}

/* As if it were accepted now, but that it may be on hold. */
static void want(struct mentee *row, const struct referral_updated *as)
{
    if (is_out(row)) row->state = again(row);
    row->is_held = as->held;
    row->has_settled = row->settled = false;
    row->has_open = true;
    row->person = as->person;
    row->has_agency = as->has_organisation;
    row->agency = as->organisation;
    row->has_responsible = as->has_responsible;
    row->responsible = as->responsible;
    row->waiting_since = as->waiting_since;
}

static void update(struct mentee *row, const struct referral_updated *as)
{
    if (!mentee_is_wanted(&as->wants)) shut(row, false);
    if (mentee_is_wanted(&as->wants_anew)) want(row, as);
    row->languages = as->languages;
    row->occupations = as->occupations;
    row->has_municipality = as->has_municipality;
    memcpy(row->municipality, as->municipality, sizeof row->municipality);
    protect(row, as->protection);
}

/* They seek another, once it is accepted. */
static void reopen(struct mentee *row, const struct referral_reopened *said)
{
    if (!said->anew) return;
    row->has_completed = false;
    row->completed = (struct id){{0}};
}

/* What a match goes by. */
static void forget_profile(struct mentee *row)
{
    row->languages = (struct spokens){0};
    row->occupations = (struct occupations){0};
    row->wishes = (struct match_wishes){0};
    row->availability = (struct availability){0};
}

static void set_wishes_gone(struct mentee *row, bool are_gone)
{
    row->has_wishes_gone = row->wishes_gone = are_gone;
}

/* What they wish is nowhere but in what they say anew. */
static void hide(struct mentee *row)
{
    if (row->wishes.count + row->availability.count > 0) set_wishes_gone(row, true);
    forget_profile(row);
    forget_why(row); /* as it was told in between, which is struck too */
}

/* What they wished is gone: they say it anew. */
static void show(struct mentee *row, const struct person_shown *said)
{
    if (said->has_languages) row->languages = said->languages;
    if (said->has_occupations) row->occupations = said->occupations;
    if (said->has_municipality) take_place(row, said->municipality);
    forget_why(row);
}

static void forget(struct mentee *row)
{
    shut(row, false);
    row->has_restricted = row->restricted = false;
    forget_profile(row);
    set_wishes_gone(row, false);
    row->conflicts = (struct mentee_conflicts){0};
    forget_why(row);
    forget_place(row);
}

static void match(struct mentee *row, struct id mentorship)
{
    row->has_mentorship = true;
    row->mentorship = mentorship;
    if (row->state == MENTEE_STATE_SEARCHING) row->state = MENTEE_STATE_MATCHED;
}

static void propose(struct mentee *row)
{
    row->open++;
    forget_why(row);
}

static void add_conflict(struct mentee *row, struct id mentor)
{
    const uint32_t most = sizeof row->conflicts.at / sizeof row->conflicts.at[0];

    if (mentee_has_conflict(row, mentor) || row->conflicts.count == most) return;
    row->conflicts.at[row->conflicts.count++] = mentor;
}

static void drop_conflict(struct mentee *row, struct id mentor)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < row->conflicts.count; i++)
        if (!id_equal(row->conflicts.at[i], mentor))
            row->conflicts.at[kept++] = row->conflicts.at[i];
    memset(&row->conflicts.at[kept], 0,
           (row->conflicts.count - kept) * sizeof row->conflicts.at[0]);
    row->conflicts.count = kept;
}

/* One mentorship less; if it was the accepted one, what becomes of the search. */
static void lose(struct mentee *row, struct id mentorship, enum mentee_state next)
{
    row->open--;
    if (!row->has_mentorship || !id_equal(row->mentorship, mentorship)) return;
    row->has_mentorship = false;
    row->mentorship = (struct id){{0}};
    if (row->state == MENTEE_STATE_MATCHED) row->state = next;
}

static void complete(struct mentee *row, struct id mentorship)
{
    row->has_completed = true;
    row->completed = mentorship;
    lose(row, mentorship, MENTEE_STATE_COMPLETED);
}

static void decline(struct mentee *row, struct id mentorship,
                    const struct mentorship_declined *said)
{
    if (said->reason == MENTORSHIP_REASON_CONFLICT_OF_INTEREST) add_conflict(row, said->mentor);
    lose(row, mentorship, MENTEE_STATE_SEARCHING);
}

static void drop_completed(struct mentee *row)
{
    if (row->state == MENTEE_STATE_COMPLETED) row->state = MENTEE_STATE_MATCHED;
    row->has_completed = false;
    row->completed = (struct id){{0}};
}

/* It is not over after all: neither is their search, if it was theirs. */
static void stand_again(struct mentee *row, struct id mentorship,
                        const struct mentorship_undone *said)
{
    row->open++;
    forget_why(row);
    if (said->step == MENTORSHIP_SAID_COMPLETE) drop_completed(row);
    if (mentorship_is_bound(mentorship_before(said->state))) match(row, mentorship);
}

/* Of before, only a no could be taken back when it was over. A yes that is: it is open, and nothing has been said. */
static void take_back(struct mentee *row, struct id mentorship,
                      const struct mentorship_undone *said)
{
    const bool was_over =
        said->has_was ? !mentorship_is_open(said->was) : said->step == MENTORSHIP_SAID_DECLINE;

    if (was_over) stand_again(row, mentorship, said);
    if (said->step != MENTORSHIP_SAID_ACCEPT) return;
    row->open++;
    lose(row, mentorship, MENTEE_STATE_SEARCHING);
}

/* That they were accepted, or only that the agency was asked for more. */
static void referral_undone(struct mentee *row, const struct referral_undone *said)
{
    if (said->step == REFERRAL_DECIDED_ASK_INFO)
        row->is_held = false;
    else
        shut(row, false);
}

static void take_wishes(struct mentee *row, const struct mentee_wished *said)
{
    set_wishes_gone(row, false);
    row->wishes = said->wishes;
    row->availability = said->availability;
}

static void drop_wishes(struct mentee *row)
{
    row->has_no_wishes = row->no_wishes = true;
    set_wishes_gone(row, false);
    row->wishes = (struct match_wishes){0};
    row->availability = (struct availability){0};
}

void mentee_evolve(struct mentee *row, const struct mentee_event *event)
{
    switch (event->type) {
    case MENTEE_AFTER_REFERRAL_ACCEPTED: accept(row, &event->referral_accepted); return;
    case MENTEE_AFTER_REFERRAL_UPDATED: update(row, &event->referral_updated); return;
    case MENTEE_AFTER_REFERRAL_INFO_ASKED:
    case MENTEE_AFTER_REFERRAL_HELD: row->is_held = true; return;
    case MENTEE_AFTER_REFERRAL_RESUMED: row->is_held = false; return;
    case MENTEE_AFTER_REFERRAL_PROTECTION_CHANGED:
        change_protection(row, event->referral_protection_changed.protection);
        return;
    case MENTEE_AFTER_REFERRAL_COMPLETED: shut(row, event->referral_completed.settled); return;
    case MENTEE_AFTER_REFERRAL_UNDONE: referral_undone(row, &event->referral_undone); return;
    case MENTEE_AFTER_REFERRAL_CANCELLED:
    case MENTEE_AFTER_REFERRAL_FAILED:
    case MENTEE_AFTER_REFERRAL_REJECTED:
    case MENTEE_AFTER_REFERRAL_EXPIRED:
    case MENTEE_AFTER_REFERRAL_DUPLICATE_LINKED:
    case MENTEE_AFTER_REFERRAL_ENTERED_IN_ERROR: shut(row, false); return;
    case MENTEE_AFTER_REFERRAL_HANDED_OVER:
        row->has_responsible = true;
        row->responsible = event->referral_handed_over.responsible;
        return;
    case MENTEE_AFTER_REFERRAL_REOPENED: reopen(row, &event->referral_reopened); return;
    case MENTEE_AFTER_PERSON_HIDDEN: hide(row); return;
    case MENTEE_AFTER_PERSON_THINNED:
        forget_profile(row);
        set_wishes_gone(row, false);
        row->conflicts = (struct mentee_conflicts){0};
        return;
    case MENTEE_AFTER_PERSON_SHOWN: show(row, &event->person_shown); return;
    case MENTEE_AFTER_PERSON_ERASED: forget(row); return;
    case MENTEE_AFTER_PERSON_RESTRICTED: row->has_restricted = row->restricted = true; return;
    case MENTEE_AFTER_PERSON_RESTRICTION_LIFTED:
        row->has_restricted = row->restricted = false;
        return;
    case MENTEE_AFTER_PERSON_CONSENT_GIVEN:
        if (event->person_consent_given.purpose == PERSON_CONSENT_PURPOSE_WISHES)
            row->has_no_wishes = row->no_wishes = false;
        return;
    case MENTEE_AFTER_PERSON_CONSENT_WITHDRAWN:
        if (event->person_consent_withdrawn.purpose == PERSON_CONSENT_PURPOSE_WISHES)
            drop_wishes(row);
        return;
    case MENTEE_WISHED: take_wishes(row, &event->mentee_wished); return;
    case MENTEE_WISHES_MISSED: return; /* for whom it concerns */
    case MENTEE_CONFLICT_DECLARED:
        add_conflict(row, event->mentee_conflict_declared.mentor);
        return;
    case MENTEE_CONFLICT_LIFTED: drop_conflict(row, event->mentee_conflict_lifted.mentor); return;
    case MENTEE_EXPLAINED:
        row->has_why = true;
        row->why = event->mentee_explained.why;
        return;
    case MENTEE_AFTER_MENTORSHIP_PROPOSED: propose(row); return;
    case MENTEE_AFTER_MENTORSHIP_ACCEPTED: match(row, event->id); return;
    case MENTEE_AFTER_MENTORSHIP_COMPLETED: complete(row, event->id); return;
    case MENTEE_AFTER_MENTORSHIP_DECLINED:
        decline(row, event->id, &event->mentorship_declined);
        return;
    case MENTEE_AFTER_MENTORSHIP_UNDONE:
        take_back(row, event->id, &event->mentorship_undone);
        return;
    case MENTEE_AFTER_MENTORSHIP_EXPIRED:
    case MENTEE_AFTER_MENTORSHIP_ENDED:
    case MENTEE_AFTER_MENTORSHIP_WITHDRAWN:
    case MENTEE_AFTER_MENTORSHIP_SUPERSEDED: lose(row, event->id, MENTEE_STATE_SEARCHING); return;
    }
    bug("mentee_evolve: event type %u", event->type);
}
