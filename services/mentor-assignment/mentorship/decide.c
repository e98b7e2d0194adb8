/* What may happen to a mentorship next.
 *
 * First the table says whether the command is possible at all, and for whom. Then one function for
 * each input, under the input's own name: guards, each with the refusal it stands for, then events.
 */
#include "mentorship/mentorship.h"

#include "core/life.h"
#include "core/patch.h"
#include "core/zone.h"

/* clang-format off */
static const struct step steps[] = {
    {MENTORSHIP_STATE_NONE,     MENTORSHIP_PROPOSE,              MENTORSHIP_STATE_PROPOSED,    ROLE_CO | ROLE_SYS},
    {MENTORSHIP_STATE_NONE,     MENTORSHIP_SUGGEST,              MENTORSHIP_STATE_PROPOSED,    ROLE_SYS},
    {MENTORSHIP_STATE_PROPOSED, MENTORSHIP_LIST_ALTERNATIVES,    MENTORSHIP_STATE_PROPOSED,    ROLE_SYS},
    {MENTORSHIP_STATE_PROPOSED, MENTORSHIP_OFFER,                MENTORSHIP_STATE_OFFERED,     ROLE_CO},
    {MENTORSHIP_STATE_PROPOSED, MENTORSHIP_WITHDRAW,             MENTORSHIP_STATE_WITHDRAWN,   ROLE_CO},
    {MENTORSHIP_STATE_OFFERED,  MENTORSHIP_ACCEPT,               MENTORSHIP_STATE_ACCEPTED,    ROLE_ME},
    {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_UNDO,                 MENTORSHIP_STATE_ACCEPTED,    ROLE_ME | ROLE_PT | ROLE_CO | ROLE_CN},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_UNDO,                 MENTORSHIP_STATE_ACTIVE,      ROLE_ME | ROLE_PT | ROLE_CO | ROLE_CN},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_UNDO,                 MENTORSHIP_STATE_ON_HOLD,     ROLE_ME | ROLE_PT | ROLE_CO | ROLE_CN},
    {MENTORSHIP_STATE_DECLINED, MENTORSHIP_UNDO,                 MENTORSHIP_STATE_OFFERED,     ROLE_ME | ROLE_CO},
    {MENTORSHIP_STATE_WITHDRAWN, MENTORSHIP_UNDO,                MENTORSHIP_STATE_PROPOSED,    ROLE_ME | ROLE_PT | ROLE_CO | ROLE_CN},
    {MENTORSHIP_STATE_COMPLETED, MENTORSHIP_UNDO,                MENTORSHIP_STATE_ACTIVE,      ROLE_ME | ROLE_PT | ROLE_CO | ROLE_CN},
    {MENTORSHIP_STATE_ENDED_EARLY, MENTORSHIP_UNDO,              MENTORSHIP_STATE_ACTIVE,      ROLE_ME | ROLE_PT | ROLE_CO | ROLE_CN},
    {MENTORSHIP_STATE_OFFERED,  MENTORSHIP_ASK_INFO,             MENTORSHIP_STATE_OFFERED,     ROLE_ME},
    {MENTORSHIP_STATE_OFFERED,  MENTORSHIP_DECLINE,              MENTORSHIP_STATE_DECLINED,    ROLE_ME},
    {MENTORSHIP_STATE_OFFERED,  MENTORSHIP_WITHDRAW,             MENTORSHIP_STATE_WITHDRAWN,   ROLE_CO | ROLE_PT | ROLE_ME | ROLE_SYS},
    {MENTORSHIP_STATE_OFFERED,  MENTORSHIP_REMIND,               MENTORSHIP_STATE_OFFERED,     ROLE_TM},
    {MENTORSHIP_STATE_OFFERED,  MENTORSHIP_EXPIRE,               MENTORSHIP_STATE_EXPIRED,     ROLE_TM},
    {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_SIGN_CONFIDENTIALITY, MENTORSHIP_STATE_AGREED,      ROLE_ME | ROLE_PT},
    {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_WITHDRAW,             MENTORSHIP_STATE_WITHDRAWN,   ROLE_CO | ROLE_PT | ROLE_ME | ROLE_SYS},
    {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_REMIND,               MENTORSHIP_STATE_ACCEPTED,    ROLE_TM},
    {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_EXPIRE,               MENTORSHIP_STATE_EXPIRED,     ROLE_TM},
    {MENTORSHIP_STATE_AGREED,   MENTORSHIP_HOLD_FIRST_MEETING,   MENTORSHIP_STATE_ACTIVE,      ROLE_ME | ROLE_CO},
    {MENTORSHIP_STATE_AGREED,   MENTORSHIP_WITHDRAW,             MENTORSHIP_STATE_WITHDRAWN,   ROLE_CO | ROLE_PT | ROLE_ME | ROLE_SYS},
    {MENTORSHIP_STATE_AGREED,   MENTORSHIP_REMIND,               MENTORSHIP_STATE_AGREED,      ROLE_TM},
    {MENTORSHIP_STATE_AGREED,   MENTORSHIP_EXPIRE,               MENTORSHIP_STATE_EXPIRED,     ROLE_TM},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_LOG_MEETING,          MENTORSHIP_STATE_ACTIVE,      ROLE_ME | ROLE_PT},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_CORRECT_MEETING,      MENTORSHIP_STATE_ACTIVE,      ROLE_ME | ROLE_PT | ROLE_CO},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_STRIKE_MEETING,       MENTORSHIP_STATE_ACTIVE,      ROLE_ME | ROLE_PT},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_LOG_MEETING,          MENTORSHIP_STATE_ON_HOLD,     ROLE_ME | ROLE_PT},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_CORRECT_MEETING,      MENTORSHIP_STATE_ON_HOLD,     ROLE_ME | ROLE_PT | ROLE_CO},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_STRIKE_MEETING,       MENTORSHIP_STATE_ON_HOLD,     ROLE_ME | ROLE_PT},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_REMIND,               MENTORSHIP_STATE_ACTIVE,      ROLE_TM},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_HOLD,                 MENTORSHIP_STATE_ON_HOLD,     ROLE_ME | ROLE_PT | ROLE_CO},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_COMPLETE,             MENTORSHIP_STATE_COMPLETED,   ROLE_ME | ROLE_PT | ROLE_CO},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_END,                  MENTORSHIP_STATE_ENDED_EARLY, ROLE_PT | ROLE_ME | ROLE_CO | ROLE_SYS},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_RESUME,               MENTORSHIP_STATE_ACTIVE,      ROLE_ME | ROLE_PT | ROLE_CO},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_REMIND,               MENTORSHIP_STATE_ON_HOLD,     ROLE_TM},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_OVERDUE,              MENTORSHIP_STATE_ON_HOLD,     ROLE_TM},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_COMPLETE,             MENTORSHIP_STATE_COMPLETED,   ROLE_ME | ROLE_PT | ROLE_CO},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_END,                  MENTORSHIP_STATE_ENDED_EARLY, ROLE_PT | ROLE_ME | ROLE_CO | ROLE_SYS},
};

