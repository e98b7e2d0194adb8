/* A storm: every command of every contract, in every state that its life-cycle has, by every role, with every field at
 * each of its extremes, and all of them at once. Each goes the whole way of a request: JSON text, read by the command's
 * descriptor, packed, over the bus into the service, decided, journaled, folded, answered, followed by the others. An
 * answer is that it was accepted, or a refusal that is no fault of ours; nothing dies, and each state is the fold of its
 * journal.
 *
 *     storm_storm_test --seconds 600       for so long, in rounds of a seed each
 *     storm_storm_test --seed 7            one round, of that seed: what a failure names
 *
 * A round is a process of its own that shares with us what it is doing, so that however it ends there is
 * something to tell. What a round does depends on its seed alone. States are reached by a search: the one that has
 * the fewest is led to, backwards through the table until there is somebody to begin with.
 */
#include "test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "base/clock.h"
#include "base/random.h"
#include "bus/peer.h"
#include "core/error.h"
#include "core/input.h"
#include "core/json.h"
#include "core/pack.h"
#include "fold/kinds.h"
#include "gateway.h"
#include "lives.h"
#include "made.h"
#include "routes.h"
#include "sim/world.h"
#include "storm/script.h"
#include "storm/stage.h"
#include "storm/value.h"

enum {
    SECONDS = 60,
    PATIENCE = 15, /* so many times as long, if until then something was not met */
    ROUND_S = 300, /* at most */
    BURSTS = 400,  /* in a round */
    ACT = 50,      /* of them, before the script is played again */
    BURST = 48,    /* commands, at once */
    TURNS = 400,   /* at most, until all are answered */
    LIVES_MAX = 32,
    COMMANDS_MAX = 64,
    VARIANTS_MAX = 8192,
    ROLES = sizeof actor_role_words / sizeof actor_role_words[0] - 1,
    ROW_MAX = 1 << 20,
    IDS = 128,
    WAITING = 512,
    OUTSIDE = 1 << 30,
};

/* What is shared with the round's process. */

struct said {
    bool is_there;
    unsigned life, command, state; /* the state as the decider found it */
    bool is_met;
    enum actor_role role;
    struct variant variant;
    struct id id;
    size_t size;
    char text[VALUE_ROOM];
};

static struct shared {
    unsigned long long seed;
    int current; /* of said: being read, decided or answered; or -1 */
    char what[64], why[512];
    struct said said[BURST];
    uint64_t count, accepted_count;
    /* Of a command in a state: roles that were met, that had a step, and how often one was accepted. */
    uint16_t met[LIVES_MAX][COMMANDS_MAX][STAGE_STATES_MAX];
    uint16_t stepped[LIVES_MAX][COMMANDS_MAX][STAGE_STATES_MAX];
    uint32_t accepted[LIVES_MAX][COMMANDS_MAX][STAGE_STATES_MAX];
    bool varied[LIVES_MAX][COMMANDS_MAX][VARIANTS_MAX];
} * shared;

/* The same of this round alone, which choosing goes by. */
static uint16_t met[LIVES_MAX][COMMANDS_MAX][STAGE_STATES_MAX];

static size_t places[LIVES_MAX]; /* of lives, among the stage's */

static _Noreturn void fail_round(const char *what, const char *why)
{
    snprintf(shared->what, sizeof shared->what, "%s", what);
    snprintf(shared->why, sizeof shared->why, "%s", why);
    _exit(1);
}

static const struct command *command_of(unsigned life, unsigned command)
{
    return &lives[life]->contract->commands[command];
}

static const char *state_name(unsigned life, unsigned state)
{
    return lives_states(lives[life]) == 0 ? "none" : lives_state(lives[life], state);
}

static unsigned states_of(unsigned life)
{
    const unsigned states = lives_states(lives[life]);

    return states == 0 ? 1 : states;
}

/* What the deciders meet. */

static unsigned life_number(const struct life *life)
{
    unsigned i = 0;

    while (lives[i] != life)
        i++;
    return i;
}

static void meet(unsigned life, unsigned command, unsigned state, unsigned role)
{
    shared->met[life][command][state] |= (uint16_t)role;
    met[life][command][state] |= (uint16_t)role;
}

const struct step *__real_life_step(const struct life *life, unsigned state, int64_t version,
                                    unsigned command, const struct head *head, struct error *err);
const struct step *__wrap_life_step(const struct life *life, unsigned state, int64_t version,
                                    unsigned command, const struct head *head, struct error *err);

