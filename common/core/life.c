/* The table looked up, and what is said to who may not: whose it is instead. */
#include "core/life.h"

#include <stdio.h>
#include <string.h>

#include "core/descriptor.h"
#include "core/error.h"
#include "core/input.h"

const struct refusal life_forbidden = {ERROR_FORBIDDEN, "forbidden",
                                       "Your role may do this, but not to what is somebody else's.",
                                       NULL, true};
const struct refusal life_conflict = {ERROR_CONFLICT, "conflict",
                                      "It has changed since you looked.", NULL, false};
const struct refusal life_not_now = {ERROR_REFUSED, "not_now", "It is not in a state for that.",
                                     NULL, false};
const struct refusal life_guarded = {ERROR_FORBIDDEN, "guarded",
                                     "This is for somebody who is cleared, who takes over.", NULL,
                                     false};
const struct refusal life_unknown = {ERROR_NOT_FOUND, "not_found", "There is no such thing.", NULL,
                                     false};

const char *const life_letters[] = {
    [ACTOR_ROLE_COORDINATOR] = "CO",
    [ACTOR_ROLE_PROGRAMME_ADMIN] = "PA",
    [ACTOR_ROLE_MENTOR] = "ME",
    [ACTOR_ROLE_PARTICIPANT] = "PT",
    [ACTOR_ROLE_GUARDIAN] = "GU",
    [ACTOR_ROLE_HOST] = "HO",
    [ACTOR_ROLE_SUPERVISOR] = "SU",
    [ACTOR_ROLE_COUNSELLOR] = "CN",
    [ACTOR_ROLE_DECISION_MAKER] = "DM",
    [ACTOR_ROLE_VOLUNTEER_COORDINATOR] = "VC",
    [ACTOR_ROLE_DATA_PROTECTION_OFFICER] = "DP",
    [ACTOR_ROLE_AGENCY_SYSTEM] = "AG",
    [ACTOR_ROLE_TM] = "TM",
    [ACTOR_ROLE_SYS] = "SYS",
};

/* As people are told. No person is told of deadlines: nobody can ask for what they do. */
static const char *const names[] = {
    [ACTOR_ROLE_COORDINATOR] = "a coordinator",
    [ACTOR_ROLE_PROGRAMME_ADMIN] = "a programme admin",
    [ACTOR_ROLE_MENTOR] = "a mentor",
    [ACTOR_ROLE_PARTICIPANT] = "a participant",
    [ACTOR_ROLE_GUARDIAN] = "a guardian",
    [ACTOR_ROLE_HOST] = "a host",
    [ACTOR_ROLE_SUPERVISOR] = "a supervisor",
    [ACTOR_ROLE_COUNSELLOR] = "a counsellor",
    [ACTOR_ROLE_DECISION_MAKER] = "a decision maker",
    [ACTOR_ROLE_VOLUNTEER_COORDINATOR] = "a volunteer coordinator",
    [ACTOR_ROLE_DATA_PROTECTION_OFFICER] = "a data protection officer",
    [ACTOR_ROLE_AGENCY_SYSTEM] = "an agency system",
    [ACTOR_ROLE_SYS] = "the operator's program",
};

enum { NAMES = sizeof names / sizeof names[0] };

/* "a coordinator's, a host's or a mentor's", each with that ending; a role that people have is named before
 * our own. */
static void write_roles(unsigned who, const char *ending, char *text, size_t room)
{
    const unsigned people = who & ~(unsigned)(ROLE_TM | ROLE_SYS);
    const unsigned named = people != 0 ? people : who & ROLE_SYS;
    size_t used = 0;

    text[0] = '\0';
    for (unsigned role = 0; role < NAMES && used < room; role++) {
        const char *comma = named >> role == 1 ? " or " : ", ";

        if ((named >> role & 1) == 0) continue;
        used += (size_t)snprintf(text + used, room - used, "%s%s%s", used > 0 ? comma : "",
                                 names[role], ending);
    }
}

