/* What happened elsewhere, and who is told of it.
 *
 * Nothing is looked up about the readers: a mail's language and address are found when it is sent.
 * So nothing here depends on which service was heard of first, except where webhooks go, and
 * referrals, partners and endpoints are all the registry's.
 */
#include "message/message.h"

#include "core/zone.h"

enum { DAY_MS = 24 * 3600 * 1000 };

typedef bool condition(const struct message_case *c, const struct message_input *in);

static condition is_new, is_taken_up, mentor_knows, participant_knows, awaits_answer, awaits_both,
    awaits_meetings, is_supervisor, was_referred, is_looked_after, awaits_outcome, awaits_end,
    awaits_book, is_another, mentor_said, participant_said, host_said, supervisor_said,
    mentor_heard, participant_heard, host_heard, supervisor_heard, agency_heard, coordinator_heard,
    has_no_supervisor, awaits_decision, awaits_reply, was_confirmed_for_agency, is_for_agency,
    is_of_system, was_accepted, was_asked, is_not_said;

/* clang-format off */
#define TO(audience) (1u << MESSAGE_AUDIENCE_##audience)

enum {
    CO = TO(COORDINATOR), WH = TO(PARTNER), AG = TO(AGENCY), PT = TO(PARTICIPANT),
    ME = TO(MENTOR),      HO = TO(HOST),    SU = TO(SUPERVISOR), PN = TO(PERSON),
    AK = TO(ASKER),
    TO_COORDINATORS = CO | TO(CLUB) | TO(CLEARED)
};

#define TELL(event, to, only) {MESSAGE_ON_##event, MESSAGE_KIND_##event, to, only, 0}
#define TELL_LATER(event, to, later, only) {MESSAGE_ON_##event, MESSAGE_KIND_##event, to, only, later}

static const void *field_of(const struct message_input *in, const char *name, enum field_type type);

/* Who is told of what; with a condition, only if it holds. Of reminders, and of what asks nothing of
 * them, some hear later: the next morning. */
