/* What the registry makes of others' mentorships and placements. */
#include "registry.h"

#include "link/link.h"

#define STATES (LINK_STATE_ENDED + 1u)

static const struct id ours = {"ours"}, ada = {"ada"}, mentor = {"mentor"}, museum = {"museum"},
                       tora = {"tora"}, urban = {"urban"};

static struct link_events out;

static struct link_case given(unsigned state)
{
    struct link_case c = {.programme = {.has_access_days = true, .access_days = 84}};

    if (state == LINK_STATE_NONE) return c;
    c.row = (struct link){.id = ours, .programme = work, .state = state, .participant = ada};
    return c;
}

/* An event of others, as it is heard and as it is folded: both have the same body. */
static void set_bodies(struct link_input *in, struct link_event *event)
{
    if (in->type == LINK_ON_MENTORSHIP_AGREED)
        in->mentorship_agreed = event->mentorship_agreed = (struct mentorship_agreed){
            .referral = {"referral"}, .participant = ada, .mentor = mentor};
    if (in->type == LINK_ON_MENTORSHIP_PROPOSED)
        in->mentorship_proposed = event->mentorship_proposed =
            (struct mentorship_proposed){.referral = {"referral"},
                                         .participant = ada,
                                         .mentor = mentor,
                                         .has_organisation = true,
                                         .organisation = {"club"}};
    if (in->type == LINK_ON_PLACEMENT_PLANNED)
        in->placement_planned = event->placement_planned = (struct placement_planned){
            .referral = {"referral"}, .participant = ada, .host = museum};
    if (in->type == LINK_ON_PLACEMENT_REQUIREMENT_MET)
        in->placement_requirement_met = event->placement_requirement_met =
            (struct placement_requirement_met){.kind = PLACEMENT_REQUIREMENT_INSURANCE};
    if (in->type == LINK_ON_PLACEMENT_STARTED)
        in->placement_started = event->placement_started =
            (struct placement_started){.supervisor = tora};
}

/* As the runtime does: the row first, then what is decided from it. */
static void hear(struct link_case *c, enum link_input_type type)
{
    struct link_input in = {.type = type, .head = head_of(ROLE_SYS, ours, VERSION_ANY)};
    struct link_event event = {.type = LINK_AFTER_REFERRAL_REOPENED + type, .id = ours};
    struct error err;

    set_bodies(&in, &event);
    link_evolve(&c->row, &event);
    memset(&out, 0, sizeof out);
    assert_true(link_decide(c, &in, &out, &err));
    for (size_t i = 0; i < out.count; i++)
        link_evolve(&c->row, &out.at[i]);
}

/* clang-format off */
enum { NON, PRO, AGR, RUN, COM, END };

/* Heard in any state; those of the first column are not told of what never was a link. */
static const int lives[LINK_INPUTS][STATES] = {
    /*                                        NON  PRO  AGR  RUN  COM  END */
    [LINK_ON_REFERRAL_REOPENED]           = { -1,  PRO, AGR, RUN, COM, END },
    [LINK_ON_MENTORSHIP_PROPOSED]         = { PRO, PRO, AGR, RUN, COM, END },
    [LINK_ON_MENTORSHIP_DECLINED]         = { -1,  END, END, END, END, END },
    [LINK_ON_MENTORSHIP_AGREED]           = { AGR, AGR, AGR, AGR, AGR, AGR },
    [LINK_ON_MENTORSHIP_STARTED]          = { -1,  RUN, RUN, RUN, RUN, RUN },
    [LINK_ON_MENTORSHIP_COMPLETED]        = { -1,  COM, COM, COM, COM, COM },
    [LINK_ON_MENTORSHIP_ENDED]            = { -1,  END, END, END, END, END },
    [LINK_ON_MENTORSHIP_WITHDRAWN]        = { -1,  END, END, END, END, END },
    [LINK_ON_MENTORSHIP_EXPIRED]          = { -1,  END, END, END, END, END },
    [LINK_ON_MENTORSHIP_SUPERSEDED]       = { -1,  END, END, END, END, END },
    [LINK_ON_MENTORSHIP_UNDONE]           = { -1,  PRO, PRO, PRO, PRO, PRO }, /* offered again; others see below */
    [LINK_ON_PLACEMENT_UNDONE]            = { -1,  PRO, AGR, RUN, COM, END }, /* of a step that moved nothing */
    [LINK_ON_PLACEMENT_PLANNED]           = { AGR, AGR, AGR, AGR, AGR, AGR },
    [LINK_ON_PLACEMENT_REQUIREMENT_MET]   = { -1,  PRO, AGR, RUN, COM, END },
    [LINK_ON_PLACEMENT_REQUIREMENT_LOST]  = { -1,  PRO, AGR, RUN, COM, END },
    [LINK_ON_PLACEMENT_STARTED]           = { -1,  RUN, RUN, RUN, RUN, RUN },
    [LINK_ON_PLACEMENT_SUPERVISOR_REPLACED] = { -1,  PRO, AGR, RUN, COM, END },
    [LINK_ON_PLACEMENT_SUPERVISOR_LEFT]   = { -1,  PRO, AGR, RUN, COM, END },
    [LINK_ON_PLACEMENT_NO_SHOW_REPORTED]  = { -1,  END, END, END, END, END },
    [LINK_ON_PLACEMENT_ENDED]             = { -1,  END, END, END, END, END },
    [LINK_ON_PLACEMENT_COMPLETED]         = { -1,  COM, COM, COM, COM, COM },
    [LINK_ON_PLACEMENT_CANCELLED]         = { -1,  END, END, END, END, END },
};
/* clang-format on */

