/* What is told of somebody beside who they are goes into the vault with a protection, and comes out without one. */
#include "registry.h"

#include "core/life.h"
#include "person/person.h"
#include "referral/referral.h"

static const struct id ada = {"ada"}, ours = {"ours"}, partner = {"partner"}, print = {"print"};

static const struct spokens cebuano = {1, {"ceb"}}, somali = {1, {"so"}};
static const struct occupations turner = {1, {{OCCUPATION_SCHEME_SSYK, "7223"}}},
                                welder = {1, {{OCCUPATION_SCHEME_SSYK, "7212"}}};

/* Ada, whom an agency has referred, and who is a mentor too. */
static struct person_case given(enum protection protection)
{
    return (struct person_case){
        .programme = {.id = work, .state = PROGRAMME_STATE_OPEN},
        .row = {.id = ada,
                .version = 3,
                .programme = work,
                .state = PERSON_STATE_ACTIVE,
                .protection = protection,
                .has_referral = true,
                .referral = ours,
                .has_sealed = true,
                .sealed = {.owner = ada, .event = {"said"}, .key = {"adas"}},
                .roles = {1, {{.part = PERSON_PART_MENTOR, .from = {20000}}}},
                .has_mentor_languages = true,
                .mentor_languages = cebuano,
                .has_mentor_occupations = true,
                .mentor_occupations = turner,
                .has_mentor_municipality = true,
                .mentor_municipality = "0180"},
        .brought = {.id = ours,
                    .partner = partner,
                    .has_external_id = true,
                    .external_id = "AF-1",
                    .has_place_kept = true,
                    .place_kept = "2418",
                    .languages = somali,
                    .occupations = welder},
    };
}

static struct person_input input(enum person_input_type type, const struct person_case *c)
{
    struct person_input in = {.type = type, .head = head_of(ROLE_TM, c->row.id, c->row.version)};

    in.head.alias = print;
    return in;
}

static const char *run(struct person_case *c, const struct person_input *in,
                       struct person_events *out)
{
    struct error err = {0};

    memset(out, 0, sizeof *out);
    if (!person_decide(c, in, out, &err)) return err.code;
    for (size_t i = 0; i < out->count; i++)
        person_evolve(&c->row, &out->at[i]);
    return NULL;
}

/* What the vault has of a person after this. */
static struct person_details sealed_by(const struct person_case *c, struct person_input *in,
                                       const struct person_details *before)
{
    static struct concealed what;
    struct person_details whole = *before;

    memset(&what, 0, sizeof what);
    person_conceal(c, in, &what);
    assert_ptr_equal(what.descriptor, &person_details_descriptor);
    assert_memory_equal(&what.owner, &ada, 16);
    assert_memory_equal(&what.sealed, &c->row.sealed, sizeof what.sealed);
    assert_non_null(what.change);
    what.change(c, in, before, &whole);
    return whole;
}

static void who_is_protected_is_hidden_at_once_and_once(void **unused)
{
    static const struct person_details known = {.given_name = "Ada"};
    struct person_case c = given(PROTECTION_MARKED);
    struct person_input in = input(PERSON_HIDE, &c);
    const struct person_details whole = sealed_by(&c, &in, &known);
    struct person_events out;
    unsigned command;

    (void)unused;
    assert_string_equal(whole.given_name, "Ada");
    assert_true(whole.has_kept && whole.kept.has_external_id);
    assert_string_equal(whole.kept.external_id, "AF-1");
    assert_memory_equal(&whole.kept.languages, &somali, sizeof somali);
    assert_memory_equal(&whole.kept.occupations, &welder, sizeof welder);
    assert_memory_equal(&whole.kept.mentor_languages, &cebuano, sizeof cebuano);
    assert_memory_equal(&whole.kept.mentor_occupations, &turner, sizeof turner);
    assert_true(whole.has_municipality && whole.kept.has_mentor_municipality);
    assert_string_equal(whole.municipality, "2418");
    assert_string_equal(whole.kept.mentor_municipality, "0180");

    assert_true(person_due(&c.row, &command).ms < now.ms);
    assert_int_equal(command, PERSON_HIDE);
    assert_null(run(&c, &in, &out));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[0].type, PERSON_HIDDEN);
    assert_int_equal(out.at[0].person_hidden.protection, PROTECTION_MARKED);
    assert_memory_equal(&out.at[0].person_hidden.referral, &ours, 16);
    assert_memory_equal(&out.at[0].person_hidden.sealed.event, &sealing, 16);
    assert_int_equal(out.at[1].type, PERSON_ALIASED);
    assert_memory_equal(&out.at[1].person_aliased.alias, &print, 16);
    assert_int_equal(c.row.mentor_languages.count + c.row.mentor_occupations.count, 0);
    assert_false(c.row.has_mentor_municipality);
    assert_memory_equal(&c.row.sealed.event, &sealing, 16);
    assert_int_equal(person_due(&c.row, &command).ms, 0);
    assert_ptr_equal(run(&c, &in, &out), person_nothing_to_hide.code);
}

