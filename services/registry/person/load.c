/* What deciding about a person may read; and the aggregate as a whole. */
#include "person/person.h"

#include "fold/aggregate.h"
#include "person/consent.h"
#include "referral/referral.h"
#include "store/table.h"
#include "tenancy.h"

static bool load_organisation(struct txn *txn, bool has, struct id organisation,
                              struct person_case *c, struct error *err)
{
    return !has || table_get(txn, &organisations, organisation, &c->organisation, err);
}

static bool load_links(struct txn *txn, const struct head *head, struct person_case *c,
                       struct error *err)
{
    const struct actor *actor = &head->actor;
    const struct knowing who = {.organisation = actor->organisation, .at = head->at};
    struct ids found = {0};

    if (is_bound(actor))
        return link_is_known_to(txn, c->row.id, &who, link_is_open, &c->is_known, err);
    if ((actor->role & (ROLE_ME | ROLE_SU | ROLE_HO | ROLE_PT)) == 0) return true;
    if (!link_find_of(txn, actor->role == ROLE_PT ? actor->id : c->row.id, PERSON_LINKS_MAX, &found,
                      err))
        return false;
    for (uint32_t i = 0; i < found.count; i++)
        if (!table_get(txn, &links, found.at[i], &c->links[c->links_count++], err)) return false;
    return true;
}

/* Who reads has to be known only where it makes a difference. */
static bool load_for_read(struct txn *txn, const struct person_input *in, struct person_case *c,
                          struct error *err)
{
    const struct head *head = &in->head;
    const struct actor *actor = &head->actor;
    const struct id *another = person_protects(in);

    if (another != NULL && !link_is_between(txn, c->row.id, *another, &c->is_between, err))
        return false;
    if (person_is_protected(c->row.protection) && actor->role != ROLE_SYS &&
        !table_get(txn, &persons, actor->id, &c->reader, err))
        return false;
    return load_links(txn, head, c, err);
}

/* Whether it is responsible for the referral that brought them. */
static bool is_ward_of(struct txn *txn, const struct person *row, struct id organisation, bool *is,
                       struct error *err)
{
    struct referral referral;

    *is = false;
    return !row->has_referral || (table_get(txn, &referrals, row->referral, &referral, err) &&
                                  referral_is_of(txn, &referral, organisation, is, err));
}

static bool load_others(struct txn *txn, const struct person_input *in, struct person_case *c,
                        struct error *err)
{
    const struct person_register *ask = &in->person_register;

    switch (in->type) {
    case PERSON_REGISTER:
        return table_get(txn, &programmes, in->head.programme, &c->programme, err) &&
               load_organisation(txn, ask->has_organisation, ask->organisation, c, err);
    case PERSON_CHANGE:
        return load_organisation(txn, in->person_change.has_organisation,
                                 in->person_change.organisation, c, err);
    case PERSON_GRANT_ROLE:
        return table_get(txn, &programmes, c->row.programme, &c->programme, err) &&
               load_organisation(txn, in->person_grant_role.has_organisation,
                                 in->person_grant_role.organisation, c, err);
    case PERSON_END_ROLE:
        return table_get(txn, &programmes, c->row.programme, &c->programme, err) &&
               link_is_anybody_with(txn, c->row.id, &c->is_looking_after, err);
    case PERSON_UNDO:
        return load_organisation(txn, c->row.undo.role.has_organisation,
                                 c->row.undo.role.organisation, c, err);
    case PERSON_HIDE:
        return !c->row.has_referral ||
               table_get(txn, &referrals, c->row.referral, &c->brought, err);
    case PERSON_ASK_ERASURE:
    case PERSON_WITHDRAW_ERASURE:
    case PERSON_GIVE_CONSENT:
    case PERSON_WITHDRAW_CONSENT:
    case PERSON_ASK_RESTRICTION:
    case PERSON_WITHDRAW_RESTRICTION:
    case PERSON_END_DUE_ROLES:
    case PERSON_ANNOUNCE_FORGETTING:
    case PERSON_THIN:
    case PERSON_ON_PROGRAMME_DAYS_APPLIED:
    case PERSON_ON_REFERRAL:
        return table_get(txn, &programmes, c->row.programme, &c->programme, err);
    case PERSON_READ:
    case PERSON_READ_NAME: return load_for_read(txn, in, c, err);
    case PERSON_CHANGE_PROTECTION:
    case PERSON_CONFIRM_CLEARANCE:
    case PERSON_REFUSE_CLEARANCE:
    case PERSON_WITHDRAW_CLEARANCE:
    case PERSON_LAPSE_CLEARANCE:
    case PERSON_CONFIRM_LOWERING:
    case PERSON_REFUSE_LOWERING:
    case PERSON_WITHDRAW_LOWERING:
    case PERSON_LAPSE_LOWERING:
    case PERSON_ERASE:
    case PERSON_CHANGE_CONTACT:
    case PERSON_REFUSE_ERASURE:
    case PERSON_REMIND_ERASURE:
    case PERSON_RESTRICT:
    case PERSON_REFUSE_RESTRICTION:
    case PERSON_LIFT_RESTRICTION:
    case PERSON_REMIND_RESTRICTION:
    case PERSON_END_RESTRICTION:
    case PERSON_TAKE_MAILBOX:
    case PERSON_FORGET:
    case PERSON_SHOW:
    case PERSON_ON_RECIPIENT: return true;
    }
    bug("person_load: input type %u", in->type);
}