static const struct telling {
    enum message_input_type on;
    enum message_kind as;
    unsigned to;
    condition *only;
    unsigned later; /* of them */
} tellings[] = {
    TELL(REFERRAL_RECEIVED,               CO,                NULL),
    TELL(REFERRAL_ACCEPTED,               WH,                NULL),
    TELL(REFERRAL_ACCEPTED,               PT,                is_new),
    TELL(REFERRAL_UNDONE,                 WH,                NULL),
    TELL(REFERRAL_UNDONE,                 PT,                was_accepted),
    TELL(REFERRAL_UNDONE,                 AG,                was_asked),
    TELL(REFERRAL_REJECTED,               WH,                NULL),
    TELL(REFERRAL_WAITLISTED,             WH,                NULL),
    TELL(REFERRAL_MATCHED,                WH,                NULL),
    TELL(REFERRAL_STARTED,                WH,                NULL),
    TELL_LATER(REFERRAL_COMPLETED,            WH | CO,               CO,           NULL),
    TELL(REFERRAL_HELD,                   WH,                NULL),
    TELL(REFERRAL_RESUMED,                WH,                NULL),
    TELL(REFERRAL_FAILED,                 WH,                NULL),
    TELL(REFERRAL_CANCELLED,              WH | CO,           NULL),
    TELL(REFERRAL_INFO_ASKED,             WH | AG,           NULL),
    TELL(REFERRAL_INFO_GIVEN,             CO,                NULL),
    TELL_LATER(REFERRAL_REMINDED,             WH | AG,               AG,           NULL),
    TELL(REFERRAL_EXPIRED,                WH | CO,           NULL),
    TELL(REFERRAL_DUPLICATE_LINKED,       WH,                NULL),
    TELL(REFERRAL_ENTERED_IN_ERROR,       WH,                NULL),
    TELL(REFERRAL_REOPENED,               WH,                NULL),
    TELL(REFERRAL_REOPENED,               AG | CO,           is_taken_up),
    TELL(REFERRAL_REOPENED,               PT,                awaits_decision),
    TELL_LATER(REFERRAL_HANDED_OVER,          CO | PT,               PT,           NULL),
    TELL(REFERRAL_MAILBOX_HELD,           CO | AG,           NULL),

    TELL(MENTEE_WISHES_MISSED,            CO | PT,           NULL),
    TELL_LATER(MENTOR_OVER_CAPACITY,          CO,                    CO,           NULL),
    TELL(MENTOR_OFFERS_MISSED,            CO | PN,           NULL),

    TELL(MENTORSHIP_PROPOSED,             CO,                NULL),
    TELL(MENTORSHIP_OFFERED,              ME,                NULL),
    TELL(MENTORSHIP_INFO_ASKED,           CO,                NULL),
    TELL(MENTORSHIP_INFO_GIVEN,           ME,                NULL),
    TELL_LATER(MENTORSHIP_REMINDED,           ME,                    ME,           awaits_answer),
    TELL_LATER(MENTORSHIP_REMINDED,           CO,                    CO,           awaits_reply),
    TELL_LATER(MENTORSHIP_REMINDED,           ME | PT,               ME | PT,      awaits_both),
    TELL_LATER(MENTORSHIP_REMINDED,           ME | CO,               ME | CO,      awaits_meetings),
    TELL_LATER(MENTORSHIP_ACCEPTED,           ME | PT | CO,          CO,           NULL),
    TELL(MENTORSHIP_DECLINED,             CO,                NULL),
    TELL(MENTORSHIP_EXPIRED,              ME | CO,           NULL),
    TELL(MENTORSHIP_EXPIRED,              PT,                participant_knows),
    TELL(MENTORSHIP_AGREED,               ME | PT,           NULL),
    TELL_LATER(MENTORSHIP_STARTED,            CO,                    CO,           NULL),
    TELL_LATER(MENTORSHIP_HELD,               CO,                    CO,           NULL),
    TELL(MENTORSHIP_HOLD_OVERDUE,         CO,                NULL),
    TELL_LATER(MENTORSHIP_COMPLETED,          ME | PT | CO,          CO,           NULL),
    TELL(MENTORSHIP_ENDED,                ME | PT | CO,      NULL),
    TELL(MENTORSHIP_WITHDRAWN,            CO,                NULL),
    TELL(MENTORSHIP_WITHDRAWN,            ME,                mentor_knows),
    TELL(MENTORSHIP_WITHDRAWN,            PT,                participant_knows),
    TELL(MENTORSHIP_SUPERSEDED,           ME,                mentor_knows),
    TELL(MENTORSHIP_RECORDED_FOR,         ME,                mentor_said),
    TELL(MENTORSHIP_RECORDED_FOR,         PT,                participant_said),
    TELL(MENTORSHIP_RELIEVED,             ME,                NULL),
    TELL(MENTORSHIP_UNDONE,               ME,                mentor_heard),
    TELL(MENTORSHIP_UNDONE,               PT,                participant_heard),
    TELL(MENTORSHIP_UNDONE,               CO,                coordinator_heard),

    TELL_LATER(PLACEMENT_PLANNED,             HO | PT | CO,          CO,           NULL),
    TELL(PLACEMENT_REQUIREMENT_MET,       SU,                is_supervisor),
    TELL_LATER(PLACEMENT_READIED,             HO | PT | CO,          CO,           NULL),
    TELL(PLACEMENT_REQUIREMENT_LOST,      HO | CO,           NULL),
    TELL_LATER(PLACEMENT_STARTED,             HO | PT | SU | AG | CO,HO | AG | CO, NULL),
    TELL(PLACEMENT_NO_SHOW_REPORTED,      AG | CO,           NULL),
    TELL(PLACEMENT_INTERRUPTED,           HO | AG | CO,      NULL),
    TELL_LATER(PLACEMENT_COMPLETED,           HO | PT | AG | CO,     AG | CO,      NULL),
    TELL(PLACEMENT_ENDED,                 HO | PT | AG | CO, NULL),
    TELL(PLACEMENT_ASSESSED,              PT,                NULL),
    TELL(PLACEMENT_ASSESSMENT_CONTESTED,  HO | CO,           NULL),
    TELL_LATER(PLACEMENT_OUTCOME_RECORDED,    AG | CO,               AG | CO,      NULL),
    TELL(PLACEMENT_CANCELLED,             HO | PT | CO,      NULL),
    TELL_LATER(PLACEMENT_REMINDED,            HO | CO,               HO | CO,      awaits_end),
    TELL_LATER(PLACEMENT_REMINDED,            AG | CO,               AG | CO,      awaits_outcome),
    TELL_LATER(PLACEMENT_REMINDED,            SU | HO,               SU | HO,      awaits_book),
    TELL(PLACEMENT_PERIOD_CHANGED,        HO | PT | AG | CO, NULL),
    TELL(PLACEMENT_SUPERVISOR_REPLACED,   SU | HO | PT | AG | CO, NULL),
    TELL(PLACEMENT_SUPERVISOR_LEFT,       HO | PT | AG | CO, NULL),
    TELL(PLACEMENT_DAY_DISPUTED,          SU | AG,           NULL),
    TELL(PLACEMENT_DAY_DISPUTED,          HO | CO,           has_no_supervisor),
    TELL(PLACEMENT_RECORDED_FOR,          PT,                participant_said),
    TELL(PLACEMENT_RECORDED_FOR,          HO,                host_said),
    TELL(PLACEMENT_RECORDED_FOR,          SU,                supervisor_said),
    TELL(PLACEMENT_RELIEVED,              SU,                NULL),
    TELL(PLACEMENT_RELIEVED,              HO,                is_not_said),
    TELL(PLACEMENT_UNDONE,                PT,                participant_heard),
    TELL(PLACEMENT_UNDONE,                SU,                supervisor_heard),
    TELL(PLACEMENT_UNDONE,                HO,                host_heard),
    TELL(PLACEMENT_UNDONE,                AG,                agency_heard),
    TELL(PLACEMENT_UNDONE,                CO,                coordinator_heard),

    TELL(RECIPIENT_LOST,                     CO,                is_another),
    TELL(RECIPIENT_MISSED,                CO,                is_another),

    TELL(PERSON_ERASURE_ASKED,            CO,                NULL),
    TELL_LATER(PERSON_ERASURE_WITHDRAWN,      CO,                    CO,           NULL),
    TELL(PERSON_ERASURE_REFUSED,          PN,                NULL),
    TELL_LATER(PERSON_ERASURE_REMINDED,       CO,                    CO,           NULL),
    TELL(PERSON_RECORDED_FOR,             PN,                NULL),
    TELL(PERSON_ERASED,                   WH,                was_referred),
    TELL(PERSON_CLEARANCE_ASKED,          CO,                NULL),
    TELL(PERSON_CLEARANCE_CONFIRMED,      AK,                NULL),
    TELL(PERSON_CLEARANCE_REFUSED,        AK,                NULL),
    TELL(PERSON_CLEARANCE_LAPSED,         AK,                NULL),
    TELL(PERSON_HIDDEN,                   CO | AG,           is_looked_after),
    TELL(PERSON_LOWERING_ASKED,           CO | AG,           NULL),
    TELL(PERSON_PROTECTION_CHANGED,       AK,                NULL),
    TELL(PERSON_PROTECTION_CHANGED,       AG,                was_confirmed_for_agency),
    TELL(PERSON_LOWERING_REFUSED,         AK,                NULL),
    TELL(PERSON_LOWERING_REFUSED,         AG,                is_for_agency),
    TELL(PERSON_LOWERING_LAPSED,          AK,                NULL),
    TELL(PERSON_LOWERING_LAPSED,          AG,                is_for_agency),

    TELL(PERSON_RESTRICTION_ASKED,        CO,                NULL),
    TELL_LATER(PERSON_RESTRICTION_WITHDRAWN,  CO,                    CO,           NULL),
    TELL(PERSON_RESTRICTION_REFUSED,      PN,                NULL),
    TELL_LATER(PERSON_RESTRICTION_REMINDED,   CO,                    CO,           NULL),
    TELL(PERSON_RESTRICTED,               CO | PN,           NULL),
    TELL(PERSON_RESTRICTED,               WH,                was_referred),
    TELL_LATER(PERSON_RESTRICTION_ENDING,     PN,                    PN,           NULL),
    TELL_LATER(PERSON_RESTRICTION_LIFTED,     CO | PN,               CO,           NULL),
    TELL(PERSON_RESTRICTION_LIFTED,       WH,                was_referred),
    TELL_LATER(PERSON_FORGETTING_ANNOUNCED,   CO | PN,               CO | PN,      NULL),
    TELL(PERSON_MAILBOX_HELD,             PN,                NULL),
    TELL(PERSON_MAILBOX_TAKEN,            PN,                NULL),

    TELL(PROGRAMME_CLEARANCE_MISSED,      CO,                NULL),

    TELL(ENDPOINT_TESTED,                 WH,                NULL),

    TELL_LATER(TOKEN_REMINDED,                PN,                    PN,           NULL),
    TELL_LATER(TOKEN_REMINDED,                CO,                    CO,           is_of_system),

    TELL(SESSION_REQUESTED,               PN,                NULL),
};
/* clang-format on */