const struct step *__wrap_life_step(const struct life *life, unsigned state, int64_t version,
                                    unsigned command, const struct head *head, struct error *err)
{
    const struct step *step = __real_life_step(life, state, version, command, head, err);
    const unsigned number = life_number(life);
    struct said *said = shared->current < 0 ? NULL : &shared->said[shared->current];

    meet(number, command, state, head->actor.role);
    if (step != NULL) shared->stepped[number][command][state] |= (uint16_t)head->actor.role;
    if (said != NULL && said->life == number && said->command == command) {
        said->state = state;
        said->is_met = true;
    }
    return step;
}

bool __real_life_tenant(const struct head *head, struct id programme, struct error *err);
bool __wrap_life_tenant(const struct head *head, struct id programme, struct error *err);

/* What is not there is in no state, and nobody looks further. */
bool __wrap_life_tenant(const struct head *head, struct id programme, struct error *err)
{
    const struct said *said = shared->current < 0 ? NULL : &shared->said[shared->current];

    if (said != NULL && id_equal(programme, (struct id){{0}}) &&
        !command_of(said->life, said->command)->is_creation)
        meet(said->life, said->command, 0, head->actor.role);
    return __real_life_tenant(head, programme, err);
}

struct trial;
void __real_trial_begin(struct trial *trial, struct id input);
void __wrap_trial_begin(struct trial *trial, struct id input);

void __wrap_trial_begin(struct trial *trial, struct id input)
{
    shared->current = -1;
    for (int i = 0; i < BURST; i++)
        if (shared->said[i].is_there && id_equal(shared->said[i].id, input)) shared->current = i;
    __real_trial_begin(trial, input);
}

/* Ids that have to do with what is being said. */

static struct {
    size_t count;
    struct {
        const char *name;
        struct id id;
    } at[IDS];
} around;

static _Alignas(16) char row[ROW_MAX], other[ROW_MAX];
static struct id target, programme;
static const char *speaking_of; /* the aggregate's name */

static void remember(const char *name, struct id id)
{
    if (around.count == IDS || id_equal(id, (struct id){{0}})) return;
    around.at[around.count].name = name;
    around.at[around.count++].id = id;
}

static void collect(const struct descriptor *descriptor, const char *value);

static void collect_field(const struct field *field, const char *at, const char *name)
{
    uint32_t count = 0;

    if (field->type == FIELD_ID) remember(name, *(const struct id *)(const void *)at);
    if (field->type == FIELD_OBJECT) collect(field->object, at);
    if (field->type == FIELD_LIST) memcpy(&count, at, sizeof count);
    for (uint32_t i = 0; i < count; i++)
        collect_field(field->item, at + field->first + (size_t)i * field->stride, name);
}

static void collect(const struct descriptor *descriptor, const char *value)
{
    for (size_t i = 0; i < descriptor->count; i++)
        collect_field(&descriptor->fields[i], value + descriptor->fields[i].offset,
                      descriptor->fields[i].name);
}

static struct id field_id(const struct descriptor *descriptor, const char *name, const char *value)
{
    const struct field *field = field_find(descriptor, name);

    return field == NULL ? (struct id){{0}}
                         : *(const struct id *)(const void *)(value + field->offset);
}

/* How much can be done in a state; of others' things nobody knows more than that the first state is mostly it. */
static int liveliness(size_t place, unsigned state)
{
    const struct life *life = stage_player(place)->aggregate->life;
    int steps = 0;

    if (life == NULL) return state <= 1 ? 4 : 0;
    for (size_t i = 0; i < life->step_count; i++)
        steps += life->steps[i].from == state;
    return steps < 4 ? steps : 4;
}

/* Nothing leads out of it. */
static bool is_end(const struct life *life, unsigned state)
{
    for (size_t i = 0; i < life->step_count; i++)
        if (life->steps[i].from == state && life->steps[i].to != state) return false;
    for (size_t i = 0; i < life->move_count; i++)
        if (life->moves[i].from == state && life->moves[i].to != state) return false;
    return true;
}

static bool is_about(const struct descriptor *descriptor, const char *value, struct id id)
{
    for (size_t i = 0; i < descriptor->count; i++)
        if (descriptor->fields[i].type == FIELD_ID &&
            memcmp(value + descriptor->fields[i].offset, &id, sizeof id) == 0)
            return true;
    return false;
}

/* What most else depends on is the script's, mostly spoken of, and seldom ended: so there is somewhere to get to. */

static const char *const foundations[] = {"programme", "association", "agency",
                                          "host",      "partner",     "coordinator"};
enum { FOUNDATIONS = sizeof foundations / sizeof foundations[0] };

static bool is_foundation(struct id id)
{
    for (size_t i = 0; i < FOUNDATIONS; i++)
        if (id_equal(script_id(foundations[i], 0), id)) return true;
    return false;
}

