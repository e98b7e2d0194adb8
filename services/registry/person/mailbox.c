/* One mailbox counts, and another waits beside it. */
#include "person/mailbox.h"

#include "core/zone.h"
#include "fold/aggregate.h"
#include "tenancy.h"

static bool relies_on(enum person_part part)
{
    return part == PERSON_PART_COORDINATOR || part == PERSON_PART_COUNSELLOR ||
           part == PERSON_PART_DECISION_MAKER || part == PERSON_PART_DATA_PROTECTION_OFFICER;
}

bool person_is_relied_on(const struct person *row, const struct head *head)
{
    for (uint32_t i = 0; i < row->roles.count; i++) {
        const struct person_role *role = &row->roles.at[i];

        if ((role->cleared || relies_on(role->part)) && person_role_is_current(role, head))
            return true;
    }
    return false;
}

/* It is they who speak, for all that can be known: nobody else ever had what they show. */
static bool is_by_their_own_hands(const struct person_case *c, const struct head *head)
{
    if (!id_equal(c->row.id, head->actor.id) || !c->origin.is_known) return false;
    for (uint32_t i = 0; i < c->origin.hands.count; i++)
        if (!id_equal(c->origin.hands.at[i], c->row.id)) return false;
    return true;
}

static bool has_to_wait(const struct person_case *c, const struct head *head)
{
    return head->actor.role != ROLE_SYS &&
           (person_is_relied_on(&c->row, head) || person_is_protected(c->row.protection)) &&
           !is_by_their_own_hands(c, head);
}

static bool says_none(const struct person_input *in)
{
    if (in->type == PERSON_CHANGE) return in->person_change.details.removes_email;
    return in->type == PERSON_CHANGE_CONTACT && in->person_change_contact.contact.removes_email;
}

static bool says_one(const struct person_input *in)
{
    if (in->type == PERSON_CHANGE) return in->person_change.details.has_email;
    return in->type == PERSON_CHANGE_CONTACT && in->person_change_contact.contact.has_email;
}

bool person_leaves_no_mailbox(const struct person_case *c, const struct person_input *in)
{
    return says_none(in) && has_to_wait(c, &in->head);
}

static uint64_t next_bit(void)
{
    const struct descriptor *details = &person_details_descriptor;

    for (size_t i = 0; i < details->count; i++)
        if (details->fields[i].present == offsetof(struct person_details, has_email_next))
            return UINT64_C(1) << i;
    bug("%s has no other mailbox", details->name);
}

bool person_mailbox_waits(const struct head *head)
{
    return head->has_sealed && ((uint64_t)head->sealed.holds & next_bit()) != 0;
}

void person_say_mailbox_held(const struct person_case *c, const struct person_input *in,
                             struct person_events *out)
{
    const struct head *head = &in->head;
    const bool takes_up = head->news != 0 && !c->row.has_mailbox_due; /* what an agency said */

    if (!person_mailbox_waits(head) || (!head->new_mailbox && !takes_up)) return;
    person_emit(out, PERSON_MAILBOX_HELD, c->row.id)->person_mailbox_held.due =
        zone_end(head->country, head->at, MAILBOX_DAYS);
}

bool person_check_taking_mailbox(const struct person *row, const struct head *head,
                                 struct error *err)
{
    return (row->has_mailbox_due && row->mailbox_due.ms <= head->at.ms) ||
           refuse(err, &person_nothing_to_take);
}

/* Sealing. */

static void set_mailbox(struct person_details *whole, bool has, const char *email)
{
    memset(whole->email, 0, sizeof whole->email);
    whole->has_email = has;
    if (has) memcpy(whole->email, email, sizeof whole->email);
}

static void set_next(struct person_details *whole, bool has, const char *email)
{
    memset(whole->email_next, 0, sizeof whole->email_next);
    whole->has_email_next = has;
    if (has) memcpy(whole->email_next, email, sizeof whole->email_next);
}

static bool is_same(const struct person_details *one, const struct person_details *other)
{
    return one->has_email == other->has_email && strcmp(one->email, other->email) == 0;
}

void person_keep_mailbox(const struct person_details *before, struct person_details *whole)
{
    set_mailbox(whole, before->has_email, before->email);
}

void person_offer_mailbox(const struct person_details *before, struct person_details *whole,
                          bool waits_already)
{
    const bool is_other = whole->has_email && !is_same(before, whole);

    if (is_other && !waits_already) set_next(whole, true, whole->email);
    person_keep_mailbox(before, whole);
}

/* That it is said can be seen only here. */
static bool says_what_waits(const struct person_details *before, const struct person_details *said)
{
    return before->has_email_next && said->has_email &&
           strcmp(before->email_next, said->email) == 0;
}

/* What is said last counts: another that waited does not any more. */
static void hold(const void *loaded, void *in, const void *before, void *whole)
{
    struct person_details *details = whole;
    struct person_input *input = in;
    const struct person_case *c = loaded;

    input->head.news = says_what_waits(before, details);
    set_next(details, false, NULL);
    if (is_same(before, details) || !has_to_wait(c, &input->head)) return;
    set_next(details, details->has_email, details->email);
    person_keep_mailbox(before, details);
}

static void take(const void *c, void *in, const void *before, void *whole)
{
    struct person_details *details = whole;

    (void)c;
    (void)in;
    (void)before;
    if (!details->has_email_next) return;
    set_mailbox(details, true, details->email_next);
    set_next(details, false, NULL);
}

void person_conceal_mailbox(const struct person_case *c, const struct person_input *in,
                            struct concealed *what)
{
    if (c->row.state != PERSON_STATE_ACTIVE || !c->row.has_sealed) return;
    if (what->descriptor != NULL && (says_one(in) || says_none(in))) what->change = hold;
    if (in->type != PERSON_TAKE_MAILBOX) return;
    what->owner = c->row.id;
    what->descriptor = &person_details_descriptor;
    what->value = what->plain;
    what->sealed = c->row.sealed;
    what->change = take;
}