/* Of what goes on as if nothing had been, only they hear who were told of the step; and systems, which count along. */
static bool is_new(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return !in->referral_accepted.goes_on;
}

static bool was_accepted(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->referral_undone.step == REFERRAL_DECIDED_ACCEPT;
}

static bool was_asked(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->referral_undone.step == REFERRAL_DECIDED_ASK_INFO;
}

static bool is_taken_up(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->referral_reopened.reason != REFERRAL_RETURN_TAKEN_BACK;
}

static bool mentor_knows(const struct message_case *c, const struct message_input *in)
{
    (void)in;
    return c->request.state != REQUEST_STATE_NONE;
}

static bool participant_knows(const struct message_case *c, const struct message_input *in)
{
    (void)in;
    return c->request.state == REQUEST_STATE_ACCEPTED;
}

static bool awaits_answer(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->mentorship_reminded.awaited == MENTORSHIP_AWAITED_ANSWER;
}

static bool awaits_reply(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->mentorship_reminded.awaited == MENTORSHIP_AWAITED_REPLY;
}

static bool awaits_both(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->mentorship_reminded.awaited == MENTORSHIP_AWAITED_SIGNATURES ||
           in->mentorship_reminded.awaited == MENTORSHIP_AWAITED_FIRST_MEETING;
}

static bool awaits_meetings(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->mentorship_reminded.awaited == MENTORSHIP_AWAITED_MEETINGS;
}

/* Of what goes on, it is said that they are accepted; of a mistake about the record they never knew. */
static bool awaits_decision(const struct message_case *c, const struct message_input *in)
{
    const struct referral_reopened *said = &in->referral_reopened;

    (void)c;
    return !said->goes_on && said->was != REFERRAL_STATE_DUPLICATE &&
           said->was != REFERRAL_STATE_ENTERED_IN_ERROR;
}

static bool is_supervisor(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->placement_requirement_met.kind == PLACEMENT_REQUIREMENT_SUPERVISOR;
}

static bool was_referred(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return message_referral(in) != NULL;
}

/* By coordinators: who was referred, and a club's mentor. */
static bool is_looked_after(const struct message_case *c, const struct message_input *in)
{
    return was_referred(c, in) || c->affiliation.has_organisation;
}

static bool awaits_end(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->placement_reminded.awaited == PLACEMENT_AWAITED_END_OF_INTERRUPTION;
}

static bool awaits_outcome(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->placement_reminded.awaited == PLACEMENT_AWAITED_OUTCOME;
}

static bool awaits_book(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return in->placement_reminded.awaited == PLACEMENT_AWAITED_DAY_BOOK;
}

/* Its system asked: there is no person to tell. */
static bool is_for_agency(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return field_of(in, "asked_by", FIELD_ID) == NULL;
}

static bool was_confirmed_for_agency(const struct message_case *c, const struct message_input *in)
{
    return in->person_protection_changed.confirmed && is_for_agency(c, in);
}

/* What somebody wrote down for them. */
static bool is_word_of(const struct message_input *in, enum voice voice)
{
    const unsigned *of = field_of(in, "of", FIELD_WORD);

    return of != NULL && *of == (unsigned)voice;
}

static bool mentor_said(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return is_word_of(in, VOICE_MENTOR);
}

static bool participant_said(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return is_word_of(in, VOICE_PARTICIPANT);
}

static bool host_said(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return is_word_of(in, VOICE_HOST);
}

static bool supervisor_said(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return is_word_of(in, VOICE_SUPERVISOR);
}

/* By which events the steps were told of that can be taken back; of the others nobody hears. */
static const enum message_input_type mentorship_steps[] = {
    [MENTORSHIP_SAID_ACCEPT] = MESSAGE_ON_MENTORSHIP_ACCEPTED,
    [MENTORSHIP_SAID_DECLINE] = MESSAGE_ON_MENTORSHIP_DECLINED,
    [MENTORSHIP_SAID_WITHDRAW] = MESSAGE_ON_MENTORSHIP_WITHDRAWN,
    [MENTORSHIP_SAID_HOLD_FIRST_MEETING] = MESSAGE_ON_MENTORSHIP_STARTED,
    [MENTORSHIP_SAID_HOLD] = MESSAGE_ON_MENTORSHIP_HELD,
    [MENTORSHIP_SAID_COMPLETE] = MESSAGE_ON_MENTORSHIP_COMPLETED,
    [MENTORSHIP_SAID_END] = MESSAGE_ON_MENTORSHIP_ENDED,
    [MENTORSHIP_SAID_STRIKE_MEETING] = 0,
};

