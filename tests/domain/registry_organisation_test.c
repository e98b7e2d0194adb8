/* The life of an organisation, whose it is, and where it is reached. */
#include "matrix.h"
#include "registry.h"

#include "core/life.h"
#include "organisation/organisation.h"

#define STATES (ORGANISATION_STATE_CLOSED + 1u)

static const struct id club = {"club"}, district = {"district"};

static struct organisation_events out;

static struct organisation_case given(unsigned state)
{
    struct organisation_case c = {
        .programme = {.id = work, .state = PROGRAMME_STATE_OPEN},
        .parent = {.id = district, .programme = work, .state = ORGANISATION_STATE_OPEN}};

    if (state == ORGANISATION_STATE_NONE) return c;
    c.row = (struct organisation){.id = club,
                                  .version = 2,
                                  .programme = work,
                                  .state = state,
                                  .kind = ORGANISATION_KIND_CLUB,
                                  .name = "The club",
                                  .has_parent = true,
                                  .parent = district,
                                  .has_sealed = true,
                                  .sealed = {.owner = club, .event = {"said"}}};
    if (state != ORGANISATION_STATE_CLOSED) return c;
    c.row.has_undo = true;
    c.row.undo = (struct organisation_way_back){
        .by = somebody, .at = {now.ms - 1}, .until = {now.ms + DAY_MS / 24 - 1}};
    return c;
}

static struct organisation_input input(enum organisation_input_type type,
                                       const struct organisation_case *c)
{
    struct organisation_input in = {.type = type,
                                    .head = head_of(ROLE_PA, c->row.id, c->row.version)};

    if (type == ORGANISATION_CREATE)
        in.organisation_create =
            (struct organisation_create){.kind = ORGANISATION_KIND_FARM,
                                         .name = "Invented farm",
                                         .has_municipality = true,
                                         .municipality = "0980",
                                         .language = LANGUAGE_SV,
                                         .contact = {.email = "mail@example.org"}};
    if (type == ORGANISATION_CHANGE)
        in.organisation_change =
            (struct organisation_change){.has_name = true,
                                         .name = "Another name",
                                         .has_language = true,
                                         .language = LANGUAGE_NB,
                                         .has_contact = true,
                                         .contact = {.email = "mail@example.org"}};
    if (type == ORGANISATION_READ) in.organisation_read.purpose = ORGANISATION_PURPOSE_COORDINATION;
    if (type == ORGANISATION_CLOSE) in.organisation_close.reason = ORGANISATION_REASON_MERGED;
    return in;
}

static const char *run(struct organisation_case *c, const struct organisation_input *in)
{
    struct error err = {0};

    memset(&out, 0, sizeof out);
    if (!organisation_decide(c, in, &out, &err)) {
        assert_int_equal(out.count, 0);
        assert_true(err.text[0] != '\0');
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        organisation_evolve(&c->row, &out.at[i]);
        c->row.version++;
    }
    return NULL;
}

static const char *say_as(unsigned state, enum organisation_input_type type, struct actor actor)
{
    struct organisation_case c = given(state);
    struct organisation_input in = input(type, &c);

    in.head.actor = actor;
    if (actor.role == ROLE_SYS && type == ORGANISATION_READ)
        in.organisation_read.purpose = ORGANISATION_PURPOSE_DELIVERY;
    return run(&c, &in);
}

/* clang-format off */
enum { NON, OPE, CLO, NO = -1 };

static const int lives[ORGANISATION_INPUTS][STATES] = {
    /*                       NON  OPE  CLO */
    [ORGANISATION_CREATE] = { OPE, NO,  NO },
    [ORGANISATION_CHANGE] = { NO,  OPE, NO },
    [ORGANISATION_READ]   = { NO,  OPE, NO },
    [ORGANISATION_CLOSE]  = { NO,  CLO, NO },
    [ORGANISATION_UNDO]   = { NO,  NO,  OPE },
    [ORGANISATION_ON_RECIPIENT_LOST]  = { NON, OPE, CLO },
    [ORGANISATION_ON_RECIPIENT_FOUND] = { NON, OPE, CLO },
};
/* clang-format on */

static void every_role_for_every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < ORGANISATION_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
                const bool may =
                    !organisation_is_command(type) || (role & (ROLE_SYS | ROLE_PA | ROLE_CO)) != 0;
                const bool is_listed = lives[type][state] != NO;
                const char *code = say_as(state, type, (struct actor){role, somebody, {{0}}});

                matrix_role_code(&organisation_contract, type, organisation_state_words[state],
                                 role, code,
                                 !may        ? life_forbidden.code
                                 : is_listed ? NULL
                                             : life_not_now.code);
            }
        }
    }
}