/* False: none of that aggregate's is one. */
static bool pick_foundation(size_t place, struct id *id)
{
    const char *name = stage_player(place)->aggregate->contract->name;

    if (strcmp(name, "organisation") == 0) name = foundations[1 + world_dice(3)];
    for (size_t i = 0; i < FOUNDATIONS; i++)
        if (strcmp(foundations[i], name) == 0) {
            *id = script_id(name, 0);
            return true;
        }
    return false;
}

/* A state that some are in, each as likely. */
static unsigned populated_state(size_t place)
{
    unsigned found = 0, count = 0;

    for (unsigned state = 0; state < STAGE_STATES_MAX; state++)
        if (stage_known(place, state) > 0 && world_chance(++count)) found = state;
    return found;
}

/* One of an aggregate's, in any state: out of some, the one that has most to do with what is being said. */
static struct id any_of(size_t place)
{
    const struct descriptor *descriptor = stage_player(place)->aggregate->contract->records[0].row;
    struct id best = random_id(clock_now_ms()), id;
    int most = -1;

    if (!world_chance(8) && pick_foundation(place, &id)) return id;
    for (int tries = 0; tries < 16; tries++) {
        const unsigned state = populated_state(place);
        int worth;

        if (!stage_pick(place, state, &id, other)) continue;
        worth = (int)world_dice(3) + 2 * liveliness(place, state) +
                12 * id_equal(field_id(descriptor, "programme", other), programme) +
                4 * is_about(descriptor, other, target);
        if (worth <= most) continue;
        most = worth;
        best = id;
    }
    return best;
}

/* What a field is named for; some by what its message is about. */
static size_t place_of(const char *name)
{
    static const struct {
        const char *name, *about, *place; /* about NULL: anything */
    } others[] = {
        {"host", NULL, "organisation"},
        {"parent", NULL, "organisation"},
        {"of", NULL, "referral"},
        {"corrects", NULL, "day"},
        {"displaces", NULL, "mentorship"},
        {"participant", NULL, "person"},
        {"referral", "mentorship", "mentee"},
        {"referral", "placement", "trainee"},
    };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(others[i].name, name) == 0 &&
            (others[i].about == NULL || strcmp(others[i].about, speaking_of) == 0))
            return stage_find(others[i].place, strlen(others[i].place));
    return stage_find(name, strlen(name));
}

static struct id any_id(const struct field *field)
{
    const char *name = field->name == NULL ? "" : field->name;
    size_t place = place_of(name);
    struct id id;

    if (world_chance(16) && around.count > 0)
        return around.at[world_dice((uint32_t)around.count)].id;
    while (place == stage_count() || stage_player(place)->aggregate->table == NULL)
        place = world_dice((uint32_t)stage_count());
    id = any_of(place);
    remember(name, id);
    return id;
}

static struct id somebody(const char *name)
{
    return any_of(stage_find(name, strlen(name)));
}

/* Who says it. */

static bool find_around(const char *name, struct id *id)
{
    const uint32_t first = around.count == 0 ? 0 : world_dice((uint32_t)around.count);

    for (size_t i = 0; i < around.count; i++) {
        const size_t at = (first + i) % around.count;

        if (name != NULL && strcmp(around.at[at].name, name) != 0) continue;
        *id = around.at[at].id;
        return true;
    }
    return false;
}

static struct id any_actor(enum actor_role role)
{
    struct id id;

    if (role == ACTOR_ROLE_AGENCY_SYSTEM)
        return !world_chance(8) && find_around("partner", &id) ? id : somebody("partner");
    if (!world_chance(8) && find_around(actor_role_words[role], &id)) return id;
    return world_chance(2) && find_around(NULL, &id) ? id : somebody("person");
}

static void any_organisation(struct bus_command *command)
{
    static const char *const names[ROLES] = {[ACTOR_ROLE_HOST] = "host",
                                             [ACTOR_ROLE_COUNSELLOR] = "agency",
                                             [ACTOR_ROLE_DECISION_MAKER] = "agency",
                                             [ACTOR_ROLE_AGENCY_SYSTEM] = "agency"};
    const char *name = names[command->role];
    struct id id;

    command->has_organisation = !world_chance(command->role == ACTOR_ROLE_COORDINATOR ? 2 : 8);
    if (!command->has_organisation) return;
    if (world_chance(4) || !find_around(name == NULL ? "organisation" : name, &id))
        id = world_chance(2) && find_around(NULL, &id) ? id : somebody("organisation");
    command->organisation = id;
}

static void any_version(struct bus_command *command)
{
    const struct descriptor *descriptor = stage_player(stage_find(speaking_of, strlen(speaking_of)))
                                              ->aggregate->contract->records[0]
                                              .row;
    const struct field *version = field_find(descriptor, "version");

    command->version = VERSION_ANY;
    if (command->has_aggregate && version != NULL && !world_chance(4))
        memcpy(&command->version, row + version->offset, sizeof command->version);
    if (world_chance(32)) command->version += 1;
}