/* What takes two people, and what lets somebody be one of them. */
static bool takes_origin(enum person_input_type type)
{
    return type == PERSON_REGISTER || type == PERSON_GRANT_ROLE || type == PERSON_UNDO ||
           type == PERSON_CHANGE_PROTECTION || type == PERSON_CONFIRM_CLEARANCE ||
           type == PERSON_CONFIRM_LOWERING;
}

static bool load_origin(struct txn *txn, const struct person_input *in, struct person_case *c,
                        struct error *err)
{
    const struct head *head = &in->head;

    if (in->type == PERSON_ON_REFERRAL_LOWERING_ASKED)
        return origin_load(txn, &head->by, head->shown, &c->origin, err);
    if (in->type == PERSON_CHANGE || in->type == PERSON_CHANGE_CONTACT)
        return origin_load_credential(txn, head->credential, &c->origin, err);
    return !takes_origin(in->type) ||
           origin_load(txn, &head->actor, head->credential, &c->origin, err);
}

bool person_load(struct txn *txn, struct id id, const struct person_input *in,
                 struct person_case *c, struct error *err)
{
    memset(c, 0, offsetof(struct person_case, links)); /* they are counted */
    if (!table_get(txn, &persons, id, &c->row, err)) return false;
    if (is_bound(&in->head.actor) &&
        !is_ward_of(txn, &c->row, in->head.actor.organisation, &c->is_ward, err))
        return false;
    return load_origin(txn, in, c, err) && load_others(txn, in, c, err);
}

/* Its own people; and participants, from when one of its mentors is proposed or they are planned for. */
static bool person_knows(struct txn *txn, const struct person *row, const struct knowing *who,
                         bool *is_known, struct error *err)
{
    *is_known = person_is_of(row, who->organisation);
    if (!*is_known && !is_ward_of(txn, row, who->organisation, is_known, err)) return false;
    return *is_known || link_is_known_to(txn, row->id, who, link_is_shown, is_known, err);
}

static bool person_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                        struct error *err)
{
    person_whom_of(who->organisation, whom);
    return referral_whom_wards(txn, who, whom, err) &&
           link_whom_participants(txn, who->organisation, whom, err);
}

/* For which organisation they take part tells where they are. */
static bool person_guards_(struct txn *txn, const void *row, struct guarded *guarded,
                           struct error *err)
{
    const struct person *person = row;

    (void)txn;
    (void)err;
    guarded_add(guarded, person_is_protected(person->protection), person->id);
    return true;
}

static bool person_alias_(const void *c, const void *in, struct id *owner, const char **text)
{
    return c != NULL && person_alias(c, in, owner, text);
}

static uint64_t person_withholds_(const void *c, const void *in)
{
    return person_withholds(c, in);
}

AGGREGATE_FIND(person)
AGGREGATE_DECIDE(person)
AGGREGATE_EVOLVE(person)
AGGREGATE_CONCEAL(person)
AGGREGATE_DUE(person)
AGGREGATE_OPEN(person)
AGGREGATE_KNOWS(person)

const struct aggregate person_aggregate = {
    .contract = &person_contract,
    .life = &person_life,
    .table = &persons,
    .case_size = sizeof(struct person_case),
    .find = person_find_,
    .load = person_load_,
    .may = person_may_,
    .conceal = person_conceal_,
    .alias = person_alias_,
    .decide = person_decide_,
    .evolve = person_evolve_,
    .due = person_due_,
    .open = person_open_,
    .withholds = person_withholds_,
    .knows = person_knows_,
    .whom = person_whom,
    .guards = person_guards_,
};
