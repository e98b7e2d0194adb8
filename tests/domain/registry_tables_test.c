/* Through the real tables: that each input finds what it is about, loads what it has to know, and is
 * told to those of the registry whom it concerns. */
#include "domain/registry.h"
#include "domain/turn.h"

#include "audit/audit.h"
#include "core/life.h"
#include "core/reach.h"
#include "endpoint/endpoint.h"
#include "link/link.h"
#include "organisation/organisation.h"
#include "partner/partner.h"
#include "person/person.h"
#include "programme/programme.h"
#include "question/question.h"
#include "reading/reading.h"
#include "referral/referral.h"
#include "session/session.h"
#include "store/table.h"
#include "tenancy.h"
#include "token/token.h"

static const struct aggregate *const aggregates[] = {
    &programme_aggregate,
    &organisation_aggregate,
    &partner_aggregate,
    &endpoint_aggregate,
    &token_aggregate,
    &session_aggregate,
    &person_aggregate,
    &link_aggregate,
    &referral_aggregate,
    &question_aggregate,
    &reading_aggregate,
    &audit_aggregate,
    NULL,
};

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/* A programme, an agency and its partner, a mentor, and a supervisor who is cleared. */
static struct id tenant, other_tenant, agency, museum, partner, ada, eva;

/* One input, of which head and body are set; *id becomes that of a creation. */
static const char *input(const struct aggregate *aggregate, const void *in, bool is_creation,
                         struct id *id)
{
    const struct contract *contract = aggregate->contract;
    const struct head *head = (const void *)((const char *)in + contract->input_head);
    unsigned type;
    const char *code;

    memcpy(&type, in, sizeof type);
    turn.programme = head->programme;
    code = turn_say(aggregate, type, head->actor, *id, (const char *)in + contract->input_body);
    turn.programme = tenant;
    if (code == NULL && is_creation) *id = turn.said;
    return code;
}

static struct referral referral_row(struct id id)
{
    struct referral row;

    turn_get(&referrals, id, &row);
    return row;
}

static struct person person_row(struct id id)
{
    struct person row;

    turn_get(&persons, id, &row);
    return row;
}

static struct link link_row(struct id id)
{
    struct link row;

    turn_get(&links, id, &row);
    return row;
}

static struct head by(enum role role, struct id actor, struct id organisation)
{
    return (struct head){.at = turn.now,
                         .actor = {role, actor, organisation},
                         .programme = tenant,
                         .version = VERSION_ANY};
}

static struct head by_sys(void)
{
    struct head head = by(ROLE_SYS, (struct id){{0}}, (struct id){{0}});

    head.version = 0;
    return head;
}

static const char *create_programme(const char *slug, struct id *id)
{
    struct programme_input in = {
        .type = PROGRAMME_CREATE,
        .head = by_sys(),
        .programme_create = {.name = "Invented",
                             .countries = {1, {COUNTRY_SE}},
                             .from = {20000},
                             .languages = {1, {LANGUAGE_SV}},
                             .rules = {.offer_days = 7, .sign_days = 14, .info_days = 84},
                             .has_access_days = true,
                             .access_days = 84}};

    strcpy(in.programme_create.slug, slug);
    in.head.programme = (struct id){{0}};
    return input(&programme_aggregate, &in, true, id);
}

static struct id create_organisation(enum organisation_kind kind, const char *name)
{
    struct organisation_input in = {
        .type = ORGANISATION_CREATE,
        .head = by_sys(),
        .organisation_create = {.kind = kind, .contact = {"mail@example.org"}}};
    struct id id;

    strcpy(in.organisation_create.name, name);
    assert_null(input(&organisation_aggregate, &in, true, &id));
    return id;
}

static struct id create_partner(void)
{
    struct partner_input in = {.type = PARTNER_CREATE,
                               .head = by_sys(),
                               .partner_create = {.name = "The agency's system",
                                                  .secret = {.current = SECRET},
                                                  .has_organisation = true,
                                                  .organisation = agency}};
    struct id id;

    assert_null(input(&partner_aggregate, &in, true, &id));
    return id;
}

static struct id register_one(enum person_part part, struct id organisation, bool is_cleared)
{
    struct person_input in = {
        .type = PERSON_REGISTER,
        .head = by_sys(),
        .person_register = {
            .details = {.given_name = "Known", .has_family_name = true, .family_name = "Invented"},
            .has_organisation = true,
            .organisation = organisation,
            .has_part = true,
            .part = part,
            .has_cleared = true,
            .cleared = is_cleared}};
    struct id id;

    assert_null(input(&person_aggregate, &in, true, &id));
    return id;
}

static struct id register_person(enum person_part part, bool is_cleared)
{
    return register_one(part, museum, is_cleared);
}

static struct id register_person_of(enum person_part part, struct id organisation)
{
    return register_one(part, organisation, false);
}

static struct referral_input said_by_agency(const char *external_id, int64_t sequence,
                                            enum protection protection)
{
    struct referral_input in = {
        .type = REFERRAL_RECEIVE,
        .head = by(ROLE_AG, partner, agency),
        .referral_receive = {.sequence = sequence,
                             .programme = "integration-works",
                             .person = {.given_name = "Known",
                                        .has_family_name = true,
                                        .family_name = "Invented",
                                        .protection = protection},
                             .has_municipality = true,
                             .municipality = "0180",
                             .languages = {1, {"so"}},
                             .wants = {2, {REFERRAL_WANT_MENTOR, REFERRAL_WANT_PLACEMENT}}}};

    strcpy(in.referral_receive.external_id, external_id);
    in.head.version = 0;
    return in;
}

static const char *receive(const char *external_id, int64_t sequence, enum protection protection,
                           struct id *id)
{
    struct referral_input in = said_by_agency(external_id, sequence, protection);

    return input(&referral_aggregate, &in, true, id);
}

static const char *say(enum referral_input_type type, enum role role, struct id id)
{
    const struct id of = role == ROLE_CO ? (struct id){{0}} : agency;
    struct referral_input in = {.type = type, .head = by(role, somebody, of)};

    in.head.id = id;
    if (role == ROLE_AG) in.head.actor.id = partner;
    return input(&referral_aggregate, &in, false, &id);
}

static const char *read_person(struct id id, enum role role, struct id actor,
                               struct id organisation)
{
    struct person_input in = {
        .type = PERSON_READ,
        .head = by(role, actor, organisation),
        .person_read = {role == ROLE_CO ? PERSON_PURPOSE_COORDINATION : PERSON_PURPOSE_GUIDANCE}};

    in.head.id = id;
    return input(&person_aggregate, &in, false, &id);
}

static const char *read_name(struct id id, struct id participant)
{
    struct person_input in = {.type = PERSON_READ_NAME,
                              .head = by(ROLE_PT, participant, (struct id){{0}}),
                              .person_read_name = {PERSON_PURPOSE_GUIDANCE}};

    in.head.id = id;
    return input(&person_aggregate, &in, false, &id);
}

static int set_up(void **unused)
{
    (void)unused;
    turn_open(aggregates, "registry");
    turn.country = COUNTRY_SE;
    assert_null(create_programme("integration-works", &tenant));
    assert_null(create_programme("landet-runt", &other_tenant));
    agency = create_organisation(ORGANISATION_KIND_AGENCY, "The agency");
    museum = create_organisation(ORGANISATION_KIND_MUSEUM_ASSOCIATION, "The tramway");
    partner = create_partner();
    ada = register_person(PERSON_PART_MENTOR, false);
    eva = register_person(PERSON_PART_SUPERVISOR, true);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    turn_close();
    return 0;
}

static struct programme programme_row(void)
{
    struct programme row;

    turn_get(&programmes, tenant, &row);
    return row;
}

static void somebody_has_to_be_cleared_where_somebody_is_under_protection(void **unused)
{
    struct person_input end = {.type = PERSON_END_ROLE,
                               .head = by_sys(),
                               .person_end_role = {.part = PERSON_PART_COORDINATOR}};
    struct programme row;
    struct id open, hidden, coordinator;

    (void)unused;
    assert_null(receive("AF-50", 1, PROTECTION_NONE, &open));
    assert_false(programme_row().has_uncleared_since);
    assert_null(receive("AF-51", 1, PROTECTION_MARKED, &hidden));
    row = programme_row();
    assert_true(row.has_uncleared_since);
    assert_true(id_equal(row.uncleared, referral_row(hidden).person));
    assert_int_equal(row.said_times, 1);
    turn_until(row.look_at);
    assert_int_equal(programme_row().said_times, 2);

    register_person(PERSON_PART_MENTOR, true); /* nobody who could coordinate */
    assert_true(programme_row().has_uncleared_since);
    coordinator = register_person(PERSON_PART_COORDINATOR, true);
    assert_false(programme_row().has_uncleared_since);
    end.head.id = coordinator;
    assert_null(input(&person_aggregate, &end, false, &coordinator));
    assert_true(programme_row().has_uncleared_since);
}

static void a_slug_a_hash_and_an_external_id_are_found(void **unused)
{
    struct token_input in = {.type = TOKEN_CREATE,
                             .head = by_sys(),
                             .token_create = {.role = ACTOR_ROLE_MENTOR,
                                              .has_organisation = true,
                                              .organisation = museum,
                                              .person = ada,
                                              .hash = {32, {1, 2, 3}},
                                              .has_expires = true,
                                              .expires = {turn.now.ms + DAY_MS}}};
    struct id id, first, again;

    (void)unused;
    assert_string_equal(create_programme("integration-works", &id), programme_slug_taken.code);
    assert_null(input(&token_aggregate, &in, true, &id));
    assert_string_equal(input(&token_aggregate, &in, true, &id), token_hash_taken.code);
    in.token_create.hash.at[31] = 4;
    in.token_create.role = ACTOR_ROLE_AGENCY_SYSTEM;
    assert_string_equal(input(&token_aggregate, &in, true, &id), token_no_person.code);
    in.token_create.person = partner;
    in.token_create.organisation = agency;
    assert_null(input(&token_aggregate, &in, true, &id));

    assert_null(receive("AF-1", 1, PROTECTION_NONE, &first));
    assert_null(receive("AF-1", 1, PROTECTION_NONE, &again));
    assert_true(id_equal(first, again));
    assert_int_equal(turn.events, 0);
    assert_null(receive("AF-10", 1, PROTECTION_NONE, &again));
    assert_false(id_equal(first, again));
}