static const struct move moves[] = {
    {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_CONFIDENTIALITY_SIGNED, MENTORSHIP_STATE_ACCEPTED,    "only one of the two has signed"},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_COMPLETION_SAID,        MENTORSHIP_STATE_ACTIVE,      "only one of the two has said that it is completed"},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_COMPLETION_SAID,        MENTORSHIP_STATE_ON_HOLD,     "only one of the two has said that it is completed"},
    {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_UNDONE,                 MENTORSHIP_STATE_OFFERED,     "a yes is taken back"},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_UNDONE,                 MENTORSHIP_STATE_AGREED,      "the first meeting is taken back"},
    {MENTORSHIP_STATE_WITHDRAWN, MENTORSHIP_UNDONE,                MENTORSHIP_STATE_OFFERED,     "it was offered when it was withdrawn"},
    {MENTORSHIP_STATE_WITHDRAWN, MENTORSHIP_UNDONE,                MENTORSHIP_STATE_ACCEPTED,    "it was accepted when it was withdrawn"},
    {MENTORSHIP_STATE_WITHDRAWN, MENTORSHIP_UNDONE,                MENTORSHIP_STATE_AGREED,      "it was agreed when it was withdrawn"},
    {MENTORSHIP_STATE_COMPLETED, MENTORSHIP_UNDONE,                MENTORSHIP_STATE_ON_HOLD,     "it was on hold when it was completed"},
    {MENTORSHIP_STATE_ENDED_EARLY, MENTORSHIP_UNDONE,              MENTORSHIP_STATE_ON_HOLD,     "it was on hold when it ended"},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_UNDONE,                 MENTORSHIP_STATE_ACTIVE,      "a pause is taken back"},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_UNDONE,                 MENTORSHIP_STATE_ON_HOLD,     "the end of a pause is taken back"},
    {MENTORSHIP_STATE_PROPOSED, MENTORSHIP_SUPERSEDED,             MENTORSHIP_STATE_SUPERSEDED,  "another mentor says yes, or (of a suggestion) another is proposed"},
    {MENTORSHIP_STATE_OFFERED,  MENTORSHIP_SUPERSEDED,             MENTORSHIP_STATE_SUPERSEDED,  "another mentor says yes, or (of a suggestion) another is proposed"},
    {MENTORSHIP_STATE_PROPOSED, MENTORSHIP_WITHDRAWN,              MENTORSHIP_STATE_WITHDRAWN,   "the referral is over, or one of the two leaves"},
    {MENTORSHIP_STATE_OFFERED,  MENTORSHIP_WITHDRAWN,              MENTORSHIP_STATE_WITHDRAWN,   "the referral is over, or one of the two leaves"},
    {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_WITHDRAWN,              MENTORSHIP_STATE_WITHDRAWN,   "the referral is over, or one of the two leaves"},
    {MENTORSHIP_STATE_AGREED,   MENTORSHIP_WITHDRAWN,              MENTORSHIP_STATE_WITHDRAWN,   "the referral is over, or one of the two leaves"},
    {MENTORSHIP_STATE_ACTIVE,   MENTORSHIP_ENDED,                  MENTORSHIP_STATE_ENDED_EARLY, "the referral is over and not completed, or one of the two leaves"},
    {MENTORSHIP_STATE_ON_HOLD,  MENTORSHIP_ENDED,                  MENTORSHIP_STATE_ENDED_EARLY, "the referral is over and not completed, or one of the two leaves"},
};
/* clang-format on */