static const enum message_input_type placement_steps[] = {
    [PLACEMENT_SAID_START] = MESSAGE_ON_PLACEMENT_STARTED,
    [PLACEMENT_SAID_REPORT_NO_SHOW] = MESSAGE_ON_PLACEMENT_NO_SHOW_REPORTED,
    [PLACEMENT_SAID_INTERRUPT] = MESSAGE_ON_PLACEMENT_INTERRUPTED,
    [PLACEMENT_SAID_END] = MESSAGE_ON_PLACEMENT_ENDED,
    [PLACEMENT_SAID_ASSESS] = MESSAGE_ON_PLACEMENT_ASSESSED,
    [PLACEMENT_SAID_CONTEST] = MESSAGE_ON_PLACEMENT_ASSESSMENT_CONTESTED,
    [PLACEMENT_SAID_RECORD_OUTCOME] = MESSAGE_ON_PLACEMENT_OUTCOME_RECORDED,
    [PLACEMENT_SAID_CANCEL] = MESSAGE_ON_PLACEMENT_CANCELLED,
};

static bool is_ready_no_more(const struct message_input *in)
{
    return in->type == MESSAGE_ON_PLACEMENT_UNDONE &&
           in->placement_undone.step == PLACEMENT_SAID_MEET_REQUIREMENT &&
           in->placement_undone.has_state;
}

static enum message_input_type step_of_referral(enum referral_decided step)
{
    switch (step) {
    case REFERRAL_DECIDED_ACCEPT: return MESSAGE_ON_REFERRAL_ACCEPTED;
    case REFERRAL_DECIDED_ASK_INFO: return MESSAGE_ON_REFERRAL_INFO_ASKED;
    }
    bug("step_of_referral: step %u", step);
}

/* 0: by none. That it is done is told of when both have said so, and of the requirements that all are met. */
static enum message_input_type step_of(const struct message_input *in)
{
    const struct mentorship_undone *said = &in->mentorship_undone;

    if (in->type == MESSAGE_ON_REFERRAL_UNDONE) return step_of_referral(in->referral_undone.step);
    if (is_ready_no_more(in)) return MESSAGE_ON_PLACEMENT_READIED;
    if (in->type == MESSAGE_ON_PLACEMENT_UNDONE) return placement_steps[in->placement_undone.step];
    if (said->step == MENTORSHIP_SAID_COMPLETE && said->was != MENTORSHIP_STATE_COMPLETED) return 0;
    return mentorship_steps[said->step];
}

/* Whoever heard of a step hears that it is taken back. */
static bool heard(const struct message_case *c, const struct message_input *in, unsigned audience)
{
    const enum message_input_type step = step_of(in);

    for (size_t i = 0; step != 0 && i < sizeof tellings / sizeof tellings[0]; i++)
        if (tellings[i].on == step && (tellings[i].to & audience) != 0 &&
            (tellings[i].only == NULL || tellings[i].only(c, in)))
            return true;
    return false;
}

static bool mentor_heard(const struct message_case *c, const struct message_input *in)
{
    return heard(c, in, ME) || mentor_said(c, in);
}

static bool participant_heard(const struct message_case *c, const struct message_input *in)
{
    return heard(c, in, PT) || participant_said(c, in);
}

static bool host_heard(const struct message_case *c, const struct message_input *in)
{
    return heard(c, in, HO) || host_said(c, in);
}

static bool supervisor_heard(const struct message_case *c, const struct message_input *in)
{
    return heard(c, in, SU) || supervisor_said(c, in);
}

static bool agency_heard(const struct message_case *c, const struct message_input *in)
{
    return heard(c, in, AG);
}

/* Of what was written down here: that it is not what they said. */
static bool is_disowned(const struct message_input *in)
{
    const bool *disowned = field_of(in, "disowned", FIELD_BOOL);

    return disowned != NULL && *disowned;
}

static bool coordinator_heard(const struct message_case *c, const struct message_input *in)
{
    return heard(c, in, CO) || is_disowned(in);
}

/* As what the step was told of; of which nobody heard otherwise, who had it written down for them heard. */
static enum message_kind told_as(const struct message_input *in)
{
    const enum message_input_type step = step_of(in);

    for (size_t i = 0; step != 0 && i < sizeof tellings / sizeof tellings[0]; i++)
        if (tellings[i].on == step) return tellings[i].as;
    return in->type == MESSAGE_ON_PLACEMENT_UNDONE ? MESSAGE_KIND_PLACEMENT_RECORDED_FOR
                                                   : MESSAGE_KIND_MENTORSHIP_RECORDED_FOR;
}

/* Systems count along; and what somebody never said, their coordinators hear in any case. */
static bool is_correction(const struct message_input *in, enum message_audience audience)
{
    const bool is_undone = in->type == MESSAGE_ON_REFERRAL_UNDONE ||
                           in->type == MESSAGE_ON_MENTORSHIP_UNDONE ||
                           in->type == MESSAGE_ON_PLACEMENT_UNDONE;

    if (!is_undone || audience == MESSAGE_AUDIENCE_PARTNER) return false;
    return !is_disowned(in) || (TO_COORDINATORS & 1u << audience) == 0;
}

static bool is_recorded_for(const struct message *told)
{
    return told->kind == MESSAGE_KIND_MENTORSHIP_RECORDED_FOR ||
           told->kind == MESSAGE_KIND_PLACEMENT_RECORDED_FOR;
}

bool message_corrects(const struct message *correction, const struct message *told)
{
    if (!correction->has_corrects || correction->audience != told->audience) return false;
    if (correction->at.ms < told->at.ms) return false;
    return told->kind == correction->corrects ||
           (is_recorded_for(told) && strcmp(told->code, correction->code) == 0);
}

static bool has_no_supervisor(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return !in->placement_day_disputed.has_supervisor;
}

static bool is_not_said(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return !in->placement_relieved.said;
}

/* A system has no mailbox: who can make it another token is told. */
static bool is_of_system(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return !in->token_reminded.has_person;
}

/* Than the one who would be told of it. */
static bool is_another(const struct message_case *c, const struct message_input *in)
{
    (void)c;
    return !id_equal(in->head.id, in->head.programme);
}

bool message_tells_partner(enum message_input_type type)
{
    for (size_t i = 0; i < sizeof tellings / sizeof tellings[0]; i++)
        if (tellings[i].on == type && (tellings[i].to & WH) != 0) return true;
    return false;
}

