/* What deciding about a referral may read; and the aggregate as a whole. */
#include "referral/referral.h"

#include "fold/aggregate.h"
#include "person/consent.h"
#include "person/mailbox.h"
#include "person/person.h"
#include "store/table.h"
#include "tenancy.h"

static bool load_sender(struct txn *txn, const struct head *head, struct referral_case *c,
                        struct error *err)
{
    return table_get(txn, &partners, head->actor.id, &c->partner, err) &&
           table_get(txn, &programmes, head->programme, &c->programme, err);
}

/* Nothing comes of a referral that waits for information; of one that is closed, if it is taken up again. */
static bool may_have_links(enum referral_state state)
{
    return state != REFERRAL_STATE_NONE && state != REFERRAL_STATE_NEEDS_INFO;
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

static bool load_sealed(struct txn *txn, const struct head *head, struct referral_case *c,
                        struct error *err)
{
    struct person person;

    if (!table_get(txn, &persons, c->row.person, &person, err)) return false;
    c->known = person.sealed;
    c->has_no_goals = person_has_withdrawn(&person, PERSON_CONSENT_PURPOSE_GOALS);
    c->keeps_mailbox = person_is_relied_on(&person, head);
    c->mailbox_waits = person.has_mailbox_due;
    c->hides_mailbox = person_is_protected(person.protection);
    return true;
}

static bool load_hidden(struct txn *txn, struct referral_case *c, struct error *err)
{
    struct person person;

    if (!table_get(txn, &persons, c->row.person, &person, err)) return false;
    c->hidden = person.protection;
    c->is_lowering_asked = person.has_lowering_to;
    return true;
}

static bool load_restriction(struct txn *txn, struct referral_case *c, struct error *err)
{
    struct person person;

    if (!table_get(txn, &persons, c->row.person, &person, err)) return false;
    c->is_restricted = person_is_restricted(&person);
    return true;
}

static bool load_others(struct txn *txn, const struct referral_input *in, struct referral_case *c,
                        struct error *err)
{
    switch (in->type) {
    case REFERRAL_RECEIVE:
        return load_sender(txn, &in->head, c, err) && load_sealed(txn, &in->head, c, err) &&
               load_links(txn, c, err);
    case REFERRAL_ASK_INFO:
        return table_get(txn, &programmes, c->row.programme, &c->programme, err);
    case REFERRAL_HAND_OVER:
        return table_get(txn, &organisations, in->referral_hand_over.to, &c->organisation, err);
    case REFERRAL_LINK_DUPLICATE:
        return table_get(txn, &referrals, in->referral_link_duplicate.of, &c->other, err);
    case REFERRAL_REOPEN:
        return table_get(txn, &programmes, c->row.programme, &c->programme, err) &&
               load_restriction(txn, c, err) && load_links(txn, c, err);
    case REFERRAL_GIVE_INFO: return load_sealed(txn, &in->head, c, err);
    case REFERRAL_CHANGE_PROTECTION: return load_hidden(txn, c, err);
    case REFERRAL_REJECT:
    case REFERRAL_WAITLIST:
    case REFERRAL_COMPLETE:
    case REFERRAL_HOLD:
    case REFERRAL_UNDO:
    case REFERRAL_FAIL:
    case REFERRAL_CANCEL:
    case REFERRAL_ENTER_IN_ERROR:
    case REFERRAL_REMIND:
    case REFERRAL_EXPIRE:
    case REFERRAL_ON_PERSON: return true;
    case REFERRAL_ACCEPT: return load_restriction(txn, c, err) && load_links(txn, c, err);
    case REFERRAL_RESUME:
    case REFERRAL_ON_MENTORSHIP:
    case REFERRAL_ON_PLACEMENT: return load_links(txn, c, err);
    }
    bug("referral_load: input type %u", in->type);
}

bool referral_load(struct txn *txn, struct id id, const struct referral_input *in,
                   struct referral_case *c, struct error *err)
{
    memset(c, 0, offsetof(struct referral_case, links)); /* they are counted */
    if (in->head.actor.role == ROLE_CO &&
        !organisation_find_association(txn, in->head.programme, &c->association, err))
        return false;
    return table_get(txn, &referrals, id, &c->row, err) && load_others(txn, in, c, err);
}

static bool referral_knows(struct txn *txn, const struct referral *row, const struct knowing *who,
                           bool *is_known, struct error *err)
{
    if (!referral_is_of(txn, row, who->organisation, is_known, err)) return false;
    return *is_known || link_is_known_to(txn, row->person, who, link_is_shown, is_known, err);
}

static bool referral_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                          struct error *err)
{
    return referral_whom_of(txn, who, whom, err) &&
           link_whom_each(txn, who->organisation, whom, err);
}

/* Who looks after them tells where they are. */
static bool referral_guards(struct txn *txn, const void *row, struct guarded *guarded,
                            struct error *err)
{
    const struct referral *referral = row;

    (void)txn;
    (void)err;
    guarded_add(guarded, person_is_protected(referral->protection), referral->person);
    return true;
}

static bool referral_alias_(const void *c, const void *in, struct id *owner, const char **text)
{
    (void)c;
    return referral_alias(in, owner, text);
}

AGGREGATE_FIND(referral)
AGGREGATE_DECIDE(referral)
AGGREGATE_EVOLVE(referral)
AGGREGATE_CONCEAL(referral)
AGGREGATE_DUE(referral)
AGGREGATE_KNOWS(referral)

const struct aggregate referral_aggregate = {
    .contract = &referral_contract,
    .life = &referral_life,
    .table = &referrals,
    .case_size = sizeof(struct referral_case),
    .find = referral_find_,
    .load = referral_load_,
    .may = referral_may_,
    .conceal = referral_conceal_,
    .alias = referral_alias_,
    .called = &referral_called,
    .decide = referral_decide_,
    .evolve = referral_evolve_,
    .due = referral_due_,
    .knows = referral_knows_,
    .whom = referral_whom,
    .guards = referral_guards,
};
