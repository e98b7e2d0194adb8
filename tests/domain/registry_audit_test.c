/* What is noted for whoever watches over a programme's data, and whom it concerns. */
#include "registry.h"

#include "audit/audit.h"
#include "core/life.h"

static const struct id bo = {"bo"}, token = {"token"}, ada = {"ada"}, thing = {"thing"};

static struct audit_events out;

static struct audit_input note(enum role role)
{
    struct audit_input in = {.type = AUDIT_NOTE, .head = head_of(role, (struct id){{0}}, 0)};

    in.audit_note = (struct audit_note){.kind = AUDIT_KIND_REFUSED,
                                        .what = "person.read",
                                        .code = "forbidden",
                                        .has_about = true,
                                        .about = thing,
                                        .has_role = true,
                                        .role = ACTOR_ROLE_MENTOR,
                                        .has_actor = true,
                                        .actor = ada,
                                        .has_credential = true,
                                        .credential = token,
                                        .times = 7,
                                        .first = {now.ms - 1000},
                                        .last = now};
    return in;
}

static const char *run(const struct audit_case *c, const struct audit_input *in)
{
    struct error err;

    memset(&out, 0, sizeof out);
    return audit_decide(c, in, &out, &err) ? NULL : err.code;
}

/* Not even an admin, nor whom it is for. */
static void only_rules_of_ours_note_anything(void **unused)
{
    const struct audit_case none = {0};

    (void)unused;
    for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
        const struct audit_input in = note(role);

        if (role == ROLE_SYS)
            assert_null(run(&none, &in));
        else
            assert_string_equal(run(&none, &in), life_forbidden.code);
    }
}

/* It belongs to no programme, so nobody sees it but the operator. */
static void of_a_program_it_is_noted_what_it_asked_whom_for(void **unused)
{
    const struct audit_case none = {0};
    struct audit_input in = {.type = AUDIT_TURN_AWAY,
                             .head = head_of(ROLE_SYS, (struct id){{0}}, 0),
                             .audit_turn_away = {.program = "pages",
                                                 .service = "notification",
                                                 .what = "delivery.report_failed",
                                                 .times = 7,
                                                 .first = {now.ms - 1000},
                                                 .last = {INSTANT_LAST}}};
    struct audit row = {0};

    (void)unused;
    assert_null(run(&none, &in));
    assert_int_equal(out.count, 1);
    audit_evolve(&row, &out.at[0]);
    assert_int_equal(row.kind, AUDIT_KIND_PROGRAM);
    assert_string_equal(row.code, "not_admitted");
    assert_string_equal(row.what, "delivery.report_failed");
    assert_true(row.has_program && row.has_service && row.times == 7);
    assert_string_equal(row.program, "pages");
    assert_string_equal(row.service, "notification");
    assert_true(row.first.ms == now.ms - 1000 && row.last.ms == now.ms);
    assert_false(row.has_role || row.has_actor || row.has_about || row.has_address);
    for (unsigned role = ROLE_CO; role < ROLE_SYS; role *= 2) {
        in.head = head_of(role, (struct id){{0}}, 0);
        assert_string_equal(run(&none, &in), life_forbidden.code);
    }
}

static void what_is_noted_is_kept_as_it_was_said(void **unused)
{
    const struct audit_case none = {0};
    const struct audit_input in = note(ROLE_SYS);
    struct audit row = {0};

    (void)unused;
    assert_null(run(&none, &in));
    assert_int_equal(out.count, 1);
    assert_memory_equal(&out.at[0].id, &fresh, 16);
    audit_evolve(&row, &out.at[0]);
    assert_int_equal(row.state, AUDIT_STATE_NOTED);
    assert_int_equal(row.kind, AUDIT_KIND_REFUSED);
    assert_string_equal(row.what, "person.read");
    assert_string_equal(row.code, "forbidden");
    assert_true(row.has_about && id_equal(row.about, thing));
    assert_true(row.has_role && row.role == ACTOR_ROLE_MENTOR);
    assert_true(row.has_actor && id_equal(row.actor, ada));
    assert_true(row.has_credential && id_equal(row.credential, token));
    assert_false(row.has_person || row.has_address || row.has_organisation);
    assert_int_equal(row.times, 7);
    assert_int_equal(row.first.ms, now.ms - 1000);
    assert_int_equal(row.last.ms, now.ms);
}

