/* What may happen to a token next. */
#include "token/token.h"

#include "core/life.h"
#include "person/acting.h"
#include "tenancy.h"

enum {
    DAYS_MAX = 366, /* a year, also one with a leap day in it */
    DAYS = 90,      /* where nobody says */
    REMINDER_DAYS = 14,
};

/* clang-format off */
static const struct step steps[] = {
    {TOKEN_STATE_NONE,   TOKEN_CREATE, TOKEN_STATE_ACTIVE,  ROLE_SYS | ROLE_PA},
    {TOKEN_STATE_ACTIVE, TOKEN_REMIND, TOKEN_STATE_ACTIVE,  ROLE_TM},
    {TOKEN_STATE_ACTIVE, TOKEN_REVOKE, TOKEN_STATE_REVOKED, ROLE_SYS | ROLE_PA},
};

static const struct move moves[] = {
    {TOKEN_STATE_ACTIVE, TOKEN_REVOKED, TOKEN_STATE_REVOKED, "its person's part ends or is taken for another organisation, the person is erased, the partner is disabled, or the organisation is closed"},
};
/* clang-format on */

const struct life token_life = {
    .contract = &token_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* Who shows it. */

/* Who takes part for no organisation in particular does for the one that they belong to. */
const struct id *token_organisation(const struct token_case *c, enum actor_role role)
{
    if (role == ACTOR_ROLE_AGENCY_SYSTEM)
        return c->partner.has_organisation ? &c->partner.organisation : NULL;
    return person_acts_for(&c->person, role);
}

static bool check_shower(const struct token_case *c, const struct token_input *in,
                         struct error *err)
{
    const enum actor_role role = in->token_create.role;
    const struct id programme = in->head.programme;
    const struct person_role *part = person_part_for(&c->person, role);

    if (role == ACTOR_ROLE_AGENCY_SYSTEM)
        return ((c->partner.state == PARTNER_STATE_ACTIVE &&
                 id_equal(c->partner.programme, programme)) ||
                refuse(err, &token_no_person)) &&
               life_is_near_all(&in->head, &c->guarded, err);
    if (c->person.state != PERSON_STATE_ACTIVE || !id_equal(c->person.programme, programme))
        return refuse(err, &token_no_person);
    if (!life_is_near(&in->head, person_is_protected(c->person.protection), c->person.id, err))
        return false; /* who makes it may keep it, and is then them */
    return (part != NULL && person_role_is_current(part, &in->head)) ||
           refuse(err, &token_not_their_part);
}

/* Making one. */

static bool check_organisation(const struct token_case *c, const struct token_input *in,
                               struct error *err)
{
    const struct token_create *ask = &in->token_create;
    const struct id *theirs = token_organisation(c, ask->role);

    if ((ask->has_organisation || theirs != NULL) &&
        !organisation_is_open(&c->organisation, in->head.programme))
        return refuse(err, &token_no_organisation);
    if (ask->role == ACTOR_ROLE_COORDINATOR && theirs == NULL && is_somebody(c->association))
        return refuse(err, &token_for_nobody);
    if (ask->has_organisation && (theirs == NULL || !id_equal(ask->organisation, *theirs)))
        return refuse(err, &token_not_for_it);
    return true;
}

static bool check_expiry(const struct token_create *ask, struct instant now, struct error *err)
{
    if (!ask->has_expires) return true;
    if (ask->expires.ms <= now.ms) return refuse(err, &token_expired_already);
    if (ask->expires.ms > instant_add_days(now, DAYS_MAX).ms) return refuse(err, &token_too_long);
    return true;
}

/* A coordinator of the programme's association acts for all of it, unless it is said that they do not; where
 * there is no association, whoever is one for no organisation does. */
static bool is_for_all(const struct token_case *c, const struct token_create *ask, struct id theirs)
{
    return !ask->has_organisation && ask->role == ACTOR_ROLE_COORDINATOR &&
           id_equal(c->association, theirs);
}

static void say_created(const struct token_case *c, const struct token_input *in,
                        struct token_events *out)
{
    const struct token_create *ask = &in->token_create;
    const struct id *theirs = token_organisation(c, ask->role);
    struct token_created *said = &token_emit(out, TOKEN_CREATED, in->head.ids[0])->token_created;

    said->role = ask->role;
    said->has_person = true;
    said->person = ask->person;
    if (theirs != NULL) {
        said->has_bound_to = true;
        said->bound_to = *theirs;
        said->has_organisation = !is_for_all(c, ask, *theirs);
        if (said->has_organisation) said->organisation = *theirs;
    }
    said->hash = ask->hash;
    said->expires = ask->has_expires ? ask->expires : instant_add_days(in->head.at, DAYS);
    said->remind = instant_add_days(said->expires, -REMINDER_DAYS);
    said->has_hands = c->origin.is_known;
    said->hands = c->origin.hands;
    said->has_remind = said->remind.ms > in->head.at.ms;
    if (!said->has_remind) said->remind = (struct instant){0};
}

static bool create(const struct token_case *c, const struct token_input *in,
                   struct token_events *out, struct error *err)
{
    const struct token_create *ask = &in->token_create;

    if (c->programme.state != PROGRAMME_STATE_OPEN) return refuse(err, &token_no_programme);
    if (ask->role == ACTOR_ROLE_TM || ask->role == ACTOR_ROLE_SYS)
        return refuse(err, &token_not_a_role);
    if (!check_shower(c, in, err) || !check_organisation(c, in, err) ||
        !check_expiry(ask, in->head.at, err))
        return false;
    if (c->is_hash_taken) return refuse(err, &token_hash_taken);

    say_created(c, in, out);
    return true;
}

/* Its end. */

static bool remind(const struct token_case *c, const struct head *head, struct token_events *out,
                   struct error *err)
{
    const struct token *row = &c->row;
    struct token_reminded *said;

    if (!row->has_remind || row->remind.ms > head->at.ms) return refuse(err, &token_not_due);

    said = &token_emit(out, TOKEN_REMINDED, row->id)->token_reminded;
    said->has_person = row->role != ACTOR_ROLE_AGENCY_SYSTEM;
    if (said->has_person) said->person = row->person;
    said->due = row->expires;
    said->missed = said->has_missed = row->expires.ms <= head->at.ms;
    return true;
}

static bool revoke(const struct token_case *c, enum token_reason reason, struct token_events *out)
{
    token_emit(out, TOKEN_REVOKED, c->row.id)->token_revoked.reason = reason;
    return true;
}

/* What has happened elsewhere cannot be refused: where it changes nothing, nothing follows. */
static bool end(const struct token_case *c, enum token_reason reason, struct token_events *out)
{
    return c->row.state != TOKEN_STATE_ACTIVE || revoke(c, reason, out);
}

static bool on_person_role_ended(const struct token_case *c, enum person_part part,
                                 struct token_events *out)
{
    return !person_acts_as(c->row.role, part) || end(c, TOKEN_REASON_ROLE_ENDED, out);
}

/* Where the part is now taken for another organisation, or none, it has to be made anew. What somebody no
 * longer takes part as is heard of as that. */
static bool on_person_moved(const struct token_case *c, struct token_events *out)
{
    const struct token *row = &c->row;
    const struct id *theirs = token_organisation(c, row->role);

    if (row->role == ACTOR_ROLE_AGENCY_SYSTEM || person_part_for(&c->person, row->role) == NULL)
        return true;
    if (theirs == NULL ? !row->has_bound_to : row->has_bound_to && id_equal(row->bound_to, *theirs))
        return true;
    return end(c, TOKEN_REASON_MOVED, out);
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
    case TOKEN_REMIND: return remind(c, &in->head, out, err);
    case TOKEN_REVOKE: return revoke(c, in->token_revoke.reason, out);
    case TOKEN_ON_PERSON_ROLE_ENDED:
        return on_person_role_ended(c, in->person_role_ended.part, out);
    case TOKEN_ON_PERSON_ROLE_GRANTED:
    case TOKEN_ON_PERSON_CHANGED: return on_person_moved(c, out);
    case TOKEN_ON_PERSON_ERASED: return end(c, TOKEN_REASON_ERASED, out);
    case TOKEN_ON_ORGANISATION_CLOSED: return end(c, TOKEN_REASON_ORGANISATION_CLOSED, out);
    case TOKEN_ON_PARTNER_DISABLED: return end(c, TOKEN_REASON_PARTNER_DISABLED, out);
    }
    bug("token_decide: input type %u", in->type);
}
