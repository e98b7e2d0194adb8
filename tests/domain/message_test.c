/* Who is told of what, and in which words. */
#include <stdio.h>
#include <string.h>

#include "test.h"

#include "message/message.h"
#include "outside/mime.h"
#include "tenant/tenant.h"
#include "wording.h"
#include "words/words.h"

static const struct instant now = {1795341600000}, until = {1795946400000}; /* a week later */
static const struct instant morning = {1795413600000};                      /* at seven */
static const struct id about = {"about"}, programme = {"programme"}, referral = {"referral"},
                       person = {"person"}, mentor = {"mentor"}, host = {"host"},
                       supervisor = {"supervisor"}, first = {"endpoint 1"}, second = {"endpoint 2"};

/* An event that says all it can. */

static void set(char *body, const struct field *field)
{
    static const struct {
        const char *name;
        const struct id *id;
    } ids[] = {{"referral", &referral}, {"participant", &person}, {"person", &person},
               {"mentor", &mentor},     {"host", &host},          {"supervisor", &supervisor}};

    if (field->present != NO_FLAG) *(bool *)(body + field->present) = true;
    if (field->type == FIELD_INSTANT && strcmp(field->name, "due") == 0)
        memcpy(body + field->offset, &until, sizeof until);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0] && field->type == FIELD_ID; i++)
        if (strcmp(field->name, ids[i].name) == 0)
            memcpy(body + field->offset, ids[i].id, sizeof *ids[i].id);
}

static struct message_input input(enum message_input_type type)
{
    const struct descriptor *event = message_contract.subscriptions[type].event;
    struct message_input in = {.type = type};

    in.head.at = now;
    in.head.programme = programme;
    in.head.id = about;
    in.head.ids[0] = (struct id){"fresh"};
    for (size_t i = 0; i < event->count; i++)
        set((char *)&in + message_contract.input_body, &event->fields[i]);
    return in;
}

static struct message_case everything(void)
{
    struct message_case c = {.request = {.state = REQUEST_STATE_ACCEPTED}};

    c.matter.sequence = 7;
    c.outlets.count = 2;
    c.outlets.at[0] = first;
    c.outlets.at[1] = second;
    return c;
}

static const struct message_events *decide(const struct message_case *c,
                                           const struct message_input *in)
{
    static struct message_events out;
    struct error err;

    out.count = 0;
    assert_true(message_decide(c, in, &out, &err));
    return &out;
}

/* Audiences as letters, in the order of their enum: Coordinator partner(W) aGency Participant Mentor
 * Host Supervisor club(K) persOn Asker cLeared. */
static const char *told(const struct message_case *c, const struct message_input *in)
{
    static char letters[32];
    const struct message_events *out = decide(c, in);

    for (size_t i = 0; i < out->count; i++)
        letters[i] = "CWGPMHSKOAL"[out->at[i].message_queued.audience];
    letters[out->count] = 0;
    return letters;
}

/* Who is told. */

/* Of each event, when everybody could be told. */
static const struct {
    enum message_input_type type;
    const char *told;
} matrix[] = {
    {MESSAGE_ON_REFERRAL_RECEIVED, "C"},
    {MESSAGE_ON_REFERRAL_ACCEPTED, "WWP"},
    {MESSAGE_ON_REFERRAL_UNDONE, "WWP"},
    {MESSAGE_ON_REFERRAL_REJECTED, "WW"},
    {MESSAGE_ON_REFERRAL_WAITLISTED, "WW"},
    {MESSAGE_ON_REFERRAL_MATCHED, "WW"},
    {MESSAGE_ON_REFERRAL_STARTED, "WW"},
    {MESSAGE_ON_REFERRAL_COMPLETED, "CWW"},
    {MESSAGE_ON_REFERRAL_HELD, "WW"},
    {MESSAGE_ON_REFERRAL_RESUMED, "WW"},
    {MESSAGE_ON_REFERRAL_FAILED, "WW"},
    {MESSAGE_ON_REFERRAL_CANCELLED, "CWW"},
    {MESSAGE_ON_REFERRAL_INFO_ASKED, "WWG"},
    {MESSAGE_ON_REFERRAL_INFO_GIVEN, "C"},
    {MESSAGE_ON_REFERRAL_REMINDED, "WWG"},
    {MESSAGE_ON_REFERRAL_EXPIRED, "CWW"},
    {MESSAGE_ON_REFERRAL_DUPLICATE_LINKED, "WW"},
    {MESSAGE_ON_REFERRAL_ENTERED_IN_ERROR, "WW"},
    {MESSAGE_ON_REFERRAL_REOPENED, "WWCGP"},  /* what has to be decided about: see below */
    {MESSAGE_ON_REFERRAL_HANDED_OVER, "CKP"}, /* the club that takes over */
    {MESSAGE_ON_REFERRAL_MAILBOX_HELD, "CG"},
    {MESSAGE_ON_ENDPOINT_TESTED, "W"}, /* that one alone: see below */
    {MESSAGE_ON_MENTEE_WISHES_MISSED, "CP"},
    {MESSAGE_ON_MENTOR_OVER_CAPACITY, "C"},
    {MESSAGE_ON_MENTOR_OFFERS_MISSED, "CO"},
    {MESSAGE_ON_MENTORSHIP_PROPOSED, "C"},
    {MESSAGE_ON_MENTORSHIP_OFFERED, "M"},
    {MESSAGE_ON_MENTORSHIP_INFO_ASKED, "C"},
    {MESSAGE_ON_MENTORSHIP_INFO_GIVEN, "M"},
    {MESSAGE_ON_MENTORSHIP_REMINDED, "M"}, /* of an answer: see below */
    {MESSAGE_ON_MENTORSHIP_ACCEPTED, "CPM"},
    {MESSAGE_ON_MENTORSHIP_DECLINED, "C"},
    {MESSAGE_ON_MENTORSHIP_EXPIRED, "CMP"},
    {MESSAGE_ON_MENTORSHIP_AGREED, "PM"},
    {MESSAGE_ON_MENTORSHIP_STARTED, "C"},
    {MESSAGE_ON_MENTORSHIP_HELD, "C"},
    {MESSAGE_ON_MENTORSHIP_HOLD_OVERDUE, "C"},
    {MESSAGE_ON_MENTORSHIP_COMPLETED, "CPM"},
    {MESSAGE_ON_MENTORSHIP_ENDED, "CPM"},
    {MESSAGE_ON_MENTORSHIP_WITHDRAWN, "CMP"},
    {MESSAGE_ON_MENTORSHIP_SUPERSEDED, "M"},
    {MESSAGE_ON_PLACEMENT_PLANNED, "CPH"},
    {MESSAGE_ON_PLACEMENT_REQUIREMENT_MET, ""}, /* not the supervisor: see below */
    {MESSAGE_ON_PLACEMENT_READIED, "CPH"},
    {MESSAGE_ON_PLACEMENT_REQUIREMENT_LOST, "CH"},
    {MESSAGE_ON_PLACEMENT_STARTED, "CGPHS"},
    {MESSAGE_ON_PLACEMENT_NO_SHOW_REPORTED, "CG"},
    {MESSAGE_ON_PLACEMENT_INTERRUPTED, "CGH"},
    {MESSAGE_ON_PLACEMENT_COMPLETED, "CGPH"},
    {MESSAGE_ON_PLACEMENT_ENDED, "CGPH"},
    {MESSAGE_ON_PLACEMENT_ASSESSED, "P"},
    {MESSAGE_ON_PLACEMENT_ASSESSMENT_CONTESTED, "CH"},
    {MESSAGE_ON_PLACEMENT_OUTCOME_RECORDED, "CG"},
    {MESSAGE_ON_PLACEMENT_CANCELLED, "CPH"},
    {MESSAGE_ON_PLACEMENT_REMINDED, "CH"}, /* of an interruption's end: see below */
    {MESSAGE_ON_PLACEMENT_PERIOD_CHANGED, "CGPH"},
    {MESSAGE_ON_PLACEMENT_SUPERVISOR_REPLACED, "CGPHS"},
    {MESSAGE_ON_PLACEMENT_SUPERVISOR_LEFT, "CGPH"},
    {MESSAGE_ON_PLACEMENT_DAY_DISPUTED, "GS"},
    {MESSAGE_ON_RECIPIENT_LOST, "C"},
    {MESSAGE_ON_RECIPIENT_MISSED, "C"},
    {MESSAGE_ON_MENTORSHIP_RECORDED_FOR, "M"}, /* the mentor's: see below */
    {MESSAGE_ON_PLACEMENT_RECORDED_FOR, ""},
    {MESSAGE_ON_MENTORSHIP_UNDONE, "M"},  /* of a question of the mentor's: see below */
    {MESSAGE_ON_PLACEMENT_UNDONE, "PHC"}, /* of what had made it ready */
    {MESSAGE_ON_PERSON_ERASURE_ASKED, "C"},
    {MESSAGE_ON_PERSON_ERASURE_WITHDRAWN, "C"},
    {MESSAGE_ON_PERSON_ERASURE_REFUSED, "O"},
    {MESSAGE_ON_PERSON_ERASURE_REMINDED, "C"},
    {MESSAGE_ON_PERSON_RECORDED_FOR, "O"},
    {MESSAGE_ON_PERSON_ERASED, "WW"},
    {MESSAGE_ON_PERSON_CLEARANCE_ASKED, "C"},
    {MESSAGE_ON_PERSON_CLEARANCE_CONFIRMED, "A"},
    {MESSAGE_ON_PERSON_CLEARANCE_REFUSED, "A"},
    {MESSAGE_ON_PERSON_CLEARANCE_LAPSED, "A"},
    {MESSAGE_ON_PERSON_LOWERING_ASKED, "CG"},
    {MESSAGE_ON_PERSON_HIDDEN, "CG"},
    {MESSAGE_ON_PROGRAMME_CLEARANCE_MISSED, "C"},
    {MESSAGE_ON_MENTORSHIP_RELIEVED, "M"},
    {MESSAGE_ON_PLACEMENT_RELIEVED, "SH"},
    {MESSAGE_ON_PERSON_PROTECTION_CHANGED, "A"}, /* of what nobody asked: see below */
    {MESSAGE_ON_PERSON_LOWERING_REFUSED, "A"},
    {MESSAGE_ON_PERSON_LOWERING_LAPSED, "A"},
    {MESSAGE_ON_PERSON_RESTRICTION_ASKED, "C"},
    {MESSAGE_ON_PERSON_RESTRICTION_WITHDRAWN, "C"},
    {MESSAGE_ON_PERSON_RESTRICTION_REFUSED, "O"},
    {MESSAGE_ON_PERSON_RESTRICTION_REMINDED, "C"},
    {MESSAGE_ON_PERSON_RESTRICTED, "COWW"},
    {MESSAGE_ON_PERSON_RESTRICTION_ENDING, "O"},
    {MESSAGE_ON_PERSON_RESTRICTION_LIFTED, "COWW"},
    {MESSAGE_ON_PERSON_FORGETTING_ANNOUNCED, "CO"},
    {MESSAGE_ON_PERSON_MAILBOX_HELD, "O"},
    {MESSAGE_ON_PERSON_MAILBOX_TAKEN, "O"},
    {MESSAGE_ON_TOKEN_REMINDED, "O"}, /* a person's: see below */
    {MESSAGE_ON_SESSION_REQUESTED, "O"},
};

static const char *name_of(unsigned type)
{
    return message_contract.subscriptions[type].event->name;
}

static const char *told_by_matrix(unsigned type)
{
    for (size_t i = 0; i < sizeof matrix / sizeof matrix[0]; i++)
        if (matrix[i].type == type) return matrix[i].told;
    return NULL;
}

static void every_event_is_told_to_these(void **unused)
{
    const struct message_case c = everything();

    (void)unused;
    for (unsigned i = 0; i < MESSAGE_INPUTS; i++) {
        const struct message_input in = input(i);
        const char *expected = told_by_matrix(i), *is = told(&c, &in);

        if (expected == NULL) fail_msg("%s has no row in the matrix", name_of(i));
        if (strcmp(is, expected) != 0)
            fail_msg("%s is told to %s, the matrix says %s", name_of(i), is, expected);
    }
}

enum { KINDS = sizeof message_kind_words / sizeof message_kind_words[0] - 1 };

static bool is_kind(const char *name)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(message_kind_words[i], name) == 0) return true;
    return false;
}

