/* Where mails go to somebody on whom others rely: another mailbox waits, unless it is they who say so. */
#include "registry.h"

#include "core/life.h"
#include "core/patch.h"
#include "person/mailbox.h"
#include "person/person.h"

static const struct id ann = {"ann"}, bob = {"bob"};
static const struct actor the_operator = {.role = ROLE_SYS}, clock = {.role = ROLE_TM};

static struct person_events out;

/* Ann, who takes part as this, and what the vault has of her. */
struct world {
    struct person_case c;
    struct person_details vault;
};

static struct world given(enum person_part part, bool cleared)
{
    return (struct world){
        .c.row = {.id = ann,
                  .version = 3,
                  .programme = work,
                  .state = PERSON_STATE_ACTIVE,
                  .has_sealed = true,
                  .roles = {1, {{.part = part, .cleared = cleared, .from = {20000}}}}},
        .vault = {.given_name = "Ann", .has_email = true, .email = "ann@example.org"},
    };
}

static struct actor admin(struct id who)
{
    return (struct actor){ROLE_PA, who, {{0}}};
}

static uint64_t presence(const struct person_details *details)
{
    const struct descriptor *as = &person_details_descriptor;
    uint64_t holds = 0;

    for (size_t i = 0; i < as->count; i++)
        if (as->fields[i].present == NO_FLAG || ((const char *)details)[as->fields[i].present] != 0)
            holds |= UINT64_C(1) << i;
    return holds;
}

/* As the runtime does: what is sealed is what was, as the change leaves it, and deciding sees nothing personal. */
static void seal(struct world *w, struct person_input *in)
{
    static struct concealed what;
    const struct person_details before = w->vault;

    memset(&what, 0, sizeof what);
    person_conceal(&w->c, in, &what);
    in->head.has_sealed = what.descriptor != NULL;
    if (what.descriptor == NULL) return;
    if (what.patch != NULL) patch_apply(what.patch, what.value, what.descriptor, &w->vault);
    if (what.change != NULL) what.change(&w->c, in, &before, &w->vault);
    in->head.new_mailbox = patch_has_new_mailbox(what.descriptor, &before, &w->vault);
    in->head.sealed.holds = (int64_t)presence(&w->vault);
    if (in->type == PERSON_CHANGE) in->person_change.details = (struct person_details_change){0};
    if (in->type == PERSON_CHANGE_CONTACT)
        in->person_change_contact.contact = (struct person_contact_change){0};
}

static const char *run(struct world *w, struct person_input *in, struct origin origin)
{
    const struct person_details before = w->vault;
    struct error err = {0};

    memset(&out, 0, sizeof out);
    w->c.origin = origin;
    if (!person_may(&w->c, in, &err)) return err.code;
    seal(w, in);
    if (!person_decide(&w->c, in, &out, &err)) {
        w->vault = before; /* nothing was sealed */
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        person_evolve(&w->c.row, &out.at[i]);
        w->c.row.version++;
    }
    return NULL;
}

static struct origin hands_of(struct id one)
{
    struct origin origin = {.is_known = true};

    origin_add(&origin, one);
    return origin;
}

static struct person_input input(const struct world *w, enum person_input_type type,
                                 struct actor actor)
{
    struct person_input in = {.type = type, .head = head_of(actor.role, ann, w->c.row.version)};

    in.head.actor = actor;
    return in;
}

/* email: empty, none from now on. */
static const char *change(struct world *w, const char *email, struct actor actor)
{
    struct person_input in = input(w, PERSON_CHANGE, actor);

    in.person_change.has_details = true;
    in.person_change.details.has_email = email[0] != '\0';
    in.person_change.details.removes_email = email[0] == '\0';
    strcpy(in.person_change.details.email, email);
    return run(w, &in, hands_of(actor.id));
}

static const char *change_own(struct world *w, const char *email, struct origin origin)
{
    struct person_input in = input(w, PERSON_CHANGE_CONTACT, admin(ann));

    in.person_change_contact.has_contact = true;
    in.person_change_contact.contact.has_email = email[0] != '\0';
    in.person_change_contact.contact.removes_email = email[0] == '\0';
    strcpy(in.person_change_contact.contact.email, email);
    return run(w, &in, origin);
}

static const char *take(struct world *w, int64_t at)
{
    struct person_input in = input(w, PERSON_TAKE_MAILBOX, clock);

    in.head.at.ms = at;
    return run(w, &in, (struct origin){.is_known = true});
}