static bool is_of(enum message_kind kind, const char *aggregate)
{
    return strncmp(message_kind_words[kind], aggregate, strlen(aggregate)) == 0;
}

bool message_is_farewell(enum message_kind kind)
{
    return kind == MESSAGE_KIND_PERSON_HIDDEN || kind == MESSAGE_KIND_MENTORSHIP_RELIEVED ||
           kind == MESSAGE_KIND_PLACEMENT_RELIEVED;
}

static bool is_cases(enum message_kind kind)
{
    return is_of(kind, "referral_") || is_of(kind, "mentorship_") || is_of(kind, "placement_") ||
           message_is_farewell(kind);
}

/* Who reads an organisation's or the programme's mailbox is not known: of who is hidden it is told nothing, and coordinators
 * who are cleared are told themselves. */
static bool is_mailbox(enum message_audience audience)
{
    return audience == MESSAGE_AUDIENCE_COORDINATOR || audience == MESSAGE_AUDIENCE_HOST ||
           audience == MESSAGE_AUDIENCE_AGENCY;
}

/* The last that who is not cleared hears of it tells nothing. */
static bool is_of_case(enum message_kind kind, enum message_audience audience)
{
    if (message_is_farewell(kind)) return false;
    const bool is_self = audience == MESSAGE_AUDIENCE_PARTICIPANT ||
                         audience == MESSAGE_AUDIENCE_PERSON || audience == MESSAGE_AUDIENCE_ASKER;

    if (is_self || audience == MESSAGE_AUDIENCE_PARTNER) return false;
    return is_cases(kind) && (audience != MESSAGE_AUDIENCE_AGENCY || !is_of(kind, "referral_"));
}

bool message_is_to_mailbox(const struct message *row)
{
    return is_mailbox(row->audience) || row->audience == MESSAGE_AUDIENCE_CLUB;
}

bool message_is_of_case(const struct message *row)
{
    return row->has_referral && is_of_case(row->kind, row->audience);
}

bool message_is_of_person(const struct message *row)
{
    return !row->has_referral && row->kind == MESSAGE_KIND_PERSON_HIDDEN;
}

bool message_is_guarded(const struct message *row)
{
    return row->channel == MESSAGE_CHANNEL_EMAIL &&
           (row->has_referral ? is_cases(row->kind) : message_is_of_person(row));
}

bool message_is_of_mentorship(enum message_input_type type)
{
    switch (type) {
    case MESSAGE_ON_MENTORSHIP: return true;
    case MESSAGE_ON_REFERRAL:
    case MESSAGE_ON_MENTEE:
    case MESSAGE_ON_MENTOR:
    case MESSAGE_ON_PLACEMENT:
    case MESSAGE_ON_PERSON:
    case MESSAGE_ON_TOKEN:
    case MESSAGE_ON_ENDPOINT:
    case MESSAGE_ON_SESSION:
    case MESSAGE_ON_PROGRAMME:
    case MESSAGE_ON_RECIPIENT: return false;
    }
    bug("message_is_of_mentorship: input type %u", type);
}

const struct id *message_person(const struct message_input *in)
{
    switch (in->type) {
    case MESSAGE_ON_PERSON:
    case MESSAGE_ON_RECIPIENT: return &in->head.id; /* if it is a person's */
    case MESSAGE_ON_REFERRAL:
    case MESSAGE_ON_MENTEE:
    case MESSAGE_ON_MENTOR:
    case MESSAGE_ON_MENTORSHIP:
    case MESSAGE_ON_PLACEMENT:
    case MESSAGE_ON_SESSION:
    case MESSAGE_ON_PROGRAMME:
    case MESSAGE_ON_ENDPOINT:
    case MESSAGE_ON_TOKEN: return NULL;
    }
    bug("message_person: input type %u", in->type);
}

const struct id *message_mentor(const struct message_input *in)
{
    switch (in->type) {
    case MESSAGE_ON_MENTORSHIP: return &in->mentorship_whose.mentor;
    case MESSAGE_ON_MENTOR:
    case MESSAGE_ON_PERSON:
    case MESSAGE_ON_RECIPIENT: return &in->head.id; /* if they are one */
    case MESSAGE_ON_REFERRAL:
    case MESSAGE_ON_MENTEE:
    case MESSAGE_ON_TOKEN:
    case MESSAGE_ON_ENDPOINT:
    case MESSAGE_ON_SESSION:
    case MESSAGE_ON_PROGRAMME:
    case MESSAGE_ON_PLACEMENT: return NULL;
    }
    bug("message_mentor: input type %u", in->type);
}

/* What the event says, whichever it is. */

/* A message has no commands: all that it hears are events of others. */
static const struct descriptor *event_of(const struct message_input *in)
{
    return message_contract.subscriptions[in->type - message_contract.command_count].event;
}

/* A field of the event by its name, if it has one that is there. */
static const void *field_of(const struct message_input *in, const char *name, enum field_type type)
{
    const struct descriptor *event = event_of(in);
    const char *body = (const char *)in + message_contract.input_body;

    for (size_t i = 0; i < event->count; i++) {
        const struct field *field = &event->fields[i];

        if (field->type != type || strcmp(field->name, name) != 0) continue;
        if (field->present != NO_FLAG && !*(const bool *)(body + field->present)) return NULL;
        return body + field->offset;
    }
    return NULL;
}

static const char *word_of(const struct message_input *in, const char *name)
{
    const struct descriptor *event = event_of(in);
    const unsigned *value = field_of(in, name, FIELD_WORD);

    for (size_t i = 0; value != NULL && i < event->count; i++)
        if (strcmp(event->fields[i].name, name) == 0) return event->fields[i].words[*value];
    return NULL;
}

/* The one word that tells most: of properties with other names nothing is said. */
static const char *code_of(const struct message_input *in)
{
    static const char *const names[] = {"reason", "awaited", "kind", "outcome",
                                        "topic",  "said",    "step"};
    const char *word = NULL;

    for (size_t i = 0; i < sizeof names / sizeof names[0] && word == NULL; i++)
        word = word_of(in, names[i]);
    return word;
}

