/* Which texts each message has, and the letter that is made of them. */
#include "wording.h"

#include <assert.h>
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
    ME = TO(MENTOR),      HO = TO(HOST),   SU = TO(SUPERVISOR)
};

/* The first that fits is said. */
static const struct saying sayings[] = {
    {MESSAGE_KIND_REFERRAL_RECEIVED, CO, NULL, SAYS(REFERRAL_RECEIVED_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_ACCEPTED, PT, NULL, SAYS(REFERRAL_ACCEPTED_PARTICIPANT)},
    {MESSAGE_KIND_REFERRAL_COMPLETED, CO, NULL, SAYS(REFERRAL_COMPLETED_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_CANCELLED, CO, NULL, SAYS(REFERRAL_CANCELLED_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_INFO_ASKED, AG, NULL, SAYS(REFERRAL_INFO_ASKED_AGENCY)},
    {MESSAGE_KIND_REFERRAL_INFO_GIVEN, CO, NULL, SAYS(REFERRAL_INFO_GIVEN_COORDINATOR)},
    {MESSAGE_KIND_REFERRAL_REMINDED, AG, NULL, SAYS(REFERRAL_REMINDED_AGENCY)},
    {MESSAGE_KIND_REFERRAL_EXPIRED, CO, NULL, SAYS(REFERRAL_EXPIRED_COORDINATOR)},
    {MESSAGE_KIND_MENTOR_OVER_CAPACITY, CO, NULL, SAYS(MENTOR_OVER_CAPACITY_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_PROPOSED, CO, NULL, SAYS(MENTORSHIP_PROPOSED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_OFFERED, ME, NULL, SAYS(MENTORSHIP_OFFERED_MENTOR)},
    {MESSAGE_KIND_MENTORSHIP_INFO_ASKED, CO, NULL, SAYS(MENTORSHIP_INFO_ASKED_COORDINATOR)},
    {MESSAGE_KIND_MENTORSHIP_REMINDED, ME, "answer", SAYS(MENTORSHIP_REMINDED_ANSWER_MENTOR)},
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
    {MESSAGE_KIND_PLACEMENT_REMINDED, AG | CO, "outcome", SAYS(PLACEMENT_REMINDED_OUTCOME_AGENCY_COORDINATOR)},
};
/* clang-format on */

static const struct saying *find(const struct message *message)
{
    for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++) {
        const struct saying *saying = &sayings[i];

        if (saying->kind != message->kind || (saying->to & 1u << message->audience) == 0) continue;
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

static void write_protected(struct words_room *subject, struct words_room *text,
                            enum language language)
{
    words_say(subject, language, WORDS_MAIL_PROTECTED_SUBJECT, NULL);
    greet(text, language, "");
    words_say(text, language, WORDS_MAIL_PROTECTED_TEXT, NULL);
    words_add(text, "\n");
}

static void write_about(struct words_room *text, enum language language,
                        const struct message *message)
{
    char date[DATE_TEXT_SIZE], id[ID_TEXT_SIZE];

    date_write(zone_last_date(message->country, message->until), date);
    id_write(message->about, id);
    if (message->has_until) say(text, language, WORDS_MAIL_UNTIL, WORDS(words_text("date", date)));
    say(text, language, WORDS_MAIL_REFERENCE, WORDS(words_text("id", id)));
}

bool wording_write(const struct message *message, enum language language, const char *name,
                   const char *programme, bool is_protected, struct wording *wording)
{
    const struct saying *saying = find(message);
    struct words_room subject = words_begin(wording->subject, sizeof wording->subject);
    struct words_room text = words_begin(wording->text, sizeof wording->text);

    if (saying == NULL) return false;
    if (is_protected) {
        write_protected(&subject, &text, language);
        return true;
    }
    words_say(&subject, language, saying->subject, NULL);
    greet(&text, language, name);
    say(&text, language, saying->text, NULL);
    write_about(&text, language, message);
    words_say(&text, language, WORDS_MAIL_REGARDS, NULL);
    words_add(&text, "\n");
    words_add(&text, programme);
    words_add(&text, "\n");
    assert(!subject.is_cut && !text.is_cut);
    return true;
}
