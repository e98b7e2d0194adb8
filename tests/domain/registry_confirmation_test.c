/* What takes two people: that somebody is cleared for the protected, and that somebody is hidden less. */
#include "registry.h"

#include "core/life.h"
#include "person/confirmation.h"
#include "person/person.h"

static const struct id eva = {"eva"}, agency = {"agency"}, partner = {"partner"},
                       referral = {"referral"}, ann = {"ann"}, bob = {"bob"}, nobody = {{0}};

static struct person_events out;

/* Eva, a mentor whom an agency has referred once, and who is well hidden. */
static struct person_case given(void)
{
    struct person_case c = {.programme = {.id = work, .state = PROGRAMME_STATE_OPEN}};

    c.row = (struct person){.id = eva,
                            .version = 3,
                            .programme = work,
                            .state = PERSON_STATE_ACTIVE,
                            .protection = PROTECTION_CONFIDENTIAL,
                            .has_hidden = true,
                            .hidden = true,
                            .has_referral = true,
                            .referral = referral,
                            .has_partner = true,
                            .partner = partner,
                            .has_agency = true,
                            .agency = agency,
                            .roles = {1, {{.part = PERSON_PART_MENTOR, .from = {20000}}}}};
    return c;
}

static struct actor admin(struct id who)
{
    return (struct actor){ROLE_PA, who, {{0}}};
}

static struct actor counsellor(struct id who)
{
    return (struct actor){ROLE_CN, who, agency};
}

static const struct actor machine = {ROLE_AG, {"partner"}, {"agency"}},
                          the_operator = {.role = ROLE_SYS};

static struct person_input input(const struct person_case *c, enum person_input_type type,
                                 struct actor actor)
{
    struct person_input in = {.type = type, .head = head_of(actor.role, eva, c->row.version)};

    in.head.actor = actor;
    if (type == PERSON_GRANT_ROLE) {
        in.person_grant_role.part = PERSON_PART_MENTOR;
        in.person_grant_role.has_cleared = in.person_grant_role.cleared = true;
    }
    if (type == PERSON_END_ROLE) in.person_end_role.part = PERSON_PART_MENTOR;
    return in;
}

static struct origin by_hands(struct actor actor)
{
    struct origin origin = {.is_known = true};

    if (actor.role != ROLE_SYS && actor.role != ROLE_AG) origin_add(&origin, actor.id);
    return origin;
}

static const char *run_by(struct person_case *c, const struct person_input *in,
                          struct origin origin)
{
    struct error err = {0};

    memset(&out, 0, sizeof out);
    c->origin = origin;
    if (!person_decide(c, in, &out, &err)) {
        assert_int_equal(out.count, 0);
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        person_evolve(&c->row, &out.at[i]);
        c->row.version++;
    }
    return NULL;
}

/* By nobody's hands but their own. */
static const char *run(struct person_case *c, const struct person_input *in)
{
    return run_by(c, in, by_hands(in->head.actor));
}

static const char *say(struct person_case *c, enum person_input_type type, struct actor actor)
{
    const struct person_input in = input(c, type, actor);

    return run(c, &in);
}

static const char *protect(struct person_case *c, enum protection to, struct actor actor)
{
    struct person_input in = input(c, PERSON_CHANGE_PROTECTION, actor);

    in.person_change_protection.protection = to;
    return run(c, &in);
}

static bool is_cleared(const struct person_case *c)
{
    return c->row.roles.at[0].cleared;
}

/* Asked for by Ann. */
static struct person_case to_be_cleared(void)
{
    struct person_case c = given();

    assert_null(say(&c, PERSON_GRANT_ROLE, admin(ann)));
    return c;
}

static struct person_case to_be_shown(struct actor actor)
{
    struct person_case c = given();

    assert_null(protect(&c, PROTECTION_NONE, actor));
    return c;
}

/* Asking. */