/* A second protection, or one from the first day: rows tell nothing more, and what the vault has stays. */
static void what_the_vault_has_already_stays_there(void **unused)
{
    struct person_details known = {.given_name = "Ada", .has_kept = true};
    struct person_case c = given(PROTECTION_MARKED);
    struct person_input in = input(PERSON_HIDE, &c);
    struct person_details whole;
    struct person_events out;

    (void)unused;
    known.kept.has_languages = known.kept.has_external_id = true;
    known.kept.languages = cebuano;
    strcpy(known.kept.external_id, "AF-2");
    known.has_municipality = known.kept.has_mentor_municipality = true;
    strcpy(known.municipality, "2418");
    strcpy(known.kept.mentor_municipality, "0180");
    c.brought = (struct referral){.id = ours, .has_alias = true, .alias = print};
    c.row.has_mentor_languages = c.row.has_mentor_occupations = false;
    c.row.mentor_languages.count = c.row.mentor_occupations.count = 0;
    c.row.has_mentor_municipality = false;
    whole = sealed_by(&c, &in, &known);
    assert_memory_equal(&whole, &known, sizeof known);
    assert_null(run(&c, &in, &out));
    assert_int_equal(out.count, 1); /* there is a print already */
}

static void who_is_protected_no_more_is_shown_again(void **unused)
{
    struct person_details known = {.given_name = "Ada", .has_kept = true}, whole;
    struct person_case c = given(PROTECTION_NONE);
    struct person_input in = input(PERSON_SHOW, &c);
    const struct person_shown *said;
    struct person_events out;
    unsigned command;

    (void)unused;
    assert_ptr_equal(run(&c, &in, &out), person_nothing_to_hide.code);
    c.row.has_hidden = c.row.hidden = true;
    c.row.mentor_languages.count = 0;
    known.kept.has_external_id = known.kept.has_languages = known.kept.has_mentor_languages = true;
    strcpy(known.kept.external_id, "AF-1");
    known.kept.languages = somali;
    known.kept.mentor_languages = cebuano;
    in.person_show.has_kept = true; /* whoever might say something else */
    strcpy(in.person_show.kept.external_id, "AF-9");
    in.person_show.has_municipality = true;
    strcpy(in.person_show.municipality, "9999");
    known.has_municipality = known.kept.has_mentor_municipality = true;
    strcpy(known.municipality, "2418");
    strcpy(known.kept.mentor_municipality, "0180");
    whole = sealed_by(&c, &in, &known);
    assert_false(whole.has_kept || whole.kept.has_external_id || whole.has_municipality);
    assert_string_equal(whole.municipality, "");
    assert_string_equal(whole.kept.external_id, "");

    assert_int_equal(person_due(&c.row, &command).ms, 1);
    assert_int_equal(command, PERSON_SHOW);
    assert_null(run(&c, &in, &out));
    assert_int_equal(out.count, 1);
    said = &out.at[0].person_shown;
    assert_string_equal(said->external_id, "AF-1");
    assert_memory_equal(&said->languages, &somali, sizeof somali);
    assert_memory_equal(&said->mentor_languages, &cebuano, sizeof cebuano);
    assert_false(said->has_occupations);
    assert_memory_equal(&said->referral, &ours, 16);
    assert_memory_equal(&c.row.mentor_languages, &cebuano, sizeof cebuano);
    assert_string_equal(said->municipality, "2418");
    assert_string_equal(said->mentor_municipality, "0180");
    assert_string_equal(c.row.mentor_municipality, "0180");
    assert_int_equal(person_due(&c.row, &command).ms, 0);
}