static void assert_goes_to(const struct world *w, const char *email)
{
    assert_string_equal(w->vault.email, email);
    assert_true(w->vault.has_email == (email[0] != '\0'));
}

static void assert_waits(const struct world *w, const char *email)
{
    assert_true(w->vault.has_email_next);
    assert_string_equal(w->vault.email_next, email);
    assert_true(w->c.row.has_mailbox_due);
}

static void assert_none_waits(const struct world *w)
{
    assert_false(w->vault.has_email_next);
    assert_false(w->c.row.has_mailbox_due);
    assert_int_equal(w->c.row.mailbox_due.ms, 0);
}

static void what_another_says_waits_until_the_next_day_is_over(void **unused)
{
    struct world w = given(PERSON_PART_COORDINATOR, false);
    unsigned command;

    (void)unused;
    assert_null(change(&w, "thief@example.org", admin(bob)));
    assert_int_equal(out.count, 2);
    assert_false(out.at[0].person_changed.new_mailbox);
    assert_true(out.at[0].person_changed.mailbox_waits);
    assert_int_equal(out.at[1].type, PERSON_MAILBOX_HELD);
    assert_int_equal(out.at[1].person_mailbox_held.due.ms, end_of(1));
    assert_goes_to(&w, "ann@example.org");
    assert_waits(&w, "thief@example.org");

    assert_int_equal(person_due(&w.c.row, &command).ms, end_of(1));
    assert_int_equal(command, PERSON_TAKE_MAILBOX);
    assert_ptr_equal(take(&w, end_of(1) - 1), person_nothing_to_take.code);
    assert_null(take(&w, end_of(1)));
    assert_int_equal(out.count, 2);
    assert_true(out.at[0].person_changed.new_mailbox);
    assert_int_equal(out.at[1].type, PERSON_MAILBOX_TAKEN);
    assert_goes_to(&w, "thief@example.org");
    assert_none_waits(&w);
    assert_ptr_equal(take(&w, end_of(2)), person_nothing_to_take.code);
}

static void it_ends_when_the_former_is_said_again(void **unused)
{
    struct world w = given(PERSON_PART_COORDINATOR, false);

    (void)unused;
    assert_null(change(&w, "thief@example.org", admin(bob)));
    assert_null(change_own(&w, "ann@example.org", hands_of(bob)));
    assert_int_equal(out.count, 1);
    assert_false(out.at[0].person_changed.mailbox_waits);
    assert_goes_to(&w, "ann@example.org");
    assert_none_waits(&w);
}

/* It neither ends nor begins anew. */
static void whatever_else_is_said_leaves_it_waiting_as_it_was(void **unused)
{
    struct world w = given(PERSON_PART_COORDINATOR, false);
    struct person_input in;
    struct instant due;

    (void)unused;
    assert_null(change(&w, "thief@example.org", admin(bob)));
    due = w.c.row.mailbox_due;
    in = input(&w, PERSON_CHANGE, admin(bob));
    in.head.at.ms += DAY_MS;
    in.person_change.has_details = in.person_change.details.has_phone = true;
    strcpy(in.person_change.details.phone, "+46701740605");
    assert_null(run(&w, &in, hands_of(bob)));
    assert_int_equal(out.count, 1);
    assert_waits(&w, "thief@example.org");
    assert_int_equal(w.c.row.mailbox_due.ms, due.ms);

    assert_null(change(&w, "thief@example.org", admin(bob)));
    assert_int_equal(out.count, 1);
    assert_null(change(&w, "other@example.org", admin(bob)));
    assert_int_equal(out.count, 2);
    assert_waits(&w, "other@example.org");
}

static void what_they_say_themselves_counts_at_once_where_nobody_else_could_have_said_it(
    void **unused)
{
    struct world w = given(PERSON_PART_COORDINATOR, false);

    (void)unused;
    assert_null(change_own(&w, "new@example.org", hands_of(ann)));
    assert_true(out.at[0].person_changed.new_mailbox);
    assert_goes_to(&w, "new@example.org");
    assert_none_waits(&w);
    assert_null(change_own(&w, "newer@example.org", (struct origin){.is_known = true}));
    assert_goes_to(&w, "newer@example.org");

    assert_null(change_own(&w, "thief@example.org", hands_of(bob))); /* who made the token */
    assert_goes_to(&w, "newer@example.org");
    assert_waits(&w, "thief@example.org");
    assert_null(change_own(&w, "thief2@example.org", (struct origin){0})); /* nobody knows who */
    assert_goes_to(&w, "newer@example.org");
    assert_waits(&w, "thief2@example.org");
}