static enum token_state token_state_of(struct id id)
{
    struct token row;

    turn_get(&tokens, id, &row);
    return row.state;
}

static struct id create_token(enum actor_role role, struct id person, uint8_t print)
{
    struct token_input in = {.type = TOKEN_CREATE,
                             .head = by_sys(),
                             .token_create = {.role = role,
                                              .person = person,
                                              .hash = {32, {9, 9, print}},
                                              .has_expires = true,
                                              .expires = {turn.now.ms + DAY_MS}}};
    struct id id;

    assert_null(input(&token_aggregate, &in, true, &id));
    return id;
}

static void tokens_end_with_what_they_stand_for(void **unused)
{
    struct id lea = register_person(PERSON_PART_MENTOR, false), as_host;
    const struct id as_mentor = create_token(ACTOR_ROLE_MENTOR, lea, 1);
    const struct id other = create_token(ACTOR_ROLE_MENTOR, ada, 3);
    struct person_input in = {.type = PERSON_GRANT_ROLE,
                              .head = by_sys(),
                              .person_grant_role = {.part = PERSON_PART_SIGNATORY}};

    (void)unused;
    in.head.id = lea;
    in.head.version = VERSION_ANY;
    assert_null(input(&person_aggregate, &in, false, &lea));
    as_host = create_token(ACTOR_ROLE_HOST, lea, 2);
    in.type = PERSON_END_ROLE;
    in.person_end_role = (struct person_end_role){PERSON_PART_MENTOR, PERSON_END_REASON_FINISHED};
    assert_null(input(&person_aggregate, &in, false, &lea));
    assert_int_equal(token_state_of(as_mentor), TOKEN_STATE_REVOKED);
    assert_int_equal(token_state_of(as_host), TOKEN_STATE_ACTIVE);
    in.type = PERSON_ERASE;
    assert_null(input(&person_aggregate, &in, false, &lea));
    assert_int_equal(token_state_of(as_host), TOKEN_STATE_REVOKED);
    assert_int_equal(token_state_of(other), TOKEN_STATE_ACTIVE);
}

/* Also where they are shown for the whole programme. */
static void and_with_the_organisation_that_their_persons_take_part_for(void **unused)
{
    const struct id association =
        create_organisation(ORGANISATION_KIND_ASSOCIATION, "The association");
    const struct id lea = register_person_of(PERSON_PART_COORDINATOR, association);
    const struct id id = create_token(ACTOR_ROLE_COORDINATOR, lea, 4);
    const struct id other = create_token(ACTOR_ROLE_MENTOR, ada, 5);
    struct organisation_input shut = {.type = ORGANISATION_CLOSE, .head = by_sys()};
    struct token row;

    (void)unused;
    turn_get(&tokens, id, &row);
    assert_false(row.has_organisation);
    turn_get(&tokens, other, &row);
    assert_true(row.has_organisation && id_equal(row.organisation, museum));
    shut.head.id = association;
    shut.head.version = VERSION_ANY;
    assert_null(input(&organisation_aggregate, &shut, false, &shut.head.id));
    assert_int_equal(token_state_of(id), TOKEN_STATE_REVOKED);
    assert_int_equal(token_state_of(other), TOKEN_STATE_ACTIVE);
}

static void who_moves_to_another_organisation_needs_another(void **unused)
{
    const struct id club = create_organisation(ORGANISATION_KIND_CLUB, "Another club");
    struct id lea = register_person(PERSON_PART_MENTOR, false);
    const struct id token = create_token(ACTOR_ROLE_MENTOR, lea, 6);
    struct person_input in = {.type = PERSON_GRANT_ROLE,
                              .head = by_sys(),
                              .person_grant_role = {.part = PERSON_PART_MENTOR,
                                                    .has_organisation = true,
                                                    .organisation = museum,
                                                    .has_cleared = true,
                                                    .cleared = true}};
    struct id anew;

    (void)unused;
    in.head.id = lea;
    in.head.version = VERSION_ANY;
    assert_null(input(&person_aggregate, &in, false, &lea)); /* cleared, and where they were */
    assert_int_equal(token_state_of(token), TOKEN_STATE_ACTIVE);
    in.person_grant_role.has_organisation = false; /* they belong there still */
    assert_null(input(&person_aggregate, &in, false, &lea));
    assert_int_equal(token_state_of(token), TOKEN_STATE_ACTIVE);

    in.type = PERSON_CHANGE;
    memset(&in.person_change, 0, sizeof in.person_change);
    in.person_change.has_organisation = true;
    in.person_change.organisation = club;
    assert_null(input(&person_aggregate, &in, false, &lea));
    assert_int_equal(token_state_of(token), TOKEN_STATE_REVOKED);

    anew = create_token(ACTOR_ROLE_MENTOR, lea, 7);
    in.type = PERSON_GRANT_ROLE;
    in.person_grant_role = (struct person_grant_role){
        .part = PERSON_PART_MENTOR, .has_organisation = true, .organisation = museum};
    assert_null(input(&person_aggregate, &in, false, &lea));
    assert_int_equal(token_state_of(anew), TOKEN_STATE_REVOKED);
}

static enum session_state session_state_of(struct id id)
{
    struct session row;

    turn_get(&sessions, id, &row);
    return row.state;
}

static const char *request_session(struct id person, uint8_t print, struct id *id)
{
    struct session_input in = {
        .type = SESSION_REQUEST,
        .head = by_sys(),
        .session_request = {.person = person, .hash = {32, {7, print}}, .code.digits = "204117"}};

    return input(&session_aggregate, &in, true, id);
}

static struct id open_session(struct id person, uint8_t print)
{
    struct session_input in = {.type = SESSION_ENTER,
                               .head = by_sys(),
                               .session_enter = {.is_right = true, .hash = {32, {8, print}}}};
    struct id id;

    assert_null(request_session(person, print, &id));
    assert_null(input(&session_aggregate, &in, false, &id));
    assert_int_equal(session_state_of(id), SESSION_STATE_OPEN);
    return id;
}

static void sessions_end_with_what_they_stand_for_too(void **unused)
{
    const struct id association =
        create_organisation(ORGANISATION_KIND_EMPLOYER, "It will be closed");
    struct id lea = register_person(PERSON_PART_MENTOR, false), id;
    const struct id kim = register_person_of(PERSON_PART_SUPERVISOR, association);
    const struct id theirs = open_session(lea, 1), other = open_session(ada, 2);
    const struct id at_host = open_session(kim, 3);
    struct organisation_input shut = {.type = ORGANISATION_CLOSE, .head = by_sys()};
    struct person_input in = {.type = PERSON_END_ROLE,
                              .head = by_sys(),
                              .person_end_role = {PERSON_PART_MENTOR, PERSON_END_REASON_FINISHED}};

    (void)unused;
    in.head.version = shut.head.version = VERSION_ANY;
    assert_null(input(&person_aggregate, &in, false, &lea));
    assert_int_equal(session_state_of(theirs), SESSION_STATE_ENDED);
    shut.head.id = association;
    assert_null(input(&organisation_aggregate, &shut, false, &shut.head.id));
    assert_int_equal(session_state_of(at_host), SESSION_STATE_ENDED);
    assert_int_equal(session_state_of(other), SESSION_STATE_OPEN);

    for (int i = 0; i < SESSION_CODES; i++)
        assert_null(request_session(ada, (uint8_t)(10 + i), &id));
    assert_string_equal(request_session(ada, 20, &id), session_too_often.code);
    turn_until((struct instant){turn.now.ms + SESSION_CODE_MINUTES * 60000});
    assert_int_equal(session_state_of(id), SESSION_STATE_ENDED); /* the clock has said so */
    assert_null(request_session(ada, 21, &id));
}

static void an_endpoint_is_for_a_partner(void **unused)
{
    struct endpoint_input in = {.type = ENDPOINT_CREATE,
                                .head = by_sys(),
                                .endpoint_create = {.partner = partner,
                                                    .url = "https://example.org/hooks",
                                                    .secret = {.current = SECRET}}};
    struct id id;

    (void)unused;
    assert_null(input(&endpoint_aggregate, &in, true, &id));
    in.endpoint_create.partner = agency;
    assert_string_equal(input(&endpoint_aggregate, &in, true, &id), endpoint_no_partner.code);
}

static enum endpoint_state endpoint_state_of(struct id id)
{
    struct endpoint row;

    turn_get(&endpoints, id, &row);
    return row.state;
}

/* Counted is what is active: whoever is refused disables one and may. All end with the partner, however many there
 * ever were. */
static void a_partners_endpoints_are_counted_and_end_with_it(void **unused)
{
    enum { MORE = IDS_MAX + 2 };
    struct endpoint_input in = {.type = ENDPOINT_CREATE,
                                .head = by_sys(),
                                .endpoint_create = {.partner = create_partner(),
                                                    .url = "https://example.org/hooks",
                                                    .secret = {.current = SECRET}}};
    struct endpoint_input disable = {.type = ENDPOINT_DISABLE,
                                     .endpoint_disable = {.reason = PARTNER_REASON_UNUSED}};
    struct partner_input end = {.type = PARTNER_DISABLE,
                                .head = by_sys(),
                                .partner_disable = {.reason = PARTNER_REASON_CONTRACT_ENDED}};
    struct id ids[MORE], id;

    (void)unused;
    for (int i = 0; i < MORE; i++) {
        if (i >= REACH_ENDPOINTS_MAX) {
            assert_string_equal(input(&endpoint_aggregate, &in, true, &id),
                                endpoint_too_many_endpoints.code);
            disable.head = by(ROLE_SYS, (struct id){{0}}, (struct id){{0}});
            assert_null(input(&endpoint_aggregate, &disable, false, &ids[i - REACH_ENDPOINTS_MAX]));
        }
        assert_null(input(&endpoint_aggregate, &in, true, &ids[i]));
    }
    end.head.version = VERSION_ANY;
    assert_null(input(&partner_aggregate, &end, false, &in.endpoint_create.partner));
    turn_until(turn.now); /* sixteen at a time */
    for (int i = 0; i < MORE; i++)
        assert_int_equal(endpoint_state_of(ids[i]), ENDPOINT_STATE_DISABLED);
}