/* Where somebody is whom no agency referred is in the vault whether they are protected or not, and stays there. */
static void of_who_was_not_referred_the_vaults_place_is_not_told(void **unused)
{
    struct person_details known = {.given_name = "Ada", .has_municipality = true}, whole;
    struct person_case c = given(PROTECTION_NONE);
    struct person_input in = input(PERSON_SHOW, &c);
    struct person_events out;

    (void)unused;
    c.row.has_hidden = c.row.hidden = true;
    c.row.has_referral = false;
    strcpy(known.municipality, "2418");
    whole = sealed_by(&c, &in, &known);
    assert_string_equal(whole.municipality, "2418");
    assert_null(run(&c, &in, &out));
    assert_false(is_in(&out, sizeof out, "2418"));
}

static void a_protected_mentors_part_says_nothing_but_to_the_vault(void **unused)
{
    static const struct person_details known = {.given_name = "Ada"};
    struct person_case c = given(PROTECTION_MARKED), open = given(PROTECTION_NONE);
    struct person_input in = input(PERSON_GRANT_ROLE, &c);
    struct person_details whole;
    struct person_events out;

    (void)unused;
    in.head.actor.role = ROLE_PA;
    in.person_grant_role.part = PERSON_PART_MENTOR;
    in.person_grant_role.languages = somali;
    in.person_grant_role.occupations = welder;
    in.person_grant_role.has_municipality = true;
    strcpy(in.person_grant_role.municipality, "0184");
    whole = sealed_by(&c, &in, &known);
    assert_memory_equal(&whole.kept.mentor_languages, &somali, sizeof somali);
    assert_memory_equal(&whole.kept.mentor_occupations, &welder, sizeof welder);
    assert_string_equal(whole.kept.mentor_municipality, "0184");
    assert_null(run(&c, &in, &out));
    assert_int_equal(out.at[0].person_role_granted.languages.count, 0);
    assert_int_equal(out.at[0].person_role_granted.occupations.count, 0);
    assert_memory_equal(&c.row.sealed.event, &sealing, 16);

    assert_null(run(&open, &in, &out));
    assert_int_equal(out.at[0].person_role_granted.languages.count, 1);
    assert_false(out.at[0].person_role_granted.has_sealed);
    assert_memory_equal(&open.row.mentor_languages, &somali, sizeof somali);
    assert_string_equal(open.row.mentor_municipality, "0184");
}

static void who_is_registered_as_a_protected_mentor_is_known_to_the_vault_alone(void **unused)
{
    static struct concealed what;
    const struct person_details *details = (const struct person_details *)what.plain;
    struct person_case c = {.programme = {.id = work, .state = PROGRAMME_STATE_OPEN}};
    struct person_input in = input(PERSON_REGISTER, &c);
    struct person_events out;

    (void)unused;
    in.head.actor.role = ROLE_PA;
    in.person_register = (struct person_register){.protection = PROTECTION_STRICTLY,
                                                  .has_part = true,
                                                  .part = PERSON_PART_MENTOR,
                                                  .languages = cebuano};
    strcpy(in.person_register.details.given_name, "Ada");
    person_conceal(&c, &in, &what);
    assert_memory_equal(&details->kept.mentor_languages, &cebuano, sizeof cebuano);
    assert_null(run(&c, &in, &out));
    assert_false(is_in(&out, sizeof out, "ceb"));
}

/* The referral. */

static struct referral_case referred(enum protection protection)
{
    return (struct referral_case){
        .programme = {.id = work, .state = PROGRAMME_STATE_OPEN, .slug = "works"},
        .partner = {.id = partner, .programme = work, .state = PARTNER_STATE_ACTIVE},
        .row = {.id = ours,
                .version = 2,
                .programme = work,
                .state = REFERRAL_STATE_NEEDS_INFO,
                .protection = protection,
                .partner = partner,
                .person = ada,
                .has_alias = true,
                .alias = print,
                .sequence = 1,
                .has_missing = true,
                .missing = {2, {REFERRAL_INFO_LANGUAGES, REFERRAL_INFO_OCCUPATIONS}}},
    };
}

static struct referral_input word_of(enum referral_input_type type, const struct referral_case *c)
{
    struct referral_input in = {.type = type, .head = head_of(ROLE_AG, c->row.id, c->row.version)};