/* Saying. */

struct wish {
    unsigned life, command, state;
    enum actor_role role;
    struct variant variant;
    size_t number; /* of the variant in the series; or OUTSIDE */
};

static void hear(void *cookie, const struct reply *reply)
{
    struct said *said = cookie;

    shared->current = (int)(said - shared->said);
    if (!reply->is_accepted && answer_status(&reply->error) >= 500)
        fail_round(reply->error.code, reply->error.text);
    if (!said->is_met && !reply->is_accepted && reply->error.kind == ERROR_NOT_FOUND)
        meet(said->life, said->command, said->state, role_bit(said->role)); /* it is erased */
    if (reply->is_accepted) {
        shared->accepted_count++;
        if (said->is_met) shared->accepted[said->life][said->command][said->state]++;
    }
    said->is_there = false;
    shared->current = -1;
}

static const struct descriptor *pick(void *cookie, const char *type)
{
    const struct command *command = cookie;

    return strcmp(command->hook, type) == 0 ? command->body : NULL;
}

static void put_in_envelope(const struct command *command, struct said *said)
{
    static char data[VALUE_ROOM];
    char now[INSTANT_TEXT_SIZE];

    instant_write((struct instant){clock_now_ms()}, now);
    memcpy(data, said->text, said->size);
    said->size = (size_t)snprintf(said->text, sizeof said->text,
                                  "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%.*s}",
                                  command->hook, now, (int)said->size, data);
}

/* What is left to the gateway to make. */
static void make_secret(const struct command *command, void *value)
{
    static struct gateway gateway;
    static struct call call;
    const struct route route = {.command = command};

    gateway.value = value;
    call.gateway = &gateway;
    call.route = &route;
    made_fill(&call);
}

/* As the gateway reads it. */
static bool read_body(const struct command *command, const struct said *said, void *value,
                      struct error *err)
{
    const struct date today = instant_date((struct instant){clock_now_ms()});
    struct json_hook hook;

    if (command->hook == NULL) {
        if (!json_read(command->body, said->text, said->size, today, value, err)) return false;
        make_secret(command, value);
        return true;
    }
    return json_read_hook(said->text, said->size, today, pick, (void *)(size_t)command, value,
                          &hook, err);
}

static bool pack_body(const struct command *command, const void *value, struct bus_body *body,
                      struct error *err)
{
    size_t size = sizeof body->at;

    if (!pack(command->body, value, body->at, &size, err)) {
        if (strcmp(err->code, "too_large") == 0) err->kind = ERROR_INVALID;
        return false;
    }
    body->size = (uint32_t)size;
    return true;
}

/* Read and packed; or refused, as it may be. */
static bool take_in(const struct command *command, const struct said *said, struct bus_body *body)
{
    static _Alignas(16) char value[ROW_MAX];
    struct error err;

    if (command->body->size > sizeof value) bug("%s is too large", command->body->name);
    memset(value, 0, command->body->size);
    if (read_body(command, said, value, &err) && pack_body(command, value, body, &err)) return true;
    if (answer_status(&err) >= 500) fail_round(err.code, err.text);
    return false;
}

/* Whose programme it is in, and what that is called. */
static void stand_in_programme(size_t place, bool is_there, struct value_source *source)
{
    const size_t programmes = stage_find("programme", strlen("programme"));
    const struct descriptor *descriptor = stage_player(place)->aggregate->contract->records[0].row;
    static char slug[256];

    if (place == programmes)
        programme = target;
    else if (is_there)
        programme = field_id(descriptor, "programme", row);
    else
        programme = any_of(programmes);
    source->country = world_chance(2) ? COUNTRY_SE : COUNTRY_NO;
    descriptor = stage_player(programmes)->aggregate->contract->records[0].row;
    snprintf(slug, sizeof slug, "%s", "no-programme");
    if (stage_is(programmes, 1, programme, other))
        snprintf(slug, sizeof slug, "%s", other + field_find(descriptor, "slug")->offset);
    source->programme = slug;
}

static void address(struct bus_command *bus, const struct wish *wish,
                    const struct value_source *source)
{
    const struct command *command = command_of(wish->life, wish->command);

    bus->id = random_id(clock_now_ms());
    snprintf(bus->type, sizeof bus->type, "%s", command->body->name);
    bus->print.size = 16;
    bus->role = wish->role;
    bus->has_aggregate = !command->is_creation;
    bus->aggregate = target;
    bus->has_actor = true;
    bus->actor = any_actor(wish->role);
    any_organisation(bus);
    any_version(bus);
    bus->has_programme = bus->has_country = !id_equal(programme, (struct id){{0}});
    bus->programme = programme;
    bus->country = source->country;
}