/* when: "This", or in which state. */
static void forbid(const char *when, unsigned who, struct error *err)
{
    char text[sizeof err->text];

    write_roles(who, "'s", text, sizeof text);
    error_set(err, life_forbidden.kind, life_forbidden.code,
              text[0] == '\0' ? "This follows by itself: it is nobody's to ask for."
                              : "%s is %s to do.",
              when, text);
}

bool life_forbid(unsigned who, struct error *err)
{
    forbid("This", who, err);
    return false;
}

bool life_forbid_reading(unsigned who, struct error *err)
{
    char text[sizeof err->text];

    write_roles(who, "", text, sizeof text);
    return error_set(err, life_forbidden.kind, life_forbidden.code, "This is read by %s.", text);
}

bool life_tell(const struct error *how, struct error *err)
{
    *err = *how;
    return false;
}

/* Who writes down what others say, and whose. */
static const struct {
    enum role who;
    unsigned of;
} scribes[] = {
    {ROLE_CO, ROLE_ME | ROLE_PT | ROLE_HO | ROLE_SU},
    {ROLE_CN, ROLE_PT},
    {ROLE_HO, ROLE_SU},
};

static const enum role voices[LIFE_VOICES] = {
    [VOICE_MENTOR] = ROLE_ME,
    [VOICE_PARTICIPANT] = ROLE_PT,
    [VOICE_HOST] = ROLE_HO,
    [VOICE_SUPERVISOR] = ROLE_SU,
};

const struct field *life_behalf(const struct descriptor *body)
{
    for (size_t i = 0; i < body->count; i++)
        if (body->fields[i].object == &behalf_descriptor) return &body->fields[i];
    return NULL;
}

void life_hear_for(const struct descriptor *body, const void *value, struct head *head)
{
    const struct field *field = life_behalf(body);
    const char *at = value;

    if (field == NULL) return;
    head->has_behalf = *(const bool *)(at + field->present);
    head->behalf = *(const struct behalf *)(const void *)(at + field->offset);
}

enum role life_voice(const struct head *head)
{
    return head->has_behalf ? voices[head->behalf.of] : head->actor.role;
}

bool life_has_voice(const struct actor *actor, enum voice voice)
{
    return actor->role == voices[voice];
}

bool life_did(const struct actor *actor, struct id who)
{
    return !id_equal(who, (struct id){{0}}) && id_equal(actor->id, who);
}

bool life_takes_back(const struct actor *actor, struct id by)
{
    const bool is_nameless = id_equal(by, (struct id){{0}});

    return is_nameless ? actor->role == ROLE_SYS : life_did(actor, by);
}

/* Who may write down what one of these says, all or'ed. */
static unsigned scribes_of(const struct life *life, unsigned voice)
{
    unsigned who = 0;

    for (size_t i = 0; i < sizeof scribes / sizeof scribes[0]; i++)
        if ((scribes[i].of & voice) != 0) who |= scribes[i].who;
    return who & ROLE_CO ? who | life->scribes : who;
}

/* Whose word, of these, that role may write down. */
static unsigned words_for(const struct life *life, unsigned who, enum role role)
{
    unsigned of = 0;

    for (unsigned i = 0; i < LIFE_VOICES; i++)
        if ((who & voices[i]) != 0 && (scribes_of(life, voices[i]) & role) != 0) of |= voices[i];
    return of;
}

/* Whose it is may have told them, or somebody else whom that would be said to. */
static void add_behalf(const struct life *life, unsigned command, unsigned who, enum role role,
                       struct error *err)
{
    const unsigned of = words_for(life, who, role), others = scribes_of(life, who);
    const size_t used = strlen(err->text), room = sizeof err->text - used;
    char roles[sizeof err->text], text[2 * sizeof err->text];

    if (others == 0 || life_behalf(life->contract->commands[command].body) == NULL) return;
    write_roles(of != 0 ? of : others, "", roles, sizeof roles);
    snprintf(text, sizeof text,
             of != 0 ? " What %s told you can be written down for them (behalf)."
                     : " It can be written down for them by %s (behalf).",
             roles);
    if (strlen(text) < room) memcpy(err->text + used, text, strlen(text) + 1);
}