const struct life mentorship_life = {
    .contract = &mentorship_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* An organisation's coordinator proposes its mentors to those for whom it is responsible, and acts on what either
 * of the two is its. */
static bool is_organisations(const struct mentorship_case *c, const struct actor *actor)
{
    const bool is_mentors = life_coordinates(actor, c->mentor.organisation);
    const bool is_mentees = life_coordinates(actor, c->mentee.responsible);

    return c->row.state == MENTORSHIP_STATE_NONE ? is_mentors && is_mentees
                                                 : is_mentors || is_mentees;
}

/* Mentors and participants act on mentorships of their own, coordinators on their organisation's, a counsellor (who writes down what a participant said) on their agency's referrals.
 * What was never offered is the coordinators' alone. */
static bool is_theirs(const struct mentorship_case *c, const struct actor *actor)
{
    if (record_is_draft(&mentorship_records[0], &c->row, actor->role)) return false;
    if (actor->role == ROLE_ME) return id_equal(actor->id, c->row.mentor);
    if (actor->role == ROLE_PT) return id_equal(actor->id, c->row.participant);
    if (actor->role == ROLE_CN)
        return c->mentee.has_agency && id_equal(actor->organisation, c->mentee.agency);
    return is_organisations(c, actor);
}

/* I1 for every step there is or will be: whichever comes to hold a place needs a free one. */
static bool lacks_place(const struct mentorship_case *c, const struct step *step)
{
    return mentorship_holds_place(step->to) && !mentorship_holds_place(step->from) &&
           c->taken >= c->mentor.capacity;
}

static bool is_clear(const struct mentorship_case *c)
{
    return c->mentee.protection == PROTECTION_NONE || c->mentor.cleared;
}

static bool has_mentor(const struct mentorship_case *c)
{
    for (uint32_t i = 0; i < c->others_count; i++)
        if (mentorship_is_bound(c->others[i].state)) return true;
    return false;
}

static bool has_this_mentor(const struct mentorship_case *c)
{
    for (uint32_t i = 0; i < c->others_count; i++)
        if (id_equal(c->others[i].mentor, c->mentor.id)) return true;
    return false;
}

/* One more event about the mentorship: whose it is has been said. */
static struct mentorship_event *say(struct mentorship_events *out, enum mentorship_event_type type,
                                    const struct mentorship *row)
{
    struct mentorship_event *event = mentorship_emit(out, type, row->id);

    event->mentorship_whose = (struct mentorship_whose){
        .referral = row->referral, .participant = row->participant, .mentor = row->mentor};
    return event;
}

/* What is known of one of the two is not used: what there is goes on, nothing new begins. */
static bool is_restricted(const struct mentorship_case *c)
{
    return c->mentee.restricted || c->mentor.restricted;
}

static bool may_propose(const struct mentorship_case *c, const struct mentorship_input *in,
                        struct error *err)
{
    if (c->rules.version == 0) return refuse(err, &mentorship_rules_unknown);
    if (c->rules.is_closed) return refuse(err, &mentorship_programme_closed);
    if (c->mentor.state != MENTOR_STATE_ACTIVE || c->mentor.capacity == 0 ||
        !id_equal(c->mentor.programme, c->mentee.programme))
        return refuse(err, &mentorship_mentor_unavailable);
    if (id_equal(c->mentor.id, c->mentee.person)) return refuse(err, &mentorship_own_mentor);
    if (has_mentor(c)) return refuse(err, &mentorship_has_mentor);
    if (c->mentee.state != MENTEE_STATE_SEARCHING || c->mentee.is_held)
        return refuse(err, &mentorship_not_searching);
    if (is_restricted(c)) return refuse(err, &mentorship_restricted);
    if (has_this_mentor(c)) return refuse(err, &mentorship_already_open);
    if (c->others_count == MENTORSHIP_OTHERS_MAX) return refuse(err, &mentorship_too_many_open);
    if (!is_clear(c)) return refuse(err, &mentorship_not_cleared);
    if (mentee_has_conflict(&c->mentee, c->mentor.id)) return refuse(err, &mentorship_conflict);
    if (c->is_supervisor) return refuse(err, &mentorship_is_supervisor);
    if (c->was_mentor) return refuse(err, &mentorship_former_mentor);
    if (c->said_no && in->head.actor.role == ROLE_SYS) return refuse(err, &mentorship_said_no);
    return true;
}

static void give_way(const struct mentorship *row, struct id to,
                     const struct mentorship_suggest *ask, struct mentorship_events *out)
{
    struct mentorship_superseded *said =
        &say(out, MENTORSHIP_SUPERSEDED, row)->mentorship_superseded;

    said->by = to;
    said->has_outdone = ask != NULL && ask->has_better;
    if (said->has_outdone) said->outdone = ask->better;
}

/* Whoever is proposed, one suggestion of the matcher's is enough: an older one gives way. ask: the
 * matcher's; NULL: somebody else proposes. */
static struct mentorship_proposed *say_proposed(const struct mentorship_case *c,
                                                const struct head *head,
                                                const struct mentorship_suggest *ask,
                                                struct mentorship_events *out)
{
    const struct mentorship row = {.id = head->ids[0],
                                   .referral = c->mentee.id,
                                   .participant = c->mentee.person,
                                   .mentor = c->mentor.id};
    struct mentorship_proposed *said;

    for (uint32_t i = 0; i < c->others_count; i++)
        if (mentorship_is_suggestion(&c->others[i])) give_way(&c->others[i], row.id, ask, out);
    said = &say(out, MENTORSHIP_PROPOSED, &row)->mentorship_proposed;
    said->has_at = true;
    said->at = head->at;
    said->has_organisation = c->mentor.has_organisation;
    said->organisation = c->mentor.organisation;
    said->has_agency = c->mentee.has_agency;
    said->agency = c->mentee.agency;
    return said;
}

static bool propose(const struct mentorship_case *c, const struct mentorship_input *in,
                    struct mentorship_events *out, struct error *err)
{
    if (!may_propose(c, in, err)) return false;

    say_proposed(c, &in->head, NULL, out);
    return true;
}

/* The matcher looked at a snapshot: it counts as long as what it saw is so. */
static bool is_as_seen(const struct mentorship_case *c, const struct mentorship_suggest *ask)
{
    if (c->mentee.version != ask->seen_mentee || c->mentor.version != ask->seen_mentor)
        return false;
    if (ask->has_displaces &&
        (!mentorship_is_suggestion(&c->displaced) || !id_equal(c->displaced.mentor, c->mentor.id) ||
         id_equal(c->displaced.participant, c->mentee.person)))
        return false;
    for (uint32_t i = 0; i < c->others_count; i++)
        if (!mentorship_is_suggestion(&c->others[i])) return false;
    return true;
}

static bool suggest(const struct mentorship_case *c, const struct mentorship_input *in,
                    struct mentorship_events *out, struct error *err)
{
    const struct mentorship_suggest *ask = &in->mentorship_suggest;
    struct mentorship_proposed *said;

    if (!may_propose(c, in, err)) return false;
    if (!is_as_seen(c, ask)) return refuse(err, &mentorship_outdated);
    if (c->spoken_for - (ask->has_displaces ? 1 : 0) >= c->mentor.capacity)
        return refuse(err, &mentorship_mentor_full);

    if (ask->has_displaces)
        say(out, MENTORSHIP_SUPERSEDED, &c->displaced)->mentorship_superseded.by = in->head.ids[0];
    said = say_proposed(c, &in->head, ask, out);
    said->has_total = said->has_explanation = said->has_passed = true;
    said->has_passed_over = said->has_alternatives = said->has_moved = true;
    said->total = ask->total;
    said->explanation = ask->explanation;
    said->passed = ask->passed;
    said->has_runner_up = ask->has_runner_up;
    said->runner_up = ask->runner_up;
    said->passed_over = ask->passed_over;
    said->alternatives = ask->alternatives;
    said->has_behind = ask->has_behind;
    said->behind = ask->behind;
    said->moved = ask->moved;
    said->has_better = ask->has_better;
    said->better = ask->better;
    return true;
}

/* The matcher saw them before they were protected: what derives from the place has gone since, and makes no new version. */
static bool is_hidden(const struct mentorship_case *c)
{
    return c->mentee.protection != PROTECTION_NONE ||
           (c->mentor.has_protection && c->mentor.protection != PROTECTION_NONE);
}

static bool list_alternatives(const struct mentorship_case *c,
                              const struct mentorship_alternatives *alternatives,
                              struct mentorship_events *out, struct error *err)
{
    if (!mentorship_is_suggestion(&c->row) || is_hidden(c))
        return refuse(err, &mentorship_outdated);

    say(out, MENTORSHIP_ALTERNATIVES_LISTED, &c->row)->mentorship_alternatives_listed.alternatives =
        *alternatives;
    return true;
}

/* A reminder that would come when the time is over anyway is none. */
static bool remind_at(struct instant now, int64_t days, struct instant due, struct instant *remind)
{
    *remind = instant_add_days(now, days);
    return remind->ms < due.ms;
}

enum { UNDO_MS = 3600000 };

static struct instant end_of(const struct head *head, int64_t days)
{
    return zone_end(head->country, head->at, days);
}

static struct date today(const struct head *head)
{
    return zone_date(head->country, head->at);
}

/* Only of these states there are steps that can be taken back. */
static enum mentorship_restored restored(enum mentorship_state state)
{
    if (state == MENTORSHIP_STATE_PROPOSED) return MENTORSHIP_RESTORED_PROPOSED;
    if (state == MENTORSHIP_STATE_OFFERED) return MENTORSHIP_RESTORED_OFFERED;
    if (state == MENTORSHIP_STATE_ACCEPTED) return MENTORSHIP_RESTORED_ACCEPTED;
    if (state == MENTORSHIP_STATE_AGREED) return MENTORSHIP_RESTORED_AGREED;
    if (state == MENTORSHIP_STATE_ACTIVE) return MENTORSHIP_RESTORED_ACTIVE;
    if (state == MENTORSHIP_STATE_ON_HOLD) return MENTORSHIP_RESTORED_ON_HOLD;
    bug("mentorship: a step from state %u is not taken back", state);
}

/* A rule of ours takes nothing back. */
static bool is_somebodys(const struct head *by)
{
    return by != NULL && by->actor.role != ROLE_SYS;
}

/* How what is decided now can be taken back. */
static struct mentorship_way_back may_undo(const struct mentorship_case *c, const struct head *head,
                                           enum mentorship_said step)
{
    const struct mentorship *row = &c->row;
    struct mentorship_way_back back = {.step = step,
                                       .by = head->actor.id,
                                       .until = {head->at.ms + UNDO_MS},
                                       .state = restored(row->state)};

    patch_carry(&mentorship_descriptor, row, &mentorship_before_descriptor, &back.before);
    return back;
}

/* What may have come between the two meanwhile; or the agency wants something else. */
static bool may_be_two(const struct mentorship_case *c, struct error *err)
{
    if (is_restricted(c)) return refuse(err, &mentorship_restricted);
    if (!mentee_is_seeking(&c->mentee)) return refuse(err, &mentorship_not_wanted);
    if (!is_clear(c)) return refuse(err, &mentorship_not_cleared);
    if (c->is_supervisor) return refuse(err, &mentorship_is_supervisor);
    return !mentee_has_conflict(&c->mentee, c->mentor.id) || refuse(err, &mentorship_conflict);
}

static bool offer(const struct mentorship_case *c, const struct head *head,
                  struct mentorship_events *out, struct error *err)
{
    const struct rules *rules = &c->rules.rules;
    struct mentorship_offered *said;

    if (c->mentor.state != MENTOR_STATE_ACTIVE) return refuse(err, &mentorship_mentor_unavailable);
    if (!may_be_two(c, err)) return false; /* since it was proposed */

    said = &say(out, MENTORSHIP_OFFERED, &c->row)->mentorship_offered;
    said->has_at = true;
    said->at = head->at;
    said->due = end_of(head, rules->offer_days);
    said->has_remind = remind_at(head->at, rules->offer_reminder_days, said->due, &said->remind);
    return true;
}

enum { REPLY_DAYS = 2 }; /* until the coordinator is reminded that a mentor waits */

static bool ask_info(const struct mentorship_case *c, const struct head *head,
                     enum mentorship_topic topic, bool in_words, struct mentorship_events *out)
{
    struct mentorship_info_asked *said =
        &say(out, MENTORSHIP_INFO_ASKED, &c->row)->mentorship_info_asked;

    said->topic = topic;
    said->has_at = true;
    said->at = head->at;
    said->has_in_words = said->in_words = in_words;
    said->has_remind = c->row.state == MENTORSHIP_STATE_OFFERED;
    if (said->has_remind) said->remind = end_of(head, REPLY_DAYS);
    return true;
}

/* The days that were left when the mentor asked: none, when they were over after an outage. */
static int64_t days_left(const struct mentorship *row, enum country country)
{
    const int64_t left =
        zone_last_date(country, row->due).day - zone_date(country, row->asked_at).day;

    return left > 0 ? left : 0;
}

/* What was left is left again, to the end of the last day as all time is given. */
static bool give_info(const struct mentorship_case *c, const struct head *head,
                      struct mentorship_events *out)
{
    const struct rules *rules = &c->rules.rules;
    struct mentorship_info_given *said =
        &say(out, MENTORSHIP_INFO_GIVEN, &c->row)->mentorship_info_given;

    if (!mentorship_stands_still(&c->row)) return true;
    said->has_due = true;
    said->due = end_of(head, days_left(&c->row, head->country));
    said->remind = instant_add_days(said->due, rules->offer_reminder_days - rules->offer_days);
    said->has_remind = said->remind.ms > head->at.ms;
    return true;
}

static bool accept(const struct mentorship_case *c, const struct head *head,
                   struct mentorship_events *out, struct error *err)
{
    const struct rules *rules = &c->rules.rules;
    struct mentorship_accepted *said;

    if (has_mentor(c)) return refuse(err, &mentorship_has_mentor);
    if (!may_be_two(c, err)) return false; /* since it was asked */

    said = &say(out, MENTORSHIP_ACCEPTED, &c->row)->mentorship_accepted;
    said->due = end_of(head, rules->sign_days);
    said->has_remind = remind_at(head->at, rules->sign_reminder_days, said->due, &said->remind);
    said->has_undo = c->others_count == 0; /* they are told that it is another's */
    said->undo = may_undo(c, head, MENTORSHIP_SAID_ACCEPT);
    for (uint32_t i = 0; i < c->others_count; i++)
        say(out, MENTORSHIP_SUPERSEDED, &c->others[i])->mentorship_superseded.by = c->row.id;
    return true;
}

/* A conflict of interest that has been stated is on record, and a question that waited is dropped. */
static bool decline(const struct mentorship_case *c, const struct head *head,
                    enum mentorship_reason reason, struct mentorship_events *out)
{
    struct mentorship_declined *said = &say(out, MENTORSHIP_DECLINED, &c->row)->mentorship_declined;

    said->reason = reason;
    said->has_undo =
        reason != MENTORSHIP_REASON_CONFLICT_OF_INTEREST && !mentorship_stands_still(&c->row);
    said->undo = may_undo(c, head, MENTORSHIP_SAID_DECLINE);
    return true;
}

/* by: who says so; NULL: nobody, it follows. A question that waited is dropped. */
static bool withdraw(const struct mentorship_case *c, enum mentorship_reason reason,
                     const struct head *by, struct mentorship_events *out)
{
    struct mentorship_withdrawn *said =
        &say(out, MENTORSHIP_WITHDRAWN, &c->row)->mentorship_withdrawn;

    said->reason = reason;
    said->has_undo = is_somebodys(by) && !mentorship_stands_still(&c->row);
    if (said->has_undo) said->undo = may_undo(c, by, MENTORSHIP_SAID_WITHDRAW);
    return true;
}

static bool agree(const struct mentorship_case *c, const struct head *head,
                  struct mentorship_events *out)
{
    const struct rules *rules = &c->rules.rules;
    struct mentorship_agreed *said = &say(out, MENTORSHIP_AGREED, &c->row)->mentorship_agreed;

    said->due = end_of(head, rules->sign_days);
    said->has_remind = remind_at(head->at, rules->sign_reminder_days, said->due, &said->remind);
    return true;
}

static bool sign_confidentiality(const struct mentorship_case *c, const struct head *head,
                                 struct mentorship_events *out, struct error *err)
{
    const bool is_mentor = life_voice(head) == ROLE_ME;
    const bool has_signed = is_mentor ? c->row.mentor_signed : c->row.participant_signed;
    const bool has_other = is_mentor ? c->row.participant_signed : c->row.mentor_signed;
    struct mentorship_confidentiality_signed *said;

    if (has_signed) return refuse(err, &mentorship_already_signed);

    said = &say(out, MENTORSHIP_CONFIDENTIALITY_SIGNED, &c->row)->mentorship_confidentiality_signed;
    said->by = is_mentor ? MENTORSHIP_PARTY_MENTOR : MENTORSHIP_PARTY_PARTICIPANT;
    said->has_undo = !has_other;
    said->undo = may_undo(c, head, MENTORSHIP_SAID_SIGN_CONFIDENTIALITY);
    return !has_other || agree(c, head, out);
}

static enum mentorship_party party_of(const struct head *head)
{
    const enum role voice = life_voice(head);

    if (voice == ROLE_ME) return MENTORSHIP_PARTY_MENTOR;
    return voice == ROLE_PT ? MENTORSHIP_PARTY_PARTICIPANT : MENTORSHIP_PARTY_COORDINATOR;
}

static bool hold_first_meeting(const struct mentorship_case *c, const struct mentorship_input *in,
                               struct mentorship_events *out, struct error *err)
{
    const struct mentorship_hold_first_meeting *met = &in->mentorship_hold_first_meeting;
    const struct date on = met->has_on ? met->on : today(&in->head);
    struct mentorship_started *said;

    if (on.day > today(&in->head).day) return refuse(err, &mentorship_in_future);
    if (c->row.has_offered_at && on.day < zone_date(in->head.country, c->row.offered_at).day)
        return refuse(err, &mentorship_before_offer);

    said = &say(out, MENTORSHIP_STARTED, &c->row)->mentorship_started;
    said->on = on;
    said->has_meeting = said->has_by = true;
    said->meeting = in->head.ids[0];
    said->by = party_of(&in->head);
    said->has_minutes = met->has_minutes;
    said->minutes = met->minutes;
    said->has_recorded_told = in->head.has_behalf;
    said->recorded_told = in->head.behalf.told;
    said->target = c->rules.rules.meeting_target;
    said->target_due = end_of(&in->head, c->rules.rules.target_days);
    said->has_undo = true;
    said->undo = may_undo(c, &in->head, MENTORSHIP_SAID_HOLD_FIRST_MEETING);
    said->undo.has_meeting = true;
    said->undo.meeting = said->meeting;
    return true;
}

enum { SAME_WITHIN = 30 }; /* minutes: two who tell of one meeting do not look at one clock */

static unsigned bit_of(enum mentorship_party party)
{
    return 1u << party;
}

static unsigned told_by(const struct mentor_meeting *met)
{
    return bit_of(met->by) | (met->has_confirmed_by ? bit_of(met->confirmed_by) : 0) |
           (met->has_third ? bit_of(met->third) : 0);
}

/* 0: nobody said how long it was. */
static int64_t apart(int64_t a, int64_t b)
{
    if (a == 0 || b == 0) return 0;
    return a > b ? a - b : b - a;
}

static bool is_on(const struct mentor_meeting *met, struct date on)
{
    return met->on.day == on.day && !met->struck;
}

/* The meeting of that day that only others than these have told of, and about as long: the nearest. */
static const struct mentor_meeting *same_meeting(const struct mentorship_case *c, struct date on,
                                                 int64_t minutes, unsigned tellers)
{
    const struct mentor_meeting *nearest = NULL;
    int64_t least = SAME_WITHIN + 1;

    for (uint32_t i = 0; i < c->meetings_count; i++) {
        const struct mentor_meeting *at = &c->meetings[i];

        if (!is_on(at, on) || (told_by(at) & tellers) != 0) continue;
        if (apart(at->minutes, minutes) >= least) continue;
        least = apart(at->minutes, minutes);
        nearest = at;
    }
    return nearest;
}

/* Two that turn out to be one: how long it was where nobody had said so is what the other says. */
static int64_t joined(int64_t stays, int64_t goes)
{
    return stays != 0 ? stays : goes;
}

/* Who has told of a meeting on that day says so twice only if they mean it. but: the one that is told of anew; NULL: none. */
static bool is_told_once(const struct mentorship_case *c, struct date on, unsigned tellers,
                         const struct mentor_meeting *but, struct error *err)
{
    for (uint32_t i = 0; i < c->meetings_count; i++) {
        const struct mentor_meeting *at = &c->meetings[i];

        if (at != but && is_on(at, on) && (told_by(at) & tellers) != 0)
            return refuse(err, &mentorship_met_twice);
    }
    return true;
}

enum { DAY_MINUTES = 24 * 60 };

/* A day has so many minutes: for one of that length besides all others but two, which it is or comes instead of. */
static bool fits_day(const struct mentorship_case *c, struct date on, int64_t minutes,
                     const struct mentor_meeting *but, const struct mentor_meeting *same,
                     struct error *err)
{
    for (uint32_t i = 0; i < c->meetings_count; i++) {
        const struct mentor_meeting *at = &c->meetings[i];

        if (at != but && at != same && is_on(at, on)) minutes += at->minutes;
    }
    return minutes <= DAY_MINUTES || refuse(err, &mentorship_day_too_long);
}

static bool confirm_meeting(const struct mentorship_case *c, const struct mentor_meeting *same,
                            const struct head *head, int64_t minutes, struct mentorship_events *out)
{
    struct mentorship_meeting_confirmed *said =
        &say(out, MENTORSHIP_MEETING_CONFIRMED, &c->row)->mentorship_meeting_confirmed;

    said->meeting = same->id;
    said->by = party_of(head);
    said->minutes = minutes;
    said->has_added = same->minutes == 0;
    said->added = same->minutes == 0 ? minutes : 0;
    said->has_recorded_told = head->has_behalf;
    said->recorded_told = head->behalf.told;
    said->has_undo = true;
    said->undo = may_undo(c, head, MENTORSHIP_SAID_LOG_MEETING);
    said->undo.has_meeting = said->undo.has_confirmed = said->undo.confirmed = true;
    said->undo.meeting = same->id;
    said->undo.has_added = true;
    said->undo.added = said->added;
    return true;
}

static bool log_meeting(const struct mentorship_case *c, const struct mentorship_input *in,
                        struct mentorship_events *out, struct error *err)
{
    const struct mentorship_log_meeting *met = &in->mentorship_log_meeting;
    const enum mentorship_party by = party_of(&in->head);
    const struct date on = met->has_on ? met->on : today(&in->head);
    const struct mentor_meeting *same = same_meeting(c, on, met->minutes, bit_of(by));
    struct mentorship_meeting_logged *said;

    if (on.day > today(&in->head).day) return refuse(err, &mentorship_in_future);
    if (on.day < c->row.started_on.day) return refuse(err, &mentorship_before_first);
    if (!met->also && !is_told_once(c, on, bit_of(by), NULL, err)) return false;
    if (!fits_day(c, on, same != NULL ? joined(same->minutes, met->minutes) : met->minutes, NULL,
                  same, err))
        return false;
    if (same != NULL) return confirm_meeting(c, same, &in->head, met->minutes, out);
    if (c->meetings_count >= MENTOR_MEETINGS_A_DAY) return refuse(err, &mentorship_day_full);

    said = &say(out, MENTORSHIP_MEETING_LOGGED, &c->row)->mentorship_meeting_logged;
    said->on = on;
    said->minutes = met->minutes;
    said->has_meeting = said->has_by = said->has_undo = true;
    said->meeting = in->head.ids[0];
    said->by = by;
    said->has_recorded_told = in->head.has_behalf;
    said->recorded_told = in->head.behalf.told;
    said->undo = may_undo(c, &in->head, MENTORSHIP_SAID_LOG_MEETING);
    said->undo.has_meeting = true;
    said->undo.meeting = said->meeting;
    return true;
}

/* A meeting that is told of as it was: which one, and whose word it is. */
static bool may_correct(const struct mentorship_case *c, const struct head *head, struct error *err)
{
    const bool is_ours = c->meetings_count > 0 && id_equal(c->meetings[0].mentorship, c->row.id) &&
                         !c->meetings[0].struck;

    if (!is_ours) return refuse(err, &mentorship_no_such_meeting);
    return (told_by(&c->meetings[0]) & bit_of(party_of(head))) != 0 ||
           refuse(err, &mentorship_meeting_anothers);
}

/* Of before, it was not noted which it was. */
static bool is_first(const struct mentorship_case *c)
{
    const struct mentor_meeting *met = &c->meetings[0];

    return c->row.has_first_meeting ? id_equal(c->row.first_meeting, met->id)
                                    : met->on.day == c->row.started_on.day;
}

static bool is_day_of(const struct mentorship_case *c, const struct head *head, struct date on,
                      struct error *err)
{
    if (on.day > today(head).day) return refuse(err, &mentorship_in_future);
    if (!is_first(c))
        return on.day >= c->row.started_on.day || refuse(err, &mentorship_before_first);
    if (c->row.has_offered_at && on.day < zone_date(head->country, c->row.offered_at).day)
        return refuse(err, &mentorship_before_offer);
    return !c->has_met_before || refuse(err, &mentorship_behind_others);
}

/* How long it was by that party's word. */
static int64_t word_of(const struct mentor_meeting *met, enum mentorship_party party)
{
    if (met->by == party) return met->minutes;
    return met->confirmed_by == party ? met->confirmed_minutes : met->third_minutes;
}

/* As it is told now. */
static struct mentor_meeting corrected(const struct mentor_meeting *met,
                                       const struct mentorship_correct_meeting *ask,
                                       enum mentorship_party by)
{
    struct mentor_meeting now = *met;

    if (ask->has_on) now.on = ask->on;
    if (!ask->has_minutes) return now;
    if (met->by == by)
        now.minutes = ask->minutes;
    else if (met->has_confirmed_by && met->confirmed_by == by)
        now.confirmed_minutes = ask->minutes;
    else
        now.third_minutes = ask->minutes;
    return now;
}

static void confirm_for(const struct mentorship_case *c, struct id meeting,
                        enum mentorship_party by, int64_t minutes, int64_t added,
                        struct mentorship_events *out)
{
    struct mentorship_meeting_confirmed *said =
        &say(out, MENTORSHIP_MEETING_CONFIRMED, &c->row)->mentorship_meeting_confirmed;

    said->meeting = meeting;
    said->by = by;
    said->minutes = minutes;
    said->has_added = added != 0;
    said->added = added;
}

/* Two that turn out to be one: of the one that goes, each one's word is kept by the one that stays.
 * total: minutes of all meetings, as long as both count. */
static void join(const struct mentorship_case *c, const struct mentor_meeting *stays,
                 const struct mentor_meeting *goes, int64_t total, const struct head *head,
                 struct mentorship_events *out)
{
    struct mentorship_meeting_struck *said =
        &say(out, MENTORSHIP_MEETING_STRUCK, &c->row)->mentorship_meeting_struck;

    said->meeting = goes->id;
    said->total = total - goes->minutes;
    said->has_recorded_told = head->has_behalf;
    said->recorded_told = head->behalf.told;
    said->has_same = true;
    said->same = stays->id;
    confirm_for(c, stays->id, goes->by, goes->minutes, stays->minutes == 0 ? goes->minutes : 0,
                out);
    if (goes->has_confirmed_by)
        confirm_for(c, stays->id, goes->confirmed_by, goes->confirmed_minutes, 0, out);
}

static void say_corrected(const struct mentorship_case *c, const struct mentor_meeting *now,
                          const struct head *head, struct mentorship_events *out)
{
    struct mentorship_meeting_corrected *said =
        &say(out, MENTORSHIP_MEETING_CORRECTED, &c->row)->mentorship_meeting_corrected;
    const enum mentorship_party by = party_of(head);

    said->meeting = now->id;
    said->by = by;
    said->on = now->on;
    said->minutes = word_of(now, by);
    said->counts = now->minutes;
    said->total = c->row.minutes - c->meetings[0].minutes + now->minutes;
    said->first = is_first(c);
    said->has_recorded_told = head->has_behalf;
    said->recorded_told = head->behalf.told;
}

/* What was told before there were limits to a day may be told shorter. */
static bool may_be_then(const struct mentorship_case *c, const struct mentor_meeting *now,
                        const struct mentor_meeting *same, bool is_another, struct error *err)
{
    const struct mentor_meeting *met = &c->meetings[0];
    int64_t minutes = now->minutes;

    if (now->on.day == met->on.day && now->minutes <= met->minutes) return true;
    if (same != NULL)
        minutes = is_first(c) ? joined(minutes, same->minutes) : joined(same->minutes, minutes);
    if (!fits_day(c, now->on, minutes, met, same, err)) return false;
    if (now->on.day == met->on.day) return true;
    if (c->meetings_count > MENTOR_MEETINGS_A_DAY) return refuse(err, &mentorship_day_full);
    return is_another || is_told_once(c, now->on, told_by(met), met, err);
}

/* As it is told now, it may be the one that others have told of: what was told before stays, unless with
 * this one it began. */
static bool correct_meeting(const struct mentorship_case *c, const struct mentorship_input *in,
                            struct mentorship_events *out, struct error *err)
{
    const struct mentorship_correct_meeting *ask = &in->mentorship_correct_meeting;
    const struct mentor_meeting *met = &c->meetings[0], *same;
    const enum mentorship_party by = party_of(&in->head);
    struct mentor_meeting now;

    if (!ask->has_on && !ask->has_minutes) return refuse(err, &mentorship_nothing_corrected);
    if (!may_correct(c, &in->head, err)) return false;
    if (ask->has_on && met->has_confirmed_by) return refuse(err, &mentorship_told_by_others);
    if (ask->has_on && !is_day_of(c, &in->head, ask->on, err)) return false;

    now = corrected(met, ask, by);
    same = same_meeting(c, now.on, now.minutes, told_by(met));
    if (!may_be_then(c, &now, same, ask->also, err)) return false;
    if (same != NULL && !is_first(c)) {
        join(c, same, &now, c->row.minutes - met->minutes + now.minutes, &in->head, out);
        return true;
    }
    say_corrected(c, &now, &in->head, out);
    if (same != NULL)
        join(c, &now, same, c->row.minutes - met->minutes + now.minutes, &in->head, out);
    return true;
}

static bool strike_meeting(const struct mentorship_case *c, const struct head *head,
                           struct mentorship_events *out, struct error *err)
{
    struct mentorship_meeting_struck *said;

    if (!may_correct(c, head, err)) return false;
    if (c->meetings[0].has_confirmed_by) return refuse(err, &mentorship_told_by_others);
    if (is_first(c)) return refuse(err, &mentorship_first_meeting_stays);

    said = &say(out, MENTORSHIP_MEETING_STRUCK, &c->row)->mentorship_meeting_struck;
    said->meeting = c->meetings[0].id;
    said->total = c->row.minutes - c->meetings[0].minutes;
    said->has_recorded_told = head->has_behalf;
    said->recorded_told = head->behalf.told;
    return true;
}

static bool hold(const struct mentorship_case *c, const struct mentorship_input *in,
                 struct mentorship_events *out, struct error *err)
{
    const struct mentorship_hold *ask = &in->mentorship_hold;
    struct mentorship_held *said;

    if (ask->until.day <= today(&in->head).day) return refuse(err, &mentorship_until_past);
    if (c->rules.has_until && ask->until.day > c->rules.until.day)
        return refuse(err, &mentorship_beyond_programme);

    said = &say(out, MENTORSHIP_HELD, &c->row)->mentorship_held;
    said->reason = ask->reason;
    said->until = ask->until;
    said->has_due = said->has_undo = true;
    said->due = zone_begin(in->head.country, (struct date){ask->until.day + 1});
    said->undo = may_undo(c, &in->head, MENTORSHIP_SAID_HOLD);
    return true;
}

static bool resume(const struct mentorship_case *c, const struct head *head,
                   struct mentorship_events *out)
{
    struct mentorship_resumed *said = &say(out, MENTORSHIP_RESUMED, &c->row)->mentorship_resumed;

    said->has_undo = true;
    said->undo = may_undo(c, head, MENTORSHIP_SAID_RESUME);
    return true;
}

static bool complete(const struct mentorship_case *c, enum mentorship_party by,
                     const struct head *head, struct mentorship_events *out)
{
    struct mentorship_completed *said =
        &say(out, MENTORSHIP_COMPLETED, &c->row)->mentorship_completed;

    said->by = by;
    said->has_undo = true;
    said->undo = may_undo(c, head, MENTORSHIP_SAID_COMPLETE);
    return true;
}

static bool complete_alone(const struct mentorship_case *c, const struct head *head,
                           struct mentorship_events *out, struct error *err)
{
    if (!c->row.has_said_by) return refuse(err, &mentorship_nobody_said);
    if (head->at.ms < c->row.alone_from.ms) return refuse(err, &mentorship_too_early);

    return complete(c, MENTORSHIP_PARTY_COORDINATOR, head, out);
}

static bool complete_by_two(const struct mentorship_case *c, const struct head *head,
                            struct mentorship_events *out, struct error *err)
{
    const enum mentorship_party by = party_of(head);
    struct mentorship_completion_said *said;

    if (c->row.has_said_by && c->row.said_by == by) return refuse(err, &mentorship_already_said);
    if (c->row.has_said_by) return complete(c, by, head, out);

    said = &say(out, MENTORSHIP_COMPLETION_SAID, &c->row)->mentorship_completion_said;
    said->by = by;
    said->alone_from = end_of(head, c->rules.rules.complete_days);
    said->has_undo = true;
    said->undo = may_undo(c, head, MENTORSHIP_SAID_COMPLETE);
    return true;
}

/* by: who says so; NULL: nobody, it follows. */
static bool end(const struct mentorship_case *c, enum mentorship_reason reason,
                const struct head *by, struct mentorship_events *out)
{
    struct mentorship_ended *said = &say(out, MENTORSHIP_ENDED, &c->row)->mentorship_ended;

    said->reason = reason;
    said->has_undo = is_somebodys(by);
    if (said->has_undo) said->undo = may_undo(c, by, MENTORSHIP_SAID_END);
    return true;
}

/* What was completed may have completed the referral, which then goes on again; else they seek somebody. */
static bool is_for_them(const struct mentorship_case *c)
{
    const bool was_bound = mentorship_is_bound(mentorship_before(c->row.undo.state));

    if (c->row.state != MENTORSHIP_STATE_COMPLETED)
        return c->mentee.state == MENTEE_STATE_SEARCHING && (was_bound || !c->mentee.is_held);
    return c->mentee.has_completed && id_equal(c->mentee.completed, c->row.id) &&
           (c->mentee.state != MENTEE_STATE_CLOSED || c->mentee.settled);
}

/* What was over stands again: as long as nobody else was proposed by hand, the mentor is there and has a place, and
 * nothing came between the two. */
static bool may_stand_again(const struct mentorship_case *c, struct error *err)
{
    const enum mentorship_state before = mentorship_before(c->row.undo.state);
    const bool takes_place = mentorship_holds_place(before), is_bound = mentorship_is_bound(before);

    for (uint32_t i = 0; i < c->others_count; i++)
        if (!mentorship_is_suggestion(&c->others[i])) return refuse(err, &mentorship_undo_followed);
    if (!is_for_them(c)) return refuse(err, &mentorship_undo_followed);
    if (c->mentor.state == MENTOR_STATE_GONE || c->is_supervisor)
        return refuse(err, &mentorship_undo_followed);
    if (!is_bound && c->mentor.state != MENTOR_STATE_ACTIVE)
        return refuse(err, &mentorship_mentor_unavailable);
    if (mentee_has_conflict(&c->mentee, c->row.mentor)) return refuse(err, &mentorship_conflict);
    if (!is_clear(c)) return refuse(err, &mentorship_not_cleared);
    if (takes_place && c->taken >= c->mentor.capacity) return refuse(err, &mentorship_mentor_full);
    return true;
}

static bool undo(const struct mentorship_case *c, const struct head *head,
                 struct mentorship_events *out, struct error *err)
{
    const struct mentorship_way_back *undo = &c->row.undo;
    const bool is_word_of = undo->has_of && life_has_voice(&head->actor, undo->of);
    const bool is_open = mentorship_is_open(c->row.state);
    struct mentorship_undone *said;

    if (!c->row.has_undo) return refuse(err, &mentorship_nothing_to_undo);
    if (!is_word_of && !life_did(&head->actor, undo->by))
        return refuse(err, &mentorship_undo_anothers);
    if (head->at.ms > undo->until.ms) return refuse(err, &mentorship_undo_too_late);
    if (!is_open && !may_stand_again(c, err)) return false;

    for (uint32_t i = 0; !is_open && i < c->others_count; i++)
        say(out, MENTORSHIP_SUPERSEDED, &c->others[i])->mentorship_superseded.by = c->row.id;
    said = &say(out, MENTORSHIP_UNDONE, &c->row)->mentorship_undone;
    said->step = undo->step;
    said->state = undo->state;
    said->before = undo->before;
    said->has_meeting = undo->has_meeting;
    said->meeting = undo->meeting;
    said->has_confirmed = undo->has_confirmed;
    said->confirmed = undo->confirmed;
    said->has_added = undo->has_added;
    said->added = undo->added;
    said->has_of = undo->has_of;
    said->of = undo->of;
    said->has_disowned = said->disowned = is_word_of;
    said->has_was = true;
    said->was = c->row.state;
    return true;
}

static enum mentorship_awaited awaited_in(enum mentorship_state state, bool is_asking)
{
    if (is_asking) return MENTORSHIP_AWAITED_REPLY;
    if (state == MENTORSHIP_STATE_OFFERED) return MENTORSHIP_AWAITED_ANSWER;
    if (state == MENTORSHIP_STATE_ACCEPTED) return MENTORSHIP_AWAITED_SIGNATURES;
    if (state == MENTORSHIP_STATE_AGREED) return MENTORSHIP_AWAITED_FIRST_MEETING;
    return MENTORSHIP_AWAITED_MEETINGS;
}

static bool is_over(bool is_set, struct instant when, struct instant now, struct error *err)
{
    return (is_set && when.ms <= now.ms) || refuse(err, &mentorship_not_due);
}

static bool remind(const struct mentorship_case *c, struct instant now,
                   struct mentorship_events *out, struct error *err)
{
    struct mentorship_reminded *said;

    if (!is_over(c->row.has_remind, c->row.remind, now, err)) return false;

    said = &say(out, MENTORSHIP_REMINDED, &c->row)->mentorship_reminded;
    said->awaited = awaited_in(c->row.state, mentorship_stands_still(&c->row));
    if (mentorship_stands_still(&c->row)) return true; /* whose time stands still */
    said->has_due = c->row.has_due;
    said->due = c->row.due;
    said->missed = said->has_missed = c->row.has_due && c->row.due.ms <= now.ms;
    return true;
}

static bool expire(const struct mentorship_case *c, struct instant now,
                   struct mentorship_events *out, struct error *err)
{
    if (mentorship_stands_still(&c->row)) return refuse(err, &mentorship_not_due);
    if (!is_over(c->row.has_due, c->row.due, now, err)) return false;

    say(out, MENTORSHIP_EXPIRED, &c->row)->mentorship_expired.awaited =
        awaited_in(c->row.state, false);
    return true;
}

static bool overdue(const struct mentorship_case *c, struct instant now,
                    struct mentorship_events *out, struct error *err)
{
    if (!is_over(c->row.has_due, c->row.due, now, err)) return false;

    say(out, MENTORSHIP_HOLD_OVERDUE, &c->row)->mentorship_hold_overdue.until = c->row.until;
    return true;
}

/* What has happened elsewhere cannot be refused: where it changes nothing, nothing follows. */
static bool stop(const struct mentorship_case *c, enum mentorship_reason reason,
                 struct mentorship_events *out)
{
    if (!mentorship_is_open(c->row.state)) return true;
    if (c->row.state == MENTORSHIP_STATE_ACTIVE || c->row.state == MENTORSHIP_STATE_ON_HOLD)
        return end(c, reason, NULL, out);
    return withdraw(c, reason, NULL, out);
}

/* Completed by hand: what has not been agreed to is taken back, what has goes on. */
static bool on_referral_completed(const struct mentorship_case *c, struct mentorship_events *out)
{
    return mentorship_is_bound(c->row.state) || stop(c, MENTORSHIP_REASON_REFERRAL_CLOSED, out);
}

/* Of what is over nobody has to know anything any more. */
static bool on_question(const struct mentorship_case *c, const struct mentorship_input *in,
                        struct mentorship_events *out)
{
    if (!mentorship_holds_place(c->row.state)) return true;
    if (in->type == MENTORSHIP_ON_QUESTION_ANSWERED) return give_info(c, &in->head, out);
    return ask_info(c, &in->head, in->question_asked.topic, true, out);
}

static bool on_person_role_ended(const struct mentorship_case *c, const struct mentorship_input *in,
                                 struct mentorship_events *out)
{
    const enum person_part part = in->person_role_ended.part;
    const bool is_mentor = part == PERSON_PART_MENTOR && id_equal(in->head.id, c->row.mentor);
    const bool is_participant =
        part == PERSON_PART_PARTICIPANT && id_equal(in->head.id, c->row.participant);

    return (!is_mentor && !is_participant) || stop(c, MENTORSHIP_REASON_ROLE_ENDED, out);
}

static bool is_told_before(const struct mentorship_case *c, const struct head *head)
{
    const struct date on = head->behalf.on;

    if (!head->has_behalf || !head->behalf.has_on) return false;
    return on.day < c->rules.from.day ||
           (c->row.has_offered_at && on.day < zone_date(head->country, c->row.offered_at).day);
}

/* The participant deals with whoever is their mentor; everybody else is near to both. */
static bool is_near(const struct mentorship_case *c, const struct head *head, struct error *err)
{
    struct guarded guarded = {.sake = c->mentee.person};

    mentee_guard(&c->mentee, &guarded);
    mentor_guard(&c->mentor, &guarded);
    return life_is_near_all(head, &guarded, err);
}

/* The person counts: a mentor who coordinates too is a mentor to the participant. */
static bool is_of_other(const struct mentorship_case *c, const struct head *head)
{
    const bool is_participants = head->behalf.of == VOICE_PARTICIPANT;
    const struct id other = is_participants ? c->row.mentor : c->row.participant;

    return head->has_behalf && life_did(&head->actor, other);
}

static bool may(const struct mentorship_case *c, const struct mentorship_input *in,
                struct error *err)
{
    const bool is_creation = in->type == MENTORSHIP_PROPOSE || in->type == MENTORSHIP_SUGGEST;
    const bool is_there = c->row.state != MENTORSHIP_STATE_NONE;
    const struct step *step;
    struct error how;

    if (!is_creation && !life_tenant(&in->head, c->row.programme, err)) return false;
    step = life_step(&mentorship_life, c->row.state, c->row.version, in->type, &in->head, &how);
    if (!life_allows(&mentorship_life, in->type, &in->head, err)) return false;
    if (is_creation && !life_tenant(&in->head, c->mentee.programme, err))
        return refuse(err, &mentorship_no_such_mentee);
    if ((is_creation || is_there) && !is_theirs(c, &in->head.actor))
        return refuse(err, &life_forbidden);
    if (!is_near(c, &in->head, err)) return false;
    if (step == NULL) return life_tell(&how, err);
    if (is_of_other(c, &in->head)) return refuse(err, &mentorship_other_side);
    if (is_told_before(c, &in->head)) return refuse(err, &mentorship_before_programme);
    if (lacks_place(c, step)) return refuse(err, &mentorship_mentor_full);
    return true;
}

static const enum mentorship_said said_by[] = {
    [MENTORSHIP_ASK_INFO] = MENTORSHIP_SAID_ASK_INFO,
    [MENTORSHIP_ACCEPT] = MENTORSHIP_SAID_ACCEPT,
    [MENTORSHIP_DECLINE] = MENTORSHIP_SAID_DECLINE,
    [MENTORSHIP_WITHDRAW] = MENTORSHIP_SAID_WITHDRAW,
    [MENTORSHIP_SIGN_CONFIDENTIALITY] = MENTORSHIP_SAID_SIGN_CONFIDENTIALITY,
    [MENTORSHIP_HOLD_FIRST_MEETING] = MENTORSHIP_SAID_HOLD_FIRST_MEETING,
    [MENTORSHIP_LOG_MEETING] = MENTORSHIP_SAID_LOG_MEETING,
    [MENTORSHIP_CORRECT_MEETING] = MENTORSHIP_SAID_CORRECT_MEETING,
    [MENTORSHIP_STRIKE_MEETING] = MENTORSHIP_SAID_STRIKE_MEETING,
    [MENTORSHIP_HOLD] = MENTORSHIP_SAID_HOLD,
    [MENTORSHIP_RESUME] = MENTORSHIP_SAID_RESUME,
    [MENTORSHIP_COMPLETE] = MENTORSHIP_SAID_COMPLETE,
    [MENTORSHIP_END] = MENTORSHIP_SAID_END,
};

/* What stands on the meeting that it is about. */
static bool is_of_meeting(enum mentorship_input_type type)
{
    return type == MENTORSHIP_LOG_MEETING || type == MENTORSHIP_CORRECT_MEETING ||
           type == MENTORSHIP_STRIKE_MEETING;
}

/* Whose word it was, how it was told and when. */
static void record(const struct mentorship_case *c, const struct mentorship_input *in,
                   struct mentorship_events *out)
{
    const struct behalf *behalf = &in->head.behalf;
    struct mentorship_recorded_for *said;

    if (!in->head.has_behalf) return;
    said = &say(out, MENTORSHIP_RECORDED_FOR, &c->row)->mentorship_recorded_for;
    said->said = said_by[in->type];
    said->of = behalf->of;
    said->told = behalf->told;
    said->on = behalf->has_on ? behalf->on : today(&in->head);
    said->has_elsewhere = true;
    said->elsewhere = is_of_meeting(in->type);
}

/* Who mentors them may do nothing more, and sees nothing: that they would find out by being refused. Who was only proposed
 * has heard of nobody. */
static bool on_person_hidden(const struct mentorship_case *c, const struct head *head,
                             struct mentorship_events *out)
{
    const bool is_participants = id_equal(head->id, c->row.participant);

    if (is_participants && mentorship_holds_place(c->row.state) && !c->mentor.cleared)
        say(out, MENTORSHIP_RELIEVED, &c->row);
    return true;
}

static bool decide(const struct mentorship_case *c, const struct mentorship_input *in,
                   struct mentorship_events *out, struct error *err)
{
    const struct instant now = in->head.at;

    switch (in->type) {
    case MENTORSHIP_PROPOSE: return propose(c, in, out, err);
    case MENTORSHIP_SUGGEST: return suggest(c, in, out, err);
    case MENTORSHIP_OFFER: return offer(c, &in->head, out, err);
    case MENTORSHIP_ASK_INFO:
        return ask_info(c, &in->head, in->mentorship_ask_info.topic, false, out);
    case MENTORSHIP_ACCEPT: return accept(c, &in->head, out, err);
    case MENTORSHIP_DECLINE: return decline(c, &in->head, in->mentorship_decline.reason, out);
    case MENTORSHIP_WITHDRAW: return withdraw(c, in->mentorship_withdraw.reason, &in->head, out);
    case MENTORSHIP_SIGN_CONFIDENTIALITY: return sign_confidentiality(c, &in->head, out, err);
    case MENTORSHIP_HOLD_FIRST_MEETING: return hold_first_meeting(c, in, out, err);
    case MENTORSHIP_LOG_MEETING: return log_meeting(c, in, out, err);
    case MENTORSHIP_CORRECT_MEETING: return correct_meeting(c, in, out, err);
    case MENTORSHIP_STRIKE_MEETING: return strike_meeting(c, &in->head, out, err);
    case MENTORSHIP_HOLD: return hold(c, in, out, err);
    case MENTORSHIP_RESUME: return resume(c, &in->head, out);
    case MENTORSHIP_COMPLETE:
        if (life_voice(&in->head) == ROLE_CO) return complete_alone(c, &in->head, out, err);
        return complete_by_two(c, &in->head, out, err);
    case MENTORSHIP_END: return end(c, in->mentorship_end.reason, &in->head, out);
    case MENTORSHIP_UNDO: return undo(c, &in->head, out, err);
    case MENTORSHIP_REMIND: return remind(c, now, out, err);
    case MENTORSHIP_EXPIRE: return expire(c, now, out, err);
    case MENTORSHIP_OVERDUE: return overdue(c, now, out, err);
    case MENTORSHIP_LIST_ALTERNATIVES:
        return list_alternatives(c, &in->mentorship_list_alternatives.alternatives, out, err);
    case MENTORSHIP_ON_PERSON_ROLE_ENDED: return on_person_role_ended(c, in, out);
    case MENTORSHIP_ON_PERSON_PROTECTION_CHANGED:
        return true; /* what derives from the place goes */
    case MENTORSHIP_ON_PERSON_HIDDEN: return on_person_hidden(c, &in->head, out);
    case MENTORSHIP_ON_PERSON_ERASED: return stop(c, MENTORSHIP_REASON_ROLE_ENDED, out);
    case MENTORSHIP_ON_REFERRAL_CANCELLED:
        return stop(c, MENTORSHIP_REASON_REFERRAL_CANCELLED, out);
    case MENTORSHIP_ON_REFERRAL_COMPLETED: return on_referral_completed(c, out);
    case MENTORSHIP_ON_QUESTION: return on_question(c, in, out);
    case MENTORSHIP_ON_REFERRAL_UNDONE:
        if (in->referral_undone.step != REFERRAL_DECIDED_ACCEPT) return true; /* they take part */
        return stop(c, MENTORSHIP_REASON_REFERRAL_CLOSED, out);
    case MENTORSHIP_ON_REFERRAL_FAILED:
    case MENTORSHIP_ON_REFERRAL_REJECTED:
    case MENTORSHIP_ON_REFERRAL_EXPIRED:
    case MENTORSHIP_ON_REFERRAL_DUPLICATE_LINKED:
    case MENTORSHIP_ON_REFERRAL_ENTERED_IN_ERROR:
        return stop(c, MENTORSHIP_REASON_REFERRAL_CLOSED, out);
    }
    bug("mentorship_decide: input type %u", in->type);
}

bool mentorship_decide(const struct mentorship_case *c, const struct mentorship_input *in,
                       struct mentorship_events *out, struct error *err)
{
    if (!mentorship_is_command(in->type)) return decide(c, in, out, err);
    if (!may(c, in, err) || !decide(c, in, out, err)) return false;

    record(c, in, out);
    return true;
}