static bool ends(const struct wish *wish)
{
    const struct life *life = lives[wish->life];

    for (size_t i = 0; i < life->step_count; i++)
        if (life->steps[i].command == wish->command && life->steps[i].from == wish->state)
            return is_end(life, life->steps[i].to) && !is_end(life, wish->state);
    return false;
}

/* Whom it is about, and what has to do with that. False: nobody is in that state, or is spared. */
static bool find_target(const struct wish *wish, struct value_source *source)
{
    const struct descriptor *descriptor = lives[wish->life]->contract->records[0].row;
    const bool is_there = wish->state != 0;
    const size_t place = places[wish->life];

    around.count = 0;
    speaking_of = lives[wish->life]->contract->name;
    if (!is_there) target = random_id(clock_now_ms());
    if (is_there && !stage_pick(place, wish->state, &target, row)) return false;
    if (is_there && ends(wish) && !world_chance(is_foundation(target) ? 200 : 3)) return false;
    stand_in_programme(place, is_there, source);
    remember("itself", target);
    if (is_there) collect(descriptor, row);
    if (is_there && command_of(wish->life, wish->command)->is_creation) {
        source->like = row;
        source->like_of = descriptor;
    }
    return true;
}

static void write_down(const struct wish *wish, const struct value_source *source,
                       struct said *said)
{
    const struct command *command = command_of(wish->life, wish->command);

    said->life = wish->life;
    said->command = wish->command;
    said->role = wish->role;
    said->variant = wish->variant;
    said->state = wish->state;
    said->is_met = false;
    said->size = value_write(command->body, wish->variant, source, said->text);
    if (command->hook != NULL) put_in_envelope(command, said);
}

/* Also what is refused when it is read has been said. */
static bool say(const struct wish *wish, struct said *said)
{
    static struct bus_command bus;
    struct value_source source = {.id = any_id};

    if (!find_target(wish, &source)) return false;
    write_down(wish, &source, said);
    shared->count++;
    shared->current = (int)(said - shared->said);
    memset(&bus, 0, sizeof bus);
    said->is_there = take_in(command_of(wish->life, wish->command), said, &bus.body);
    shared->current = -1;
    if (!said->is_there) return true;
    address(&bus, wish, &source);
    said->id = bus.id;
    stage_say(stage_player(places[wish->life])->service, &bus, hear, said);
    return true;
}

/* Choosing. */

/* A creation is of none; what else it is taken in, the table says. */
static bool can_be_met(unsigned life, unsigned command, unsigned state)
{
    if (!command_of(life, command)->is_creation || state == 0) return true;
    for (size_t i = 0; i < lives[life]->step_count; i++)
        if (lives[life]->steps[i].command == command && lives[life]->steps[i].from == state)
            return true;
    return false;
}

static enum actor_role any_role(unsigned who)
{
    enum actor_role role;

    if ((who & ~(unsigned)ROLE_TM) == 0) return world_dice(ACTOR_ROLE_TM);
    do
        role = world_dice(ROLES);
    while (role == ACTOR_ROLE_TM || (who >> role & 1) == 0);
    return role;
}

/* One that has not said that in this state, if there is one. */
static enum actor_role rather_new_role(unsigned life, const struct step *step)
{
    const unsigned new = step->who & ~(unsigned)met[life][step->command][step->from];

    return any_role((new & ~(unsigned)ROLE_TM) != 0 ? new : step->who);
}

static bool is_populated(unsigned life, unsigned state)
{
    return state == 0 || stage_known(places[life], state) > 0;
}

static bool is_said_by_somebody(const struct step *step)
{
    return (step->who & ~(unsigned)ROLE_TM) != 0;
}

static const struct step *any_step_to(unsigned life, unsigned state)
{
    const struct life *of = lives[life];
    const size_t first = world_dice((uint32_t)of->step_count);

    for (size_t i = 0; i < of->step_count; i++) {
        const struct step *step = &of->steps[(first + i) % of->step_count];

        if (step->to == state && step->from != state && is_said_by_somebody(step)) return step;
    }
    return NULL;
}

static const struct step *any_step(unsigned life)
{
    const struct life *of = lives[life];

    for (int tries = 0; tries < 16; tries++) {
        const struct step *step = &of->steps[world_dice((uint32_t)of->step_count)];

        if (is_populated(life, step->from) && is_said_by_somebody(step)) return step;
    }
    return NULL;
}

static unsigned emptiest(unsigned life)
{
    const unsigned states = states_of(life);
    unsigned best = world_dice(states);

    for (int tries = 0; tries < 3; tries++) {
        const unsigned state = world_dice(states);

        if (stage_known(places[life], state) < stage_known(places[life], best) && state != 0)
            best = state;
    }
    return best;
}

static unsigned life_count;

