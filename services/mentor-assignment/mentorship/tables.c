/* Where mentorships are kept: a row for each, ways to the open ones from everybody they are about,
 * the places that they take, and what was between the two before. */
#include "mentorship/mentorship.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "supervision/supervision.h"
#include "tables.h"

static bool is_open(const void *row)
{
    return mentorship_is_open(((const struct mentorship *)row)->state);
}

static bool is_past(const void *row)
{
    return mentorship_keeps_apart(row);
}

static bool is_suggestion(const void *row)
{
    return mentorship_is_suggestion(row);
}

static bool holds_place(const void *row)
{
    return mentorship_holds_place(((const struct mentorship *)row)->state);
}

/* What was completed by mistake goes on when that is taken back, but with nobody who takes no part any more. */
static bool may_go_on(const void *row)
{
    const struct mentorship *mentorship = row;

    return mentorship->state == MENTORSHIP_STATE_COMPLETED && mentorship->has_undo;
}

static const struct index by_state = {MENTORSHIPS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_referral = {MENTORSHIPS_BY_REFERRAL, {"programme", "referral"}, NULL};
static const struct index places = {MENTORSHIPS_PLACES, {"mentor"}, holds_place};
static const struct index open_by_mentor = {MENTORSHIPS_OPEN_BY_MENTOR, {"mentor"}, is_open};
static const struct index open_by_participant = {
    MENTORSHIPS_OPEN_BY_PARTICIPANT, {"participant"}, is_open};
static const struct index open_by_referral = {MENTORSHIPS_OPEN_BY_REFERRAL, {"referral"}, is_open};
static const struct index going_on = {MENTORSHIPS_GOING_ON, {"participant"}, may_go_on};
static const struct index suggested = {MENTORSHIPS_SUGGESTED, {"mentor"}, is_suggestion};
static const struct index past = {MENTORSHIPS_PAST, {"participant", "mentor", "state"}, is_past};
static const struct index past_of = {MENTORSHIPS_PAST_OF, {"participant"}, is_past};
static const struct index by_mentor = {MENTORSHIPS_BY_MENTOR, {"mentor"}, NULL};
static const struct index by_participant = {MENTORSHIPS_BY_PARTICIPANT, {"participant"}, NULL};
static const struct index by_organisation = {MENTORSHIPS_BY_ORGANISATION, {"organisation"}, NULL};
static const struct index by_agency = {MENTORSHIPS_BY_AGENCY, {"agency"}, NULL};
static const struct index its_referral = {MENTORSHIPS_REFERRAL, {"id", "referral"}, NULL};

const struct table mentorships = {
    MENTORSHIPS,
    &mentorship_descriptor,
    {&by_state, &by_referral, &places, &open_by_mentor, &open_by_participant, &open_by_referral,
     &suggested, &past, &past_of, &by_mentor, &by_participant, &by_organisation, &by_agency,
     &going_on, &its_referral},
};

bool mentorship_guards_of(struct txn *txn, struct id mentorship, struct guarded *guarded,
                          struct error *err)
{
    struct id referral;
    bool has;

    return index_next(txn, &its_referral, &mentorship, sizeof mentorship, NULL, &referral, &has,
                      err) &&
           (!has || mentee_guards(txn, referral, guarded, err));
}

void mentorship_whom_of(struct id programme, struct id referral, struct whom *whom)
{
    whom_add_by_both(whom, &by_referral, programme, referral);
}

static bool find_open(struct txn *txn, const struct index *index, const struct mentorship *like,
                      struct ids *found, struct error *err)
{
    return index_find(txn, &mentorships, index, like, 1, NULL, IDS_MAX, found, err);
}

static bool find_part(struct txn *txn, struct id person, enum person_part part, struct ids *found,
                      struct error *err)
{
    const struct mentorship like = {.mentor = person, .participant = person};

    if (part == PERSON_PART_MENTOR) return find_open(txn, &open_by_mentor, &like, found, err);
    if (part != PERSON_PART_PARTICIPANT) return true;
    return find_open(txn, &open_by_participant, &like, found, err) &&
           find_open(txn, &going_on, &like, found, err);
}

/* Those that are over too: what was said of them still stands there. */
static bool find_all(struct txn *txn, struct id person, struct ids *found, struct error *err)
{
    const struct mentorship like = {.mentor = person, .participant = person};

    return find_open(txn, &by_mentor, &like, found, err) &&
           find_open(txn, &by_participant, &like, found, err);
}

bool mentorship_find(struct txn *txn, const struct mentorship_input *in, struct ids *found,
                     struct error *err)
{
    const struct mentorship like = {.referral = in->head.id};

    if (in->type == MENTORSHIP_PROPOSE || in->type == MENTORSHIP_SUGGEST)
        return true; /* always another one */
    switch (in->type) {
    case MENTORSHIP_COMMAND: break; /* these say which one they are about */
    case MENTORSHIP_ON_PERSON_ROLE_ENDED:
        return find_part(txn, in->head.id, in->person_role_ended.part, found, err);
    case MENTORSHIP_ON_PERSON_PROTECTION_CHANGED:
        return in->person_protection_changed.protection == PROTECTION_NONE ||
               find_all(txn, in->head.id, found, err);
    case MENTORSHIP_ON_PERSON_HIDDEN:
    case MENTORSHIP_ON_PERSON_ERASED: return find_all(txn, in->head.id, found, err);
    case MENTORSHIP_ON_REFERRAL: return find_open(txn, &open_by_referral, &like, found, err);
    case MENTORSHIP_ON_QUESTION: return ids_add(found, in->head.id, err);
    }
    bug("mentorship_find: input type %u", in->type);
}

static bool count(struct txn *txn, const struct index *index, const struct mentorship *like,
                  int64_t *number, struct error *err)
{
    return index_count(txn, &mentorships, index, like, 1, INT64_MAX, number, err);
}

bool mentorship_count_taken(struct txn *txn, struct id mentor, int64_t *taken, struct error *err)
{
    return count(txn, &places, &(struct mentorship){.mentor = mentor}, taken, err);
}

bool mentorship_count_open(struct txn *txn, struct id mentor, int64_t *open, struct error *err)
{
    return count(txn, &open_by_mentor, &(struct mentorship){.mentor = mentor}, open, err);
}

bool mentorship_count_suggested(struct txn *txn, struct id mentor, int64_t *number,
                                struct error *err)
{
    return count(txn, &suggested, &(struct mentorship){.mentor = mentor}, number, err);
}

bool mentorship_find_with(struct txn *txn, struct id participant, struct ids *found,
                          struct error *err)
{
    return find_open(txn, &open_by_participant, &(struct mentorship){.participant = participant},
                     found, err);
}

bool mentorship_find_open_of(struct txn *txn, struct id mentor, struct ids *found,
                             struct error *err)
{
    return find_open(txn, &open_by_mentor, &(struct mentorship){.mentor = mentor}, found, err);
}

bool mentorship_find_past(struct txn *txn, struct id participant, const struct id *after,
                          struct ids *found, struct error *err)
{
    const struct mentorship like = {.participant = participant};

    return index_find(txn, &mentorships, &past_of, &like, 1, after, IDS_MAX, found, err);
}

bool mentorship_count_with(struct txn *txn, struct id participant, int64_t *open, struct error *err)
{
    return count(txn, &open_by_participant, &(struct mentorship){.participant = participant}, open,
                 err);
}

static bool is_any_past(struct txn *txn, struct mentorship *like,
                        const enum mentorship_state *states, size_t state_count, bool *is_any,
                        struct error *err)
{
    int64_t number;

    *is_any = false;
    for (size_t i = 0; i < state_count && !*is_any; i++) {
        like->state = states[i];
        if (!index_count(txn, &mentorships, &past, like, 3, 1, &number, err)) return false;
        *is_any = number > 0;
    }
    return true;
}

bool mentorship_read_past(struct txn *txn, struct id mentor, struct id participant,
                          bool *was_mentor, bool *said_no, struct error *err)
{
    static const enum mentorship_state over[] = {MENTORSHIP_STATE_COMPLETED,
                                                 MENTORSHIP_STATE_ENDED_EARLY};
    static const enum mentorship_state in_vain[] = {
        MENTORSHIP_STATE_DECLINED, MENTORSHIP_STATE_EXPIRED, MENTORSHIP_STATE_WITHDRAWN};
    struct mentorship like = {.mentor = mentor, .participant = participant};

    return is_any_past(txn, &like, over, 2, was_mentor, err) &&
           is_any_past(txn, &like, in_vain, 3, said_no, err);
}

/* An organisation's coordinator sees those of its mentors, and of those for whom it is responsible. */
bool mentorship_knows(struct txn *txn, const struct mentorship *row, const struct knowing *who,
                      bool *is_known, struct error *err)
{
    struct mentee mentee;

    if (!mentor_is_of(txn, row->mentor, who->organisation, is_known, err)) return false;
    if (*is_known) return true;
    if (!table_get(txn, &mentees, row->referral, &mentee, err)) return false;
    *is_known = mentee.has_responsible && id_equal(mentee.responsible, who->organisation);
    return true;
}
