/* What deciding about a mentee may read; and the aggregate as a whole. */
#include "mentee/mentee.h"

#include "consent/consent.h"
#include "fold/aggregate.h"
#include "mentor/mentor.h"
#include "mentorship/mentorship.h"
#include "store/table.h"

bool mentee_load(struct txn *txn, struct id id, const struct mentee_input *in,
                 struct mentee_case *c, struct error *err)
{
    (void)in;
    memset(c, 0, sizeof *c);
    return table_get(txn, &mentees, id, &c->row, err);
}

/* An organisation has to do with a participant for whom it is responsible, and from when one of its mentors is proposed, for as long as
 * something may come of it. */
static bool mentee_knows(struct txn *txn, const struct mentee *row, const struct knowing *who,
                         bool *is_known, struct error *err)
{
    struct ids open = {0};
    struct mentorship with;

    *is_known = row->has_responsible && id_equal(row->responsible, who->organisation);
    if (*is_known) return true;
    if (!mentorship_find_with(txn, row->person, &open, err)) return false;
    for (uint32_t i = 0; i < open.count && !*is_known; i++)
        if (!table_get(txn, &mentorships, open.at[i], &with, err) ||
            !mentor_is_of(txn, with.mentor, who->organisation, is_known, err))
            return false;
    return true;
}

static bool add_mentees(struct txn *txn, struct id mentor, struct whom *whom, struct error *err)
{
    struct ids open = {0};
    struct mentorship with;

    if (!mentorship_find_open_of(txn, mentor, &open, err)) return false;
    if (open.count == IDS_MAX) whom->is_all = true; /* there may be more */
    for (uint32_t i = 0; i < open.count; i++) {
        if (!table_get(txn, &mentorships, open.at[i], &with, err)) return false;
        whom_add(whom, with.participant);
    }
    return true;
}

static bool mentee_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                        struct error *err)
{
    struct whom of = {0};

    if (!mentor_whom(txn, who->organisation, &of, err)) return false;
    whom->is_all = of.is_all;
    mentee_whom_wards(who->organisation, whom);
    for (uint32_t i = 0; i < of.count && !whom->is_all; i++)
        if (!add_mentees(txn, of.at[i].at[0], whom, err)) return false;
    return true;
}

/* Who looks after them tells where they are. */
static bool mentee_guards_(struct txn *txn, const void *row, struct guarded *guarded,
                           struct error *err)
{
    (void)txn;
    (void)err;
    mentee_guard(row, guarded);
    return true;
}

bool mentee_complete(struct txn *txn, void *row, struct instant at, struct error *err)
{
    struct mentee *mentee = row;

    (void)at;
    if (!consent_is_given(txn, mentee->person, &mentee->wishes_consented, err)) return false;
    mentee->has_wishes_consented = mentee->wishes_consented;
    return true;
}

AGGREGATE_FIND(mentee)
AGGREGATE_DECIDE(mentee)
AGGREGATE_EVOLVE(mentee)
AGGREGATE_KNOWS(mentee)

const struct aggregate mentee_aggregate = {
    .contract = &mentee_contract,
    .life = &mentee_life,
    .table = &mentees,
    .case_size = sizeof(struct mentee_case),
    .find = mentee_find_,
    .load = mentee_load_,
    .decide = mentee_decide_,
    .evolve = mentee_evolve_,
    .knows = mentee_knows_,
    .whom = mentee_whom,
    .guards = mentee_guards_,
    .complete = mentee_complete,
};