/* The more steps it has, the likelier. */
static unsigned any_life(void)
{
    size_t total = 0;
    unsigned found = 0;

    for (unsigned i = 0; i < life_count; i++) {
        total += lives[i]->step_count;
        if (world_dice((uint32_t)total) < lives[i]->step_count) found = i;
    }
    return found;
}

/* Towards the state that has the fewest; or, as most follows from something else, anything that may be done. */
static bool wish_progress(struct wish *wish)
{
    const unsigned life = any_life();
    const struct step *step = NULL;

    if (!world_chance(3)) {
        unsigned state = emptiest(life);

        for (int depth = 0; depth < STAGE_STATES_MAX; depth++) {
            if ((step = any_step_to(life, state)) == NULL || is_populated(life, step->from)) break;
            state = step->from;
        }
    }
    if (step == NULL && (step = any_step(life)) == NULL) return false;
    *wish = (struct wish){
        life, step->command, step->from, rather_new_role(life, step), {SPOT_NOWHERE, 0}, OUTSIDE};
    return is_populated(life, step->from);
}

/* Extremes: what no round has said yet, in no order that tells; or, when all is said, all again. */

static struct {
    size_t count, next;
    size_t of_round[LIVES_MAX * COMMANDS_MAX * VARIANTS_MAX];
    size_t waiting_count;
    size_t waiting[WAITING]; /* until somebody is in a state for them */
} series;

static void shuffle_series(void)
{
    for (size_t i = series.count; i > 1; i--) {
        const size_t with = world_dice((uint32_t)i), number = series.of_round[i - 1];

        series.of_round[i - 1] = series.of_round[with];
        series.of_round[with] = number;
    }
}

static void fill_series(bool with_said)
{
    size_t number = 0;

    series.count = 0;
    for (unsigned life = 0; lives[life] != NULL; life++)
        for (unsigned n = 0; n < lives[life]->contract->command_count; n++) {
            const size_t variants = value_variants(command_of(life, n)->body);

            for (size_t v = 0; v < variants; v++, number++)
                if (with_said || !shared->varied[life][n][v])
                    series.of_round[series.count++] = number;
        }
}

static void begin_series(void)
{
    fill_series(false);
    if (series.count == 0) fill_series(true);
    shuffle_series();
}

static const struct step *any_step_of(unsigned life, unsigned command)
{
    const struct life *of = lives[life];
    const size_t first = world_dice((uint32_t)of->step_count);

    for (size_t i = 0; i < of->step_count; i++) {
        const struct step *step = &of->steps[(first + i) % of->step_count];

        if (step->command == command && is_populated(life, step->from)) return step;
    }
    return NULL;
}

static void find_in_series(size_t number, unsigned *life, unsigned *command, size_t *variant)
{
    for (*life = 0; lives[*life] != NULL; ++*life)
        for (*command = 0; *command < lives[*life]->contract->command_count; ++*command) {
            const size_t count = value_variants(command_of(*life, *command)->body);

            *variant = number;
            if (number < count) return;
            number -= count;
        }
    bug("there is no variant %zu", number);
}

static size_t next_in_series(void)
{
    if (series.waiting_count > 0 && world_chance(2)) {
        const size_t which = world_dice((uint32_t)series.waiting_count);
        const size_t number = series.waiting[which];

        series.waiting[which] = series.waiting[--series.waiting_count];
        return number;
    }
    return series.of_round[series.next++ % series.count];
}

static void let_wait(size_t number)
{
    if (series.waiting_count < WAITING) series.waiting[series.waiting_count++] = number;
}

static bool wish_extreme(struct wish *wish)
{
    const size_t number = next_in_series();
    unsigned life, command;
    size_t variant;
    const struct step *step;

    find_in_series(number, &life, &command, &variant);
    if ((step = any_step_of(life, command)) == NULL) {
        let_wait(number);
        return false;
    }
    *wish = (struct wish){life,
                          command,
                          step->from,
                          rather_new_role(life, step),
                          value_variant(command_of(life, command)->body, variant),
                          number};
    return true;
}

static void note_extreme(const struct wish *wish, bool is_said)
{
    unsigned life, command;
    size_t variant;

    if (wish->number == OUTSIDE) return;
    find_in_series(wish->number, &life, &command, &variant);
    if (is_said)
        shared->varied[life][command][variant] = true;
    else
        let_wait(wish->number);
}

/* Whoever, whenever: what this round has not met, if it finds some. */
static bool wish_anything(struct wish *wish)
{
    for (int tries = 0; tries < 24; tries++) {
        const unsigned life = any_life();

        *wish = (struct wish){life,
                              world_dice((uint32_t)lives[life]->contract->command_count),
                              world_dice(states_of(life)),
                              any_role(~0u >> 1),
                              {world_chance(2) ? SPOT_NOWHERE : SPOT_HERE_AND_THERE, 0},
                              OUTSIDE};
        if (is_populated(life, wish->state) && can_be_met(life, wish->command, wish->state) &&
            (met[life][wish->command][wish->state] >> wish->role & 1) == 0)
            return true;
    }
    return false;
}