static void end_part(struct id person, enum person_part part)
{
    struct person_input in = {
        .type = PERSON_END_ROLE,
        .head = by(ROLE_SYS, (struct id){{0}}, (struct id){{0}}),
        .person_end_role = {.part = part, .reason = PERSON_END_REASON_NO_TIME}};

    assert_null(input(&person_aggregate, &in, false, &person));
}

static void keep_volunteers(int64_t days)
{
    struct programme_input in = {
        .type = PROGRAMME_CHANGE,
        .head = by(ROLE_SYS, (struct id){{0}}, (struct id){{0}}),
        .programme_change = {.has_kept_days = true,
                             .kept_days = {.has_volunteer = true, .volunteer = days}}};

    assert_null(input(&programme_aggregate, &in, false, &tenant));
}

/* However many there are; of another programme nobody. */
static void other_days_reach_all_whom_nothing_keeps(void **unused)
{
    enum { MANY = 35 };
    struct id ids[MANY], staying;
    int64_t first;

    (void)unused;
    for (int i = 0; i < MANY; i++) {
        ids[i] = register_person(PERSON_PART_GUIDE, false);
        end_part(ids[i], PERSON_PART_GUIDE);
    }
    staying = register_person(PERSON_PART_GUIDE, false);
    first = person_row(ids[0]).kept_until.ms;
    keep_volunteers(100);
    turn_until(turn.now); /* sixteen at a time */
    for (int i = 0; i < MANY; i++)
        assert_int_equal((first - person_row(ids[i]).kept_until.ms + DAY_MS / 2) / DAY_MS, 265);
    assert_false(person_row(staying).has_kept_until);
    end_part(staying, PERSON_PART_GUIDE);
    assert_int_equal(person_row(staying).kept_until.ms, person_row(ids[0]).kept_until.ms);
}

static void a_referral_brings_its_participant(void **unused)
{
    struct id id;
    struct referral row;
    struct person person;

    (void)unused;
    assert_null(receive("AF-2", 1, PROTECTION_NONE, &id));
    assert_int_equal(turn.events, 1); /* one event, and both rows */
    row = referral_row(id);
    person = person_row(row.person);
    assert_true(id_equal(row.programme, tenant));
    assert_true(id_equal(row.organisation, agency));
    assert_int_equal(row.version, 1);
    assert_int_equal(person.state, PERSON_STATE_ACTIVE);
    assert_int_equal(person.version, 1);
    assert_true(id_equal(person.id, row.person));
    assert_true(id_equal(person.programme, tenant));
    assert_true(id_equal(person.referral, id));
    assert_true(id_equal(person.sealed.owner, row.person));
    assert_null(receive("AF-2", 2, PROTECTION_NONE, &id));
    assert_int_equal(person_row(row.person).roles.count, 1);
    assert_false(id_equal(person_row(row.person).sealed.event, person.sealed.event));
}

static const char *say_of_person(enum person_input_type type, struct id person, struct head head)
{
    struct person_input in = {.type = type, .head = head};

    return input(&person_aggregate, &in, false, &person);
}

/* Somebody, and what they show; not in the very millisecond in which it was asked for. */
static const char *answer_as(enum person_input_type type, struct id person, struct head head,
                             struct id token)
{
    const char *code;

    turn.now.ms++;
    turn.credential = token;
    code = say_of_person(type, person, head);
    turn.credential = (struct id){{0}};
    return code;
}

/* Asked of the referral, confirmed on the person, and then so for both. */
static void a_lower_protection_waits_on_the_person_for_another(void **unused)
{
    const struct id ann = register_one(PERSON_PART_COUNSELLOR, agency, false);
    const struct id bob = register_one(PERSON_PART_COUNSELLOR, agency, false);
    const struct id anns = create_token(ACTOR_ROLE_COUNSELLOR, ann, 31);
    const struct id bobs = open_session(bob, 32);
    struct referral_input ask = {.type = REFERRAL_CHANGE_PROTECTION};
    struct id id, person;

    (void)unused;
    assert_null(receive("AF-3a", 1, PROTECTION_STRICTLY, &id));
    person = referral_row(id).person;
    turn_until(turn.now); /* what else is told of them goes into the vault */
    assert_true(person_row(person).hidden);
    ask.head = by(ROLE_CN, ann, agency);
    ask.referral_change_protection.protection = PROTECTION_MARKED;
    turn.credential = anns;
    assert_null(input(&referral_aggregate, &ask, false, &id));
    turn.credential = (struct id){{0}};
    assert_int_equal(turn.events, 2);
    assert_int_equal(referral_row(id).protection, PROTECTION_STRICTLY);
    assert_int_equal(person_row(person).protection, PROTECTION_STRICTLY);
    assert_true(person_row(person).has_lowering_hands);
    assert_int_equal(person_row(person).lowering_hands.count, 1);
    assert_int_equal(person_row(person).lowering_to, PROTECTION_MARKED);
    assert_true(id_equal(person_row(person).lowering_asked_by, ann));
    ask.head = by(ROLE_AG, partner, agency);
    assert_string_equal(input(&referral_aggregate, &ask, false, &id),
                        referral_lowering_asked_already.code);
    assert_null(receive("AF-3a", 2, PROTECTION_STRICTLY, &id)); /* repeats what is so */
    assert_true(person_row(person).has_lowering_to);

    assert_string_equal(answer_as(PERSON_CONFIRM_LOWERING, person, by(ROLE_CN, ann, agency), anns),
                        person_takes_another.code);
    assert_string_equal(
        answer_as(PERSON_CONFIRM_LOWERING, person, by(ROLE_CN, bob, agency), (struct id){{0}}),
        person_hands_unknown.code); /* who showed nothing that there is */
    assert_null(answer_as(PERSON_CONFIRM_LOWERING, person, by(ROLE_CN, bob, agency), bobs));
    assert_int_equal(turn.events, 3); /* and once for the audit */
    assert_int_equal(referral_row(id).protection, PROTECTION_MARKED);
    assert_int_equal(person_row(person).protection, PROTECTION_MARKED);
    assert_false(person_row(person).has_lowering_to);

    ask.referral_change_protection.protection =
        PROTECTION_NONE; /* and a raise by webhook drops it */
    assert_null(input(&referral_aggregate, &ask, false, &id));
    assert_true(person_row(person).has_lowering_to);
    assert_false(person_row(person).has_lowering_asked_by);
    assert_null(receive("AF-3a", 3, PROTECTION_CONFIDENTIAL, &id));
    assert_false(person_row(person).has_lowering_to);
    assert_int_equal(person_row(person).protection, PROTECTION_CONFIDENTIAL);
}

static struct id create_token_as(struct head head, struct id shown, enum actor_role role,
                                 struct id person, uint8_t print)
{
    struct token_input in = {
        .type = TOKEN_CREATE,
        .head = head,
        .token_create = {.role = role, .person = person, .hash = {32, {9, 8, print}}}};
    struct id id;

    turn.credential = shown;
    assert_null(input(&token_aggregate, &in, true, &id));
    turn.credential = (struct id){{0}};
    return id;
}

static uint32_t hands_on(struct id token)
{
    struct token row;

    turn_get(&tokens, token, &row);
    assert_true(row.has_hands);
    return row.hands.count;
}

/* An admin makes a token for a counsellor, with that one for another, and lets an agency's system in: all of it is her. */
static void what_one_admin_made_is_that_admin(void **unused)
{
    const struct id ann = register_one(PERSON_PART_COORDINATOR, museum, false);
    const struct id bob = register_one(PERSON_PART_COORDINATOR, museum, false);
    const struct id anns = create_token(ACTOR_ROLE_PROGRAMME_ADMIN, ann, 41);
    const struct id bobs = create_token(ACTOR_ROLE_PROGRAMME_ADMIN, bob, 42);
    const struct head as_ann = by(ROLE_PA, ann, museum), as_bob = by(ROLE_PA, bob, museum);
    struct person_input ask = {.type = PERSON_CHANGE_PROTECTION, .head = as_ann};
    struct partner_input secret = {.type = PARTNER_ROTATE_SECRET,
                                   .head = as_ann,
                                   .partner_rotate_secret = {.secret = {.current = SECRET}}};
    struct id id, person, for_bob, for_ann, again;

    (void)unused;
    for_bob = create_token_as(as_ann, anns, ACTOR_ROLE_PROGRAMME_ADMIN, bob, 1);
    for_ann = create_token_as(as_bob, for_bob, ACTOR_ROLE_PROGRAMME_ADMIN, ann, 2);
    again = create_token_as(as_bob, bobs, ACTOR_ROLE_PROGRAMME_ADMIN, bob, 3);
    assert_int_equal(hands_on(anns), 0);
    assert_int_equal(hands_on(for_bob), 1);
    assert_int_equal(hands_on(for_ann), 2);

    assert_null(receive("AF-3b", 1, PROTECTION_STRICTLY, &id));
    person = referral_row(id).person;
    ask.person_change_protection.protection = PROTECTION_NONE;
    turn.credential = anns;
    assert_null(input(&person_aggregate, &ask, false, &person));
    turn.credential = (struct id){{0}};
    assert_string_equal(answer_as(PERSON_CONFIRM_LOWERING, person, as_bob, for_bob),
                        person_not_two.code);
    assert_null(answer_as(PERSON_CONFIRM_LOWERING, person, as_bob, again)); /* he made it himself */

    assert_null(receive("AF-3c", 1, PROTECTION_STRICTLY, &id));
    person = referral_row(id).person;
    turn.credential = anns;
    assert_null(input(&partner_aggregate, &secret, false, &partner));
    ask.head = by(ROLE_AG, partner, agency);
    turn.credential = partner;
    assert_null(input(&person_aggregate, &ask, false, &person));
    turn.credential = (struct id){{0}};
    assert_string_equal(answer_as(PERSON_CONFIRM_LOWERING, person, as_ann, anns),
                        person_not_two.code);
    assert_null(answer_as(PERSON_CONFIRM_LOWERING, person, as_bob, bobs));
}