/* What an agency is asked for, or still is: lists of those names are of nothing else. */
static const struct referral_asks *asks_of(const struct message_input *in)
{
    const struct referral_asks *asks = field_of(in, "asks", FIELD_LIST);

    return asks != NULL ? asks : field_of(in, "missing", FIELD_LIST);
}

const struct id *message_referral(const struct message_input *in)
{
    switch (in->type) {
    case MESSAGE_ON_MENTEE: /* its id is the referral's */
    case MESSAGE_ON_REFERRAL: return &in->head.id;
    case MESSAGE_ON_PERSON: return field_of(in, "referral", FIELD_ID);
    case MESSAGE_ON_MENTOR:
    case MESSAGE_ON_TOKEN:
    case MESSAGE_ON_ENDPOINT:
    case MESSAGE_ON_SESSION:
    case MESSAGE_ON_PROGRAMME:
    case MESSAGE_ON_RECIPIENT: return NULL;
    case MESSAGE_ON_MENTORSHIP: return &in->mentorship_whose.referral;
    case MESSAGE_ON_PLACEMENT: return &in->placement_whose.referral;
    }
    bug("message_referral: input type %u", in->type);
}

static const struct id *participant_of(const struct message_input *in)
{
    switch (in->type) {
    case MESSAGE_ON_REFERRAL: return &in->referral_whose.person;
    case MESSAGE_ON_MENTEE: return &in->mentee_wishes_missed.participant;
    case MESSAGE_ON_MENTOR:
    case MESSAGE_ON_PERSON:
    case MESSAGE_ON_TOKEN:
    case MESSAGE_ON_ENDPOINT:
    case MESSAGE_ON_SESSION:
    case MESSAGE_ON_PROGRAMME:
    case MESSAGE_ON_RECIPIENT: return NULL;
    case MESSAGE_ON_MENTORSHIP: return &in->mentorship_whose.participant;
    case MESSAGE_ON_PLACEMENT: return &in->placement_whose.participant;
    }
    bug("participant_of: input type %u", in->type);
}

/* What happened to it; or, where somebody has to be cleared, for whom. */
static struct id about_of(const struct message_input *in)
{
    return in->type == MESSAGE_ON_PROGRAMME_CLEARANCE_MISSED ? in->programme_clearance_missed.person
                                                             : in->head.id;
}

/* Whom it is about, or whose. */
static const struct id *person_of(const struct message_input *in)
{
    const bool is_whose =
        in->type == MESSAGE_ON_TOKEN_REMINDED || in->type == MESSAGE_ON_SESSION_REQUESTED;

    return is_whose ? field_of(in, "person", FIELD_ID) : &in->head.id;
}

/* Whose referral it is, so that what is said to one agency of several goes as one; of a referral that has not been heard of yet
 * it is found out when it is sent. */
static const struct id *agency_of(const struct message_case *c, const struct message_input *in)
{
    const struct id *referral = message_referral(in);

    return referral != NULL && c->matter.has_organisation ? &c->matter.organisation : referral;
}

/* Whom to write to; NULL: the event does not say. What it does not have to say, because it can be
 * found out from the programme or the referral, is found out when it is sent. */
static const struct id *reader_of(const struct message_case *c, const struct message_input *in,
                                  enum message_audience audience)
{
    switch (audience) {
    case MESSAGE_AUDIENCE_COORDINATOR: return &in->head.programme;
    case MESSAGE_AUDIENCE_AGENCY: return agency_of(c, in);
    case MESSAGE_AUDIENCE_PARTICIPANT: return participant_of(in);
    case MESSAGE_AUDIENCE_MENTOR: return field_of(in, "mentor", FIELD_ID);
    case MESSAGE_AUDIENCE_HOST: return field_of(in, "host", FIELD_ID);
    case MESSAGE_AUDIENCE_SUPERVISOR: return field_of(in, "supervisor", FIELD_ID);
    case MESSAGE_AUDIENCE_PERSON: return person_of(in);
    case MESSAGE_AUDIENCE_ASKER: return field_of(in, "asked_by", FIELD_ID);
    case MESSAGE_AUDIENCE_CLUB:
    case MESSAGE_AUDIENCE_CLEARED:
    case MESSAGE_AUDIENCE_PARTNER: break;
    }
    bug("reader_of: audience %u", audience);
}

/* Saying it. */

/* There are fewer fresh ids than readers: the rest are neighbours of the first. Its last bytes are
 * random, so they are as likely to be somebody else's as any id is. */
static struct id fresh_id(const struct head *head, size_t number)
{
    struct id id = head->ids[0];

    id.bytes[sizeof id.bytes - 1] ^= (uint8_t)number;
    return id;
}

static bool is_reminder(const struct message_input *in)
{
    const struct descriptor *event = event_of(in);

    for (size_t i = 0; i < event->count; i++)
        if (strcmp(event->fields[i].name, "missed") == 0) return true;
    return false;
}

static struct message_queued *queue(const struct message_input *in, enum message_kind as,
                                    enum message_audience audience, struct id to, int64_t sequence,
                                    struct message_events *out)
{
    const struct id *referral = message_referral(in);
    const struct instant *until = field_of(in, "due", FIELD_INSTANT);
    const char *code = code_of(in);
    const struct referral_asks *asks = asks_of(in);
    struct message_queued *said =
        &message_emit(out, MESSAGE_QUEUED, fresh_id(&in->head, out->count))->message_queued;

