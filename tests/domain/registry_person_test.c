/* The life of a person here, and who may know who it is. */
#include "matrix.h"
#include "registry.h"

#include "core/life.h"
#include "person/acting.h"
#include "person/person.h"

#define STATES   (PERSON_STATE_ERASED + 1u)
#define COMMANDS (PERSON_THIN + 1u)

static const struct id ada = {"ada"}, club = {"club"}, agency = {"agency"}, partner = {"partner"},
                       referral = {"referral"}, museum = {"museum"}, one = {"one link"};

static struct person_events out;

static struct person_role role_in(enum person_part part, bool is_cleared)
{
    return (struct person_role){.part = part, .cleared = is_cleared, .from = {20000}};
}

/* Ada, a participant whom an agency has referred. */
static struct person_case given(unsigned state)
{
    struct person_case c = {
        .programme = {.id = work, .state = PROGRAMME_STATE_OPEN},
        .organisation = {.id = club, .programme = work, .state = ORGANISATION_STATE_OPEN},
        .origin = {.is_known = true}};

    if (state == PERSON_STATE_NONE) return c;
    c.row = (struct person){.id = ada, .version = 3, .programme = work, .state = state};
    if (state == PERSON_STATE_ERASED) return c;
    c.row.roles = (struct person_roles){1, {role_in(PERSON_PART_PARTICIPANT, false)}};
    c.row.has_referral = c.row.has_partner = c.row.has_agency = c.row.has_sealed = true;
    c.row.referral = referral;
    c.row.partner = partner;
    c.row.agency = agency;
    c.row.sealed = (struct sealed){.owner = ada, .event = {"said"}, .key = {"adas"}};
    c.row.has_undo = true;
    c.row.undo = (struct person_way_back){
        .by = somebody, .until = now, .role = role_in(PERSON_PART_GUIDE, false)};
    return c;
}

/* A mentor of a club. */
static struct person_case given_mentor(void)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);

    c.row.has_referral = c.row.has_partner = c.row.has_agency = false;
    c.row.has_organisation = true;
    c.row.organisation = club;
    c.row.roles.at[0] = role_in(PERSON_PART_MENTOR, false);
    return c;
}

enum {
    ADMINS = ROLE_SYS | ROLE_PA | ROLE_CO,
    PEOPLE = ROLE_CO | ROLE_PA | ROLE_ME | ROLE_PT | ROLE_GU | ROLE_HO | ROLE_SU | ROLE_CN |
             ROLE_DM | ROLE_VC,
};

/* Reading has tests of its own: any role but a deadline may for some reason or other. */
static const unsigned who[COMMANDS] = {
    [PERSON_REGISTER] = ADMINS,
    [PERSON_CHANGE] = ADMINS,
    [PERSON_GRANT_ROLE] = ADMINS,
    [PERSON_END_ROLE] = ADMINS,
    [PERSON_UNDO] = ADMINS,
    [PERSON_END_DUE_ROLES] = ROLE_TM,
    [PERSON_CHANGE_PROTECTION] = ROLE_SYS | ROLE_PA | ROLE_AG | ROLE_CN,
    [PERSON_CONFIRM_CLEARANCE] = ROLE_SYS | ROLE_PA,
    [PERSON_REFUSE_CLEARANCE] = ROLE_SYS | ROLE_PA,
    [PERSON_WITHDRAW_CLEARANCE] = ROLE_PA,
    [PERSON_LAPSE_CLEARANCE] = ROLE_TM,
    [PERSON_CONFIRM_LOWERING] = ROLE_SYS | ROLE_PA | ROLE_CN,
    [PERSON_REFUSE_LOWERING] = ROLE_SYS | ROLE_PA | ROLE_CN,
    [PERSON_WITHDRAW_LOWERING] = ROLE_PA | ROLE_AG | ROLE_CN,
    [PERSON_LAPSE_LOWERING] = ROLE_TM,
    [PERSON_READ] = ROLE_CO | ROLE_PA,
    [PERSON_READ_NAME] = ROLE_CO | ROLE_PA,
    [PERSON_ERASE] = ROLE_SYS | ROLE_PA,
    [PERSON_CHANGE_CONTACT] = PEOPLE,
    [PERSON_ASK_ERASURE] = PEOPLE,
    [PERSON_WITHDRAW_ERASURE] = PEOPLE,
    [PERSON_REFUSE_ERASURE] = ROLE_SYS | ROLE_PA,
    [PERSON_REMIND_ERASURE] = ROLE_TM,
    [PERSON_ASK_RESTRICTION] = PEOPLE,
    [PERSON_WITHDRAW_RESTRICTION] = PEOPLE,
    [PERSON_RESTRICT] = ROLE_SYS | ROLE_PA,
    [PERSON_REFUSE_RESTRICTION] = ROLE_SYS | ROLE_PA,
    [PERSON_LIFT_RESTRICTION] = ROLE_SYS | ROLE_PA,
    [PERSON_GIVE_CONSENT] = PEOPLE,
    [PERSON_WITHDRAW_CONSENT] = PEOPLE,
    [PERSON_REMIND_RESTRICTION] = ROLE_TM,
    [PERSON_END_RESTRICTION] = ROLE_TM,
    [PERSON_TAKE_MAILBOX] = ROLE_TM,
    [PERSON_ANNOUNCE_FORGETTING] = ROLE_TM,
    [PERSON_FORGET] = ROLE_TM,
    [PERSON_HIDE] = ROLE_TM,
    [PERSON_SHOW] = ROLE_TM,
    [PERSON_THIN] = ROLE_TM,
};

static struct actor actor_of(enum role role)
{
    if (role == ROLE_AG) return (struct actor){role, partner, agency};
    if (role == ROLE_CN) return (struct actor){role, somebody, agency};
    return (struct actor){role, somebody, {{0}}};
}

static bool is_own_word(enum person_input_type type)
{
    return type == PERSON_CHANGE_CONTACT || type == PERSON_ASK_ERASURE ||
           type == PERSON_WITHDRAW_ERASURE || type == PERSON_ASK_RESTRICTION ||
           type == PERSON_WITHDRAW_RESTRICTION || type == PERSON_GIVE_CONSENT ||
           type == PERSON_WITHDRAW_CONSENT;
}

/* What nobody says of others, Ada says. */
static struct actor actor_for(enum person_input_type type, enum role role)
{
    struct actor actor = actor_of(role);

    if (is_own_word(type) && (role & PEOPLE) != 0) actor.id = ada;
    return actor;
}

static const struct person_who known = {.given_name = "Givenna",
                                        .has_family_name = true,
                                        .family_name = "Familyn",
                                        .has_email = true,
                                        .email = "mail@example.org",
                                        .has_phone = true,
                                        .phone = "+46701740605",
                                        .has_birth_date = true,
                                        .birth_date = {8886, 8886},
                                        .has_address = true,
                                        .address = "Streetway 1"};

/* What a role reads of others for. */
static enum person_purpose purpose_of(enum role role)
{
    if (role == ROLE_SYS) return PERSON_PURPOSE_DELIVERY;
    if (role == ROLE_CO || role == ROLE_PA) return PERSON_PURPOSE_COORDINATION;
    if (role == ROLE_AG || role == ROLE_CN) return PERSON_PURPOSE_CASEWORK;
    return PERSON_PURPOSE_GUIDANCE;
}

static void set_body(struct person_input *in)
{
    if (in->type == PERSON_REGISTER)
        in->person_register = (struct person_register){.details = known, .language = LANGUAGE_NN};
    if (in->type == PERSON_CHANGE)
        in->person_change = (struct person_change){.has_language = true, .language = LANGUAGE_EN};
    if (in->type == PERSON_GRANT_ROLE) in->person_grant_role.part = PERSON_PART_GUIDE;
    if (in->type == PERSON_END_ROLE)
        in->person_end_role =
            (struct person_end_role){PERSON_PART_PARTICIPANT, PERSON_END_REASON_MOVED_AWAY};
    if (in->type == PERSON_CHANGE_PROTECTION)
        in->person_change_protection.protection = PROTECTION_CONFIDENTIAL;
    if (in->type == PERSON_READ_NAME)
        in->person_read_name.purpose = purpose_of(in->head.actor.role);
    if (in->type == PERSON_READ) in->person_read.purpose = purpose_of(in->head.actor.role);
    if (in->type == PERSON_ON_REFERRAL_PROTECTION_CHANGED) {
        in->head.id = referral;
        in->referral_protection_changed.protection = PROTECTION_STRICTLY;
    }
}

static struct person_input input(enum person_input_type type, const struct person_case *c)
{
    const bool is_command = type < COMMANDS;
    const enum role role = is_command ? (enum role)(who[type] & -who[type]) : ROLE_SYS;
    struct person_input in = {.type = type, .head = head_of(role, c->row.id, c->row.version)};

    in.head.actor = actor_for(type, role);
    set_body(&in);
    return in;
}

static const char *run(struct person_case *c, const struct person_input *in)
{
    const struct id id = c->row.state == PERSON_STATE_NONE ? fresh : c->row.id;
    struct error err = {0};

    memset(&out, 0, sizeof out);
    if (!person_decide(c, in, &out, &err)) {
        assert_int_equal(out.count, 0);
        assert_true(err.text[0] != '\0');
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        assert_memory_equal(&out.at[i].id, &id, 16);
        person_evolve(&c->row, &out.at[i]);
        c->row.version++;
    }
    return NULL;
}

/* Another has asked that Ada be cleared and hidden less, or who takes that back; and the time for an answer is over where it
 * lapses. */
static void set_asked_for(struct person *row, enum person_input_type type)
{
    const bool is_withdrawn = type == PERSON_WITHDRAW_CLEARANCE || type == PERSON_WITHDRAW_LOWERING;
    const bool is_over = type == PERSON_LAPSE_CLEARANCE || type == PERSON_LAPSE_LOWERING;

    if (type < PERSON_CONFIRM_CLEARANCE || type > PERSON_LAPSE_LOWERING) return;
    row->has_clearance_part = row->has_clearance_due = row->has_clearance_asked_by = true;
    row->has_lowering_to = row->has_lowering_due = row->has_lowering_asked_by = true;
    row->has_clearance_hands = row->has_lowering_hands = true; /* the operator's alone */
    row->clearance_part = PERSON_PART_PARTICIPANT;
    row->clearance_asked_by = row->lowering_asked_by = is_withdrawn ? somebody : museum;
    row->clearance_due.ms = row->lowering_due.ms = now.ms + (is_over ? 0 : DAY_MS);
}

/* It has been asked that the use be restricted, or it is, or that is to end today. */
static void set_restriction(struct person *row, enum person_input_type type)
{
    if (type < PERSON_WITHDRAW_RESTRICTION || type > PERSON_END_RESTRICTION) return;
    row->has_restricted_since = type == PERSON_LIFT_RESTRICTION || type == PERSON_END_RESTRICTION;
    row->has_restriction_until = type == PERSON_END_RESTRICTION;
    row->has_restriction_asked = row->has_restriction_remind = !row->has_restricted_since;
    row->restriction_remind = row->restriction_until = now;
}

/* What is answered has been asked, and the month has gone by. */
static void set_asked(struct person_case *c, enum person_input_type type)
{
    if (c->row.state != PERSON_STATE_ACTIVE) return;
    set_restriction(&c->row, type);
    set_asked_for(&c->row, type);
    if (type != PERSON_WITHDRAW_ERASURE && type != PERSON_REFUSE_ERASURE &&
        type != PERSON_REMIND_ERASURE)
        return;
    c->row.has_erasure_asked_at = c->row.has_erasure_due = c->row.has_erasure_remind = true;
    c->row.erasure_asked_at = c->row.erasure_due = c->row.erasure_remind = now;
}

static const char *say(struct person_case *c, enum person_input_type type)
{
    struct person_input in = input(type, c);

    set_asked(c, type);
    if (type == PERSON_FORGET || type == PERSON_ANNOUNCE_FORGETTING)
        c->row.has_kept_until = true, c->row.kept_until = now;
    if (type == PERSON_THIN) {
        c->row.has_kept_until = c->row.has_thin_at = true;
        c->row.kept_until.ms = now.ms + DAY_MS;
        c->row.thin_at = now;
    }
    if (type == PERSON_TAKE_MAILBOX) c->row.has_mailbox_due = true, c->row.mailbox_due = now;
    if (type == PERSON_HIDE) c->row.protection = PROTECTION_MARKED;
    if (type == PERSON_SHOW) c->row.has_hidden = c->row.hidden = true;
    /* The one role that Ada has ends today, for the deadline that ends it tomorrow. */
    if (type == PERSON_END_DUE_ROLES && c->row.roles.count > 0) {
        c->row.roles.at[0].has_until = true;
        c->row.roles.at[0].until = instant_date(now);
        in.head.at.ms += DAY_MS;
    }
    return run(c, &in);
}

/* clang-format off */
enum { NON, ACT, ERA, NO = -1 };