/* Said to either, it is so for both, and turn.events once by each. */
static void protection_is_the_same_on_both_sides(void **unused)
{
    struct referral_input to_referral = {.type = REFERRAL_CHANGE_PROTECTION};
    struct person_input to_person = {.type = PERSON_CHANGE_PROTECTION};
    struct id id, person;

    (void)unused;
    assert_null(receive("AF-3", 1, PROTECTION_NONE, &id));
    person = referral_row(id).person;

    to_referral.head = by(ROLE_AG, partner, agency);
    to_referral.referral_change_protection.protection = PROTECTION_MARKED;
    assert_null(input(&referral_aggregate, &to_referral, false, &id));
    assert_int_equal(turn.events, 3); /* and once for the audit */
    assert_int_equal(referral_row(id).protection, PROTECTION_MARKED);
    assert_int_equal(person_row(person).protection, PROTECTION_MARKED);
    assert_false(referral_row(id).has_municipality);
    turn_until(turn.now); /* what else is told of them goes into the vault */
    assert_false(referral_row(id).has_external_id);

    to_person.head = by(ROLE_PA, somebody, (struct id){{0}});
    to_person.person_change_protection.protection = PROTECTION_STRICTLY;
    assert_null(input(&person_aggregate, &to_person, false, &person));
    assert_int_equal(turn.events, 3);
    assert_int_equal(referral_row(id).protection, PROTECTION_STRICTLY);
    assert_int_equal(person_row(person).protection, PROTECTION_STRICTLY);

    assert_null(receive("AF-3", 2, PROTECTION_NONE, &id)); /* updated, and nothing lowered */
    assert_int_equal(turn.events, 1);
    assert_int_equal(referral_row(id).protection, PROTECTION_STRICTLY);
    assert_int_equal(person_row(person).protection, PROTECTION_STRICTLY);
}

/* Whose words are sealed from the first day, and whose were plain until a raise; of the second nothing else is told, so
 * that what is folded from rows that were struck has to count the same versions. */
static void who_is_protected_is_found_by_a_print_of_what_the_agency_calls_them(void **unused)
{
    struct referral_input bare = said_by_agency("AF-RAISED", 1, PROTECTION_NONE);
    struct referral_input raise = {.type = REFERRAL_CHANGE_PROTECTION};
    struct id first, second, again;

    (void)unused;
    assert_null(receive("AF-SEALED", 1, PROTECTION_STRICTLY, &first));
    bare.referral_receive.languages.count = 0;
    assert_null(input(&referral_aggregate, &bare, true, &second));
    raise.head = by(ROLE_AG, partner, agency);
    raise.referral_change_protection.protection = PROTECTION_MARKED;
    assert_null(input(&referral_aggregate, &raise, false, &second));
    turn_until(turn.now);
    assert_false(referral_row(first).has_external_id || referral_row(second).has_external_id);
    assert_null(receive("AF-SEALED", 2, PROTECTION_NONE, &again));
    assert_true(id_equal(again, first));
    assert_null(receive("AF-RAISED", 2, PROTECTION_NONE, &again));
    assert_true(id_equal(again, second));
    assert_int_equal(referral_row(first).languages.count, 0);
    assert_null(receive("AF-OTHER", 1, PROTECTION_NONE, &again));
    assert_false(id_equal(again, first) || id_equal(again, second));
}

static void others_events_lead_to_completed_and_say_who_may_read(void **unused)
{
    const struct id mentorship = {"mentorship"}, placement = {"placement"};
    struct mentorship_agreed agreed = {.mentor = ada};
    struct mentorship_started met = {0};
    struct mentorship_completed meetings_done = {0};
    struct placement_planned planned = {.host = museum};
    struct placement_requirement_met supervised = {
        .kind = PLACEMENT_REQUIREMENT_SUPERVISOR, .has_supervisor = true, .supervisor = eva};
    struct placement_started begun = {.supervisor = eva};
    struct placement_completed days_done = {0};
    struct id id, person;
    int64_t version;

    (void)unused;
    assert_null(receive("AF-4", 1, PROTECTION_NONE, &id));
    person = referral_row(id).person;
    agreed.referral = met.referral = meetings_done.referral = planned.referral =
        supervised.referral = begun.referral = days_done.referral = id;
    agreed.participant = planned.participant = person;
    assert_null(say(REFERRAL_ACCEPT, ROLE_CO, id));
    assert_string_equal(read_person(person, ROLE_ME, ada, (struct id){{0}}), life_unknown.code);

    turn_hear("mentorship.agreed", mentorship, &agreed);
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_MATCHED);
    assert_int_equal(link_row(mentorship).state, LINK_STATE_AGREED);
    assert_true(id_equal(link_row(mentorship).programme, tenant));
    version = person_row(person).version;
    assert_null(read_person(person, ROLE_ME, ada, (struct id){{0}}));
    assert_int_equal(turn.events, 1);
    assert_int_equal(person_row(person).version, version); /* whoever edits need not look again */
    assert_string_equal(read_person(person, ROLE_ME, eva, (struct id){{0}}), life_unknown.code);
    turn_hear("mentorship.started", mentorship, &met);
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_IN_PROGRESS);

    turn_hear("placement.planned", placement, &planned);
    assert_null(read_person(person, ROLE_HO, somebody, museum));
    assert_string_equal(read_person(person, ROLE_HO, somebody, agency), life_unknown.code);
    assert_string_equal(read_person(person, ROLE_SU, eva, museum), life_unknown.code);
    assert_null(read_name(ada, person));
    assert_string_equal(read_name(ada, eva), life_unknown.code);
    turn_hear("placement.requirement_met", placement, &supervised);
    assert_null(read_person(person, ROLE_SU, eva, museum));
    assert_string_equal(read_name(eva, person), life_unknown.code);
    supervised.kind = PLACEMENT_REQUIREMENT_AGREEMENT;
    supervised.has_supervisor = false;
    turn_hear("placement.requirement_met", placement, &supervised);
    assert_null(read_name(eva, person));
    turn_hear("placement.started", placement, &begun);

    turn_hear("mentorship.completed", mentorship, &meetings_done);
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_IN_PROGRESS);
    turn_hear("placement.completed", placement, &days_done);
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_COMPLETED);
    assert_int_equal(link_row(placement).state, LINK_STATE_COMPLETED);
}

/* A mentorship and a placement, from the agreement to the end. */
static void do_both(struct id referral, struct id mentorship, struct id placement)
{
    const struct id person = referral_row(referral).person;
    const struct mentorship_agreed agreed = {
        .referral = referral, .participant = person, .mentor = ada};
    const struct mentorship_completed meetings_done = {.referral = referral};
    const struct placement_planned planned = {
        .referral = referral, .participant = person, .host = museum};
    const struct placement_started begun = {.referral = referral, .supervisor = eva};
    const struct placement_completed days_done = {.referral = referral};

    turn_hear("mentorship.agreed", mentorship, &agreed);
    turn_hear("mentorship.completed", mentorship, &meetings_done);
    turn_hear("placement.planned", placement, &planned);
    turn_hear("placement.started", placement, &begun);
    assert_int_equal(referral_row(referral).state, REFERRAL_STATE_IN_PROGRESS);
    turn_hear("placement.completed", placement, &days_done);
    assert_int_equal(referral_row(referral).state, REFERRAL_STATE_COMPLETED);
}

static void what_was_completed_does_not_count_where_it_begins_anew(void **unused)
{
    const struct id first = {"first meetings"}, then = {"first days"}, again = {"more meetings"},
                    more = {"more days"};
    struct id id;

    (void)unused;
    assert_null(receive("AF-12", 1, PROTECTION_NONE, &id));
    assert_null(say(REFERRAL_ACCEPT, ROLE_CO, id));
    do_both(id, first, then);
    assert_null(say(REFERRAL_REOPEN, ROLE_CO, id));
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_ACCEPTED);
    assert_true(link_row(first).earlier);
    assert_true(link_row(then).earlier);
    assert_int_equal(link_row(first).state, LINK_STATE_COMPLETED);
    do_both(id, again, more);
}

static uint32_t readings_of(struct id person, struct reading *last)
{
    const struct reading like = {.person = person};
    struct ids found = {0};
    struct error err;

    turn_begin();
    assert_true(index_find(turn.txn, &readings, readings.indexes[0], &like, 1, NULL, IDS_MAX,
                           &found, &err));
    turn_end();
    if (found.count > 0) turn_get(&readings, found.at[found.count - 1], last);
    return found.count;
}

/* A mentor's words and the answer are about the participant, who sees that they were read. */
static void what_is_read_of_a_question_shows_to_whom_it_is_about(void **unused)
{
    const struct id mentorship = {"asked about"};
    struct mentorship_offered offered = {.mentor = ada};
    struct question_input ask = {.type = QUESTION_ASK,
                                 .head = by(ROLE_ME, ada, (struct id){{0}}),
                                 .question_ask = {MENTORSHIP_TOPIC_TIME, {.words = "When?"}}};
    struct question_input in = {.type = QUESTION_READ,
                                .head = by(ROLE_CO, somebody, (struct id){{0}})};
    struct id id, question = mentorship, person;
    struct reading row;

    (void)unused;
    assert_null(receive("AF-13", 1, PROTECTION_NONE, &id));
    person = offered.participant = referral_row(id).person;
    offered.referral = id;
    turn_hear("mentorship.offered", mentorship, &offered);
    ask.head.id = in.head.id = mentorship;
    assert_null(input(&question_aggregate, &ask, false, &question));
    assert_int_equal(readings_of(person, &row), 0);
    assert_null(input(&question_aggregate, &in, false, &question));
    assert_int_equal(readings_of(person, &row), 1);
    assert_int_equal(row.what, READING_WHAT_QUESTION);
    assert_int_equal(row.purpose, PERSON_PURPOSE_COORDINATION);
    assert_int_equal(row.role, ACTOR_ROLE_COORDINATOR);
    assert_true(row.has_reader && id_equal(row.reader, somebody));
    assert_true(id_equal(row.programme, tenant));
    assert_int_equal(row.at.ms, turn.now.ms);
    assert_null(read_person(person, ROLE_CO, somebody, (struct id){{0}}));
    assert_int_equal(readings_of(person, &row), 2);
}

