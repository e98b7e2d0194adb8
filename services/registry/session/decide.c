/* What may happen to a session next. */
#include "session/session.h"

#include "core/life.h"
#include "fold/aggregate.h"
#include "person/acting.h"
#include "tenancy.h"

enum { MINUTE_MS = 60000, HOUR_MS = 60 * MINUTE_MS };

/* Everybody who is a person. */
enum {
    PEOPLE = ROLE_CO | ROLE_PA | ROLE_ME | ROLE_PT | ROLE_GU | ROLE_HO | ROLE_SU | ROLE_CN |
             ROLE_DM | ROLE_VC | ROLE_DP,
};

/* clang-format off */
static const struct step steps[] = {
    {SESSION_STATE_NONE,  SESSION_REQUEST,    SESSION_STATE_REQUESTED, ROLE_SYS},
    {SESSION_STATE_NONE,  SESSION_VISIT,  SESSION_STATE_OPEN,  ROLE_SYS},
    {SESSION_STATE_REQUESTED, SESSION_ENTER,  SESSION_STATE_OPEN,  ROLE_SYS},
    {SESSION_STATE_REQUESTED, SESSION_LAPSE,  SESSION_STATE_ENDED, ROLE_TM},
    {SESSION_STATE_OPEN,  SESSION_ACT_AS, SESSION_STATE_OPEN,  PEOPLE},
    {SESSION_STATE_OPEN,  SESSION_CLOSE,  SESSION_STATE_ENDED, ROLE_SYS | PEOPLE},
    {SESSION_STATE_OPEN,  SESSION_LAPSE,  SESSION_STATE_ENDED, ROLE_TM},
};

static const struct move moves[] = {
    {SESSION_STATE_REQUESTED, SESSION_MISTAKEN, SESSION_STATE_REQUESTED, "another code was typed in"},
    {SESSION_STATE_REQUESTED, SESSION_ENDED,    SESSION_STATE_ENDED, "another code was typed in for the fifth time, or they take part as nothing any more"},
    {SESSION_STATE_OPEN,  SESSION_ENDED,    SESSION_STATE_ENDED, "its person's part ends or is taken for another organisation, the person is erased, or the organisation is closed"},
};
/* clang-format on */