static void who_is_to_be_cleared_takes_part_and_is_not_cleared_yet(void **unused)
{
    const struct person_clearance_asked *said = &out.at[1].person_clearance_asked;
    struct person_case c = to_be_cleared();

    (void)unused;
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[0].type, PERSON_ROLE_GRANTED);
    assert_false(out.at[0].person_role_granted.cleared || is_cleared(&c));
    assert_int_equal(out.at[1].type, PERSON_CLEARANCE_ASKED);
    assert_int_equal(said->part, PERSON_PART_MENTOR);
    assert_memory_equal(&said->asked_by, &ann, 16);
    assert_int_equal(said->due.ms, end_of(CONFIRMATION_DAYS));
    assert_int_equal(c.row.clearance_part, PERSON_PART_MENTOR);
    assert_memory_equal(&c.row.clearance_asked_by, &ann, 16);
    assert_int_equal(c.row.clearance_asked_at.ms, now.ms);
    assert_true(c.row.has_clearance_asked_by && c.row.has_clearance_asked_at);
}

static void who_is_registered_to_be_cleared_is_not_yet_either(void **unused)
{
    struct person_case c = given();
    struct person_input in;

    (void)unused;
    c.row = (struct person){.state = PERSON_STATE_NONE};
    in = input(&c, PERSON_REGISTER, admin(ann));
    in.person_register.has_part = in.person_register.has_cleared = true;
    in.person_register.part = PERSON_PART_MENTOR;
    in.person_register.cleared = true;
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 3);
    assert_int_equal(out.at[2].type, PERSON_CLEARANCE_ASKED);
    assert_memory_equal(&out.at[2].id, &fresh, 16);
    assert_false(is_cleared(&c));
}

static void the_operators_word_is_enough(void **unused)
{
    struct person_case c = given(), wanted = to_be_cleared(), shown = given();
    struct person_case half = to_be_shown(admin(ann));

    (void)unused;
    assert_null(say(&c, PERSON_GRANT_ROLE, the_operator));
    assert_int_equal(out.count, 1);
    assert_true(is_cleared(&c));
    assert_null(say(&wanted, PERSON_GRANT_ROLE, the_operator)); /* what was asked is so now */
    assert_true(is_cleared(&wanted) && !wanted.row.has_clearance_part);
    assert_null(protect(&shown, PROTECTION_NONE, the_operator));
    assert_int_equal(shown.row.protection, PROTECTION_NONE);
    assert_null(protect(&half, PROTECTION_MARKED, the_operator));
    assert_int_equal(half.row.protection, PROTECTION_MARKED);
    assert_false(half.row.has_lowering_to);
}

static void who_was_cleared_stays_so_by_one(void **unused)
{
    struct person_case c = given(), late = c;
    struct person_input in = input(&c, PERSON_GRANT_ROLE, admin(ann));

    (void)unused;
    c.row.roles.at[0].cleared = true;
    in.person_grant_role.has_until = true;
    in.person_grant_role.until = instant_date(instant_add_days(now, 30));
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 1);
    assert_true(is_cleared(&c));

    late.row.roles.at[0] = (struct person_role){.part = PERSON_PART_MENTOR,
                                                .cleared = true,
                                                .has_until = true,
                                                .until = {instant_date(now).day - 1}};
    assert_null(run(&late, &in)); /* that is over, if nobody has said so yet */
    assert_false(is_cleared(&late));
    assert_true(late.row.has_clearance_part);
}

static void that_it_ends_is_said(void **unused)
{
    struct person_case c = given(), over;
    struct person_input in = input(&c, PERSON_GRANT_ROLE, admin(ann));

    (void)unused;
    c.row.roles.at[0].cleared = true;
    over = c;
    assert_null(run(&c, &in));
    assert_false(out.at[0].person_role_granted.uncleared);
    in.head.version = c.row.version;
    in.person_grant_role.cleared = false;
    assert_null(run(&c, &in));
    assert_true(out.at[0].person_role_granted.uncleared);
    assert_false(is_cleared(&c));
    assert_null(say(&over, PERSON_END_ROLE, admin(ann)));
    assert_true(out.at[0].person_role_ended.cleared);
}