static bool wish_something(struct wish *wish)
{
    switch (world_dice(12)) {
    case 0:
    case 1: return wish_anything(wish);
    case 2:
    case 3:
    case 4:
    case 5: return wish_extreme(wish);
    default: return wish_progress(wish);
    }
}

/* The script. */

struct spoken {
    const struct line *line;
    unsigned number;
};

static void hear_line(void *cookie, const struct reply *reply)
{
    const struct spoken *spoken = cookie;

    if (!reply->is_accepted) fail_round(spoken->line->key, reply->error.text);
    script_keep(spoken->line, spoken->number, reply->accepted.aggregate);
}

static void find_command(const char *name, unsigned *life, unsigned *command)
{
    for (*life = 0; lives[*life] != NULL; ++*life)
        for (*command = 0; *command < lives[*life]->contract->command_count; ++*command)
            if (strcmp(command_of(*life, *command)->body->name, name) == 0) return;
    bug("there is no command %s", name);
}

/* Who takes part in what the line is about is known to its row. */
static struct id actor_of(const struct spoken *spoken, size_t place)
{
    const struct line *line = spoken->line;
    const struct descriptor *descriptor = stage_player(place)->aggregate->contract->records[0].row;

    if (strcmp(line->actor, "participant") != 0) return script_id(line->actor, spoken->number);
    stage_look();
    stage_is(place, 0, script_id(line->about, spoken->number), other);
    stage_look_away();
    return field_id(descriptor, "participant", other);
}

static void address_line(struct bus_command *bus, const struct spoken *spoken, size_t place)
{
    const struct line *line = spoken->line;

    bus->id = random_id(clock_now_ms());
    snprintf(bus->type, sizeof bus->type, "%s", line->say);
    bus->print.size = 16;
    bus->role = line->role;
    bus->version = VERSION_ANY;
    bus->has_aggregate = line->about != NULL;
    if (bus->has_aggregate) bus->aggregate = script_id(line->about, spoken->number);
    bus->has_actor = line->actor != NULL;
    if (bus->has_actor) bus->actor = actor_of(spoken, place);
    bus->has_programme = bus->has_country = line != script;
    if (bus->has_programme) bus->programme = script_id("programme", 0);
}

static void say_line(struct spoken *spoken, struct said *as)
{
    static struct bus_command bus;
    const struct command *command;

    memset(&bus, 0, sizeof bus);
    find_command(spoken->line->say, &as->life, &as->command);
    command = command_of(as->life, as->command);
    as->size = script_write(spoken->line, spoken->number, as->text);
    if (command->hook != NULL) put_in_envelope(command, as);
    if (!take_in(command, as, &bus.body)) fail_round(spoken->line->key, "it cannot be read");
    address_line(&bus, spoken, places[as->life]);
    stage_say(stage_player(places[as->life])->service, &bus, hear_line, spoken);
}

static void turn_until_quiet(int least)
{
    struct error err;

    for (int turns = 0; turns < least || !stage_is_quiet(); turns++) {
        if (turns == TURNS) fail_round("silence", "not all is answered");
        if (!stage_turn(&err)) fail_round(err.code, err.text);
    }
    shared->current = -1;
}

/* Others have to hear of each line before the next. */
static void play_script(void)
{
    static struct spoken spoken[BURST];

    script_begin();
    for (size_t i = 0; i < script_count; i++) {
        for (unsigned n = 0; n < script[i].times; n++) {
            spoken[n] = (struct spoken){&script[i], n};
            say_line(&spoken[n], &shared->said[n]);
        }
        turn_until_quiet(4);
    }
}

/* A round. */

static void pass_time(void)
{
    static const int64_t day_ms = 86400000;

    world_pass(1 + world_dice(2000));
    if (world_chance(12)) world_pass(world_dice(2) * day_ms / 2);
    if (world_chance(40)) world_pass(world_dice(8) * day_ms);
    if (world_chance(300)) world_pass(world_dice(100) * day_ms);
}

static void burst(void)
{
    stage_look();
    for (size_t i = 0; i < BURST; i++) {
        struct wish wish;

        if (wish_something(&wish)) note_extreme(&wish, say(&wish, &shared->said[i]));
    }
    stage_look_away();
    shared->current = -1;
    turn_until_quiet(2);
}

static void verify(void)
{
    struct error err;

    shared->current = -1;
    if (!stage_is_well(&err)) fail_round(err.code, err.text);
    if (!stage_verify()) fail_round("fold", "a state is not the fold of its journal");
}

