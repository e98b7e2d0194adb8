/* Where referrals are kept: a row for each, a way from what the partner calls it, and the queues. */
#include "referral/referral.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_external_id = {
    REFERRALS_BY_EXTERNAL_ID, {"partner", "external_id"}, NULL};
static const struct index by_state = {REFERRALS_BY_STATE, {"programme", "state"}, NULL};

const struct table referrals = {REFERRALS, &referral_descriptor, {&by_external_id, &by_state}};

static bool find_external(struct txn *txn, const struct referral_input *in, struct ids *found,
                          struct error *err)
{
    struct referral like = {.partner = in->head.actor.id, .has_external_id = true};

    memcpy(like.external_id, in->referral_receive.external_id, sizeof like.external_id);
    return index_find(txn, &referrals, &by_external_id, &like, 2, NULL, 1, found, err);
}

/* A participant has the one referral that brought them; others have none. */
static bool find_own(bool has, struct id referral, struct ids *found, struct error *err)
{
    return !has || ids_add(found, referral, err);
}

bool referral_find(struct txn *txn, const struct referral_input *in, struct ids *found,
                   struct error *err)
{
    switch (in->type) {
    case REFERRAL_RECEIVE: return find_external(txn, in, found, err);
    case REFERRAL_ON_PERSON_PROTECTION_CHANGED:
        return find_own(in->person_protection_changed.has_referral,
                        in->person_protection_changed.referral, found, err);
    case REFERRAL_ON_PERSON_ERASED:
        return find_own(in->person_erased.has_referral, in->person_erased.referral, found, err);
    case REFERRAL_ON_MENTORSHIP_AGREED: return ids_add(found, in->mentorship_agreed.referral, err);
    case REFERRAL_ON_MENTORSHIP_STARTED:
        return ids_add(found, in->mentorship_started.referral, err);
    case REFERRAL_ON_MENTORSHIP_COMPLETED:
        return ids_add(found, in->mentorship_completed.referral, err);
    case REFERRAL_ON_MENTORSHIP_ENDED: return ids_add(found, in->mentorship_ended.referral, err);
    case REFERRAL_ON_MENTORSHIP_WITHDRAWN:
        return ids_add(found, in->mentorship_withdrawn.referral, err);
    case REFERRAL_ON_MENTORSHIP_EXPIRED:
        return ids_add(found, in->mentorship_expired.referral, err);
    case REFERRAL_ON_MENTORSHIP_SUPERSEDED:
        return ids_add(found, in->mentorship_superseded.referral, err);
    case REFERRAL_ON_PLACEMENT_PLANNED: return ids_add(found, in->placement_planned.referral, err);
    case REFERRAL_ON_PLACEMENT_STARTED: return ids_add(found, in->placement_started.referral, err);
    case REFERRAL_ON_PLACEMENT_NO_SHOW_REPORTED:
        return ids_add(found, in->placement_no_show_reported.referral, err);
    case REFERRAL_ON_PLACEMENT_ENDED: return ids_add(found, in->placement_ended.referral, err);
    case REFERRAL_ON_PLACEMENT_COMPLETED:
        return ids_add(found, in->placement_completed.referral, err);
    case REFERRAL_ON_PLACEMENT_CANCELLED:
        return ids_add(found, in->placement_cancelled.referral, err);
    case REFERRAL_ASK_INFO:
    case REFERRAL_GIVE_INFO:
    case REFERRAL_ACCEPT:
    case REFERRAL_REJECT:
    case REFERRAL_WAITLIST:
    case REFERRAL_COMPLETE:
    case REFERRAL_HOLD:
    case REFERRAL_RESUME:
    case REFERRAL_FAIL:
    case REFERRAL_CANCEL:
    case REFERRAL_CHANGE_PROTECTION:
    case REFERRAL_LINK_DUPLICATE:
    case REFERRAL_ENTER_IN_ERROR:
    case REFERRAL_REMIND:
    case REFERRAL_EXPIRE: break;
    }
    bug("referral_find: input type %u", in->type);
}