/* Refused is what is asked twice, of oneself, and by who knows whom. */
static void nobody_asks_twice_nor_for_themself_nor_unknown(void **unused)
{
    struct person_case c = given(), wanted = to_be_cleared(), cleared = c;
    struct person_case hidden = to_be_shown(admin(ann)), by_one = given();
    struct person_input other = input(&wanted, PERSON_GRANT_ROLE, admin(bob));

    (void)unused;
    assert_ptr_equal(say(&c, PERSON_GRANT_ROLE, admin(nobody)), person_nobody_known.code);
    assert_ptr_equal(say(&c, PERSON_GRANT_ROLE, admin(eva)), person_own_clearance.code);
    cleared.row.roles.at[0].cleared = true; /* nor that it go on */
    assert_ptr_equal(say(&cleared, PERSON_GRANT_ROLE, admin(eva)), person_own_clearance.code);
    assert_ptr_equal(say(&wanted, PERSON_GRANT_ROLE, admin(bob)),
                     person_clearance_asked_already.code);
    other.person_grant_role.part = PERSON_PART_SUPERVISOR; /* as something else neither */
    assert_ptr_equal(run(&wanted, &other), person_clearance_asked_already.code);

    assert_ptr_equal(protect(&by_one, PROTECTION_NONE, admin(nobody)), person_nobody_known.code);
    assert_ptr_equal(protect(&hidden, PROTECTION_NONE, admin(bob)),
                     person_lowering_asked_already.code);
    assert_ptr_equal(protect(&hidden, PROTECTION_MARKED, machine),
                     person_lowering_asked_already.code);
}

static void a_lower_protection_is_asked_for_and_a_higher_one_holds_at_once(void **unused)
{
    (void)unused;
    for (unsigned to = 0; to <= PROTECTION_STRICTLY; to++) {
        struct person_case c = given();
        const struct person_lowering_asked *said = &out.at[0].person_lowering_asked;

        if (to == PROTECTION_CONFIDENTIAL) continue;
        assert_null(protect(&c, to, counsellor(ann)));
        assert_int_equal(out.count, 1);
        if (to > PROTECTION_CONFIDENTIAL) {
            assert_int_equal(c.row.protection, to);
            assert_false(out.at[0].person_protection_changed.has_confirmed);
            continue;
        }
        assert_int_equal(out.at[0].type, PERSON_LOWERING_ASKED);
        assert_int_equal(said->protection, to);
        assert_memory_equal(&said->referral, &referral, 16);
        assert_int_equal(said->due.ms, end_of(CONFIRMATION_DAYS));
        assert_int_equal(c.row.protection, PROTECTION_CONFIDENTIAL);
        assert_int_equal(c.row.lowering_to, to);
        assert_memory_equal(&c.row.lowering_asked_by, &ann, 16);
        assert_int_equal(c.row.lowering_asked_at.ms, now.ms);
    }
}

/* Answering. */

enum kind { CLEARANCE, LOWERING, KINDS };

static const struct {
    enum person_input_type confirm, refuse, withdraw, lapse;
    const struct refusal *not_asked;
} kinds[KINDS] = {
    {PERSON_CONFIRM_CLEARANCE, PERSON_REFUSE_CLEARANCE, PERSON_WITHDRAW_CLEARANCE,
     PERSON_LAPSE_CLEARANCE, &person_clearance_not_asked},
    {PERSON_CONFIRM_LOWERING, PERSON_REFUSE_LOWERING, PERSON_WITHDRAW_LOWERING,
     PERSON_LAPSE_LOWERING, &person_lowering_not_asked},
};

static struct person_case waiting(enum kind kind)
{
    return kind == CLEARANCE ? to_be_cleared() : to_be_shown(admin(ann));
}

/* Nothing came of it: all is as if nobody had asked. */
static void assert_untouched(const struct person_case *c)
{
    struct person_case before = given();

    before.row.version = c->row.version;
    before.row.roles = c->row.roles;
    before.row.has_sealed = c->row.has_sealed; /* what they offer in their part is there anew */
    before.row.sealed = c->row.sealed;
    assert_memory_equal(&c->row, &before.row, sizeof before.row);
    assert_false(is_cleared(c));
}

static void who_asked_never_answers_whatever_they_show(void **unused)
{
    (void)unused;
    for (enum kind k = 0; k < KINDS; k++) {
        struct person_case c = waiting(k);

        assert_ptr_equal(say(&c, kinds[k].confirm, admin(ann)), person_takes_another.code);
        assert_ptr_equal(say(&c, kinds[k].refuse, admin(ann)), person_takes_another.code);
        assert_ptr_equal(say(&c, kinds[k].confirm, admin(nobody)), person_nobody_known.code);
        assert_null(say(&c, kinds[k].confirm, admin(bob)));
        c = waiting(k);
        assert_null(say(&c, kinds[k].confirm, the_operator));
    }
}

