/* What deciding about a mentorship may read; and the aggregate as a whole. */
#include "mentorship/mentorship.h"

#include "consent/consent.h"
#include "core/zone.h"
#include "fold/aggregate.h"
#include "store/table.h"
#include "supervision/supervision.h"

static bool load_others(struct txn *txn, struct mentorship_case *c, struct error *err)
{
    struct ids open = {0};

    if (!mentorship_find_with(txn, c->mentee.person, &open, err)) return false;
    for (uint32_t i = 0; i < open.count; i++) {
        if (id_equal(open.at[i], c->row.id)) continue;
        if (c->others_count == MENTORSHIP_OTHERS_MAX)
            bug("a participant has more open mentorships than propose lets there be");
        if (!table_get(txn, &mentorships, open.at[i], &c->others[c->others_count++], err))
            return false;
    }
    return true;
}

/* What was, or is elsewhere, between the two that are proposed. */
static bool load_past(struct txn *txn, struct mentorship_case *c, struct error *err)
{
    return mentorship_read_past(txn, c->mentor.id, c->mentee.person, &c->was_mentor, &c->said_no,
                                err) &&
           supervision_is_between(txn, c->mentor.id, c->mentee.person, &c->is_supervisor, err);
}

static bool load_two(struct txn *txn, struct id referral, struct id mentor,
                     struct mentorship_case *c, struct error *err)
{
    return table_get(txn, &mentees, referral, &c->mentee, err) &&
           table_get(txn, &mentors, mentor, &c->mentor, err) &&
           table_get(txn, &all_matching_rules, c->mentee.programme, &c->rules, err);
}

static bool load_supervision(struct txn *txn, struct mentorship_case *c, struct error *err)
{
    return supervision_is_between(txn, c->row.mentor, c->row.participant, &c->is_supervisor, err);
}

/* Those of a day, of which one may be the one that is told of; behind the one that is named. */
static bool load_meetings(struct txn *txn, struct date on, struct mentorship_case *c,
                          struct error *err)
{
    const struct id named = c->meetings[0].id;
    struct ids found = {0};

    if (!mentor_meeting_find_on(txn, c->row.id, on, &found, err)) return false;
    for (uint32_t i = 0; i < found.count; i++) {
        if (id_equal(found.at[i], named)) continue;
        if (!table_get(txn, &mentor_meetings, found.at[i], &c->meetings[c->meetings_count++], err))
            return false;
    }
    return true;
}

static bool load_told(struct txn *txn, const struct mentorship_input *in, struct mentorship_case *c,
                      struct error *err)
{
    const struct mentorship_log_meeting *met = &in->mentorship_log_meeting;

    return load_meetings(txn, met->has_on ? met->on : zone_date(in->head.country, in->head.at), c,
                         err);
}

static bool load_meeting(struct txn *txn, struct id id, struct mentorship_case *c,
                         struct error *err)
{
    if (!table_get(txn, &mentor_meetings, id, &c->meetings[0], err)) return false;
    c->meetings_count = id_equal(c->meetings[0].id, id);
    return true;
}

/* What the named meeting would be behind, were it on that day, and which it may turn out to be. */
static bool load_correction(struct txn *txn, const struct mentorship_correct_meeting *ask,
                            struct mentorship_case *c, struct error *err)
{
    if (!load_meeting(txn, ask->meeting, c, err)) return false;
    if (c->meetings_count == 0) return true;
    if (!load_meetings(txn, ask->has_on ? ask->on : c->meetings[0].on, c, err)) return false;
    return !ask->has_on ||
           mentor_meeting_is_any_before(txn, &c->meetings[0], ask->on, &c->has_met_before, err);
}

bool mentorship_load(struct txn *txn, struct id id, const struct mentorship_input *in,
                     struct mentorship_case *c, struct error *err)
{
    const struct mentorship_propose *ask = &in->mentorship_propose;
    const struct mentorship_suggest *found = &in->mentorship_suggest;