static bool load_sender(struct txn *txn, const struct head *head, struct referral_case *c,
                        struct error *err)
{
    return table_get(txn, &partners, head->actor.id, &c->partner, err) &&
           table_get(txn, &programmes, head->programme, &c->programme, err);
}

/* Nothing has come yet of a referral that was not accepted once. */
static bool may_have_links(enum referral_state state)
{
    return referral_is_open(state) && state != REFERRAL_STATE_NEEDS_INFO;
}

static bool load_links(struct txn *txn, struct referral_case *c, struct error *err)
{
    struct ids found = {0};

    if (!may_have_links(c->row.state)) return true;
    if (!link_find_left(txn, c->row.id, REFERRAL_LINKS_MAX, &found, err)) return false;
    for (uint32_t i = 0; i < found.count; i++)
        if (!table_get(txn, &links, found.at[i], &c->links[c->links_count++], err)) return false;
    return true;
}

static bool load_others(struct txn *txn, const struct referral_input *in, struct referral_case *c,
                        struct error *err)
{
    switch (in->type) {
    case REFERRAL_RECEIVE: return load_sender(txn, &in->head, c, err) && load_links(txn, c, err);
    case REFERRAL_ASK_INFO:
        return table_get(txn, &programmes, c->row.programme, &c->programme, err);
    case REFERRAL_LINK_DUPLICATE:
        return table_get(txn, &referrals, in->referral_link_duplicate.of, &c->other, err);
    case REFERRAL_GIVE_INFO:
    case REFERRAL_REJECT:
    case REFERRAL_WAITLIST:
    case REFERRAL_COMPLETE:
    case REFERRAL_HOLD:
    case REFERRAL_FAIL:
    case REFERRAL_CANCEL:
    case REFERRAL_CHANGE_PROTECTION:
    case REFERRAL_ENTER_IN_ERROR:
    case REFERRAL_REMIND:
    case REFERRAL_EXPIRE:
    case REFERRAL_ON_PERSON_PROTECTION_CHANGED:
    case REFERRAL_ON_PERSON_ERASED: return true;
    case REFERRAL_ACCEPT:
    case REFERRAL_RESUME:
    case REFERRAL_ON_MENTORSHIP_AGREED:
    case REFERRAL_ON_MENTORSHIP_STARTED:
    case REFERRAL_ON_MENTORSHIP_COMPLETED:
    case REFERRAL_ON_MENTORSHIP_ENDED:
    case REFERRAL_ON_MENTORSHIP_WITHDRAWN:
    case REFERRAL_ON_MENTORSHIP_EXPIRED:
    case REFERRAL_ON_MENTORSHIP_SUPERSEDED:
    case REFERRAL_ON_PLACEMENT_PLANNED:
    case REFERRAL_ON_PLACEMENT_STARTED:
    case REFERRAL_ON_PLACEMENT_NO_SHOW_REPORTED:
    case REFERRAL_ON_PLACEMENT_ENDED:
    case REFERRAL_ON_PLACEMENT_COMPLETED:
    case REFERRAL_ON_PLACEMENT_CANCELLED: return load_links(txn, c, err);
    }
    bug("referral_load: input type %u", in->type);
}

bool referral_load(struct txn *txn, struct id id, const struct referral_input *in,
                   struct referral_case *c, struct error *err)
{
    memset(c, 0, offsetof(struct referral_case, links)); /* they are counted */
    return table_get(txn, &referrals, id, &c->row, err) && load_others(txn, in, c, err);
}

AGGREGATE_FIND(referral)
AGGREGATE_DECIDE(referral)
AGGREGATE_EVOLVE(referral)
AGGREGATE_CONCEAL(referral)
AGGREGATE_DUE(referral)

const struct aggregate referral_aggregate = {
    .contract = &referral_contract,
    .table = &referrals,
    .case_size = sizeof(struct referral_case),
    .find = referral_find_,
    .load = referral_load_,
    .conceal = referral_conceal_,
    .decide = referral_decide_,
    .evolve = referral_evolve_,
    .due = referral_due_,
};