static const int lives[PERSON_INPUTS][STATES] = {
    /*                                         NON  ACT  ERA */
    [PERSON_REGISTER]                       = { ACT, NO,  NO  },
    [PERSON_CHANGE]                         = { NO,  ACT, NO  },
    [PERSON_GRANT_ROLE]                     = { NO,  ACT, NO  },
    [PERSON_END_ROLE]                       = { NO,  ACT, NO  },
    [PERSON_UNDO]                           = { NO,  ACT, NO  },
    [PERSON_END_DUE_ROLES]                  = { NO,  ACT, NO  },
    [PERSON_CHANGE_PROTECTION]              = { NO,  ACT, NO  },
    [PERSON_CONFIRM_CLEARANCE]              = { NO,  ACT, NO  },
    [PERSON_REFUSE_CLEARANCE]               = { NO,  ACT, NO  },
    [PERSON_WITHDRAW_CLEARANCE]             = { NO,  ACT, NO  },
    [PERSON_LAPSE_CLEARANCE]                = { NO,  ACT, NO  },
    [PERSON_CONFIRM_LOWERING]               = { NO,  ACT, NO  },
    [PERSON_REFUSE_LOWERING]                = { NO,  ACT, NO  },
    [PERSON_WITHDRAW_LOWERING]              = { NO,  ACT, NO  },
    [PERSON_LAPSE_LOWERING]                 = { NO,  ACT, NO  },
    [PERSON_READ]                           = { NO,  ACT, NO  },
    [PERSON_READ_NAME]                      = { NO,  ACT, NO  },
    [PERSON_ERASE]                          = { NO,  ERA, NO  },
    [PERSON_CHANGE_CONTACT]                 = { NO,  ACT, NO  },
    [PERSON_ASK_ERASURE]                    = { NO,  ACT, NO  },
    [PERSON_WITHDRAW_ERASURE]               = { NO,  ACT, NO  },
    [PERSON_REFUSE_ERASURE]                 = { NO,  ACT, NO  },
    [PERSON_REMIND_ERASURE]                 = { NO,  ACT, NO  },
    [PERSON_ASK_RESTRICTION]                = { NO,  ACT, NO  },
    [PERSON_WITHDRAW_RESTRICTION]           = { NO,  ACT, NO  },
    [PERSON_RESTRICT]                       = { NO,  ACT, NO  },
    [PERSON_REFUSE_RESTRICTION]             = { NO,  ACT, NO  },
    [PERSON_LIFT_RESTRICTION]               = { NO,  ACT, NO  },
    [PERSON_GIVE_CONSENT]                   = { NO,  ACT, NO  },
    [PERSON_WITHDRAW_CONSENT]               = { NO,  ACT, NO  },
    [PERSON_REMIND_RESTRICTION]             = { NO,  ACT, NO  },
    [PERSON_END_RESTRICTION]                = { NO,  ACT, NO  },
    [PERSON_TAKE_MAILBOX]                   = { NO,  ACT, NO  },
    [PERSON_ANNOUNCE_FORGETTING]            = { NO,  ACT, NO  },
    [PERSON_FORGET]                         = { NO,  ERA, NO  },
    [PERSON_HIDE]                           = { NO,  ACT, NO  },
    [PERSON_SHOW]                           = { NO,  ACT, NO  },
    [PERSON_THIN]                           = { NO,  ACT, NO  },
    [PERSON_ON_PROGRAMME_DAYS_APPLIED]      = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_RECEIVED]           = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_UPDATED]            = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_PROTECTION_CHANGED] = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_LOWERING_ASKED]     = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_REOPENED]           = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_REJECTED]           = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_COMPLETED]          = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_FAILED]             = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_CANCELLED]          = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_EXPIRED]            = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_DUPLICATE_LINKED]   = { NON, ACT, ERA },
    [PERSON_ON_REFERRAL_ENTERED_IN_ERROR]   = { NON, ACT, ERA },
    [PERSON_ON_RECIPIENT_LOST]              = { NON, ACT, ERA },
    [PERSON_ON_RECIPIENT_FOUND]             = { NON, ACT, ERA },
};
/* clang-format on */

static void every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < PERSON_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct person_case c = given(state);
            const char *code = say(&c, type);
            const int next = lives[type][state];

            matrix_code(&person_contract, type, person_state_words[state], code,
                        next == NO ? life_not_now.code : NULL);
            matrix_state(&person_contract, type, person_state_words[state],
                         person_state_words[c.row.state],
                         person_state_words[next == NO ? (int)state : next]);
        }
    }
}

/* Not their own word: that of whose agency they are, and of who is erased nobody knows whose they were. */
static bool is_agencys(unsigned type, unsigned role)
{
    return (role == ROLE_AG || role == ROLE_CN) && (who[type] & ROLE_PT) == 0;
}

static void every_role_for_every_command_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < COMMANDS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
                struct person_case c = given(state);
                struct person_input in = input(type, &c);
                const char *code, *may = lives[type][state] == NO ? life_not_now.code : NULL;

                if (type == PERSON_READ || type == PERSON_READ_NAME || who[type] == ROLE_TM)
                    continue;
                if (state == PERSON_STATE_ERASED && is_agencys(type, role))
                    may = person_not_theirs.code;
                set_asked(&c, type);
                if (role == ROLE_AG) c.row.has_lowering_asked_by = false;
                in.head.actor = actor_for(type, role);
                code = run(&c, &in);
                matrix_role_code(&person_contract, type, person_state_words[state], role, code,
                                 (who[type] & role) == 0 ? life_forbidden.code : may);
            }
        }
    }
}

static void a_stale_version_is_a_conflict_but_not_for_reading(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    struct person_input in = input(PERSON_CHANGE, &c), read = input(PERSON_READ, &c),
                        name = input(PERSON_READ_NAME, &c);

    (void)unused;
    in.head.version = read.head.version = name.head.version = 2;
    assert_ptr_equal(run(&c, &in), life_conflict.code);
    assert_null(run(&c, &read));
    assert_null(run(&c, &name));
}

static void nobody_acts_on_people_of_another_programme(void **unused)
{
    (void)unused;
    for (unsigned type = PERSON_CHANGE; type < COMMANDS; type++) {
        struct person_case c = given(PERSON_STATE_ACTIVE);
        struct person_input in = input(type, &c);

        if (who[type] == ROLE_TM) continue;
        in.head.programme = elsewhere;
        assert_ptr_equal(run(&c, &in), life_unknown.code);
    }
}

/* Registering, and being of an organisation. */

static void a_person_may_be_registered_with_a_first_part(void **unused)
{
    struct person_case c = given(PERSON_STATE_NONE);
    struct person_input in = input(PERSON_REGISTER, &c);
    struct person_register *ask = &in.person_register;
    const struct person_role_granted *granted = &out.at[1].person_role_granted;

    (void)unused;
    in.head.actor.role = ROLE_SYS;
    ask->has_organisation = ask->has_part = ask->has_cleared = ask->cleared = true;
    ask->has_languages = ask->has_occupations = ask->has_municipality = true;
    ask->organisation = club;
    ask->part = PERSON_PART_MENTOR;
    ask->languages = (struct spokens){2, {"sv", "so"}};
    ask->occupations = (struct occupations){1, {{OCCUPATION_SCHEME_SSYK, "7233"}}};
    strcpy(ask->municipality, "0180");
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 2);
    assert_memory_equal(&out.at[0].id, &fresh, 16);
    assert_memory_equal(&out.at[1].id, &fresh, 16);
    assert_memory_equal(&out.at[0].person_registered.sealed.event, &sealing, 16);
    assert_memory_equal(&out.at[0].person_registered.organisation, &club, 16);
    assert_int_equal(granted->part, PERSON_PART_MENTOR);
    assert_memory_equal(&granted->organisation, &club, 16);
    assert_true(granted->cleared);
    assert_string_equal(granted->languages.at[1], "so");
    assert_string_equal(granted->occupations.at[0].code, "7233");
    assert_string_equal(granted->municipality, "0180");
    assert_int_equal(granted->from.day, instant_date(now).day);
    assert_true(out.at[0].person_registered.has_organisation && granted->has_organisation);
    assert_int_equal(c.row.language, LANGUAGE_NN);
    assert_int_equal(c.row.protection, PROTECTION_NONE);
    assert_true(c.row.has_organisation && c.row.has_sealed);
    assert_memory_equal(&c.row.organisation, &club, 16);
    assert_int_equal(c.row.roles.count, 1);
    assert_true(c.row.roles.at[0].cleared && c.row.roles.at[0].has_organisation);
    assert_memory_equal(&c.row.roles.at[0].organisation, &club, 16);
}

static void protection_counts_from_the_first_day(void **unused)
{
    (void)unused;
    for (unsigned protection = 0; protection <= PROTECTION_STRICTLY; protection++) {
        struct person_case c = given(PERSON_STATE_NONE);
        struct person_input in = input(PERSON_REGISTER, &c);

        in.person_register.protection = protection;
        assert_null(run(&c, &in));
        assert_int_equal(out.at[0].person_registered.protection, protection);
        assert_int_equal(c.row.protection, protection);
    }
}

static void a_change_says_all_anew(void **unused)
{
    struct person_case c = given_mentor(), leaving = c;
    struct person_input in = input(PERSON_CHANGE, &c);

    (void)unused;
    c.row.organisation = museum;
    c.row.has_sealed = false;
    in.person_change.has_organisation = true;
    in.person_change.organisation = club;
    assert_null(run(&c, &in));
    assert_true(out.at[0].person_changed.has_organisation);
    assert_memory_equal(&out.at[0].person_changed.organisation, &club, 16);
    assert_int_equal(out.at[0].person_changed.language, LANGUAGE_EN);
    assert_int_equal(c.row.language, LANGUAGE_EN);
    assert_true(c.row.has_organisation && c.row.has_sealed);
    assert_memory_equal(&c.row.organisation, &club, 16);
    leaving.row.has_organisation = true;
    leaving.row.organisation = museum;
    assert_null(say(&leaving, PERSON_CHANGE));
    assert_true(leaving.row.has_organisation); /* what is left out stays */
    in = input(PERSON_CHANGE, &leaving);
    in.person_change.removes_organisation = true;
    assert_null(run(&leaving, &in));
    assert_false(leaving.row.has_organisation);
    assert_int_equal(leaving.row.language, LANGUAGE_EN);
}

static void registering_needs_an_open_programme_and_an_open_organisation_of_it(void **unused)
{
    struct person_case closed = given(PERSON_STATE_NONE), none = closed, gone = closed,
                       foreign = closed;
    struct person_input in = input(PERSON_REGISTER, &closed);

    (void)unused;
    closed.programme.state = PROGRAMME_STATE_CLOSED;
    assert_ptr_equal(run(&closed, &in), person_no_programme.code);
    none.programme.state = PROGRAMME_STATE_NONE;
    assert_ptr_equal(run(&none, &in), person_no_programme.code);
    in.person_register.has_organisation = true;
    in.person_register.organisation = club;
    gone.organisation.state = ORGANISATION_STATE_CLOSED;
    assert_ptr_equal(run(&gone, &in), person_no_organisation.code);
    foreign.organisation.programme = elsewhere;
    assert_ptr_equal(run(&foreign, &in), person_no_organisation.code);
}

static void a_clubs_coordinator_acts_on_the_clubs_people_only(void **unused)
{
    static const enum person_input_type acts[] = {PERSON_CHANGE, PERSON_GRANT_ROLE,
                                                  PERSON_END_ROLE};

    (void)unused;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        struct person_case own = given_mentor(), other = own, none = own;
        struct person_input in = input(acts[i], &own);

        in.head.actor = (struct actor){ROLE_CO, somebody, club};
        if (acts[i] == PERSON_CHANGE) {
            in.person_change.has_organisation = true;
            in.person_change.organisation = club;
        }
        if (acts[i] == PERSON_END_ROLE) in.person_end_role.part = PERSON_PART_MENTOR;
        assert_null(run(&own, &in));
        other.row.organisation = museum;
        assert_ptr_equal(run(&other, &in), person_not_theirs.code);
        none.row.has_organisation = false;
        assert_ptr_equal(run(&none, &in), person_not_theirs.code);
    }
}

static void and_on_participants_for_whom_the_club_is_responsible(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    struct person_input in = input(PERSON_CHANGE, &c);

    (void)unused;
    in.head.actor = (struct actor){ROLE_CO, somebody, club};
    assert_ptr_equal(run(&c, &in), person_not_theirs.code);
    c.is_ward = true;
    in = input(PERSON_END_ROLE, &c);
    in.head.actor = (struct actor){ROLE_CO, somebody, club};
    assert_int_equal(c.row.roles.at[0].part, in.person_end_role.part);
    assert_null(run(&c, &in));
}

/* Of whatever organisation; the programme's admin does. */
static void a_coordinator_acts_on_no_other_coordinator_and_appoints_none(void **unused)
{
    static const enum person_input_type acts[] = {PERSON_CHANGE, PERSON_GRANT_ROLE,
                                                  PERSON_END_ROLE};
    const struct id acting_for[] = {club, {{0}}};

    (void)unused;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        for (size_t n = 0; n < 2; n++) {
            struct person_case other = given_mentor(), self;
            struct person_input in = input(acts[i], &other);

            other.row.roles.at[other.row.roles.count++] = role_in(PERSON_PART_COORDINATOR, false);
            self = other;
            in.head.actor = (struct actor){ROLE_CO, somebody, acting_for[n]};
            if (acts[i] == PERSON_END_ROLE) in.person_end_role.part = PERSON_PART_MENTOR;
            if (acts[i] == PERSON_CHANGE) {
                in.person_change.has_organisation = true;
                in.person_change.organisation = club;
            }
            assert_ptr_equal(run(&other, &in), person_not_theirs.code);
            in.head.actor.id = self.row.id; /* but on themself */
            assert_null(run(&self, &in));
        }
}