static void a_kind_is_called_as_its_event_is(void **unused)
{
    (void)unused;
    if (message_contract.subscription_count != KINDS)
        fail_msg("%zu events are subscribed to, and there are %zu kinds",
                 (size_t)message_contract.subscription_count, (size_t)KINDS);
    for (unsigned i = 0; i < MESSAGE_INPUTS; i++) {
        char name[64];

        snprintf(name, sizeof name, "%s", name_of(i));
        name[strcspn(name, ".")] = '_';
        if (!is_kind(name)) fail_msg("%s has no kind", name_of(i));
    }
}

static void reminders_go_to_those_who_are_waited_for(void **unused)
{
    static const char *const mentorship[] = {"M", "PM", "PM", "CM", "C"};
    static const char *const placement[] = {"CH", "CG", "HS"};
    const struct message_case c = everything();

    (void)unused;
    for (unsigned i = 0; i < sizeof mentorship / sizeof mentorship[0]; i++) {
        struct message_input in = input(MESSAGE_ON_MENTORSHIP_REMINDED);

        in.mentorship_reminded.awaited = i;
        assert_string_equal(told(&c, &in), mentorship[i]);
    }
    for (unsigned i = 0; i < sizeof placement / sizeof placement[0]; i++) {
        struct message_input in = input(MESSAGE_ON_PLACEMENT_REMINDED);

        in.placement_reminded.awaited = i;
        assert_string_equal(told(&c, &in), placement[i]);
    }
}

static void who_is_written_down_for_hears_of_it(void **unused)
{
    static const char *const mentorship[] = {"M", "P", "", ""};
    static const char *const placement[] = {"", "P", "H", "S"};
    const struct message_case c = everything();

    (void)unused;
    for (unsigned of = VOICE_MENTOR; of <= VOICE_SUPERVISOR; of++) {
        struct message_input one = input(MESSAGE_ON_MENTORSHIP_RECORDED_FOR);
        struct message_input other = input(MESSAGE_ON_PLACEMENT_RECORDED_FOR);

        one.mentorship_recorded_for.of = other.placement_recorded_for.of = of;
        assert_string_equal(told(&c, &one), mentorship[of]);
        assert_string_equal(told(&c, &other), placement[of]);
    }
}

enum { NOBODY = -1 };

static void who_heard_of_a_step_hears_that_it_is_taken_back(void **unused)
{
    static const struct {
        enum mentorship_said step;
        int of; /* for whom it was written down */
        bool disowned;
        const char *told;
    } rows[] = {{MENTORSHIP_SAID_ACCEPT, NOBODY, false, "MPC"},
                {MENTORSHIP_SAID_ACCEPT, VOICE_MENTOR, false, "MPC"},
                {MENTORSHIP_SAID_DECLINE, NOBODY, false, "C"},
                {MENTORSHIP_SAID_HOLD, NOBODY, false, "C"},
                {MENTORSHIP_SAID_HOLD, VOICE_PARTICIPANT, false, "PC"},
                {MENTORSHIP_SAID_RESUME, NOBODY, false, ""},
                {MENTORSHIP_SAID_WITHDRAW, NOBODY, false, "MPC"},
                {MENTORSHIP_SAID_HOLD_FIRST_MEETING, NOBODY, false, "C"},
                {MENTORSHIP_SAID_HOLD_FIRST_MEETING, VOICE_MENTOR, false, "MC"},
                {MENTORSHIP_SAID_COMPLETE, NOBODY, false, "MPC"},
                {MENTORSHIP_SAID_END, NOBODY, false, "MPC"},
                {MENTORSHIP_SAID_LOG_MEETING, NOBODY, false, ""},
                {MENTORSHIP_SAID_LOG_MEETING, VOICE_MENTOR, false, "M"},
                {MENTORSHIP_SAID_LOG_MEETING, VOICE_PARTICIPANT, true, "PC"}};
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_MENTORSHIP_UNDONE);

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mentorship_undone *said = &in.mentorship_undone;

        said->step = rows[i].step;
        said->was = MENTORSHIP_STATE_COMPLETED;
        said->has_of = rows[i].of != NOBODY;
        said->of = (enum voice)(said->has_of ? rows[i].of : 0);
        said->has_disowned = said->disowned = rows[i].disowned;
        assert_string_equal(told(&c, &in), rows[i].told);
    }
    in.mentorship_undone = (struct mentorship_undone){.step = MENTORSHIP_SAID_COMPLETE,
                                                      .was = MENTORSHIP_STATE_ACTIVE};
    assert_string_equal(told(&c, &in), ""); /* that one had said so, nobody was told */
}

/* Whom a correction would not correct anything for; of who heard nothing the sender finds out. */
static const char *corrected(const struct message_input *in, const char *as)
{
    static char uncorrected[MESSAGE_AUDIENCE_CLEARED + 2];
    const struct message_case c = everything();
    const struct message_events *out = decide(&c, in);
    size_t count = 0;

    for (size_t i = 0; i < out->count; i++) {
        const struct message_queued *said = &out->at[i].message_queued;

        if (!said->has_corrects)
            uncorrected[count++] = message_audience_words[said->audience][0];
        else
            assert_string_equal(message_kind_words[said->corrects], as);
    }
    uncorrected[count] = 0;
    return uncorrected;
}

static void a_correction_names_what_told_of_the_step(void **unused)
{
    struct message_input of_referral = input(MESSAGE_ON_REFERRAL_UNDONE),
                         of_mentorship = input(MESSAGE_ON_MENTORSHIP_UNDONE),
                         of_placement = input(MESSAGE_ON_PLACEMENT_UNDONE),
                         held = input(MESSAGE_ON_MENTORSHIP_HELD);

    (void)unused;
    of_referral.referral_undone.step = REFERRAL_DECIDED_ACCEPT;
    assert_string_equal(corrected(&of_referral, "referral_accepted"), "pp"); /* two systems */
    of_referral.referral_undone.step = REFERRAL_DECIDED_ASK_INFO;
    assert_string_equal(corrected(&of_referral, "referral_info_asked"), "pp");
    of_mentorship.mentorship_undone =
        (struct mentorship_undone){.step = MENTORSHIP_SAID_HOLD, .state = 0};
    assert_string_equal(corrected(&of_mentorship, "mentorship_held"), "");
    of_mentorship.mentorship_undone.step = MENTORSHIP_SAID_LOG_MEETING;
    of_mentorship.mentorship_undone.has_of = true;
    of_mentorship.mentorship_undone.of = VOICE_MENTOR;
    assert_string_equal(corrected(&of_mentorship, "mentorship_recorded_for"), "");
    of_mentorship.mentorship_undone.has_disowned = of_mentorship.mentorship_undone.disowned = true;
    assert_string_equal(corrected(&of_mentorship, "mentorship_recorded_for"), "c");
    of_placement.placement_undone.step = PLACEMENT_SAID_CANCEL;
    of_placement.placement_undone.has_state = false;
    assert_string_equal(corrected(&of_placement, "placement_cancelled"), "");
    of_placement.placement_undone =
        (struct placement_undone){.step = PLACEMENT_SAID_MEET_REQUIREMENT, .has_state = true};
    assert_string_equal(corrected(&of_placement, "placement_readied"), "");
    of_placement.placement_undone.has_state = false;
    of_placement.placement_undone.has_of = true;
    of_placement.placement_undone.of = VOICE_SUPERVISOR;
    assert_string_equal(corrected(&of_placement, "placement_recorded_for"), "");
    assert_string_equal(corrected(&held, "nothing"), "c");
}

static void a_correction_is_of_what_the_same_reader_was_told_before(void **unused)
{
    const struct message correction = {.audience = MESSAGE_AUDIENCE_MENTOR,
                                       .has_corrects = true,
                                       .corrects = MESSAGE_KIND_MENTORSHIP_ACCEPTED,
                                       .has_code = true,
                                       .code = "accept",
                                       .at = {1000}},
                         told = {.audience = MESSAGE_AUDIENCE_MENTOR,
                                 .kind = MESSAGE_KIND_MENTORSHIP_ACCEPTED,
                                 .at = {1000}};
    struct message other = told;

    (void)unused;
    assert_true(message_corrects(&correction, &told));
    other.at.ms++;
    assert_false(message_corrects(&correction, &other)); /* they have said so again */
    other = told;
    other.audience = MESSAGE_AUDIENCE_PARTICIPANT;
    assert_false(message_corrects(&correction, &other));
    other = told;
    other.kind = MESSAGE_KIND_MENTORSHIP_AGREED;
    assert_false(message_corrects(&correction, &other));
    other.kind = MESSAGE_KIND_MENTORSHIP_RECORDED_FOR;
    memcpy(other.code, "decline", sizeof "decline");
    assert_false(message_corrects(&correction, &other));
    memcpy(other.code, "accept", sizeof "accept");
    assert_true(message_corrects(&correction, &other));
    assert_false(message_corrects(&told, &told));
}

/* What goes on as if nothing had been is no news but to systems, which count along. */
static void who_was_told_of_no_end_is_not_told_that_it_goes_on(void **unused)
{
    const struct message_case c = everything();
    struct message_input again = input(MESSAGE_ON_REFERRAL_ACCEPTED),
                         taken_up = input(MESSAGE_ON_REFERRAL_REOPENED);

    (void)unused;
    assert_string_equal(told(&c, &again), "WWP");
    again.referral_accepted.has_goes_on = again.referral_accepted.goes_on = true;
    assert_string_equal(told(&c, &again), "WW");
    taken_up.referral_reopened.goes_on = true;
    taken_up.referral_reopened.reason = REFERRAL_RETURN_TAKEN_BACK;
    assert_string_equal(told(&c, &taken_up), "WW");
}

static void who_was_asked_by_mistake_hears_that_no_answer_is_needed(void **unused)
{
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_REFERRAL_UNDONE);

    (void)unused;
    in.referral_undone.step = REFERRAL_DECIDED_ASK_INFO;
    assert_string_equal(told(&c, &in), "WWG"); /* and nobody who was told of no question */
    assert_string_equal(decide(&c, &in)->at[0].message_queued.code, "ask_info");
}

static void who_heard_of_a_step_of_a_placement_hears_that_it_is_taken_back(void **unused)
{
    static const struct {
        enum placement_said step;
        int of;
        bool disowned;
        const char *told;
    } rows[] = {{PLACEMENT_SAID_INTERRUPT, NOBODY, false, "HGC"},
                {PLACEMENT_SAID_INTERRUPT, VOICE_HOST, true, "HGC"},
                {PLACEMENT_SAID_INTERRUPT, VOICE_PARTICIPANT, false, "PHGC"},
                {PLACEMENT_SAID_CONTEST, NOBODY, false, "HC"},
                {PLACEMENT_SAID_START, NOBODY, false, "PSHGC"},
                {PLACEMENT_SAID_REPORT_NO_SHOW, NOBODY, false, "GC"},
                {PLACEMENT_SAID_REPORT_NO_SHOW, VOICE_SUPERVISOR, false, "SGC"},
                {PLACEMENT_SAID_END, NOBODY, false, "PHGC"},
                {PLACEMENT_SAID_ASSESS, NOBODY, false, "P"},
                {PLACEMENT_SAID_CANCEL, NOBODY, false, "PHC"},
                {PLACEMENT_SAID_RECORD_OUTCOME, VOICE_PARTICIPANT, false, "PGC"},
                {PLACEMENT_SAID_MEET_REQUIREMENT, NOBODY, false, ""},
                {PLACEMENT_SAID_MEET_REQUIREMENT, VOICE_SUPERVISOR, false, "S"},
                {PLACEMENT_SAID_MEET_REQUIREMENT, VOICE_SUPERVISOR, true, "SC"}};
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_PLACEMENT_UNDONE);

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct placement_undone *said = &in.placement_undone;

        said->step = rows[i].step;
        said->has_state = false;
        said->has_of = rows[i].of != NOBODY;
        said->of = (enum voice)(said->has_of ? rows[i].of : 0);
        said->has_disowned = said->disowned = rows[i].disowned;
        assert_string_equal(told(&c, &in), rows[i].told);
    }
    in.placement_undone = (struct placement_undone){.step = PLACEMENT_SAID_MEET_REQUIREMENT,
                                                    .has_state = true,
                                                    .state = PLACEMENT_RESTORED_PLANNED};
    assert_string_equal(told(&c, &in), "PHC"); /* who heard that it was ready */
}

static void a_dispute_that_no_supervisor_hears_of_reaches_the_host_and_the_coordinators(
    void **unused)
{
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_PLACEMENT_DAY_DISPUTED);

    (void)unused;
    in.placement_day_disputed.has_supervisor = false;
    assert_string_equal(told(&c, &in), "GCH");
}