static uint32_t audits_of(struct id person, struct audit *last)
{
    const struct audit like = {.has_person = true, .person = person};
    struct ids found = {0};
    struct error err;

    turn_begin();
    assert_true(
        index_find(turn.txn, &audits, audits.indexes[0], &like, 1, NULL, IDS_MAX, &found, &err));
    turn_end();
    if (found.count > 0) turn_get(&audits, found.at[found.count - 1], last);
    return found.count;
}

static const char *note_refusal(struct id about)
{
    struct audit_input in = {
        .type = AUDIT_NOTE,
        .head = by_sys(),
        .audit_note = {.kind = AUDIT_KIND_REFUSED,
                       .what = "person.read",
                       .code = "forbidden",
                       .has_about = true,
                       .about = about,
                       .times = 3,
                       .first = turn.now,
                       .last = turn.now},
    };
    struct id id;

    return input(&audit_aggregate, &in, true, &id);
}

/* By whatever id they were asked for. */
static void what_is_refused_shows_to_whom_it_is_about(void **unused)
{
    struct id id, link;
    struct audit row;

    (void)unused;
    assert_null(receive("AF-14", 1, PROTECTION_NONE, &id));
    const struct id person = referral_row(id).person;

    assert_int_equal(audits_of(person, &row), 0);
    assert_null(note_refusal(person));
    assert_null(note_refusal(id));
    link = turn_id("a link", 14);
    turn_hear("mentorship.proposed", link,
              &(struct mentorship_proposed){.referral = id, .participant = person, .mentor = ada});
    assert_null(note_refusal(link));
    assert_int_equal(audits_of(person, &row), 2 + (link_row(link).state != LINK_STATE_NONE));
    assert_int_equal(row.times, 3);
    assert_string_equal(row.what, "person.read");
    assert_true(row.has_programme && id_equal(row.programme, tenant));
    assert_null(note_refusal(turn_id("nobody", 14)));
    assert_true(audits_of(person, &row) <= 3);
}

/* Who did it, and what they showed, stands in the event that is heard. */
static void a_protection_that_changes_is_noted_with_who_changed_it(void **unused)
{
    struct person_input in = {.type = PERSON_CHANGE_PROTECTION,
                              .head = by(ROLE_PA, somebody, (struct id){{0}}),
                              .person_change_protection = {PROTECTION_MARKED}};
    struct referral_input to_referral = {.type = REFERRAL_CHANGE_PROTECTION};
    struct id id, person;
    struct audit row;

    (void)unused;
    assert_null(receive("AF-15", 1, PROTECTION_NONE, &id));
    person = in.head.id = referral_row(id).person;
    turn.credential = (struct id){"a token"};
    assert_null(input(&person_aggregate, &in, false, &person));
    turn.credential = (struct id){{0}};
    assert_int_equal(audits_of(person, &row), 1);
    assert_int_equal(row.kind, AUDIT_KIND_PROTECTED);
    assert_string_equal(row.code, "marked");
    assert_int_equal(row.role, ACTOR_ROLE_PROGRAMME_ADMIN);
    assert_true(row.has_actor && id_equal(row.actor, somebody));
    assert_true(row.has_credential && id_equal(row.credential, (struct id){"a token"}));
    assert_int_equal(row.times, 1);
    assert_true(row.has_programme && id_equal(row.programme, tenant));

    to_referral.head =
        by(ROLE_AG, partner, agency); /* the person's follows from it, by a rule of ours */
    to_referral.referral_change_protection.protection = PROTECTION_STRICTLY;
    turn.credential = partner;
    assert_null(input(&referral_aggregate, &to_referral, false, &id));
    turn.credential = (struct id){{0}};
    assert_int_equal(audits_of(person, &row), 2);
    assert_string_equal(row.code, "strictly");
    assert_int_equal(row.role, ACTOR_ROLE_AGENCY_SYSTEM);
    assert_true(row.has_actor && id_equal(row.actor, partner));
    assert_true(row.has_credential && id_equal(row.credential, partner));
}

static bool is_known(const struct aggregate *aggregate, const void *row, struct id organisation)
{
    const struct knowing who = {.organisation = organisation, .programme = tenant, .at = turn.now};
    bool is_known;

    turn_begin();
    is_known = turn_knows(aggregate, row, &who);
    turn_end();
    return is_known;
}

/* What an organisation's coordinator sees of one referral: the referral, and its person. */
static bool is_seen(struct id id, struct id organisation)
{
    const struct referral row = referral_row(id);
    const struct person person = person_row(row.person);
    const bool is_seen = is_known(&referral_aggregate, &row, organisation);

    assert_int_equal(is_known(&person_aggregate, &person, organisation), is_seen);
    return is_seen;
}

/* Ada is a mentor of the museum's. Of the mentor without an organisation, nothing is kept. */
static void a_club_sees_a_participant_from_the_proposal_on_and_who_it_is_from_the_agreement_on(
    void **unused)
{
    const struct id mentorship = {"of the museum's"}, another = {"of nobody's"};
    struct mentorship_proposed proposed = {
        .mentor = ada, .has_organisation = true, .organisation = museum};
    struct mentorship_agreed agreed = {.mentor = ada};
    struct mentorship_completed done = {0};
    struct id id, person;

    (void)unused;
    assert_null(receive("AF-SEEN", 1, PROTECTION_NONE, &id));
    person = referral_row(id).person;
    proposed.referral = agreed.referral = done.referral = id;
    proposed.participant = agreed.participant = done.participant = person;
    assert_null(say(REFERRAL_ACCEPT, ROLE_CO, id));
    assert_false(is_seen(id, museum));
    assert_string_equal(read_person(person, ROLE_CO, eva, museum), life_unknown.code);
    assert_null(read_person(person, ROLE_CO, eva, (struct id){{0}}));

    proposed.has_organisation = false;
    turn_hear("mentorship.proposed", another, &proposed);
    assert_int_equal(link_row(another).state, LINK_STATE_NONE);
    proposed.has_organisation = true;
    turn_hear("mentorship.proposed", mentorship, &proposed);
    assert_true(is_seen(id, museum));
    assert_false(is_seen(id, agency));
    assert_string_equal(read_person(person, ROLE_CO, eva, museum), life_forbidden.code);
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_ACCEPTED);

    turn_hear("mentorship.agreed", mentorship, &agreed);
    assert_true(is_seen(id, museum));
    assert_null(read_person(person, ROLE_CO, eva, museum));
    assert_string_equal(read_person(person, ROLE_CO, eva, agency), life_unknown.code);

    turn_hear("mentorship.completed", mentorship, &done);
    assert_true(is_seen(id, museum));
    assert_null(read_person(person, ROLE_CO, eva, museum));
    turn.now.ms += 86 * DAY_MS; /* longer than the programme lets them */
    assert_false(is_seen(id, museum));
    assert_string_equal(read_person(person, ROLE_CO, eva, museum), life_unknown.code);
}

static void what_was_proposed_and_came_to_nothing_is_seen_no_more(void **unused)
{
    static const char *const ends[] = {"mentorship.declined", "mentorship.expired",
                                       "mentorship.withdrawn", "mentorship.superseded"};

    (void)unused;
    for (int i = 0; i < 4; i++) {
        const struct id mentorship = turn_id("in vain", i);
        char external_id[16] = "AF-VAIN-0";
        struct mentorship_proposed proposed = {
            .mentor = ada, .has_organisation = true, .organisation = museum};
        struct mentorship_declined body = {
            0}; /* all of them begin alike, and end in a word or an id */
        struct mentorship_superseded superseded = {0};
        struct id id;

        external_id[8] = (char)('0' + i);
        assert_null(receive(external_id, 1, PROTECTION_NONE, &id));
        proposed.referral = body.referral = superseded.referral = id;
        proposed.participant = body.participant = superseded.participant = referral_row(id).person;
        turn_hear("mentorship.proposed", mentorship, &proposed);
        assert_true(is_seen(id, museum));
        turn_hear(ends[i], mentorship, i == 3 ? (const void *)&superseded : &body);
        assert_false(is_seen(id, museum));
    }
}

static void a_placement_that_is_cancelled_sends_it_back_to_the_queue(void **unused)
{
    const struct id placement = {"cancelled"}, unheard = {"unheard of"};
    struct placement_planned planned = {.host = museum};
    struct placement_cancelled cancelled = {0};
    struct mentorship_withdrawn withdrawn = {0};
    struct id id;

    (void)unused;
    assert_null(receive("AF-5", 1, PROTECTION_NONE, &id));
    assert_null(say(REFERRAL_ACCEPT, ROLE_CO, id));
    planned.referral = cancelled.referral = withdrawn.referral = id;
    turn_hear("placement.planned", placement, &planned);
    turn_hear("mentorship.withdrawn", unheard, &withdrawn); /* it was only proposed */
    assert_int_equal(link_row(unheard).state, LINK_STATE_NONE);
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_MATCHED);
    turn_hear("placement.cancelled", placement, &cancelled);
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_WAITLISTED);
    assert_int_equal(referral_row(id).waiting_since.ms, turn.now.ms);
}

static bool is_unreached(struct id person)
{
    return person_row(person).has_unreached_since;
}

/* By another language alone, another telephone number, or another mailbox. */
static const char *change_person(struct id person, const char *phone, const char *email)
{
    struct person_input in = {
        .type = PERSON_CHANGE,
        .head = by(ROLE_PA, somebody, (struct id){{0}}),
        .person_change = {.has_language = true, .has_details = phone != NULL || email != NULL}};
    struct person_details_change *details = &in.person_change.details;

    details->has_phone = phone != NULL;
    details->has_email = email != NULL;
    if (phone != NULL) strcpy(details->phone, phone);
    if (email != NULL) strcpy(details->email, email);
    in.head.version = person_row(person).version;
    return input(&person_aggregate, &in, false, &person);
}