static void find_lives(void)
{
    for (life_count = 0; lives[life_count] != NULL; life_count++) {
        const char *name = lives[life_count]->contract->name;

        if (life_count == LIVES_MAX || lives[life_count]->contract->command_count > COMMANDS_MAX)
            bug("too many life-cycles, or commands");
        if ((places[life_count] = stage_find(name, strlen(name))) == stage_count())
            bug("nobody has %s", name);
    }
}

static _Noreturn void be_round(void)
{
    alarm(ROUND_S);
    world_begin(shared->seed);
    stage_open();
    find_lives();
    begin_series();
    for (int i = 0; i < BURSTS; i++) {
        if (i % ACT == 0) play_script();
        burst();
        pass_time();
        if (i == BURSTS / 2) verify();
    }
    verify();
    stage_close();
    exit(0);
}

/* What came of it. */

static void tell_failure(int status)
{
    const struct said *said = shared->current < 0 ? NULL : &shared->said[shared->current];

    fprintf(stderr, "again: --seed %llu\nstatus %d: %s: %s\n", shared->seed, status, shared->what,
            shared->why);
    if (said == NULL) {
        fprintf(stderr, "no command was being dealt with\n");
        return;
    }
    fprintf(stderr, "%s in state %s, as %s, with %s:\n%.*s\n",
            command_of(said->life, said->command)->body->name, state_name(said->life, said->state),
            actor_role_words[said->role],
            value_describe(command_of(said->life, said->command)->body, said->variant),
            (int)said->size, said->text);
}

static void play_round(void)
{
    int status;
    pid_t pid;

    shared->current = -1;
    memset(shared->said, 0, sizeof shared->said);
    fflush(NULL);
    if ((pid = fork()) == 0) be_round();
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status == 0) return;
    tell_failure(status);
    fail();
}

static size_t missing; /* and how many of them are told */

static void miss(bool is_told, const char *what, unsigned life, unsigned command, unsigned state)
{
    if (++missing > 60 || !is_told) return;
    fprintf(stderr, "%s: %s in state %s\n", what, command_of(life, command)->body->name,
            state_name(life, state));
}

static void look_for_pairs(bool is_told)
{
    for (unsigned l = 0; l < life_count; l++)
        for (unsigned c = 0; c < lives[l]->contract->command_count; c++)
            for (unsigned s = 0; s < states_of(l); s++)
                if (can_be_met(l, c, s) && shared->met[l][c][s] == 0)
                    miss(is_told, "never said", l, c, s);
}

static void look_for_steps(bool is_told)
{
    for (unsigned l = 0; l < life_count; l++)
        for (size_t i = 0; i < lives[l]->step_count; i++) {
            const struct step *step = &lives[l]->steps[i];

            if ((step->who & ~shared->stepped[l][step->command][step->from]) != 0)
                miss(is_told, "not by each role that may", l, step->command, step->from);
        }
}

static void look_for_variants(bool is_told)
{
    for (unsigned l = 0; l < life_count; l++)
        for (unsigned c = 0; c < lives[l]->contract->command_count; c++)
            for (size_t v = 0; v < value_variants(command_of(l, c)->body); v++)
                if (!shared->varied[l][c][v])
                    miss(is_told,
                         value_describe(command_of(l, c)->body,
                                        value_variant(command_of(l, c)->body, v)),
                         l, c, 0);
}

static size_t look_for_all(bool is_told)
{
    missing = 0;
    for (life_count = 0; lives[life_count] != NULL; life_count++)
        ;
    look_for_pairs(is_told);
    look_for_steps(is_told);
    look_for_variants(is_told);
    return missing;
}

static unsigned long long first_seed;
static bool is_one_round;
static int seconds = SECONDS;

static void nothing_that_is_said_breaks_anything(void **unused)
{
    const time_t began = time(NULL);

    (void)unused;
    shared->seed = first_seed;
    do {
        play_round();
        printf("seed %llu: %" PRIu64 " commands, %" PRIu64 " accepted so far; %zu missing\n",
               shared->seed, shared->count, shared->accepted_count, look_for_all(false));
        shared->seed++;
    } while (!is_one_round &&
             (time(NULL) - began < seconds ||
              (look_for_all(false) > 0 && time(NULL) - began < (time_t)PATIENCE * seconds)));
    if (!is_one_round) assert_int_equal(look_for_all(true), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_is_said_breaks_anything),
    };

    first_seed = (unsigned long long)time(NULL) << 16 ^ (unsigned long long)getpid();
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seconds") == 0) seconds = atoi(argv[i + 1]);
        if (strcmp(argv[i], "--seed") != 0) continue;
        is_one_round = true;
        first_seed = strtoull(argv[i + 1], NULL, 10);
    }
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