static void who_asked_as_a_counsellor_does_not_confirm_as_an_admin(void **unused)
{
    struct person_case c = to_be_shown(counsellor(ann)), other = c;

    (void)unused;
    assert_ptr_equal(say(&c, PERSON_CONFIRM_LOWERING, admin(ann)), person_takes_another.code);
    assert_ptr_equal(say(&c, PERSON_CONFIRM_LOWERING, counsellor(ann)), person_takes_another.code);
    assert_null(say(&c, PERSON_CONFIRM_LOWERING, admin(bob)));
    assert_null(say(&other, PERSON_CONFIRM_LOWERING, counsellor(bob)));
}

static void nobody_answers_about_their_own_clearance(void **unused)
{
    struct person_case c = to_be_cleared();

    (void)unused;
    assert_ptr_equal(say(&c, PERSON_CONFIRM_CLEARANCE, admin(eva)), person_own_clearance.code);
    assert_ptr_equal(say(&c, PERSON_REFUSE_CLEARANCE, admin(eva)), person_own_clearance.code);
}

static void once_confirmed_it_holds_and_names_both(void **unused)
{
    const struct person_clearance_confirmed *cleared = &out.at[0].person_clearance_confirmed;
    const struct person_protection_changed *changed = &out.at[0].person_protection_changed;
    struct person_case c = to_be_cleared(), shown = to_be_shown(counsellor(ann));

    (void)unused;
    c.row.roles.at[1] = (struct person_role){.part = PERSON_PART_GUIDE};
    c.row.roles.count = 2;
    assert_null(say(&c, PERSON_CONFIRM_CLEARANCE, admin(bob)));
    assert_int_equal(out.count, 1);
    assert_int_equal(cleared->part, PERSON_PART_MENTOR);
    assert_memory_equal(&cleared->asked_by, &ann, 16);
    assert_true(is_cleared(&c) && !c.row.roles.at[1].cleared);
    assert_false(c.row.has_clearance_part || c.row.has_clearance_due);
    assert_ptr_equal(say(&c, PERSON_CONFIRM_CLEARANCE, admin(bob)),
                     person_clearance_not_asked.code);

    assert_null(say(&shown, PERSON_CONFIRM_LOWERING, counsellor(bob)));
    assert_int_equal(out.count, 1);
    assert_int_equal(changed->protection, PROTECTION_NONE);
    assert_memory_equal(&changed->referral, &referral, 16);
    assert_true(changed->has_confirmed && changed->confirmed && changed->has_asked_by);
    assert_memory_equal(&changed->asked_by, &ann, 16);
    assert_int_equal(shown.row.protection, PROTECTION_NONE);
    assert_false(shown.row.has_lowering_to || shown.row.has_lowering_due);
}

static void refused_or_withdrawn_it_is_as_if_nobody_had_asked(void **unused)
{
    (void)unused;
    for (enum kind k = 0; k < KINDS; k++) {
        struct person_case c = waiting(k);
        struct person_input in = input(&c, kinds[k].refuse, admin(bob));

        if (k == CLEARANCE) in.person_refuse_clearance.reason = PERSON_NO_REASON_MISTAKE;
        if (k == LOWERING) in.person_refuse_lowering.reason = PERSON_NO_REASON_MISTAKE;
        assert_null(run(&c, &in));
        assert_untouched(&c);
        if (k == CLEARANCE) {
            assert_int_equal(out.at[0].person_clearance_refused.reason, PERSON_NO_REASON_MISTAKE);
            assert_memory_equal(&out.at[0].person_clearance_refused.asked_by, &ann, 16);
        } else {
            assert_int_equal(out.at[0].person_lowering_refused.reason, PERSON_NO_REASON_MISTAKE);
            assert_memory_equal(&out.at[0].person_lowering_refused.asked_by, &ann, 16);
        }
        assert_ptr_equal(say(&c, kinds[k].confirm, admin(bob)), kinds[k].not_asked->code);

        c = waiting(k);
        assert_ptr_equal(say(&c, kinds[k].withdraw, admin(bob)), person_not_who_asked.code);
        assert_null(say(&c, kinds[k].withdraw, admin(ann)));
        assert_untouched(&c);
        assert_ptr_equal(say(&c, kinds[k].withdraw, admin(ann)), kinds[k].not_asked->code);
    }
}