static void nobody_hears_of_what_is_too_late_anyway(void **unused)
{
    const struct message_case c = everything();
    struct message_input late = input(MESSAGE_ON_MENTORSHIP_REMINDED);
    struct message_input later = input(MESSAGE_ON_REFERRAL_REMINDED);

    (void)unused;
    late.mentorship_reminded.has_missed = late.mentorship_reminded.missed = true;
    later.referral_reminded.has_missed = later.referral_reminded.missed = true;
    assert_string_equal(told(&c, &late), "");
    assert_string_equal(told(&c, &later), "");
    later.referral_reminded.missed = false;
    later.head.at = (struct instant){later.referral_reminded.due.ms - 1};
    assert_string_not_equal(told(&c, &later), "");
    later.head.at.ms++; /* it was in time when it was said */
    assert_string_equal(told(&c, &later), "");
}

static void who_heard_of_a_yes_that_was_none_has_not(void **unused)
{
    struct request row = {.state = REQUEST_STATE_ACCEPTED};
    struct request_event event = {.type = REQUEST_AFTER_MENTORSHIP_UNDONE};

    (void)unused;
    event.mentorship_undone.step = MENTORSHIP_SAID_HOLD;
    request_evolve(&row, &event);
    assert_int_equal(row.state, REQUEST_STATE_ACCEPTED);
    event.mentorship_undone.step = MENTORSHIP_SAID_ACCEPT;
    request_evolve(&row, &event);
    assert_int_equal(row.state, REQUEST_STATE_OFFERED);
}

static void nobody_hears_of_the_end_of_what_they_never_knew(void **unused)
{
    static const struct {
        enum message_input_type type;
        const char *told[3]; /* nobody asked; the mentor asked; the participant told */
    } ends[] = {
        {MESSAGE_ON_MENTORSHIP_WITHDRAWN, {"C", "CM", "CMP"}},
        {MESSAGE_ON_MENTORSHIP_SUPERSEDED, {"", "M", "M"}},
        {MESSAGE_ON_MENTORSHIP_EXPIRED, {"CM", "CM", "CMP"}},
    };
    struct message_case c = everything();

    (void)unused;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const struct message_input in = input(ends[i].type);

        for (unsigned state = REQUEST_STATE_NONE; state <= REQUEST_STATE_ACCEPTED; state++) {
            c.request.state = state;
            assert_string_equal(told(&c, &in), ends[i].told[state]);
        }
    }
}

static void a_supervisor_hears_when_named_and_not_of_other_requirements(void **unused)
{
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_PLACEMENT_REQUIREMENT_MET);

    (void)unused;
    in.placement_requirement_met.kind = PLACEMENT_REQUIREMENT_SUPERVISOR;
    assert_string_equal(told(&c, &in), "S");
    in.placement_requirement_met.has_supervisor = false; /* whoever still stands there */
    assert_string_equal(told(&c, &in), "");
    in.placement_requirement_met.has_supervisor = true;
    in.placement_requirement_met.kind = PLACEMENT_REQUIREMENT_INSURANCE;
    assert_string_equal(told(&c, &in), "");
}

static void a_participant_hears_once_that_things_go_on(void **unused)
{
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_REFERRAL_REOPENED);

    (void)unused;
    in.referral_reopened.goes_on = true; /* it is accepted in the same breath */
    assert_string_equal(told(&c, &in), "WWCG");
}

static void a_participant_does_not_hear_of_a_mistake_that_they_never_knew(void **unused)
{
    static const enum referral_state mistakes[] = {REFERRAL_STATE_DUPLICATE,
                                                   REFERRAL_STATE_ENTERED_IN_ERROR};
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_REFERRAL_REOPENED);

    (void)unused;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        in.referral_reopened.was = mistakes[i];
        assert_string_equal(told(&c, &in), "WWCG");
    }
    in.referral_reopened.was = REFERRAL_STATE_REJECTED;
    assert_string_equal(told(&c, &in), "WWCGP");
}

static void coordinators_are_not_told_that_they_hear_nothing(void **unused)
{
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_RECIPIENT_LOST);

    (void)unused;
    in.head.id = programme;
    assert_string_equal(told(&c, &in), "");
}

static void where_no_partner_listens_none_is_told(void **unused)
{
    struct message_case c = everything();
    const struct message_input in = input(MESSAGE_ON_REFERRAL_MATCHED);

    (void)unused;
    c.outlets.count = 0;
    assert_string_equal(told(&c, &in), "");
}

/* What is said. */

static void each_reader_is_found_where_the_event_or_the_programme_says(void **unused)
{
    const struct message_case c = everything();
    const struct message_input in = input(MESSAGE_ON_PLACEMENT_STARTED);
    const struct message_events *out = decide(&c, &in);
    const struct id *const readers[] = {&programme, &referral, &person, &host, &supervisor};

    (void)unused;
    assert_int_equal(out->count, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct message_queued *said = &out->at[i].message_queued;

        assert_true(id_equal(said->to, *readers[i]));
        assert_int_equal(said->channel, MESSAGE_CHANNEL_EMAIL);
        assert_int_equal(said->kind, MESSAGE_KIND_PLACEMENT_STARTED);
        assert_true(id_equal(said->about, about));
        assert_true(said->has_referral && id_equal(said->referral, referral));
        assert_int_equal(said->sequence, 0);
        assert_int_equal(said->at.ms, now.ms);
    }
}

static void a_partner_is_told_at_each_endpoint_with_a_number(void **unused)
{
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_REFERRAL_REJECTED);
    const struct message_events *out;

    (void)unused;
    in.referral_rejected.reason = REFERRAL_REASON_NO_CAPACITY;
    out = decide(&c, &in);
    assert_int_equal(out->count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct message_queued *said = &out->at[i].message_queued;

        assert_true(id_equal(said->to, i == 0 ? first : second));
        assert_int_equal(said->channel, MESSAGE_CHANNEL_WEBHOOK);
        assert_int_equal(said->sequence, 7);
        assert_true(said->has_referral && id_equal(said->referral, about));
        assert_true(said->has_code);
        assert_string_equal(said->code, "no_capacity");
        assert_false(said->has_until);
    }
}

static void no_two_messages_have_the_same_id(void **unused)
{
    struct message_case c = everything();
    const struct message_input in = input(MESSAGE_ON_REFERRAL_COMPLETED);
    const struct message_events *out;

    (void)unused;
    c.outlets.count = OUTLETS_MAX;
    out = decide(&c, &in);
    assert_int_equal(out->count, OUTLETS_MAX + 1);
    for (size_t i = 0; i < out->count; i++)
        for (size_t n = 0; n < i; n++)
            assert_false(id_equal(out->at[i].id, out->at[n].id));
}

static void a_message_says_by_when_to_answer(void **unused)
{
    const struct message_case c = everything();
    const struct message_input in = input(MESSAGE_ON_MENTORSHIP_OFFERED);
    const struct message_events *out = decide(&c, &in);

    (void)unused;
    assert_true(out->at[0].message_queued.has_until);
    assert_int_equal(out->at[0].message_queued.until.ms, until.ms);
    assert_false(out->at[0].message_queued.has_code);
}

static void an_agency_is_told_what_is_asked_for_and_then_what_is_still_missing(void **unused)
{
    const struct message_case c = everything();
    struct message_input ask = input(MESSAGE_ON_REFERRAL_INFO_ASKED),
                         remind = input(MESSAGE_ON_REFERRAL_REMINDED);
    struct message row = {0};

    (void)unused;
    ask.referral_info_asked.asks =
        (struct referral_asks){2, {REFERRAL_INFO_BIRTH_DATE, REFERRAL_INFO_GOALS}};
    remind.referral_reminded.has_missing = true;
    remind.referral_reminded.missing = (struct referral_asks){1, {REFERRAL_INFO_GOALS}};
    message_evolve(&row, &decide(&c, &ask)->at[2]);
    assert_int_equal(row.audience, MESSAGE_AUDIENCE_AGENCY);
    assert_true(row.has_asks);
    assert_int_equal(row.asks.count, 2);
    for (size_t i = 0; i < 3; i++) { /* the partner's system too */
        const struct message_queued *said = &decide(&c, &remind)->at[i].message_queued;

        assert_true(said->has_asks);
        assert_int_equal(said->asks.count, 1);
        assert_int_equal(said->asks.at[0], REFERRAL_INFO_GOALS);
    }
}

static struct message to_agency(const struct message_case *c, const struct message_input *in)
{
    const struct message_events *out = decide(c, in);
    struct message row = {0};

    for (size_t i = 0; i < out->count; i++)
        if (out->at[i].message_queued.audience == MESSAGE_AUDIENCE_AGENCY)
            message_evolve(&row, &out->at[i]);
    return row;
}

/* Of a referral that was not heard of yet whose it is is found out when it is sent. */
static void what_an_agency_is_told_of_several_referrals_goes_to_one_reader(void **unused)
{
    static const struct id agency = {"the agency"}, second_referral = {"another"};
    struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_REFERRAL_REMINDED);
    struct message one, other;

    (void)unused;
    one = to_agency(&c, &in);
    assert_true(id_equal(one.to, in.head.id) && id_equal(one.referral, in.head.id));
    c.matter.has_organisation = true;
    c.matter.organisation = agency;
    one = to_agency(&c, &in);
    assert_true(id_equal(one.to, agency) && id_equal(one.referral, in.head.id));
    in.head.id = second_referral;
    other = to_agency(&c, &in);
    assert_true(message_may_join(&one, &other));
}

static bool is_sent(struct message_event said, int64_t ms)
{
    struct message row = {0};

    message_evolve(&row, &said);
    return !message_has_lapsed(&row, (struct instant){ms});
}

/* It may have waited long for a server. */
static void a_reminder_is_not_sent_when_what_it_reminds_of_was_due(void **unused)
{
    const struct message_case c = everything();
    const struct message_input remind = input(MESSAGE_ON_REFERRAL_REMINDED),
                               offer = input(MESSAGE_ON_MENTORSHIP_OFFERED);
    const struct message_events *out = decide(&c, &remind);

    (void)unused;
    for (size_t i = 0; i < out->count; i++) {
        const bool is_mail = out->at[i].message_queued.channel == MESSAGE_CHANNEL_EMAIL;

        assert_true(is_sent(out->at[i], until.ms - 1));
        assert_int_equal(is_sent(out->at[i], until.ms), !is_mail); /* a system counts on */
    }
    assert_true(is_sent(decide(&c, &offer)->at[0], until.ms + 1)); /* it says what there was */
}

/* How often each of a thing's numbers has grown by such an event. */
static struct progress after(struct progress row, enum progress_event_type type)
{
    const struct progress_event event = {.type = type};

    progress_evolve(&row, &event);
    return row;
}

