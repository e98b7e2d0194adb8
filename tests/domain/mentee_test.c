/* Who seeks a mentor, as others' events have it and as they say themselves; and what a match goes by. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "core/life.h"
#include "mentee/mentee.h"
#include "profile.h"

enum { STATES = MENTEE_STATE_CLOSED + 1 };

static const struct id first = {"first"}, bo = {"bo"};

static struct mentee given(enum mentee_state state)
{
    struct mentee row = {.version = state > 0, .state = state, .person = bo, .open = 1};

    /* Closed with a mentor: the mentorship ends a moment later. */
    row.has_mentorship = state == MENTEE_STATE_MATCHED || state == MENTEE_STATE_CLOSED;
    row.mentorship = row.has_mentorship ? first : (struct id){{0}};
    return row;
}

static struct mentee_event event_of(enum mentee_event_type type)
{
    struct mentee_event event = {.type = type, .id = first};

    if (type == MENTEE_AFTER_REFERRAL_ACCEPTED) {
        event.referral_accepted.person = bo;
        event.referral_accepted.languages = (struct spokens){2, {"so", "en"}};
        event.referral_accepted.has_municipality = true;
        strcpy(event.referral_accepted.municipality, "0180");
    }
    if (type == MENTEE_AFTER_REFERRAL_UPDATED) {
        event.referral_updated.wants = (struct referral_wants){1, {REFERRAL_WANT_MENTOR}};
        event.referral_updated.languages = (struct spokens){1, {"ti"}};
    }
    if (type == MENTEE_AFTER_REFERRAL_PROTECTION_CHANGED)
        event.referral_protection_changed.protection = PROTECTION_CONFIDENTIAL;
    return event;
}

/* clang-format off */
enum { NON, SEA, MAT, COM, CLO, NEVER = -1 };

static const int lives[][STATES] = {
    /*                                            NON    SEA  MAT  COM  CLO */
    [MENTEE_AFTER_REFERRAL_ACCEPTED]           = { SEA,   SEA, MAT, COM, MAT },
    [MENTEE_AFTER_REFERRAL_UPDATED]            = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_INFO_ASKED]         = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_HELD]               = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_RESUMED]            = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_PROTECTION_CHANGED] = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_UNDONE]             = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_CANCELLED]          = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_FAILED]             = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_COMPLETED]          = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_REJECTED]           = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_EXPIRED]            = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_DUPLICATE_LINKED]   = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_ENTERED_IN_ERROR]   = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_REFERRAL_HANDED_OVER]        = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_REFERRAL_REOPENED]           = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_PERSON_HIDDEN]               = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_PERSON_THINNED]              = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_PERSON_SHOWN]                = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_PERSON_ERASED]               = { NEVER, CLO, CLO, CLO, CLO },
    [MENTEE_AFTER_PERSON_CONSENT_GIVEN]        = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_PERSON_CONSENT_WITHDRAWN]    = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_PERSON_RESTRICTED]           = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_PERSON_RESTRICTION_LIFTED]   = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_PROPOSED]         = { NEVER, SEA, MAT, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_ACCEPTED]         = { NEVER, MAT, MAT, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_DECLINED]         = { NEVER, SEA, SEA, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_EXPIRED]          = { NEVER, SEA, SEA, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_COMPLETED]        = { NEVER, SEA, COM, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_ENDED]            = { NEVER, SEA, SEA, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_WITHDRAWN]        = { NEVER, SEA, SEA, COM, CLO },
    [MENTEE_AFTER_MENTORSHIP_SUPERSEDED]       = { NEVER, SEA, SEA, COM, CLO },
};
/* clang-format on */

static void every_event_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = MENTEE_AFTER_REFERRAL_ACCEPTED; type < sizeof lives / sizeof lives[0];
         type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct mentee row = given(state);
            const struct mentee_event event = event_of(type);

            if (lives[type][state] == NEVER) continue; /* find leaves out what is not known */
            mentee_evolve(&row, &event);
            if ((int)row.state != lives[type][state])
                fail_msg("event %u in state %u: %u", type, state, row.state);
        }
    }
}

static void tell(struct mentee *row, enum mentee_event_type type, struct id mentorship)
{
    struct mentee_event event = event_of(type);

    event.id = mentorship;
    mentee_evolve(row, &event);
}

static void a_mentor_is_looked_for_until_one_says_yes(void **unused)
{
    const struct id second = {"second"};
    struct mentee row = {0};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    assert_true(mentee_is_seeking(&row));
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, second);
    assert_true(mentee_is_seeking(&row));
    tell(&row, MENTEE_AFTER_MENTORSHIP_DECLINED, first);
    assert_int_equal(row.open, 1);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ACCEPTED, second);
    assert_false(mentee_is_seeking(&row));
}

/* Also when they are accepted once more meanwhile, as what was completed goes on. */
static void of_whom_the_use_is_restricted_nobody_is_looked_for(void **unused)
{
    struct mentee row = {0};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_PERSON_RESTRICTED, first);
    assert_false(mentee_is_seeking(&row));
    tell(&row, MENTEE_AFTER_REFERRAL_CANCELLED, first);
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    assert_false(mentee_is_seeking(&row));
    tell(&row, MENTEE_AFTER_PERSON_RESTRICTION_LIFTED, first);
    assert_true(mentee_is_seeking(&row));
}

