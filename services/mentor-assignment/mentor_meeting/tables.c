/* Where meetings are kept: a row for each, and ways to a mentorship's, also those of one day. */
#include "mentor_meeting/mentor_meeting.h"

#include "fold/aggregate.h"
#include "mentee/mentee.h"
#include "mentor/mentor.h"
#include "mentorship/mentorship.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_day = {MENTOR_MEETINGS_BY_DAY, {"mentorship", "on"}, NULL};
static const struct index by_mentorship = {
    MENTOR_MEETINGS_BY_MENTORSHIP, {"programme", "mentorship"}, NULL};
static const struct index by_mentor = {MENTOR_MEETINGS_BY_MENTOR, {"mentor"}, NULL};
static const struct index by_participant = {MENTOR_MEETINGS_BY_PARTICIPANT, {"participant"}, NULL};
static const struct index by_programme = {MENTOR_MEETINGS_BY_PROGRAMME, {"programme"}, NULL};

const struct table mentor_meetings = {
    MENTOR_MEETINGS,
    &mentor_meeting_descriptor,
    {&by_day, &by_mentorship, &by_mentor, &by_participant, &by_programme}};

bool mentor_meeting_find(struct txn *txn, const struct mentor_meeting_input *in, struct ids *found,
                         struct error *err)
{
    const struct mentorship_started *first = &in->mentorship_started;
    const struct mentorship_meeting_logged *next = &in->mentorship_meeting_logged;

    (void)txn; /* those of before had no ids */
    switch (in->type) {
    case MENTOR_MEETING_ON_MENTORSHIP_STARTED:
        return !first->has_meeting || ids_add(found, first->meeting, err);
    case MENTOR_MEETING_ON_MENTORSHIP_MEETING_LOGGED:
        return !next->has_meeting || ids_add(found, next->meeting, err);
    case MENTOR_MEETING_ON_MENTORSHIP_MEETING_CONFIRMED:
        return ids_add(found, in->mentorship_meeting_confirmed.meeting, err);
    case MENTOR_MEETING_ON_MENTORSHIP_MEETING_CORRECTED:
        return ids_add(found, in->mentorship_meeting_corrected.meeting, err);
    case MENTOR_MEETING_ON_MENTORSHIP_MEETING_STRUCK:
        return ids_add(found, in->mentorship_meeting_struck.meeting, err);
    case MENTOR_MEETING_ON_MENTORSHIP_UNDONE:
        return !in->mentorship_undone.has_meeting ||
               ids_add(found, in->mentorship_undone.meeting, err);
    }
    bug("mentor_meeting_find: input type %u", in->type);
}

bool mentor_meeting_find_on(struct txn *txn, struct id mentorship, struct date on,
                            struct ids *found, struct error *err)
{
    const struct mentor_meeting like = {.mentorship = mentorship, .on = on};

    return index_find(txn, &mentor_meetings, &by_day, &like, 2, NULL, MENTOR_MEETINGS_A_DAY, found,
                      err);
}

static bool is_another(struct txn *txn, const struct mentor_meeting *met, struct date on,
                       bool *is_any, struct error *err)
{
    struct mentor_meeting row;
    struct ids found = {0};

    if (!mentor_meeting_find_on(txn, met->mentorship, on, &found, err)) return false;
    for (uint32_t i = 0; i < found.count && !*is_any; i++) {
        if (!table_get(txn, &mentor_meetings, found.at[i], &row, err)) return false;
        *is_any = !row.struck && !id_equal(row.id, met->id);
    }
    return true;
}

bool mentor_meeting_is_any_before(struct txn *txn, const struct mentor_meeting *met, struct date on,
                                  bool *is_any, struct error *err)
{
    *is_any = false;
    for (struct date day = met->on; day.day < on.day && !*is_any; day.day++)
        if (!is_another(txn, met, day, is_any, err)) return false;
    return true;
}

/* As the mentorship that it is of. */
static bool mentor_meeting_knows(struct txn *txn, const struct mentor_meeting *row,
                                 const struct knowing *who, bool *is_known, struct error *err)
{
    struct mentorship of;

    return table_get(txn, &mentorships, row->mentorship, &of, err) &&
           mentorship_knows(txn, &of, who, is_known, err);
}

static bool mentor_meeting_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                                struct error *err)
{
    struct mentee ward;
    struct id referral;
    bool has = true;

    if (!mentor_whom(txn, who->organisation, whom, err)) return false;
    for (const struct id *after = NULL; has && !whom->is_all; after = &referral) {
        if (!mentee_find_wards(txn, who->organisation, after, &referral, &has, err)) return false;
        if (!has) return true;
        if (!table_get(txn, &mentees, referral, &ward, err)) return false;
        whom_add_by(whom, &by_participant, ward.person);
    }
    return true;
}

static bool mentor_meeting_guards(struct txn *txn, const void *row, struct guarded *guarded,
                                  struct error *err)
{
    const struct mentor_meeting *meeting = row;

    guarded->sake = meeting->participant;
    return mentorship_guards_of(txn, meeting->mentorship, guarded, err) &&
           mentor_guards_of(txn, meeting->mentor, guarded, err);
}

AGGREGATE_FIND(mentor_meeting)
AGGREGATE_EVOLVE(mentor_meeting)
AGGREGATE_KNOWS(mentor_meeting)

const struct aggregate mentor_meeting_aggregate = {
    .contract = &mentor_meeting_contract,
    .table = &mentor_meetings,
    .find = mentor_meeting_find_,
    .evolve = mentor_meeting_evolve_,
    .knows = mentor_meeting_knows_,
    .whom = mentor_meeting_whom,
    .guards = mentor_meeting_guards,
};