/* Of a reader of mails; what reminds, or tells later, of what has gone on since is said no more. */
static void nobody_is_told_in_the_morning_what_the_night_has_overtaken(void **unused)
{
    static const struct {
        enum message_input_type said;
        enum progress_event_type then;
        bool is_over;
    } rows[] = {
        {MESSAGE_ON_REFERRAL_REMINDED, PROGRESS_AFTER_REFERRAL_INFO_GIVEN, true},
        {MESSAGE_ON_REFERRAL_REMINDED, PROGRESS_AFTER_REFERRAL_CANCELLED, true},
        {MESSAGE_ON_MENTORSHIP_REMINDED, PROGRESS_AFTER_MENTORSHIP_ACCEPTED, true},
        {MESSAGE_ON_MENTORSHIP_REMINDED, PROGRESS_AFTER_MENTORSHIP_DECLINED, true},
        {MESSAGE_ON_MENTORSHIP_REMINDED, PROGRESS_AFTER_MENTORSHIP_MEETING_LOGGED, true},
        {MESSAGE_ON_MENTORSHIP_ACCEPTED, PROGRESS_AFTER_MENTORSHIP_WITHDRAWN, true},
        {MESSAGE_ON_MENTORSHIP_ACCEPTED, PROGRESS_AFTER_MENTORSHIP_AGREED, false},
        {MESSAGE_ON_MENTORSHIP_STARTED, PROGRESS_AFTER_MENTORSHIP_ENDED, true},
        {MESSAGE_ON_MENTORSHIP_STARTED, PROGRESS_AFTER_MENTORSHIP_RESUMED, false},
        {MESSAGE_ON_MENTORSHIP_HELD, PROGRESS_AFTER_MENTORSHIP_RESUMED, true},
        {MESSAGE_ON_MENTORSHIP_HELD, PROGRESS_AFTER_MENTORSHIP_MEETING_LOGGED, false},
        {MESSAGE_ON_MENTORSHIP_ENDED, PROGRESS_AFTER_MENTORSHIP_ENDED, false},
        {MESSAGE_ON_PLACEMENT_READIED, PROGRESS_AFTER_PLACEMENT_REQUIREMENT_LOST, true},
        {MESSAGE_ON_PLACEMENT_PLANNED, PROGRESS_AFTER_PLACEMENT_REQUIREMENT_LOST, false},
        {MESSAGE_ON_PLACEMENT_PLANNED, PROGRESS_AFTER_PLACEMENT_CANCELLED, true},
        {MESSAGE_ON_PLACEMENT_STARTED, PROGRESS_AFTER_PLACEMENT_ENDED, true},
        {MESSAGE_ON_PLACEMENT_REMINDED, PROGRESS_AFTER_PLACEMENT_RESUMED, true},
        {MESSAGE_ON_PERSON_ERASURE_REMINDED, PROGRESS_AFTER_PERSON_ERASURE_REFUSED, true},
        {MESSAGE_ON_PERSON_ERASURE_REMINDED, PROGRESS_AFTER_PERSON_RESTRICTION_REFUSED, false},
        {MESSAGE_ON_PERSON_RESTRICTION_REMINDED, PROGRESS_AFTER_PERSON_RESTRICTED, true},
        {MESSAGE_ON_PERSON_RESTRICTION_ENDING, PROGRESS_AFTER_PERSON_RESTRICTION_LIFTED, true},
        {MESSAGE_ON_PERSON_FORGETTING_ANNOUNCED, PROGRESS_AFTER_PERSON_ROLE_GRANTED, true},
        {MESSAGE_ON_TOKEN_REMINDED, PROGRESS_AFTER_TOKEN_REVOKED, true},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct message_case c = everything();
        const struct message_input in = input(rows[i].said);
        const struct message_events *out;

        c.progress.answers = c.progress.ends = c.progress.losses = 3; /* it has a past */
        out = decide(&c, &in);
        assert_true(out->count > 0);
        for (size_t m = 0; m < out->count; m++) {
            const bool is_mail = out->at[m].message_queued.channel == MESSAGE_CHANNEL_EMAIL;
            const struct progress then = after(c.progress, rows[i].then);
            struct message row = {0};

            message_evolve(&row, &out->at[m]);
            assert_false(message_is_overtaken(&row, &c.progress));
            assert_int_equal(message_is_overtaken(&row, &then), rows[i].is_over && is_mail);
        }
    }
}

/* Whether a reminder of that is overtaken by such an event. */
static bool overtakes(enum placement_awaited awaited, enum progress_event_type then)
{
    struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_PLACEMENT_REMINDED);
    const struct progress row = after(c.progress, then);
    struct message said = {0};

    in.placement_reminded.awaited = awaited;
    message_evolve(&said, &decide(&c, &in)->at[0]);
    return message_is_overtaken(&said, &row);
}

static void that_a_day_book_closes_is_said_whatever_the_placement_has_led_to(void **unused)
{
    (void)unused;
    assert_false(overtakes(PLACEMENT_AWAITED_DAY_BOOK, PROGRESS_AFTER_PLACEMENT_OUTCOME_RECORDED));
    assert_true(overtakes(PLACEMENT_AWAITED_OUTCOME, PROGRESS_AFTER_PLACEMENT_OUTCOME_RECORDED));
}

/* What an answer has grown by when it is taken back. */
static int64_t left_of(enum progress_event_type answer, const struct progress_event *undone)
{
    struct progress row = after((struct progress){0}, answer);

    progress_evolve(&row, undone);
    return row.answers + row.ends + row.resumptions + row.losses;
}

static void who_took_an_answer_back_is_reminded_as_if_there_had_been_none(void **unused)
{
    static const struct {
        enum progress_event_type answer;
        enum mentorship_said step;
        bool is_confirmed;
        int64_t left;
    } mentorships[] = {
        {PROGRESS_AFTER_MENTORSHIP_ACCEPTED, MENTORSHIP_SAID_ACCEPT, false, 0},
        {PROGRESS_AFTER_MENTORSHIP_ACCEPTED, MENTORSHIP_SAID_SIGN_CONFIDENTIALITY, false, 1},
        {PROGRESS_AFTER_MENTORSHIP_DECLINED, MENTORSHIP_SAID_DECLINE, false, 0},
        {PROGRESS_AFTER_MENTORSHIP_STARTED, MENTORSHIP_SAID_HOLD_FIRST_MEETING, false, 0},
        {PROGRESS_AFTER_MENTORSHIP_MEETING_LOGGED, MENTORSHIP_SAID_LOG_MEETING, false, 0},
        {PROGRESS_AFTER_MENTORSHIP_MEETING_LOGGED, MENTORSHIP_SAID_LOG_MEETING, true, 1},
        {PROGRESS_AFTER_MENTORSHIP_HELD, MENTORSHIP_SAID_HOLD, false, 0},
        {PROGRESS_AFTER_MENTORSHIP_RESUMED, MENTORSHIP_SAID_RESUME, false, 0},
        {PROGRESS_AFTER_MENTORSHIP_COMPLETION_SAID, MENTORSHIP_SAID_COMPLETE, false, 0},
        {PROGRESS_AFTER_MENTORSHIP_ENDED, MENTORSHIP_SAID_END, false, 0},
        {PROGRESS_AFTER_MENTORSHIP_WITHDRAWN, MENTORSHIP_SAID_WITHDRAW, false, 0},
    };
    static const struct {
        enum progress_event_type answer;
        enum placement_said step;
        int64_t left;
    } placements[] = {
        {PROGRESS_AFTER_PLACEMENT_INTERRUPTED, PLACEMENT_SAID_INTERRUPT, 0},
        {PROGRESS_AFTER_PLACEMENT_RESUMED, PLACEMENT_SAID_RESUME, 0},
        {PROGRESS_AFTER_PLACEMENT_RESUMED, PLACEMENT_SAID_START, 1},
        {PROGRESS_AFTER_PLACEMENT_OUTCOME_RECORDED, PLACEMENT_SAID_RECORD_OUTCOME, 0},
        {PROGRESS_AFTER_PLACEMENT_ENDED, PLACEMENT_SAID_END, 0},
        {PROGRESS_AFTER_PLACEMENT_CANCELLED, PLACEMENT_SAID_CANCEL, 0},
    };
    struct progress_event mentorship = {.type = PROGRESS_AFTER_MENTORSHIP_UNDONE},
                          placement = {.type = PROGRESS_AFTER_PLACEMENT_UNDONE};

    (void)unused;
    for (size_t i = 0; i < sizeof mentorships / sizeof mentorships[0]; i++) {
        mentorship.mentorship_undone.step = mentorships[i].step;
        mentorship.mentorship_undone.confirmed = mentorships[i].is_confirmed;
        assert_int_equal(left_of(mentorships[i].answer, &mentorship), mentorships[i].left);
    }
    for (size_t i = 0; i < sizeof placements / sizeof placements[0]; i++) {
        placement.placement_undone.step = placements[i].step;
        assert_int_equal(left_of(placements[i].answer, &placement), placements[i].left);
    }
}

static void what_ended_and_was_taken_back_is_told_as_if_it_had_not(void **unused)
{
    struct progress_event withdrawn = {.type = PROGRESS_AFTER_MENTORSHIP_UNDONE},
                          ended = {.type = PROGRESS_AFTER_PLACEMENT_UNDONE},
                          partly = {.type = PROGRESS_AFTER_REFERRAL_INFO_GIVEN};
    struct progress row = after((struct progress){0}, PROGRESS_AFTER_MENTORSHIP_WITHDRAWN);

    (void)unused;
    withdrawn.mentorship_undone.step = MENTORSHIP_SAID_ACCEPT;
    progress_evolve(&row, &withdrawn);
    assert_int_equal(row.ends, 1);
    withdrawn.mentorship_undone.step = MENTORSHIP_SAID_WITHDRAW;
    progress_evolve(&row, &withdrawn);
    assert_int_equal(row.ends, 0);
    row = after(row, PROGRESS_AFTER_PLACEMENT_ENDED);
    ended.placement_undone.step = PLACEMENT_SAID_START;
    progress_evolve(&row, &ended);
    assert_int_equal(row.ends, 1);
    ended.placement_undone.step = PLACEMENT_SAID_END;
    progress_evolve(&row, &ended);
    assert_int_equal(row.ends, 0);
    row.answers = 0;
    partly.referral_info_given.has_missing = true; /* it waits for the rest */
    progress_evolve(&row, &partly);
    assert_int_equal(row.answers, 0);
}

static void a_message_stays_as_it_was_said(void **unused)
{
    const struct message_case c = everything();
    const struct message_input in = input(MESSAGE_ON_REFERRAL_INFO_ASKED);
    const struct message_events *out = decide(&c, &in);
    struct message row = {0}, before;
    struct message_event other = {.type = MESSAGE_AFTER_REFERRAL_CANCELLED};

    (void)unused;
    message_evolve(&row, &out->at[0]);
    assert_int_equal(row.kind, MESSAGE_KIND_REFERRAL_INFO_ASKED);
    assert_int_equal(row.audience, MESSAGE_AUDIENCE_PARTNER);
    assert_int_equal(row.sequence, 7);
    assert_true(row.has_until && row.until.ms == until.ms);
    assert_true(id_equal(row.to, first) && id_equal(row.about, about));
    before = row;
    message_evolve(&row, &other);
    assert_memory_equal(&row, &before, sizeof row);
}

/* Views. */

static struct matter_event of_matter(enum matter_event_type type)
{
    struct matter_event event;

    memset(&event, 0, sizeof event);
    event.type = type;
    return event;
}

static void a_matter_counts_what_its_partner_is_told(void **unused)
{
    struct matter row = {0};
    struct matter_event event = {.type = MATTER_AFTER_REFERRAL_RECEIVED};

    (void)unused;
    event.referral_received.partner = mentor;
    strcpy(event.referral_received.external_id, "AF-1");
    matter_evolve(&row, &event);
    assert_int_equal(row.sequence, 0);
    assert_string_equal(row.external_id, "AF-1");
    event = of_matter(MATTER_AFTER_REFERRAL_ACCEPTED);
    matter_evolve(&row, &event);
    event.type = MATTER_AFTER_REFERRAL_CANCELLED;
    matter_evolve(&row, &event);
    assert_int_equal(row.sequence, 2);
    event.type = MATTER_AFTER_PERSON_ERASED;
    matter_evolve(&row, &event);
    assert_false(row.has_external_id);
    assert_string_equal(row.external_id, "");
    assert_int_equal(row.sequence, 3);
    assert_false(row.has_person); /* nobody is asked what it was called */
}

static void what_a_matter_of_somebody_protected_is_called_only_the_vault_knows(void **unused)
{
    struct matter row = {0};
    struct matter_event event = {.type = MATTER_AFTER_REFERRAL_RECEIVED};

    (void)unused;
    event.referral_received.person = mentor;
    strcpy(event.referral_received.external_id, "-");
    event.referral_received.protection = PROTECTION_MARKED; /* from the first day */
    event.referral_received.has_alias = true;
    matter_evolve(&row, &event);
    assert_false(row.has_external_id);
    assert_true(row.has_person && id_equal(row.person, mentor));
    assert_true(row.hidden);

    event = (struct matter_event){.type = MATTER_AFTER_PERSON_SHOWN};
    event.person_shown.has_external_id = true;
    strcpy(event.person_shown.external_id, "AF-1");
    matter_evolve(&row, &event);
    assert_string_equal(row.external_id, "AF-1");
    assert_false(row.hidden);
    event = (struct matter_event){.type = MATTER_AFTER_PERSON_HIDDEN};
    matter_evolve(&row, &event);
    assert_false(row.has_external_id);
    assert_string_equal(row.external_id, "");
    assert_true(row.has_person && row.hidden);
    event.type = MATTER_AFTER_PERSON_ERASED;
    matter_evolve(&row, &event);
    assert_true(row.hidden); /* who was hidden stays so */
    row.sequence = 0;
    assert_int_equal(row.sequence, 0);
}

static void who_referred_somebody_is_told_to_forget_them_too(void **unused)
{
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_PERSON_ERASED);
    const struct message_events *out = decide(&c, &in);

    (void)unused;
    assert_int_equal(out->count, 2);
    assert_true(id_equal(out->at[0].message_queued.referral, referral));
    assert_true(out->at[0].message_queued.has_referral);
    assert_true(id_equal(out->at[0].message_queued.to, first));
    assert_true(id_equal(*message_referral(&in), referral));
    in.person_erased.has_referral = false; /* nobody referred a mentor */
    assert_int_equal(decide(&c, &in)->count, 0);
    assert_null(message_referral(&in));
}