static void what_was_completed_is_of_earlier_where_its_referral_begins_anew(void **unused)
{
    (void)unused;
    for (unsigned state = PRO; state <= END; state++) {
        struct link_case c = given(state);
        struct link_event event = {.type = LINK_AFTER_REFERRAL_REOPENED, .id = {"referral"}};

        link_evolve(&c.row, &event);
        assert_false(c.row.earlier);
        event.referral_reopened.anew = true;
        link_evolve(&c.row, &event);
        assert_int_equal(c.row.earlier, state == LINK_STATE_COMPLETED);
        assert_int_equal(c.row.state, state);
    }
}

/* It stands where it stood; and what is not over is not looked back at until some day. */
static void a_step_that_is_taken_back_was_none(void **unused)
{
    static const enum link_state mentorships[] = {
        [MENTORSHIP_RESTORED_PROPOSED] = LINK_STATE_PROPOSED,
        [MENTORSHIP_RESTORED_OFFERED] = LINK_STATE_PROPOSED,
        [MENTORSHIP_RESTORED_ACCEPTED] = LINK_STATE_PROPOSED,
        [MENTORSHIP_RESTORED_AGREED] = LINK_STATE_AGREED,
        [MENTORSHIP_RESTORED_ACTIVE] = LINK_STATE_RUNNING,
        [MENTORSHIP_RESTORED_ON_HOLD] = LINK_STATE_RUNNING,
    };
    static const enum link_state placements[] = {
        [PLACEMENT_RESTORED_PLANNED] = LINK_STATE_AGREED,
        [PLACEMENT_RESTORED_READY] = LINK_STATE_AGREED,
        [PLACEMENT_RESTORED_STARTED] = LINK_STATE_RUNNING,
        [PLACEMENT_RESTORED_INTERRUPTED] = LINK_STATE_RUNNING,
        [PLACEMENT_RESTORED_COMPLETED] = LINK_STATE_COMPLETED,
        [PLACEMENT_RESTORED_ENDED_EARLY] = LINK_STATE_ENDED,
    };

    (void)unused;
    for (unsigned i = 0; i < 2 * sizeof mentorships / sizeof mentorships[0]; i++) {
        struct link row = {.state = LINK_STATE_ENDED, .has_until = true, .until = {5}};
        struct link_event event = {.type = i % 2 == 0 ? LINK_AFTER_MENTORSHIP_UNDONE
                                                      : LINK_AFTER_PLACEMENT_UNDONE};
        const enum link_state state = i % 2 == 0 ? mentorships[i / 2] : placements[i / 2];

        if (i % 2 == 0) {
            event.mentorship_undone.state = i / 2;
        } else {
            event.placement_undone.has_state = true;
            event.placement_undone.state = i / 2;
        }
        link_evolve(&row, &event);
        assert_int_equal(row.state, state);
        assert_int_equal(row.has_until, state != LINK_STATE_AGREED && state != LINK_STATE_RUNNING);
    }
}

static void every_event_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < LINK_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct link_case c = given(state);

            if (lives[type][state] < 0) continue;
            hear(&c, type);
            if (c.row.state != (unsigned)lives[type][state])
                fail_msg("event %u in state %u leads to %u", type, state, c.row.state);
        }
    }
}

