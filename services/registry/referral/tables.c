/* Where referrals are kept: a row for each, ways from what the partner calls it, and the queues. */
#include "referral/referral.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_external_id = {
    REFERRALS_BY_EXTERNAL_ID, {"partner", "external_id"}, NULL};
static const struct index by_alias = {REFERRALS_BY_ALIAS, {"alias"}, NULL};
static const struct index by_name = {REFERRALS_BY_NAME, {"programme", "external_id"}, NULL};
static const struct index by_state = {REFERRALS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_organisation = {REFERRALS_BY_ORGANISATION, {"organisation"}, NULL};
static const struct index by_person = {REFERRALS_BY_PERSON, {"person"}, NULL};
static const struct index by_partner = {REFERRALS_BY_PARTNER, {"partner"}, NULL};

/* For whom nobody is responsible yet, whose then are the association's. */
static bool is_unassigned(const void *row)
{
    return !((const struct referral *)row)->has_responsible;
}

static const struct index by_responsible = {REFERRALS_BY_RESPONSIBLE, {"responsible"}, NULL};
static const struct index of_both = {REFERRALS_OF_BOTH, {"organisation", "responsible"}, NULL};
static const struct index wards = {REFERRALS_WARDS, {"responsible", "person"}, NULL};
static const struct index unassigned = {REFERRALS_UNASSIGNED, {"programme"}, is_unassigned};
static const struct index unassigned_wards = {
    REFERRALS_UNASSIGNED_WARDS, {"programme", "person"}, is_unassigned};

static bool is_protected(const void *row)
{
    return ((const struct referral *)row)->protection != PROTECTION_NONE;
}

static const struct index protected = {REFERRALS_PROTECTED, {"partner"}, is_protected};

const struct table referrals = {
    REFERRALS,
    &referral_descriptor,
    {&by_external_id, &by_alias, &by_name, &by_state, &by_organisation, &by_person, &by_partner,
     &by_responsible, &of_both, &wards, &unassigned, &unassigned_wards, &protected},
};

bool referral_guards_partner(struct txn *txn, struct id partner, struct guarded *guarded,
                             struct error *err)
{
    struct id referral;
    bool is;

    if (!index_next(txn, &protected, &partner, sizeof partner, NULL, &referral, &is, err))
        return false;
    guarded_add(guarded, is, partner);
    return true;
}

const struct called referral_called = {
    .as = "external_id",
    .print = "alias",
    .prints = &by_alias,
    .by = partner_each_of,
};

static bool add_ways(struct txn *txn, const struct knowing *who, const struct index *own,
                     const struct index *without, struct whom *whom, struct error *err)
{
    struct id association;

    if (!organisation_find_association(txn, who->programme, &association, err)) return false;
    whom_add_by(whom, own, who->organisation);
    if (id_equal(association, who->organisation)) whom_add_by(whom, without, who->programme);
    return true;
}

bool referral_is_between(struct txn *txn, struct id agency, struct id responsible, bool *is,
                         struct error *err)
{
    const struct referral like = {.has_organisation = true,
                                  .organisation = agency,
                                  .has_responsible = true,
                                  .responsible = responsible};
    int64_t number;

    if (!index_count(txn, &referrals, &of_both, &like, 2, 1, &number, err)) return false;
    *is = number > 0;
    return true;
}

bool referral_whom_of(struct txn *txn, const struct knowing *who, struct whom *whom,
                      struct error *err)
{
    return add_ways(txn, who, &by_responsible, &unassigned, whom, err);
}

bool referral_whom_wards(struct txn *txn, const struct knowing *who, struct whom *whom,
                         struct error *err)
{
    return add_ways(txn, who, &wards, &unassigned_wards, whom, err);
}

static bool each_behind(struct txn *txn, const struct index *index, struct id first,
                        void (*visit)(struct id referral, struct whom *whom), struct whom *whom,
                        struct error *err)
{
    struct id id, *after = NULL;
    bool has = true;

    for (; !whom->is_all; after = &id) {
        if (!index_next(txn, index, &first, sizeof first, after, &id, &has, err)) return false;
        if (!has) return true;
        visit(id, whom);
    }
    return true;
}

bool referral_each_of(struct txn *txn, const struct knowing *who,
                      void (*visit)(struct id referral, struct whom *whom), struct whom *whom,
                      struct error *err)
{
    struct id association;

    if (!organisation_find_association(txn, who->programme, &association, err) ||
        !each_behind(txn, &by_responsible, who->organisation, visit, whom, err))
        return false;
    return !id_equal(association, who->organisation) ||
           each_behind(txn, &unassigned, who->programme, visit, whom, err);
}

/* By the print; of before there may be none. */
static bool find_external(struct txn *txn, const struct referral_input *in, struct ids *found,
                          struct error *err)
{
    struct referral like = {.partner = in->head.actor.id,
                            .has_external_id = true,
                            .has_alias = true,
                            .alias = in->head.alias};

    if (!id_equal(like.alias, (struct id){{0}})) {
        if (!index_find(txn, &referrals, &by_alias, &like, 1, NULL, 1, found, err)) return false;
        if (found->count > 0) return true;
    }
    memcpy(like.external_id, in->referral_receive.external_id, sizeof like.external_id);
    return index_find(txn, &referrals, &by_external_id, &like, 2, NULL, 1, found, err);
}

/* Ids grow with time: the first of each state is the oldest in it. */
bool referral_find_first(struct txn *txn, struct id programme, bool *has, struct instant *at,
                         struct error *err)
{
    struct referral like = {.programme = programme}, row;

    *has = false;
    for (unsigned state = 0; state <= REFERRAL_STATE_ENTERED_IN_ERROR; state++) {
        struct ids found = {0};

        like.state = state;
        if (!index_find(txn, &referrals, &by_state, &like, 2, NULL, 1, &found, err)) return false;
        if (found.count == 0) continue;
        if (!table_get(txn, &referrals, found.at[0], &row, err)) return false;
        if (!*has || row.waiting_since.ms < at->ms) *at = row.waiting_since;
        *has = true;
    }
    return true;
}

/* A participant has the one referral that brought them; others have none. */
static bool find_own(bool has, struct id referral, struct ids *found, struct error *err)
{
    return !has || ids_add(found, referral, err);
}

/* Of the steps that are taken back, those that a referral goes by. */
static bool is_settled_by(const struct referral_input *in)
{
    const enum mentorship_said mentorship = in->mentorship_undone.step;
    const enum placement_said placement = in->placement_undone.step;

    if (in->type == REFERRAL_ON_MENTORSHIP_UNDONE)
        return mentorship == MENTORSHIP_SAID_HOLD_FIRST_MEETING ||
               mentorship == MENTORSHIP_SAID_COMPLETE || mentorship == MENTORSHIP_SAID_END ||
               mentorship == MENTORSHIP_SAID_WITHDRAW;
    if (in->type == REFERRAL_ON_PLACEMENT_UNDONE)
        return placement == PLACEMENT_SAID_START || placement == PLACEMENT_SAID_REPORT_NO_SHOW ||
               placement == PLACEMENT_SAID_END || placement == PLACEMENT_SAID_CANCEL;
    return true;
}

/* That a mentor is asked matters while the last step could be taken back. */
static bool find_undoable(struct txn *txn, struct id referral, struct instant at, struct ids *found,
                          struct error *err)
{
    struct referral row;

    if (!table_get(txn, &referrals, referral, &row, err)) return false;
    return !row.has_undo || at.ms > row.undo.until.ms || ids_add(found, referral, err);
}

bool referral_find(struct txn *txn, const struct referral_input *in, struct ids *found,
                   struct error *err)
{
    if (in->type == REFERRAL_RECEIVE) return find_external(txn, in, found, err);
    if (in->type == REFERRAL_ON_MENTORSHIP_OFFERED)
        return find_undoable(txn, in->mentorship_whose.referral, in->head.at, found, err);
    switch (in->type) {
    case REFERRAL_COMMAND: break; /* these say which one they are about */
    case REFERRAL_ON_PERSON_PROTECTION_CHANGED:
        return find_own(in->person_protection_changed.has_referral,
                        in->person_protection_changed.referral, found, err);
    case REFERRAL_ON_PERSON_ROLE_ENDED:
        return find_own(in->person_role_ended.has_referral, in->person_role_ended.referral, found,
                        err);
    case REFERRAL_ON_PERSON_HIDDEN:
        return find_own(in->person_hidden.has_referral, in->person_hidden.referral, found, err);
    case REFERRAL_ON_PERSON_THINNED:
        return find_own(in->person_thinned.has_referral, in->person_thinned.referral, found, err);
    case REFERRAL_ON_PERSON_ALIASED: return ids_add(found, in->person_aliased.referral, err);
    case REFERRAL_ON_PERSON_SHOWN:
        return find_own(in->person_shown.has_referral, in->person_shown.referral, found, err);
    case REFERRAL_ON_PERSON_ERASED:
        return find_own(in->person_erased.has_referral, in->person_erased.referral, found, err);
    case REFERRAL_ON_MENTORSHIP:
        return !is_settled_by(in) || ids_add(found, in->mentorship_whose.referral, err);
    case REFERRAL_ON_PLACEMENT:
        return !is_settled_by(in) || ids_add(found, in->placement_whose.referral, err);
    }
    bug("referral_find: input type %u", in->type);
}

bool referral_is_of(struct txn *txn, const struct referral *row, struct id organisation, bool *is,
                    struct error *err)
{
    struct id association = {{0}};

    if (!row->has_responsible &&
        !organisation_find_association(txn, row->programme, &association, err))
        return false;
    *is = row->state != REFERRAL_STATE_NONE &&
          id_equal(referral_responsible(row, association), organisation);
    return true;
}