static void what_the_operator_says_counts_at_once(void **unused)
{
    struct world w = given(PERSON_PART_COORDINATOR, false);

    (void)unused;
    assert_null(change(&w, "thief@example.org", admin(bob)));
    assert_null(change(&w, "new@example.org", the_operator));
    assert_goes_to(&w, "new@example.org");
    assert_none_waits(&w);
}

static void it_is_theirs_on_whom_others_rely(void **unused)
{
    static const struct {
        enum person_part part;
        bool cleared, waits;
    } people[] = {
        {PERSON_PART_COORDINATOR, false, true},
        {PERSON_PART_COUNSELLOR, false, true},
        {PERSON_PART_DECISION_MAKER, false, true},
        {PERSON_PART_DATA_PROTECTION_OFFICER, false, true},
        {PERSON_PART_MENTOR, true, true},
        {PERSON_PART_MENTOR, false, false},
        {PERSON_PART_PARTICIPANT, false, false},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        struct world w = given(people[i].part, people[i].cleared), over = w;

        assert_null(change(&w, "new@example.org", admin(bob)));
        assert_int_equal(w.c.row.has_mailbox_due, people[i].waits);
        assert_goes_to(&w, people[i].waits ? "ann@example.org" : "new@example.org");

        over.c.row.roles.at[0].has_until = true;
        over.c.row.roles.at[0].until.day = 20000;
        assert_null(change(&over, "new@example.org", admin(bob)));
        assert_goes_to(&over, "new@example.org");
    }
}

/* The next one would then be told to nobody. */
static void that_mails_go_nowhere_is_not_said_of_them(void **unused)
{
    struct world w = given(PERSON_PART_COORDINATOR, false),
                 mentor = given(PERSON_PART_MENTOR, false);

    (void)unused;
    assert_ptr_equal(change(&w, "", admin(bob)), person_mailbox_needed.code);
    assert_ptr_equal(change_own(&w, "", hands_of(bob)), person_mailbox_needed.code);
    assert_goes_to(&w, "ann@example.org");
    assert_null(change(&mentor, "", admin(bob)));
    assert_goes_to(&mentor, "");
    assert_null(change_own(&w, "", hands_of(ann)));
    assert_goes_to(&w, "");
    assert_null(
        change(&w, "thief@example.org", admin(bob))); /* where there is none, it waits too */
    assert_goes_to(&w, "");
    assert_waits(&w, "thief@example.org");
}

static void assert_keeps(struct referral_case *c, struct referral_input *in, bool keeps)
{
    static struct concealed what;
    const struct person_details before = {.has_email = true, .email = "ann@example.org"};
    struct person_details whole = {.has_email = true, .email = "thief@example.org"};

    c->keeps_mailbox = keeps;
    memset(&what, 0, sizeof what);
    referral_conceal(c, in, &what);
    what.change(c, in, &before, &whole);
    assert_string_equal(whole.email, keeps ? "ann@example.org" : "thief@example.org");
    assert_string_equal(whole.email_next, keeps ? "thief@example.org" : "");
}

/* Whom it referred once may be somebody else by now. */
static void an_agencys_system_says_nothing_of_it(void **unused)
{
    struct referral_case c = {.row = {.id = bob, .person = ann, .state = REFERRAL_STATE_ACCEPTED}};
    struct referral_input again = {.type = REFERRAL_RECEIVE, .head = head_of(ROLE_AG, bob, 3)};
    struct referral_input give = {.type = REFERRAL_GIVE_INFO, .head = head_of(ROLE_CN, bob, 3)};

    (void)unused;
    give.referral_give_info.has_person = true;
    for (int keeps = 0; keeps < 2; keeps++) {
        assert_keeps(&c, &again, keeps);
        assert_keeps(&c, &give, keeps);
    }
}