static void a_link_knows_whom_it_links(void **unused)
{
    struct link_case mentorship = given(NON), placement = given(NON);

    (void)unused;
    hear(&mentorship, LINK_ON_MENTORSHIP_PROPOSED);
    assert_memory_equal(&mentorship.row.other, &mentor, 16);
    assert_memory_equal(&mentorship.row.participant, &ada, 16);
    mentorship = given(NON);
    hear(&mentorship, LINK_ON_MENTORSHIP_AGREED);
    assert_int_equal(mentorship.row.kind, LINK_KIND_MENTORSHIP);
    assert_memory_equal(&mentorship.row.referral, &(struct id){"referral"}, 16);
    assert_memory_equal(&mentorship.row.participant, &ada, 16);
    assert_memory_equal(&mentorship.row.other, &mentor, 16);
    hear(&placement, LINK_ON_PLACEMENT_PLANNED);
    assert_int_equal(placement.row.kind, LINK_KIND_PLACEMENT);
    assert_memory_equal(&placement.row.referral, &(struct id){"referral"}, 16);
    assert_memory_equal(&placement.row.participant, &ada, 16);
    assert_memory_equal(&placement.row.host, &museum, 16);
    assert_false(placement.row.has_other);
}

static void a_placements_supervisor_comes_and_goes(void **unused)
{
    struct link_event met = {.type = LINK_AFTER_PLACEMENT_REQUIREMENT_MET, .id = ours};
    struct link_event lost = {.type = LINK_AFTER_PLACEMENT_REQUIREMENT_LOST, .id = ours};
    struct link_case c = given(NON);

    (void)unused;
    hear(&c, LINK_ON_PLACEMENT_PLANNED);
    met.placement_requirement_met.kind = PLACEMENT_REQUIREMENT_SUPERVISOR;
    met.placement_requirement_met.has_supervisor = true;
    met.placement_requirement_met.supervisor = urban;
    link_evolve(&c.row, &met);
    assert_true(c.row.has_other);
    assert_memory_equal(&c.row.other, &urban, 16);
    hear(&c, LINK_ON_PLACEMENT_REQUIREMENT_MET); /* insurance: says nothing of that */
    assert_memory_equal(&c.row.other, &urban, 16);
    lost.placement_requirement_lost.kind = PLACEMENT_REQUIREMENT_DRAWING_ACCESS;
    link_evolve(&c.row, &lost);
    assert_true(c.row.has_other);
    lost.placement_requirement_lost.kind = PLACEMENT_REQUIREMENT_SUPERVISOR;
    link_evolve(&c.row, &lost);
    assert_false(c.row.has_other);
    hear(&c, LINK_ON_PLACEMENT_STARTED);
    assert_memory_equal(&c.row.other, &tora, 16);
}

static void a_placement_is_agreed_while_its_agreement_is(void **unused)
{
    struct link_event met = {.type = LINK_AFTER_PLACEMENT_REQUIREMENT_MET, .id = ours};
    struct link_event lost = {.type = LINK_AFTER_PLACEMENT_REQUIREMENT_LOST, .id = ours};
    struct link_case c = given(NON), mentorship = c;

    (void)unused;
    hear(&c, LINK_ON_PLACEMENT_PLANNED);
    hear(&c, LINK_ON_PLACEMENT_REQUIREMENT_MET); /* insurance */
    assert_false(link_is_agreed(&c.row));
    met.placement_requirement_met.kind = PLACEMENT_REQUIREMENT_AGREEMENT;
    link_evolve(&c.row, &met);
    assert_true(link_is_agreed(&c.row));
    lost.placement_requirement_lost.kind = PLACEMENT_REQUIREMENT_INSURANCE;
    link_evolve(&c.row, &lost);
    assert_true(link_is_agreed(&c.row));
    lost.placement_requirement_lost.kind = PLACEMENT_REQUIREMENT_AGREEMENT;
    link_evolve(&c.row, &lost);
    assert_false(link_is_agreed(&c.row));
    hear(&mentorship, LINK_ON_MENTORSHIP_AGREED);
    assert_true(link_is_agreed(&mentorship.row));
}