static void what_an_agencys_system_asked_the_programmes_admin_answers(void **unused)
{
    struct person_case c = to_be_shown(machine), withdrawn = c, refused = c, theirs;

    (void)unused;
    assert_false(c.row.has_lowering_asked_by);
    assert_ptr_equal(say(&c, PERSON_CONFIRM_LOWERING, counsellor(bob)),
                     person_asked_by_system.code);
    assert_ptr_equal(say(&c, PERSON_REFUSE_LOWERING, counsellor(bob)), person_asked_by_system.code);
    assert_ptr_equal(say(&c, PERSON_CONFIRM_LOWERING, machine), life_forbidden.code);
    assert_ptr_equal(say(&c, PERSON_WITHDRAW_LOWERING, counsellor(bob)), person_not_who_asked.code);
    assert_null(say(&c, PERSON_CONFIRM_LOWERING, admin(bob)));
    assert_false(out.at[0].person_protection_changed.has_asked_by);
    assert_true(out.at[0].person_protection_changed.confirmed);
    assert_null(say(&refused, PERSON_REFUSE_LOWERING, admin(bob)));
    assert_false(out.at[0].person_lowering_refused.has_asked_by);
    assert_null(say(&withdrawn, PERSON_WITHDRAW_LOWERING, machine));

    theirs = to_be_shown(counsellor(ann));
    assert_ptr_equal(say(&theirs, PERSON_WITHDRAW_LOWERING, machine), person_not_who_asked.code);
}

static void unanswered_it_lapses_after_a_fortnight(void **unused)
{
    (void)unused;
    for (enum kind k = 0; k < KINDS; k++) {
        struct person_case c = waiting(k), late;
        const struct actor clock = {.role = ROLE_TM};
        struct person_input lapse = input(&c, kinds[k].lapse, clock), confirm;
        unsigned command;

        assert_int_equal(person_due(&c.row, &command).ms, end_of(CONFIRMATION_DAYS));
        assert_int_equal(command, kinds[k].lapse);
        lapse.head.version = VERSION_ANY;
        lapse.head.at.ms = end_of(CONFIRMATION_DAYS) - 1;
        assert_ptr_equal(run(&c, &lapse), person_nothing_to_lapse.code);
        late = c;
        confirm = input(&c, kinds[k].confirm, admin(bob));
        confirm.head.at.ms = end_of(CONFIRMATION_DAYS); /* before the deadline has said so */
        assert_ptr_equal(run(&late, &confirm), kinds[k].not_asked->code);
        lapse.head.at.ms++;
        assert_null(run(&c, &lapse));
        assert_memory_equal(k == CLEARANCE ? &out.at[0].person_clearance_lapsed.asked_by
                                           : &out.at[0].person_lowering_lapsed.asked_by,
                            &ann, 16);
        assert_untouched(&c);
        assert_int_equal(person_due(&c.row, &command).ms, 0); /* once */
        assert_ptr_equal(run(&c, &lapse), person_nothing_to_lapse.code);
    }
}

/* Two people in fact. */

static struct origin hands_of(const char *all)
{
    struct origin origin = {.is_known = all != NULL};

    for (; all != NULL && *all != '\0'; all++)
        origin_add(&origin, (struct id){{(uint8_t)*all}});
    return origin;
}

static struct person_case asked_by(enum kind kind, struct actor actor, struct origin origin)
{
    struct person_case c = given();
    struct person_input in =
        input(&c, kind == CLEARANCE ? PERSON_GRANT_ROLE : PERSON_CHANGE_PROTECTION, actor);

    if (kind == LOWERING) in.person_change_protection.protection = PROTECTION_NONE;
    assert_null(run_by(&c, &in, origin));
    return c;
}