static void nor_a_coordinators_part_or_a_clearance(void **unused)
{
    struct person_case c = given_mentor();
    struct person_input grant = input(PERSON_GRANT_ROLE, &c), end = input(PERSON_END_ROLE, &c);

    (void)unused;
    grant.head.actor = end.head.actor = (struct actor){ROLE_CO, c.row.id, {{0}}};
    grant.person_grant_role.part = PERSON_PART_COORDINATOR;
    assert_ptr_equal(run(&c, &grant), person_not_to_appoint.code);
    c.row.roles.at[c.row.roles.count++] = role_in(PERSON_PART_COORDINATOR, false);
    end.person_end_role.part = PERSON_PART_COORDINATOR;
    assert_ptr_equal(run(&c, &end), person_not_to_appoint.code);

    c = given_mentor(); /* said anew without it, it would be gone */
    c.row.roles.at[0] = role_in(PERSON_PART_MENTOR, true);
    grant.person_grant_role.part = PERSON_PART_MENTOR;
    grant.person_grant_role.has_cleared = false;
    assert_ptr_equal(run(&c, &grant), person_not_to_clear.code);
    grant.head.actor.role = ROLE_PA;
    assert_null(run(&c, &grant));
}

static void a_clubs_coordinator_registers_the_clubs_people_only(void **unused)
{
    struct person_case own = given(PERSON_STATE_NONE), other = own, none = own;
    struct person_case leaving = given_mentor(), lending = leaving;
    struct person_input in = input(PERSON_REGISTER, &own);

    (void)unused;
    in.head.actor = (struct actor){ROLE_CO, somebody, club};
    assert_ptr_equal(run(&none, &in), person_not_theirs.code);
    in.person_register.has_organisation = true;
    in.person_register.organisation = museum;
    assert_ptr_equal(run(&other, &in), person_not_theirs.code);
    in.person_register.organisation = club;
    assert_null(run(&own, &in));

    in = input(PERSON_CHANGE, &leaving); /* not out of the club either */
    in.head.actor = (struct actor){ROLE_CO, somebody, club};
    in.person_change.removes_organisation = true;
    assert_ptr_equal(run(&leaving, &in), person_not_theirs.code);
    in = input(PERSON_GRANT_ROLE, &lending); /* nor into another's service */
    in.head.actor = (struct actor){ROLE_CO, somebody, club};
    in.person_grant_role.has_organisation = true;
    in.person_grant_role.organisation = museum;
    assert_ptr_equal(run(&lending, &in), person_not_theirs.code);
    lending.organisation.state = ORGANISATION_STATE_CLOSED;
    assert_ptr_equal(run(&lending, &in), person_no_organisation.code);
}

/* Roles. */

static void the_same_part_again_replaces_what_was_said_of_it(void **unused)
{
    struct person_case c = given_mentor();
    struct person_input in = input(PERSON_GRANT_ROLE, &c);

    (void)unused;
    in.head.actor.role = ROLE_SYS;
    in.person_grant_role.part = PERSON_PART_MENTOR;
    in.person_grant_role.has_cleared = in.person_grant_role.cleared = true;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.roles.count, 1);
    assert_true(c.row.roles.at[0].cleared);
    assert_int_equal(c.row.roles.at[0].from.day, instant_date(now).day);
}

/* What brought them is over with their part. */
static void that_a_participant_takes_no_part_any_more_tells_of_the_referral(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE), d = given_mentor();
    struct person_input in = input(PERSON_END_ROLE, &c);

    (void)unused;
    in.head.actor.role = ROLE_PA;
    in.person_end_role.part = PERSON_PART_PARTICIPANT;
    assert_null(run(&c, &in));
    assert_true(out.at[0].person_role_ended.has_referral);
    assert_true(id_equal(out.at[0].person_role_ended.referral, referral));
    in.person_end_role.part = PERSON_PART_MENTOR;
    assert_null(run(&d, &in));
    assert_false(out.at[0].person_role_ended.has_referral);
}

static void there_is_room_for_every_part_and_each_ends_alone(void **unused)
{
    struct person_case c = given_mentor();

    (void)unused;
    for (unsigned part = 0; part <= PERSON_PART_DATA_PROTECTION_OFFICER; part++) {
        struct person_input in = input(PERSON_GRANT_ROLE, &c);

        in.head.actor.role = ROLE_PA; /* who may give every part */
        in.person_grant_role.part = part;
        assert_null(run(&c, &in));
    }
    assert_int_equal(c.row.roles.count, PERSON_PART_DATA_PROTECTION_OFFICER + 1);
    for (unsigned part = 0; part <= PERSON_PART_DATA_PROTECTION_OFFICER; part++) {
        struct person_input in = input(PERSON_END_ROLE, &c);

        in.head.actor.role = ROLE_PA;
        in.person_end_role.part = part;
        assert_null(run(&c, &in));
        assert_int_equal(out.at[0].person_role_ended.part, part);
        assert_int_equal(out.at[0].person_role_ended.reason, PERSON_END_REASON_MOVED_AWAY);
        assert_int_equal(c.row.roles.count, PERSON_PART_DATA_PROTECTION_OFFICER - part);
        assert_memory_equal(&c.row.roles.at[c.row.roles.count], &(struct person_role){0},
                            sizeof(struct person_role)); /* so that rows compare by their bytes */
        in.head.version = c.row.version;
        assert_ptr_equal(run(&c, &in), person_no_such_role.code);
    }
}

static void only_the_admin_clears_somebody_for_the_protected(void **unused)
{
    struct person_case c = given_mentor(), new = given(PERSON_STATE_NONE);
    struct person_input grant = input(PERSON_GRANT_ROLE, &c), enrol = input(PERSON_REGISTER, &new);

    (void)unused;
    grant.person_grant_role.has_cleared = grant.person_grant_role.cleared = true;
    assert_ptr_equal(run(&c, &grant), person_not_to_clear.code);
    enrol.person_register.has_part = true;
    enrol.person_register.has_cleared = enrol.person_register.cleared = true;
    assert_ptr_equal(run(&new, &enrol), person_not_to_clear.code);
    grant.person_grant_role.cleared = false;
    assert_null(run(&c, &grant));
    grant.person_grant_role.cleared = true;
    grant.head = head_of(ROLE_SYS, ada, c.row.version);
    assert_null(run(&c, &grant));
}

/* Who watches over coordinators is not theirs to name, neither of somebody who is there nor of somebody new. */
static void only_an_admin_names_the_data_protection_officer(void **unused)
{
    struct person_case c = given_mentor(), new = given(PERSON_STATE_NONE);
    struct person_input grant = input(PERSON_GRANT_ROLE, &c), enrol = input(PERSON_REGISTER, &new);

    (void)unused;
    grant.person_grant_role.part = enrol.person_register.part = PERSON_PART_DATA_PROTECTION_OFFICER;
    enrol.person_register.has_part = true;
    grant.head.actor.role = enrol.head.actor.role = ROLE_CO;
    assert_string_equal(run(&c, &grant), life_forbidden.code);
    assert_string_equal(run(&new, &enrol), life_forbidden.code);
    grant.head.actor.role = enrol.head.actor.role = ROLE_PA;
    assert_null(run(&c, &grant));
    assert_null(run(&new, &enrol));
}

static void a_role_begins_today_at_the_latest_and_ends_by_itself(void **unused)
{
    struct person_case c = given_mentor();
    struct person_input in = input(PERSON_GRANT_ROLE, &c);
    struct person_grant_role *ask = &in.person_grant_role;
    const int64_t today = instant_date(now).day;
    unsigned command;

    (void)unused;
    assert_int_equal(person_due(&c.row, &command).ms, 0);
    ask->has_from = ask->has_until = true;
    ask->from.day = today + 1;
    ask->until.day = today + 9;
    assert_ptr_equal(run(&c, &in), person_not_yet.code);
    ask->from.day = today - 9;
    c.programme.from.day = today - 8;
    assert_ptr_equal(run(&c, &in), person_before_first_day.code);
    c.programme.from.day = today - 9;
    ask->until.day = today - 1;
    assert_ptr_equal(run(&c, &in), person_ends_before.code);
    ask->from.day = today;
    ask->until.day = today + 2;
    assert_null(run(&c, &in));
    in.head.version = c.row.version;
    ask->part = PERSON_PART_VOLUNTEER_COORDINATOR;
    ask->until.day = today + 1;
    assert_null(run(&c, &in));

    assert_int_equal(person_due(&c.row, &command).ms,
                     (today + 2) * DAY_MS - 3600000); /* tomorrow's end */
    assert_int_equal(command, PERSON_END_DUE_ROLES);
    in = input(PERSON_END_DUE_ROLES, &c);
    in.head.version = VERSION_ANY;
    in.head.at.ms = (today + 2) * DAY_MS - 3600000 - 1;
    assert_ptr_equal(run(&c, &in), person_not_due.code);
    in.head.at.ms++;
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].person_role_ended.part, PERSON_PART_VOLUNTEER_COORDINATOR);
    assert_int_equal(out.at[0].person_role_ended.reason, PERSON_END_REASON_FINISHED);
    in.head.at.ms += 30 * DAY_MS; /* late is well */
    assert_null(run(&c, &in));
    assert_int_equal(c.row.roles.count, 1); /* the mentor's has no end */
    assert_int_equal(person_due(&c.row, &command).ms, 0);
}

/* Protection. */

static void a_protected_persons_place_is_in_no_event(void **unused)
{
    (void)unused;
    for (unsigned protection = 0; protection <= PROTECTION_STRICTLY; protection++) {
        struct person_case c = given_mentor(), new = given(PERSON_STATE_NONE);
        struct person_input grant = input(PERSON_GRANT_ROLE, &c),
                            enrol = input(PERSON_REGISTER, &new);

        c.row.protection = enrol.person_register.protection = protection;
        grant.person_grant_role.has_municipality = true;
        strcpy(grant.person_grant_role.municipality, "0980");
        assert_null(run(&c, &grant));
        assert_int_equal(is_in(&out, sizeof out, "0980"), protection == PROTECTION_NONE);

        enrol.person_register.has_part = enrol.person_register.has_municipality = true;
        strcpy(enrol.person_register.municipality, "0980");
        assert_null(run(&new, &enrol));
        assert_int_equal(is_in(&out, sizeof out, "0980"), protection == PROTECTION_NONE);
    }
}

static void protection_is_said_once_and_names_the_referral(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE), same = c;
    struct person_input in = input(PERSON_CHANGE_PROTECTION, &same);
    const struct person_protection_changed *said = &out.at[0].person_protection_changed;

    (void)unused;
    assert_null(say(&c, PERSON_CHANGE_PROTECTION));
    assert_int_equal(c.row.protection, PROTECTION_CONFIDENTIAL);
    assert_memory_equal(&said->referral, &referral, 16);
    in.person_change_protection.protection = PROTECTION_NONE;
    assert_ptr_equal(run(&same, &in), person_same_protection.code);

    assert_null(say(&c, PERSON_ON_REFERRAL_PROTECTION_CHANGED));
    assert_int_equal(out.count, 1);
    assert_int_equal(c.row.protection, PROTECTION_STRICTLY);
    assert_null(say(&c, PERSON_ON_REFERRAL_PROTECTION_CHANGED)); /* the echo of one's own */
    assert_int_equal(out.count, 0);
}

static void whose_referral_is_taken_up_again_takes_part_again(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    const struct person_role_granted *said = &out.at[0].person_role_granted;

    (void)unused;
    assert_null(say(&c, PERSON_ON_REFERRAL_REOPENED)); /* they never ceased to */
    assert_int_equal(out.count, 0);
    assert_null(say(&c, PERSON_END_ROLE));
    assert_int_equal(c.row.roles.count, 0);
    assert_null(say(&c, PERSON_ON_REFERRAL_REOPENED));
    assert_int_equal(out.count, 1);
    assert_int_equal(said->part, PERSON_PART_PARTICIPANT);
    assert_int_equal(said->from.day, instant_date(now).day);
    assert_false(said->cleared || said->has_until);
    assert_int_equal(c.row.roles.count, 1);

    c = given(PERSON_STATE_ERASED);
    assert_null(say(&c, PERSON_ON_REFERRAL_REOPENED));
    assert_int_equal(out.count, 0);
}