/* Until they have another, by us or by the agency, or a mail has reached them. */
static void whom_mails_do_not_reach_it_shows_until_their_mailbox_is_another(void **unused)
{
    const struct recipient_lost lost = {.delivery = {"a mail"}, .at = turn.now};
    struct referral_input moved;
    struct id id, person;

    (void)unused;
    turn_hear("recipient.lost", ada, &lost);
    assert_true(is_unreached(ada) && person_row(ada).unreached_since.ms == lost.at.ms);
    assert_false(is_unreached(eva));
    turn_hear("recipient.found", ada, NULL);
    assert_false(is_unreached(ada));
    turn_hear("recipient.lost", ada, &lost);
    assert_null(change_person(ada, NULL, NULL)); /* where mails go is the same */
    assert_null(change_person(ada, "+46701740606", NULL));
    assert_true(is_unreached(ada));
    assert_null(change_person(ada, NULL, "ada@example.org"));
    assert_false(is_unreached(ada));
    turn_hear("recipient.lost", ada, &lost);
    assert_null(change_person(ada, "+46701740699", "ada@example.org"));
    assert_true(is_unreached(ada));

    assert_null(receive("AF-LOST", 1, PROTECTION_NONE, &id));
    person = referral_row(id).person;
    turn_hear("recipient.lost", person, &lost);
    assert_true(is_unreached(person));
    assert_null(receive("AF-LOST", 2, PROTECTION_NONE, &id)); /* the same again */
    assert_true(is_unreached(person));
    moved = said_by_agency("AF-LOST", 3, PROTECTION_NONE);
    moved.referral_receive.person.has_email = true;
    strcpy(moved.referral_receive.person.email, "known@example.org");
    assert_null(input(&referral_aggregate, &moved, true, &id));
    assert_false(is_unreached(person));
}

static void of_who_is_erased_nothing_shows_and_an_organisation_is_no_person(void **unused)
{
    const struct recipient_lost lost = {.delivery = {"a mail"}, .at = turn.now};
    struct organisation organisation;
    struct programme programme;
    struct id id, person;

    (void)unused;
    assert_null(receive("AF-ERASED", 1, PROTECTION_NONE, &id));
    person = referral_row(id).person;
    turn_hear("recipient.lost", person, &lost);
    turn_say(&person_aggregate, PERSON_ERASE, by_sys().actor, person, NULL);
    assert_false(is_unreached(person));
    turn_hear("recipient.lost", person, &lost); /* it was under way */
    assert_false(is_unreached(person));

    turn_hear("recipient.lost", museum, &lost);
    turn_hear("recipient.lost", tenant, &lost);
    turn_hear("recipient.lost", (struct id){"nobody"}, &lost);
    turn_get(&organisations, museum, &organisation);
    turn_get(&programmes, tenant, &programme);
    assert_true(organisation.has_unreached_since && programme.has_unreached_since);
    assert_int_equal(person_row(museum).state, PERSON_STATE_NONE);
    turn_get(&organisations, (struct id){"nobody"}, &organisation);
    assert_int_equal(organisation.state, ORGANISATION_STATE_NONE);
    turn_hear("recipient.found", museum, NULL);
    turn_hear("recipient.found", tenant, NULL);
    turn_get(&organisations, museum, &organisation);
    turn_get(&programmes, tenant, &programme);
    assert_false(organisation.has_unreached_since || programme.has_unreached_since);
}

static void who_is_cleared_is_looked_up(void **unused)
{
    struct id id, person, lena;

    (void)unused;
    lena = register_one(PERSON_PART_COORDINATOR, museum, true);
    assert_null(receive("AF-6", 1, PROTECTION_CONFIDENTIAL, &id));
    person = referral_row(id).person;
    assert_string_equal(read_person(person, ROLE_CO, ada, (struct id){{0}}), person_protected.code);
    assert_string_equal(read_person(person, ROLE_CO, eva, (struct id){{0}}),
                        person_protected.code); /* as a supervisor she is */
    assert_null(read_person(person, ROLE_CO, lena, (struct id){{0}}));
    turn.is_uncleared = true; /* she is, and who may have kept what is shown is not */
    assert_string_equal(read_person(person, ROLE_CO, lena, (struct id){{0}}),
                        person_protected.code);
    turn.is_uncleared = false;
}

static uint32_t guards(const struct aggregate *aggregate, const void *row)
{
    struct guarded guarded = {0};
    struct error err;

    turn_begin();
    assert_true(aggregate->guards(turn.txn, row, &guarded, &err));
    turn_end();
    return guarded.count;
}

static void what_is_about_two_is_guarded_for_both(void **unused)
{
    struct question question = {.participant = ada, .mentor = eva};
    struct link link = {.participant = ada, .has_other = true, .other = eva};
    struct session session = {.person = eva};
    struct referral referral;
    struct id id, hidden;

    (void)unused;
    assert_null(receive("AF-6a", 1, PROTECTION_MARKED, &id));
    hidden = referral_row(id).person;
    referral = referral_row(id);
    assert_int_equal(guards(&referral_aggregate, &referral), 1); /* who is responsible */
    referral.protection = PROTECTION_NONE;
    assert_int_equal(guards(&referral_aggregate, &referral), 0);
    assert_int_equal(guards(&session_aggregate, &session), 0);
    session.person = hidden;
    assert_int_equal(guards(&session_aggregate, &session), 1); /* for whom they take part */
    assert_int_equal(guards(&question_aggregate, &question), 0);
    assert_int_equal(guards(&link_aggregate, &link), 0);
    question.mentor = link.other = hidden;
    assert_int_equal(guards(&question_aggregate, &question), 1);
    assert_int_equal(guards(&link_aggregate, &link), 1);
    question.participant = link.participant = hidden;
    assert_int_equal(guards(&question_aggregate, &question), 2);
    assert_int_equal(guards(&link_aggregate, &link), 2);
}

static void who_was_hidden_stays_so_when_they_are_erased(void **unused)
{
    struct link link = {0};
    struct id id, shown;

    (void)unused;
    assert_null(receive("AF-6b", 1, PROTECTION_MARKED, &id));
    link.participant = referral_row(id).person;
    assert_int_equal(guards(&link_aggregate, &link), 1);
    assert_null(turn_say(&person_aggregate, PERSON_ERASE, by_sys().actor, link.participant, NULL));
    assert_int_equal(person_row(link.participant).state, PERSON_STATE_ERASED);
    assert_int_equal(guards(&link_aggregate, &link), 1);

    assert_null(receive("AF-6c", 1, PROTECTION_NONE, &id));
    shown = referral_row(id).person;
    assert_null(turn_say(&person_aggregate, PERSON_ERASE, by_sys().actor, shown, NULL));
    link.participant = shown;
    assert_int_equal(guards(&link_aggregate, &link), 0);
}

static const char *rotate(struct id id)
{
    struct partner_input in = {.type = PARTNER_ROTATE_SECRET,
                               .head = by(ROLE_PA, eva, (struct id){{0}}),
                               .partner_rotate_secret = {.secret = {.current = SECRET}}};

    return input(&partner_aggregate, &in, false, &id);
}

static const char *add_endpoint(struct id id)
{
    struct endpoint_input in = {
        .type = ENDPOINT_CREATE,
        .head = by(ROLE_PA, eva, (struct id){{0}}),
        .endpoint_create = {.partner = id, .url = "https://example.org/x", .secret = {SECRET}}};

    return input(&endpoint_aggregate, &in, true, &id);
}

/* That of the agency has; another, that sent nobody, has not. */
static void a_partner_that_referred_who_is_protected_is_for_who_is_cleared(void **unused)
{
    const struct id another = create_partner();
    struct id id;

    (void)unused;
    assert_null(receive("AF-6b", 1, PROTECTION_MARKED, &id));
    turn.is_uncleared = true;
    assert_string_equal(rotate(partner), life_guarded.code);
    assert_string_equal(add_endpoint(partner), life_guarded.code);
    assert_null(rotate(another));
    assert_null(add_endpoint(another));
    turn.is_uncleared = false;
    assert_null(rotate(partner));
    assert_null(add_endpoint(partner));
}

/* As it is when it is read: cleared, and somebody else's who is not. */
static struct token token_now(struct id id)
{
    struct token row;
    struct error err;

    turn_get(&tokens, id, &row);
    turn_begin();
    assert_true(token_aggregate.complete(turn.txn, &row, turn.now, &err));
    turn_end();
    return row;
}

/* Whoever may have kept what they show is then them: it counts as theirs only if all of those are cleared. */
static void what_somebody_uncleared_may_have_kept_is_nobodys_self(void **unused)
{
    const struct id admin = register_one(PERSON_PART_COORDINATOR, museum, false),
                    near = register_one(PERSON_PART_COORDINATOR, museum, true),
                    mentor = register_one(PERSON_PART_MENTOR, museum, false),
                    guide = register_one(PERSON_PART_MENTOR, museum, true);
    const struct head as_admin = by(ROLE_PA, admin, (struct id){{0}}),
                      as_near = by(ROLE_PA, near, (struct id){{0}});
    const struct id admins = create_token(ACTOR_ROLE_PROGRAMME_ADMIN, admin, 151),
                    nears = create_token(ACTOR_ROLE_PROGRAMME_ADMIN, near, 152);
    const struct id own = create_token_as(as_admin, admins, ACTOR_ROLE_COORDINATOR, admin, 153),
                    by_admin = create_token_as(as_admin, admins, ACTOR_ROLE_MENTOR, mentor, 154),
                    of_guide = create_token_as(as_admin, admins, ACTOR_ROLE_MENTOR, guide, 155),
                    by_near = create_token_as(as_near, nears, ACTOR_ROLE_MENTOR, mentor, 156),
                    by_operator = create_token(ACTOR_ROLE_MENTOR, mentor, 157);

    (void)unused;
    assert_true(token_now(by_admin).shared);
    assert_true(token_now(of_guide).shared && !token_now(of_guide).cleared);
    assert_false(token_now(own).shared || token_now(own).cleared);
    assert_false(token_now(by_near).shared || token_now(by_operator).shared);
    assert_true(token_now(nears).cleared);
}

