/* Which texts each message has, and the letter that is made of them. */
#include "wording.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/zone.h"
#include "words/words.h"

/* One thing that can be said, to some of the audiences. code: only if the message has that one. */
struct saying {
    enum message_kind kind;
    unsigned to; /* bits of enum message_audience */
    const char *code;
    enum words_key subject, text;
};

/* clang-format off */
#define TO(audience) (1u << MESSAGE_AUDIENCE_##audience)
#define SAYS(key) WORDS_MAIL_##key##_SUBJECT, WORDS_MAIL_##key##_TEXT

enum {
    CO = TO(COORDINATOR), AG = TO(AGENCY), PT = TO(PARTICIPANT),
    ME = TO(MENTOR),      HO = TO(HOST),   SU = TO(SUPERVISOR), PN = TO(PERSON),
    AK = TO(ASKER),       CL = TO(CLEARED)
};

/* The first that fits is said. */
static const struct saying sayings[] = {
    {MESSAGE_KIND_PERSON_HIDDEN, CL, NULL, SAYS(PERSON_HIDDEN_CLEARED)},
    {MESSAGE_KIND_PERSON_HIDDEN, CO | AG, NULL, SAYS(PERSON_HIDDEN)},
    {MESSAGE_KIND_MENTORSHIP_RELIEVED, ME, NULL, SAYS(PERSON_HIDDEN)},
    {MESSAGE_KIND_PLACEMENT_RELIEVED, SU | HO, NULL, SAYS(PERSON_HIDDEN)},
    {MESSAGE_KIND_REFERRAL_RECEIVED, CO, NULL, SAYS(REFERRAL_RECEIVED_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_ACCEPTED, PT, NULL, SAYS(REFERRAL_ACCEPTED_PARTICIPANT)},
    {MESSAGE_KIND_REFERRAL_UNDONE, PT, NULL, SAYS(REFERRAL_UNDONE_PARTICIPANT)},
    {MESSAGE_KIND_REFERRAL_UNDONE, AG, NULL, SAYS(REFERRAL_UNDONE_AGENCY)},
    {MESSAGE_KIND_REFERRAL_COMPLETED, CO, NULL, SAYS(REFERRAL_COMPLETED_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_CANCELLED, CO, NULL, SAYS(REFERRAL_CANCELLED_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_INFO_ASKED, AG, NULL, SAYS(REFERRAL_INFO_ASKED_AGENCY)},
    {MESSAGE_KIND_REFERRAL_INFO_GIVEN, CO, "part", SAYS(REFERRAL_INFO_GIVEN_PART_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_INFO_GIVEN, CO, NULL, SAYS(REFERRAL_INFO_GIVEN_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_REMINDED, AG, NULL, SAYS(REFERRAL_REMINDED_AGENCY)},
    {MESSAGE_KIND_REFERRAL_EXPIRED, CO, NULL, SAYS(REFERRAL_EXPIRED_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_REOPENED, AG, NULL, SAYS(REFERRAL_REOPENED_AGENCY)},
    {MESSAGE_KIND_REFERRAL_REOPENED, CO, NULL, SAYS(REFERRAL_REOPENED_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_REOPENED, PT, NULL, SAYS(REFERRAL_REOPENED_PARTICIPANT)},
    {MESSAGE_KIND_REFERRAL_HANDED_OVER, CO, NULL, SAYS(REFERRAL_HANDED_OVER_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_HANDED_OVER, PT, NULL, SAYS(REFERRAL_HANDED_OVER_PARTICIPANT)},
    {MESSAGE_KIND_REFERRAL_MAILBOX_HELD, CO, NULL, SAYS(REFERRAL_MAILBOX_HELD_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_MAILBOX_HELD, AG, NULL, SAYS(REFERRAL_MAILBOX_HELD_AGENCY)},
    {MESSAGE_KIND_MENTEE_WISHES_MISSED, CO, NULL, SAYS(MENTEE_WISHES_MISSED_COORDINATOR)},
    {MESSAGE_KIND_MENTEE_WISHES_MISSED, PT, NULL, SAYS(MENTEE_WISHES_MISSED_PARTICIPANT)},
    {MESSAGE_KIND_MENTOR_OFFERS_MISSED, CO, NULL, SAYS(MENTOR_OFFERS_MISSED_COORDINATOR)},
    {MESSAGE_KIND_MENTOR_OFFERS_MISSED, PN, NULL, SAYS(MENTOR_OFFERS_MISSED_PERSON)},
    {MESSAGE_KIND_MENTOR_OVER_CAPACITY, CO, NULL, SAYS(MENTOR_OVER_CAPACITY_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_PROPOSED, CO, NULL, SAYS(MENTORSHIP_PROPOSED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_OFFERED, ME, NULL, SAYS(MENTORSHIP_OFFERED_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_INFO_ASKED, CO, NULL, SAYS(MENTORSHIP_INFO_ASKED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_REMINDED, ME, "answer", SAYS(MENTORSHIP_REMINDED_ANSWER_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_INFO_GIVEN, ME, NULL, SAYS(MENTORSHIP_INFO_GIVEN_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_REMINDED, CO, "reply", SAYS(MENTORSHIP_REMINDED_REPLY_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_REMINDED, ME | PT, "signatures", SAYS(MENTORSHIP_REMINDED_SIGNATURES_MENTOR_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_REMINDED, ME | PT, "first_meeting", SAYS(MENTORSHIP_REMINDED_FIRST_MEETING_MENTOR_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_REMINDED, ME, "meetings", SAYS(MENTORSHIP_REMINDED_MEETINGS_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_REMINDED, CO, "meetings", SAYS(MENTORSHIP_REMINDED_MEETINGS_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_ACCEPTED, ME, NULL, SAYS(MENTORSHIP_ACCEPTED_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_ACCEPTED, PT, NULL, SAYS(MENTORSHIP_ACCEPTED_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_ACCEPTED, CO, NULL, SAYS(MENTORSHIP_ACCEPTED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_DECLINED, CO, NULL, SAYS(MENTORSHIP_DECLINED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_EXPIRED, ME, NULL, SAYS(MENTORSHIP_EXPIRED_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_EXPIRED, PT, NULL, SAYS(MENTORSHIP_EXPIRED_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_EXPIRED, CO, NULL, SAYS(MENTORSHIP_EXPIRED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_AGREED, ME, NULL, SAYS(MENTORSHIP_AGREED_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_AGREED, PT, NULL, SAYS(MENTORSHIP_AGREED_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_STARTED, CO, NULL, SAYS(MENTORSHIP_STARTED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_HELD, CO, NULL, SAYS(MENTORSHIP_HELD_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_HOLD_OVERDUE, CO, NULL, SAYS(MENTORSHIP_HOLD_OVERDUE_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_COMPLETED, ME, NULL, SAYS(MENTORSHIP_COMPLETED_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_COMPLETED, PT, NULL, SAYS(MENTORSHIP_COMPLETED_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_COMPLETED, CO, NULL, SAYS(MENTORSHIP_COMPLETED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_ENDED, ME, NULL, SAYS(MENTORSHIP_ENDED_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_ENDED, PT, NULL, SAYS(MENTORSHIP_ENDED_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_ENDED, CO, NULL, SAYS(MENTORSHIP_ENDED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_WITHDRAWN, ME, NULL, SAYS(MENTORSHIP_WITHDRAWN_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_WITHDRAWN, PT, NULL, SAYS(MENTORSHIP_WITHDRAWN_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_WITHDRAWN, CO, NULL, SAYS(MENTORSHIP_WITHDRAWN_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_SUPERSEDED, ME, NULL, SAYS(MENTORSHIP_SUPERSEDED_MENTOR)},
    {MESSAGE_KIND_PLACEMENT_PLANNED, HO, NULL, SAYS(PLACEMENT_PLANNED_HOST)},
    {MESSAGE_KIND_PLACEMENT_PLANNED, PT, NULL, SAYS(PLACEMENT_PLANNED_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_PLANNED, CO, NULL, SAYS(PLACEMENT_PLANNED_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_REQUIREMENT_MET, SU, NULL, SAYS(PLACEMENT_REQUIREMENT_MET_SUPERVISOR)},
    {MESSAGE_KIND_PLACEMENT_READIED, HO, NULL, SAYS(PLACEMENT_READIED_HOST)},
    {MESSAGE_KIND_PLACEMENT_READIED, PT, NULL, SAYS(PLACEMENT_READIED_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_READIED, CO, NULL, SAYS(PLACEMENT_READIED_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_REQUIREMENT_LOST, HO | CO, NULL, SAYS(PLACEMENT_REQUIREMENT_LOST_HOST_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_STARTED, HO | AG | CO, NULL, SAYS(PLACEMENT_STARTED_HOST_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_STARTED, PT, NULL, SAYS(PLACEMENT_STARTED_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_STARTED, SU, NULL, SAYS(PLACEMENT_STARTED_SUPERVISOR)},
    {MESSAGE_KIND_PLACEMENT_NO_SHOW_REPORTED, AG | CO, NULL, SAYS(PLACEMENT_NO_SHOW_REPORTED_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_INTERRUPTED, HO | AG | CO, NULL, SAYS(PLACEMENT_INTERRUPTED_HOST_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_COMPLETED, HO, NULL, SAYS(PLACEMENT_COMPLETED_HOST)},
    {MESSAGE_KIND_PLACEMENT_COMPLETED, PT, NULL, SAYS(PLACEMENT_COMPLETED_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_COMPLETED, AG | CO, NULL, SAYS(PLACEMENT_COMPLETED_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_ENDED, HO | AG | CO, NULL, SAYS(PLACEMENT_ENDED_HOST_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_ENDED, PT, NULL, SAYS(PLACEMENT_ENDED_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_ASSESSED, PT, NULL, SAYS(PLACEMENT_ASSESSED_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_ASSESSMENT_CONTESTED, HO | CO, NULL, SAYS(PLACEMENT_ASSESSMENT_CONTESTED_HOST_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_OUTCOME_RECORDED, AG | CO, NULL, SAYS(PLACEMENT_OUTCOME_RECORDED_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_CANCELLED, HO | CO, NULL, SAYS(PLACEMENT_CANCELLED_HOST_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_CANCELLED, PT, NULL, SAYS(PLACEMENT_CANCELLED_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_REMINDED, HO | CO, "end_of_interruption", SAYS(PLACEMENT_REMINDED_END_OF_INTERRUPTION_HOST_COORDINATOR)},
    {MESSAGE_KIND_RECIPIENT_LOST, CO, NULL, SAYS(RECIPIENT_LOST_COORDINATOR)},
    {MESSAGE_KIND_RECIPIENT_MISSED, CO, NULL, SAYS(RECIPIENT_MISSED_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_REMINDED, AG | CO, "outcome", SAYS(PLACEMENT_REMINDED_OUTCOME_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_REMINDED, SU | HO, "day_book", SAYS(PLACEMENT_REMINDED_DAY_BOOK_HOST_SUPERVISOR)},
    {MESSAGE_KIND_PLACEMENT_PERIOD_CHANGED, HO | AG | CO, NULL, SAYS(PLACEMENT_PERIOD_CHANGED_HOST_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_PERIOD_CHANGED, PT, NULL, SAYS(PLACEMENT_PERIOD_CHANGED_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_SUPERVISOR_REPLACED, SU, NULL, SAYS(PLACEMENT_SUPERVISOR_REPLACED_SUPERVISOR)},
    {MESSAGE_KIND_PLACEMENT_SUPERVISOR_REPLACED, PT, NULL, SAYS(PLACEMENT_SUPERVISOR_REPLACED_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_SUPERVISOR_LEFT, PT, NULL, SAYS(PLACEMENT_SUPERVISOR_LEFT_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_SUPERVISOR_LEFT, HO | AG | CO, NULL, SAYS(PLACEMENT_SUPERVISOR_LEFT_HOST_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_SUPERVISOR_REPLACED, HO | AG | CO, NULL, SAYS(PLACEMENT_SUPERVISOR_REPLACED_HOST_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_DAY_DISPUTED, HO | SU | AG | CO, NULL, SAYS(PLACEMENT_DAY_DISPUTED_HOST_AGENCY_SUPERVISOR_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, ME | PT, "accept", SAYS(MENTORSHIP_UNDONE_MENTOR_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, ME | PT | CO, "end", SAYS(MENTORSHIP_UNDONE_END_MENTOR_PARTICIPANT_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, ME | PT, "complete", SAYS(MENTORSHIP_UNDONE_COMPLETE_MENTOR_PARTICIPANT)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, CO, "complete", SAYS(MENTORSHIP_UNDONE_COMPLETE_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, ME | PT | CO, "withdraw", SAYS(MENTORSHIP_UNDONE_WITHDRAW_MENTOR_PARTICIPANT_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, CO, "hold_first_meeting", SAYS(MENTORSHIP_UNDONE_HOLD_FIRST_MEETING_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, ME | PT, NULL, SAYS(UNDONE_FOR)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, CO, "accept", SAYS(MENTORSHIP_UNDONE_ACCEPT_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, CO, "decline", SAYS(MENTORSHIP_UNDONE_DECLINE_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, CO, "hold", SAYS(MENTORSHIP_UNDONE_HOLD_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_UNDONE, CO, NULL, SAYS(UNDONE_DISOWNED)},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, ME | PT, NULL, WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SUBJECT, WORDS_MAIL_RECORDED_FOR_TEXT},
    {MESSAGE_KIND_PLACEMENT_UNDONE, HO | AG | CO, "interrupt", SAYS(PLACEMENT_UNDONE_INTERRUPT_HOST_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, HO | CO, "contest", SAYS(PLACEMENT_UNDONE_CONTEST_HOST_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, AG | CO, "record_outcome", SAYS(PLACEMENT_UNDONE_RECORD_OUTCOME_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, HO | PT | SU | AG | CO, "start", SAYS(PLACEMENT_UNDONE_START_HOST_PARTICIPANT_SUPERVISOR_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, AG | CO, "report_no_show", SAYS(PLACEMENT_UNDONE_REPORT_NO_SHOW_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, HO | PT | AG | CO, "end", SAYS(PLACEMENT_UNDONE_END_HOST_PARTICIPANT_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, PT, "assess", SAYS(PLACEMENT_UNDONE_ASSESS_PARTICIPANT)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, HO | PT | CO, "cancel", SAYS(PLACEMENT_UNDONE_CANCEL_HOST_PARTICIPANT_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, HO | PT | CO, "meet_requirement", SAYS(PLACEMENT_UNDONE_MEET_REQUIREMENT_HOST_PARTICIPANT_COORDINATOR)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, PT | HO | SU, NULL, SAYS(UNDONE_FOR)},
    {MESSAGE_KIND_PLACEMENT_UNDONE, CO, NULL, SAYS(UNDONE_DISOWNED)},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, PT | HO | SU, NULL, WORDS_MAIL_PLACEMENT_RECORDED_FOR_SUBJECT, WORDS_MAIL_RECORDED_FOR_TEXT},
    {MESSAGE_KIND_PERSON_ERASURE_ASKED, CO, NULL, SAYS(PERSON_ERASURE_ASKED_COORDINATOR)},
    {MESSAGE_KIND_PERSON_ERASURE_WITHDRAWN, CO, NULL, SAYS(PERSON_ERASURE_WITHDRAWN_COORDINATOR)},
    {MESSAGE_KIND_PERSON_ERASURE_REFUSED, PN, NULL, SAYS(PERSON_ERASURE_REFUSED_PERSON)},
    {MESSAGE_KIND_PERSON_ERASURE_REMINDED, CO, NULL, SAYS(PERSON_ERASURE_REMINDED_COORDINATOR)},
    {MESSAGE_KIND_PERSON_CLEARANCE_ASKED, CO, NULL, SAYS(PERSON_CLEARANCE_ASKED_COORDINATOR)},
    {MESSAGE_KIND_PROGRAMME_CLEARANCE_MISSED, CO, NULL, SAYS(PROGRAMME_CLEARANCE_MISSED_COORDINATOR)},
    {MESSAGE_KIND_PERSON_CLEARANCE_CONFIRMED, AK, NULL, SAYS(PERSON_CLEARANCE_CONFIRMED_ASKER)},
    {MESSAGE_KIND_PERSON_CLEARANCE_REFUSED, AK, NULL, SAYS(PERSON_CLEARANCE_REFUSED_ASKER)},
    {MESSAGE_KIND_PERSON_CLEARANCE_LAPSED, AK, NULL, SAYS(PERSON_CLEARANCE_LAPSED_ASKER)},
    {MESSAGE_KIND_PERSON_LOWERING_ASKED, CO | AG, NULL, SAYS(PERSON_LOWERING_ASKED_AGENCY_COORDINATOR)},
    {MESSAGE_KIND_PERSON_PROTECTION_CHANGED, AK | AG, NULL, SAYS(PERSON_PROTECTION_CHANGED_AGENCY_ASKER)},
    {MESSAGE_KIND_PERSON_LOWERING_REFUSED, AK | AG, NULL, SAYS(PERSON_LOWERING_REFUSED_AGENCY_ASKER)},
    {MESSAGE_KIND_PERSON_LOWERING_LAPSED, AK | AG, NULL, SAYS(PERSON_LOWERING_LAPSED_AGENCY_ASKER)},
    {MESSAGE_KIND_PERSON_RESTRICTION_ASKED, CO, NULL, SAYS(PERSON_RESTRICTION_ASKED_COORDINATOR)},
    {MESSAGE_KIND_PERSON_RESTRICTION_WITHDRAWN, CO, NULL, SAYS(PERSON_RESTRICTION_WITHDRAWN_COORDINATOR)},
    {MESSAGE_KIND_PERSON_RESTRICTION_REFUSED, PN, NULL, SAYS(PERSON_RESTRICTION_REFUSED_PERSON)},
    {MESSAGE_KIND_PERSON_RESTRICTION_REMINDED, CO, NULL, SAYS(PERSON_RESTRICTION_REMINDED_COORDINATOR)},
    {MESSAGE_KIND_PERSON_RESTRICTED, CO, NULL, SAYS(PERSON_RESTRICTED_COORDINATOR)},
    {MESSAGE_KIND_PERSON_RESTRICTED, PN, NULL, SAYS(PERSON_RESTRICTED_PERSON)},
    {MESSAGE_KIND_PERSON_RESTRICTION_ENDING, PN, NULL, SAYS(PERSON_RESTRICTION_ENDING_PERSON)},
    {MESSAGE_KIND_PERSON_RESTRICTION_LIFTED, CO, NULL, SAYS(PERSON_RESTRICTION_LIFTED_COORDINATOR)},
    {MESSAGE_KIND_PERSON_RESTRICTION_LIFTED, PN, NULL, SAYS(PERSON_RESTRICTION_LIFTED_PERSON)},
    {MESSAGE_KIND_PERSON_FORGETTING_ANNOUNCED, CO, NULL, SAYS(PERSON_FORGETTING_ANNOUNCED_COORDINATOR)},
    {MESSAGE_KIND_PERSON_FORGETTING_ANNOUNCED, PN, NULL, SAYS(PERSON_FORGETTING_ANNOUNCED_PERSON)},
    {MESSAGE_KIND_PERSON_MAILBOX_HELD, PN, NULL, SAYS(PERSON_MAILBOX_HELD_PERSON)},
    {MESSAGE_KIND_PERSON_MAILBOX_TAKEN, PN, NULL, SAYS(PERSON_MAILBOX_TAKEN_PERSON)},
    {MESSAGE_KIND_TOKEN_REMINDED, PN, NULL, SAYS(TOKEN_REMINDED_PERSON)},
    {MESSAGE_KIND_SESSION_REQUESTED, PN, NULL, SAYS(SESSION_REQUESTED_PERSON)},
    {MESSAGE_KIND_TOKEN_REMINDED, CO, NULL, SAYS(TOKEN_REMINDED_COORDINATOR)},
    {MESSAGE_KIND_PERSON_RECORDED_FOR, PN, NULL, WORDS_MAIL_PERSON_RECORDED_FOR_SUBJECT, WORDS_MAIL_RECORDED_FOR_TEXT},
};

/* What somebody said, and another wrote down for them. */
static const struct {
    enum message_kind kind;
    const char *code;
    enum words_key text;
} recorded[] = {
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "ask_info", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_ASK_INFO},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "accept", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_ACCEPT},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "decline", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_DECLINE},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "withdraw", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_WITHDRAW},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "sign_confidentiality", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_SIGN_CONFIDENTIALITY},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "hold_first_meeting", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_HOLD_FIRST_MEETING},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "log_meeting", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_LOG_MEETING},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "correct_meeting", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_CORRECT_MEETING},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "strike_meeting", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_STRIKE_MEETING},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "hold", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_HOLD},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "resume", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_RESUME},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "complete", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_COMPLETE},
    {MESSAGE_KIND_MENTORSHIP_RECORDED_FOR, "end", WORDS_MAIL_MENTORSHIP_RECORDED_FOR_SAID_END},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "meet_requirement", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_MEET_REQUIREMENT},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "lose_requirement", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_LOSE_REQUIREMENT},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "start", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_START},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "report_no_show", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_REPORT_NO_SHOW},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "log_day", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_LOG_DAY},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "strike_day", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_STRIKE_DAY},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "agree_day", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_AGREE_DAY},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "dispute_day", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_DISPUTE_DAY},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "interrupt", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_INTERRUPT},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "resume", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_RESUME},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "end", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_END},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "assess", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_ASSESS},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "agree", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_AGREE},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "contest", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_CONTEST},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "record_outcome", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_RECORD_OUTCOME},
    {MESSAGE_KIND_PLACEMENT_RECORDED_FOR, "cancel", WORDS_MAIL_PLACEMENT_RECORDED_FOR_SAID_CANCEL},
    {MESSAGE_KIND_PERSON_RECORDED_FOR, "ask_erasure", WORDS_MAIL_PERSON_RECORDED_FOR_SAID_ASK_ERASURE},
    {MESSAGE_KIND_PERSON_RECORDED_FOR, "withdraw_erasure", WORDS_MAIL_PERSON_RECORDED_FOR_SAID_WITHDRAW_ERASURE},
    {MESSAGE_KIND_PERSON_RECORDED_FOR, "ask_restriction", WORDS_MAIL_PERSON_RECORDED_FOR_SAID_ASK_RESTRICTION},
    {MESSAGE_KIND_PERSON_RECORDED_FOR, "withdraw_restriction", WORDS_MAIL_PERSON_RECORDED_FOR_SAID_WITHDRAW_RESTRICTION},
    {MESSAGE_KIND_PERSON_RECORDED_FOR, "give_consent", WORDS_MAIL_PERSON_RECORDED_FOR_SAID_GIVE_CONSENT},
    {MESSAGE_KIND_PERSON_RECORDED_FOR, "withdraw_consent", WORDS_MAIL_PERSON_RECORDED_FOR_SAID_WITHDRAW_CONSENT},
};

/* Why somebody is not erased, or what is known of them is used all the same. */
static const struct {
    enum message_kind kind;
    const char *code;
    enum words_key text;
} refusals[] = {
    {MESSAGE_KIND_PERSON_ERASURE_REFUSED, "legal_obligation", WORDS_MAIL_PERSON_ERASURE_REFUSED_REASON_LEGAL_OBLIGATION},
    {MESSAGE_KIND_PERSON_ERASURE_REFUSED, "legal_claims", WORDS_MAIL_PERSON_ERASURE_REFUSED_REASON_LEGAL_CLAIMS},
    {MESSAGE_KIND_PERSON_ERASURE_REFUSED, "not_identified", WORDS_MAIL_PERSON_ERASURE_REFUSED_REASON_NOT_IDENTIFIED},
    {MESSAGE_KIND_PERSON_ERASURE_REFUSED, "other", WORDS_MAIL_PERSON_ERASURE_REFUSED_REASON_OTHER},
    {MESSAGE_KIND_PERSON_RESTRICTION_REFUSED, "accurate", WORDS_MAIL_PERSON_RESTRICTION_REFUSED_REASON_ACCURATE},
    {MESSAGE_KIND_PERSON_RESTRICTION_REFUSED, "lawful", WORDS_MAIL_PERSON_RESTRICTION_REFUSED_REASON_LAWFUL},
    {MESSAGE_KIND_PERSON_RESTRICTION_REFUSED, "overriding", WORDS_MAIL_PERSON_RESTRICTION_REFUSED_REASON_OVERRIDING},
    {MESSAGE_KIND_PERSON_RESTRICTION_REFUSED, "not_identified", WORDS_MAIL_PERSON_ERASURE_REFUSED_REASON_NOT_IDENTIFIED},
    {MESSAGE_KIND_PERSON_RESTRICTION_REFUSED, "other", WORDS_MAIL_PERSON_ERASURE_REFUSED_REASON_OTHER},
};

/* Why somebody is not cleared, or not hidden less. */
static const struct {
    const char *code;
    enum words_key text;
} objections[] = {
    {"unfounded", WORDS_MAIL_PERSON_REFUSED_REASON_UNFOUNDED},
    {"not_needed", WORDS_MAIL_PERSON_REFUSED_REASON_NOT_NEEDED},
    {"mistake", WORDS_MAIL_PERSON_REFUSED_REASON_MISTAKE},
    {"other", WORDS_MAIL_PERSON_REFUSED_REASON_OTHER},
};
/* clang-format on */

/* A club's coordinators read what the programme's do; and who is cleared, where there is nothing for them alone. */
static const struct saying *find(const struct message *message)
{
    const bool is_coordinators =
        message->audience == MESSAGE_AUDIENCE_CLUB || message->audience == MESSAGE_AUDIENCE_CLEARED;
    const enum message_audience audience =
        is_coordinators ? MESSAGE_AUDIENCE_COORDINATOR : message->audience;
    const unsigned as = 1u << audience | 1u << message->audience;

    for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++) {
        const struct saying *saying = &sayings[i];

        if (saying->kind != message->kind || (saying->to & as) == 0) continue;
        if (saying->code == NULL || (message->has_code && strcmp(saying->code, message->code) == 0))
            return saying;
    }
    return NULL;
}

/* A paragraph. */
static void say(struct words_room *text, enum language language, enum words_key key,
                const struct words_value *values)
{
    words_say(text, language, key, values);
    words_add(text, "\n\n");
}

/* A name that is one line; anything else is none. */
static bool is_name(const char *name)
{
    for (const char *c = name; *c != 0; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F) return false;
    return *name != 0;
}

static void greet(struct words_room *text, enum language language, const char *name)
{
    if (is_name(name))
        say(text, language, WORDS_MAIL_HELLO_NAME, WORDS(words_text("name", name)));
    else
        say(text, language, WORDS_MAIL_HELLO, NULL);
}

/* Where it is shown, on a line of its own, so that every program that shows mails knows where the address ends. */
static void write_link(struct words_room *text, enum language language, const char *link)
{
    if (link[0] == '\0') return;
    words_say(text, language, WORDS_MAIL_LINK, NULL);
    words_add(text, "\n");
    words_add(text, link);
    words_add(text, "\n\n");
}

static void write_protected(struct words_room *subject, struct words_room *text,
                            enum language language, const struct wording_part *parts, size_t count)
{
    words_say(subject, language, WORDS_MAIL_PROTECTED_SUBJECT, NULL);
    greet(text, language, "");
    say(text, language, WORDS_MAIL_PROTECTED_TEXT, NULL);
    for (size_t i = 0; i < count; i++)
        write_link(text, language, parts[i].link);
}

/* A code tells nothing of whose it is, and nobody else has asked for it: it is sent to who is protected too. */
static void write_code(struct words_room *subject, struct words_room *text,
                       const struct wording_reader *reader, const struct saying *saying)
{
    words_say(subject, reader->language, saying->subject, NULL);
    greet(text, reader->language, reader->is_protected ? "" : reader->name);
    say(text, reader->language, saying->text, WORDS(words_text("code", reader->code)));
}

/* A line for each thing that is asked for. */
static void write_asks(struct words_room *text, enum language language,
                       const struct referral_asks *asks)
{
    static const enum words_key keys[] = {
        [REFERRAL_INFO_CONTACT] = WORDS_INFO_CONTACT,
        [REFERRAL_INFO_BIRTH_DATE] = WORDS_INFO_BIRTH_DATE,
        [REFERRAL_INFO_MUNICIPALITY] = WORDS_INFO_MUNICIPALITY,
        [REFERRAL_INFO_LANGUAGES] = WORDS_INFO_LANGUAGES,
        [REFERRAL_INFO_OCCUPATIONS] = WORDS_INFO_OCCUPATIONS,
        [REFERRAL_INFO_GOALS] = WORDS_INFO_GOALS,
        [REFERRAL_INFO_CONSENT] = WORDS_INFO_CONSENT,
        [REFERRAL_INFO_OTHER] = WORDS_INFO_OTHER,
    };

    words_say(text, language, WORDS_MAIL_ASKS, NULL);
    for (uint32_t i = 0; i < asks->count; i++) {
        words_add(text, "\n- ");
        words_say(text, language, keys[asks->at[i]], NULL);
    }
    words_add(text, "\n\n");
}

static void write_about(struct words_room *text, enum language language,
                        const struct message *message)
{
    char date[DATE_TEXT_SIZE], id[ID_TEXT_SIZE];

    date_write(zone_last_date(message->country, message->until), date);
    id_write(message->about, id);
    if (message->has_asks) write_asks(text, language, &message->asks);
    if (message->has_until) say(text, language, WORDS_MAIL_UNTIL, WORDS(words_text("date", date)));
    say(text, language, WORDS_MAIL_REFERENCE, WORDS(words_text("id", id)));
}

static void write_recorded(struct words_room *text, enum language language,
                           const struct message *message)
{
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++)
        if (recorded[i].kind == message->kind && message->has_code &&
            strcmp(recorded[i].code, message->code) == 0)
            say(text, language, recorded[i].text, NULL);
}

/* What was written down for them, or no longer is. */
static void write_word(struct words_room *text, enum language language, enum words_key said,
                       const struct message *message)
{
    struct message as_recorded = *message;

    if (message->kind == MESSAGE_KIND_MENTORSHIP_UNDONE)
        as_recorded.kind = MESSAGE_KIND_MENTORSHIP_RECORDED_FOR;
    if (message->kind == MESSAGE_KIND_PLACEMENT_UNDONE)
        as_recorded.kind = MESSAGE_KIND_PLACEMENT_RECORDED_FOR;
    if (said == WORDS_MAIL_RECORDED_FOR_TEXT) {
        write_recorded(text, language, &as_recorded);
        say(text, language, WORDS_MAIL_RECORDED_FOR_IF_WRONG, NULL);
    }
    if (said == WORDS_MAIL_UNDONE_FOR_TEXT) {
        write_recorded(text, language, &as_recorded);
        say(text, language, WORDS_MAIL_UNDONE_FOR_IF_WRONG, NULL);
    }
}

/* Whoever is refused is told why, and where they can complain: GDPR, article 12(4). */
static void write_refused(struct words_room *text, enum language language,
                          const struct message *message)
{
    if (message->kind != MESSAGE_KIND_PERSON_ERASURE_REFUSED &&
        message->kind != MESSAGE_KIND_PERSON_RESTRICTION_REFUSED)
        return;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (refusals[i].kind == message->kind && message->has_code &&
            strcmp(refusals[i].code, message->code) == 0)
            say(text, language, refusals[i].text, NULL);
    say(text, language, WORDS_MAIL_PERSON_ERASURE_REFUSED_COMPLAINT, NULL);
}

/* Whoever asked is told why not. */
static void write_objection(struct words_room *text, enum language language,
                            const struct message *message)
{
    if (message->kind != MESSAGE_KIND_PERSON_CLEARANCE_REFUSED &&
        message->kind != MESSAGE_KIND_PERSON_LOWERING_REFUSED)
        return;
    for (size_t i = 0; i < sizeof objections / sizeof objections[0]; i++)
        if (message->has_code && strcmp(objections[i].code, message->code) == 0)
            say(text, language, objections[i].text, NULL);
}

bool wording_has(const struct message *message)
{
    return find(message) != NULL;
}

/* What there is to say of one thing. */
static void write_part(struct words_room *text, enum language language,
                       const struct wording_part *part, const struct saying *saying)
{
    say(text, language, saying->text, NULL);
    write_word(text, language, saying->text, part->message);
    write_refused(text, language, part->message);
    write_objection(text, language, part->message);
    write_about(text, language, part->message);
    write_link(text, language, part->link);
}

static void end(struct words_room *text, const struct wording_reader *reader)
{
    words_say(text, reader->language, WORDS_MAIL_REGARDS, NULL);
    words_add(text, "\n");
    words_add(text, reader->programme);
    words_add(text, "\n");
}

static void write_parts(struct words_room *text, const struct wording_reader *reader,
                        const struct wording_part *parts, size_t count)
{
    char subject[WORDING_SUBJECT_SIZE], number[24];

    for (size_t i = 0; i < count; i++) {
        struct words_room room = words_begin(subject, sizeof subject);
        const struct saying *saying = find(parts[i].message);

        words_say(&room, reader->language, saying->subject, NULL);
        snprintf(number, sizeof number, "%zu", i + 1);
        say(text, reader->language, WORDS_MAIL_JOINED_PART,
            WORDS(words_text("number", number), words_text("subject", subject)));
        write_part(text, reader->language, &parts[i], saying);
    }
}

static bool is_said_alike(const struct wording_part *parts, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (find(parts[i].message) != find(parts[0].message)) return false;
    return true;
}

/* Several things: each with its number and subject before it. */
static void write_joined(struct words_room *subject, struct words_room *text,
                         const struct wording_reader *reader, const struct wording_part *parts,
                         size_t count)
{
    if (is_said_alike(parts, count))
        words_say(subject, reader->language, find(parts[0].message)->subject, NULL);
    else
        words_say(subject, reader->language, WORDS_MAIL_JOINED_SUBJECT,
                  WORDS(words_text("programme", reader->programme),
                        words_count("things", WORDS_COUNT_THINGS, (long long)count)));
    greet(text, reader->language, reader->name);
    say(text, reader->language, WORDS_MAIL_JOINED_TEXT, NULL);
    write_parts(text, reader, parts, count);
    end(text, reader);
}

bool wording_write(const struct wording_part *parts, size_t count,
                   const struct wording_reader *reader, struct wording *wording)
{
    const struct saying *saying = find(parts[0].message);
    struct words_room subject = words_begin(wording->subject, sizeof wording->subject);
    struct words_room text = words_begin(wording->text, sizeof wording->text);

    for (size_t i = 0; i < count; i++)
        if (!wording_has(parts[i].message)) return false;
    if (parts[0].message->kind == MESSAGE_KIND_SESSION_REQUESTED) {
        write_code(&subject, &text, reader, saying);
    } else if (reader->is_protected) {
        write_protected(&subject, &text, reader->language, parts, count);
    } else if (count > 1) {
        write_joined(&subject, &text, reader, parts, count);
    } else {
        words_say(&subject, reader->language, saying->subject, NULL);
        greet(&text, reader->language, reader->name);
        write_part(&text, reader->language, &parts[0], saying);
        end(&text, reader);
    }
    assert(!subject.is_cut && !text.is_cut);
    return true;
}