static void an_agency_protects_whom_it_referred_only(void **unused)
{
    static const struct actor actors[] = {{ROLE_AG, {"other"}, {"agency"}},
                                          {ROLE_CN, {"somebody"}, {"other"}},
                                          {ROLE_CN, {"somebody"}, {{0}}}};

    (void)unused;
    for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++) {
        struct person_case c = given(PERSON_STATE_ACTIVE), mentor = given_mentor();
        struct person_input in = input(PERSON_CHANGE_PROTECTION, &c);

        in.head.actor = actors[i];
        assert_ptr_equal(run(&c, &in), person_not_theirs.code);
        assert_ptr_equal(run(&mentor, &in), person_not_theirs.code);
    }
}

/* Reading. */

static const char *read_as(struct person_case c, enum role role, struct id id,
                           struct id organisation, enum person_purpose purpose)
{
    struct person_input in = input(PERSON_READ, &c);

    in.head.actor = (struct actor){role, id, organisation};
    in.person_read.purpose = purpose;
    return run(&c, &in);
}

static void set_link(struct person_case *c, enum link_kind kind, enum link_state state)
{
    c->links_count = 1;
    c->links[0] = (struct link){.id = one,
                                .kind = kind,
                                .state = state,
                                .participant = ada,
                                .has_other = true,
                                .other = somebody,
                                .has_host = kind == LINK_KIND_PLACEMENT,
                                .host = museum};
}

/* With a link that is open, and one's own data apart: see the tests below. */
static void who_reads_whom(void **unused)
{
    static const unsigned anybody = ROLE_PA | ROLE_CO, agencys = ROLE_AG | ROLE_CN;

    (void)unused;
    for (unsigned role = ROLE_CO; role < ROLE_TM; role *= 2) {
        struct person_case c = given(PERSON_STATE_ACTIVE), mentor = given_mentor();
        const struct actor actor = actor_of(role);
        const char *participants = read_as(c, role, actor.id, actor.organisation, purpose_of(role));
        const char *mentors = read_as(mentor, role, actor.id, actor.organisation, purpose_of(role));

        if (participants != ((role & (anybody | agencys)) != 0 ? NULL : life_forbidden.code))
            fail_msg("a participant by role %x: %s", role, participants);
        if (mentors != ((role & anybody) != 0 ? NULL : life_forbidden.code))
            fail_msg("a mentor by role %x: %s", role, mentors);
    }
    assert_null(read_as(given(PERSON_STATE_ACTIVE), ROLE_SYS, (struct id){{0}}, (struct id){{0}},
                        PERSON_PURPOSE_DELIVERY));
    assert_ptr_equal(read_as(given(PERSON_STATE_ACTIVE), ROLE_TM, (struct id){{0}},
                             (struct id){{0}}, PERSON_PURPOSE_DELIVERY),
                     life_forbidden.code);
    assert_ptr_equal(read_as(given(PERSON_STATE_ACTIVE), ROLE_AG, (struct id){"other"}, agency,
                             PERSON_PURPOSE_CASEWORK),
                     life_forbidden.code);
    assert_ptr_equal(read_as(given(PERSON_STATE_ACTIVE), ROLE_CN, somebody, (struct id){"other"},
                             PERSON_PURPOSE_CASEWORK),
                     life_forbidden.code);
}

/* Nobody's participants are not everybody's. */
static void a_clubs_coordinator_reads_participants_with_whom_the_club_has_to_do(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);

    (void)unused;
    assert_ptr_equal(read_as(c, ROLE_CO, somebody, club, PERSON_PURPOSE_COORDINATION),
                     life_forbidden.code);
    assert_null(read_as(c, ROLE_CO, ada, club, PERSON_PURPOSE_OWN));
    c.is_known = true;
    assert_null(read_as(c, ROLE_CO, somebody, club, PERSON_PURPOSE_COORDINATION));
    c.is_known = false;
    c.is_ward = true;
    assert_null(read_as(c, ROLE_CO, somebody, club, PERSON_PURPOSE_COORDINATION));
    c.is_ward = false;
    c.row.roles.at[0] = role_in(PERSON_PART_MENTOR, false);
    c.row.roles.at[0].has_organisation = true;
    c.row.roles.at[0].organisation = club;
    assert_null(read_as(c, ROLE_CO, somebody, club, PERSON_PURPOSE_COORDINATION));
    assert_true(person_takes_part_for(&c.row, PERSON_PART_MENTOR, club));
    assert_false(person_takes_part_for(&c.row, PERSON_PART_MENTOR, museum));
    assert_false(person_takes_part_for(&c.row, PERSON_PART_SUPERVISOR, club));
}

static void a_clubs_coordinator_reads_no_other_clubs_people(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);

    (void)unused;
    c.row.has_organisation = true;
    c.row.organisation = club;
    assert_null(read_as(c, ROLE_CO, somebody, club, PERSON_PURPOSE_COORDINATION));
    assert_null(read_as(c, ROLE_CO, somebody, (struct id){{0}}, PERSON_PURPOSE_COORDINATION));
    assert_ptr_equal(read_as(c, ROLE_CO, somebody, (struct id){"other"}, PERSON_PURPOSE_CASEWORK),
                     life_forbidden.code);
}

static void everybody_reads_what_is_their_own(void **unused)
{
    (void)unused;
    for (unsigned role = ROLE_CO; role < ROLE_TM; role *= 2) {
        struct person_case c = given(PERSON_STATE_ACTIVE);
        const bool is_none = role == ROLE_AG || role == ROLE_DP; /* no person; opens nothing */
        const char *code;

        c.row.protection = PROTECTION_STRICTLY;
        code = read_as(c, role, ada, (struct id){{0}}, PERSON_PURPOSE_OWN);
        assert_ptr_equal(code, is_none ? life_forbidden.code : NULL);
    }
}

static void who_is_linked_reads_while_it_lasts(void **unused)
{
    static const struct {
        enum role role;
        enum link_kind kind;
        unsigned is_other; /* reads as the link's other; else for its host */
    } readers[] = {{ROLE_ME, LINK_KIND_MENTORSHIP, true},
                   {ROLE_SU, LINK_KIND_PLACEMENT, true},
                   {ROLE_HO, LINK_KIND_PLACEMENT, false}};

    (void)unused;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        const struct id who_reads = readers[i].is_other ? somebody : (struct id){"host's"};
        const struct id of = readers[i].is_other ? (struct id){{0}} : museum;

        for (unsigned state = LINK_STATE_AGREED; state <= LINK_STATE_ENDED; state++) {
            const bool is_open = state == LINK_STATE_AGREED || state == LINK_STATE_RUNNING;
            struct person_case c = given(PERSON_STATE_ACTIVE), later;
            const char *code;

            set_link(&c, readers[i].kind, state);
            code = read_as(c, readers[i].role, who_reads, of, PERSON_PURPOSE_GUIDANCE);
            assert_ptr_equal(code, is_open ? NULL : life_forbidden.code);
            later = c;
            later.links[0].has_until = true;
            later.links[0].until = (struct instant){now.ms + 1};
            assert_null(read_as(later, readers[i].role, who_reads, of, PERSON_PURPOSE_GUIDANCE));
            later.links[0].until = now; /* it is over */
            code = read_as(later, readers[i].role, who_reads, of, PERSON_PURPOSE_GUIDANCE);
            assert_ptr_equal(code, is_open ? NULL : life_forbidden.code);
        }
    }
}

static void a_link_is_with_one_and_about_one(void **unused)
{
    struct person_case other = given(PERSON_STATE_ACTIVE), kind = other, about = other,
                       unset = other;

    (void)unused;
    set_link(&other, LINK_KIND_MENTORSHIP, LINK_STATE_RUNNING);
    assert_ptr_equal(
        read_as(other, ROLE_ME, (struct id){"eve"}, (struct id){{0}}, PERSON_PURPOSE_GUIDANCE),
        life_forbidden.code);
    assert_ptr_equal(read_as(other, ROLE_SU, somebody, (struct id){{0}}, PERSON_PURPOSE_GUIDANCE),
                     life_forbidden.code);
    set_link(&kind, LINK_KIND_PLACEMENT, LINK_STATE_RUNNING);
    assert_ptr_equal(read_as(kind, ROLE_ME, somebody, museum, PERSON_PURPOSE_GUIDANCE),
                     life_forbidden.code);
    assert_ptr_equal(read_as(kind, ROLE_HO, somebody, club, PERSON_PURPOSE_GUIDANCE),
                     life_forbidden.code);
    set_link(&about, LINK_KIND_MENTORSHIP, LINK_STATE_RUNNING);
    about.links[0].participant = somebody;
    assert_ptr_equal(read_as(about, ROLE_ME, somebody, (struct id){{0}}, PERSON_PURPOSE_GUIDANCE),
                     life_forbidden.code);
    set_link(&unset, LINK_KIND_PLACEMENT, LINK_STATE_AGREED); /* nobody supervises yet */
    unset.links[0].has_other = unset.links[0].has_host = false;
    unset.links[0].other = unset.links[0].host = (struct id){{0}};
    assert_ptr_equal(
        read_as(unset, ROLE_SU, (struct id){{0}}, (struct id){{0}}, PERSON_PURPOSE_GUIDANCE),
        life_forbidden.code);
    assert_ptr_equal(
        read_as(unset, ROLE_HO, (struct id){{0}}, (struct id){{0}}, PERSON_PURPOSE_GUIDANCE),
        life_forbidden.code);
}

/* Cecilia is Ada's mentor, or supervisor: the links are Ada's, who reads. */
static const char *read_name_as(struct person_case c, enum role role, struct id id)
{
    struct person_input in = input(PERSON_READ_NAME, &c);

    in.head.actor = (struct actor){role, id, {{0}}};
    in.person_read_name.purpose = purpose_of(role);
    return run(&c, &in);
}

static struct person_case given_looked_after(enum link_kind kind, enum link_state state)
{
    struct person_case c = given_mentor();

    set_link(&c, kind, state);
    c.row.id = c.links[0].other = somebody;
    c.links[0].agreement = true;
    return c;
}

static void a_participant_knows_the_name_of_who_looks_after_them_and_no_more(void **unused)
{
    (void)unused;
    for (unsigned kind = LINK_KIND_MENTORSHIP; kind <= LINK_KIND_PLACEMENT; kind++) {
        for (unsigned state = LINK_STATE_PROPOSED; state <= LINK_STATE_ENDED; state++) {
            const bool is_open = state == LINK_STATE_AGREED || state == LINK_STATE_RUNNING;
            struct person_case c = given_looked_after(kind, state), planned = c;
            const char *code = read_name_as(c, ROLE_PT, ada);

            assert_ptr_equal(code, is_open ? NULL : life_forbidden.code);
            assert_ptr_equal(read_as(c, ROLE_PT, ada, (struct id){{0}}, PERSON_PURPOSE_GUIDANCE),
                             life_forbidden.code);
            assert_ptr_equal(read_name_as(c, ROLE_ME, ada), life_forbidden.code);
            assert_ptr_equal(read_name_as(c, ROLE_PT, one), life_forbidden.code);
            planned.links[0].agreement = false;
            code = read_name_as(planned, ROLE_PT, ada);
            assert_ptr_equal(code,
                             is_open && kind == LINK_KIND_MENTORSHIP ? NULL : life_forbidden.code);
        }
    }
}

static void a_name_is_told_of_who_is_linked_and_not_protected(void **unused)
{
    struct person_case c = given_looked_after(LINK_KIND_MENTORSHIP, LINK_STATE_RUNNING);
    struct person_case hidden = c, other = c, nobody = c;

    (void)unused;
    hidden.row.protection = PROTECTION_MARKED;
    assert_ptr_equal(read_name_as(hidden, ROLE_PT, ada), person_protected.code);
    other.links[0].other = museum;
    assert_ptr_equal(read_name_as(other, ROLE_PT, ada), life_forbidden.code);
    nobody.links[0].has_other = false;
    assert_ptr_equal(read_name_as(nobody, ROLE_PT, ada), life_forbidden.code);
    assert_null(read_name_as(c, ROLE_PA, one)); /* who may read all may read less */
    assert_true(out.at[0].person_was_read.has_what);
    assert_int_equal(out.at[0].person_was_read.what, PERSON_OPENED_NAME);
    assert_int_equal(out.at[0].person_was_read.purpose, PERSON_PURPOSE_COORDINATION);
}

/* Where somebody is reached, and as what they take part, is not changed by who may not know who they are. */
static void from_marked_on_only_who_is_cleared_changes_anything(void **unused)
{
    static const enum person_input_type types[] = {
        PERSON_CHANGE,   PERSON_GRANT_ROLE,       PERSON_END_ROLE,       PERSON_ERASE,
        PERSON_RESTRICT, PERSON_LIFT_RESTRICTION, PERSON_REFUSE_ERASURE, PERSON_REFUSE_RESTRICTION};

    (void)unused;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct person_case c = given(PERSON_STATE_ACTIVE), d;
        struct person_input in = input(types[i], &c);

        c.row.protection = PROTECTION_MARKED;
        d = c;
        in.head.actor.role = ROLE_PA;
        in.head.is_cleared = false;
        in.head.version = c.row.version + 1; /* nor do they hear how it stands */
        assert_ptr_equal(run(&c, &in), life_guarded.code);
        in.head.is_cleared = true;
        in.head.version = d.row.version;
        assert_true(run(&d, &in) != life_guarded.code);
    }
}

