/* What is noted, and whom it concerns. */
#include "audit/audit.h"

#include "core/life.h"
#include "core/text.h"
#include "tenancy.h"

static const struct step steps[] = {
    {AUDIT_STATE_NONE, AUDIT_NOTE, AUDIT_STATE_NOTED, ROLE_SYS},
    {AUDIT_STATE_NONE, AUDIT_TURN_AWAY, AUDIT_STATE_NOTED, ROLE_SYS},
};

static const struct move moves[] = {
    {AUDIT_STATE_NONE, AUDIT_NOTED, AUDIT_STATE_NOTED,
     "somebody is cleared, or no more or not, a protection changes or is not lowered, what is "
     "known of somebody is not used, or is "
     "again; "
     "somebody wants to be erased, or is; "
     "mails are to go to another mailbox of somebody on whom others rely; "
     "all that is known of somebody is handed out"},
};

const struct life audit_life = {
    .contract = &audit_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* Who is of another programme is not told of: nobody here may know that there is somebody. */
static bool concerns(const struct audit_case *c, const struct head *head, struct id *person)
{
    const struct id none = {{0}};
    struct id programme = none;

    *person = none;
    if (c->person.state != PERSON_STATE_NONE) {
        *person = c->person.id;
        programme = c->person.programme;
    } else if (c->referral.state != REFERRAL_STATE_NONE) {
        *person = c->referral.person;
        programme = c->referral.programme;
    } else if (c->link.state != LINK_STATE_NONE) {
        *person = c->link.participant;
        programme = c->link.programme;
    }
    return is_somebody(*person) && id_equal(programme, head->programme);
}

static struct instant earlier(struct instant a, struct instant b)
{
    return a.ms < b.ms ? a : b;
}

/* How often, and from when until when. Whoever notes it has a clock of their own: nothing has happened that is still to come. */
static void say_when(struct audit_noted *said, int64_t times, struct instant first,
                     struct instant last, struct instant now)
{
    said->times = times;
    said->last = earlier(last, now);
    said->first = earlier(first, said->last);
}

static bool note(const struct audit_case *c, const struct audit_input *in, struct audit_events *out)
{
    const struct audit_note *ask = &in->audit_note;
    struct audit_noted *said = &audit_emit(out, AUDIT_NOTED, in->head.ids[0])->audit_noted;

    said->kind = ask->kind;
    memcpy(said->what, ask->what, sizeof said->what);
    memcpy(said->code, ask->code, sizeof said->code);
    said->has_about = ask->has_about;
    said->about = ask->about;
    said->has_person = ask->has_about && concerns(c, &in->head, &said->person);
    if (!said->has_person) said->person = (struct id){{0}};
    said->has_role = ask->has_role;
    said->role = ask->role;
    said->has_actor = ask->has_actor;
    said->actor = ask->actor;
    said->has_credential = ask->has_credential;
    said->credential = ask->credential;
    said->has_organisation = ask->has_organisation;
    said->organisation = ask->organisation;
    said->has_address = ask->has_address;
    memcpy(said->address, ask->address, sizeof said->address);
    say_when(said, ask->times, ask->first, ask->last, in->head.at);
    return true;
}

/* It is nobody's but the operator's: programs are of no programme. */
static bool turn_away(const struct audit_input *in, struct audit_events *out)
{
    const struct audit_turn_away *ask = &in->audit_turn_away;
    struct audit_noted *said = &audit_emit(out, AUDIT_NOTED, in->head.ids[0])->audit_noted;

    said->kind = AUDIT_KIND_PROGRAM;
    memcpy(said->what, ask->what, sizeof said->what);
    text_copy(said->code, sizeof said->code, "not_admitted");
    said->has_program = said->has_service = true;
    memcpy(said->program, ask->program, sizeof said->program);
    memcpy(said->service, ask->service, sizeof said->service);
    say_when(said, ask->times, ask->first, ask->last, in->head.at);
    return true;
}

/* What somebody did who may: by whom stands in the event that was heard; asked_by: upon whose word, NULL: nobody's. */
static void say_done(const struct head *head, enum audit_kind kind, const char *what,
                     const char *code, const struct id *asked_by, struct audit_events *out)
{
    struct audit_noted *said = &audit_emit(out, AUDIT_NOTED, head->event)->audit_noted;

    said->kind = kind;
    text_copy(said->what, sizeof said->what, what);
    text_copy(said->code, sizeof said->code, code);
    said->has_about = said->has_person = said->has_role = true;
    said->about = said->person = head->id;
    said->role = role_word(head->by.role);
    said->has_actor = is_somebody(head->by.id);
    said->actor = head->by.id;
    said->has_asked_by = asked_by != NULL;
    if (asked_by != NULL) said->asked_by = *asked_by;
    said->has_credential = is_somebody(head->shown);
    said->credential = head->shown;
    said->times = 1;
    said->first = said->last = head->at;
}

static void on_role_granted(const struct audit_input *in, const struct person_role_granted *heard,
                            struct audit_events *out)
{
    if (heard->cleared)
        say_done(&in->head, AUDIT_KIND_CLEARED, person_role_granted_descriptor.name, "granted",
                 NULL, out);
    if (heard->uncleared)
        say_done(&in->head, AUDIT_KIND_CLEARED, person_role_granted_descriptor.name, "taken_back",
                 NULL, out);
}

static void on_lowering_refused(const struct audit_input *in,
                                const struct person_lowering_refused *heard,
                                struct audit_events *out)
{
    say_done(&in->head, AUDIT_KIND_PROTECTED, person_lowering_refused_descriptor.name,
             person_no_reason_words[heard->reason], heard->has_asked_by ? &heard->asked_by : NULL,
             out);
}

static void on_protection_changed(const struct audit_input *in,
                                  const struct person_protection_changed *heard,
                                  struct audit_events *out)
{
    say_done(&in->head, AUDIT_KIND_PROTECTED, "person.protection_changed",
             protection_words[heard->protection], heard->has_asked_by ? &heard->asked_by : NULL,
             out);
}

bool audit_decide(const struct audit_case *c, const struct audit_input *in,
                  struct audit_events *out, struct error *err)
{
    switch (in->type) {
    case AUDIT_NOTE:
        return life_step(&audit_life, c->row.state, c->row.version, in->type, &in->head, err) &&
               note(c, in, out);
    case AUDIT_TURN_AWAY:
        return life_step(&audit_life, c->row.state, c->row.version, in->type, &in->head, err) &&
               turn_away(in, out);
    case AUDIT_ON_PERSON_ROLE_GRANTED:
        on_role_granted(in, &in->person_role_granted, out);
        return true;
    case AUDIT_ON_PERSON_ROLE_ENDED:
        if (in->person_role_ended.cleared)
            say_done(&in->head, AUDIT_KIND_CLEARED, person_role_ended_descriptor.name,
                     person_end_reason_words[in->person_role_ended.reason], NULL, out);
        return true;
    case AUDIT_ON_PERSON_CLEARANCE_REFUSED:
        say_done(&in->head, AUDIT_KIND_CLEARED, person_clearance_refused_descriptor.name,
                 person_no_reason_words[in->person_clearance_refused.reason],
                 &in->person_clearance_refused.asked_by, out);
        return true;
    case AUDIT_ON_PERSON_LOWERING_REFUSED:
        on_lowering_refused(in, &in->person_lowering_refused, out);
        return true;
    case AUDIT_ON_PERSON_CLEARANCE_CONFIRMED:
        say_done(&in->head, AUDIT_KIND_CLEARED, "person.clearance_confirmed", "confirmed",
                 &in->person_clearance_confirmed.asked_by, out);
        return true;
    case AUDIT_ON_PERSON_PROTECTION_CHANGED:
        on_protection_changed(in, &in->person_protection_changed, out);
        return true;
    case AUDIT_ON_PERSON_RESTRICTED:
        say_done(&in->head, AUDIT_KIND_RESTRICTED, "person.restricted",
                 person_ground_words[in->person_restricted.ground], NULL, out);
        return true;
    case AUDIT_ON_PERSON_RESTRICTION_LIFTED:
        say_done(&in->head, AUDIT_KIND_RESTRICTED, "person.restriction_lifted",
                 in->person_restriction_lifted.own_wish ? "own_wish" : "lifted", NULL, out);
        return true;
    case AUDIT_ON_PERSON_ERASURE_ASKED:
        say_done(&in->head, AUDIT_KIND_ERASURE, person_erasure_asked_descriptor.name, "waiting",
                 NULL, out);
        return true;
    case AUDIT_ON_PERSON_ERASURE_WITHDRAWN:
        say_done(&in->head, AUDIT_KIND_ERASURE, person_erasure_withdrawn_descriptor.name,
                 "withdrawn", NULL, out);
        return true;
    case AUDIT_ON_PERSON_ERASURE_REFUSED:
        say_done(&in->head, AUDIT_KIND_ERASURE, person_erasure_refused_descriptor.name,
                 person_erasure_reason_words[in->person_erasure_refused.reason], NULL, out);
        return true;
    case AUDIT_ON_PERSON_WAS_READ:
        if (in->person_was_read.exported)
            say_done(&in->head, AUDIT_KIND_EXPORTED, person_was_read_descriptor.name,
                     person_purpose_words[in->person_was_read.purpose], NULL, out);
        return true;
    case AUDIT_ON_PERSON_MAILBOX_HELD:
        say_done(&in->head, AUDIT_KIND_MAILBOX, person_mailbox_held_descriptor.name, "waiting",
                 NULL, out);
        return true;
    case AUDIT_ON_PERSON_MAILBOX_TAKEN:
        say_done(&in->head, AUDIT_KIND_MAILBOX, person_mailbox_taken_descriptor.name, "taken", NULL,
                 out);
        return true;
    case AUDIT_ON_PERSON_ERASED:
        say_done(&in->head, AUDIT_KIND_ERASURE, person_erased_descriptor.name, "erased", NULL, out);
        return true;
    }
    bug("audit_decide: input type %u", in->type);
}