static void nothing_has_happened_that_is_still_to_come(void **unused)
{
    const struct audit_case none = {0};
    struct audit_input in = note(ROLE_SYS);

    (void)unused;
    in.audit_note.first.ms = in.audit_note.last.ms = INSTANT_LAST;
    assert_null(run(&none, &in));
    assert_int_equal(out.at[0].audit_noted.first.ms, now.ms);
    assert_int_equal(out.at[0].audit_noted.last.ms, now.ms);
    in.audit_note.last.ms = now.ms - 5;
    assert_null(run(&none, &in));
    assert_int_equal(out.at[0].audit_noted.first.ms, now.ms - 5);
    assert_int_equal(out.at[0].audit_noted.last.ms, now.ms - 5);
}

static void it_concerns_whom_it_was_about_but_nobody_of_another_programme(void **unused)
{
    const struct audit_case of_person = {
        .person = {.id = bo, .programme = work, .state = PERSON_STATE_ACTIVE}};
    const struct audit_case of_referral = {
        .referral = {.programme = work, .state = REFERRAL_STATE_ACCEPTED, .person = bo}};
    const struct audit_case of_link = {
        .link = {.programme = work, .state = LINK_STATE_AGREED, .participant = bo}};
    const struct audit_case *const all[] = {&of_person, &of_referral, &of_link};

    (void)unused;
    for (size_t i = 0; i < 3; i++) {
        struct audit_input in = note(ROLE_SYS);

        assert_null(run(all[i], &in));
        assert_true(out.at[0].audit_noted.has_person);
        assert_memory_equal(&out.at[0].audit_noted.person, &bo, 16);
        in.head.programme = elsewhere;
        assert_null(run(all[i], &in));
        assert_false(out.at[0].audit_noted.has_person);
        assert_false(id_equal(out.at[0].audit_noted.person, bo));
    }
}

/* As it is heard: who acted stands beside, and the row has the event's own id. */
static struct audit_input heard(enum audit_input_type type)
{
    struct audit_input in = {.type = type, .head = head_of(ROLE_SYS, bo, VERSION_ANY)};

    in.head.by = (struct actor){ROLE_PA, somebody, {{0}}};
    in.head.shown = token;
    in.head.event = (struct id){"the event"};
    return in;
}

static void who_is_cleared_and_by_whom_is_noted_and_other_parts_are_not(void **unused)
{
    const struct audit_case none = {0};
    struct audit_input in = heard(AUDIT_ON_PERSON_ROLE_GRANTED);
    const struct audit_noted *said = &out.at[0].audit_noted;

    (void)unused;
    assert_null(run(&none, &in));
    assert_int_equal(out.count, 0);
    in.person_role_granted.cleared = true;
    assert_null(run(&none, &in));
    assert_int_equal(out.count, 1);
    assert_memory_equal(&out.at[0].id, &in.head.event, 16);
    assert_int_equal(said->kind, AUDIT_KIND_CLEARED);
    assert_true(said->has_person && id_equal(said->person, bo));
    assert_true(said->has_role && said->role == ACTOR_ROLE_PROGRAMME_ADMIN);
    assert_true(said->has_actor && id_equal(said->actor, somebody));
    assert_true(said->has_credential && id_equal(said->credential, token));
    assert_int_equal(said->times, 1);
    assert_int_equal(said->first.ms, now.ms);
}

static void that_somebody_is_cleared_no_more_is_noted(void **unused)
{
    const struct audit_case none = {0};
    struct audit_input again = heard(AUDIT_ON_PERSON_ROLE_GRANTED);
    struct audit_input over = heard(AUDIT_ON_PERSON_ROLE_ENDED);
    const struct audit_noted *said = &out.at[0].audit_noted;

    (void)unused;
    over.person_role_ended.reason = PERSON_END_REASON_CONDUCT;
    assert_null(run(&none, &over));
    assert_int_equal(out.count, 0); /* who was not */
    over.person_role_ended.has_cleared = over.person_role_ended.cleared = true;
    assert_null(run(&none, &over));
    assert_int_equal(said->kind, AUDIT_KIND_CLEARED);
    assert_string_equal(said->what, "person.role_ended");
    assert_string_equal(said->code, "conduct");
    again.person_role_granted.has_uncleared = again.person_role_granted.uncleared = true;
    assert_null(run(&none, &again));
    assert_int_equal(out.count, 1);
    assert_string_equal(said->code, "taken_back");
}

