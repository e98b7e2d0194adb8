/* What may happen to a referral next.
 *
 * First the table says whether the command is possible at all, and for whom. Then one function for
 * each input: guards, each with the refusal it stands for, then events. What comes of mentorships
 * and placements is settled in settle.c, what an agency gives of what it was asked for in info.c.
 */
#include "referral/info.h"
#include "referral/settle.h"

#include "core/life.h"
#include "core/patch.h"
#include "core/zone.h"
#include "fold/aggregate.h"
#include "person/consent.h"
#include "person/mailbox.h"
#include "person/person.h"
#include "tenancy.h"

enum { CONSENT_DAYS_MAX = 366 }; /* before the referral came */

/* clang-format off */
enum { AG = ROLE_AG, CO = ROLE_CO, CN = ROLE_CN, PA = ROLE_PA, TM = ROLE_TM, SYS = ROLE_SYS };

#define STEP(from, command, to, who) {REFERRAL_STATE_##from, REFERRAL_##command, REFERRAL_STATE_##to, who}

static const struct step steps[] = {
    STEP(NONE,             RECEIVE,           RECEIVED,         AG),
    STEP(RECEIVED,         RECEIVE,           RECEIVED,         AG), /* again: an update, or stale */
    STEP(NEEDS_INFO,       RECEIVE,           NEEDS_INFO,       AG),
    STEP(ACCEPTED,         RECEIVE,           ACCEPTED,         AG),
    STEP(REJECTED,         RECEIVE,           REJECTED,         AG),
    STEP(WAITLISTED,       RECEIVE,           WAITLISTED,       AG),
    STEP(MATCHED,          RECEIVE,           MATCHED,          AG),
    STEP(IN_PROGRESS,      RECEIVE,           IN_PROGRESS,      AG),
    STEP(ON_HOLD,          RECEIVE,           ON_HOLD,          AG),
    STEP(COMPLETED,        RECEIVE,           COMPLETED,        AG),
    STEP(FAILED,           RECEIVE,           FAILED,           AG),
    STEP(CANCELLED,        RECEIVE,           CANCELLED,        AG),
    STEP(EXPIRED,          RECEIVE,           EXPIRED,          AG),
    STEP(DUPLICATE,        RECEIVE,           DUPLICATE,        AG),
    STEP(ENTERED_IN_ERROR, RECEIVE,           ENTERED_IN_ERROR, AG),

    STEP(RECEIVED,         LINK_DUPLICATE,    DUPLICATE,        CO | SYS),
    STEP(RECEIVED,         ASK_INFO,          NEEDS_INFO,       CO),
    STEP(WAITLISTED,       ASK_INFO,          NEEDS_INFO,       CO),
    STEP(NEEDS_INFO,       GIVE_INFO,         RECEIVED,         AG | CN),
    STEP(NEEDS_INFO,       REMIND,            NEEDS_INFO,       TM),
    STEP(NEEDS_INFO,       EXPIRE,            EXPIRED,          TM),
    STEP(RECEIVED,         ACCEPT,            ACCEPTED,         CO),
    STEP(NEEDS_INFO,       UNDO,              RECEIVED,         CO),
    STEP(ACCEPTED,         UNDO,              RECEIVED,         CO),
    STEP(RECEIVED,         REJECT,            REJECTED,         CO),
    STEP(ACCEPTED,         WAITLIST,          WAITLISTED,       CO | SYS),
    STEP(IN_PROGRESS,      COMPLETE,          COMPLETED,        CN | CO),
    STEP(IN_PROGRESS,      HOLD,              ON_HOLD,          CN | CO),
    STEP(ON_HOLD,          RESUME,            IN_PROGRESS,      CN | CO),
    STEP(IN_PROGRESS,      FAIL,              FAILED,           CN | CO),

    STEP(RECEIVED,         CANCEL,            CANCELLED,        AG | CN | CO),
    STEP(NEEDS_INFO,       CANCEL,            CANCELLED,        AG | CN | CO),
    STEP(ACCEPTED,         CANCEL,            CANCELLED,        AG | CN | CO),
    STEP(WAITLISTED,       CANCEL,            CANCELLED,        AG | CN | CO),
    STEP(MATCHED,          CANCEL,            CANCELLED,        AG | CN | CO),
    STEP(IN_PROGRESS,      CANCEL,            CANCELLED,        AG | CN | CO),
    STEP(ON_HOLD,          CANCEL,            CANCELLED,        AG | CN | CO),

    STEP(RECEIVED,         HAND_OVER,         RECEIVED,         CO | PA),
    STEP(NEEDS_INFO,       HAND_OVER,         NEEDS_INFO,       CO | PA),
    STEP(ACCEPTED,         HAND_OVER,         ACCEPTED,         CO | PA),
    STEP(WAITLISTED,       HAND_OVER,         WAITLISTED,       CO | PA),
    STEP(MATCHED,          HAND_OVER,         MATCHED,          CO | PA),
    STEP(IN_PROGRESS,      HAND_OVER,         IN_PROGRESS,      CO | PA),
    STEP(ON_HOLD,          HAND_OVER,         ON_HOLD,          CO | PA),

    STEP(REJECTED,         REOPEN,            RECEIVED,         CO),
    STEP(CANCELLED,        REOPEN,            RECEIVED,         CO),
    STEP(FAILED,           REOPEN,            RECEIVED,         CO),
    STEP(EXPIRED,          REOPEN,            RECEIVED,         CO),
    STEP(COMPLETED,        REOPEN,            RECEIVED,         CO),
    STEP(DUPLICATE,        REOPEN,            RECEIVED,         CO),
    STEP(ENTERED_IN_ERROR, REOPEN,            RECEIVED,         CO),

    STEP(RECEIVED,         CHANGE_PROTECTION, RECEIVED,         AG | CN | PA),
    STEP(NEEDS_INFO,       CHANGE_PROTECTION, NEEDS_INFO,       AG | CN | PA),
    STEP(ACCEPTED,         CHANGE_PROTECTION, ACCEPTED,         AG | CN | PA),
    STEP(REJECTED,         CHANGE_PROTECTION, REJECTED,         AG | CN | PA),
    STEP(WAITLISTED,       CHANGE_PROTECTION, WAITLISTED,       AG | CN | PA),
    STEP(MATCHED,          CHANGE_PROTECTION, MATCHED,          AG | CN | PA),
    STEP(IN_PROGRESS,      CHANGE_PROTECTION, IN_PROGRESS,      AG | CN | PA),
    STEP(ON_HOLD,          CHANGE_PROTECTION, ON_HOLD,          AG | CN | PA),
    STEP(COMPLETED,        CHANGE_PROTECTION, COMPLETED,        AG | CN | PA),
    STEP(FAILED,           CHANGE_PROTECTION, FAILED,           AG | CN | PA),
    STEP(CANCELLED,        CHANGE_PROTECTION, CANCELLED,        AG | CN | PA),
    STEP(EXPIRED,          CHANGE_PROTECTION, EXPIRED,          AG | CN | PA),
    STEP(DUPLICATE,        CHANGE_PROTECTION, DUPLICATE,        AG | CN | PA),
    STEP(ENTERED_IN_ERROR, CHANGE_PROTECTION, ENTERED_IN_ERROR, AG | CN | PA),

    STEP(RECEIVED,         ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(NEEDS_INFO,       ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(ACCEPTED,         ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(REJECTED,         ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(WAITLISTED,       ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(MATCHED,          ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(IN_PROGRESS,      ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(ON_HOLD,          ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(COMPLETED,        ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(FAILED,           ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(CANCELLED,        ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(EXPIRED,          ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
    STEP(DUPLICATE,        ENTER_IN_ERROR,    ENTERED_IN_ERROR, CO | PA),
};

static const struct move moves[] = {
    {REFERRAL_STATE_NEEDS_INFO,  REFERRAL_INFO_GIVEN, REFERRAL_STATE_NEEDS_INFO,  "something is still missing"},
    {REFERRAL_STATE_NEEDS_INFO,  REFERRAL_INFO_GIVEN, REFERRAL_STATE_RECEIVED,    "an update brings all that was missing"},
    {REFERRAL_STATE_NEEDS_INFO,  REFERRAL_UNDONE,     REFERRAL_STATE_WAITLISTED,  "it was waitlisted when more was asked for"},
    {REFERRAL_STATE_ACCEPTED,    REFERRAL_MATCHED,    REFERRAL_STATE_MATCHED,     "a mentorship is agreed or a placement planned"},
    {REFERRAL_STATE_WAITLISTED,  REFERRAL_MATCHED,    REFERRAL_STATE_MATCHED,     "a mentorship is agreed or a placement planned"},
    {REFERRAL_STATE_MATCHED,     REFERRAL_STARTED,    REFERRAL_STATE_IN_PROGRESS, "the first of them begins"},
    {REFERRAL_STATE_IN_PROGRESS, REFERRAL_COMPLETED,  REFERRAL_STATE_COMPLETED,   "every kind that it wants is completed"},
    {REFERRAL_STATE_IN_PROGRESS, REFERRAL_MATCHED,    REFERRAL_STATE_MATCHED,     "the beginning of the only one is taken back"},
    {REFERRAL_STATE_MATCHED,     REFERRAL_WAITLISTED, REFERRAL_STATE_WAITLISTED,  "none of them is left"},
    {REFERRAL_STATE_IN_PROGRESS, REFERRAL_WAITLISTED, REFERRAL_STATE_WAITLISTED,  "none of them is left"},
    {REFERRAL_STATE_CANCELLED,   REFERRAL_ACCEPTED,   REFERRAL_STATE_ACCEPTED,    "it is taken up again and had been accepted"},
    {REFERRAL_STATE_FAILED,      REFERRAL_ACCEPTED,   REFERRAL_STATE_ACCEPTED,    "it is taken up again and had been accepted"},
    {REFERRAL_STATE_COMPLETED,   REFERRAL_ACCEPTED,   REFERRAL_STATE_ACCEPTED,    "it is taken up again and had been accepted"},
    {REFERRAL_STATE_ENTERED_IN_ERROR, REFERRAL_ACCEPTED, REFERRAL_STATE_ACCEPTED, "it is taken up again and had been accepted"},
    {REFERRAL_STATE_REJECTED,    REFERRAL_REOPENED,   REFERRAL_STATE_RECEIVED,    "the agency says more of it, and the programme allows that"},
    {REFERRAL_STATE_CANCELLED,   REFERRAL_REOPENED,   REFERRAL_STATE_RECEIVED,    "the agency says more of it, and the programme allows that"},
    {REFERRAL_STATE_FAILED,      REFERRAL_REOPENED,   REFERRAL_STATE_RECEIVED,    "the agency says more of it, and the programme allows that"},
    {REFERRAL_STATE_EXPIRED,     REFERRAL_REOPENED,   REFERRAL_STATE_RECEIVED,    "the agency says more of it, and the programme allows that"},
    {REFERRAL_STATE_COMPLETED,   REFERRAL_REOPENED,   REFERRAL_STATE_RECEIVED,    "the agency says more of it, and the programme allows that"},
    {REFERRAL_STATE_RECEIVED,    REFERRAL_CANCELLED,  REFERRAL_STATE_CANCELLED,   "the person is erased"},
    {REFERRAL_STATE_NEEDS_INFO,  REFERRAL_CANCELLED,  REFERRAL_STATE_CANCELLED,   "the person is erased"},
    {REFERRAL_STATE_ACCEPTED,    REFERRAL_CANCELLED,  REFERRAL_STATE_CANCELLED,   "the person is erased"},
    {REFERRAL_STATE_WAITLISTED,  REFERRAL_CANCELLED,  REFERRAL_STATE_CANCELLED,   "the person is erased"},
    {REFERRAL_STATE_MATCHED,     REFERRAL_CANCELLED,  REFERRAL_STATE_CANCELLED,   "the person is erased"},
    {REFERRAL_STATE_IN_PROGRESS, REFERRAL_CANCELLED,  REFERRAL_STATE_CANCELLED,   "the person is erased"},
    {REFERRAL_STATE_ON_HOLD,     REFERRAL_CANCELLED,  REFERRAL_STATE_CANCELLED,   "the person is erased"},
};
/* clang-format on */

const struct life referral_life = {
    .contract = &referral_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* Agencies act on what they referred, the programme's people on what is their programme's, an organisation's
 * coordinator on those for whom it is responsible. Of others whom it has to do with it sees that they are there. */
static bool is_theirs(const struct referral_case *c, const struct actor *actor)
{
    const struct referral *row = &c->row;

    if (actor->role == ROLE_AG) return id_equal(actor->id, row->partner);
    if (actor->role == ROLE_CN)
        return row->has_organisation && id_equal(actor->organisation, row->organisation);
    return life_coordinates(actor, referral_responsible(row, c->association));
}

static void say_protection(const struct referral *row, enum protection protection,
                           struct referral_events *out)
{
    referral_say(row, REFERRAL_PROTECTION_CHANGED, out)->referral_protection_changed.protection =
        protection;
}

/* What the agency says. */

/* An update may raise the protection, and never lowers it: what a system says again may be older than
 * what a person has said since. To lower it is a step of its own. */
static enum protection higher(enum protection one, enum protection other)
{
    return one > other ? one : other;
}

static void consent(struct referral *row, struct date on)
{
    row->has_consented_on = true;
    row->consented_on = on;
}

/* A case officer asks again what was agreed to longer ago. What stands there may be said again. */
static bool check_consent(const struct referral *row, bool has, struct date on,
                          const struct head *head, struct error *err)
{
    const bool is_new = row->state == REFERRAL_STATE_NONE;
    const struct date received = zone_date(head->country, is_new ? head->at : row->waiting_since);

    if (!has || (row->has_consented_on && row->consented_on.day == on.day)) return true;
    return on.day >= received.day - CONSENT_DAYS_MAX || refuse(err, &referral_old_consent);
}

/* What is told of nobody who is under protection: the vault has it. */
static void hide(struct referral *row)
{
    referral_drop_kept(row);
    row->has_municipality = false;
    memset(row->municipality, 0, sizeof row->municipality);
}

/* The row as the agency would have it: nothing that is personal, and nothing that may not be told. */
static void take_down(const struct referral_case *c, const struct referral_input *in,
                      struct referral *row)
{
    const struct referral_receive *ask = &in->referral_receive;

    *row = c->row;
    row->has_external_id = true;
    memcpy(row->external_id, ask->external_id, sizeof row->external_id);
    row->has_alias = is_somebody(in->head.alias);
    row->alias = in->head.alias;
    row->sequence = ask->sequence;
    row->has_organisation = c->partner.has_organisation;
    row->organisation = c->partner.organisation;
    row->languages = ask->languages;
    row->occupations = ask->occupations;
    if (ask->has_consented_on) consent(row, ask->consented_on);
    row->target_group = ask->target_group;
    row->wants = ask->wants;
    row->protection = higher(ask->person.protection, c->row.protection);
    row->language = ask->person.language;
    row->has_municipality = ask->has_municipality;
    memset(row->municipality, 0, sizeof row->municipality);
    if (row->has_municipality)
        memcpy(row->municipality, ask->municipality, sizeof row->municipality);
    if (person_is_protected(row->protection)) hide(row);
}

/* Nothing, where only the vault says it. */
static void say_external_id(const struct referral *row, char *to, size_t size)
{
    if (row->has_external_id)
        memcpy(to, row->external_id, size);
    else
        memcpy(to, referral_unsaid, sizeof referral_unsaid);
}

static void answer(const struct referral *row, enum referral_result result,
                   enum referral_state state, struct referral_events *out)
{
    out->referral_receive_answer =
        (struct referral_receive_answer){.referral = row->id, .result = result, .state = state};
}

static void receive_new(const struct referral_case *c, const struct referral_input *in,
                        struct referral_events *out)
{
    struct referral row;
    struct referral_received *said;

    take_down(c, in, &row);
    row.id = in->head.ids[0];
    row.person = in->head.ids[1];
    row.partner = in->head.actor.id;
    row.waiting_since = in->head.at;

    said = &referral_say(&row, REFERRAL_RECEIVED, out)->referral_received;
    said->has_organisation = row.has_organisation;
    said->organisation = row.organisation;
    say_external_id(&row, said->external_id, sizeof said->external_id);
    said->has_alias = row.has_alias;
    said->alias = row.alias;
    said->external_sequence = row.sequence;
    referral_copy(said, &row);
    referral_copy_consent(said, &row);
    said->sealed = in->head.sealed;
    answer(&row, REFERRAL_RESULT_ACCEPTED, REFERRAL_STATE_RECEIVED, out);
}

static bool is_among(const struct referral_wants *wants, enum referral_want want)
{
    for (uint32_t i = 0; i < wants->count; i++)
        if (wants->at[i] == want) return true;
    return false;
}

/* Nobody accepts again what is accepted: what it wants besides is looked for as of now. */
static void say_wants_anew(const struct referral *before, const struct referral *row,
                           struct referral_updated *said)
{
    if (!before->was_accepted || !referral_is_open(before->state)) return;
    for (uint32_t i = 0; i < row->wants.count; i++)
        if (!is_among(&before->wants, row->wants.at[i]))
            said->wants_anew.at[said->wants_anew.count++] = row->wants.at[i];
    said->has_wants_anew = said->has_held = said->wants_anew.count > 0;
    if (!said->has_wants_anew) return;
    said->held = before->state == REFERRAL_STATE_ON_HOLD;
    said->has_responsible = before->has_responsible;
    said->responsible = before->responsible;
}

/* The agency says this now: all of it, as it is then in the row. */
static void say_updated(const struct referral_case *c, const struct referral *row,
                        const struct head *head, struct referral_events *out)
{
    const struct referral *before = &c->row;
    struct referral_updated *said = &referral_say(row, REFERRAL_UPDATED, out)->referral_updated;

    said->has_organisation = row->has_organisation;
    said->organisation = row->organisation;
    say_external_id(row, said->external_id, sizeof said->external_id);
    said->has_alias = row->has_alias;
    said->alias = row->alias;
    said->external_sequence = row->sequence;
    referral_copy(said, row);
    referral_copy_consent(said, row);
    said->sealed = head->has_sealed ? head->sealed : c->known;
    said->has_new_mailbox = true;
    said->new_mailbox = head->has_sealed && head->new_mailbox && !person_mailbox_waits(head);
    said->has_same_language = said->same_language = row->language == before->language;
    say_wants_anew(before, row, said);
    if (row->protection != before->protection) say_protection(row, row->protection, out);
    if (person_mailbox_waits(head) && head->new_mailbox)
        referral_say(row, REFERRAL_MAILBOX_HELD, out);
}

/* An update that brings what was asked for gives it. */
static enum referral_state strike(const struct referral_case *c, const struct referral_input *in,
                                  const struct referral *row, struct referral_events *out)
{
    const unsigned missing = referral_info_in(&c->row.missing);
    const unsigned given = referral_info_brought(&c->row, row, in->head.news) & missing;

    if (given != 0) referral_say_given(&c->row, given, out);
    return given != 0 && given == missing ? REFERRAL_STATE_RECEIVED : REFERRAL_STATE_NEEDS_INFO;
}

static void receive_again(const struct referral_case *c, const struct referral_input *in,
                          enum referral_state from, struct referral_events *out)
{
    enum referral_state state;
    struct referral row;

    take_down(c, in, &row);
    say_updated(c, &row, &in->head, out);
    state = from == REFERRAL_STATE_NEEDS_INFO ? strike(c, in, &row, out)
                                              : referral_settle(c, in, from, &row.wants, out);
    answer(&row, REFERRAL_RESULT_UPDATED, state, out);
}

static void say_reopened(const struct referral_case *c, enum referral_return reason, bool goes_on,
                         bool is_anew, struct referral_events *out)
{
    struct referral_reopened *said =
        &referral_say(&c->row, REFERRAL_REOPENED, out)->referral_reopened;

    said->reason = reason;
    said->waiting_since = c->row.waiting_since;
    said->goes_on = goes_on;
    said->has_was = true;
    said->was = c->row.state;
    said->has_anew = said->anew = is_anew;
}

static bool agency_reopens(const struct referral_case *c)
{
    const struct rules *rules = &c->programme.rules;

    return rules->has_agency_reopens && rules->agency_reopens &&
           c->programme.state == PROGRAMME_STATE_OPEN && referral_agency_may_reopen(c->row.state);
}

/* What was closed comes before the people who decide, whatever it had come to before. */
static void receive_closed(const struct referral_case *c, const struct referral_input *in,
                           struct referral_events *out)
{
    say_reopened(c, REFERRAL_RETURN_SAID_AGAIN, false,
                 referral_begins_anew(c, &in->referral_receive.wants), out);
    receive_again(c, in, REFERRAL_STATE_RECEIVED, out);
}

static bool receive(const struct referral_case *c, const struct referral_input *in,
                    struct referral_events *out, struct error *err)
{
    const struct referral_receive *ask = &in->referral_receive;
    const bool is_closed = !referral_is_open(c->row.state);
    const bool is_new = c->row.state == REFERRAL_STATE_NONE;

    if (c->partner.state != PARTNER_STATE_ACTIVE ||
        !id_equal(c->partner.programme, in->head.programme))
        return refuse(err, &referral_not_a_partner);
    if (strcmp(ask->programme, c->programme.slug) != 0)
        return refuse(err, &referral_wrong_programme);
    if (!is_new && ask->sequence <= c->row.sequence) {
        answer(&c->row, REFERRAL_RESULT_STALE, c->row.state, out);
        return true;
    }
    if (is_new && c->programme.state != PROGRAMME_STATE_OPEN)
        return refuse(err, &referral_programme_closed);
    if (!is_new && is_closed && !agency_reopens(c)) return refuse(err, &referral_closed);
    if (!check_consent(&c->row, ask->has_consented_on, ask->consented_on, &in->head, err))
        return false;

    if (is_new)
        receive_new(c, in, out);
    else if (is_closed)
        receive_closed(c, in, out);
    else
        receive_again(c, in, c->row.state, out);
    return true;
}

enum { UNDO_MS = 3600000 };

static struct referral_way_back way_back(const struct referral *row, const struct head *head,
                                         enum referral_decided step)
{
    return (struct referral_way_back){
        .step = step,
        .by = head->actor.id,
        .until = {head->at.ms + UNDO_MS},
        .has_responsible = row->has_responsible,
        .responsible = row->responsible,
        .has_state = true,
        .state = row->state == REFERRAL_STATE_WAITLISTED ? REFERRAL_RESTORED_WAITLISTED
                                                         : REFERRAL_RESTORED_RECEIVED,
    };
}

/* Asking for more, and waiting for it. */

/* Seven days and one day before it is due; the next of them behind `after`. */
static bool next_reminder(struct instant due, struct instant after, struct instant *remind)
{
    static const int64_t days_before[] = {7, 1};

    for (size_t i = 0; i < sizeof days_before / sizeof days_before[0]; i++) {
        *remind = instant_add_days(due, -days_before[i]);
        if (remind->ms > after.ms) return true;
    }
    *remind = (struct instant){0};
    return false;
}

static bool ask_info(const struct referral_case *c, const struct referral_input *in,
                     struct referral_events *out)
{
    const struct instant now = in->head.at;
    struct referral_info_asked *said =
        &referral_say(&c->row, REFERRAL_INFO_ASKED, out)->referral_info_asked;

    said->asks = in->referral_ask_info.asks;
    said->has_by = said->has_at = true;
    said->by = in->head.actor.id;
    said->at = now;
    said->due = zone_end(in->head.country, now, c->programme.rules.info_days);
    said->has_remind = next_reminder(said->due, now, &said->remind);
    said->has_undo = true;
    said->undo = way_back(&c->row, &in->head, REFERRAL_DECIDED_ASK_INFO);
    return true;
}

static enum protection protection_with(const struct referral_case *c,
                                       const struct referral_give_info *ask)
{
    return ask->person.has_protection ? higher(ask->person.protection, c->row.protection)
                                      : c->row.protection;
}

/* The row with what is said here: as receive takes it down, but what is left out stays as it is. */
static void take_in(const struct referral_case *c, const struct referral_give_info *ask,
                    struct referral *row)
{
    *row = c->row;
    row->protection = protection_with(c, ask);
    if (ask->person.has_language) row->language = ask->person.language;
    if (ask->has_languages) row->languages = ask->languages;
    if (ask->has_occupations) row->occupations = ask->occupations;
    if (ask->has_consented_on) consent(row, ask->consented_on);
    if (ask->has_municipality) {
        row->has_municipality = true;
        memcpy(row->municipality, ask->municipality, sizeof row->municipality);
    }
    if (person_is_protected(row->protection)) hide(row);
}

static bool says_more(const struct referral_give_info *ask)
{
    return ask->has_person || ask->has_municipality || ask->has_languages || ask->has_occupations ||
           ask->has_consented_on;
}

/* That a list is there does not say that anything is in it. */
static bool says_something(const struct referral_give_info *ask, struct error *err)
{
    if (ask->has_languages && ask->languages.count == 0) return refuse(err, &referral_no_languages);
    return !ask->has_occupations || ask->occupations.count > 0 ||
           refuse(err, &referral_no_occupations);
}

static bool give_info(const struct referral_case *c, const struct referral_input *in,
                      struct referral_events *out, struct error *err)
{
    const struct referral_give_info *ask = &in->referral_give_info;
    const unsigned given = referral_info_given(&c->row, in);
    struct referral row;

    if (!says_something(ask, err)) return false;
    if ((given & referral_info_in(&c->row.missing)) == 0)
        return refuse(err, &referral_not_asked_for);
    if (c->has_no_goals && person_seals_goals(&in->head)) return refuse(err, &referral_no_consent);
    if (!check_consent(&c->row, ask->has_consented_on, ask->consented_on, &in->head, err))
        return false;

    take_in(c, ask, &row);
    if (says_more(ask)) say_updated(c, &row, &in->head, out);
    referral_say_given(&c->row, given, out);
    return true;
}

/* Of two that are late one is enough; and none where it is too late for an answer. */
static bool remind(const struct referral_case *c, struct instant now, struct referral_events *out,
                   struct error *err)
{
    struct referral_reminded *said;

    if (!c->row.has_remind || now.ms < c->row.remind.ms) return refuse(err, &referral_not_due);

    said = &referral_say(&c->row, REFERRAL_REMINDED, out)->referral_reminded;
    said->due = c->row.due;
    said->has_missing = c->row.has_missing;
    said->missing = c->row.missing;
    said->has_remind = next_reminder(c->row.due, now, &said->remind);
    said->missed = said->has_missed = c->row.due.ms <= now.ms;
    return true;
}

static bool expire(const struct referral_case *c, struct instant now, struct referral_events *out,
                   struct error *err)
{
    if (!c->row.has_due || now.ms < c->row.due.ms) return refuse(err, &referral_not_due);

    referral_say(&c->row, REFERRAL_EXPIRED, out);
    return true;
}

/* Yes and no. */

/* What goes on by itself, or is taken up again, nobody has accepted by mistake. */
static void may_undo(const struct referral_case *c, const struct referral_input *in,
                     struct referral_accepted *said)
{
    said->has_undo = in->type == REFERRAL_ACCEPT;
    if (said->has_undo) said->undo = way_back(&c->row, &in->head, REFERRAL_DECIDED_ACCEPT);
}

static bool accept(const struct referral_case *c, const struct referral_input *in,
                   struct referral_events *out)
{
    struct referral_accepted *said =
        &referral_say(&c->row, REFERRAL_ACCEPTED, out)->referral_accepted;

    may_undo(c, in, said);
    said->has_organisation = c->row.has_organisation;
    said->organisation = c->row.organisation;
    said->responsible = referral_responsible(&c->row, c->association);
    said->has_responsible = is_somebody(said->responsible);
    said->has_goes_on = said->goes_on = !referral_is_command(in->type);
    referral_copy(said, &c->row);
    referral_settle(c, in, REFERRAL_STATE_ACCEPTED, &c->row.wants, out);
    return true;
}

static bool undo(const struct referral_case *c, const struct head *head,
                 struct referral_events *out, struct error *err)
{
    const struct referral_way_back *back = &c->row.undo;
    struct referral_undone *said;

    if (!c->row.has_undo) return refuse(err, &referral_nothing_to_undo);
    if (!life_did(&head->actor, back->by)) return refuse(err, &referral_undo_anothers);
    if (head->at.ms > back->until.ms) return refuse(err, &referral_undo_too_late);

    said = &referral_say(&c->row, REFERRAL_UNDONE, out)->referral_undone;
    said->step = back->step;
    said->has_responsible = back->has_responsible;
    said->responsible = back->responsible;
    said->has_state = back->has_state;
    said->state = back->state;
    return true;
}

/* Who is responsible tells where somebody is: whoever is not near may say it again, and does not find out by being refused. */
static bool is_told_who(const struct referral_case *c, const struct head *head)
{
    const struct nearness who = near_of(head);
    struct guarded guarded = {0};

    guarded_add(&guarded, person_is_protected(c->row.protection), c->row.person);
    return near_each(&who, &guarded);
}

/* An agency refers, and looks after nobody. */
static bool hand_over(const struct referral_case *c, const struct referral_input *in,
                      struct referral_events *out, struct error *err)
{
    const struct referral_hand_over *ask = &in->referral_hand_over;
    const struct id before = referral_responsible(&c->row, c->association);
    struct referral_handed_over *said;

    if (!organisation_is_open(&c->organisation, c->row.programme) ||
        c->organisation.kind == ORGANISATION_KIND_AGENCY)
        return refuse(err, &referral_nobody_to_take);
    if (id_equal(ask->to, before) && is_told_who(c, &in->head))
        return refuse(err, &referral_same_responsible);

    said = &referral_say(&c->row, REFERRAL_HANDED_OVER, out)->referral_handed_over;
    said->responsible = ask->to;
    said->has_before = is_somebody(before);
    said->before = before;
    said->reason = ask->reason;
    return true;
}

static bool reject(const struct referral_case *c, enum referral_reason reason,
                   struct referral_events *out)
{
    referral_say(&c->row, REFERRAL_REJECTED, out)->referral_rejected.reason = reason;
    return true;
}

static bool waitlist(const struct referral_case *c, struct referral_events *out)
{
    referral_say_waitlisted(&c->row, false, out);
    return true;
}

static bool complete(const struct referral_case *c, struct referral_events *out)
{
    referral_say(&c->row, REFERRAL_COMPLETED, out);
    return true;
}

static bool hold(const struct referral_case *c, enum referral_reason reason,
                 struct referral_events *out)
{
    referral_say(&c->row, REFERRAL_HELD, out)->referral_held.reason = reason;
    return true;
}

static bool resume(const struct referral_case *c, const struct referral_input *in,
                   struct referral_events *out)
{
    referral_say(&c->row, REFERRAL_RESUMED, out);
    referral_settle(c, in, REFERRAL_STATE_IN_PROGRESS, &c->row.wants, out);
    return true;
}

static bool fail(const struct referral_case *c, enum referral_reason reason,
                 struct referral_events *out)
{
    referral_say(&c->row, REFERRAL_FAILED, out)->referral_failed.reason = reason;
    return true;
}

static bool cancel(const struct referral_case *c, enum referral_reason reason,
                   struct referral_events *out)
{
    referral_say(&c->row, REFERRAL_CANCELLED, out)->referral_cancelled.reason = reason;
    return true;
}

/* Who had been accepted is where they were in the queue, and further where something has come of it. */
static bool reopen(const struct referral_case *c, const struct referral_input *in,
                   struct referral_events *out, struct error *err)
{
    const bool goes_on = c->row.was_accepted;

    if (c->programme.state != PROGRAMME_STATE_OPEN) return refuse(err, &referral_programme_closed);
    if (!referral_is_named(&c->row)) return refuse(err, &referral_person_erased);
    if (c->is_restricted) return refuse(err, &referral_restricted);

    say_reopened(c, in->referral_reopen.reason, goes_on, referral_begins_anew(c, &c->row.wants),
                 out);
    return !goes_on || accept(c, in, out);
}

/* It stands on the person, where another answers it. The agency's system knows whom it referred. */
static bool ask_lowering(const struct referral_case *c, enum protection protection,
                         const struct head *head, struct referral_events *out, struct error *err)
{
    if (head->actor.role != ROLE_AG &&
        !life_is_near(head, person_is_protected(higher(c->row.protection, c->hidden)),
                      c->row.person, err))
        return false;
    if (!referral_is_named(&c->row)) return refuse(err, &referral_person_erased);
    if (!is_somebody(head->actor.id)) return refuse(err, &referral_nobody_known);
    if (c->is_lowering_asked) return refuse(err, &referral_lowering_asked_already);

    referral_say(&c->row, REFERRAL_LOWERING_ASKED, out)->referral_lowering_asked.protection =
        protection;
    return true;
}

static bool change_protection(const struct referral_case *c, enum protection protection,
                              const struct head *head, struct referral_events *out,
                              struct error *err)
{
    if (c->row.protection == protection) return refuse(err, &referral_same_protection);
    if (protection < higher(c->row.protection, c->hidden))
        return ask_lowering(c, protection, head, out, err);

    say_protection(&c->row, protection, out);
    return true;
}

/* Two prints of the same text are alike where the same partner's key made them. */
static bool is_alike(const struct referral *one, const struct referral *other)
{
    if (one->has_external_id && other->has_external_id)
        return strcmp(one->external_id, other->external_id) == 0;
    return one->has_alias && other->has_alias && id_equal(one->alias, other->alias);
}

/* Likeness only suggests: a rule of ours goes by the external id alone. It is one person, who is hidden as well here as there. */
static bool link_duplicate(const struct referral_case *c, const struct referral_input *in,
                           struct referral_events *out, struct error *err)
{
    const struct id of = in->referral_link_duplicate.of;
    const struct referral *other = &c->other;

    if (other->state == REFERRAL_STATE_NONE || !id_equal(other->programme, c->row.programme))
        return refuse(err, &referral_no_such_referral);
    if (id_equal(of, c->row.id) || other->state == REFERRAL_STATE_DUPLICATE ||
        other->state == REFERRAL_STATE_ENTERED_IN_ERROR)
        return refuse(err, &referral_own_duplicate);
    if (in->head.actor.role == ROLE_SYS && !is_alike(other, &c->row))
        return refuse(err, &referral_only_alike);
    if (other->protection < c->row.protection) return refuse(err, &referral_hidden_less);

    if (other->protection > c->row.protection) say_protection(&c->row, other->protection, out);
    referral_say(&c->row, REFERRAL_DUPLICATE_LINKED, out)->referral_duplicate_linked.of = of;
    return true;
}

static bool enter_in_error(const struct referral_case *c, enum referral_reason reason,
                           struct referral_events *out)
{
    referral_say(&c->row, REFERRAL_ENTERED_IN_ERROR, out)->referral_entered_in_error.reason =
        reason;
    return true;
}

/* What has happened elsewhere cannot be refused: where it changes nothing, nothing follows. */

static bool on_person_protection_changed(const struct referral_case *c,
                                         const struct referral_input *in,
                                         struct referral_events *out)
{
    const enum protection protection = in->person_protection_changed.protection;

    if (c->row.state != REFERRAL_STATE_NONE && c->row.protection != protection)
        say_protection(&c->row, protection, out);
    return true;
}

static bool on_person_erased(const struct referral_case *c, struct referral_events *out)
{
    return !referral_is_open(c->row.state) || cancel(c, REFERRAL_REASON_ERASED, out);
}

/* Nobody looks for a mentor or a place for who takes no part any more; who is erased is heard of next. */
static bool on_person_role_ended(const struct referral_case *c, enum person_end_reason reason,
                                 struct referral_events *out)
{
    return !referral_is_open(c->row.state) || reason == PERSON_END_REASON_ERASED ||
           cancel(c, REFERRAL_REASON_ROLE_ENDED, out);
}

static bool on_link(const struct referral_case *c, const struct referral_input *in,
                    struct referral_events *out)
{
    if (in->type == REFERRAL_ON_MENTORSHIP_OFFERED) return true; /* nothing has come of it yet */
    if (referral_goes_on(c, in)) {
        say_reopened(c, REFERRAL_RETURN_TAKEN_BACK, true, false, out);
        return accept(c, in, out);
    }
    referral_settle(c, in, c->row.state, &c->row.wants, out);
    return true;
}

/* An agency's system says what it knows; whoever is not cleared leaves it to others, and hides them better. */
static bool may_be_uncleared(const struct referral_input *in)
{
    return in->head.actor.role == ROLE_AG || in->type == REFERRAL_HAND_OVER ||
           in->type == REFERRAL_CHANGE_PROTECTION;
}

/* A partner counts what it says itself: a webhook is not made against a version of ours. */
bool referral_may(const struct referral_case *c, const struct referral_input *in, struct error *err)
{
    const int64_t version = in->type == REFERRAL_RECEIVE ? in->head.version : c->row.version;
    const bool is_there = c->row.state != REFERRAL_STATE_NONE;
    const struct step *step;
    struct error how;

    if (is_there && !life_tenant(&in->head, c->row.programme, err)) return false;
    step = life_step(&referral_life, c->row.state, version, in->type, &in->head, &how);
    if (!life_allows(&referral_life, in->type, &in->head, err)) return false;
    if (is_there && !is_theirs(c, &in->head.actor)) return refuse(err, &life_forbidden);
    if (is_there && !may_be_uncleared(in) &&
        !life_is_near(&in->head, person_is_protected(c->row.protection), c->row.person, err))
        return false;
    return step != NULL || life_tell(&how, err);
}

bool referral_decide(const struct referral_case *c, const struct referral_input *in,
                     struct referral_events *out, struct error *err)
{
    const struct instant now = in->head.at;

    if (referral_is_command(in->type) && !referral_may(c, in, err)) return false;

    switch (in->type) {
    case REFERRAL_RECEIVE: return receive(c, in, out, err);
    case REFERRAL_ASK_INFO: return ask_info(c, in, out);
    case REFERRAL_GIVE_INFO: return give_info(c, in, out, err);
    case REFERRAL_ACCEPT:
        return (!c->is_restricted || refuse(err, &referral_restricted)) && accept(c, in, out);
    case REFERRAL_UNDO: return undo(c, &in->head, out, err);
    case REFERRAL_HAND_OVER: return hand_over(c, in, out, err);
    case REFERRAL_REJECT: return reject(c, in->referral_reject.reason, out);
    case REFERRAL_WAITLIST: return waitlist(c, out);
    case REFERRAL_COMPLETE: return complete(c, out);
    case REFERRAL_HOLD: return hold(c, in->referral_hold.reason, out);
    case REFERRAL_RESUME: return resume(c, in, out);
    case REFERRAL_FAIL: return fail(c, in->referral_fail.reason, out);
    case REFERRAL_CANCEL: return cancel(c, in->referral_cancel.reason, out);
    case REFERRAL_REOPEN: return reopen(c, in, out, err);
    case REFERRAL_CHANGE_PROTECTION:
        return change_protection(c, in->referral_change_protection.protection, &in->head, out, err);
    case REFERRAL_LINK_DUPLICATE: return link_duplicate(c, in, out, err);
    case REFERRAL_ENTER_IN_ERROR: return enter_in_error(c, in->referral_enter_in_error.reason, out);
    case REFERRAL_REMIND: return remind(c, now, out, err);
    case REFERRAL_EXPIRE: return expire(c, now, out, err);
    case REFERRAL_ON_PERSON_PROTECTION_CHANGED: return on_person_protection_changed(c, in, out);
    case REFERRAL_ON_PERSON_ROLE_ENDED:
        return on_person_role_ended(c, in->person_role_ended.reason, out);
    case REFERRAL_ON_PERSON_ERASED: return on_person_erased(c, out);
    case REFERRAL_ON_PERSON_HIDDEN:
    case REFERRAL_ON_PERSON_THINNED:
    case REFERRAL_ON_PERSON_ALIASED:
    case REFERRAL_ON_PERSON_SHOWN: return true; /* evolve says all there is to these */
    case REFERRAL_ON_MENTORSHIP:
    case REFERRAL_ON_PLACEMENT: return on_link(c, in, out);
    }
    bug("referral_decide: input type %u", in->type);
}

/* A person as an agency says who it is, and with that a place that may not be told. */
static void conceal_word(const struct referral_case *c, const struct referral_receive *receive,
                         struct person_who *word)
{
    patch_carry(&referral_person_descriptor, &receive->person, &person_who_descriptor, word);
    word->has_municipality =
        receive->has_municipality &&
        person_is_protected(higher(receive->person.protection, c->row.protection));
    if (word->has_municipality)
        memcpy(word->municipality, receive->municipality, sizeof word->municipality);
}

/* What is told of who is under protection goes with who it is. */
static void keep_said(const struct referral_case *c, const struct referral_receive *ask,
                      struct person_details *details)
{
    if (!person_is_protected(higher(ask->person.protection, c->row.protection))) return;
    details->has_kept = true;
    details->kept.has_external_id = true;
    memcpy(details->kept.external_id, ask->external_id, sizeof details->kept.external_id);
    details->kept.has_languages = details->kept.has_occupations = true;
    details->kept.languages = ask->languages;
    details->kept.occupations = ask->occupations;
}

/* Another mailbox comes by no system's word, where somebody could want to read their mails: they say it, or who is cleared. */
static void keep_mailbox(const struct referral_case *c, const struct person_details *before,
                         struct person_details *whole)
{
    if (c->keeps_mailbox || (c->hides_mailbox && before->has_email))
        person_offer_mailbox(before, whole, c->mailbox_waits);
}

/* What it brings can be seen only here, and not in what it says: the same again is nothing new. */
static void keep_received(const void *loaded, void *input, const void *before, void *whole)
{
    const struct referral_case *c = loaded;
    struct referral_input *in = input;

    keep_mailbox(c, before, whole);
    keep_said(c, &in->referral_receive, whole);
    in->head.news = referral_info_sealed(&c->row, before, whole);
}

static void keep_given(const void *loaded, void *input, const void *before, void *whole)
{
    const struct referral_case *c = loaded;
    const struct referral_input *in = input;
    const struct referral_give_info *give = &in->referral_give_info;
    struct person_details *details = whole;

    keep_mailbox(c, before, details);
    if (!person_is_protected(protection_with(c, give))) return;
    if (!give->has_languages && !give->has_occupations) return;
    details->has_kept = true;
    if (give->has_languages) {
        details->kept.has_languages = true;
        details->kept.languages = give->languages;
    }
    if (give->has_occupations) {
        details->kept.has_occupations = true;
        details->kept.occupations = give->occupations;
    }
}

static void conceal_as(struct id owner, struct concealed *what)
{
    what->owner = owner;
    what->descriptor = &person_details_descriptor;
    what->value = what->plain;
}

/* Where they are, with what is said here. NULL: nobody has said, or the vault has it already. */
static const char *place_with(const struct referral_case *c, const struct referral_give_info *give)
{
    if (give->has_municipality) return give->municipality;
    return c->row.has_municipality ? c->row.municipality : NULL;
}

/* What is new of who it is changes what is sealed; so does what may not be told. */
static void conceal_change(const struct referral_case *c, const struct referral_give_info *give,
                           struct concealed *what)
{
    struct person_details_change *change = (struct person_details_change *)what->plain;
    const bool hides = person_is_protected(protection_with(c, give));
    const char *place = place_with(c, give);
    const bool hides_place = place != NULL && hides;
    const bool hides_more = (give->has_languages || give->has_occupations) && hides;

    if (!give->has_person && !hides_place && !hides_more) return;
    conceal_as(c->row.person, what);
    what->change = keep_given;
    what->patch = &person_details_change_descriptor;
    what->sealed = c->known;
    memset(change, 0, sizeof *change);
    patch_carry(&referral_person_change_descriptor, &give->person, what->patch, change);
    if (!hides_place) return;
    change->has_municipality = true;
    memcpy(change->municipality, place, sizeof change->municipality);
}

/* Whatever a system says again: they do not consent to it. */
static void drop_goals(struct person_who *who)
{
    who->has_goals = false;
    memset(who->goals, 0, sizeof who->goals);
}

/* As their details, so that `person.read` opens them; and as the agency's word, by which it is seen another
 * time what is new in what it says and what it only repeats. */
static void conceal_received(const struct referral_case *c, const struct referral_input *in,
                             struct concealed *what)
{
    const bool is_new = c->row.state == REFERRAL_STATE_NONE;
    struct person_details *details = (struct person_details *)what->plain;

    conceal_as(is_new ? in->head.ids[1] : c->row.person, what);
    memset(details, 0, sizeof *details);
    details->has_agency = true;
    conceal_word(c, &in->referral_receive, &details->agency);
    if (c->has_no_goals) drop_goals(&details->agency);
    patch_carry(&person_who_descriptor, &details->agency, what->descriptor, details);
    if (is_new) {
        keep_said(c, &in->referral_receive, details);
        return;
    }
    what->word = "agency";
    what->change = keep_received;
    what->sealed = c->known;
}

bool referral_alias(const struct referral_input *in, struct id *owner, const char **text)
{
    if (in->type != REFERRAL_RECEIVE) return false;
    *owner = in->head.actor.id;
    *text = in->referral_receive.external_id;
    return true;
}

void referral_conceal(const struct referral_case *c, const struct referral_input *in,
                      struct concealed *what)
{
    if (in->type == REFERRAL_RECEIVE) conceal_received(c, in, what);
    if (in->type == REFERRAL_GIVE_INFO) conceal_change(c, &in->referral_give_info, what);
}