static void who_is_accepted_again_seeks_again_and_keeps_age_and_conflicts(void **unused)
{
    struct mentee row = {0};
    struct mentee_event again = event_of(MENTEE_AFTER_REFERRAL_ACCEPTED);

    (void)unused;
    again.referral_accepted.waiting_since = (struct instant){77};
    mentee_evolve(&row, &again);
    row.conflicts = (struct mentee_conflicts){1, {{"uncle"}}};
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_REFERRAL_CANCELLED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ENDED, first);
    assert_false(mentee_is_seeking(&row));
    mentee_evolve(&row, &again);
    assert_true(mentee_is_seeking(&row));
    assert_int_equal(row.waiting_since.ms, 77);
    assert_true(mentee_has_conflict(&row, (struct id){"uncle"}));
}

static void who_has_had_a_mentor_to_the_end_seeks_no_other_when_accepted_again(void **unused)
{
    struct mentee row = {0};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_COMPLETED, first);
    tell(&row, MENTEE_AFTER_REFERRAL_FAILED, first);
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    assert_int_equal(row.state, MENTEE_STATE_COMPLETED);
}

static void who_begins_anew_seeks_another_mentor(void **unused)
{
    struct mentee row = {0};
    struct mentee_event reopened = {.type = MENTEE_AFTER_REFERRAL_REOPENED, .id = first};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_COMPLETED, first);
    tell(&row, MENTEE_AFTER_REFERRAL_COMPLETED, first);
    reopened.referral_reopened.anew = true;
    mentee_evolve(&row, &reopened);
    assert_int_equal(row.state, MENTEE_STATE_CLOSED); /* until it is accepted */
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    assert_true(mentee_is_seeking(&row));
}

/* The referral was completed by hand, and the mentorship went on. */
static void who_has_a_mentor_still_seeks_none_when_accepted_again(void **unused)
{
    struct mentee row = {0};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_REFERRAL_COMPLETED, first);
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    assert_int_equal(row.state, MENTEE_STATE_MATCHED);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ENDED, first);
    assert_true(mentee_is_seeking(&row));
}

static void only_the_mentor_who_said_yes_can_reopen_the_search(void **unused)
{
    const struct id second = {"second"};
    struct mentee row = {0};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, second);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_SUPERSEDED, second);
    assert_int_equal(row.state, MENTEE_STATE_MATCHED);
    assert_int_equal(row.open, 1);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ENDED, first);
    assert_true(mentee_is_seeking(&row));
    assert_false(row.has_mentorship);
}

static void nobody_is_sought_for_who_rests_or_has_to_be_asked_about(void **unused)
{
    static const enum mentee_event_type pauses[] = {MENTEE_AFTER_REFERRAL_HELD,
                                                    MENTEE_AFTER_REFERRAL_INFO_ASKED};
    static const enum mentee_event_type ends[] = {MENTEE_AFTER_REFERRAL_RESUMED,
                                                  MENTEE_AFTER_REFERRAL_ACCEPTED};

    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct mentee row = {0};

        tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
        tell(&row, pauses[i], first);
        assert_false(mentee_is_seeking(&row));
        tell(&row, ends[i], first);
        assert_true(mentee_is_seeking(&row));
    }
}

static void who_was_asked_about_by_mistake_is_sought_for_again(void **unused)
{
    struct mentee row = {0};
    struct mentee_event undone = event_of(MENTEE_AFTER_REFERRAL_UNDONE);

    (void)unused;
    undone.referral_undone.step = REFERRAL_DECIDED_ASK_INFO;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    tell(&row, MENTEE_AFTER_REFERRAL_INFO_ASKED, first);
    mentee_evolve(&row, &undone);
    assert_true(mentee_is_seeking(&row));
}

static void a_place_is_dropped_with_protection_and_all_with_erasure(void **unused)
{
    struct mentee row = {0};

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    assert_string_equal(row.municipality, "0180");
    tell(&row, MENTEE_AFTER_REFERRAL_PROTECTION_CHANGED, first);
    assert_false(row.has_municipality);
    assert_int_equal(row.municipality[0], 0);
    tell(&row, MENTEE_AFTER_REFERRAL_UPDATED, first);
    assert_string_equal(row.languages.at[0], "ti");
    tell(&row, MENTEE_AFTER_PERSON_ERASED, first);
    assert_int_equal(row.languages.count, 0);
    assert_int_equal(row.languages.at[0][0], 0);
}

static void who_no_longer_wants_a_mentor_is_not_sought_for(void **unused)
{
    struct mentee row = {0};
    struct mentee_event update = event_of(MENTEE_AFTER_REFERRAL_UPDATED);

    (void)unused;
    tell(&row, MENTEE_AFTER_REFERRAL_ACCEPTED, first);
    update.referral_updated.wants = (struct referral_wants){1, {REFERRAL_WANT_PLACEMENT}};
    mentee_evolve(&row, &update);
    assert_int_equal(row.state, MENTEE_STATE_CLOSED);
}