static void what_another_did_not_confirm_is_noted_with_both(void **unused)
{
    const struct audit_case none = {0};
    struct audit_input clearance = heard(AUDIT_ON_PERSON_CLEARANCE_REFUSED);
    struct audit_input lowering = heard(AUDIT_ON_PERSON_LOWERING_REFUSED);
    const struct audit_noted *said = &out.at[0].audit_noted;

    (void)unused;
    clearance.person_clearance_refused.asked_by = ada;
    clearance.person_clearance_refused.reason = PERSON_NO_REASON_UNFOUNDED;
    assert_null(run(&none, &clearance));
    assert_int_equal(said->kind, AUDIT_KIND_CLEARED);
    assert_string_equal(said->code, "unfounded");
    assert_true(id_equal(said->actor, somebody) && id_equal(said->asked_by, ada));
    assert_null(run(&none, &lowering));
    assert_int_equal(said->kind, AUDIT_KIND_PROTECTED);
    assert_false(said->has_asked_by); /* an agency's system */
    lowering.person_lowering_refused.has_asked_by = true;
    lowering.person_lowering_refused.asked_by = ada;
    assert_null(run(&none, &lowering));
    assert_true(said->has_asked_by && id_equal(said->asked_by, ada));
}

static void what_two_people_did_is_noted_with_both(void **unused)
{
    const struct audit_case none = {0};
    struct audit_input cleared = heard(AUDIT_ON_PERSON_CLEARANCE_CONFIRMED);
    struct audit_input lowered = heard(AUDIT_ON_PERSON_PROTECTION_CHANGED);
    const struct audit_noted *said = &out.at[0].audit_noted;
    struct audit row = {0};

    (void)unused;
    cleared.person_clearance_confirmed.asked_by = ada;
    assert_null(run(&none, &cleared));
    assert_int_equal(said->kind, AUDIT_KIND_CLEARED);
    assert_true(id_equal(said->actor, somebody) && id_equal(said->asked_by, ada));
    assert_string_equal(said->code, "confirmed");
    audit_evolve(&row, &out.at[0]);
    assert_true(row.has_asked_by && id_equal(row.asked_by, ada));

    assert_null(run(&none, &lowered));
    assert_false(said->has_asked_by);
    lowered.person_protection_changed.has_asked_by = true;
    lowered.person_protection_changed.asked_by = ada;
    assert_null(run(&none, &lowered));
    assert_true(said->has_asked_by && id_equal(said->asked_by, ada));
}

static void a_protection_that_changes_is_noted_with_what_it_is_now(void **unused)
{
    const struct audit_case none = {0};
    struct audit_input in = heard(AUDIT_ON_PERSON_PROTECTION_CHANGED);

    (void)unused;
    in.person_protection_changed.protection = PROTECTION_STRICTLY;
    assert_null(run(&none, &in));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].audit_noted.kind, AUDIT_KIND_PROTECTED);
    assert_string_equal(out.at[0].audit_noted.code, "strictly");
    in.head.by = (struct actor){.role = ROLE_SYS};
    in.head.shown = (struct id){{0}};
    assert_null(run(&none, &in));
    assert_false(out.at[0].audit_noted.has_actor || out.at[0].audit_noted.has_credential);
}

static void an_erasure_is_noted_from_the_wish_to_the_end(void **unused)
{
    static const struct {
        enum audit_input_type on;
        const char *what, *code;
    } rows[] = {{AUDIT_ON_PERSON_ERASURE_ASKED, "person.erasure_asked", "waiting"},
                {AUDIT_ON_PERSON_ERASURE_WITHDRAWN, "person.erasure_withdrawn", "withdrawn"},
                {AUDIT_ON_PERSON_ERASURE_REFUSED, "person.erasure_refused", "legal_obligation"},
                {AUDIT_ON_PERSON_ERASED, "person.erased", "erased"}};
    const struct audit_case none = {0};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct audit_input in = heard(rows[i].on);

        assert_null(run(&none, &in));
        assert_int_equal(out.at[0].audit_noted.kind, AUDIT_KIND_ERASURE);
        assert_string_equal(out.at[0].audit_noted.what, rows[i].what);
        assert_string_equal(out.at[0].audit_noted.code, rows[i].code);
        assert_true(id_equal(out.at[0].audit_noted.person, bo));
        assert_true(id_equal(out.at[0].audit_noted.actor, somebody));
    }
}