    in.head.actor = (struct actor){ROLE_AG, partner, {{0}}};
    in.head.alias = print;
    if (type != REFERRAL_RECEIVE) return in;
    in.head.version = 0;
    in.referral_receive = (struct referral_receive){.external_id = "AF-1",
                                                    .sequence = 2,
                                                    .programme = "works",
                                                    .languages = cebuano,
                                                    .occupations = turner,
                                                    .wants = {1, {REFERRAL_WANT_MENTOR}}};
    in.referral_receive.person.protection = PROTECTION_MARKED;
    return in;
}

static const char *hear(struct referral_case *c, const struct referral_input *in,
                        struct referral_events *out)
{
    struct error err = {0};

    memset(out, 0, sizeof *out);
    if (!referral_decide(c, in, out, &err)) return err.code;
    for (size_t i = 0; i < out->count; i++)
        referral_evolve(&c->row, &out->at[i]);
    return NULL;
}

static void what_an_agency_says_of_somebody_protected_is_in_no_event(void **unused)
{
    static struct concealed what;
    struct referral_case new = referred(PROTECTION_MARKED), again = new;
    struct referral_input in = word_of(REFERRAL_RECEIVE, &again);
    static const struct person_details nothing;
    struct person_details *details = (struct person_details *)what.plain;
    struct referral_events out;

    (void)unused;
    new.row = (struct referral){.protection = PROTECTION_NONE};
    referral_conceal(&new, &in, &what);
    assert_string_equal(details->kept.external_id, "AF-1");
    assert_memory_equal(&details->kept.languages, &cebuano, sizeof cebuano);
    assert_memory_equal(&details->kept.occupations, &turner, sizeof turner);
    assert_null(hear(&new, &in, &out));
    assert_false(is_in(&out, sizeof out, "ceb") || is_in(&out, sizeof out, "7223") ||
                 is_in(&out, sizeof out, "AF-1"));
    assert_false(new.row.has_external_id);
    assert_memory_equal(&new.row.alias, &print, 16);
    assert_true(referral_is_named(&new.row));

    memset(&what, 0, sizeof what);
    referral_conceal(&again, &in, &what);
    memset(details, 0, sizeof *details);
    what.change(&again, &in, &nothing, details);
    assert_memory_equal(&details->kept.languages, &cebuano, sizeof cebuano);
    assert_null(hear(&again, &in, &out));
    assert_int_equal(out.at[0].type, REFERRAL_UPDATED);
    assert_false(is_in(&out, sizeof out, "ceb") || is_in(&out, sizeof out, "7223") ||
                 is_in(&out, sizeof out, "AF-1"));
    assert_int_equal(again.row.missing.count, 0); /* and it counts as said */
}

static void nor_is_what_it_gives_when_asked(void **unused)
{
    static struct concealed what;
    struct referral_case c = referred(PROTECTION_CONFIDENTIAL);
    struct referral_input in = word_of(REFERRAL_GIVE_INFO, &c);
    struct person_details details = {.has_kept = true};
    struct referral_events out;

    (void)unused;
    details.kept.has_occupations = true;
    details.kept.occupations = welder;
    in.referral_give_info.has_languages = true;
    in.referral_give_info.languages = cebuano;
    referral_conceal(&c, &in, &what);
    assert_memory_equal(&what.owner, &ada, 16);
    what.change(&c, &in, &details, &details);
    assert_memory_equal(&details.kept.languages, &cebuano, sizeof cebuano);
    assert_memory_equal(&details.kept.occupations, &welder, sizeof welder); /* as it was */
    assert_null(hear(&c, &in, &out));
    assert_false(is_in(&out, sizeof out, "ceb"));
    assert_int_equal(c.row.missing.count, 1);
}

static void the_agency_is_understood_by_the_print_of_what_it_calls_them(void **unused)
{
    struct referral_case c = referred(PROTECTION_NONE);
    const struct referral_input in = word_of(REFERRAL_RECEIVE, &c);
    const struct person_case person = given(PROTECTION_MARKED);
    const struct person_input hide = input(PERSON_HIDE, &person);
    struct id owner;
    const char *text;

    (void)unused;
    assert_true(referral_alias(&in, &owner, &text));
    assert_memory_equal(&owner, &partner, 16);
    assert_string_equal(text, "AF-1");
    assert_true(person_alias(&person, &hide, &owner, &text));
    assert_memory_equal(&owner, &partner, 16);
    assert_string_equal(text, "AF-1");
}