/* As of then, with the age that the referral has; what came of an earlier search counts. */
static void who_wants_a_mentor_again_is_sought_for_again(void **unused)
{
    struct mentee row = {0};
    struct mentee_event other = event_of(MENTEE_AFTER_REFERRAL_UPDATED),
                        again = event_of(MENTEE_AFTER_REFERRAL_UPDATED);

    (void)unused;
    other.referral_updated.wants = (struct referral_wants){1, {REFERRAL_WANT_PLACEMENT}};
    again.referral_updated.person = bo;
    again.referral_updated.waiting_since = (struct instant){77};
    again.referral_updated.has_wants_anew = true;
    again.referral_updated.wants_anew = (struct referral_wants){1, {REFERRAL_WANT_MENTOR}};
    again.referral_updated.has_responsible = again.referral_updated.held = true;
    again.referral_updated.responsible = (struct id){"club"};
    mentee_evolve(&row, &again); /* for the first time */
    assert_int_equal(row.state, MENTEE_STATE_SEARCHING);
    assert_true(row.is_held && id_equal(row.person, bo));
    assert_int_equal(row.waiting_since.ms, 77);
    assert_true(row.has_responsible && id_equal(row.responsible, (struct id){"club"}));
    again.referral_updated.held = false;
    mentee_evolve(&row, &other);
    assert_int_equal(row.state, MENTEE_STATE_CLOSED);
    mentee_evolve(&row, &again);
    assert_true(mentee_is_seeking(&row));
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    tell(&row, MENTEE_AFTER_MENTORSHIP_ACCEPTED, first);
    mentee_evolve(&row, &other);
    mentee_evolve(&row, &again); /* and the mentorship has gone on */
    assert_int_equal(row.state, MENTEE_STATE_MATCHED);
    mentee_evolve(&row, &other);
    tell(&row, MENTEE_AFTER_MENTORSHIP_COMPLETED, first);
    mentee_evolve(&row, &again);
    assert_int_equal(row.state, MENTEE_STATE_COMPLETED);
}

/* Of before, nobody said so, and nothing followed: rows are as they were. */
static void what_is_wanted_without_being_said_to_be_new_changes_nothing(void **unused)
{
    struct mentee row = given(MENTEE_STATE_CLOSED);
    const struct mentee_event update = event_of(MENTEE_AFTER_REFERRAL_UPDATED);

    (void)unused;
    mentee_evolve(&row, &update);
    assert_int_equal(row.state, MENTEE_STATE_CLOSED);
}

/* What is said of them. */

static struct mentee_input said(enum mentee_input_type type, enum role role, struct id who)
{
    struct mentee_input in = {.type = type, .head = {.actor = {role, who, {{0}}}, .version = 1}};

    in.head.programme = (struct id){"work"};
    if (type == MENTEE_WISH)
        in.mentee_wish =
            (struct mentee_wish){.has_wishes = true, .wishes = {1, {MATCH_WISH_STUDIES}}};
    if (type == MENTEE_DECLARE_CONFLICT) in.mentee_declare_conflict.mentor = first;
    if (type == MENTEE_LIFT_CONFLICT) in.mentee_lift_conflict.mentor = first;
    if (type == MENTEE_EXPLAIN) in.mentee_explain.why.mentors = 3;
    return in;
}

static struct mentee searching(void)
{
    struct mentee row = given(MENTEE_STATE_SEARCHING);

    row.programme = (struct id){"work"};
    return row;
}

static const char *say(struct mentee *row, const struct mentee_input *in)
{
    static struct mentee_events out;
    const struct mentee_case c = {*row};
    struct error err = {0};

    out.count = 0;
    if (!mentee_decide(&c, in, &out, &err)) return err.code;
    for (size_t i = 0; i < out.count; i++)
        mentee_evolve(row, &out.at[i]);
    return NULL;
}

static void of_who_is_protected_they_themself_and_who_is_cleared_say_it(void **unused)
{
    struct mentee row = searching();
    struct mentee_input by = said(MENTEE_WISH, ROLE_CO, first),
                        own = said(MENTEE_WISH, ROLE_PT, bo);

    (void)unused;
    row.protection = PROTECTION_MARKED;
    by.head.version = 7; /* nor is it told how it stands */
    assert_ptr_equal(say(&row, &by), life_guarded.code);
    by.head.is_cleared = true;
    by.head.version = 1;
    assert_ptr_equal(say(&row, &by), mentee_unsaid.code);
    assert_ptr_equal(say(&row, &own), mentee_unsaid.code);
}

static size_t shown_again(const struct mentee *row, struct mentee_events *out)
{
    struct mentee_input in = {.type = MENTEE_ON_PERSON_SHOWN};
    const struct mentee_case c = {.row = *row};
    struct error err = {0};

    memset(out, 0, sizeof *out);
    assert_true(mentee_decide(&c, &in, out, &err));
    return out->count;
}

