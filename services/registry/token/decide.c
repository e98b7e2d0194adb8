/* What may happen to a token next. */
#include "token/token.h"

#include "core/life.h"
#include "tenancy.h"

enum { DAYS_MAX = 366 }; /* a year, also one with a leap day in it */

/* clang-format off */
static const struct step steps[] = {
    {TOKEN_STATE_NONE,   TOKEN_CREATE, TOKEN_STATE_ACTIVE,  ROLE_SYS | ROLE_PA},
    {TOKEN_STATE_ACTIVE, TOKEN_REVOKE, TOKEN_STATE_REVOKED, ROLE_SYS | ROLE_PA},
};

static const struct move moves[] = {
    {TOKEN_STATE_ACTIVE, TOKEN_REVOKED, TOKEN_STATE_REVOKED, "its person's part ends, the person is erased, the partner is disabled, or the organisation is closed"},
};
/* clang-format on */

const struct life token_life = {
    .contract = &token_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

static bool is_known(const struct token_case *c, const struct token_input *in)
{
    const struct id programme = in->head.programme;

    if (in->token_create.role == ACTOR_ROLE_AGENCY_SYSTEM)
        return c->partner.state == PARTNER_STATE_ACTIVE &&
               id_equal(c->partner.programme, programme);
    return c->person.state == PERSON_STATE_ACTIVE && id_equal(c->person.programme, programme);
}

static bool create(const struct token_case *c, const struct token_input *in,
                   struct token_events *out, struct error *err)
{
    const struct token_create *ask = &in->token_create;
    struct token_created *said;

    if (c->programme.state != PROGRAMME_STATE_OPEN) return refuse(err, &token_no_programme);
    if (ask->role == ACTOR_ROLE_TM || ask->role == ACTOR_ROLE_SYS)
        return refuse(err, &token_not_a_role);
    if (ask->has_organisation && !organisation_is_open(&c->organisation, in->head.programme))
        return refuse(err, &token_no_organisation);
    if (ask->has_person && !is_known(c, in)) return refuse(err, &token_no_person);
    if (ask->expires.ms <= in->head.at.ms) return refuse(err, &token_expired_already);
    if (ask->expires.ms > instant_add_days(in->head.at, DAYS_MAX).ms)
        return refuse(err, &token_too_long);
    if (c->is_hash_taken) return refuse(err, &token_hash_taken);

    said = &token_emit(out, TOKEN_CREATED, in->head.ids[0])->token_created;
    said->role = ask->role;
    said->has_organisation = ask->has_organisation;
    said->organisation = ask->organisation;
    said->has_person = ask->has_person;
    said->person = ask->person;
    said->hash = ask->hash;
    said->expires = ask->expires;
    return true;
}

static bool revoke(const struct token_case *c, enum token_reason reason, struct token_events *out)
{
    token_emit(out, TOKEN_REVOKED, c->row.id)->token_revoked.reason = reason;
    return true;
}

/* As what somebody takes part who acts in that role; an admin is one of the coordinators. */
static bool is_shown_as(enum actor_role role, enum person_part part)
{
    switch (part) {
    case PERSON_PART_PARTICIPANT: return role == ACTOR_ROLE_PARTICIPANT;
    case PERSON_PART_MENTOR: return role == ACTOR_ROLE_MENTOR;
    case PERSON_PART_SUPERVISOR: return role == ACTOR_ROLE_SUPERVISOR;
    case PERSON_PART_COORDINATOR:
        return role == ACTOR_ROLE_COORDINATOR || role == ACTOR_ROLE_PROGRAMME_ADMIN;
    case PERSON_PART_COUNSELLOR: return role == ACTOR_ROLE_COUNSELLOR;
    case PERSON_PART_GUARDIAN: return role == ACTOR_ROLE_GUARDIAN;
    case PERSON_PART_DECISION_MAKER: return role == ACTOR_ROLE_DECISION_MAKER;
    case PERSON_PART_VOLUNTEER_COORDINATOR: return role == ACTOR_ROLE_VOLUNTEER_COORDINATOR;
    case PERSON_PART_SIGNATORY: return role == ACTOR_ROLE_HOST;
    case PERSON_PART_DATA_PROTECTION_OFFICER: return role == ACTOR_ROLE_DATA_PROTECTION_OFFICER;
    case PERSON_PART_GUIDE: return false;
    }
    bug("is_shown_as: part %u", part);
}

/* What has happened elsewhere cannot be refused: where it changes nothing, nothing follows. */
static bool end(const struct token_case *c, enum token_reason reason, struct token_events *out)
{
    return c->row.state != TOKEN_STATE_ACTIVE || revoke(c, reason, out);
}

static bool on_person_role_ended(const struct token_case *c, enum person_part part,
                                 struct token_events *out)
{
    return !is_shown_as(c->row.role, part) || end(c, TOKEN_REASON_ROLE_ENDED, out);
}

static bool may(const struct token_case *c, const struct token_input *in, struct error *err)
{
    const bool is_there = c->row.state != TOKEN_STATE_NONE;

    if (is_there && !life_tenant(&in->head, c->row.programme, err)) return false;
    return life_step(&token_life, c->row.state, c->row.version, in->type, &in->head, err);
}

bool token_decide(const struct token_case *c, const struct token_input *in,
                  struct token_events *out, struct error *err)
{
    if (token_is_command(in->type) && !may(c, in, err)) return false;

    switch (in->type) {
    case TOKEN_CREATE: return create(c, in, out, err);
    case TOKEN_REVOKE: return revoke(c, in->token_revoke.reason, out);
    case TOKEN_ON_PERSON_ROLE_ENDED:
        return on_person_role_ended(c, in->person_role_ended.part, out);
    case TOKEN_ON_PERSON_ERASED: return end(c, TOKEN_REASON_ERASED, out);
    case TOKEN_ON_ORGANISATION_CLOSED: return end(c, TOKEN_REASON_ORGANISATION_CLOSED, out);
    case TOKEN_ON_PARTNER_DISABLED: return end(c, TOKEN_REASON_PARTNER_DISABLED, out);
    }
    bug("token_decide: input type %u", in->type);
}