/* Neither their word, which somebody writes down, nor their own, said with what somebody else may have kept. */
static void nor_says_anything_for_them(void **unused)
{
    static const enum person_input_type types[] = {
        PERSON_ASK_ERASURE,          PERSON_WITHDRAW_ERASURE, PERSON_ASK_RESTRICTION,
        PERSON_WITHDRAW_RESTRICTION, PERSON_GIVE_CONSENT,     PERSON_WITHDRAW_CONSENT};

    (void)unused;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        for (int is_shared = 0; is_shared < 2; is_shared++) {
            struct person_case c = given(PERSON_STATE_ACTIVE), own, near;
            struct person_input in = input(types[i], &c);

            c.row.protection = PROTECTION_MARKED;
            own = near = c;
            in.head.is_cleared = false;
            in.head.actor =
                (struct actor){is_shared ? ROLE_PT : ROLE_CO, is_shared ? ada : one, {{0}}};
            in.head.is_shared = is_shared;
            in.head.has_behalf = !is_shared;
            in.head.behalf = (struct behalf){.of = VOICE_PARTICIPANT, .told = TOLD_HOW_TELEPHONE};
            assert_ptr_equal(run(&c, &in), life_guarded.code);
            in.head.is_shared = false;
            if (is_shared) assert_true(run(&own, &in) != life_guarded.code);
            in.head.is_cleared = true;
            assert_true(run(&near, &in) != life_guarded.code);
        }
    }
}

static enum person_part part_of(enum role role)
{
    for (unsigned part = PERSON_PART_PARTICIPANT; part <= PERSON_PART_DATA_PROTECTION_OFFICER;
         part++)
        if (person_acts_as(role_word(role), part)) return part;
    return PERSON_PART_GUIDE;
}

static void from_marked_on_only_who_is_cleared_reads(void **unused)
{
    (void)unused;
    for (unsigned protection = PROTECTION_MARKED; protection <= PROTECTION_STRICTLY; protection++) {
        for (unsigned role = ROLE_CO; role < ROLE_TM; role *= 2) {
            struct person_case c = given(PERSON_STATE_ACTIVE), cleared, before, gone, foreign,
                               other;
            const bool is_placement = role == ROLE_SU || role == ROLE_HO;
            const struct actor as =
                role == ROLE_HO ? (struct actor){role, somebody, museum} : actor_of(role);
            const char *in_time;

            c.row.protection = protection;
            set_link(&c, is_placement ? LINK_KIND_PLACEMENT : LINK_KIND_MENTORSHIP,
                     LINK_STATE_RUNNING);
            in_time = read_as(c, role, as.id, as.organisation, purpose_of(role));
            if (in_time == life_forbidden.code) continue; /* not cleared, and not concerned */
            assert_ptr_equal(in_time, person_protected.code);

            cleared = c;
            cleared.reader = (struct person){.id = somebody,
                                             .programme = work,
                                             .state = PERSON_STATE_ACTIVE,
                                             .roles = {1, {role_in(part_of(role), true)}}};
            in_time = read_as(cleared, role, as.id, as.organisation, purpose_of(role));
            assert_ptr_equal(in_time, role == ROLE_AG ? person_protected.code : NULL);
            before = gone = foreign = other = cleared;
            other.reader.roles.at[0].part = PERSON_PART_GUIDE;
            assert_ptr_equal(read_as(other, role, as.id, as.organisation, purpose_of(role)),
                             person_protected.code); /* in that part they are anybody */
            before.reader.roles.at[0].has_until = true;
            before.reader.roles.at[0].until.day = instant_date(now).day - 1;
            assert_ptr_equal(read_as(before, role, as.id, as.organisation, purpose_of(role)),
                             person_protected.code);
            gone.reader.state = PERSON_STATE_ERASED;
            assert_ptr_equal(read_as(gone, role, as.id, as.organisation, purpose_of(role)),
                             person_protected.code);
            foreign.reader.programme = elsewhere;
            assert_ptr_equal(read_as(foreign, role, as.id, as.organisation, purpose_of(role)),
                             person_protected.code);
        }
    }
}

static void messages_reach_the_protected_too(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);

    (void)unused;
    c.row.protection = PROTECTION_STRICTLY;
    assert_null(read_as(c, ROLE_SYS, (struct id){{0}}, (struct id){{0}}, PERSON_PURPOSE_DELIVERY));
}

/* With a link that is open to whom it takes one, and cleared: what they read for is all that is left to refuse. */
static const char *read_for(enum role role, struct id id, enum person_purpose purpose)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    const struct id of = role == ROLE_HO   ? museum
                         : role == ROLE_CO ? club
                                           : actor_of(role).organisation;
    const bool is_mentors = role == ROLE_ME;

    set_link(&c, is_mentors ? LINK_KIND_MENTORSHIP : LINK_KIND_PLACEMENT, LINK_STATE_RUNNING);
    c.is_known = true;
    return read_as(c, role, id, of, purpose);
}

static void what_is_read_for_is_the_readers_own(void **unused)
{
    static const struct {
        enum role role;
        unsigned of_others; /* bits of enum person_purpose */
    } rows[] = {
        {ROLE_SYS, 1 << PERSON_PURPOSE_DELIVERY | 1 << PERSON_PURPOSE_OWN},
        {ROLE_PA, 1 << PERSON_PURPOSE_COORDINATION | 1 << PERSON_PURPOSE_OWN},
        {ROLE_CO, 1 << PERSON_PURPOSE_COORDINATION},
        {ROLE_HO, 1 << PERSON_PURPOSE_COORDINATION | 1 << PERSON_PURPOSE_GUIDANCE},
        {ROLE_ME, 1 << PERSON_PURPOSE_GUIDANCE},
        {ROLE_SU, 1 << PERSON_PURPOSE_GUIDANCE},
        {ROLE_AG, 1 << PERSON_PURPOSE_CASEWORK},
        {ROLE_CN, 1 << PERSON_PURPOSE_CASEWORK},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const enum role role = rows[i].role;

        for (unsigned purpose = 0; purpose <= PERSON_PURPOSE_OWN; purpose++) {
            const bool may = (rows[i].of_others >> purpose & 1) != 0;
            const char *code = read_for(role, actor_of(role).id, purpose);

            if (code != (may ? NULL : person_wrong_purpose.code))
                fail_msg("role %x for %s: %s", role, person_purpose_words[purpose], code);
        }
        if (role != ROLE_SYS && role != ROLE_AG)
            assert_null(read_for(role, ada, PERSON_PURPOSE_OWN));
    }
    assert_null(read_for(ROLE_PT, ada, PERSON_PURPOSE_OWN));
    assert_ptr_equal(read_for(ROLE_PT, ada, PERSON_PURPOSE_DELIVERY), person_wrong_purpose.code);
}

static void a_reading_is_recorded_and_changes_nothing_else(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    const struct person before = c.row;
    struct person_input in = input(PERSON_READ, &c);
    struct sealed sealed = {.holds = 1};
    struct id owner;

    (void)unused;
    person_open(&c, &in, &owner, &sealed);
    assert_memory_equal(&owner, &ada, 16);
    assert_memory_equal(&sealed, &c.row.sealed, sizeof sealed);
    in.head.actor.role = ROLE_PA;
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].type, PERSON_WAS_READ);
    assert_int_equal(out.at[0].person_was_read.role, ACTOR_ROLE_PROGRAMME_ADMIN);
    assert_int_equal(out.at[0].person_was_read.purpose, PERSON_PURPOSE_COORDINATION);
    assert_int_equal(out.at[0].person_was_read.what, PERSON_OPENED_DETAILS);
    assert_memory_equal(&out.at[0].person_was_read.reading, &fresh, 16);
    assert_memory_equal(&out.at[0].person_was_read.reader, &somebody, 16);
    assert_int_equal(out.at[0].person_was_read.at.ms, now.ms);
    assert_false(out.at[0].person_was_read.exported);
    assert_false(out.at[0].person_was_read.has_organisation);
    c.row.version = before.version;
    assert_memory_equal(&c.row, &before, sizeof before);

    c.row.has_sealed = false;
    in.head.version = c.row.version;
    assert_ptr_equal(run(&c, &in), person_no_details.code);
}

/* The vault. */

static void what_is_personal_goes_into_the_vault_and_nowhere_else(void **unused)
{
    static const char *const secrets[] = {"Givenna", "Familyn", "mail@", "+4670", "Streetw"};
    static struct concealed what;
    struct person_case new = given(PERSON_STATE_NONE), old = given(PERSON_STATE_ACTIVE);
    struct person_input in = input(PERSON_REGISTER, &new);
    const struct sealed was = old.row.sealed;

    (void)unused;
    person_conceal(&new, &in, &what);
    assert_memory_equal(&what.owner, &fresh, 16);
    assert_ptr_equal(what.descriptor, &person_details_descriptor);
    assert_memory_equal(what.value, &known, sizeof known);
    assert_null(run(&new, &in)); /* even if it were still there, nothing would say it */
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        assert_false(is_in(&out, sizeof out, secrets[i]) ||
                     is_in(&new.row, sizeof new.row, secrets[i]));

    memset(&what, 0, sizeof what);
    in = input(PERSON_CHANGE, &old);
    person_conceal(&old, &in, &what);
    assert_memory_equal(&what.owner, &ada, 16);
    assert_ptr_equal(what.descriptor, &person_details_descriptor);
    assert_ptr_equal(what.value, &in.person_change.details);
    assert_ptr_equal(what.patch, &person_details_change_descriptor);
    assert_memory_equal(&what.sealed, &was, sizeof was);
    assert_null(run(&old, &in));
    assert_memory_equal(&old.row.sealed.event, &sealing, 16);
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        assert_false(is_in(&out, sizeof out, secrets[i]) ||
                     is_in(&old.row, sizeof old.row, secrets[i]));

    what.descriptor = NULL;
    for (unsigned type = PERSON_GRANT_ROLE; type < PERSON_CHANGE_CONTACT; type++) {
        in = input(type, &old);
        person_conceal(&old, &in, &what);
    }
    assert_null(what.descriptor);
}

/* Which birth that is only the runtime sees, when it opens what is sealed. */
static void who_is_too_young_does_not_become_a_participant(void **unused)
{
    static struct concealed what;
    struct person_case c = given(PERSON_STATE_ACTIVE), mentor = given_mentor();
    struct person_input in = input(PERSON_CHANGE, &c);

    (void)unused;
    in.head.too_young = true;
    assert_ptr_equal(run(&c, &in), person_too_young.code);
    assert_null(run(&mentor, &in));
    in = input(PERSON_GRANT_ROLE, &mentor);
    in.person_grant_role.part = PERSON_PART_PARTICIPANT;
    in.head.too_young = true;
    assert_ptr_equal(run(&mentor, &in), person_too_young_for_part.code);

    person_conceal(&mentor, &in, &what);
    assert_true(what.looks);
    assert_ptr_equal(what.descriptor, &person_details_descriptor);
    assert_memory_equal(&what.sealed, &mentor.row.sealed, sizeof what.sealed);
    what = (struct concealed){0};
    person_conceal(&c, &in, &what); /* who is one already */
    in.person_grant_role.part = PERSON_PART_MENTOR;
    person_conceal(&mentor, &in, &what);
    mentor.row.has_sealed = false;
    in.person_grant_role.part = PERSON_PART_PARTICIPANT;
    person_conceal(&mentor, &in, &what);
    assert_false(what.looks);
    assert_null(what.descriptor);
}

static void a_protected_persons_place_goes_into_the_vault(void **unused)
{
    static struct concealed what;
    const struct person_details *details = (const struct person_details *)what.plain;
    struct person_case c = given(PERSON_STATE_NONE);
    struct person_input in = input(PERSON_REGISTER, &c);

    (void)unused;
    in.person_register.has_municipality = true;
    strcpy(in.person_register.municipality, "0980");
    person_conceal(&c, &in, &what);
    assert_false(details->has_municipality);
    in.person_register.protection = PROTECTION_MARKED;
    person_conceal(&c, &in, &what);
    assert_true(details->has_municipality);
    assert_string_equal(details->municipality, "0980");
    in.person_register.details.has_municipality = true;
    strcpy(in.person_register.details.municipality, "0180");
    person_conceal(&c, &in, &what);
    assert_string_equal(details->municipality, "0180"); /* where they live comes first */
}

/* What one says of oneself. */

static struct person_input contact_of(const struct person_case *c)
{
    struct person_input in = input(PERSON_CHANGE_CONTACT, c);
    struct person_contact_change *contact = &in.person_change_contact.contact;

    in.person_change_contact.has_contact = in.person_change_contact.has_language = true;
    in.person_change_contact.language = LANGUAGE_NN;
    contact->has_email = contact->removes_phone = true;
    strcpy(contact->email, "moved@example.org");
    return in;
}