static void a_state_is_what_the_table_says(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < ORGANISATION_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct organisation_case c = given(state);
            struct organisation_input in = input(type, &c);
            const int next = lives[type][state];

            run(&c, &in);
            assert_int_equal(c.row.state, next == NO ? state : (unsigned)next);
        }
    }
}

static void a_coordinator_acts_on_their_own_and_what_is_a_part_of_it(void **unused)
{
    const struct actor own = {ROLE_CO, somebody, club}, above = {ROLE_CO, somebody, district},
                       other = {ROLE_CO, somebody, {"other"}};

    (void)unused;
    for (unsigned type = ORGANISATION_CHANGE; type <= ORGANISATION_CLOSE; type++) {
        assert_null(say_as(OPE, type, own));
        assert_null(say_as(OPE, type, above));
        assert_ptr_equal(say_as(OPE, type, other), life_forbidden.code);
    }
}

static void and_reads_how_those_are_reached_with_whom_it_has_to_do(void **unused)
{
    for (unsigned type = ORGANISATION_CHANGE; type <= ORGANISATION_CLOSE; type++) {
        struct organisation_case c = given(OPE);
        struct organisation_input in = input(type, &c);

        (void)unused;
        in.head.actor = (struct actor){ROLE_CO, somebody, {"other"}};
        c.is_known = true;
        assert_ptr_equal(run(&c, &in), type == ORGANISATION_READ ? NULL : life_forbidden.code);
    }
}

static const char *close_and_undo(struct organisation_case *c, struct id who, int64_t after_ms)
{
    struct organisation_input in = input(ORGANISATION_CLOSE, c);

    assert_null(run(c, &in));
    assert_int_equal(c->row.state, ORGANISATION_STATE_CLOSED);
    in = input(ORGANISATION_UNDO, c);
    in.head.actor.id = who;
    in.head.at.ms += after_ms;
    return run(c, &in);
}

static void who_closed_it_opens_it_again_within_an_hour(void **unused)
{
    struct organisation_case c = given(ORGANISATION_STATE_OPEN), late = c, others = c, nobodys = c;
    struct organisation_input in;

    (void)unused;
    assert_null(close_and_undo(&c, somebody, DAY_MS / 24));
    assert_int_equal(out.at[0].type, ORGANISATION_UNDONE);
    assert_int_equal(out.at[0].organisation_undone.step, ORGANISATION_DECIDED_CLOSE);
    assert_int_equal(out.at[0].organisation_undone.kind, ORGANISATION_KIND_CLUB);
    assert_true(c.row.state == ORGANISATION_STATE_OPEN && !c.row.has_undo);
    in = input(ORGANISATION_UNDO, &c);
    assert_ptr_equal(run(&c, &in), life_not_now.code); /* not twice */

    assert_ptr_equal(close_and_undo(&late, somebody, DAY_MS / 24 + 1),
                     organisation_undo_too_late.code);
    assert_ptr_equal(close_and_undo(&others, (struct id){"other"}, 0),
                     organisation_undo_anothers.code);
    in = input(ORGANISATION_CLOSE, &nobodys); /* by a token that names no person */
    in.head.actor.id = (struct id){{0}};
    assert_null(run(&nobodys, &in));
    in = input(ORGANISATION_UNDO, &nobodys);
    in.head.actor.id = (struct id){{0}};
    assert_ptr_equal(run(&nobodys, &in), organisation_undo_anothers.code);
    in.head.actor.role = ROLE_SYS; /* that, and what was the operator's own */
    assert_null(run(&nobodys, &in));
    assert_int_equal(nobodys.row.state, ORGANISATION_STATE_OPEN);
}

static void it_stays_closed_where_something_followed_or_nobody_noted_who(void **unused)
{
    struct organisation_case c = given(ORGANISATION_STATE_CLOSED), d = c, before = c;
    const struct organisation_event lost = {.type = ORGANISATION_AFTER_RECIPIENT_LOST};
    struct organisation_input in = input(ORGANISATION_UNDO, &c);

    (void)unused;
    c.has_successor = true;
    assert_ptr_equal(run(&c, &in), organisation_undo_followed.code);
    d.programme.state = PROGRAMME_STATE_CLOSED;
    assert_ptr_equal(run(&d, &in), organisation_no_programme.code);
    before.row.has_undo = false;
    assert_ptr_equal(run(&before, &in), organisation_nothing_to_undo.code);

    c = given(ORGANISATION_STATE_CLOSED);
    organisation_evolve(&c.row, &lost); /* of a mail that was under way */
    assert_null(run(&c, &in));
}