    said->kind = as;
    said->audience = audience;
    said->channel =
        audience == MESSAGE_AUDIENCE_PARTNER ? MESSAGE_CHANNEL_WEBHOOK : MESSAGE_CHANNEL_EMAIL;
    said->to = to;
    said->about = about_of(in);
    said->sequence = sequence;
    said->has_referral = referral != NULL;
    if (referral != NULL) said->referral = *referral;
    said->has_code = code != NULL && strlen(code) < sizeof said->code;
    if (said->has_code) memcpy(said->code, code, strlen(code) + 1);
    said->has_asks = asks != NULL;
    if (asks != NULL) said->asks = *asks;
    said->has_corrects = is_correction(in, audience);
    if (said->has_corrects) said->corrects = told_as(in);
    said->has_until = until != NULL;
    if (until != NULL) said->until = *until;
    said->has_lapses = said->lapses = said->channel == MESSAGE_CHANNEL_EMAIL && until != NULL &&
                                      (is_reminder(in) || in->type == MESSAGE_ON_SESSION_REQUESTED);
    said->at = in->head.at;
    return said;
}

/* A test goes to the endpoint that it is of, and to no other of the partner's. */
static void tell_tested(const struct message_input *in, enum message_kind as,
                        struct message_events *out)
{
    struct message_queued *said = queue(in, as, MESSAGE_AUDIENCE_PARTNER, in->head.id, 0, out);

    said->has_partner = true;
    said->partner = in->endpoint_tested.partner;
}

static void tell_partner(const struct message_case *c, const struct message_input *in,
                         enum message_kind as, struct message_events *out)
{
    if (in->type == MESSAGE_ON_ENDPOINT_TESTED) {
        tell_tested(in, as, out);
        return;
    }
    for (uint32_t i = 0; i < c->outlets.count; i++) {
        struct message_queued *said =
            queue(in, as, MESSAGE_AUDIENCE_PARTNER, c->outlets.at[i], c->matter.sequence, out);

        said->has_partner = true;
        said->partner = c->matter.partner;
    }
}

/* A reminder of what is too late, after an outage: of theirs, or of ours. */
static bool is_missed(const struct message_input *in)
{
    const bool *missed = field_of(in, "missed", FIELD_BOOL);
    const struct instant *due = field_of(in, "due", FIELD_INSTANT);

    return (missed != NULL && *missed) ||
           (is_reminder(in) && due != NULL && due->ms <= in->head.at.ms);
}

/* What the programme's admins alone answer, and a club's coordinators do not know of. */
static bool is_for_admins(enum message_input_type type)
{
    return type == MESSAGE_ON_PERSON_CLEARANCE_ASKED || type == MESSAGE_ON_PERSON_LOWERING_ASKED ||
           type == MESSAGE_ON_PROGRAMME_CLEARANCE_MISSED;
}

static void add_club(struct ids *clubs, struct id club)
{
    for (uint32_t i = 0; i < clubs->count; i++)
        if (id_equal(clubs->at[i], club)) return;
    clubs->at[clubs->count++] = club;
}

/* Its coordinators look after them. The association that owns the programme has the programme's own. */
static void add_responsible(const struct message_case *c, const struct matter *matter,
                            struct ids *clubs)
{
    const struct tenant *tenant = &c->tenant;

    if (!matter->has_responsible) return;
    if (tenant->has_owner && id_equal(tenant->owner, matter->responsible)) return;
    add_club(clubs, matter->responsible);
}

/* The mentor's, and who is responsible for whom it is about; who takes over hears it as the programme does. */
static void find_clubs(const struct message_case *c, const struct message_input *in,
                       struct ids *clubs)
{
    if (c->affiliation.has_organisation) add_club(clubs, c->affiliation.organisation);
    if (in->type == MESSAGE_ON_REFERRAL_HANDED_OVER)
        add_club(clubs, in->referral_handed_over.responsible);
    add_responsible(c, &c->matter, clubs);
    for (uint32_t i = 0; i < c->matters_count; i++)
        add_responsible(c, &c->matters[i], clubs);
}

/* What is told to the programme's coordinators, and concerns a club, is told to the club's too; but
 * not twice to one mailbox. */
static void tell_clubs(const struct message_case *c, const struct message_input *in,
                       enum message_kind as, struct message_events *out)
{
    const struct tenant *tenant = &c->tenant;
    struct ids clubs = {0};

    if (is_for_admins(in->type)) return;
    find_clubs(c, in, &clubs);
    for (uint32_t i = 0; i < clubs.count; i++)
        if (tenant->mailbox || !tenant->has_owner || !id_equal(tenant->owner, clubs.at[i]))
            queue(in, as, MESSAGE_AUDIENCE_CLUB, clubs.at[i], 0, out);
}

/* What is known of whom it is about is not used (GDPR, article 18). Coordinators and the agency are told of that alone; who
 * has begun something with them, and they themselves, of how it goes on. Systems count along. */
static bool is_withheld(const struct message_case *c, const struct message_input *in,
                        enum message_audience audience)
{
    if (audience != MESSAGE_AUDIENCE_COORDINATOR && audience != MESSAGE_AUDIENCE_AGENCY)
        return false;
    switch (in->type) {
    case MESSAGE_ON_REFERRAL:
    case MESSAGE_ON_MENTEE:
    case MESSAGE_ON_PLACEMENT: return c->matter.restricted;
    case MESSAGE_ON_MENTORSHIP: return c->matter.restricted || c->affiliation.restricted;
    case MESSAGE_ON_MENTOR: return c->affiliation.restricted;
    case MESSAGE_ON_PERSON:
    case MESSAGE_ON_TOKEN:
    case MESSAGE_ON_ENDPOINT:
    case MESSAGE_ON_SESSION:
    case MESSAGE_ON_PROGRAMME:
    case MESSAGE_ON_RECIPIENT: return false; /* or they would not hear that it ends */
    }
    bug("is_withheld: input type %u", in->type);
}

static void tell_cleared(const struct message_case *c, const struct message_input *in,
                         enum message_kind as, enum message_audience instead_of,
                         struct message_events *out)
{
    for (uint32_t i = 0; instead_of == MESSAGE_AUDIENCE_COORDINATOR && i < c->cleared_count; i++)
        queue(in, as, MESSAGE_AUDIENCE_CLEARED, c->cleared[i], 0, out);
}

static void tell(const struct message_case *c, const struct message_input *in, enum message_kind as,
                 enum message_audience audience, struct message_events *out)
{
    const struct id *reader;