/* What they wished went with a protection: who looks for somebody has to ask them anew, once. */
static void what_is_gone_has_to_be_asked_again(void **unused)
{
    struct mentee row = searching(), other = searching();
    struct mentee_event wished = event_of(MENTEE_WISHED);
    struct mentee_events out;

    (void)unused;
    row.person = bo;
    tell(&other, MENTEE_AFTER_PERSON_HIDDEN, first);
    assert_false(other.wishes_gone); /* there was nothing */
    assert_int_equal(shown_again(&other, &out), 0);
    row.availability = (struct availability){1, {TIME_OF_WEEK_SUN_EVENING}};
    tell(&row, MENTEE_AFTER_PERSON_HIDDEN, first);
    tell(&row, MENTEE_AFTER_PERSON_HIDDEN, first);
    tell(&row, MENTEE_AFTER_PERSON_SHOWN, first);
    assert_int_equal(shown_again(&row, &out), 1);
    assert_int_equal(out.at[0].type, MENTEE_WISHES_MISSED);
    assert_memory_equal(&out.at[0].mentee_wishes_missed.participant, &bo, 16);
    mentee_evolve(&row, &out.at[0]);
    assert_true(row.wishes_gone);
    other = row;
    tell(&other, MENTEE_AFTER_REFERRAL_CANCELLED, first);
    assert_int_equal(shown_again(&other, &out), 0); /* nobody looks any more */
    mentee_evolve(&row, &wished);
    assert_false(row.wishes_gone);
}

static void of_who_was_thinned_nothing_is_known_that_a_match_goes_by(void **unused)
{
    struct mentee row = searching();

    (void)unused;
    row.languages = (struct spokens){1, {"ceb"}};
    row.occupations = (struct occupations){1, {{OCCUPATION_SCHEME_SSYK, "7233"}}};
    row.wishes = (struct match_wishes){1, {MATCH_WISH_STUDIES}};
    row.availability = (struct availability){1, {TIME_OF_WEEK_SUN_EVENING}};
    row.conflicts = (struct mentee_conflicts){1, {first}};
    row.has_municipality = row.wishes_gone = true;
    tell(&row, MENTEE_AFTER_PERSON_THINNED, first);
    assert_false(row.wishes_gone);
    assert_int_equal(row.languages.count + row.occupations.count, 0);
    assert_int_equal(row.wishes.count + row.availability.count + row.conflicts.count, 0);
    assert_true(row.has_municipality); /* where they were is counted */
}

/* The matcher knows nothing of them until they are shown again; their wishes they say anew. */
static void of_who_is_protected_nothing_is_told_that_a_match_goes_by(void **unused)
{
    struct mentee row = searching();
    const struct mentee_input wish = said(MENTEE_WISH, ROLE_PT, bo);
    struct mentee_event shown = event_of(MENTEE_AFTER_PERSON_SHOWN);

    (void)unused;
    row.person = bo;
    row.languages = (struct spokens){1, {"ceb"}};
    row.occupations = (struct occupations){1, {{OCCUPATION_SCHEME_SSYK, "7233"}}};
    row.wishes = (struct match_wishes){1, {MATCH_WISH_STUDIES}};
    row.availability = (struct availability){1, {TIME_OF_WEEK_SUN_EVENING}};
    row.protection = PROTECTION_MARKED;
    assert_ptr_equal(say(&row, &wish), mentee_unsaid.code);
    row.has_why = row.why.has_by_hand =
        true; /* told before that was heard of: it is struck as well */
    tell(&row, MENTEE_AFTER_PERSON_HIDDEN, first);
    assert_false(row.has_why);
    assert_int_equal(row.languages.count + row.occupations.count, 0);
    assert_int_equal(row.wishes.count + row.availability.count, 0);
    assert_true(row.wishes_gone);

    row.protection = PROTECTION_NONE;
    row.has_why = row.why.has_by_hand = true;
    shown.person_shown.has_languages = shown.person_shown.has_occupations = true;
    shown.person_shown.languages = (struct spokens){1, {"ceb"}};
    shown.person_shown.occupations = (struct occupations){1, {{OCCUPATION_SCHEME_SSYK, "7233"}}};
    shown.person_shown.has_municipality = true;
    strcpy(shown.person_shown.municipality, "2418");
    mentee_evolve(&row, &shown);
    assert_true(row.has_municipality);
    assert_string_equal(row.municipality, "2418");
    assert_string_equal(row.languages.at[0], "ceb");
    assert_string_equal(row.occupations.at[0].code, "7233");
    assert_false(row.has_why);
    assert_null(say(&row, &wish));
    assert_int_equal(row.wishes.count, 1);
}

static void each_of_them_is_for_whom_the_table_says(void **unused)
{
    static const unsigned who[] = {[MENTEE_WISH] = ROLE_PT | ROLE_CO | ROLE_SYS,
                                   [MENTEE_DECLARE_CONFLICT] = ROLE_PT | ROLE_CO,
                                   [MENTEE_LIFT_CONFLICT] = ROLE_CO,
                                   [MENTEE_EXPLAIN] = ROLE_SYS};

    (void)unused;
    for (unsigned type = 0; type < sizeof who / sizeof who[0]; type++)
        for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
            struct mentee row = searching(), closed = searching(), foreign = searching();
            struct mentee_input in = said(type, role, bo);
            const char *code;

            if (type == MENTEE_LIFT_CONFLICT) row.conflicts = (struct mentee_conflicts){1, {first}};
            code = say(&row, &in);
            if (code != (who[type] & role ? NULL : life_forbidden.code))
                fail_msg("input %u by role %x: %s", type, role, code);
            closed.state = MENTEE_STATE_CLOSED;
            if (who[type] & role) assert_ptr_equal(say(&closed, &in), life_not_now.code);
            foreign.programme = (struct id){"elsewhere"};
            if (role != ROLE_SYS && role != ROLE_TM)
                assert_ptr_equal(say(&foreign, &in), life_unknown.code);
        }
}