static void a_test_goes_to_its_endpoint_alone(void **unused)
{
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_ENDPOINT_TESTED);
    const struct message_queued *said;

    (void)unused;
    in.endpoint_tested.partner = host;
    assert_int_equal(decide(&c, &in)->count, 1);
    said = &decide(&c, &in)->at[0].message_queued;
    assert_int_equal(said->channel, MESSAGE_CHANNEL_WEBHOOK);
    assert_true(id_equal(said->to, about) && id_equal(said->about, about));
    assert_true(said->has_partner && id_equal(said->partner, host));
    assert_false(said->has_referral);
    assert_int_equal(said->sequence, 0);
}

/* What is told to partners is what matters count. */
static void every_event_that_a_partner_is_told_of_is_counted(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < MESSAGE_INPUTS; i++) {
        const struct descriptor *event = message_contract.subscriptions[i].event;
        bool is_counted = false;

        for (size_t n = 1; n < matter_contract.subscription_count; n++)
            is_counted = is_counted || matter_contract.subscriptions[n].event == event;
        if (i == MESSAGE_ON_REFERRAL_RECEIVED || i == MESSAGE_ON_REFERRAL_HANDED_OVER ||
            i == MESSAGE_ON_PERSON_HIDDEN || i == MESSAGE_ON_ENDPOINT_TESTED)
            continue; /* of a test nobody counts */
        if (is_counted != message_tells_partner(i)) fail_msg("%s", event->name);
    }
}

static struct tenant tenant_after(struct tenant row, enum tenant_event_type type, struct id id)
{
    struct tenant_event event = {.type = type, .id = id};

    if (type == TENANT_AFTER_PROGRAMME_CREATED) {
        strcpy(event.programme_created.name, "Integration Works");
        event.programme_created.languages = (struct programme_languages){1, {LANGUAGE_NB}};
    }
    tenant_evolve(&row, &event);
    return row;
}

static const struct id before = {"a"}, association = {"b"}, behind = {"c"};

static void the_first_association_that_is_there_owns_the_programme(void **unused)
{
    struct tenant row = tenant_after((struct tenant){0}, TENANT_AFTER_PROGRAMME_CREATED, programme);

    (void)unused;
    assert_string_equal(row.name, "Integration Works");
    assert_int_equal(row.language, LANGUAGE_NB);
    assert_true(tenant_is_mute(&row));
    row = tenant_after(row, TENANT_AFTER_ORGANISATION_CREATED, association);
    row = tenant_after(row, TENANT_AFTER_ORGANISATION_CREATED, second);
    assert_true(row.has_owner && id_equal(row.owner, association));
    assert_false(tenant_is_mute(&row));
    row = tenant_after(row, TENANT_AFTER_ORGANISATION_CLOSED, second);
    assert_true(row.has_owner);
    row = tenant_after(row, TENANT_AFTER_ORGANISATION_CLOSED, association);
    assert_true(!row.has_owner && tenant_is_mute(&row));
    row = tenant_after(row, TENANT_AFTER_ORGANISATION_CREATED, second);
    assert_true(row.has_owner && id_equal(row.owner, second));
    row = tenant_after(row, TENANT_AFTER_ORGANISATION_CLOSED, second);
    row = tenant_after(row, TENANT_AFTER_PROGRAMME_CLOSED, programme);
    assert_false(tenant_is_mute(&row)); /* nobody has to see to it any more */
}

static void what_waited_before_there_was_an_association_is_not_for_it(void **unused)
{
    struct tenant row = {0};
    struct tenant_event event = {.type = TENANT_AFTER_PROGRAMME_CHANGED};

    (void)unused;
    assert_int_equal(tenant_mailbox_for(&row, behind), TENANT_MAILBOX_NONE);
    row = tenant_after(row, TENANT_AFTER_ORGANISATION_CREATED, association);
    assert_int_equal(tenant_mailbox_for(&row, before), TENANT_MAILBOX_NONE);
    assert_int_equal(tenant_mailbox_for(&row, behind), TENANT_MAILBOX_OWNERS);
    event.programme_changed.has_sealed = true;
    tenant_evolve(&row, &event);
    event.programme_changed.has_sealed = false; /* it stays */
    tenant_evolve(&row, &event);
    assert_int_equal(tenant_mailbox_for(&row, before), TENANT_MAILBOX_OWN);
    assert_int_equal(tenant_mailbox_for(&row, behind), TENANT_MAILBOX_OWN);
}

static void a_mentor_is_their_clubs_until_they_leave(void **unused)
{
    struct affiliation row = {.id = mentor};
    struct affiliation_event event = {.type = AFFILIATION_AFTER_PERSON_ROLE_GRANTED};

    (void)unused;
    event.person_role_granted.has_organisation = true;
    event.person_role_granted.organisation = first;
    affiliation_evolve(&row, &event);
    assert_true(row.has_organisation && id_equal(row.organisation, first));
    for (unsigned type = AFFILIATION_AFTER_PERSON_ROLE_ENDED;
         type <= AFFILIATION_AFTER_PERSON_ERASED; type++) {
        struct affiliation left = row;
        const bool stays = type == AFFILIATION_AFTER_PERSON_PROTECTION_CHANGED;

        event.type = type;
        affiliation_evolve(&left, &event);
        assert_int_equal(left.has_organisation, stays);
    }
}

/* What an admin of the programme's has to confirm, its mailbox hears alone. */
static bool is_for_admins(unsigned type)
{
    return type == MESSAGE_ON_PERSON_CLEARANCE_ASKED || type == MESSAGE_ON_PERSON_LOWERING_ASKED ||
           type == MESSAGE_ON_PROGRAMME_CLEARANCE_MISSED;
}

/* All else that the programme's coordinators hear of a mentor, their club's do, and nothing else. */
static void a_club_hears_what_concerns_its_mentors(void **unused)
{
    struct message_case c = everything();

    (void)unused;
    c.affiliation =
        (struct affiliation){.id = mentor, .has_organisation = true, .organisation = first};
    c.tenant = (struct tenant){.has_owner = true, .owner = second};
    for (unsigned type = 0; type < MESSAGE_INPUTS; type++) {
        const struct message_input in = input(type);
        const bool is_concerned = message_mentor(&in) != NULL && told_by_matrix(type)[0] == 'C';

        if (!is_concerned || is_for_admins(type)) continue;
        assert_memory_equal(told(&c, &in), "CK", 2);
        assert_true(id_equal(decide(&c, &in)->at[1].message_queued.to, first));
    }
    assert_null(message_mentor(&(struct message_input){.type = MESSAGE_ON_REFERRAL_RECEIVED}));
}

/* All that the programme's coordinators hear of a referral, and of whom it is about, who is responsible hears. */
static void who_is_responsible_hears_what_concerns_their_participants(void **unused)
{
    const struct matter theirs = {.has_responsible = true, .responsible = first};
    size_t looked = 0;

    (void)unused;
    for (unsigned type = 0; type < MESSAGE_INPUTS; type++) {
        const struct message_input in = input(type);
        const bool is_concerned = (message_referral(&in) != NULL || message_person(&in) != NULL) &&
                                  told_by_matrix(type)[0] == 'C' &&
                                  type != MESSAGE_ON_REFERRAL_HANDED_OVER;
        struct message_case c = everything();

        if (!is_concerned || is_for_admins(type)) continue;
        c.matter.has_responsible = message_referral(&in) != NULL;
        c.matter.responsible = first;
        c.matters_count = 2;
        c.matters[0] = c.matters[1] = theirs;
        assert_memory_equal(told(&c, &in), "CK", 2);
        assert_true(strrchr(told(&c, &in), 'K') == told(&c, &in) + 1);
        assert_true(id_equal(decide(&c, &in)->at[1].message_queued.to, first));
        looked++;
    }
    assert_true(looked > 20);
}

static void each_club_hears_it_once_and_the_programmes_own_association_as_the_programme(
    void **unused)
{
    struct message_input in = input(MESSAGE_ON_MENTORSHIP_DECLINED);
    struct message_case c = everything();

    (void)unused;
    c.affiliation =
        (struct affiliation){.id = mentor, .has_organisation = true, .organisation = first};
    c.matter.has_responsible = true;
    c.matter.responsible = first;
    assert_string_equal(told(&c, &in), "CK");
    c.matter.responsible = second;
    assert_string_equal(told(&c, &in), "CKK");
    c.tenant = (struct tenant){.mailbox = true, .has_owner = true, .owner = second};
    assert_string_equal(told(&c, &in), "CK");
    in = input(MESSAGE_ON_REFERRAL_HANDED_OVER);
    in.referral_handed_over.responsible = first;
    c.matter.responsible = first;
    assert_string_equal(told(&c, &in), "CKP");
    c.tenant = (struct tenant){.has_owner = true, .owner = first}; /* and has one mailbox */
    assert_string_equal(told(&c, &in), "CP");
}

static void a_matter_knows_who_looks_after_whom_it_is_about(void **unused)
{
    struct matter row = {0};
    struct matter_event received = of_matter(MATTER_AFTER_REFERRAL_RECEIVED),
                        accepted = of_matter(MATTER_AFTER_REFERRAL_ACCEPTED),
                        handed_over = of_matter(MATTER_AFTER_REFERRAL_HANDED_OVER);

    (void)unused;
    received.referral_received.person = person;
    matter_evolve(&row, &received);
    assert_true(row.has_person && id_equal(row.person, person) && !row.has_responsible);
    accepted.referral_accepted.has_responsible = true;
    accepted.referral_accepted.responsible = first;
    matter_evolve(&row, &accepted);
    assert_true(row.has_responsible && id_equal(row.responsible, first));
    assert_int_equal(row.sequence, 1);
    handed_over.referral_handed_over.responsible = second;
    matter_evolve(&row, &handed_over);
    assert_true(id_equal(row.responsible, second));
    assert_int_equal(row.sequence, 1); /* no partner was told */
}

static void nobody_is_told_twice_in_one_mailbox(void **unused)
{
    const struct message_input in = input(MESSAGE_ON_MENTORSHIP_DECLINED);
    struct message_case c = everything();

    (void)unused;
    c.affiliation =
        (struct affiliation){.id = mentor, .has_organisation = true, .organisation = first};
    c.tenant = (struct tenant){.has_owner = true, .owner = first};
    assert_string_equal(told(&c, &in), "C");
    c.tenant.mailbox = true; /* so it is another */
    assert_string_equal(told(&c, &in), "CK");
}

/* A mail without a link. */
static bool write_words(const struct message *message, enum language language, const char *name,
                        const char *called, bool is_protected, struct wording *words)
{
    const struct wording_reader reader = {language, name, called, "204117", is_protected};
    const struct wording_part part = {message, ""};

    return wording_write(&part, 1, &reader, words);
}

/* Words. */

static bool has_words(const struct message_queued *said, enum language language,
                      struct wording *words)
{
    struct message message = {.kind = said->kind,
                              .audience = said->audience,
                              .has_code = said->has_code,
                              .about = about,
                              .has_until = true,
                              .until = until};

    memcpy(message.code, said->code, sizeof message.code);
    return write_words(&message, language, "Ada", "Integration Works", false, words);
}