static void whom_nothing_reaches_is_found_by_another_mailbox_alone(void **unused)
{
    struct person_case c = given_mentor();
    struct person_input contact = contact_of(&c), details = input(PERSON_CHANGE, &c);
    struct person_event before = {.type = PERSON_CHANGED, .id = ada};

    (void)unused;
    c.row.has_unreached_since = true;
    contact.head.new_mailbox = details.head.new_mailbox = false; /* a telephone number, a name */
    details.person_change.has_details = true;
    assert_null(run(&c, &contact));
    assert_true(c.row.has_unreached_since);
    assert_true(out.at[0].person_changed.has_new_mailbox && !out.at[0].person_changed.new_mailbox);
    details.head.version = c.row.version;
    assert_null(run(&c, &details));
    assert_true(c.row.has_unreached_since);
    details.head.version = c.row.version;
    details.head.new_mailbox = true;
    assert_null(run(&c, &details));
    assert_false(c.row.has_unreached_since);

    c.row.has_unreached_since = true; /* as it was told before that was said */
    before.person_changed.kept = true;
    person_evolve(&c.row, &before);
    assert_true(c.row.has_unreached_since);
    before.person_changed.kept = false;
    person_evolve(&c.row, &before);
    assert_false(c.row.has_unreached_since);
}

static void everybody_says_how_they_are_reached_and_nothing_else(void **unused)
{
    static struct concealed what;
    struct person_case c = given_mentor();
    struct person_input in = contact_of(&c);
    const struct sealed was = c.row.sealed;

    (void)unused;
    c.row.protection = PROTECTION_STRICTLY;
    c.row.has_unreached_since = true;
    person_conceal(&c, &in, &what);
    assert_memory_equal(&what.owner, &ada, 16);
    assert_ptr_equal(what.descriptor, &person_details_descriptor);
    assert_ptr_equal(what.value, &in.person_change_contact.contact);
    assert_ptr_equal(what.patch, &person_contact_change_descriptor);
    assert_memory_equal(&what.sealed, &was, sizeof was);
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].type, PERSON_CHANGED);
    assert_memory_equal(&c.row.sealed.event, &sealing, 16);
    assert_int_equal(c.row.language, LANGUAGE_NN);
    assert_true(c.row.has_organisation && id_equal(c.row.organisation, club));
    assert_false(c.row.has_unreached_since);
    assert_false(is_in(&out, sizeof out, "moved@") || is_in(&c.row, sizeof c.row, "moved@"));
    in = input(PERSON_CHANGE_CONTACT, &c); /* nothing is new of what is left out */
    assert_null(run(&c, &in));
    assert_int_equal(c.row.language, LANGUAGE_NN);
}

/* Nor is what the vault holds of them looked at for that. */
static void nobody_says_of_others_what_is_theirs_to_say(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < COMMANDS; type++) {
        for (unsigned role = ROLE_CO; role < ROLE_TM && is_own_word(type); role *= 2) {
            static struct concealed what;
            struct person_case c = given(PERSON_STATE_ACTIVE);
            struct person_input in = input(type, &c);

            if (role == ROLE_AG || role == ROLE_DP) continue; /* say nothing of the kind at all */
            set_asked(&c, type);
            in.head.actor = actor_of(role);
            person_conceal(&c, &in, &what);
            assert_null(what.descriptor);
            assert_ptr_equal(run(&c, &in), person_not_oneself.code);
        }
    }
}

/* Wanting to be erased. */

static void who_asks_to_be_erased_has_an_answer_within_a_month(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    struct person_input remind;
    unsigned command;

    (void)unused;
    assert_null(say(&c, PERSON_ASK_ERASURE));
    assert_int_equal(out.count, 1);
    assert_int_equal(c.row.erasure_asked_at.ms, now.ms);
    assert_int_equal(c.row.erasure_due.ms, end_of(30)); /* 22 December */
    assert_int_equal(c.row.erasure_remind.ms, end_of(23));
    assert_false(c.row.has_erasure_told);
    assert_ptr_equal(say(&c, PERSON_ASK_ERASURE), person_erasure_asked_already.code);

    assert_int_equal(person_due(&c.row, &command).ms, end_of(23));
    assert_int_equal(command, PERSON_REMIND_ERASURE);
    remind = input(PERSON_REMIND_ERASURE, &c);
    remind.head.version = VERSION_ANY;
    remind.head.at.ms = end_of(23) - 1;
    assert_ptr_equal(run(&c, &remind), person_nothing_to_remind.code);
    remind.head.at.ms++;
    assert_null(run(&c, &remind));
    assert_int_equal(out.at[0].person_erasure_reminded.due.ms, end_of(30));
    assert_int_equal(person_due(&c.row, &command).ms, 0); /* once */
    assert_ptr_equal(run(&c, &remind), person_nothing_to_remind.code);
    assert_true(c.row.has_erasure_asked_at && c.row.has_erasure_due);
}

/* For how long somebody is kept whom nothing keeps. */

static void is_released(const struct person_case *c, size_t at, int days)
{
    assert_int_equal(out.count, at + 1);
    assert_int_equal(out.at[at].type, PERSON_RELEASED);
    assert_int_equal(c->row.kept_until.ms, end_of(days));
    assert_true(c->row.has_kept_until);
}

/* As the runtime does: the row first, then what is decided from it. */
static void hear(struct person_case *c, enum person_input_type type)
{
    struct person_input in = input(type, c);
    struct person_event event = {.id = c->row.id};

    event.type = PERSON_AFTER_REFERRAL_RECEIVED + (type - PERSON_ON_REFERRAL_RECEIVED);
    person_evolve(&c->row, &event);
    assert_null(run(c, &in));
}

static void a_participant_is_kept_for_a_time_when_their_referral_is_closed(void **unused)
{
    (void)unused;
    for (unsigned type = PERSON_ON_REFERRAL_REJECTED; type <= PERSON_ON_REFERRAL_ENTERED_IN_ERROR;
         type++) {
        struct person_case c = given(PERSON_STATE_ACTIVE);

        hear(&c, type);
        is_released(&c, 0, 730);
        hear(&c, PERSON_ON_REFERRAL_REOPENED); /* that keeps them */
        assert_false(c.row.has_kept_until || c.row.referral_over);
        assert_int_equal(out.count, 0);
    }
}

static void who_takes_part_as_more_is_kept_until_that_is_over_too(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    struct person_input grant, end;

    (void)unused;
    c.row.roles = (struct person_roles){
        2, {role_in(PERSON_PART_PARTICIPANT, false), role_in(PERSON_PART_MENTOR, false)}};
    hear(&c, PERSON_ON_REFERRAL_COMPLETED);
    assert_int_equal(out.count, 0);
    end = input(PERSON_END_ROLE, &c);
    end.person_end_role.part = PERSON_PART_MENTOR;
    assert_null(run(&c, &end));
    is_released(&c, 1, 730);
    grant = input(PERSON_GRANT_ROLE, &c);
    assert_null(run(&c, &grant));
    assert_false(c.row.has_kept_until);
}

static void an_open_referral_keeps_who_takes_part_as_nothing(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);

    (void)unused;
    assert_null(say(&c, PERSON_END_ROLE));
    assert_int_equal(out.count, 1);
    assert_false(c.row.has_kept_until);
}

static void a_volunteer_is_kept_for_a_time_when_their_last_part_is_over(void **unused)
{
    struct person_case ended = given_mentor(), due = given_mentor();
    struct person_input end = input(PERSON_END_ROLE, &ended);

    (void)unused;
    end.person_end_role.part = PERSON_PART_MENTOR;
    assert_null(run(&ended, &end));
    is_released(&ended, 1, 365);
    assert_null(say(&due, PERSON_END_DUE_ROLES));
    is_released(&due, 1, 366); /* it ended a day later */
}

/* Clocks are an hour ahead there then. */
static int64_t summer_end_of(int days)
{
    return end_of(days) - DAY_MS / 24;
}

static const char *announce_at(struct person_case *c, int64_t at)
{
    struct person_input in = input(PERSON_ANNOUNCE_FORGETTING, c);

    in.head.at.ms = at;
    return run(c, &in);
}

/* Long since no more is known of them than who they are. */
static void close_and_thin(struct person_case *c)
{
    hear(c, PERSON_ON_REFERRAL_COMPLETED);
    c->row.has_thinned_at = true;
}

static void they_are_told_four_weeks_before_they_are_forgotten_and_once(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    const struct person_forgetting_announced *said;
    unsigned command;

    (void)unused;
    assert_ptr_equal(announce_at(&c, now.ms), person_nothing_to_announce.code);
    close_and_thin(&c);
    assert_int_equal(person_due(&c.row, &command).ms, summer_end_of(702));
    assert_int_equal(command, PERSON_ANNOUNCE_FORGETTING);
    assert_ptr_equal(announce_at(&c, summer_end_of(702) - 1), person_nothing_to_announce.code);
    assert_null(announce_at(&c, summer_end_of(702)));
    assert_int_equal(out.at[0].type, PERSON_FORGETTING_ANNOUNCED);
    said = &out.at[0].person_forgetting_announced;
    assert_int_equal(said->due.ms, end_of(730));
    assert_int_equal(said->at.ms, summer_end_of(702));
    assert_true(said->has_referral && id_equal(said->referral, c.row.referral));
    assert_false(said->missed);
    assert_int_equal(c.row.kept_announced_at.ms, summer_end_of(702));
    assert_int_equal(person_due(&c.row, &command).ms, end_of(730)); /* once */
    assert_int_equal(command, PERSON_FORGET);
    assert_ptr_equal(announce_at(&c, summer_end_of(703)), person_nothing_to_announce.code);
}

/* Deadlines that are late are told in due order: this one first, though nobody can do anything about it any more. */
static void what_is_told_too_late_says_so(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    unsigned command;

    (void)unused;
    close_and_thin(&c);
    assert_null(announce_at(&c, end_of(730) - 1));
    assert_false(out.at[0].person_forgetting_announced.missed);
    hear(&c, PERSON_ON_REFERRAL_REOPENED);
    close_and_thin(&c);
    assert_int_equal(person_due(&c.row, &command).ms,
                     summer_end_of(702)); /* anew, when it ends anew */
    assert_int_equal(command, PERSON_ANNOUNCE_FORGETTING);
    assert_null(announce_at(&c, end_of(730)));
    assert_true(out.at[0].person_forgetting_announced.missed);
    person_due(&c.row, &command);
    assert_int_equal(command, PERSON_FORGET);
}

static void who_is_kept_again_is_told_nothing(void **unused)
{
    struct person_case c = given_mentor();
    struct person_input end = input(PERSON_END_ROLE, &c), grant;
    unsigned command;

    (void)unused;
    end.person_end_role.part = PERSON_PART_MENTOR;
    assert_null(run(&c, &end));
    grant = input(PERSON_GRANT_ROLE, &c);
    grant.person_grant_role.part = PERSON_PART_MENTOR;
    assert_int_equal(person_due(&c.row, &command).ms, summer_end_of(337));
    assert_null(run(&c, &grant));
    assert_int_equal(person_due(&c.row, &command).ms, 0);
    assert_ptr_equal(announce_at(&c, summer_end_of(337)), person_nothing_to_announce.code);
    assert_false(c.row.has_kept_announce || c.row.has_kept_announced_at);
}

/* Journals of before have nobody told: these are, too, when it is time. */
static void who_was_released_without_a_day_for_it_is_given_one(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    struct person_event released = {.type = PERSON_RELEASED, .id = c.row.id};
    unsigned command;

    (void)unused;
    released.person_released.until.ms = end_of(100);
    person_evolve(&c.row, &released);
    assert_true(person_due(&c.row, &command).ms < now.ms);
    assert_int_equal(command, PERSON_ANNOUNCE_FORGETTING);
    assert_null(announce_at(&c, now.ms));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].type, PERSON_RELEASED);
    assert_int_equal(c.row.kept_until.ms, end_of(100));
    c.row.has_thinned_at = true;
    assert_int_equal(person_due(&c.row, &command).ms, end_of(72));
    assert_null(announce_at(&c, end_of(72)));
    assert_int_equal(out.at[0].type, PERSON_FORGETTING_ANNOUNCED);
}

static void who_was_released_is_forgotten_when_the_time_is_over(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    struct person_input forget;
    unsigned command;

    (void)unused;
    forget = input(PERSON_FORGET, &c);
    assert_ptr_equal(run(&c, &forget), person_still_kept.code);
    close_and_thin(&c);
    assert_int_equal(person_due(&c.row, &command).ms, summer_end_of(702));
    c.row.has_kept_announced_at = true;
    assert_int_equal(person_due(&c.row, &command).ms, end_of(730));
    assert_int_equal(command, PERSON_FORGET);
    assert_null(say(&c, PERSON_ASK_ERASURE));
    assert_int_equal(person_due(&c.row, &command).ms, end_of(23)); /* what is due first */
    assert_int_equal(command, PERSON_REMIND_ERASURE);
    assert_null(say(&c, PERSON_WITHDRAW_ERASURE));

    forget = input(PERSON_FORGET, &c);
    forget.head.at.ms = end_of(730) - 1;
    assert_ptr_equal(run(&c, &forget), person_still_kept.code);
    forget.head.at.ms++;
    assert_null(run(&c, &forget));
    assert_int_equal(out.count, 2); /* their part ends, and they are erased */
    assert_int_equal(out.at[1].type, PERSON_ERASED);
    assert_int_equal(c.row.state, PERSON_STATE_ERASED);
    assert_int_equal(person_due(&c.row, &command).ms, 0);
}