static void tell_of_consent(struct mentee *row, enum mentee_event_type type,
                            enum person_consent_purpose purpose)
{
    struct mentee_event event = event_of(type);

    if (type == MENTEE_AFTER_PERSON_CONSENT_GIVEN)
        event.person_consent_given.purpose = purpose;
    else
        event.person_consent_withdrawn.purpose = purpose;
    mentee_evolve(row, &event);
}

static void without_consent_wishes_go_and_none_are_taken(void **unused)
{
    struct mentee row = searching();
    struct mentee_input wish = said(MENTEE_WISH, ROLE_PT, bo), none = wish;

    (void)unused;
    wish.mentee_wish.has_wishes = true;
    wish.mentee_wish.wishes.count = 1;
    none.mentee_wish = (struct mentee_wish){.has_wishes = true, .removes_availability = true};
    row.wishes.count = row.availability.count = 1;
    tell_of_consent(&row, MENTEE_AFTER_PERSON_CONSENT_WITHDRAWN, PERSON_CONSENT_PURPOSE_GOALS);
    assert_int_equal(row.wishes.count, 1);
    assert_null(say(&row, &wish));
    tell_of_consent(&row, MENTEE_AFTER_PERSON_CONSENT_WITHDRAWN, PERSON_CONSENT_PURPOSE_WISHES);
    assert_int_equal(row.wishes.count + row.availability.count, 0);
    assert_ptr_equal(say(&row, &wish), mentee_no_consent.code);
    assert_null(say(&row, &none)); /* that there are none is so */
    tell_of_consent(&row, MENTEE_AFTER_PERSON_CONSENT_GIVEN, PERSON_CONSENT_PURPOSE_GOALS);
    assert_ptr_equal(say(&row, &wish), mentee_no_consent.code);
    tell_of_consent(&row, MENTEE_AFTER_PERSON_CONSENT_GIVEN, PERSON_CONSENT_PURPOSE_WISHES);
    assert_null(say(&row, &wish));
}

static void a_participant_speaks_for_nobody_else(void **unused)
{
    struct mentee row = searching();
    const struct mentee_input other = said(MENTEE_WISH, ROLE_PT, first);
    struct mentee_input club = said(MENTEE_WISH, ROLE_CO, first);

    (void)unused;
    assert_ptr_equal(say(&row, &other), life_forbidden.code);
    club.head.actor.organisation = (struct id){"club"};
    assert_ptr_equal(say(&row, &club), life_forbidden.code);
    row.responsible = (struct id){"club"}; /* for whom it is responsible */
    assert_null(say(&row, &club));
}

static void conflicts_are_stated_once_and_lifted_again(void **unused)
{
    struct mentee row = searching();
    struct mentee_input in = said(MENTEE_DECLARE_CONFLICT, ROLE_CO, bo);
    const struct mentee_input lift = said(MENTEE_LIFT_CONFLICT, ROLE_CO, bo);

    (void)unused;
    assert_null(say(&row, &in));
    assert_true(mentee_has_conflict(&row, first));
    assert_ptr_equal(say(&row, &in), mentee_conflict_known.code);
    in.mentee_declare_conflict.mentor = bo;
    assert_ptr_equal(say(&row, &in), mentee_own_conflict.code);
    assert_null(say(&row, &lift));
    assert_false(mentee_has_conflict(&row, first));
    assert_ptr_equal(say(&row, &lift), mentee_no_such_conflict.code);
    for (uint8_t i = 1; i <= 16; i++) {
        in.mentee_declare_conflict.mentor = (struct id){{i}};
        assert_null(say(&row, &in));
    }
    in.mentee_declare_conflict.mentor = (struct id){{17}};
    assert_ptr_equal(say(&row, &in), mentee_too_many_conflicts.code);
}

static void a_mentor_who_declines_for_a_conflict_of_interest_has_one(void **unused)
{
    struct mentee row = searching();
    struct mentee_event event = event_of(MENTEE_AFTER_MENTORSHIP_DECLINED);

    (void)unused;
    row.open = 2;
    event.mentorship_declined.mentor = first;
    event.mentorship_declined.reason = MENTORSHIP_REASON_NO_TIME;
    mentee_evolve(&row, &event);
    assert_false(mentee_has_conflict(&row, first));
    event.mentorship_declined.reason = MENTORSHIP_REASON_CONFLICT_OF_INTEREST;
    mentee_evolve(&row, &event);
    assert_true(mentee_has_conflict(&row, first));
}