const struct life session_life = {
    .contract = &session_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* As what. */

/* First what somebody is here for, where they take part as several things: what others wait for comes before what is theirs alone. */
static const enum actor_role preferred[] = {
    ACTOR_ROLE_COORDINATOR,
    ACTOR_ROLE_PROGRAMME_ADMIN, /* one of those: nobody is let in as that first */
    ACTOR_ROLE_DATA_PROTECTION_OFFICER,
    ACTOR_ROLE_COUNSELLOR,
    ACTOR_ROLE_DECISION_MAKER,
    ACTOR_ROLE_HOST,
    ACTOR_ROLE_SUPERVISOR,
    ACTOR_ROLE_VOLUNTEER_COORDINATOR,
    ACTOR_ROLE_MENTOR,
    ACTOR_ROLE_PARTICIPANT,
    ACTOR_ROLE_GUARDIAN,
};

static bool has_part(const struct session_case *c, enum actor_role role, const struct head *head)
{
    const struct person_role *part = person_part_for(&c->person, role);

    return part != NULL && person_role_is_current(part, head);
}

/* An admin's rights are given with a token, to one of the coordinators. */
static bool may_act_as(const struct session_case *c, enum actor_role role, const struct head *head)
{
    return has_part(c, role, head) &&
           (role != ACTOR_ROLE_PROGRAMME_ADMIN || c->admin.state == TOKEN_STATE_ACTIVE);
}

static bool find_preferred(const struct session_case *c, const struct head *head,
                           enum actor_role *role)
{
    for (size_t i = 0; i < sizeof preferred / sizeof preferred[0]; i++) {
        *role = preferred[i];
        if (may_act_as(c, *role, head)) return true;
    }
    return false;
}

void session_may_act_as(const struct session_case *c, const struct head *head,
                        struct session_roles *roles)
{
    roles->count = 0;
    for (size_t i = 0; i < sizeof preferred / sizeof preferred[0]; i++)
        if (may_act_as(c, preferred[i], head)) roles->at[roles->count++] = preferred[i];
}

/* Who sees much of others signs in every day. */
static struct instant end_of(enum actor_role role, struct instant at)
{
    enum { MUCH = ROLE_CO | ROLE_PA | ROLE_DP | ROLE_CN | ROLE_DM };

    if ((role_bit(role) & MUCH) != 0)
        return (struct instant){at.ms + (int64_t)SESSION_HOURS * HOUR_MS};
    return instant_add_days(at, SESSION_DAYS);
}

/* For whom who acts in the role does: for whose they are, as a coordinator of the programme's association for all of it, as an admin
 * for whom the token says. */
static void set_bound(const struct session_case *c, enum actor_role role, bool *has_bound_to,
                      struct id *bound_to, bool *has_organisation, struct id *organisation)
{
    const struct id *theirs = person_acts_for(&c->person, role);

    if (role == ACTOR_ROLE_PROGRAMME_ADMIN) {
        *has_bound_to = c->admin.has_bound_to;
        *bound_to = c->admin.bound_to;
        *has_organisation = c->admin.has_organisation;
        *organisation = c->admin.organisation;
        return;
    }
    *has_bound_to = theirs != NULL;
    if (theirs != NULL) *bound_to = *theirs;
    *has_organisation =
        theirs != NULL && !(role == ACTOR_ROLE_COORDINATOR && id_equal(c->association, *theirs));
    if (*has_organisation) *organisation = *theirs;
}

/* Signing in. */

static bool check_person(const struct session_case *c, const struct head *head,
                         enum actor_role *role, struct error *err)
{
    if (c->programme.state != PROGRAMME_STATE_OPEN) return refuse(err, &session_no_programme);
    return (c->person.state == PERSON_STATE_ACTIVE &&
            id_equal(c->person.programme, head->programme) && find_preferred(c, head, role)) ||
           refuse(err, &session_no_person);
}

static bool request(const struct session_case *c, const struct session_input *in,
                    struct session_events *out, struct error *err)
{
    const struct session_request *request = &in->session_request;
    struct session_requested *said;
    enum actor_role role;

    if (!check_person(c, &in->head, &role, err)) return false;
    if (c->requested >= SESSION_CODES) return refuse(err, &session_too_often);

    said = &session_emit(out, SESSION_REQUESTED, in->head.ids[0])->session_requested;
    said->person = request->person;
    said->due.ms = in->head.at.ms + (int64_t)SESSION_CODE_MINUTES * MINUTE_MS;
    said->hash = request->hash;
    said->device = request->device;
    said->sealed = in->head.sealed;
    return true;
}

static struct session_opened *open(const struct session_case *c, const struct head *head,
                                   struct id id, enum actor_role role, struct session_events *out)
{
    struct session_opened *said = &session_emit(out, SESSION_OPENED, id)->session_opened;

    said->person = c->person.id;
    said->role = role;
    set_bound(c, role, &said->has_bound_to, &said->bound_to, &said->has_organisation,
              &said->organisation);
    said->expires = end_of(role, head->at);
    said->at = head->at;
    return said;
}

static void end(const struct session_case *c, enum session_end reason, struct session_events *out)
{
    session_emit(out, SESSION_ENDED, c->row.id)->session_ended.reason = reason;
}

static bool enter(const struct session_case *c, const struct session_input *in,
                  struct session_events *out, struct error *err)
{
    struct session_opened *said;
    enum actor_role role;

    if (!in->session_enter.is_right) {
        session_emit(out, SESSION_MISTAKEN, c->row.id);
        if (c->row.mistakes + 1 >= SESSION_MISTAKES) end(c, SESSION_END_GUESSED, out);
        return true;
    }
    if (!check_person(c, &in->head, &role, err)) return false;

    said = open(c, &in->head, c->row.id, role, out);
    said->hash = in->session_enter.hash;
    said->device = c->row.device;
    return true;
}

/* For as long as what the mail asks can be answered. */
static struct instant end_of_visit(const struct session_visit *visit, struct instant at)
{
    const struct instant most = visit->has_until ? instant_add_days(at, SESSION_DAYS)
                                                 : instant_add_days(at, SESSION_VISIT_DAYS);

    return visit->has_until && visit->until.ms < most.ms ? visit->until : most;
}

static bool visit(const struct session_case *c, const struct session_input *in,
                  struct session_events *out, struct error *err)
{
    const struct session_visit *visit = &in->session_visit;
    struct session_opened *said;
    enum actor_role role;

    if (!check_person(c, &in->head, &role, err)) return false;
    if (visit->has_role) role = visit->role;
    if (!may_act_as(c, role, &in->head)) return refuse(err, &session_not_their_part);

    said = open(c, &in->head, in->head.ids[0], role, out);
    said->has_about = visit->has_about;
    said->about = visit->about;
    said->hash = visit->hash;
    said->device = visit->device;
    if (visit->has_about) said->expires = end_of_visit(visit, in->head.at);
    return true;
}

static bool act_as(const struct session_case *c, const struct session_input *in,
                   struct session_events *out, struct error *err)
{
    const enum actor_role role = in->session_act_as.role;
    struct session_acts_as *said;

    if (c->row.has_about || !may_act_as(c, role, &in->head))
        return refuse(err, &session_not_their_part);

    said = &session_emit(out, SESSION_ACTS_AS, c->row.id)->session_acts_as;
    said->role = role;
    set_bound(c, role, &said->has_bound_to, &said->bound_to, &said->has_organisation,
              &said->organisation);
    said->expires = end_of(role, c->row.opened); /* nobody stays signed in longer by that */
    if (role == ACTOR_ROLE_PROGRAMME_ADMIN && c->admin.expires.ms < said->expires.ms)
        said->expires = c->admin.expires;
    return true;
}

/* Its end. */

static bool lapse(const struct session_case *c, const struct head *head, struct session_events *out,
                  struct error *err)
{
    if (c->row.expires.ms > head->at.ms) return refuse(err, &session_not_due);
    end(c, SESSION_END_LAPSED, out);
    return true;
}

static bool is_over(const struct session *row)
{
    return row->state != SESSION_STATE_REQUESTED && row->state != SESSION_STATE_OPEN;
}

/* What has happened elsewhere cannot be refused: where it changes nothing, nothing follows. */
static bool on_role_ended(const struct session_case *c, const struct session_input *in,
                          struct session_events *out)
{
    const struct session *row = &c->row;

    if (row->state == SESSION_STATE_OPEN && row->has_role &&
        person_acts_as(row->role, in->person_role_ended.part))
        end(c, SESSION_END_ROLE_ENDED, out);
    return true;
}

/* Where the part is now taken for another organisation, or none, they sign in anew. */
static bool on_moved(const struct session_case *c, struct session_events *out)
{
    const struct session *row = &c->row;
    const struct id *theirs;

    if (row->state != SESSION_STATE_OPEN || !row->has_role) return true;
    if (person_part_for(&c->person, row->role) == NULL) return true; /* it is heard of as that */
    theirs = person_acts_for(&c->person, row->role);
    if (theirs == NULL ? row->has_bound_to
                       : !row->has_bound_to || !id_equal(row->bound_to, *theirs))
        end(c, SESSION_END_MOVED, out);
    return true;
}

/* Another may make them an admin still. */
static bool on_token_revoked(const struct session_case *c, struct session_events *out)
{
    const struct session *row = &c->row;

    if (row->state == SESSION_STATE_OPEN && row->has_role &&
        row->role == ACTOR_ROLE_PROGRAMME_ADMIN && c->admin.state != TOKEN_STATE_ACTIVE)
        end(c, SESSION_END_ROLE_ENDED, out);
    return true;
}

static bool on_gone(const struct session_case *c, enum session_end reason,
                    struct session_events *out)
{
    if (!is_over(&c->row)) end(c, reason, out);
    return true;
}

/* Their own, of who is a person; the programme's admin, all of it. */
static bool is_theirs(const struct session_case *c, const struct head *head)
{
    return is_ours(head) || head->actor.role == ROLE_PA || id_equal(head->actor.id, c->row.person);
}

bool session_may(const struct session_case *c, const struct session_input *in, struct error *err)
{
    const struct head *head = &in->head;
    const bool is_there = c->row.state != SESSION_STATE_NONE;
    const struct step *step;
    struct error how;

    if (is_there && !life_tenant(head, c->row.programme, err)) return false;
    step = life_step(&session_life, c->row.state, c->row.version, in->type, head, &how);
    if (!life_allows(&session_life, in->type, head, err)) return false;
    if (is_there && !is_theirs(c, head)) return refuse(err, &life_forbidden);
    return step != NULL || life_tell(&how, err);
}

bool session_decide(const struct session_case *c, const struct session_input *in,
                    struct session_events *out, struct error *err)
{
    if (session_is_command(in->type) && !session_may(c, in, err)) return false;

    switch (in->type) {
    case SESSION_REQUEST: return request(c, in, out, err);
    case SESSION_ENTER: return enter(c, in, out, err);
    case SESSION_VISIT: return visit(c, in, out, err);
    case SESSION_ACT_AS: return act_as(c, in, out, err);
    case SESSION_CLOSE: end(c, SESSION_END_SIGNED_OUT, out); return true;
    case SESSION_LAPSE: return lapse(c, &in->head, out, err);
    case SESSION_ON_PERSON_ROLE_ENDED: return on_role_ended(c, in, out);
    case SESSION_ON_PERSON_ROLE_GRANTED:
    case SESSION_ON_PERSON_CHANGED: return on_moved(c, out);
    case SESSION_ON_PERSON_ERASED: return on_gone(c, SESSION_END_ERASED, out);
    case SESSION_ON_TOKEN_REVOKED: return on_token_revoked(c, out);
    case SESSION_ON_ORGANISATION_CLOSED: return on_gone(c, SESSION_END_ORGANISATION_CLOSED, out);
    }
    bug("session_decide: input type %u", in->type);
}

void session_conceal(const struct session_case *c, const struct session_input *in,
                     struct concealed *what)
{
    (void)c;
    if (in->type != SESSION_REQUEST) return;
    what->owner = in->session_request.person;
    what->descriptor = &session_code_descriptor;
    what->value = &in->session_request.code;
}