static void a_coordinator_adds_only_what_is_a_part_of_their_own(void **unused)
{
    struct organisation_case c = given(ORGANISATION_STATE_NONE), d = c;
    struct organisation_input in = input(ORGANISATION_CREATE, &c);

    (void)unused;
    in.head.actor = (struct actor){ROLE_CO, somebody, district};
    assert_ptr_equal(run(&c, &in), organisation_not_below.code);
    in.organisation_create.has_parent = true;
    in.organisation_create.parent = club;
    assert_ptr_equal(run(&c, &in), organisation_not_below.code);
    in.organisation_create.parent = district;
    assert_null(run(&d, &in));
    assert_int_equal(d.row.kind, ORGANISATION_KIND_FARM);
    assert_string_equal(d.row.name, "Invented farm");
    assert_string_equal(d.row.municipality, "0980");
    assert_true(d.row.has_parent && d.row.has_sealed);
    assert_memory_equal(&d.row.parent, &district, 16);
    assert_memory_equal(&d.row.sealed.event, &sealing, 16);
}

static void programmes_are_kept_apart(void **unused)
{
    (void)unused;
    for (unsigned type = ORGANISATION_CHANGE; type <= ORGANISATION_CLOSE; type++) {
        struct organisation_case c = given(ORGANISATION_STATE_OPEN);
        struct organisation_input in = input(type, &c);

        in.head.programme = elsewhere;
        assert_ptr_equal(run(&c, &in), life_unknown.code);
        in.head.version = 2; /* nor is it told what it has come to */
        assert_ptr_equal(run(&c, &in), life_unknown.code);
    }
}

static void it_is_created_in_an_open_programme_under_an_open_parent_of_it(void **unused)
{
    struct organisation_case closed = given(ORGANISATION_STATE_NONE), none = closed, gone = closed,
                             foreign = closed;
    struct organisation_input in = input(ORGANISATION_CREATE, &closed);

    (void)unused;
    closed.programme.state = PROGRAMME_STATE_CLOSED;
    assert_ptr_equal(run(&closed, &in), organisation_no_programme.code);
    in.organisation_create.has_parent = true;
    in.organisation_create.parent = district;
    memset(&none.parent, 0, sizeof none.parent);
    assert_ptr_equal(run(&none, &in), organisation_no_parent.code);
    gone.parent.state = ORGANISATION_STATE_CLOSED;
    assert_ptr_equal(run(&gone, &in), organisation_no_parent.code);
    foreign.parent.programme = elsewhere;
    assert_ptr_equal(run(&foreign, &in), organisation_no_parent.code);
}

static void a_stale_version_is_a_conflict_but_not_for_reading(void **unused)
{
    struct organisation_case c = given(ORGANISATION_STATE_OPEN);
    struct organisation_input in = input(ORGANISATION_CHANGE, &c),
                              read = input(ORGANISATION_READ, &c);

    (void)unused;
    in.head.version = read.head.version = 1;
    assert_ptr_equal(run(&c, &in), life_conflict.code);
    assert_null(run(&c, &read));
}

static void a_change_says_what_is_new_and_the_rest_stays(void **unused)
{
    struct organisation_case c = given(ORGANISATION_STATE_OPEN), kept = c;
    struct organisation_input in = input(ORGANISATION_CHANGE, &c);

    (void)unused;
    c.row.kind = ORGANISATION_KIND_VOLUNTARY;
    c.row.has_sealed = false;
    strcpy(c.row.municipality, "0180");
    c.row.has_municipality = true;
    assert_null(run(&c, &in));
    assert_string_equal(c.row.name, "Another name");
    assert_int_equal(c.row.language, LANGUAGE_NB);
    assert_true(c.row.has_municipality);
    in.organisation_change.removes_municipality = true;
    in.head.version = c.row.version;
    assert_null(run(&c, &in));
    assert_false(c.row.has_municipality);
    assert_memory_equal(&c.row.sealed.event, &sealing, 16);
    assert_true(c.row.has_sealed && out.at[0].organisation_changed.has_parent);
    assert_int_equal(out.at[0].organisation_changed.kind, ORGANISATION_KIND_VOLUNTARY);
    assert_memory_equal(&out.at[0].organisation_changed.parent, &district, 16);

    c.row.has_unreached_since =
        true; /* until it has another mailbox: who says the same again has none */
    in.head.version = c.row.version;
    in.head.new_mailbox = false;
    assert_null(run(&c, &in));
    assert_true(c.row.has_unreached_since);
    in.head.version = c.row.version;
    in.head.new_mailbox = true;
    assert_null(run(&c, &in));
    assert_false(c.row.has_unreached_since);

    in.organisation_change.has_contact = in.head.has_sealed = false;
    in.head.version = kept.row.version;
    assert_null(run(&kept, &in));
    assert_false(out.at[0].organisation_changed.has_sealed);
    assert_memory_equal(&kept.row.sealed.event, &(struct id){"said"}, 16);
}