static bool may_write_down(const struct life *life, const struct head *head, struct error *err)
{
    const unsigned who = head->has_behalf ? scribes_of(life, life_voice(head)) : 0;

    if (!head->has_behalf || (who & head->actor.role) != 0) return true;
    forbid("What they said, to write it down,", who, err);
    return false;
}

bool life_allows(const struct life *life, unsigned command, const struct head *head,
                 struct error *err)
{
    unsigned anybody = 0;

    if (!may_write_down(life, head, err)) return false;
    for (const struct step *step = life->steps; step < life->steps + life->step_count; step++)
        if (step->command == command) anybody |= step->who;
    if ((anybody & life_voice(head)) != 0) return true;
    forbid("This", anybody, err);
    add_behalf(life, command, anybody, head->actor.role, err);
    return false;
}

const struct step *life_step(const struct life *life, unsigned state, int64_t version,
                             unsigned command, const struct head *head, struct error *err)
{
    const unsigned role = life_voice(head);
    const struct step *found = NULL;
    const struct refusal *why = NULL;

    if (!life_allows(life, command, head, err)) return NULL;
    for (const struct step *step = life->steps; step < life->steps + life->step_count; step++)
        if (step->command == command && step->from == state) found = step;
    if (head->version != version && head->version != VERSION_ANY)
        why = &life_conflict;
    else if (found == NULL)
        why = &life_not_now;
    else if ((found->who & role) == 0) {
        forbid("In this state it", found->who, err);
        add_behalf(life, command, found->who, head->actor.role, err);
    } else
        return found;

    if (why != NULL) refuse(err, why);
    return NULL;
}

uint64_t life_may(const struct life *life, unsigned state, unsigned roles)
{
    uint64_t may = 0;

    for (const struct step *step = life->steps; step < life->steps + life->step_count; step++)
        if (step->from == state && (step->who & roles) != 0) may |= UINT64_C(1) << step->command;
    return may;
}

unsigned life_scribes(const struct life *life, unsigned command, enum voice of)
{
    unsigned givers = 0;

    if (life_behalf(life->contract->commands[command].body) == NULL) return 0;
    for (const struct step *step = life->steps; step < life->steps + life->step_count; step++)
        if (step->command == command) givers |= step->who;
    return (givers & voices[of]) != 0 ? scribes_of(life, voices[of]) : 0;
}

uint64_t life_may_record(const struct life *life, unsigned state, enum role role, enum voice of)
{
    const uint64_t theirs = life_may(life, state, voices[of]);
    uint64_t may = 0;

    for (unsigned c = 0; c < life->contract->command_count; c++)
        if ((theirs >> c & 1) != 0 && (life_scribes(life, c, of) & role) != 0)
            may |= UINT64_C(1) << c;
    return may;
}

bool life_tenant(const struct head *head, struct id programme, struct error *err)
{
    const bool is_ours = head->actor.role == ROLE_TM || head->actor.role == ROLE_SYS;

    if (id_equal(programme, (struct id){{0}})) return refuse(err, &life_unknown);
    if (!is_ours && !id_equal(programme, head->programme)) {
        refuse(err, &life_unknown);
        err->is_withheld = true;
        return false;
    }
    return true;
}

bool life_is_near_all(const struct head *head, const struct guarded *guarded, struct error *err)
{
    const struct nearness who = near_of(head);

    return near_row(&who, guarded) || refuse(err, &life_guarded);
}

bool life_is_near(const struct head *head, bool is_protected, struct id whose, struct error *err)
{
    struct guarded guarded = {0};

    guarded_add(&guarded, is_protected, whose);
    return life_is_near_all(head, &guarded, err);
}

bool life_coordinates(const struct actor *actor, struct id organisation)
{
    const bool is_bound =
        actor->role == ROLE_CO && !id_equal(actor->organisation, (struct id){{0}});

    return !is_bound || id_equal(actor->organisation, organisation);
}