/* One letter each: a and b act, and the others are by whose hands they can. */
static void who_could_have_asked_alone_does_not_confirm(void **unused)
{
    static const struct {
        const char *asks, *confirms; /* NULL: nobody knows */
        const struct refusal *refused;
    } rows[] = {
        {"a", "b", NULL},
        {"ac", "bd", NULL},
        {"a", "ba", &person_not_two},  /* a made b's token, or let them coordinate */
        {"ab", "b", &person_not_two},  /* or b a's */
        {"ac", "bc", &person_not_two}, /* or c both */
        {"acd", "bed", &person_not_two},
        {"", "b", NULL}, /* an agency's system that the operator let in */
        {"b", "b", &person_not_two},
        {NULL, "b", &person_hands_unknown},
        {"a", NULL, &person_hands_unknown},
        {"acdefghij", "b", &person_hands_unknown}, /* more than there is room for */
    };

    (void)unused;
    for (enum kind k = 0; k < KINDS; k++)
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct person_case c = asked_by(k, admin(ann), hands_of(rows[i].asks)), o = c, r = c;
            const struct person_input confirm = input(&c, kinds[k].confirm, admin(bob));
            const struct person_input refuse = input(&c, kinds[k].refuse, admin(bob));
            const struct person_input sys = input(&c, kinds[k].confirm, the_operator);
            const char *code = run_by(&c, &confirm, hands_of(rows[i].confirms));

            assert_ptr_equal(code, rows[i].refused == NULL ? NULL : rows[i].refused->code);
            assert_null(run_by(&r, &refuse, hands_of(rows[i].confirms))); /* that does no harm */
            assert_null(run_by(&o, &sys, hands_of("")));
            assert_false(o.row.has_clearance_hands || o.row.has_lowering_hands);
        }
}

static void what_a_system_asked_is_not_confirmed_by_who_may_know_its_secret(void **unused)
{
    struct person_case c = asked_by(LOWERING, machine, hands_of("a")), other = c;
    const struct person_input confirm = input(&c, PERSON_CONFIRM_LOWERING, admin(bob));

    (void)unused;
    assert_ptr_equal(run_by(&c, &confirm, hands_of("ba")), person_not_two.code);
    assert_null(run_by(&other, &confirm, hands_of("b")));
}

/* Of a part that may be one of two: until it ends, or is granted anew. */
static void by_whose_hands_somebody_takes_part_is_written_down(void **unused)
{
    static const enum person_part parts[] = {PERSON_PART_COORDINATOR, PERSON_PART_COUNSELLOR,
                                             PERSON_PART_MENTOR};

    (void)unused;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const bool is_known = parts[i] != PERSON_PART_MENTOR;
        struct person_case c = given();
        struct person_input grant = input(&c, PERSON_GRANT_ROLE, admin(ann)), over;
        const bool *has = parts[i] == PERSON_PART_COORDINATOR ? &c.row.has_coordinator_hands
                                                              : &c.row.has_counsellor_hands;
        const struct hands *hands = parts[i] == PERSON_PART_COORDINATOR ? &c.row.coordinator_hands
                                                                        : &c.row.counsellor_hands;

        grant.person_grant_role = (struct person_grant_role){.part = parts[i]};
        assert_null(run_by(&c, &grant, hands_of("ac")));
        assert_int_equal(*has, is_known);
        assert_int_equal(hands->count, is_known ? 2 : 0);
        grant.head.version = c.row.version;
        assert_null(run_by(&c, &grant, hands_of("")));
        assert_int_equal(*has, is_known);
        assert_int_equal(hands->count, 0);
        grant.head.version = c.row.version;
        assert_null(run_by(&c, &grant, hands_of(NULL)));
        assert_false(*has);
        grant.head.version = c.row.version;
        assert_null(run_by(&c, &grant, hands_of("a")));
        over = input(&c, PERSON_END_ROLE, admin(ann));
        over.person_end_role.part = parts[i];
        assert_null(run(&c, &over));
        assert_false(*has);
        assert_int_equal(hands->count, 0);
    }
}

/* Ended by Ann, who takes it back: nothing is won by that, nor is anybody forgotten. */
static const char *end_and_undo(struct person_case *c, enum person_part part, struct actor by,
                                struct origin origin)
{
    struct person_input in = input(c, PERSON_END_ROLE, by);