static void why_there_is_nobody_is_said_once_until_somebody_is_proposed(void **unused)
{
    struct mentee row = searching();
    struct mentee_input in = said(MENTEE_EXPLAIN, ROLE_SYS, bo);

    (void)unused;
    assert_null(say(&row, &in));
    assert_int_equal(row.why.mentors, 3);
    assert_ptr_equal(say(&row, &in), mentee_explained_already.code);
    in.mentee_explain.why.mentors = 4;
    assert_null(say(&row, &in));
    tell(&row, MENTEE_AFTER_MENTORSHIP_PROPOSED, first);
    assert_false(row.has_why);
}

/* What a match goes by. */

static struct occupation coded(enum occupation_scheme scheme, const char *code)
{
    struct occupation occupation = {.scheme = scheme};

    strcpy(occupation.code, code);
    return occupation;
}

static struct mentee seeker(struct occupation occupation)
{
    struct mentee row = {.state = MENTEE_STATE_SEARCHING,
                         .person = bo,
                         .languages = {2, {"so", "en"}},
                         .has_municipality = true,
                         .municipality = "0180"};

    row.occupations.at[row.occupations.count++] = occupation;
    return row;
}

static struct mentor mentor_of(struct occupation occupation)
{
    struct mentor row = {.state = MENTOR_STATE_ACTIVE,
                         .capacity = 2,
                         .languages = {1, {"en"}},
                         .has_municipality = true,
                         .municipality = "0180"};

    row.occupations.at[row.occupations.count++] = occupation;
    return row;
}

static const struct instant now = {INT64_C(15) * 7 * 86400000};

static struct score score_of(const struct mentee *mentee, const struct mentor *mentor,
                             const struct municipality *a, const struct municipality *b)
{
    const struct score_relation strangers = {false, false, false};
    struct profile_codes codes = {0};
    struct score_person p, q;
    struct score score;

    profile_mentee(mentee, a, now, &codes, &p);
    profile_mentor(mentor, b, &codes, &q);
    score = score_pair(&score_rules_default, &p, &q, strangers);
    profile_codes_drop(&codes);
    return score;
}

static void a_row_says_what_a_match_goes_by(void **unused)
{
    const int32_t *weight = score_rules_default.weight;
    struct mentee mentee = seeker(coded(OCCUPATION_SCHEME_SSYK, "7233"));
    struct mentor mentor = mentor_of(coded(OCCUPATION_SCHEME_ISCO, "7231"));
    struct score score;

    (void)unused;
    mentee.wishes_consented = mentor.wishes_consented = true;
    mentee.wishes = (struct match_wishes){2, {MATCH_WISH_STUDIES, MATCH_WISH_HOUSING}};
    mentor.offers = (struct match_wishes){2, {MATCH_WISH_LEISURE, MATCH_WISH_HOUSING}};
    mentee.availability =
        (struct availability){2, {TIME_OF_WEEK_MON_EVENING, TIME_OF_WEEK_SUN_EVENING}};
    mentor.availability = (struct availability){1, {TIME_OF_WEEK_SUN_EVENING}};
    mentor.networks.count = 1;
    mentor.networks.at[0] = coded(OCCUPATION_SCHEME_STYRK, "7222");
    score = score_of(&mentee, &mentor, NULL, NULL);
    assert_int_equal(score.part[SCORE_LANGUAGE], weight[SCORE_LANGUAGE]);
    assert_int_equal(score.part[SCORE_MUNICIPALITY], weight[SCORE_MUNICIPALITY]);
    assert_int_equal(score.part[SCORE_OCCUPATION_3], weight[SCORE_OCCUPATION_3]);
    assert_int_equal(score.part[SCORE_NETWORK], weight[SCORE_NETWORK]);
    assert_int_equal(score.part[SCORE_WISH], weight[SCORE_WISH]);
    assert_int_equal(score.part[SCORE_AVAILABILITY], weight[SCORE_AVAILABILITY]);
    assert_int_equal(score.part[SCORE_WAITING], 15 * weight[SCORE_WAITING]);
}

static void another_municipality_counts_by_its_distance(void **unused)
{
    const struct municipality here = {.version = 1, .easting = 674000, .northing = 6580000};
    struct municipality there = here;
    const struct mentee mentee = seeker(coded(OCCUPATION_SCHEME_SSYK, "7233"));
    struct mentor mentor = mentor_of(coded(OCCUPATION_SCHEME_SSYK, "2143"));
    struct score score;

    (void)unused;
    strcpy(mentor.municipality, "0181");
    there.easting += 10000;
    score = score_of(&mentee, &mentor, &here, &there);
    assert_int_equal(score.part[SCORE_DISTANCE],
                     score_rules_default.weight[SCORE_DISTANCE] * 40 / 50);
    assert_int_equal(score_of(&mentee, &mentor, &here, NULL).part[SCORE_DISTANCE], 0);
}