static void what_is_due_first_of_roles_and_answers_comes_first(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    unsigned command;

    (void)unused;
    assert_null(say(&c, PERSON_ASK_ERASURE));
    c.row.roles.at[0].has_until = true;
    c.row.roles.at[0].until.day = instant_date(now).day + 22;
    assert_int_equal(person_due(&c.row, &command).ms, end_of(22));
    assert_int_equal(command, PERSON_END_DUE_ROLES);
    c.row.roles.at[0].until.day++; /* at once: one after the other */
    assert_int_equal(person_due(&c.row, &command).ms, end_of(23));
    assert_int_equal(command, PERSON_END_DUE_ROLES);
    c.row.roles.at[0].until.day++;
    assert_int_equal(person_due(&c.row, &command).ms, end_of(23));
    assert_int_equal(command, PERSON_REMIND_ERASURE);
}

static void who_has_an_answer_or_takes_it_back_waits_no_more(void **unused)
{
    static const enum person_input_type ends[] = {PERSON_WITHDRAW_ERASURE, PERSON_REFUSE_ERASURE};

    (void)unused;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct person_case c = given(PERSON_STATE_ACTIVE);
        struct person before = c.row;
        struct person_input end = input(ends[i], &c);

        assert_ptr_equal(run(&c, &end), person_erasure_not_asked.code);
        assert_null(say(&c, PERSON_ASK_ERASURE));
        end.head.version = c.row.version;
        end.person_refuse_erasure.reason = PERSON_ERASURE_REASON_LEGAL_CLAIMS;
        assert_null(run(&c, &end));
        assert_int_equal(out.count, 1);
        before.version = c.row.version;
        assert_memory_equal(&c.row, &before, sizeof before);
        assert_null(say(&c, PERSON_ASK_ERASURE)); /* they may ask again */
    }
}

static void why_somebody_is_not_erased_is_said(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    struct person_input in = input(PERSON_REFUSE_ERASURE, &c);

    (void)unused;
    set_asked(&c, PERSON_REFUSE_ERASURE);
    in.person_refuse_erasure.reason = PERSON_ERASURE_REASON_NOT_IDENTIFIED;
    assert_null(run(&c, &in));
    assert_int_equal(out.at[0].type, PERSON_ERASURE_REFUSED);
    assert_int_equal(out.at[0].person_erasure_refused.reason, PERSON_ERASURE_REASON_NOT_IDENTIFIED);
}

static const char *write_down(struct person_case *c, enum person_input_type type,
                              struct actor actor, enum voice of)
{
    struct person_input in = input(type, c);

    in.head.actor = actor;
    in.head.has_behalf = true;
    in.head.behalf = (struct behalf){.of = of, .told = TOLD_HOW_LETTER};
    return run(c, &in);
}

static void what_they_tell_is_written_down_for_them(void **unused)
{
    const struct person_recorded_for *said = &out.at[1].person_recorded_for;
    struct person_case c = given(PERSON_STATE_ACTIVE);
    const struct actor coordinator = {ROLE_CO, somebody, {{0}}};

    (void)unused;
    assert_null(write_down(&c, PERSON_ASK_ERASURE, coordinator, VOICE_PARTICIPANT));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[1].type, PERSON_RECORDED_FOR);
    assert_int_equal(said->said, PERSON_SAID_ASK_ERASURE);
    assert_int_equal(said->of, VOICE_PARTICIPANT);
    assert_int_equal(said->told, TOLD_HOW_LETTER);
    assert_int_equal(said->on.day, instant_date(now).day);
    assert_true(c.row.has_erasure_told);
    assert_int_equal(c.row.erasure_told, TOLD_HOW_LETTER);
    assert_null(write_down(&c, PERSON_WITHDRAW_ERASURE, coordinator, VOICE_PARTICIPANT));
    assert_int_equal(said->said, PERSON_SAID_WITHDRAW_ERASURE);
    assert_false(c.row.has_erasure_told || c.row.has_erasure_asked_at);
}

/* It was said when they said it, and the month is counted from there. */
static void what_was_told_earlier_counts_from_then(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    struct person_input in = input(PERSON_ASK_ERASURE, &c), back;
    const int64_t today = instant_date(now).day;

    (void)unused;
    in.head.actor = (struct actor){ROLE_CO, somebody, {{0}}};
    in.head.has_behalf = in.head.behalf.has_on = true;
    in.head.behalf = (struct behalf){VOICE_PARTICIPANT, TOLD_HOW_IN_PERSON, true, {today - 5}};
    c.programme.from.day = today - 4;
    assert_ptr_equal(run(&c, &in), person_before_programme.code);
    assert_int_equal(person_before_programme.kind, ERROR_INVALID);
    assert_string_equal(person_before_programme.field, "behalf.on");
    c.programme.from.day--;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.erasure_asked_at.ms, end_of(-6));
    assert_int_equal(c.row.erasure_due.ms, end_of(25)); /* 17 December */
    assert_int_equal(out.at[1].person_recorded_for.on.day, today - 5);
    back = input(PERSON_WITHDRAW_ERASURE, &c);
    back.head.has_behalf = true;
    back.head.actor = in.head.actor;
    back.head.behalf = in.head.behalf;
    back.head.behalf.on.day = c.programme.from.day - 1;
    assert_ptr_equal(run(&c, &back), person_before_programme.code);
}

static void who_writes_down_what_whom_they_look_after_says(void **unused)
{
    static const struct {
        struct actor actor;
        enum voice of;
        bool may;
    } rows[] = {
        {{ROLE_PA, {"somebody"}, {"museum"}}, VOICE_MENTOR, true},
        {{ROLE_CO, {"somebody"}, {{0}}}, VOICE_SUPERVISOR, true},
        {{ROLE_CO, {"somebody"}, {"club"}}, VOICE_MENTOR, true},
        {{ROLE_CO, {"somebody"}, {"museum"}}, VOICE_MENTOR, false},
        {{ROLE_CN, {"somebody"}, {"agency"}}, VOICE_PARTICIPANT, true},
        {{ROLE_CN, {"somebody"}, {"museum"}}, VOICE_PARTICIPANT, false},
        {{ROLE_HO, {"somebody"}, {"museum"}}, VOICE_SUPERVISOR, true},
        {{ROLE_HO, {"somebody"}, {"club"}}, VOICE_SUPERVISOR, false},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct person_case c = given_mentor();
        struct person_role *works = &c.row.roles.at[c.row.roles.count++];
        const char *code;

        c.row.has_agency = works->has_organisation = true;
        c.row.agency = agency;
        works->part = PERSON_PART_SUPERVISOR;
        works->organisation = museum;
        c.row.roles.at[c.row.roles.count++] = role_in(PERSON_PART_PARTICIPANT, false);
        code = write_down(&c, PERSON_ASK_ERASURE, rows[i].actor, rows[i].of);
        assert_ptr_equal(code, rows[i].may ? NULL : person_not_theirs.code);
    }
}

static void nobody_else_writes_it_down(void **unused)
{
    struct person_case c = given_mentor();
    const struct actor herself = {ROLE_ME, ada, club}, counsellor = {ROLE_CN, somebody, agency};

    (void)unused;
    assert_string_equal(write_down(&c, PERSON_ASK_ERASURE, herself, VOICE_MENTOR),
                        life_forbidden.code);
    assert_string_equal(write_down(&c, PERSON_ASK_ERASURE, counsellor, VOICE_MENTOR),
                        life_forbidden.code);
}

/* Participants are made by their referral. */

static void a_referral_makes_its_participant_and_keeps_them_up_to_date(void **unused)
{
    struct person_event event = {.type = PERSON_AFTER_REFERRAL_RECEIVED, .id = referral};
    struct person_event update = {.type = PERSON_AFTER_REFERRAL_UPDATED, .id = referral};
    struct person row = {0};

    (void)unused;
    event.referral_received = (struct referral_received){.person = ada,
                                                         .partner = partner,
                                                         .has_organisation = true,
                                                         .organisation = agency,
                                                         .protection = PROTECTION_MARKED,
                                                         .language = LANGUAGE_EN,
                                                         .waiting_since = now,
                                                         .sealed = {.event = {"first"}}};
    person_evolve(&row, &event);
    assert_int_equal(row.state, PERSON_STATE_ACTIVE);
    assert_int_equal(row.protection, PROTECTION_MARKED);
    assert_int_equal(row.language, LANGUAGE_EN);
    assert_true(row.has_referral && row.has_partner && row.has_agency && row.has_sealed);
    assert_memory_equal(&row.referral, &referral, 16);
    assert_memory_equal(&row.partner, &partner, 16);
    assert_memory_equal(&row.agency, &agency, 16);
    assert_memory_equal(&row.sealed.event, &(struct id){"first"}, 16);
    assert_int_equal(row.roles.count, 1);
    assert_int_equal(row.roles.at[0].part, PERSON_PART_PARTICIPANT);
    assert_int_equal(row.roles.at[0].from.day, instant_date(now).day);

    update.referral_updated = (struct referral_updated){.person = ada,
                                                        .protection = PROTECTION_NONE,
                                                        .language = LANGUAGE_SV,
                                                        .sealed = {.event = {"second"}}};
    person_evolve(&row, &update);
    assert_int_equal(row.language, LANGUAGE_SV);
    assert_memory_equal(&row.sealed.event, &(struct id){"second"}, 16);
    assert_int_equal(row.protection, PROTECTION_MARKED); /* that is said by an event of its own */

    row.has_unreached_since = true; /* still so when nothing of how they are reached was said */
    person_evolve(&row, &update);
    assert_true(row.has_unreached_since);
    update.referral_updated.sealed.event = (struct id){"third"};
    update.referral_updated.has_new_mailbox = true; /* nor when their mailbox is what it was */
    person_evolve(&row, &update);
    assert_true(row.has_unreached_since);
    update.referral_updated.new_mailbox = true;
    person_evolve(&row, &update);
    assert_false(row.has_unreached_since);
    row.has_unreached_since = true;
    update.referral_updated.has_new_mailbox = update.referral_updated.new_mailbox = false;
    update.referral_updated.sealed.event =
        (struct id){"fourth"}; /* as it was told before that was said */
    person_evolve(&row, &update);
    assert_false(row.has_unreached_since);

    memset(&row, 0, sizeof row);
    event.referral_received.has_organisation = false; /* a partner that is nobody's */
    person_evolve(&row, &event);
    assert_false(row.has_agency);
}

static void a_language_that_is_only_repeated_leaves_what_was_chosen_since(void **unused)
{
    struct person row = given(PERSON_STATE_ACTIVE).row;
    struct person_event update = {.type = PERSON_AFTER_REFERRAL_UPDATED, .id = referral};

    (void)unused;
    row.language = LANGUAGE_NN;
    update.referral_updated.language = LANGUAGE_EN;
    update.referral_updated.same_language = true;
    person_evolve(&row, &update);
    assert_int_equal(row.language, LANGUAGE_NN);
    update.referral_updated.same_language = false;
    person_evolve(&row, &update);
    assert_int_equal(row.language, LANGUAGE_EN);
}

/* Erasing. */

static void erasing_ends_every_role_and_leaves_only_that_there_was_somebody(void **unused)
{
    struct person_case c = given(PERSON_STATE_ACTIVE);
    struct person_event update = {.type = PERSON_AFTER_REFERRAL_UPDATED};
    struct person left = {.id = ada, .programme = work, .state = PERSON_STATE_ERASED};

    (void)unused;
    c.row.roles.at[c.row.roles.count++] = role_in(PERSON_PART_MENTOR, true);
    assert_null(say(&c, PERSON_ERASE));
    assert_int_equal(out.count, 3);
    assert_int_equal(out.at[0].person_role_ended.part, PERSON_PART_PARTICIPANT);
    assert_int_equal(out.at[1].person_role_ended.reason, PERSON_END_REASON_ERASED);
    assert_int_equal(out.at[2].type, PERSON_ERASED);
    assert_memory_equal(&out.at[2].person_erased.referral, &referral, 16);
    left.version = c.row.version;
    assert_memory_equal(&c.row, &left, sizeof left);

    person_evolve(&c.row, &update); /* whatever comes late */
    assert_memory_equal(&c.row, &left, sizeof left);
}

/* What they said, to who writes it down. */

static const char *told_of(struct person_case *c, enum person_input_type type, enum voice of,
                           int64_t days_ago)
{
    struct person_input in = input(type, c);

    in.head.actor = actor_of(ROLE_CO);
    in.head.has_behalf = true;
    in.head.behalf = (struct behalf){of, TOLD_HOW_LETTER, true, {instant_date(now).day - days_ago}};
    return run(c, &in);
}