static void those_of_it_see_for_as_long_as_the_programme_gives_them(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < LINK_INPUTS; type++) {
        const bool gives = type == LINK_ON_MENTORSHIP_COMPLETED ||
                           type == LINK_ON_PLACEMENT_COMPLETED || type == LINK_ON_PLACEMENT_ENDED;
        struct link_case c = given(RUN), none = c, unsaid = c, more = c, less = c;

        hear(&c, type);
        assert_int_equal(out.count, gives);
        assert_int_equal(c.row.has_until, gives);
        if (!gives) continue;
        assert_memory_equal(&out.at[0].id, &ours, 16);
        assert_int_equal(c.row.until.ms, end_of(84));
        hear(&c, type); /* once */
        assert_int_equal(out.count, 0);
        none.programme.access_days = 0;
        hear(&none, type);
        assert_int_equal(out.count, 0);
        unsaid.programme.has_access_days = false;
        hear(&unsaid, type);
        assert_int_equal(out.count, 0);
        more.programme.access_days = 85; /* no longer than may be */
        hear(&more, type);
        assert_int_equal(more.row.until.ms, end_of(84));
        less.programme.access_days = 83;
        hear(&less, type);
        assert_int_equal(less.row.until.ms, end_of(83));
    }
}

static void a_proposal_shows_that_there_is_somebody_and_not_who(void **unused)
{
    const struct instant before = {now.ms - 1};

    (void)unused;
    for (unsigned state = 0; state < STATES; state++) {
        struct link row = {.state = state},
                    later = {.state = state, .has_until = true, .until = now};
        const bool is_open = state == LINK_STATE_AGREED || state == LINK_STATE_RUNNING;
        const bool is_shown = is_open || state == LINK_STATE_PROPOSED;

        assert_int_equal(link_is_open(&row, now), is_open);
        assert_int_equal(link_is_shown(&row, now), is_shown);
        assert_int_equal(link_is_open(&later, now), is_open);
        assert_int_equal(link_is_shown(&later, now), is_shown);
        assert_true(link_is_open(&later, before) && link_is_shown(&later, before));
    }
}

/* A mentor and a participant see none of a proposal that came to nothing; of what was agreed they do when it is over. */
static void those_of_it_know_of_it_from_the_agreement_on(void **unused)
{
    static const enum link_input_type ends[] = {LINK_ON_MENTORSHIP_WITHDRAWN,
                                                LINK_ON_PLACEMENT_CANCELLED};
    static const enum link_input_type begins[] = {LINK_ON_MENTORSHIP_AGREED,
                                                  LINK_ON_PLACEMENT_PLANNED};

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        struct link_case c = given(LINK_STATE_NONE), d = c;

        hear(&c, LINK_ON_MENTORSHIP_PROPOSED);
        assert_true(record_is_draft(&link_records[0], &c.row, ROLE_ME));
        assert_true(record_is_draft(&link_records[0], &c.row, ROLE_PT));
        assert_false(record_is_draft(&link_records[0], &c.row, ROLE_CO));
        hear(&c, ends[i]);
        assert_true(record_is_draft(&link_records[0], &c.row, ROLE_PT));
        hear(&d, begins[i]);
        assert_false(record_is_draft(&link_records[0], &d.row, ROLE_PT));
        hear(&d, ends[i]);
        assert_false(record_is_draft(&link_records[0], &d.row, ROLE_ME));
    }
}

static void what_came_to_nothing_is_not_left(void **unused)
{
    (void)unused;
    assert_false(link_is_left(LINK_STATE_NONE));
    assert_false(link_is_left(LINK_STATE_PROPOSED));
    assert_true(link_is_left(LINK_STATE_AGREED));
    assert_true(link_is_left(LINK_STATE_RUNNING));
    assert_true(link_is_left(LINK_STATE_COMPLETED));
    assert_false(link_is_left(LINK_STATE_ENDED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_completed_is_of_earlier_where_its_referral_begins_anew),
        cmocka_unit_test(a_step_that_is_taken_back_was_none),
        cmocka_unit_test(every_event_in_every_state),
        cmocka_unit_test(a_link_knows_whom_it_links),
        cmocka_unit_test(a_placements_supervisor_comes_and_goes),
        cmocka_unit_test(a_placement_is_agreed_while_its_agreement_is),
        cmocka_unit_test(those_of_it_see_for_as_long_as_the_programme_gives_them),
        cmocka_unit_test(a_proposal_shows_that_there_is_somebody_and_not_who),
        cmocka_unit_test(those_of_it_know_of_it_from_the_agreement_on),
        cmocka_unit_test(what_came_to_nothing_is_not_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