    if (audience == MESSAGE_AUDIENCE_PARTNER) {
        tell_partner(c, in, as, out);
        return;
    }
    if (c->matter.hidden && is_mailbox(audience) && is_of_case(as, audience)) {
        tell_cleared(c, in, as, audience, out);
        return;
    }
    if (message_is_farewell(as)) tell_cleared(c, in, as, audience, out);
    reader = reader_of(c, in, audience);
    if (reader != NULL) queue(in, as, audience, *reader, 0, out);
    if (audience == MESSAGE_AUDIENCE_COORDINATOR) tell_clubs(c, in, as, out);
}

/* A reminder that would leave no day for it is said at once. */
static bool can_wait(const struct message_queued *said, struct instant morning)
{
    return !said->has_until || said->until.ms - morning.ms >= DAY_MS;
}

/* What was said to this audience, from `first` on. */
static void put_off(const struct message_input *in, struct message_events *out, size_t first)
{
    const struct instant morning = zone_next_morning(in->head.country, in->head.at);

    for (size_t i = first; i < out->count; i++) {
        struct message_queued *said = &out->at[i].message_queued;

        if (!can_wait(said, morning)) continue;
        said->has_due = true;
        said->due = morning;
    }
}

/* What of a thing's progress makes a mail of it idle: a reminder what it waits for, news that it is so no more. Of the code `but`
 * nothing does. */
static const struct {
    enum message_kind kind;
    size_t number; /* in struct progress */
    const char *but;
} overtakings[] = {
    {MESSAGE_KIND_REFERRAL_REMINDED, offsetof(struct progress, answers), NULL},
    {MESSAGE_KIND_REFERRAL_HANDED_OVER, offsetof(struct progress, ends), NULL},
    {MESSAGE_KIND_MENTORSHIP_REMINDED, offsetof(struct progress, answers), NULL},
    {MESSAGE_KIND_MENTORSHIP_ACCEPTED, offsetof(struct progress, ends), NULL},
    {MESSAGE_KIND_MENTORSHIP_STARTED, offsetof(struct progress, ends), NULL},
    {MESSAGE_KIND_MENTORSHIP_HELD, offsetof(struct progress, resumptions), NULL},
    {MESSAGE_KIND_PLACEMENT_PLANNED, offsetof(struct progress, ends), NULL},
    {MESSAGE_KIND_PLACEMENT_READIED, offsetof(struct progress, losses), NULL},
    {MESSAGE_KIND_PLACEMENT_STARTED, offsetof(struct progress, ends), NULL},
    {MESSAGE_KIND_PLACEMENT_REMINDED, offsetof(struct progress, answers), "day_book"},
    {MESSAGE_KIND_PERSON_ERASURE_REMINDED, offsetof(struct progress, erasures), NULL},
    {MESSAGE_KIND_PERSON_RESTRICTION_REMINDED, offsetof(struct progress, restrictions), NULL},
    {MESSAGE_KIND_PERSON_RESTRICTION_ENDING, offsetof(struct progress, restrictions), NULL},
    {MESSAGE_KIND_PERSON_FORGETTING_ANNOUNCED, offsetof(struct progress, returns), NULL},
    {MESSAGE_KIND_TOKEN_REMINDED, offsetof(struct progress, answers), NULL},
};

/* NULL: nothing does. Valid as long as progress is. */
static const int64_t *overtaking(enum message_kind kind, const char *code,
                                 const struct progress *progress)
{
    for (size_t i = 0; i < sizeof overtakings / sizeof overtakings[0]; i++) {
        const char *but = overtakings[i].but;

        if (overtakings[i].kind == kind && (but == NULL || strcmp(but, code) != 0))
            return (const int64_t *)((const char *)progress + overtakings[i].number);
    }
    return NULL;
}

/* Systems count along. */
static void note_progress(const struct message_case *c, struct message_queued *said)
{
    const int64_t *number = overtaking(said->kind, said->code, &c->progress);

    if (number == NULL || said->channel != MESSAGE_CHANNEL_EMAIL) return;
    said->has_progress = true;
    said->progress = *number;
}

bool message_is_overtaken(const struct message *row, const struct progress *progress)
{
    const int64_t *number = overtaking(row->kind, row->code, progress);

    return row->has_progress && number != NULL && *number > row->progress;
}

static void tell_all(const struct message_case *c, const struct message_input *in,
                     const struct telling *telling, struct message_events *out)
{
    for (unsigned a = 0; telling->to >> a != 0; a++) {
        const enum message_audience audience = (enum message_audience)a;
        const size_t first = out->count;

        if ((telling->to >> a & 1) == 0 || is_withheld(c, in, audience)) continue;
        tell(c, in, telling->as, audience, out);
        for (size_t i = first; i < out->count; i++)
            note_progress(c, &out->at[i].message_queued);
        if ((telling->later >> a & 1) != 0 && tenant_may_wait(&c->tenant)) put_off(in, out, first);
    }
}

bool message_decide(const struct message_case *c, const struct message_input *in,
                    struct message_events *out, struct error *err)
{
    (void)err; /* what has happened elsewhere is not refused */
    for (size_t i = 0; i < sizeof tellings / sizeof tellings[0]; i++) {
        const struct telling *telling = &tellings[i];

        if (telling->on != in->type || is_missed(in)) continue;
        if (telling->only != NULL && !telling->only(c, in)) continue;
        tell_all(c, in, telling, out);
    }
    return true;
}

static bool may_be_joined(const struct message *message)
{
    return message->channel == MESSAGE_CHANNEL_EMAIL &&
           message->kind != MESSAGE_KIND_SESSION_REQUESTED && !message_is_farewell(message->kind);
}

static bool is_same_thing(const struct message *one, const struct message *other)
{
    return one->kind == other->kind && one->has_code == other->has_code &&
           strcmp(one->code, other->code) == 0;
}

bool message_may_join(const struct message *one, const struct message *other)
{
    return may_be_joined(one) && may_be_joined(other) && one->audience == other->audience &&
           id_equal(one->to, other->to) && id_equal(one->programme, other->programme) &&
           (is_same_thing(one, other) || (one->has_due && other->has_due));
}