/* One more of the events that lead to different words by what they say; false: there are no more. */
static bool vary(struct message_input *in, unsigned number)
{
    if (in->type == MESSAGE_ON_PLACEMENT_REQUIREMENT_MET)
        in->placement_requirement_met.kind = PLACEMENT_REQUIREMENT_SUPERVISOR;
    if (in->type == MESSAGE_ON_MENTORSHIP_REMINDED) {
        in->mentorship_reminded.awaited = number;
        return number <= MENTORSHIP_AWAITED_MEETINGS;
    }
    if (in->type == MESSAGE_ON_PLACEMENT_REMINDED) {
        in->placement_reminded.awaited = number;
        return number <= PLACEMENT_AWAITED_DAY_BOOK;
    }
    if (in->type == MESSAGE_ON_MENTORSHIP_UNDONE) {
        static const enum mentorship_said told[] = {
            MENTORSHIP_SAID_ACCEPT,   MENTORSHIP_SAID_DECLINE,  MENTORSHIP_SAID_HOLD,
            MENTORSHIP_SAID_WITHDRAW, MENTORSHIP_SAID_COMPLETE, MENTORSHIP_SAID_HOLD_FIRST_MEETING,
            MENTORSHIP_SAID_END};

        in->mentorship_undone.was = MENTORSHIP_STATE_COMPLETED;
        if (number < 7) in->mentorship_undone.step = told[number];
        return number < 7;
    }
    if (in->type == MESSAGE_ON_PLACEMENT_UNDONE) {
        static const enum placement_said told[] = {
            PLACEMENT_SAID_INTERRUPT,       PLACEMENT_SAID_CONTEST,
            PLACEMENT_SAID_RECORD_OUTCOME,  PLACEMENT_SAID_START,
            PLACEMENT_SAID_REPORT_NO_SHOW,  PLACEMENT_SAID_END,
            PLACEMENT_SAID_ASSESS,          PLACEMENT_SAID_CANCEL,
            PLACEMENT_SAID_MEET_REQUIREMENT};

        in->placement_undone.has_state = number == 8;
        if (number < 9) in->placement_undone.step = told[number];
        return number < 9;
    }
    if (in->type == MESSAGE_ON_MENTORSHIP_RECORDED_FOR) {
        in->mentorship_recorded_for.said = number;
        return number <= MENTORSHIP_SAID_END;
    }
    if (in->type == MESSAGE_ON_PLACEMENT_RECORDED_FOR) {
        in->placement_recorded_for.of = VOICE_PARTICIPANT;
        in->placement_recorded_for.said = number;
        return number <= PLACEMENT_SAID_CANCEL;
    }
    if (in->type == MESSAGE_ON_PERSON_RECORDED_FOR) {
        in->person_recorded_for.said = number;
        return number <= PERSON_SAID_WITHDRAW_CONSENT;
    }
    if (in->type == MESSAGE_ON_PERSON_ERASURE_REFUSED) {
        in->person_erasure_refused.reason = number;
        return number <= PERSON_ERASURE_REASON_OTHER;
    }
    if (in->type == MESSAGE_ON_PERSON_RESTRICTION_REFUSED) {
        in->person_restriction_refused.reason = number;
        return number <= PERSON_RESTRICTION_REASON_OTHER;
    }
    if (in->type == MESSAGE_ON_PERSON_LOWERING_REFUSED) {
        in->person_lowering_refused.has_asked_by = number % 2 == 0;
        in->person_lowering_refused.reason = number / 2;
        return number / 2 <= PERSON_NO_REASON_OTHER;
    }
    if (in->type == MESSAGE_ON_PERSON_LOWERING_LAPSED) {
        in->person_lowering_lapsed.has_asked_by = number == 0;
        return number < 2;
    }
    if (in->type == MESSAGE_ON_PERSON_PROTECTION_CHANGED) {
        in->person_protection_changed.confirmed = true;
        in->person_protection_changed.has_asked_by = number == 0;
        return number < 2;
    }
    return number == 0;
}

static void expect_words(const struct message_queued *said)
{
    struct message_queued clubs = *said;
    struct wording words;

    clubs.audience = MESSAGE_AUDIENCE_CLUB;
    if (said->audience == MESSAGE_AUDIENCE_COORDINATOR)
        assert_true(has_words(&clubs, LANGUAGE_SV, &words));
    clubs.audience = MESSAGE_AUDIENCE_CLEARED;
    if (said->audience == MESSAGE_AUDIENCE_COORDINATOR)
        assert_true(has_words(&clubs, LANGUAGE_SV, &words));
    for (unsigned l = 0; l < WORDS_LANGUAGES; l++)
        if (said->channel == MESSAGE_CHANNEL_EMAIL && !has_words(said, l, &words))
            fail_msg("%s to %s has no words in %s", message_kind_words[said->kind],
                     message_audience_words[said->audience], language_words[l]);
        else if (said->channel == MESSAGE_CHANNEL_EMAIL)
            /* so many fit in one mail, both as text and as HTML, were every byte of it escaped */
            assert_true(strlen(words.text) < MIME_MAX / WORDING_PARTS / 6 &&
                        strlen(words.text) < WORDING_TEXT_SIZE / WORDING_PARTS);
    if (said->kind == MESSAGE_KIND_MENTORSHIP_RECORDED_FOR ||
        said->kind == MESSAGE_KIND_PLACEMENT_RECORDED_FOR ||
        said->kind == MESSAGE_KIND_PERSON_RECORDED_FOR) {
        assert_true(has_words(said, LANGUAGE_EN, &words));
        assert_non_null(strstr(words.text, "\n\nIf that is not what you said,"));
    }
}

/* Its system, they themself, and who is asked about oneself are; who else reads a mail is found out when it is sent. */
static void of_who_is_hidden_no_mailbox_is_told_and_who_is_cleared_is(void **unused)
{
    size_t hidden = 0;

    (void)unused;
    for (unsigned type = 0; type < MESSAGE_INPUTS; type++) {
        struct message_input in = input(type);
        struct message_case open = everything(), c = everything();

        c.matter.hidden = true;
        c.cleared_count = 2;
        c.cleared[0] = first;
        c.cleared[1] = second;
        for (unsigned number = 0; vary(&in, number); number++) {
            char openly[32], expected[64] = "";
            const char *name = message_contract.subscriptions[type].event->name;
            const bool is_farewell =
                strcmp(name, "person.hidden") == 0 || strstr(name, ".relieved");
            const bool is_referrals = strncmp(name, "referral.", 9) == 0;
            const bool is_case =
                !is_farewell && (is_referrals || strncmp(name, "mentorship.", 11) == 0 ||
                                 strncmp(name, "placement.", 10) == 0);

            strcpy(openly, told(&open, &in));
            for (const char *at = openly; *at != 0; at++) {
                const char one[] = {*at, 0};
                const bool is_dropped = *at == 'H' || *at == 'K' || (*at == 'G' && !is_referrals);

                if (is_farewell && *at == 'C') strcat(expected, "LL"); /* it is theirs now */
                if (!is_case || (*at != 'C' && !is_dropped)) strcat(expected, one);
                if (is_case && *at == 'C') strcat(expected, "LL");
            }
            assert_string_equal(told(&c, &in), expected);
            hidden += strcmp(openly, expected) != 0;
        }
    }
    assert_true(hidden > 30);
}

static void a_mail_about_who_is_hidden_is_a_case_or_their_own(void **unused)
{
    static const struct {
        enum message_kind kind;
        enum message_audience audience;
        bool is_of_case;
    } mails[] = {
        {MESSAGE_KIND_MENTORSHIP_OFFERED, MESSAGE_AUDIENCE_MENTOR, true},
        {MESSAGE_KIND_PLACEMENT_STARTED, MESSAGE_AUDIENCE_SUPERVISOR, true},
        {MESSAGE_KIND_PLACEMENT_STARTED, MESSAGE_AUDIENCE_HOST, true},
        {MESSAGE_KIND_PLACEMENT_STARTED, MESSAGE_AUDIENCE_AGENCY, true},
        {MESSAGE_KIND_REFERRAL_RECEIVED, MESSAGE_AUDIENCE_COORDINATOR, true},
        {MESSAGE_KIND_REFERRAL_HANDED_OVER, MESSAGE_AUDIENCE_CLUB, true},
        {MESSAGE_KIND_REFERRAL_RECEIVED, MESSAGE_AUDIENCE_CLEARED, true},
        {MESSAGE_KIND_REFERRAL_INFO_ASKED, MESSAGE_AUDIENCE_AGENCY, false},
        {MESSAGE_KIND_REFERRAL_STARTED, MESSAGE_AUDIENCE_PARTNER, false},
        {MESSAGE_KIND_MENTORSHIP_ACCEPTED, MESSAGE_AUDIENCE_PARTICIPANT, false},
        {MESSAGE_KIND_PERSON_ERASURE_ASKED, MESSAGE_AUDIENCE_COORDINATOR, false},
        {MESSAGE_KIND_PERSON_HIDDEN, MESSAGE_AUDIENCE_CLUB, false},
        {MESSAGE_KIND_MENTORSHIP_RELIEVED, MESSAGE_AUDIENCE_MENTOR, false},
        {MESSAGE_KIND_PLACEMENT_RELIEVED, MESSAGE_AUDIENCE_HOST, false},
    };
    struct message alone = {.kind = MESSAGE_KIND_MENTORSHIP_OFFERED,
                            .audience = MESSAGE_AUDIENCE_MENTOR};

    (void)unused;
    for (size_t i = 0; i < sizeof mails / sizeof mails[0]; i++) {
        const struct message row = {
            .kind = mails[i].kind, .audience = mails[i].audience, .has_referral = true};

        if (message_is_of_case(&row) != mails[i].is_of_case)
            fail_msg("%s to %s", message_kind_words[row.kind],
                     message_audience_words[row.audience]);
    }
    assert_false(message_is_of_case(&alone)); /* of nobody's referral */
    assert_false(message_is_guarded(&alone));
    alone.has_referral = true;
    assert_true(message_is_guarded(&alone));
    alone.audience = MESSAGE_AUDIENCE_PARTICIPANT; /* that they were told shows how it goes on */
    assert_true(message_is_guarded(&alone));
    alone.channel = MESSAGE_CHANNEL_WEBHOOK;
    assert_false(message_is_guarded(&alone));
}

/* By whom they were looked after, and where, stands in the list of mails too. */
static void that_somebody_cleared_takes_over_is_listed_for_who_is_cleared(void **unused)
{
    static const enum message_kind kinds[] = {MESSAGE_KIND_PERSON_HIDDEN,
                                              MESSAGE_KIND_MENTORSHIP_RELIEVED,
                                              MESSAGE_KIND_PLACEMENT_RELIEVED};

    (void)unused;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct message row = {.kind = kinds[i], .has_referral = true};

        assert_true(message_is_guarded(&row));
    }
}

/* A mentor whom no agency referred is their club's, and the programme's; nobody else is looked after. */
static void of_who_was_not_referred_their_club_hears_that_they_are_hidden(void **unused)
{
    struct message_case c = everything();
    struct message row = {.kind = MESSAGE_KIND_PERSON_HIDDEN};
    struct message_input in = input(MESSAGE_ON_PERSON_HIDDEN);

    (void)unused;
    assert_string_equal(told(&c, &in), "CG");
    in.person_hidden.has_referral = false;
    assert_string_equal(told(&c, &in), "");
    c.affiliation.has_organisation = true;
    c.affiliation.organisation = (struct id){"club"};
    c.cleared_count = 1;
    assert_string_equal(told(&c, &in), "LCK");
    assert_true(message_is_guarded(&row)); /* to whom it is tells where they are */
}

static void who_takes_over_hears_other_words_than_who_is_left_out(void **unused)
{
    struct message_case c = everything();
    const struct message_input in = input(MESSAGE_ON_PERSON_HIDDEN);
    const struct message_events *said;
    struct wording theirs, others;

    (void)unused;
    c.matter.hidden = true;
    c.cleared_count = 1;
    said = decide(&c, &in);
    assert_int_equal(said->count, 3);
    assert_int_equal(said->at[0].message_queued.audience, MESSAGE_AUDIENCE_CLEARED);
    assert_true(has_words(&said->at[0].message_queued, LANGUAGE_EN, &theirs));
    assert_true(has_words(&said->at[1].message_queued, LANGUAGE_EN, &others));
    assert_string_equal(others.subject, "Somebody else takes over");
    assert_string_not_equal(theirs.subject, others.subject);
}

static void every_mail_has_words_in_every_language(void **unused)
{
    const struct message_case c = everything();

    (void)unused;
    for (unsigned type = 0; type < MESSAGE_INPUTS; type++) {
        struct message_input in = input(type);

        for (unsigned number = 0; vary(&in, number); number++) {
            const struct message_events *out = decide(&c, &in);

            assert_true(out->count > 0);
            for (size_t i = 0; i < out->count; i++)
                expect_words(&out->at[i].message_queued);
        }
    }
}

static struct message offered(void)
{
    return (struct message){.kind = MESSAGE_KIND_MENTORSHIP_OFFERED,
                            .audience = MESSAGE_AUDIENCE_MENTOR,
                            .about = about,
                            .has_until = true,
                            .until = until};
}

static void a_mail_greets_its_reader_and_names_nobody_else(void **unused)
{
    const struct message message = offered();
    struct wording words;

    (void)unused;
    assert_true(write_words(&message, LANGUAGE_SV, "Åsa", "Integration Works", false, &words));
    assert_string_equal(words.subject, "Vill du bli mentor för någon?");
    assert_string_equal(words.text,
                        "Hej Åsa!\n\n"
                        "Vi vill fråga dig om du kan vara mentor för en person i programmet. Svara "
                        "gärna ja eller nej.\n\n"
                        "Senast 2026-11-29.\n\n"
                        "Referens: 61626f75-7400-0000-0000-000000000000\n\n"
                        "Vänliga hälsningar\n"
                        "Integration Works\n");
    assert_true(write_words(&message, LANGUAGE_EN, "", "Integration Works", false, &words));
    assert_memory_equal(words.text, "Hello!\n\n", 8);
}