static void reading_is_recorded_and_delivery_is_the_systems(void **unused)
{
    struct organisation_case c = given(ORGANISATION_STATE_OPEN), none = c, as_sys = c;
    struct organisation_input in = input(ORGANISATION_READ, &c);
    struct sealed sealed = {0};
    struct id owner;

    (void)unused;
    organisation_open(&c, &in, &owner, &sealed);
    assert_memory_equal(&owner, &club, 16);
    assert_memory_equal(&sealed.event, &(struct id){"said"}, 16);
    none.row.has_sealed = false;
    assert_ptr_equal(run(&none, &in), organisation_no_contact.code);
    assert_null(run(&c, &in));
    assert_int_equal(out.at[0].organisation_was_read.purpose, ORGANISATION_PURPOSE_COORDINATION);
    in.organisation_read.purpose = ORGANISATION_PURPOSE_DELIVERY;
    assert_ptr_equal(run(&c, &in), organisation_wrong_purpose.code);
    in.head.actor.role = ROLE_SYS;
    assert_null(run(&as_sys, &in));
    in.organisation_read.purpose = ORGANISATION_PURPOSE_COORDINATION;
    assert_ptr_equal(run(&as_sys, &in), organisation_wrong_purpose.code);
}

static void the_contact_goes_into_the_vault_and_nowhere_else(void **unused)
{
    static struct concealed what;
    struct organisation_case new = given(ORGANISATION_STATE_NONE),
                             old = given(ORGANISATION_STATE_OPEN);
    struct organisation_input in = input(ORGANISATION_CREATE, &new);
    const struct organisation_contact *contact;

    (void)unused;
    organisation_conceal(&new, &in, &what);
    contact = what.value;
    assert_memory_equal(&what.owner, &fresh, 16);
    assert_ptr_equal(what.descriptor, &organisation_contact_descriptor);
    assert_string_equal(contact->email, "mail@example.org");
    assert_null(run(&new, &in));
    assert_false(is_in(&out, sizeof out, "mail@"));
    assert_false(is_in(&new.row, sizeof new.row, "mail@"));

    in = input(ORGANISATION_CHANGE, &old);
    what.is_all = false;
    organisation_conceal(&old, &in, &what);
    assert_true(what.is_all);
    contact = what.value;
    assert_memory_equal(&what.owner, &club, 16);
    assert_string_equal(contact->email, "mail@example.org");
    assert_null(run(&old, &in));
    assert_false(is_in(&out, sizeof out, "mail@"));

    what.descriptor = NULL;
    in.organisation_change.has_contact = false;
    organisation_conceal(&old, &in, &what);
    in = input(ORGANISATION_CLOSE, &old);
    organisation_conceal(&old, &in, &what);
    in = input(ORGANISATION_READ, &old);
    organisation_conceal(&old, &in, &what);
    assert_null(what.descriptor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_for_every_input_in_every_state),
        cmocka_unit_test(a_state_is_what_the_table_says),
        cmocka_unit_test(a_coordinator_acts_on_their_own_and_what_is_a_part_of_it),
        cmocka_unit_test(and_reads_how_those_are_reached_with_whom_it_has_to_do),
        cmocka_unit_test(who_closed_it_opens_it_again_within_an_hour),
        cmocka_unit_test(it_stays_closed_where_something_followed_or_nobody_noted_who),
        cmocka_unit_test(a_coordinator_adds_only_what_is_a_part_of_their_own),
        cmocka_unit_test(programmes_are_kept_apart),
        cmocka_unit_test(it_is_created_in_an_open_programme_under_an_open_parent_of_it),
        cmocka_unit_test(a_stale_version_is_a_conflict_but_not_for_reading),
        cmocka_unit_test(a_change_says_what_is_new_and_the_rest_stays),
        cmocka_unit_test(reading_is_recorded_and_delivery_is_the_systems),
        cmocka_unit_test(the_contact_goes_into_the_vault_and_nowhere_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