    in.person_end_role.part = part;
    c->row.has_referral = false;
    assert_null(run_by(c, &in, origin));
    in = input(c, PERSON_UNDO, by);
    return run_by(c, &in, origin);
}

static void an_end_that_is_taken_back_leaves_the_hands_as_they_were(void **unused)
{
    static const enum person_part parts[] = {PERSON_PART_COORDINATOR, PERSON_PART_COUNSELLOR};
    static const char *const hands[] = {"cd", "", NULL}; /* NULL: nobody knows */

    (void)unused;
    for (size_t i = 0; i < 2; i++)
        for (size_t h = 0; h < 3; h++) {
            struct person_case c = given(), before;
            struct person_input grant = input(&c, PERSON_GRANT_ROLE, admin(bob));

            grant.person_grant_role = (struct person_grant_role){.part = parts[i]};
            assert_null(run_by(&c, &grant, hands_of(hands[h])));
            before = c;
            assert_null(end_and_undo(&c, parts[i], admin(ann), hands_of("a")));
            assert_int_equal(c.row.has_coordinator_hands, before.row.has_coordinator_hands);
            assert_int_equal(c.row.has_counsellor_hands, before.row.has_counsellor_hands);
            assert_memory_equal(&c.row.coordinator_hands, &before.row.coordinator_hands,
                                sizeof c.row.coordinator_hands);
            assert_memory_equal(&c.row.counsellor_hands, &before.row.counsellor_hands,
                                sizeof c.row.counsellor_hands);
            assert_false(c.row.has_undo || c.row.has_undo_hands);
        }
}

static void who_was_cleared_is_so_again_at_the_word_of_two(void **unused)
{
    struct person_case c = given(), clubs, own;

    (void)unused;
    c.row.roles.at[0].cleared = true;
    clubs = own = c;
    assert_null(end_and_undo(&c, PERSON_PART_MENTOR, admin(ann), hands_of("a")));
    assert_int_equal(out.at[out.count - 1].type, PERSON_CLEARANCE_ASKED);
    assert_false(is_cleared(&c));
    assert_true(c.row.has_clearance_part);
    assert_ptr_equal(say(&c, PERSON_CONFIRM_CLEARANCE, admin(ann)), person_takes_another.code);
    assert_null(say(&c, PERSON_CONFIRM_CLEARANCE, admin(bob)));
    assert_true(is_cleared(&c));

    /* whose it is not to clear, and who is it themself, ask for nothing */
    assert_null(end_and_undo(&clubs, PERSON_PART_MENTOR, (struct actor){ROLE_CO, bob, {{0}}},
                             hands_of("b")));
    assert_false(is_cleared(&clubs) || clubs.row.has_clearance_part);
    assert_null(end_and_undo(&own, PERSON_PART_MENTOR, admin(eva), hands_of("e")));
    assert_false(is_cleared(&own) || own.row.has_clearance_part);
}

/* What makes it another question. */

static void a_part_that_ends_or_is_granted_anew_drops_what_was_asked_of_it(void **unused)
{
    struct person_case c = to_be_cleared(), anew = c, other = c, clubs = c;
    struct person_input in = input(&c, PERSON_GRANT_ROLE, admin(bob));

    (void)unused;
    assert_null(say(&c, PERSON_END_ROLE, admin(bob)));
    assert_false(c.row.has_clearance_part || c.row.has_clearance_due);
    assert_false(out.at[0].person_role_ended.cleared);
    in.person_grant_role.cleared = false;
    assert_null(run(&anew, &in));
    assert_false(anew.row.has_clearance_part);
    in.head.actor.role = ROLE_CO; /* whose it is not to take back */
    assert_ptr_equal(run(&clubs, &in), person_not_to_clear.code);
    in.person_grant_role.part = PERSON_PART_GUIDE;
    assert_null(run(&other, &in));
    assert_true(other.row.has_clearance_part);
    in = input(&other, PERSON_END_ROLE, admin(bob));
    in.person_end_role.part = PERSON_PART_GUIDE;
    assert_null(run(&other, &in));
    assert_true(other.row.has_clearance_part);
}