static void a_mail_lists_what_is_asked_for(void **unused)
{
    struct message message = {.kind = MESSAGE_KIND_REFERRAL_INFO_ASKED,
                              .audience = MESSAGE_AUDIENCE_AGENCY,
                              .has_asks = true,
                              .asks = {2, {REFERRAL_INFO_CONTACT, REFERRAL_INFO_BIRTH_DATE}}};
    struct wording words;

    (void)unused;
    assert_true(write_words(&message, LANGUAGE_NN, "", "Integration Works", false, &words));
    assert_non_null(strstr(words.text, "\n\nDette manglar:\n- korleis personen kan nåast\n"
                                       "- fødselsdato\n\n"));
    message.asks.count = 8; /* there is room for all */
    for (unsigned i = 0; i < 8; i++)
        message.asks.at[i] = i;
    for (unsigned l = 0; l < WORDS_LANGUAGES; l++)
        assert_true(write_words(&message, l, "", "Integration Works", false, &words));
}

static void who_gave_half_is_not_said_to_have_given_all(void **unused)
{
    struct message message = {.kind = MESSAGE_KIND_REFERRAL_INFO_GIVEN,
                              .audience = MESSAGE_AUDIENCE_COORDINATOR,
                              .has_code = true,
                              .code = "part"};
    struct wording words;

    (void)unused;
    assert_true(write_words(&message, LANGUAGE_EN, "", "P", false, &words));
    assert_non_null(strstr(words.text, "waits for the rest"));
    strcpy(message.code, "all");
    assert_true(write_words(&message, LANGUAGE_EN, "", "P", false, &words));
    assert_non_null(strstr(words.text, "waits for a decision"));
}

static void who_is_not_erased_reads_why_and_where_to_complain(void **unused)
{
    static const char *const reasons[] = {"The law obliges us", "legal claims",
                                          "that it was you who asked", "in person"};
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_PERSON_ERASURE_REFUSED);

    (void)unused;
    for (unsigned i = 0; i <= PERSON_ERASURE_REASON_OTHER; i++) {
        const struct message_queued *said;
        struct wording words;

        in.person_erasure_refused.reason = i;
        said = &decide(&c, &in)->at[0].message_queued;
        assert_true(id_equal(said->to, about) && id_equal(said->about, about));
        assert_true(has_words(said, LANGUAGE_EN, &words));
        assert_non_null(strstr(words.text, "for this reason:\n\n"));
        assert_non_null(strstr(words.text, reasons[i]));
        assert_non_null(strstr(words.text, "\n\nIf you think that this is wrong"));
    }
}

/* A mentor's club too; and by when. */
static void coordinators_hear_who_waits_to_be_erased(void **unused)
{
    struct message_case c = everything();
    const struct message_input wish = input(MESSAGE_ON_PERSON_ERASURE_ASKED),
                               remind = input(MESSAGE_ON_PERSON_ERASURE_REMINDED);

    (void)unused;
    c.affiliation =
        (struct affiliation){.id = mentor, .has_organisation = true, .organisation = first};
    assert_true(id_equal(*message_mentor(&wish), about));
    assert_string_equal(told(&c, &wish), "CK");
    assert_string_equal(told(&c, &remind), "CK");
    assert_true(decide(&c, &remind)->at[0].message_queued.has_until);
    assert_int_equal(decide(&c, &wish)->at[0].message_queued.until.ms, until.ms);
}

/* By law: whoever is late with an answer owes it all the more. */
static void what_is_owed_after_its_date_is_reminded_of_after_it_too(void **unused)
{
    static const unsigned reminders[] = {MESSAGE_ON_PERSON_ERASURE_REMINDED,
                                         MESSAGE_ON_PERSON_RESTRICTION_REMINDED};
    const struct message_case c = everything();

    (void)unused;
    for (size_t i = 0; i < sizeof reminders / sizeof reminders[0]; i++) {
        struct message_input in = input(reminders[i]);
        const struct message_queued *said;

        in.head.at.ms = until.ms + 1;
        assert_int_not_equal(strlen(told(&c, &in)), 0);
        said = &decide(&c, &in)->at[0].message_queued;
        assert_int_equal(said->until.ms, until.ms);
        assert_false(said->lapses);
    }
}

/* The responsible club too; by when; and nobody where it is too late, or will be when it is sent. */
static void who_is_to_be_forgotten_hears_it_as_do_who_look_after_them(void **unused)
{
    struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_PERSON_FORGETTING_ANNOUNCED);
    struct message_queued said;
    struct wording words;

    (void)unused;
    in.head.at.ms = until.ms - 1;
    c.matter.has_responsible = true;
    c.matter.responsible = second;
    assert_true(id_equal(*message_referral(&in), in.person_forgetting_announced.referral));
    assert_string_equal(told(&c, &in), "CKO");
    said = decide(&c, &in)->at[2].message_queued;
    assert_true(id_equal(said.to, about) && said.lapses);
    assert_int_equal(said.until.ms, until.ms);
    assert_true(has_words(&said, LANGUAGE_EN, &words));
    assert_non_null(strstr(words.text, "we erase everything that we know of you"));
    assert_non_null(strstr(words.text, "No later than "));

    in.head.at = until;
    assert_string_equal(told(&c, &in), "");
    in.head.at.ms--;
    in.person_forgetting_announced.has_missed = in.person_forgetting_announced.missed = true;
    assert_string_equal(told(&c, &in), "");
}

static void whose_data_is_used_all_the_same_reads_why_and_where_to_complain(void **unused)
{
    static const char *const reasons[] = {"is right", "by law", "weigh more",
                                          "that it was you who asked", "in person"};
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_PERSON_RESTRICTION_REFUSED);

    (void)unused;
    for (unsigned i = 0; i <= PERSON_RESTRICTION_REASON_OTHER; i++) {
        struct wording words;

        in.person_restriction_refused.reason = i;
        assert_true(has_words(&decide(&c, &in)->at[0].message_queued, LANGUAGE_EN, &words));
        assert_non_null(strstr(words.text, "for this reason:\n\n"));
        assert_non_null(strstr(words.text, reasons[i]));
        assert_non_null(strstr(words.text, "\n\nIf you think that this is wrong"));
    }
}

/* Coordinators and the agency hear of the restriction alone; they themselves, and who has begun something with them, of how
 * that goes on. Systems count along. */
static void of_whom_the_use_is_restricted_others_hear_nothing(void **unused)
{
    static const struct {
        enum message_input_type type;
        bool of_mentor;
        const char *told;
    } rows[] = {{MESSAGE_ON_REFERRAL_RECEIVED, false, ""},
                {MESSAGE_ON_REFERRAL_COMPLETED, false, "WW"},
                {MESSAGE_ON_REFERRAL_INFO_ASKED, false, "WW"},
                {MESSAGE_ON_REFERRAL_HANDED_OVER, false, "P"},
                {MESSAGE_ON_MENTORSHIP_ENDED, false, "PM"},
                {MESSAGE_ON_MENTORSHIP_ENDED, true, "PM"},
                {MESSAGE_ON_MENTORSHIP_STARTED, true, ""},
                {MESSAGE_ON_MENTOR_OVER_CAPACITY, true, ""},
                {MESSAGE_ON_PLACEMENT_STARTED, false, "PHS"},
                {MESSAGE_ON_RECIPIENT_LOST, true, "CK"},
                {MESSAGE_ON_PERSON_RESTRICTED, true, "CKOWW"},
                {MESSAGE_ON_PERSON_RESTRICTED, false, "COWW"},
                {MESSAGE_ON_PERSON_ERASURE_ASKED, false, "C"}};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct message_case c = everything();
        struct message_input in = input(rows[i].type);

        c.matter.restricted = !rows[i].of_mentor;
        c.affiliation.restricted = rows[i].of_mentor;
        c.affiliation.has_organisation = rows[i].of_mentor;
        c.affiliation.organisation = first;
        assert_string_equal(told(&c, &in), rows[i].told);
    }
}

/* Whoever asked hears it, or their agency where its system did; whom a system's word is nobody's, and what nobody asked, is
 * told to nobody. A club's coordinators answer nothing of it. */
static void who_asked_for_what_takes_two_hears_the_answer(void **unused)
{
    struct message_case c = everything();
    struct message_input changed = input(MESSAGE_ON_PERSON_PROTECTION_CHANGED);
    struct message_input refused = input(MESSAGE_ON_PERSON_LOWERING_REFUSED);
    struct message_input lapsed = input(MESSAGE_ON_PERSON_LOWERING_LAPSED);
    const struct message_input clear = input(MESSAGE_ON_PERSON_CLEARANCE_ASKED),
                               lower = input(MESSAGE_ON_PERSON_LOWERING_ASKED);

    (void)unused;
    refused.person_lowering_refused.asked_by = person;
    assert_true(id_equal(decide(&c, &refused)->at[0].message_queued.to, person));
    assert_true(id_equal(decide(&c, &refused)->at[0].message_queued.about, about));
    changed.person_protection_changed.has_asked_by = false;
    refused.person_lowering_refused.has_asked_by = false;
    lapsed.person_lowering_lapsed.has_asked_by = false;
    assert_string_equal(told(&c, &refused), "G");
    assert_string_equal(told(&c, &lapsed), "G");
    assert_string_equal(told(&c, &changed), "");
    changed.person_protection_changed.confirmed = true;
    assert_string_equal(told(&c, &changed), "G");

    c.affiliation =
        (struct affiliation){.id = mentor, .has_organisation = true, .organisation = first};
    assert_string_equal(told(&c, &clear), "C");
    assert_string_equal(told(&c, &lower), "CG");
    assert_int_equal(decide(&c, &lower)->at[0].message_queued.until.ms, until.ms);
}

static void who_asked_in_vain_reads_why(void **unused)
{
    static const char *const reasons[] = {"has not been shown", "not needed", "by mistake",
                                          "explains it"};
    const struct message_case c = everything();
    struct message_input clear = input(MESSAGE_ON_PERSON_CLEARANCE_REFUSED),
                         lower = input(MESSAGE_ON_PERSON_LOWERING_REFUSED);

    (void)unused;
    for (unsigned i = 0; i <= PERSON_NO_REASON_OTHER; i++) {
        struct wording words;

        clear.person_clearance_refused.reason = lower.person_lowering_refused.reason = i;
        assert_true(has_words(&decide(&c, &clear)->at[0].message_queued, LANGUAGE_EN, &words));
        assert_non_null(strstr(words.text, reasons[i]));
        assert_true(has_words(&decide(&c, &lower)->at[0].message_queued, LANGUAGE_EN, &words));
        assert_non_null(strstr(words.text, reasons[i]));
    }
}

/* Whoever shows a token, and not whose id the event is about; a system's its programme's coordinators. */
static void who_shows_a_token_hears_that_it_ends(void **unused)
{
    const struct message_case c = everything();
    struct message_input in = input(MESSAGE_ON_TOKEN_REMINDED);
    const struct message_queued *said;
    struct wording words;

    (void)unused;
    in.token_reminded.missed = false;
    said = &decide(&c, &in)->at[0].message_queued;
    assert_true(id_equal(said->to, person) && id_equal(said->about, about));
    assert_int_equal(said->until.ms, until.ms);
    assert_true(has_words(said, LANGUAGE_EN, &words));
    assert_non_null(strstr(words.text, "lets you in no longer"));

    in.token_reminded.has_person = false;
    assert_string_equal(told(&c, &in), "C");
    said = &decide(&c, &in)->at[0].message_queued;
    assert_true(id_equal(said->to, programme));
    assert_true(has_words(said, LANGUAGE_EN, &words));
    assert_non_null(strstr(words.text, "an agency's system"));

    in.token_reminded.missed = true;
    assert_string_equal(told(&c, &in), "");
}

static void who_is_protected_reads_only_that_there_is_a_message(void **unused)
{
    static const char *const hidden[] = {"Åsa", "Integration", "mentor", "61626f75", "2026"};
    const struct message message = offered();
    struct wording words;

    (void)unused;
    for (unsigned l = 0; l < WORDS_LANGUAGES; l++) {
        assert_true(write_words(&message, l, "Åsa", "Integration Works", true, &words));
        for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
            if (strstr(words.subject, hidden[i]) != NULL || strstr(words.text, hidden[i]) != NULL)
                fail_msg("%s is in \"%s\": %s", hidden[i], words.subject, words.text);
    }
}