/* By SSYK 2012, STYRK-08, ISCO-08 and JobTech's taxonomy, as common/codes has them. */
static void occupations_of_two_schemes_meet_through_the_published_relation(void **unused)
{
#define S OCCUPATION_SCHEME_SSYK
#define T OCCUPATION_SCHEME_STYRK
#define I OCCUPATION_SCHEME_ISCO
#define J OCCUPATION_SCHEME_JOBTECH
    static const struct {
        struct occupation sought, known;
        enum score_factor factor;
    } rows[] = {
        {{S, "7233"}, {I, "7233"}, SCORE_OCCUPATION_4},
        {{S, "1113"}, {I, "1114"}, SCORE_OCCUPATION_4}, /* and not the same digits */
        {{S, "1113"}, {I, "1113"}, SCORE_OCCUPATION_3},
        {{S, "7231"}, {I, "7234"}, SCORE_OCCUPATION_4}, /* is of two */
        {{S, "4430"}, {I, "4430"}, SCORE_FACTORS},      /* of none */
        {{S, "7233"}, {I, "72"}, SCORE_OCCUPATION_2},
        {{S, "72"}, {I, "7233"}, SCORE_OCCUPATION_2},
        {{S, "72"}, {T, "72"}, SCORE_OCCUPATION_2},
        {{S, "13"}, {I, "6111"}, SCORE_OCCUPATION_2}, /* as its 1380 */
        {{S, "13"}, {I, "7233"}, SCORE_FACTORS},
        {{J, "17Xf_MuM_vg2"}, {T, "72"}, SCORE_OCCUPATION_2},
        {{S, "1250"}, {S, "1251"}, SCORE_OCCUPATION_3},
        {{S, "1113"}, {T, "1114"}, SCORE_OCCUPATION_4},
        {{T, "2223"}, {I, "2221"}, SCORE_OCCUPATION_4},
        {{T, "2223"}, {I, "2223"}, SCORE_OCCUPATION_3},
        {{T, "7233"}, {T, "7231"}, SCORE_OCCUPATION_3},
        {{J, "17Xf_MuM_vg2"}, {S, "7214"}, SCORE_OCCUPATION_4},
        {{J, "17Xf_MuM_vg2"},
         {S, "7213"},
         SCORE_OCCUPATION_3}, /* by SSYK, though it is 7213 by ISCO */
        {{J, "17Xf_MuM_vg2"}, {I, "7213"}, SCORE_OCCUPATION_4},
        {{J, "17Xf_MuM_vg2"}, {T, "7213"}, SCORE_OCCUPATION_4},
        {{J, "17Xf_MuM_vg2"}, {J, "17Xf_MuM_vg2"}, SCORE_OCCUPATION_4},
        {{J, "17Xf_MuM_vg2"}, {J, "17FS_XzU_AQ4"}, SCORE_FACTORS},
        {{J, "fg7B_yov_smw"}, {J, "fg7B_yov_smw"}, SCORE_OCCUPATION_4}, /* of this month */
        {{J, "fg7B_yov_smw"}, {J, "fg7B_yov_smx"}, SCORE_FACTORS},
        {{J, "abcd_efg_hij"}, {S, "7233"}, SCORE_FACTORS},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (unsigned turned = 0; turned < 2; turned++) {
            const struct mentee mentee = seeker(turned ? rows[i].known : rows[i].sought);
            const struct mentor mentor = mentor_of(turned ? rows[i].sought : rows[i].known);
            const struct score score = score_of(&mentee, &mentor, NULL, NULL);

            for (unsigned f = SCORE_OCCUPATION_4; f <= SCORE_OCCUPATION_2; f++)
                if ((score.part[f] > 0) != (f == rows[i].factor))
                    fail_msg("%s and %s", rows[i].sought.code, rows[i].known.code);
        }
}

static void a_language_is_the_same_by_any_of_its_codes(void **unused)
{
    static const struct {
        const char *spoken, *known;
        bool meet;
    } rows[] = {{"sv", "swe", true}, {"nb", "no", true},  {"nn", "nor", true},
                {"nb", "nn", false}, {"ar", "acm", true}, {"apc", "acm", false},
                {"xx", "xx", false}};
    struct mentee mentee = seeker(coded(OCCUPATION_SCHEME_SSYK, "7233"));
    struct mentor mentor = mentor_of(coded(OCCUPATION_SCHEME_SSYK, "7233"));

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        strcpy(mentee.languages.at[0], rows[i].spoken);
        strcpy(mentor.languages.at[0], rows[i].known);
        mentee.languages.count = 1;
        if ((score_of(&mentee, &mentor, NULL, NULL).part[SCORE_LANGUAGE] > 0) != rows[i].meet)
            fail_msg("%s and %s", rows[i].spoken, rows[i].known);
    }
}

static void a_municipality_is_its_country_its_code_and_what_it_became(void **unused)
{
    static const struct {
        enum country country;
        const char *lives, *near;
        bool meet;
    } rows[] = {
        {COUNTRY_SE, "0180", "SE-0180", true},    {COUNTRY_SE, "1860", "NO-1860", false},
        {COUNTRY_NO, "1860", "SE-1860", false},   {COUNTRY_SE, "NO-1860", "NO-0301", false},
        {COUNTRY_NO, "0101", "3001", true},       {COUNTRY_NO, "0101", "3101", true},
        {COUNTRY_SE, "NO-0101", "NO-3101", true},
    };
    struct mentee mentee = seeker(coded(OCCUPATION_SCHEME_SSYK, "7233"));
    struct mentor mentor = mentor_of(coded(OCCUPATION_SCHEME_SSYK, "7233"));

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mentee.country = mentor.country = rows[i].country;
        strcpy(mentee.municipality, rows[i].lives);
        strcpy(mentor.municipality, rows[i].near);
        if ((score_of(&mentee, &mentor, NULL, NULL).part[SCORE_MUNICIPALITY] > 0) != rows[i].meet)
            fail_msg("%s and %s", rows[i].lives, rows[i].near);
    }
}