/* Somebody looks for them, and would read their mails; where they had none, the first that is said counts. */
static void nor_of_that_of_who_is_protected(void **unused)
{
    static struct concealed what;
    struct referral_case c = {.row = {.id = bob, .person = ann, .state = REFERRAL_STATE_ACCEPTED},
                              .hides_mailbox = true};
    struct referral_input again = {.type = REFERRAL_RECEIVE, .head = head_of(ROLE_AG, bob, 3)};

    (void)unused;
    referral_conceal(&c, &again, &what);
    for (int has = 0; has < 2; has++) {
        const struct person_details before = {.has_email = has, .email = "ann@example.org"};
        struct person_details whole = {.has_email = true, .email = "other@example.org"};

        what.change(&c, &again, &before, &whole);
        assert_string_equal(whole.email, has ? "ann@example.org" : "other@example.org");
        assert_string_equal(whole.email_next, has ? "other@example.org" : ""); /* not lost */
    }
}

/* What somebody said goes on; of what agencies say the last waits. */
static void what_an_agency_offers_gives_way(void **unused)
{
    static struct concealed what;
    struct referral_case c = {.row = {.id = bob, .person = ann, .state = REFERRAL_STATE_ACCEPTED},
                              .hides_mailbox = true};
    struct referral_input again = {.type = REFERRAL_RECEIVE, .head = head_of(ROLE_AG, bob, 3)};
    const struct person_details before = {.has_email = true,
                                          .email = "ann@example.org",
                                          .has_email_next = true,
                                          .email_next = "new@example.org"};

    (void)unused;
    referral_conceal(&c, &again, &what);
    for (int waits = 0; waits < 2; waits++) {
        struct person_details other = before, same = before;

        c.mailbox_waits = waits;
        strcpy(other.email, "other@example.org");
        what.change(&c, &again, &before, &other);
        assert_string_equal(other.email_next, waits ? "new@example.org" : "other@example.org");
        what.change(&c, &again, &before, &same);
        assert_string_equal(same.email_next, "new@example.org"); /* nothing new was said */
    }
}

static void what_an_agency_offered_is_taken_up_by_who_says_it(void **unused)
{
    struct world w = given(PERSON_PART_MENTOR, false), refused, otherwise;

    (void)unused;
    w.c.row.protection = PROTECTION_MARKED;
    w.vault.has_email_next = true;
    strcpy(w.vault.email_next, "new@example.org");
    refused = otherwise = w;
    assert_null(change(&w, "new@example.org", admin(bob)));
    assert_goes_to(&w, "ann@example.org");
    assert_waits(&w, "new@example.org");
    assert_true(w.c.row.has_mailbox_due);
    assert_null(change(&refused, "ann@example.org", admin(bob)));
    assert_goes_to(&refused, "ann@example.org");
    assert_none_waits(&refused);
    assert_null(change(&otherwise, "third@example.org", admin(bob)));
    assert_waits(&otherwise, "third@example.org");
}

static void another_of_who_is_protected_waits_too(void **unused)
{
    struct world w = given(PERSON_PART_MENTOR, false), hidden = w;

    (void)unused;
    hidden.c.row.protection = PROTECTION_MARKED;
    assert_null(change(&w, "new@example.org", admin(bob)));
    assert_goes_to(&w, "new@example.org");
    assert_null(change(&hidden, "thief@example.org", admin(bob)));
    assert_goes_to(&hidden, "ann@example.org");
    assert_waits(&hidden, "thief@example.org");
    assert_null(change_own(&hidden, "own@example.org", hands_of(ann)));
    assert_goes_to(&hidden, "own@example.org");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_another_says_waits_until_the_next_day_is_over),
        cmocka_unit_test(it_ends_when_the_former_is_said_again),
        cmocka_unit_test(whatever_else_is_said_leaves_it_waiting_as_it_was),
        cmocka_unit_test(
            what_they_say_themselves_counts_at_once_where_nobody_else_could_have_said_it),
        cmocka_unit_test(what_the_operator_says_counts_at_once),
        cmocka_unit_test(it_is_theirs_on_whom_others_rely),
        cmocka_unit_test(that_mails_go_nowhere_is_not_said_of_them),
        cmocka_unit_test(an_agencys_system_says_nothing_of_it),
        cmocka_unit_test(nor_of_that_of_who_is_protected),
        cmocka_unit_test(what_an_agency_offers_gives_way),
        cmocka_unit_test(what_an_agency_offered_is_taken_up_by_who_says_it),
        cmocka_unit_test(another_of_who_is_protected_waits_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