static void a_raise_drops_a_lowering_and_an_erasure_both(void **unused)
{
    struct person_case c = to_be_shown(admin(ann));

    (void)unused;
    assert_null(protect(&c, PROTECTION_STRICTLY, machine));
    assert_int_equal(c.row.protection, PROTECTION_STRICTLY);
    assert_false(c.row.has_lowering_to || c.row.has_lowering_due || c.row.has_lowering_asked_by);
    assert_ptr_equal(say(&c, PERSON_CONFIRM_LOWERING, admin(bob)), person_lowering_not_asked.code);

    c = to_be_shown(admin(ann));
    assert_null(say(&c, PERSON_GRANT_ROLE, admin(ann)));
    assert_true(c.row.has_lowering_to && c.row.has_clearance_part);
    assert_null(say(&c, PERSON_ERASE, admin(ann)));
    assert_false(c.row.has_lowering_to || c.row.has_clearance_part);
}

/* What is asked of a referral stands on the person, with who asked. */
static void what_was_asked_of_the_referral_stands_here(void **unused)
{
    static const struct actor askers[] = {{ROLE_CN, {"ann"}, {"agency"}},
                                          {ROLE_AG, {"partner"}, {"agency"}}};

    (void)unused;
    for (size_t i = 0; i < sizeof askers / sizeof askers[0]; i++) {
        struct person_case c = given(), lower = c, gone = c;
        struct person_input in = input(&c, PERSON_ON_REFERRAL_LOWERING_ASKED, the_operator);

        in.head.by = askers[i];
        in.referral_lowering_asked.protection = PROTECTION_MARKED;
        assert_null(run(&c, &in));
        assert_int_equal(out.count, 1);
        assert_int_equal(c.row.lowering_to, PROTECTION_MARKED);
        assert_int_equal(c.row.has_lowering_asked_by, askers[i].role == ROLE_CN);
        if (c.row.has_lowering_asked_by)
            assert_memory_equal(&c.row.lowering_asked_by, &askers[i].id, 16);
        assert_null(run(&c, &in)); /* what waits already waits */
        assert_int_equal(out.count, 0);
        lower.row.protection = PROTECTION_MARKED; /* so they are by now */
        assert_null(run(&lower, &in));
        assert_int_equal(out.count, 0);
        gone.row.state = PERSON_STATE_ERASED;
        assert_null(run(&gone, &in));
        assert_int_equal(out.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_to_be_cleared_takes_part_and_is_not_cleared_yet),
        cmocka_unit_test(who_is_registered_to_be_cleared_is_not_yet_either),
        cmocka_unit_test(the_operators_word_is_enough),
        cmocka_unit_test(who_was_cleared_stays_so_by_one),
        cmocka_unit_test(that_it_ends_is_said),
        cmocka_unit_test(nobody_asks_twice_nor_for_themself_nor_unknown),
        cmocka_unit_test(a_lower_protection_is_asked_for_and_a_higher_one_holds_at_once),
        cmocka_unit_test(who_asked_never_answers_whatever_they_show),
        cmocka_unit_test(who_asked_as_a_counsellor_does_not_confirm_as_an_admin),
        cmocka_unit_test(nobody_answers_about_their_own_clearance),
        cmocka_unit_test(once_confirmed_it_holds_and_names_both),
        cmocka_unit_test(refused_or_withdrawn_it_is_as_if_nobody_had_asked),
        cmocka_unit_test(what_an_agencys_system_asked_the_programmes_admin_answers),
        cmocka_unit_test(unanswered_it_lapses_after_a_fortnight),
        cmocka_unit_test(who_could_have_asked_alone_does_not_confirm),
        cmocka_unit_test(what_a_system_asked_is_not_confirmed_by_who_may_know_its_secret),
        cmocka_unit_test(by_whose_hands_somebody_takes_part_is_written_down),
        cmocka_unit_test(an_end_that_is_taken_back_leaves_the_hands_as_they_were),
        cmocka_unit_test(who_was_cleared_is_so_again_at_the_word_of_two),
        cmocka_unit_test(a_part_that_ends_or_is_granted_anew_drops_what_was_asked_of_it),
        cmocka_unit_test(a_raise_drops_a_lowering_and_an_erasure_both),
        cmocka_unit_test(what_was_asked_of_the_referral_stands_here),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