static void a_group_of_two_digits_is_worth_two_digits(void **unused)
{
    const struct mentee mentee = seeker(coded(OCCUPATION_SCHEME_SSYK, "72"));
    const struct mentor mentor = mentor_of(coded(OCCUPATION_SCHEME_SSYK, "72"));
    const struct score score = score_of(&mentee, &mentor, NULL, NULL);

    (void)unused;
    assert_int_equal(score.part[SCORE_OCCUPATION_4], 0);
    assert_int_equal(score.part[SCORE_OCCUPATION_2],
                     score_rules_default.weight[SCORE_OCCUPATION_2]);
}

static void a_programmes_rules_are_data(void **unused)
{
    struct matching_rules rules = {.has_matching = false};
    struct profile_rules to;

    (void)unused;
    profile_rules_of(&rules, &to);
    assert_int_equal(to.score.weight[SCORE_LANGUAGE], score_rules_default.weight[SCORE_LANGUAGE]);
    assert_int_equal(to.changes_most, PROFILE_CHANGES_MOST);
    assert_int_equal(to.replace_days, 1);
    assert_int_equal(to.replace_points, 20);
    rules.has_matching = rules.matching.has_weights = rules.matching.has_objective = true;
    rules.matching.weights = (struct match_weights){1, {{PAIR_FACTOR_WISH, 77}}};
    rules.matching.objective = (struct match_objective){2, {MATCH_TERM_PAIRS, MATCH_TERM_SCORE}};
    rules.matching.has_changes_most = true;
    rules.matching.has_replace_days = rules.matching.has_replace_points = true;
    rules.matching.replace_points = 7;
    profile_rules_of(&rules, &to);
    assert_int_equal(to.score.weight[SCORE_WISH], 77);
    assert_int_equal(to.score.weight[SCORE_LANGUAGE], score_rules_default.weight[SCORE_LANGUAGE]);
    assert_int_equal(to.objective.count, 2);
    assert_int_equal(to.objective.term[0], MATCHING_PAIRS);
    assert_int_equal(to.changes_most, 0);
    assert_int_equal(to.replace_days, 0);
    assert_int_equal(to.replace_points, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_in_every_state),
        cmocka_unit_test(a_mentor_is_looked_for_until_one_says_yes),
        cmocka_unit_test(of_whom_the_use_is_restricted_nobody_is_looked_for),
        cmocka_unit_test(without_consent_wishes_go_and_none_are_taken),
        cmocka_unit_test(who_is_accepted_again_seeks_again_and_keeps_age_and_conflicts),
        cmocka_unit_test(who_has_had_a_mentor_to_the_end_seeks_no_other_when_accepted_again),
        cmocka_unit_test(who_begins_anew_seeks_another_mentor),
        cmocka_unit_test(who_has_a_mentor_still_seeks_none_when_accepted_again),
        cmocka_unit_test(only_the_mentor_who_said_yes_can_reopen_the_search),
        cmocka_unit_test(nobody_is_sought_for_who_rests_or_has_to_be_asked_about),
        cmocka_unit_test(who_was_asked_about_by_mistake_is_sought_for_again),
        cmocka_unit_test(a_place_is_dropped_with_protection_and_all_with_erasure),
        cmocka_unit_test(what_is_gone_has_to_be_asked_again),
        cmocka_unit_test(of_who_was_thinned_nothing_is_known_that_a_match_goes_by),
        cmocka_unit_test(of_who_is_protected_nothing_is_told_that_a_match_goes_by),
        cmocka_unit_test(who_wants_a_mentor_again_is_sought_for_again),
        cmocka_unit_test(what_is_wanted_without_being_said_to_be_new_changes_nothing),
        cmocka_unit_test(who_no_longer_wants_a_mentor_is_not_sought_for),
        cmocka_unit_test(of_who_is_protected_they_themself_and_who_is_cleared_say_it),
        cmocka_unit_test(each_of_them_is_for_whom_the_table_says),
        cmocka_unit_test(a_participant_speaks_for_nobody_else),
        cmocka_unit_test(conflicts_are_stated_once_and_lifted_again),
        cmocka_unit_test(a_mentor_who_declines_for_a_conflict_of_interest_has_one),
        cmocka_unit_test(why_there_is_nobody_is_said_once_until_somebody_is_proposed),
        cmocka_unit_test(a_row_says_what_a_match_goes_by),
        cmocka_unit_test(another_municipality_counts_by_its_distance),
        cmocka_unit_test(occupations_of_two_schemes_meet_through_the_published_relation),
        cmocka_unit_test(a_language_is_the_same_by_any_of_its_codes),
        cmocka_unit_test(a_municipality_is_its_country_its_code_and_what_it_became),
        cmocka_unit_test(a_group_of_two_digits_is_worth_two_digits),
        cmocka_unit_test(a_programmes_rules_are_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