static void a_duplicate_names_one_that_is_there(void **unused)
{
    struct referral_input in = {.type = REFERRAL_LINK_DUPLICATE};
    struct id first, second;

    (void)unused;
    assert_null(receive("AF-7", 1, PROTECTION_NONE, &first));
    assert_null(receive("AF-8", 1, PROTECTION_NONE, &second));
    in.head = by(ROLE_CO, somebody, (struct id){{0}});
    in.referral_link_duplicate.of = ada;
    assert_string_equal(input(&referral_aggregate, &in, false, &second),
                        referral_no_such_referral.code);
    in.referral_link_duplicate.of = first;
    assert_null(input(&referral_aggregate, &in, false, &second));
    assert_true(id_equal(referral_row(second).duplicate_of, first));
}

static void the_rules_say_how_long_the_agency_has(void **unused)
{
    struct referral_input in = {.type = REFERRAL_ASK_INFO};
    struct id id;

    (void)unused;
    assert_null(receive("AF-9", 1, PROTECTION_NONE, &id));
    in.head = by(ROLE_CO, somebody, (struct id){{0}});
    in.referral_ask_info.asks = (struct referral_asks){1, {REFERRAL_INFO_GOALS}};
    assert_null(input(&referral_aggregate, &in, false, &id));
    assert_int_equal(referral_row(id).due.ms, (turn.now.ms / DAY_MS + 85) * DAY_MS - 3600000);
    assert_null(say(REFERRAL_GIVE_INFO, ROLE_AG, id));
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_RECEIVED);
}

static void an_erased_participant_takes_the_referral_along_and_may_come_again(void **unused)
{
    struct person_input in = {.type = PERSON_ERASE};
    struct id id, again, person;

    (void)unused;
    assert_null(receive("AF-11", 1, PROTECTION_NONE, &id));
    person = referral_row(id).person;
    in.head = by(ROLE_PA, somebody, (struct id){{0}});
    assert_null(input(&person_aggregate, &in, false, &person));
    assert_int_equal(turn.events, 4); /* role_ended, erased, cancelled; and noted */
    assert_int_equal(person_row(person).state, PERSON_STATE_ERASED);
    assert_false(person_row(person).has_sealed);
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_CANCELLED);
    assert_false(referral_row(id).has_external_id);
    assert_null(receive("AF-11", 1, PROTECTION_NONE, &again)); /* is a new one: nothing is known */
    assert_false(id_equal(again, id));
}

static void who_takes_no_part_any_more_is_called_off_and_takes_part_again_with_the_referral(
    void **unused)
{
    struct person_input in = {.type = PERSON_END_ROLE};
    struct id id, person;

    (void)unused;
    assert_null(receive("AF-13", 1, PROTECTION_NONE, &id));
    assert_null(say(REFERRAL_ACCEPT, ROLE_CO, id));
    person = referral_row(id).person;
    in.person_end_role.part = PERSON_PART_PARTICIPANT;
    in.head = by(ROLE_PA, somebody, (struct id){{0}});
    assert_null(input(&person_aggregate, &in, false, &person));
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_CANCELLED);
    assert_int_equal(person_row(person).roles.count, 0);
    assert_null(say(REFERRAL_REOPEN, ROLE_CO, id));
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_ACCEPTED);
    assert_int_equal(person_row(person).roles.count, 1);
    assert_int_equal(person_row(person).roles.at[0].part, PERSON_PART_PARTICIPANT);
}

static const char *undo(const struct aggregate *aggregate, unsigned type, struct id id)
{
    turn.credential = (struct id){{0}};
    return turn_say(aggregate, type, (struct actor){ROLE_PA, somebody, {{0}}}, id, NULL);
}

static const char *end_role(struct id person, enum person_part part)
{
    struct person_input in = {.type = PERSON_END_ROLE,
                              .head = by(ROLE_PA, somebody, (struct id){{0}})};

    in.person_end_role.part = part;
    return input(&person_aggregate, &in, false, &person);
}

static void a_part_is_given_back_where_nobody_was_with_them(void **unused)
{
    struct mentorship_agreed agreed = {.mentor = ada};
    struct id id, mentorship = {"mentorship"};

    (void)unused;
    assert_null(receive("AF-30", 1, PROTECTION_NONE, &id));
    assert_null(end_role(ada, PERSON_PART_MENTOR));
    assert_null(undo(&person_aggregate, PERSON_UNDO, ada));
    assert_int_equal(person_row(ada).roles.count, 1);

    agreed.referral = id;
    agreed.participant = referral_row(id).person;
    turn_hear("mentorship.agreed", mentorship, &agreed);
    assert_null(end_role(ada, PERSON_PART_MENTOR));
    assert_string_equal(undo(&person_aggregate, PERSON_UNDO, ada), person_nothing_to_undo.code);
}

static const char *close_organisation(struct id id)
{
    struct organisation_input in = {.type = ORGANISATION_CLOSE,
                                    .head = by(ROLE_PA, somebody, (struct id){{0}})};

    return input(&organisation_aggregate, &in, false, &id);
}

static void what_was_closed_is_opened_again_unless_another_owns_the_programme(void **unused)
{
    const struct id association =
        create_organisation(ORGANISATION_KIND_ASSOCIATION, "The association");
    struct organisation row;

    (void)unused;
    assert_null(close_organisation(museum));
    create_organisation(ORGANISATION_KIND_CLUB, "Another club"); /* is none that owns it */
    assert_null(undo(&organisation_aggregate, ORGANISATION_UNDO, museum));
    turn_get(&organisations, museum, &row);
    assert_int_equal(row.state, ORGANISATION_STATE_OPEN);

    turn.now.ms++;
    assert_null(close_organisation(association));
    assert_null(undo(&organisation_aggregate, ORGANISATION_UNDO, association));
    assert_null(close_organisation(association));
    turn.now.ms++;
    create_organisation(ORGANISATION_KIND_ASSOCIATION, "Its successor");
    assert_string_equal(undo(&organisation_aggregate, ORGANISATION_UNDO, association),
                        organisation_undo_followed.code);
}

/* Later than an hour nobody has to know of it: whoever looks at the referral need not look again. */
static void that_a_mentor_was_asked_keeps_the_acceptance(void **unused)
{
    const struct id mentorship = {"mentorship"};
    struct mentorship_offered offered = {.mentor = ada};
    struct id id;
    int64_t version;

    (void)unused;
    assert_null(receive("AF-31", 1, PROTECTION_NONE, &id));
    offered.referral = id;
    assert_null(say(REFERRAL_ACCEPT, ROLE_CO, id));
    assert_null(say(REFERRAL_UNDO, ROLE_CO, id));
    assert_int_equal(referral_row(id).state, REFERRAL_STATE_RECEIVED);
    assert_null(say(REFERRAL_ACCEPT, ROLE_CO, id));
    turn_hear("mentorship.offered", mentorship, &offered);
    assert_false(referral_row(id).has_undo);
    assert_string_equal(say(REFERRAL_UNDO, ROLE_CO, id), referral_nothing_to_undo.code);

    assert_null(receive("AF-32", 1, PROTECTION_NONE, &id));
    offered.referral = id;
    assert_null(say(REFERRAL_ACCEPT, ROLE_CO, id));
    version = referral_row(id).version;
    turn.now.ms += DAY_MS;
    turn_hear("mentorship.offered", mentorship, &offered);
    assert_int_equal(referral_row(id).version, version);
    assert_string_equal(say(REFERRAL_UNDO, ROLE_CO, id), referral_undo_too_late.code);
}

/* The association, from before it is accepted; then whom it hands them over to. */
static void a_participant_is_known_to_who_is_responsible(void **unused)
{
    const struct id association = create_organisation(ORGANISATION_KIND_ASSOCIATION, "We");
    const struct id club = create_organisation(ORGANISATION_KIND_CLUB, "Another club");
    struct referral_input over = {.type = REFERRAL_HAND_OVER,
                                  .head = by(ROLE_CO, somebody, association),
                                  .referral_hand_over = {club, REFERRAL_HANDOVER_DISTANCE}};
    struct referral_input accept = {.type = REFERRAL_ACCEPT, .head = over.head};
    struct id id;
    struct referral row;
    struct person person;

    (void)unused;
    assert_null(receive("AF-RESPONSIBLE", 1, PROTECTION_NONE, &id));
    row = referral_row(id);
    person = person_row(row.person);
    assert_true(is_known(&referral_aggregate, &row, association));
    assert_false(is_known(&referral_aggregate, &row, club));
    accept.head.id = over.head.id = id;
    accept.head.actor.organisation = club;
    assert_string_equal(input(&referral_aggregate, &accept, false, &id), life_unknown.code);
    accept.head.actor.organisation = association;
    assert_null(input(&referral_aggregate, &accept, false, &id));
    assert_true(id_equal(referral_row(id).responsible, association));
    assert_string_equal(read_person(row.person, ROLE_CO, somebody, club), life_unknown.code);
    assert_null(read_person(row.person, ROLE_CO, somebody, association));

    assert_null(input(&referral_aggregate, &over, false, &id));
    row = referral_row(id);
    assert_true(id_equal(row.responsible, club));
    assert_true(is_known(&referral_aggregate, &row, club));
    assert_true(is_known(&person_aggregate, &person, club));
    assert_false(is_known(&referral_aggregate, &row, association));
    assert_false(is_known(&person_aggregate, &person, association));
    assert_null(read_person(row.person, ROLE_CO, somebody, club));
    assert_string_equal(read_person(row.person, ROLE_CO, somebody, association), life_unknown.code);
}