static void a_restriction_and_its_end_are_noted(void **unused)
{
    const struct audit_case none = {0};
    struct audit_input begun = heard(AUDIT_ON_PERSON_RESTRICTED),
                       ended = heard(AUDIT_ON_PERSON_RESTRICTION_LIFTED);

    (void)unused;
    begun.person_restricted.ground = PERSON_GROUND_OBJECTION;
    assert_null(run(&none, &begun));
    assert_int_equal(out.at[0].audit_noted.kind, AUDIT_KIND_RESTRICTED);
    assert_string_equal(out.at[0].audit_noted.code, "objection");
    assert_true(id_equal(out.at[0].audit_noted.actor, somebody));
    assert_null(run(&none, &ended));
    assert_string_equal(out.at[0].audit_noted.code, "lifted");
    ended.person_restriction_lifted.own_wish = true;
    assert_null(run(&none, &ended));
    assert_string_equal(out.at[0].audit_noted.code, "own_wish");
}

/* Whoever lets mails go elsewhere could read what is meant for another; time alone says that they do. */
static void another_mailbox_is_noted_when_it_waits_and_when_it_counts(void **unused)
{
    const struct audit_case none = {0};
    const struct audit_input held = heard(AUDIT_ON_PERSON_MAILBOX_HELD),
                             taken = heard(AUDIT_ON_PERSON_MAILBOX_TAKEN);

    (void)unused;
    assert_null(run(&none, &held));
    assert_int_equal(out.at[0].audit_noted.kind, AUDIT_KIND_MAILBOX);
    assert_string_equal(out.at[0].audit_noted.what, "person.mailbox_held");
    assert_string_equal(out.at[0].audit_noted.code, "waiting");
    assert_true(id_equal(out.at[0].audit_noted.person, bo));
    assert_true(id_equal(out.at[0].audit_noted.actor, somebody));
    assert_null(run(&none, &taken));
    assert_int_equal(out.at[0].audit_noted.kind, AUDIT_KIND_MAILBOX);
    assert_string_equal(out.at[0].audit_noted.code, "taken");
}

/* Besides the reading; one that hands nothing out is not in it. */
static void that_all_of_somebody_was_handed_out_is_noted(void **unused)
{
    const struct audit_case none = {0};
    struct audit_input in = heard(AUDIT_ON_PERSON_WAS_READ);

    (void)unused;
    in.person_was_read.purpose = PERSON_PURPOSE_OWN;
    assert_null(run(&none, &in));
    assert_int_equal(out.count, 0);
    in.person_was_read.has_exported = in.person_was_read.exported = true;
    assert_null(run(&none, &in));
    assert_int_equal(out.at[0].audit_noted.kind, AUDIT_KIND_EXPORTED);
    assert_string_equal(out.at[0].audit_noted.code, "own");
    assert_true(id_equal(out.at[0].audit_noted.person, bo));
    assert_true(id_equal(out.at[0].audit_noted.actor, somebody));
}

/* What others' events come to stands in events of its own. */
static void what_is_heard_leaves_the_row_as_it_is(void **unused)
{
    struct audit row = {0}, before = {0};

    (void)unused;
    for (unsigned type = AUDIT_AFTER_PERSON_ROLE_GRANTED; type < AUDIT_EVENTS; type++) {
        const struct audit_event event = {.type = type, .id = bo};

        audit_evolve(&row, &event);
        assert_memory_equal(&row, &before, sizeof row);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_rules_of_ours_note_anything),
        cmocka_unit_test(of_a_program_it_is_noted_what_it_asked_whom_for),
        cmocka_unit_test(what_is_noted_is_kept_as_it_was_said),
        cmocka_unit_test(nothing_has_happened_that_is_still_to_come),
        cmocka_unit_test(it_concerns_whom_it_was_about_but_nobody_of_another_programme),
        cmocka_unit_test(who_is_cleared_and_by_whom_is_noted_and_other_parts_are_not),
        cmocka_unit_test(that_somebody_is_cleared_no_more_is_noted),
        cmocka_unit_test(what_another_did_not_confirm_is_noted_with_both),
        cmocka_unit_test(what_two_people_did_is_noted_with_both),
        cmocka_unit_test(a_protection_that_changes_is_noted_with_what_it_is_now),
        cmocka_unit_test(a_restriction_and_its_end_are_noted),
        cmocka_unit_test(an_erasure_is_noted_from_the_wish_to_the_end),
        cmocka_unit_test(another_mailbox_is_noted_when_it_waits_and_when_it_counts),
        cmocka_unit_test(that_all_of_somebody_was_handed_out_is_noted),
        cmocka_unit_test(what_is_heard_leaves_the_row_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