    memset(c, 0, sizeof *c);
    if (in->type == MENTORSHIP_PROPOSE)
        return load_two(txn, ask->referral, ask->mentor, c, err) && load_others(txn, c, err) &&
               load_past(txn, c, err);
    if (in->type == MENTORSHIP_SUGGEST)
        return load_two(txn, found->referral, found->mentor, c, err) && load_others(txn, c, err) &&
               load_past(txn, c, err) &&
               mentorship_count_open(txn, found->mentor, &c->spoken_for, err) &&
               (!found->has_displaces ||
                table_get(txn, &mentorships, found->displaces, &c->displaced, err));
    if (!table_get(txn, &mentorships, id, &c->row, err)) return false;
    if (in->type == MENTORSHIP_ON_QUESTION_ANSWERED)
        return table_get(txn, &all_matching_rules, c->row.programme, &c->rules, err);
    if (in->type == MENTORSHIP_ON_PERSON_HIDDEN)
        return table_get(txn, &mentors, c->row.mentor, &c->mentor, err);
    if (!mentorship_is_command(in->type)) return true;
    if (!load_two(txn, c->row.referral, c->row.mentor, c, err)) return false;
    if (in->type == MENTORSHIP_OFFER)
        return mentorship_count_taken(txn, c->row.mentor, &c->taken, err) &&
               load_supervision(txn, c, err);
    if (in->type == MENTORSHIP_UNDO)
        return mentorship_count_taken(txn, c->row.mentor, &c->taken, err) &&
               load_others(txn, c, err) && load_supervision(txn, c, err);
    if (in->type == MENTORSHIP_LOG_MEETING) return load_told(txn, in, c, err);
    if (in->type == MENTORSHIP_CORRECT_MEETING)
        return load_correction(txn, &in->mentorship_correct_meeting, c, err);
    if (in->type == MENTORSHIP_STRIKE_MEETING)
        return load_meeting(txn, in->mentorship_strike_meeting.meeting, c, err);
    return in->type != MENTORSHIP_ACCEPT ||
           (load_others(txn, c, err) && load_supervision(txn, c, err));
}

static bool mentorship_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                            struct error *err)
{
    struct id ward;
    bool has = true;

    if (!mentor_whom(txn, who->organisation, whom, err)) return false;
    for (const struct id *after = NULL; has && !whom->is_all; after = &ward) {
        if (!mentee_find_wards(txn, who->organisation, after, &ward, &has, err)) return false;
        if (has) mentorship_whom_of(who->programme, ward, whom);
    }
    return true;
}

static bool mentorship_guards(struct txn *txn, const void *row, struct guarded *guarded,
                              struct error *err)
{
    const struct mentorship *mentorship = row;

    guarded->sake = mentorship->participant;
    return mentee_guards(txn, mentorship->referral, guarded, err) &&
           mentor_guards_of(txn, mentorship->mentor, guarded, err);
}

static bool rests_on_consent(enum pair_factor factor)
{
    return factor == PAIR_FACTOR_AVAILABILITY || factor == PAIR_FACTOR_WISH;
}

/* What two wish or offer, and when they have time, is worth nothing without the consent of both. */
static void drop_consented(struct mentorship *row)
{
    for (uint32_t i = 0; i < row->explanation.count; i++) {
        struct mentorship_part *part = &row->explanation.at[i];

        if (!rests_on_consent(part->factor)) continue;
        row->total -= part->points;
        part->points = 0;
    }
}

static bool mentorship_complete(struct txn *txn, void *row, struct instant at, struct error *err)
{
    struct mentorship *mentorship = row;
    bool participant, mentor;

    (void)at;
    if (!consent_is_given(txn, mentorship->participant, &participant, err) ||
        !consent_is_given(txn, mentorship->mentor, &mentor, err))
        return false;
    if (!participant || !mentor) drop_consented(mentorship);
    return true;
}

AGGREGATE_FIND(mentorship)
AGGREGATE_DECIDE(mentorship)
AGGREGATE_EVOLVE(mentorship)
AGGREGATE_DUE(mentorship)
AGGREGATE_KNOWS(mentorship)

const struct aggregate mentorship_aggregate = {
    .contract = &mentorship_contract,
    .life = &mentorship_life,
    .table = &mentorships,
    .case_size = sizeof(struct mentorship_case),
    .find = mentorship_find_,
    .load = mentorship_load_,
    .decide = mentorship_decide_,
    .evolve = mentorship_evolve_,
    .due = mentorship_due_,
    .knows = mentorship_knows_,
    .whom = mentorship_whom,
    .guards = mentorship_guards,
    .complete = mentorship_complete,
};