static void whose_word_it_is_takes_part_as_that(void **unused)
{
    static const struct {
        enum person_part part;
        bool is_taken[VOICE_SUPERVISOR + 1]; /* mentor, participant, host, supervisor */
    } rows[] = {
        {PERSON_PART_MENTOR, {true, false, false, false}},
        {PERSON_PART_PARTICIPANT, {false, true, false, false}},
        {PERSON_PART_SIGNATORY, {false, false, true, false}},
        {PERSON_PART_SUPERVISOR, {false, false, false, true}},
        {PERSON_PART_GUIDE, {true, true, true, true}}, /* what they were before, nobody knows */
    };
    static const enum person_input_type asks[] = {PERSON_ASK_ERASURE, PERSON_ASK_RESTRICTION,
                                                  PERSON_GIVE_CONSENT, PERSON_WITHDRAW_CONSENT};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (unsigned of = 0; of <= VOICE_SUPERVISOR; of++)
            for (size_t n = 0; n < sizeof asks / sizeof asks[0]; n++) {
                struct person_case c = given(PERSON_STATE_ACTIVE);

                c.row.roles.at[0].part = rows[i].part;
                assert_ptr_equal(told_of(&c, asks[n], (enum voice)of, 0),
                                 rows[i].is_taken[of] ? NULL : person_not_as_that.code);
            }
}

static void nothing_is_taken_back_before_it_was_said(void **unused)
{
    static const enum person_input_type pairs[][2] = {
        {PERSON_ASK_ERASURE, PERSON_WITHDRAW_ERASURE},
        {PERSON_ASK_RESTRICTION, PERSON_WITHDRAW_RESTRICTION},
        {PERSON_GIVE_CONSENT, PERSON_WITHDRAW_CONSENT}};

    (void)unused;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct person_case c = given(PERSON_STATE_ACTIVE);

        assert_null(told_of(&c, pairs[i][0], VOICE_PARTICIPANT, 3));
        assert_ptr_equal(told_of(&c, pairs[i][1], VOICE_PARTICIPANT, 4), person_before_asked.code);
        assert_null(told_of(&c, pairs[i][1], VOICE_PARTICIPANT, 3));
    }
}

/* A part that was ended by mistake. */

static struct person_case ended(struct person_case c, enum person_part part)
{
    struct person_input in = input(PERSON_END_ROLE, &c);

    in.head.actor.role = ROLE_PA; /* who may end every part */
    in.person_end_role.part = part;
    assert_null(run(&c, &in));
    return c;
}

static const char *undo_by(struct person_case *c, struct id by, int64_t after_ms)
{
    struct person_input in = input(PERSON_UNDO, c);

    in.head.actor.id = by;
    in.head.at.ms += after_ms;
    return run(c, &in);
}

static void who_ended_a_part_by_mistake_gives_it_back_within_an_hour(void **unused)
{
    struct person_case c = given_mentor(), before, late, others;
    const struct person_role_granted *said = &out.at[1].person_role_granted;
    struct person_input in;

    (void)unused;
    c.row.roles.at[0].has_organisation = c.row.roles.at[0].has_until = true;
    c.row.roles.at[0].organisation = club;
    c.row.roles.at[0].until.day = 30000;
    c.row.mentor_languages = (struct spokens){1, {"so"}};
    before = c;
    late = others = c = ended(c, PERSON_PART_MENTOR);
    assert_true(c.row.roles.count == 0 && c.row.has_kept_until);
    assert_null(undo_by(&c, somebody, DAY_MS / 24));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[0].type, PERSON_UNDONE);
    assert_int_equal(out.at[0].person_undone.part, PERSON_PART_MENTOR);
    assert_true(said->has_restored && said->restored && !said->cleared);
    assert_int_equal(c.row.roles.count, 1);
    assert_int_equal(c.row.roles.at[0].part, PERSON_PART_MENTOR);
    assert_memory_equal(&c.row.roles.at[0].organisation, &club, 16);
    assert_int_equal(c.row.roles.at[0].from.day, before.row.roles.at[0].from.day);
    assert_true(c.row.roles.at[0].has_organisation && c.row.roles.at[0].has_until);
    assert_int_equal(c.row.roles.at[0].until.day, 30000);
    assert_string_equal(c.row.mentor_languages.at[0], "so");
    assert_false(c.row.has_kept_until || c.row.has_undo);
    assert_ptr_equal(undo_by(&c, somebody, 0), person_nothing_to_undo.code); /* not twice */

    assert_ptr_equal(undo_by(&late, somebody, DAY_MS / 24 + 1), person_undo_too_late.code);
    assert_ptr_equal(undo_by(&others, (struct id){"other"}, 0), person_undo_anothers.code);
    assert_ptr_equal(undo_by(&others, (struct id){{0}}, 0), person_undo_anothers.code);
    others.row.undo.by = (struct id){{0}}; /* the operator's */
    assert_ptr_equal(undo_by(&others, (struct id){{0}}, 0), person_undo_anothers.code);
    in = input(PERSON_UNDO, &others);
    in.head.actor = (struct actor){.role = ROLE_SYS};
    assert_null(run(&others, &in));
}

/* What ended with it does not come back: then the part is granted anew. */
static void a_part_with_which_more_ended_is_not_given_back(void **unused)
{
    static const struct {
        enum person_part part;
        bool has_referral, is_over, is_looking_after, is_given_back;
    } rows[] = {
        {PERSON_PART_PARTICIPANT, true, false, false, false},
        {PERSON_PART_PARTICIPANT, true, true, true, true},
        {PERSON_PART_PARTICIPANT, false, false, false, true},
        {PERSON_PART_MENTOR, true, false, true, false},
        {PERSON_PART_MENTOR, true, false, false, true},
        {PERSON_PART_SUPERVISOR, false, false, true, false},
        {PERSON_PART_COORDINATOR, false, false, true, true}, /* it ended with another part */
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct person_case c = given(PERSON_STATE_ACTIVE);
        const char *code;

        c.row.roles.at[0].part = rows[i].part;
        c.row.has_referral = rows[i].has_referral;
        c.row.has_referral_over = c.row.referral_over = rows[i].is_over;
        c.is_looking_after = rows[i].is_looking_after;
        c = ended(c, rows[i].part);
        code = undo_by(&c, somebody, 0);
        assert_ptr_equal(code, rows[i].is_given_back ? NULL : person_nothing_to_undo.code);
    }
}

static void a_part_is_given_back_as_long_as_nothing_came_between(void **unused)
{
    const struct person_case c = ended(given_mentor(), PERSON_PART_MENTOR);
    struct person_case d = c;
    struct person_input in;

    (void)unused;
    in = input(PERSON_GRANT_ROLE, &d);
    in.person_grant_role.part = PERSON_PART_GUIDE;
    assert_null(run(&d, &in));
    assert_ptr_equal(undo_by(&d, somebody, 0), person_nothing_to_undo.code);

    d = c;
    d.row.has_restricted_since = true;
    assert_ptr_equal(undo_by(&d, somebody, 0), person_restricted_now.code);
    d = c;
    d.row.undo.role.has_organisation = true;
    d.row.undo.role.organisation = club;
    d.organisation.state = ORGANISATION_STATE_CLOSED;
    assert_ptr_equal(undo_by(&d, somebody, 0), person_undo_followed.code);
    d = c;
    d.row.undo.role.has_until = true;
    d.row.undo.role.until.day = instant_date(now).day - 1;
    assert_ptr_equal(undo_by(&d, somebody, 0), person_undo_followed.code);
    d = c;
    assert_null(say(&d, PERSON_ERASE));
    assert_ptr_equal(undo_by(&d, somebody, 0), life_not_now.code);
}

static void a_part_that_was_over_by_itself_is_nobodys_to_give_back(void **unused)
{
    struct person_case c = given_mentor();

    (void)unused;
    assert_null(say(&c, PERSON_END_DUE_ROLES));
    assert_false(c.row.has_undo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_in_every_state),
        cmocka_unit_test(every_role_for_every_command_in_every_state),
        cmocka_unit_test(a_stale_version_is_a_conflict_but_not_for_reading),
        cmocka_unit_test(nobody_acts_on_people_of_another_programme),
        cmocka_unit_test(a_person_may_be_registered_with_a_first_part),
        cmocka_unit_test(protection_counts_from_the_first_day),
        cmocka_unit_test(a_change_says_all_anew),
        cmocka_unit_test(registering_needs_an_open_programme_and_an_open_organisation_of_it),
        cmocka_unit_test(a_clubs_coordinator_acts_on_the_clubs_people_only),
        cmocka_unit_test(and_on_participants_for_whom_the_club_is_responsible),
        cmocka_unit_test(a_coordinator_acts_on_no_other_coordinator_and_appoints_none),
        cmocka_unit_test(nor_a_coordinators_part_or_a_clearance),
        cmocka_unit_test(a_clubs_coordinator_registers_the_clubs_people_only),
        cmocka_unit_test(the_same_part_again_replaces_what_was_said_of_it),
        cmocka_unit_test(that_a_participant_takes_no_part_any_more_tells_of_the_referral),
        cmocka_unit_test(there_is_room_for_every_part_and_each_ends_alone),
        cmocka_unit_test(only_the_admin_clears_somebody_for_the_protected),
        cmocka_unit_test(only_an_admin_names_the_data_protection_officer),
        cmocka_unit_test(a_role_begins_today_at_the_latest_and_ends_by_itself),
        cmocka_unit_test(a_protected_persons_place_is_in_no_event),
        cmocka_unit_test(protection_is_said_once_and_names_the_referral),
        cmocka_unit_test(whose_referral_is_taken_up_again_takes_part_again),
        cmocka_unit_test(an_agency_protects_whom_it_referred_only),
        cmocka_unit_test(who_reads_whom),
        cmocka_unit_test(a_clubs_coordinator_reads_participants_with_whom_the_club_has_to_do),
        cmocka_unit_test(a_clubs_coordinator_reads_no_other_clubs_people),
        cmocka_unit_test(everybody_reads_what_is_their_own),
        cmocka_unit_test(who_is_linked_reads_while_it_lasts),
        cmocka_unit_test(a_link_is_with_one_and_about_one),
        cmocka_unit_test(a_participant_knows_the_name_of_who_looks_after_them_and_no_more),
        cmocka_unit_test(a_name_is_told_of_who_is_linked_and_not_protected),
        cmocka_unit_test(from_marked_on_only_who_is_cleared_changes_anything),
        cmocka_unit_test(from_marked_on_only_who_is_cleared_reads),
        cmocka_unit_test(nor_says_anything_for_them),
        cmocka_unit_test(messages_reach_the_protected_too),
        cmocka_unit_test(what_is_read_for_is_the_readers_own),
        cmocka_unit_test(a_reading_is_recorded_and_changes_nothing_else),
        cmocka_unit_test(what_is_personal_goes_into_the_vault_and_nowhere_else),
        cmocka_unit_test(who_is_too_young_does_not_become_a_participant),
        cmocka_unit_test(a_protected_persons_place_goes_into_the_vault),
        cmocka_unit_test(whom_nothing_reaches_is_found_by_another_mailbox_alone),
        cmocka_unit_test(everybody_says_how_they_are_reached_and_nothing_else),
        cmocka_unit_test(nobody_says_of_others_what_is_theirs_to_say),
        cmocka_unit_test(who_asks_to_be_erased_has_an_answer_within_a_month),
        cmocka_unit_test(a_participant_is_kept_for_a_time_when_their_referral_is_closed),
        cmocka_unit_test(who_takes_part_as_more_is_kept_until_that_is_over_too),
        cmocka_unit_test(an_open_referral_keeps_who_takes_part_as_nothing),
        cmocka_unit_test(a_volunteer_is_kept_for_a_time_when_their_last_part_is_over),
        cmocka_unit_test(they_are_told_four_weeks_before_they_are_forgotten_and_once),
        cmocka_unit_test(what_is_told_too_late_says_so),
        cmocka_unit_test(who_is_kept_again_is_told_nothing),
        cmocka_unit_test(who_was_released_without_a_day_for_it_is_given_one),
        cmocka_unit_test(who_was_released_is_forgotten_when_the_time_is_over),
        cmocka_unit_test(what_is_due_first_of_roles_and_answers_comes_first),
        cmocka_unit_test(who_has_an_answer_or_takes_it_back_waits_no_more),
        cmocka_unit_test(why_somebody_is_not_erased_is_said),
        cmocka_unit_test(what_they_tell_is_written_down_for_them),
        cmocka_unit_test(what_was_told_earlier_counts_from_then),
        cmocka_unit_test(who_writes_down_what_whom_they_look_after_says),
        cmocka_unit_test(nobody_else_writes_it_down),
        cmocka_unit_test(a_referral_makes_its_participant_and_keeps_them_up_to_date),
        cmocka_unit_test(a_language_that_is_only_repeated_leaves_what_was_chosen_since),
        cmocka_unit_test(erasing_ends_every_role_and_leaves_only_that_there_was_somebody),
        cmocka_unit_test(who_ended_a_part_by_mistake_gives_it_back_within_an_hour),
        cmocka_unit_test(a_part_with_which_more_ended_is_not_given_back),
        cmocka_unit_test(a_part_is_given_back_as_long_as_nothing_came_between),
        cmocka_unit_test(a_part_that_was_over_by_itself_is_nobodys_to_give_back),
        cmocka_unit_test(whose_word_it_is_takes_part_as_that),
        cmocka_unit_test(nothing_is_taken_back_before_it_was_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