static void a_mail_says_where_it_is_shown(void **unused)
{
    const struct message message = offered();
    const struct wording_part part = {&message, "https://fadder.example/l/x"};
    struct wording_reader reader = {LANGUAGE_SV, "Åsa", "P", "", false};
    struct wording words;

    (void)unused;
    assert_true(wording_write(&part, 1, &reader, &words));
    assert_non_null(strstr(words.text, " svara:\nhttps://fadder.example/l/x\n\n"));
    reader.is_protected = true;
    assert_true(wording_write(&part, 1, &reader, &words));
    assert_non_null(strstr(words.text, " svara:\nhttps://fadder.example/l/x\n\n"));
}

/* Who hears the next morning, as the letters of their audiences. */
static const char *told_later(const struct message_case *c, const struct message_input *in)
{
    static char letters[32];
    const struct message_events *out = decide(c, in);
    size_t count = 0;

    for (size_t i = 0; i < out->count; i++) {
        const struct message_queued *said = &out->at[i].message_queued;

        if (said->has_due) letters[count++] = "CWGPMHSKOAL"[said->audience];
        if (said->has_due) assert_int_equal(said->due.ms, morning.ms);
    }
    letters[count] = 0;
    return letters;
}

static void what_asks_for_nothing_waits_for_the_morning(void **unused)
{
    struct message_case c = everything();
    struct message_input accepted = input(MESSAGE_ON_MENTORSHIP_ACCEPTED),
                         offered_ = input(MESSAGE_ON_MENTORSHIP_OFFERED),
                         completed = input(MESSAGE_ON_REFERRAL_COMPLETED),
                         reminded = input(MESSAGE_ON_MENTORSHIP_REMINDED);

    (void)unused;
    reminded.mentorship_reminded.awaited = MENTORSHIP_AWAITED_SIGNATURES;
    assert_string_equal(told_later(&c, &accepted), ""); /* nothing is known of the programme */
    memcpy(c.tenant.name, "P", 2);
    c.affiliation = (struct affiliation){.has_organisation = true, .organisation = first};
    accepted.mentorship_accepted.due.ms =
        now.ms; /* the others' to sign: what coordinators do not wait for */
    assert_string_equal(told_later(&c, &offered_), "");
    assert_string_equal(told_later(&c, &completed), "CK"); /* and no system */
    assert_string_equal(told_later(&c, &reminded), "PM");
    reminded.mentorship_reminded.due.ms = morning.ms + 24 * 3600 * 1000 - 1;
    assert_string_equal(told_later(&c, &reminded), ""); /* there would be no day left */
    reminded.mentorship_reminded.due.ms++;
    assert_string_equal(told_later(&c, &reminded), "PM");
    c.tenant.at_once = true;
    assert_string_equal(told_later(&c, &reminded), "");
}

static void one_mail_says_what_there_is_to_say_to_one_reader(void **unused)
{
    const struct message one = {.programme = programme,
                                .kind = MESSAGE_KIND_MENTORSHIP_REMINDED,
                                .audience = MESSAGE_AUDIENCE_MENTOR,
                                .to = mentor,
                                .has_code = true,
                                .code = "answer"};
    struct message other = one, waits = one;

    (void)unused;
    other.about = about;
    assert_true(message_may_join(&one, &other)); /* the same of two things */
    memcpy(other.code, "meetings", 9);
    assert_false(message_may_join(&one, &other));
    waits.has_due = other.has_due = true;
    assert_false(message_may_join(&one, &other));
    assert_true(message_may_join(&waits, &other)); /* whatever can wait */
    waits.to = person;
    assert_false(message_may_join(&waits, &other));
    waits.to = mentor;
    waits.audience = MESSAGE_AUDIENCE_PARTICIPANT; /* both in one person: two mails */
    assert_false(message_may_join(&waits, &other));
    waits.audience = MESSAGE_AUDIENCE_MENTOR;
    waits.programme = about;
    assert_false(message_may_join(&waits, &other));
    waits = other;
    waits.channel = MESSAGE_CHANNEL_WEBHOOK;
    assert_false(message_may_join(&waits, &waits));
    waits = other;
    waits.kind = MESSAGE_KIND_SESSION_REQUESTED;
    assert_false(message_may_join(&waits, &waits));
    waits.kind = MESSAGE_KIND_PERSON_HIDDEN; /* it is said alone */
    assert_false(message_may_join(&waits, &waits));
}

static void a_mail_of_several_things_says_each_with_its_address(void **unused)
{
    const struct message one = offered();
    struct message other = offered();
    const struct wording_part parts[] = {{&one, "https://fadder.example/l/1"},
                                         {&other, "https://fadder.example/l/2"}};
    struct wording_reader reader = {LANGUAGE_SV, "Åsa", "P", "", false};
    struct wording words, alone;
    const char *place;

    (void)unused;
    assert_true(wording_write(parts, 1, &reader, &alone));
    assert_true(wording_write(parts, 2, &reader, &words));
    assert_string_equal(words.subject, alone.subject); /* what is the same is called so */
    place = strstr(words.text, "https://fadder.example/l/1\n");
    assert_non_null(place);
    assert_non_null(strstr(place, "\n\n2. "));
    assert_non_null(strstr(place, "https://fadder.example/l/2\n"));
    assert_non_null(strstr(words.text, "1. "));
    assert_null(strstr(strstr(words.text, "Åsa") + 1, "Åsa")); /* greeted once */
    other.kind = MESSAGE_KIND_MENTORSHIP_AGREED;
    assert_true(wording_write(parts, 2, &reader, &words));
    assert_string_equal(words.subject, "Nytt från P: 2 saker");
    reader.is_protected = true;
    assert_true(wording_write(parts, 2, &reader, &words));
    assert_non_null(strstr(words.text, "https://fadder.example/l/1\n"));
    assert_non_null(strstr(words.text, "https://fadder.example/l/2\n"));
    assert_null(strstr(words.text, "1. "));
    other.kind = MESSAGE_KIND_MENTORSHIP_PROPOSED; /* which a mentor is not told */
    assert_false(wording_write(parts, 2, &reader, &words));
}

static void a_code_reaches_also_who_is_protected(void **unused)
{
    const struct message message = {.kind = MESSAGE_KIND_SESSION_REQUESTED,
                                    .audience = MESSAGE_AUDIENCE_PERSON};
    struct wording words;

    (void)unused;
    for (unsigned l = 0; l < WORDS_LANGUAGES; l++) {
        assert_true(write_words(&message, l, "Åsa", "P", true, &words));
        assert_non_null(strstr(words.text, "204117"));
        assert_null(strstr(words.text, "Åsa"));
    }
}

static void a_name_of_several_lines_is_none(void **unused)
{
    const struct message message = offered();
    struct wording words;

    (void)unused;
    assert_true(
        write_words(&message, LANGUAGE_NB, "Eva\nKlikk her: http://x.example", "P", false, &words));
    assert_null(strstr(words.text, "Eva"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_is_told_to_these),
        cmocka_unit_test(a_kind_is_called_as_its_event_is),
        cmocka_unit_test(reminders_go_to_those_who_are_waited_for),
        cmocka_unit_test(who_is_written_down_for_hears_of_it),
        cmocka_unit_test(who_heard_of_a_step_hears_that_it_is_taken_back),
        cmocka_unit_test(who_was_told_of_no_end_is_not_told_that_it_goes_on),
        cmocka_unit_test(who_was_asked_by_mistake_hears_that_no_answer_is_needed),
        cmocka_unit_test(who_heard_of_a_step_of_a_placement_hears_that_it_is_taken_back),
        cmocka_unit_test(
            a_dispute_that_no_supervisor_hears_of_reaches_the_host_and_the_coordinators),
        cmocka_unit_test(a_correction_names_what_told_of_the_step),
        cmocka_unit_test(a_correction_is_of_what_the_same_reader_was_told_before),
        cmocka_unit_test(nobody_hears_of_what_is_too_late_anyway),
        cmocka_unit_test(who_heard_of_a_yes_that_was_none_has_not),
        cmocka_unit_test(nobody_hears_of_the_end_of_what_they_never_knew),
        cmocka_unit_test(a_supervisor_hears_when_named_and_not_of_other_requirements),
        cmocka_unit_test(a_participant_hears_once_that_things_go_on),
        cmocka_unit_test(a_participant_does_not_hear_of_a_mistake_that_they_never_knew),
        cmocka_unit_test(coordinators_are_not_told_that_they_hear_nothing),
        cmocka_unit_test(where_no_partner_listens_none_is_told),
        cmocka_unit_test(each_reader_is_found_where_the_event_or_the_programme_says),
        cmocka_unit_test(a_partner_is_told_at_each_endpoint_with_a_number),
        cmocka_unit_test(no_two_messages_have_the_same_id),
        cmocka_unit_test(a_message_says_by_when_to_answer),
        cmocka_unit_test(an_agency_is_told_what_is_asked_for_and_then_what_is_still_missing),
        cmocka_unit_test(what_an_agency_is_told_of_several_referrals_goes_to_one_reader),
        cmocka_unit_test(a_reminder_is_not_sent_when_what_it_reminds_of_was_due),
        cmocka_unit_test(nobody_is_told_in_the_morning_what_the_night_has_overtaken),
        cmocka_unit_test(that_a_day_book_closes_is_said_whatever_the_placement_has_led_to),
        cmocka_unit_test(who_took_an_answer_back_is_reminded_as_if_there_had_been_none),
        cmocka_unit_test(what_ended_and_was_taken_back_is_told_as_if_it_had_not),
        cmocka_unit_test(a_message_stays_as_it_was_said),
        cmocka_unit_test(a_matter_counts_what_its_partner_is_told),
        cmocka_unit_test(what_a_matter_of_somebody_protected_is_called_only_the_vault_knows),
        cmocka_unit_test(a_test_goes_to_its_endpoint_alone),
        cmocka_unit_test(every_event_that_a_partner_is_told_of_is_counted),
        cmocka_unit_test(the_first_association_that_is_there_owns_the_programme),
        cmocka_unit_test(what_waited_before_there_was_an_association_is_not_for_it),
        cmocka_unit_test(a_mentor_is_their_clubs_until_they_leave),
        cmocka_unit_test(a_club_hears_what_concerns_its_mentors),
        cmocka_unit_test(who_is_responsible_hears_what_concerns_their_participants),
        cmocka_unit_test(
            each_club_hears_it_once_and_the_programmes_own_association_as_the_programme),
        cmocka_unit_test(a_matter_knows_who_looks_after_whom_it_is_about),
        cmocka_unit_test(nobody_is_told_twice_in_one_mailbox),
        cmocka_unit_test(of_who_is_hidden_no_mailbox_is_told_and_who_is_cleared_is),
        cmocka_unit_test(that_somebody_cleared_takes_over_is_listed_for_who_is_cleared),
        cmocka_unit_test(of_who_was_not_referred_their_club_hears_that_they_are_hidden),
        cmocka_unit_test(who_takes_over_hears_other_words_than_who_is_left_out),
        cmocka_unit_test(a_mail_about_who_is_hidden_is_a_case_or_their_own),
        cmocka_unit_test(every_mail_has_words_in_every_language),
        cmocka_unit_test(what_asks_for_nothing_waits_for_the_morning),
        cmocka_unit_test(one_mail_says_what_there_is_to_say_to_one_reader),
        cmocka_unit_test(a_mail_of_several_things_says_each_with_its_address),
        cmocka_unit_test(a_mail_greets_its_reader_and_names_nobody_else),
        cmocka_unit_test(a_mail_lists_what_is_asked_for),
        cmocka_unit_test(who_gave_half_is_not_said_to_have_given_all),
        cmocka_unit_test(who_is_not_erased_reads_why_and_where_to_complain),
        cmocka_unit_test(coordinators_hear_who_waits_to_be_erased),
        cmocka_unit_test(what_is_owed_after_its_date_is_reminded_of_after_it_too),
        cmocka_unit_test(who_is_to_be_forgotten_hears_it_as_do_who_look_after_them),
        cmocka_unit_test(whose_data_is_used_all_the_same_reads_why_and_where_to_complain),
        cmocka_unit_test(of_whom_the_use_is_restricted_others_hear_nothing),
        cmocka_unit_test(who_asked_for_what_takes_two_hears_the_answer),
        cmocka_unit_test(who_asked_in_vain_reads_why),
        cmocka_unit_test(who_shows_a_token_hears_that_it_ends),
        cmocka_unit_test(who_referred_somebody_is_told_to_forget_them_too),
        cmocka_unit_test(who_is_protected_reads_only_that_there_is_a_message),
        cmocka_unit_test(a_mail_says_where_it_is_shown),
        cmocka_unit_test(a_code_reaches_also_who_is_protected),
        cmocka_unit_test(a_name_of_several_lines_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