/* Of who may see them, that they are another's is said. */
static void who_may_not_see_somebody_is_answered_as_if_they_were_not_there(void **unused)
{
    static const struct {
        enum person_input_type type;
        enum role role;
    } rows[] = {
        {PERSON_CHANGE_PROTECTION, ROLE_CN},
        {PERSON_REFUSE_LOWERING, ROLE_CN},
        {PERSON_CHANGE, ROLE_CO},
        {PERSON_END_ROLE, ROLE_CO},
        {PERSON_CHANGE_CONTACT, ROLE_ME},
        {PERSON_ASK_ERASURE, ROLE_HO},
        {PERSON_GIVE_CONSENT, ROLE_PT},
        {PERSON_READ, ROLE_ME},
    };
    const struct id club = create_organisation(ORGANISATION_KIND_CLUB, "Of nobody's");
    struct person_input in = {.type = PERSON_CHANGE_CONTACT};
    struct id id, nowhere = {"nowhere"};

    (void)unused;
    assert_null(receive("AF-UNSEEN", 1, PROTECTION_NONE, &id));
    id = referral_row(id).person;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        in = (struct person_input){.type = rows[i].type, .head = by(rows[i].role, somebody, club)};
        if (rows[i].type == PERSON_CHANGE_PROTECTION)
            in.person_change_protection.protection = PROTECTION_MARKED;
        assert_string_equal(input(&person_aggregate, &in, false, &id), life_unknown.code);
        assert_string_equal(input(&person_aggregate, &in, false, &nowhere), life_unknown.code);
    }
    in = (struct person_input){.type = PERSON_CHANGE_CONTACT,
                               .head = by(ROLE_CO, somebody, (struct id){{0}})};
    assert_string_equal(input(&person_aggregate, &in, false, &id), person_not_oneself.code);

    in = (struct person_input){.type = PERSON_ERASE,
                               .head = by(ROLE_PA, somebody, (struct id){{0}})};
    assert_null(input(&person_aggregate, &in, false, &id));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        in = (struct person_input){.type = rows[i].type, .head = by(rows[i].role, somebody, club)};
        assert_string_equal(input(&person_aggregate, &in, false, &id), life_unknown.code);
    }
}

static const char *read_contact(struct id id, struct id of)
{
    struct organisation_input in = {.type = ORGANISATION_READ,
                                    .head = by(ROLE_CO, eva, of),
                                    .organisation_read = {ORGANISATION_PURPOSE_COORDINATION}};

    in.head.id = id;
    return input(&organisation_aggregate, &in, false, &id);
}

static const char *hand_over(struct id referral, struct id to)
{
    struct referral_input in = {.type = REFERRAL_HAND_OVER,
                                .head = by(ROLE_CO, somebody, (struct id){{0}}),
                                .referral_hand_over = {to, REFERRAL_HANDOVER_DISTANCE}};

    return input(&referral_aggregate, &in, false, &referral);
}

static void how_an_organisation_is_reached_is_for_those_that_have_to_do_with_it(void **unused)
{
    const struct id club = create_organisation(ORGANISATION_KIND_CLUB, "Here"),
                    host = create_organisation(ORGANISATION_KIND_FARM, "There"),
                    we = create_organisation(ORGANISATION_KIND_ASSOCIATION, "We"), stay = {"stay"};
    struct placement_planned planned = {.host = host};
    struct placement_cancelled off = {.host = host};
    struct id id;

    (void)unused;
    assert_null(read_contact(club, club));
    assert_null(read_contact(club, (struct id){{0}}));
    assert_null(read_contact(we, club));
    assert_null(read_contact(club, we));
    assert_string_equal(read_contact(host, club), life_forbidden.code);
    assert_string_equal(read_contact(agency, club), life_forbidden.code);

    assert_null(receive("AF-CONTACT", 1, PROTECTION_NONE, &id));
    assert_null(hand_over(id, club));
    assert_null(say(REFERRAL_ACCEPT, ROLE_CO, id));
    assert_null(read_contact(agency, club));
    assert_string_equal(read_contact(host, club), life_forbidden.code);
    assert_string_equal(read_contact(agency, host), life_forbidden.code);

    planned.referral = off.referral = id;
    planned.participant = off.participant = referral_row(id).person;
    turn_hear("placement.planned", stay, &planned);
    assert_null(read_contact(host, club));
    assert_null(read_contact(club, host));
    assert_null(read_contact(agency, host));
    assert_string_equal(read_contact(museum, host), life_forbidden.code);

    turn_hear("placement.cancelled", stay, &off);
    turn.now.ms += 86 * DAY_MS; /* longer than the programme lets them */
    assert_string_equal(read_contact(host, club), life_forbidden.code);
}

static const char *hide(struct id person)
{
    struct person_input in = {.type = PERSON_CHANGE_PROTECTION,
                              .head = by(ROLE_PA, somebody, (struct id){{0}}),
                              .person_change_protection = {PROTECTION_MARKED}};

    in.head.id = person;
    return input(&person_aggregate, &in, false, &person);
}

static void where_a_club_finds_mentors_is_read_by_who_is_responsible(void **unused)
{
    const struct id club = create_organisation(ORGANISATION_KIND_CLUB, "Far"), with = {"with"};
    struct mentorship_proposed proposed = {.mentor =
                                               register_one(PERSON_PART_MENTOR, museum, false),
                                           .has_organisation = true,
                                           .organisation = museum};
    struct id id;

    (void)unused;
    assert_null(receive("AF-MENTOR", 1, PROTECTION_NONE, &id));
    assert_null(hand_over(id, club));
    proposed.referral = id;
    proposed.participant = referral_row(id).person;
    assert_string_equal(read_contact(museum, club), life_forbidden.code);
    turn_hear("mentorship.proposed", with, &proposed);
    assert_null(read_contact(museum, club));
    assert_null(read_contact(club, museum));
    turn.is_uncleared = true;
    assert_null(read_contact(museum, club));
    assert_null(hide(proposed.participant));
    assert_string_equal(read_contact(museum, club), life_forbidden.code);
    turn.is_uncleared = false;
    assert_null(read_contact(museum, club));
}

static const char *protect_another(struct id read, struct id another)
{
    struct person_input in = {.type = PERSON_READ,
                              .head = by(ROLE_PA, eva, (struct id){{0}}),
                              .person_read = {.purpose = PERSON_PURPOSE_PROTECT_ANOTHER,
                                              .has_another = true,
                                              .another = another}};

    in.head.id = read;
    return input(&person_aggregate, &in, false, &read);
}

static void another_is_protected_from_whom_they_had_to_do_with(void **unused)
{
    const struct id mentor = register_one(PERSON_PART_MENTOR, museum, false);
    const struct id other = register_one(PERSON_PART_MENTOR, museum, false), with = {"protects"};
    struct mentorship_agreed agreed = {.mentor = mentor};
    struct id id, person;

    (void)unused;
    assert_null(receive("AF-ANOTHER", 1, PROTECTION_NONE, &id));
    person = referral_row(id).person;
    agreed.referral = id;
    agreed.participant = person;
    assert_string_equal(protect_another(mentor, person), person_no_such_other.code);
    turn_hear("mentorship.agreed", with, &agreed);
    assert_null(protect_another(mentor, person));
    assert_null(protect_another(person, mentor));
    assert_string_equal(protect_another(other, person), person_no_such_other.code);
    assert_string_equal(protect_another(mentor, turn_id("nobody", 1)), person_no_such_other.code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_has_to_be_cleared_where_somebody_is_under_protection),
        cmocka_unit_test(a_slug_a_hash_and_an_external_id_are_found),
        cmocka_unit_test(tokens_end_with_what_they_stand_for),
        cmocka_unit_test(sessions_end_with_what_they_stand_for_too),
        cmocka_unit_test(and_with_the_organisation_that_their_persons_take_part_for),
        cmocka_unit_test(who_moves_to_another_organisation_needs_another),
        cmocka_unit_test(a_participant_is_known_to_who_is_responsible),
        cmocka_unit_test(who_may_not_see_somebody_is_answered_as_if_they_were_not_there),
        cmocka_unit_test(an_endpoint_is_for_a_partner),
        cmocka_unit_test(a_partners_endpoints_are_counted_and_end_with_it),
        cmocka_unit_test(other_days_reach_all_whom_nothing_keeps),
        cmocka_unit_test(a_referral_brings_its_participant),
        cmocka_unit_test(a_lower_protection_waits_on_the_person_for_another),
        cmocka_unit_test(what_one_admin_made_is_that_admin),
        cmocka_unit_test(protection_is_the_same_on_both_sides),
        cmocka_unit_test(others_events_lead_to_completed_and_say_who_may_read),
        cmocka_unit_test(what_is_refused_shows_to_whom_it_is_about),
        cmocka_unit_test(a_protection_that_changes_is_noted_with_who_changed_it),
        cmocka_unit_test(what_is_read_of_a_question_shows_to_whom_it_is_about),
        cmocka_unit_test(what_was_completed_does_not_count_where_it_begins_anew),
        cmocka_unit_test(
            a_club_sees_a_participant_from_the_proposal_on_and_who_it_is_from_the_agreement_on),
        cmocka_unit_test(what_was_proposed_and_came_to_nothing_is_seen_no_more),
        cmocka_unit_test(a_placement_that_is_cancelled_sends_it_back_to_the_queue),
        cmocka_unit_test(whom_mails_do_not_reach_it_shows_until_their_mailbox_is_another),
        cmocka_unit_test(of_who_is_erased_nothing_shows_and_an_organisation_is_no_person),
        cmocka_unit_test(who_is_cleared_is_looked_up),
        cmocka_unit_test(what_somebody_uncleared_may_have_kept_is_nobodys_self),
        cmocka_unit_test(what_is_about_two_is_guarded_for_both),
        cmocka_unit_test(who_was_hidden_stays_so_when_they_are_erased),
        cmocka_unit_test(a_partner_that_referred_who_is_protected_is_for_who_is_cleared),
        cmocka_unit_test(a_duplicate_names_one_that_is_there),
        cmocka_unit_test(the_rules_say_how_long_the_agency_has),
        cmocka_unit_test(
            who_takes_no_part_any_more_is_called_off_and_takes_part_again_with_the_referral),
        cmocka_unit_test(an_erased_participant_takes_the_referral_along_and_may_come_again),
        cmocka_unit_test(who_is_protected_is_found_by_a_print_of_what_the_agency_calls_them),
        cmocka_unit_test(that_a_mentor_was_asked_keeps_the_acceptance),
        cmocka_unit_test(a_part_is_given_back_where_nobody_was_with_them),
        cmocka_unit_test(what_was_closed_is_opened_again_unless_another_owns_the_programme),
        cmocka_unit_test(how_an_organisation_is_reached_is_for_those_that_have_to_do_with_it),
        cmocka_unit_test(where_a_club_finds_mentors_is_read_by_who_is_responsible),
        cmocka_unit_test(another_is_protected_from_whom_they_had_to_do_with),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