static void a_referral_follows_its_person(void **unused)
{
    struct referral row = {.id = ours, .has_external_id = true, .external_id = "AF-1"};
    struct referral_event event = {.type = REFERRAL_AFTER_PERSON_HIDDEN};

    (void)unused;
    row.languages = cebuano;
    row.occupations = turner;
    referral_evolve(&row, &event);
    assert_false(row.has_external_id || row.languages.count + row.occupations.count != 0);
    assert_string_equal(row.external_id, "");
    event = (struct referral_event){.type = REFERRAL_AFTER_PERSON_ALIASED};
    event.person_aliased.alias = print;
    referral_evolve(&row, &event);
    assert_true(referral_is_named(&row));

    event = (struct referral_event){.type = REFERRAL_AFTER_PERSON_SHOWN};
    event.person_shown.has_external_id = event.person_shown.has_languages = true;
    strcpy(event.person_shown.external_id, "AF-1");
    event.person_shown.languages = cebuano;
    referral_evolve(&row, &event);
    assert_string_equal(row.external_id, "AF-1");
    assert_memory_equal(&row.languages, &cebuano, sizeof cebuano);

    event = (struct referral_event){.type = REFERRAL_AFTER_PERSON_ERASED};
    referral_evolve(&row, &event);
    assert_false(referral_is_named(&row));
}

/* Told nobody from the raise on, it waits for the vault, and comes back with the rest. */
static void so_does_its_place(void **unused)
{
    struct referral row = {.id = ours, .has_municipality = true, .municipality = "2418"};
    struct referral_event event = {.type = REFERRAL_PROTECTION_CHANGED};

    (void)unused;
    event.referral_protection_changed.protection = PROTECTION_MARKED;
    referral_evolve(&row, &event);
    assert_false(row.has_municipality);
    assert_string_equal(row.municipality, "");
    assert_true(row.has_place_kept);
    assert_string_equal(row.place_kept, "2418");
    event.referral_protection_changed.protection = PROTECTION_STRICTLY;
    referral_evolve(&row, &event);
    assert_string_equal(row.place_kept, "2418");

    event = (struct referral_event){.type = REFERRAL_AFTER_PERSON_HIDDEN};
    referral_evolve(&row, &event);
    assert_false(row.has_place_kept);
    assert_string_equal(row.place_kept, "");

    event = (struct referral_event){.type = REFERRAL_AFTER_PERSON_SHOWN};
    event.person_shown.has_municipality = true;
    strcpy(event.person_shown.municipality, "2418");
    referral_evolve(&row, &event);
    assert_true(row.has_municipality);
    assert_string_equal(row.municipality, "2418");
}

/* An agency that hides them as it answers need not say again where they are. */
static void what_an_agency_raises_with_an_answer_keeps_the_place(void **unused)
{
    static struct concealed what;
    const struct person_details_change *change = (const struct person_details_change *)what.plain;
    struct referral_case c = referred(PROTECTION_NONE);
    struct referral_input in = word_of(REFERRAL_GIVE_INFO, &c);

    (void)unused;
    c.row.has_municipality = true;
    strcpy(c.row.municipality, "2418");
    in.referral_give_info.has_person = in.referral_give_info.person.has_protection = true;
    in.referral_give_info.person.protection = PROTECTION_MARKED;
    referral_conceal(&c, &in, &what);
    assert_true(change->has_municipality);
    assert_string_equal(change->municipality, "2418");

    in.referral_give_info.person.protection = PROTECTION_NONE;
    memset(&what, 0, sizeof what);
    referral_conceal(&c, &in, &what);
    assert_false(change->has_municipality);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_protected_is_hidden_at_once_and_once),
        cmocka_unit_test(what_the_vault_has_already_stays_there),
        cmocka_unit_test(who_is_protected_no_more_is_shown_again),
        cmocka_unit_test(of_who_was_not_referred_the_vaults_place_is_not_told),
        cmocka_unit_test(a_protected_mentors_part_says_nothing_but_to_the_vault),
        cmocka_unit_test(who_is_registered_as_a_protected_mentor_is_known_to_the_vault_alone),
        cmocka_unit_test(what_an_agency_says_of_somebody_protected_is_in_no_event),
        cmocka_unit_test(nor_is_what_it_gives_when_asked),
        cmocka_unit_test(the_agency_is_understood_by_the_print_of_what_it_calls_them),
        cmocka_unit_test(a_referral_follows_its_person),
        cmocka_unit_test(so_does_its_place),
        cmocka_unit_test(what_an_agency_raises_with_an_answer_keeps_the_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
