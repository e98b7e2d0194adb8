/* A storm: every command of every contract, in every state that its life-cycle has, by every role, with every field at
 * each of its extremes, and all of them at once. Each goes the whole way of a request: JSON text, read by the command's
 * descriptor, packed, over the bus into the service, decided, journaled, folded, answered, followed by the others. An
 * answer is that it was accepted, or a refusal that is no fault of ours; nothing dies, each state is the fold of its
 * journal, and in the end all have heard all.
 *
 *     storm_storm_test --seconds 600       for so long, in rounds of a seed each
 *     storm_storm_test --seed 7            one round, of that seed: what a failure names
 *
 * A round is a process of its own that shares with us what it is doing, so that however it ends there is
 * something to tell. What a round does depends on its seed, and on what those before it have shown. States are reached by
 * a search: the one that has the fewest is led to, backwards through the table until there is somebody to begin with; and
 * time goes on to the very moment of a row, now and then.
 *
 * An extreme tells little where the command is refused for something else. So commands are rehearsed (rehearsal.h) until
 * one is found that would be accepted; then each extreme of one of its fields is rehearsed in the same state, and said,
 * and after them the same without any. The storm goes on until each step of each table was accepted, and ninety-nine in a
 * hundred extremes were said so; with FADDER_LONG=1 until each was.
 */
#include "test.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
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
    PATIENCE = 20, /* so many times as long, if until then something was not met */
    SPARE = 100,   /* one extreme in so many may be missing */
    TOLD_MAX = 60,
    ROUND_S = 300, /* of its own time, at most: beside other work it is slow */
    BURSTS = 300,  /* in a round */
    ACT = 50,      /* of them, before the script is played again */
    BURST = 160,   /* commands, at once */
    WISHES = 56,   /* or so many tries */
    TRIES = 100,   /* rehearsals, for one that would be accepted */
    VOLLEY = 140,  /* of its extremes, before it */
    YES_MAX = 6,   /* of them that would be accepted as well */
    SCENES = 24,   /* looked at, for a moment to go to */
    SOON_MS = 7200000,
    TURNS = 400,  /* at most, until all are answered */
    PROGRESS = 8, /* rehearsals, to get on */
    AGAIN = 12,   /* one in so many is said again */
    AIMS_MAX = 4096,
    NEW = 48, /* tries, for what nobody said in that state */
    LANES = 2,
    ENCORES = 12, /* of an aim, elsewhere */
    LIVES_MAX = 32,
    COMMANDS_MAX = 64,
    VARIANTS_MAX = 8192,
    ROLES = sizeof actor_role_words / sizeof actor_role_words[0] - 1,
    ROW_MAX = 1 << 20,
    IDS = 128,
    NO_VOLLEY = -1,
};

/* What is shared with the round's process. */

struct said {
    bool is_there;
    unsigned life, command, state; /* the state as the decider found it */
    bool is_met;
    enum actor_role role;
    struct variant variant;
    int volley;    /* that it is of, or NO_VOLLEY */
    size_t number; /* of the variant; or behind all: its base */
    struct id id;
    size_t size;
    char text[VALUE_ROOM];
};

static struct shared {
    struct lane {
        unsigned long long seed;
        int current; /* of said: being read, decided or answered; or -1 */
        char what[64], why[512];
        struct said said[BURST];
    } lanes[LANES]; /* rounds that are played beside each other */
    uint64_t count, accepted_count;
    /* Of a command in a state: roles that were met, that had a step, and how often one was accepted. */
    uint16_t met[LIVES_MAX][COMMANDS_MAX][STAGE_STATES_MAX];
    uint16_t stepped[LIVES_MAX][COMMANDS_MAX][STAGE_STATES_MAX];
    uint32_t accepted[LIVES_MAX][COMMANDS_MAX][STAGE_STATES_MAX];
    uint32_t said_count[LIVES_MAX][COMMANDS_MAX], yes_count[LIVES_MAX][COMMANDS_MAX];
    /* Variants that were said; and those that were where the same was accepted but for that. */
    bool varied[LIVES_MAX][COMMANDS_MAX][VARIANTS_MAX];
    bool proven[LIVES_MAX][COMMANDS_MAX][VARIANTS_MAX];
} * shared;

static struct lane *lane; /* this round's */

/* The same of this round alone, which choosing goes by. */
static uint16_t met[LIVES_MAX][COMMANDS_MAX][STAGE_STATES_MAX];

static size_t places[LIVES_MAX]; /* of lives, among the stage's */
static bool is_rehearsal;        /* nothing is met by that */

static _Noreturn void fail_round(const char *what, const char *why)
{
    snprintf(lane->what, sizeof lane->what, "%s", what);
    snprintf(lane->why, sizeof lane->why, "%s", why);
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
    struct said *said = lane->current < 0 ? NULL : &lane->said[lane->current];

    if (is_rehearsal) return step;
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
    const struct said *said = lane->current < 0 ? NULL : &lane->said[lane->current];

    if (!is_rehearsal && said != NULL && id_equal(programme, (struct id){{0}}) &&
        !command_of(said->life, said->command)->is_creation)
        meet(said->life, said->command, 0, head->actor.role);
    return __real_life_tenant(head, programme, err);
}

struct trial;
void __real_trial_begin(struct trial *trial, struct id input);
void __wrap_trial_begin(struct trial *trial, struct id input);

void __wrap_trial_begin(struct trial *trial, struct id input)
{
    lane->current = -1;
    for (int i = 0; i < BURST; i++)
        if (lane->said[i].is_there && id_equal(lane->said[i].id, input)) lane->current = i;
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

static struct value_days days; /* that have to do with it too */

static _Alignas(16) char row[ROW_MAX], other[ROW_MAX];
static struct id target, programme;
static const char *speaking_of; /* the aggregate's name */

static void remember(const char *name, struct id id)
{
    if (around.count == IDS || id_equal(id, (struct id){{0}})) return;
    around.at[around.count].name = name;
    around.at[around.count++].id = id;
}

static void remember_day(struct date day)
{
    if (day.day == 0 || days.count == VALUE_DAYS) return;
    for (size_t i = 0; i < days.count; i++)
        if (days.at[i].day == day.day) return;
    days.at[days.count++] = day;
}

static void collect(const struct descriptor *descriptor, const char *value);

static void collect_field(const struct field *field, const char *at, const char *name)
{
    uint32_t count = 0;

    if (field->type == FIELD_ID) remember(name, *(const struct id *)(const void *)at);
    if (field->type == FIELD_DATE) remember_day(*(const struct date *)(const void *)at);
    if (field->type == FIELD_INSTANT)
        remember_day(instant_date(*(const struct instant *)(const void *)at));
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

static void collect_field_days(const struct field *field, const char *at)
{
    if (field->type == FIELD_DATE) remember_day(*(const struct date *)(const void *)at);
    for (size_t i = 0; field->type == FIELD_OBJECT && i < field->object->count; i++)
        collect_field_days(&field->object->fields[i], at + field->object->fields[i].offset);
}

static struct id field_id(const struct descriptor *descriptor, const char *name, const char *value)
{
    const struct field *field = field_find(descriptor, name);

    return field == NULL ? (struct id){{0}}
                         : *(const struct id *)(const void *)(value + field->offset);
}

static void collect_days(size_t place, struct id id)
{
    const struct descriptor *descriptor = stage_player(place)->aggregate->contract->records[0].row;

    stage_is(place, 0, id, other);
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (field->type == FIELD_DATE || field->type == FIELD_OBJECT)
            collect_field_days(field, other + field->offset);
    }
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
                12 * is_about(descriptor, other, target);
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
        {"to", NULL, "organisation"},
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
    collect_days(place, id);
    return id;
}

static int64_t version_of(size_t place, struct id id)
{
    const struct descriptor *descriptor = stage_player(place)->aggregate->contract->records[0].row;
    int64_t version;

    stage_is(place, 0, id, other);
    memcpy(&version, other + field_find(descriptor, "version")->offset, sizeof version);
    return version;
}

/* Versions that whoever says it has seen. */
static bool seen_number(const struct field *field, int64_t *number)
{
    static const struct {
        const char *name, *place, *of; /* by the id that was last said of that name */
    } seen[] = {{"seen_mentee", "mentee", "referral"}, {"seen_mentor", "mentor", "mentor"}};

    for (size_t i = 0; field->name != NULL && i < sizeof seen / sizeof seen[0]; i++)
        for (size_t n = around.count; strcmp(seen[i].name, field->name) == 0 && n > 0; n--) {
            if (strcmp(around.at[n - 1].name, seen[i].of) != 0) continue;
            *number =
                version_of(stage_find(seen[i].place, strlen(seen[i].place)), around.at[n - 1].id);
            return true;
        }
    return false;
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
};

/* Of a volley each was said where the next that is accepted was. */
static void prove(const struct said *last)
{
    for (const struct said *said = lane->said; said <= last; said++)
        if (said->volley == last->volley && said->number < VARIANTS_MAX)
            shared->proven[said->life][said->command][said->number] = true;
}

static void hear(void *cookie, const struct reply *reply)
{
    struct said *said = cookie;

    lane->current = (int)(said - lane->said);
    if (!reply->is_accepted && answer_status(&reply->error) >= 500)
        fail_round(reply->error.code, reply->error.text);
    if (!said->is_met && !reply->is_accepted && reply->error.kind == ERROR_NOT_FOUND)
        meet(said->life, said->command, said->state, role_bit(said->role)); /* it is erased */
    if (reply->is_accepted) {
        shared->accepted_count++;
        shared->yes_count[said->life][said->command]++;
        if (said->volley != NO_VOLLEY) prove(said);
        if (said->is_met) shared->accepted[said->life][said->command][said->state]++;
    }
    said->is_there = false;
    lane->current = -1;
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
    bus->has_cleared = bus->cleared = !world_chance(8);
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

/* Who is looked at just now: somebody of that life-cycle, whose moment has come. */
static struct focus {
    bool is_there;
    unsigned life, state;
    struct id id;
} focus;

static bool pick_target(const struct wish *wish)
{
    const size_t place = places[wish->life];

    if (focus.is_there && focus.life == wish->life && focus.state == wish->state &&
        !world_chance(4)) {
        target = focus.id;
        if (stage_is(place, wish->state, target, row)) return true;
    }
    return stage_pick(place, wish->state, &target, row);
}

/* What has to do with whom it is about, and the days of that. */
static void look_around(const struct descriptor *descriptor)
{
    const size_t count = around.count;

    collect(descriptor, row);
    for (size_t i = count; i < around.count; i++) {
        const size_t place = place_of(around.at[i].name);

        if (place < stage_count() && stage_player(place)->aggregate->table != NULL)
            collect_days(place, around.at[i].id);
    }
}

/* Whom it is about, and what has to do with that. False: nobody is in that state, or is spared. */
static bool find_target(const struct wish *wish, struct value_source *source)
{
    const struct descriptor *descriptor = lives[wish->life]->contract->records[0].row;
    const bool is_there = wish->state != 0;

    around.count = days.count = 0;
    speaking_of = lives[wish->life]->contract->name;
    if (!is_there) target = random_id(clock_now_ms());
    if (is_there && !pick_target(wish)) return false;
    if (is_there && ends(wish) && !world_chance(is_foundation(target) ? 200 : 3)) return false;
    stand_in_programme(places[wish->life], is_there, source);
    remember("itself", target);
    if (is_there) look_around(descriptor);
    if (is_there && command_of(wish->life, wish->command)->is_creation) {
        source->like = row;
        source->like_of = descriptor;
    }
    return true;
}

/* Something that may be said: whom it is about, and what its body comes of. */
struct attempt {
    struct wish wish;
    struct value_source source;
    size_t ids, days; /* that have to do with it before anything is written */
};

/* False: nobody is in that state. */
static bool begin_attempt(struct attempt *attempt, const struct wish *wish)
{
    *attempt = (struct attempt){.wish = *wish,
                                .source = {.id = any_id, .number = seen_number, .days = &days}};
    if (!find_target(wish, &attempt->source)) return false;
    attempt->source.seed = (uint64_t)world_dice(UINT32_MAX) << 32 | world_dice(UINT32_MAX);
    attempt->ids = around.count;
    attempt->days = days.count;
    return true;
}

/* Each time that it is written, what it has to do with is the same. */
static void write_down(const struct attempt *attempt, struct variant variant, struct said *said)
{
    const struct wish *wish = &attempt->wish;
    const struct command *command = command_of(wish->life, wish->command);

    around.count = attempt->ids;
    days.count = attempt->days;
    said->life = wish->life;
    said->command = wish->command;
    said->role = wish->role;
    said->variant = variant;
    said->state = wish->state;
    said->is_met = false;
    said->size = value_write(command->body, variant, &attempt->source, said->text);
    if (command->hook != NULL) put_in_envelope(command, said);
}

/* False: it is refused when it is read. */
static bool read_down(struct said *said, struct bus_command *bus)
{
    bool is_read;

    lane->current = (int)(said - lane->said);
    is_read = take_in(command_of(said->life, said->command), said, &bus->body);
    lane->current = -1;
    return is_read;
}

/* Also what is refused when it is read has been said. */
static void send(struct said *said, struct bus_command *bus, bool is_read)
{
    shared->count++;
    shared->said_count[said->life][said->command]++;
    said->is_there = is_read;
    if (!is_read) return;
    bus->id = said->id = random_id(clock_now_ms());
    stage_say(stage_player(places[said->life])->service, bus, hear, said);
}

static bool say(const struct wish *wish, struct said *said)
{
    static struct bus_command bus;
    struct attempt attempt;
    bool is_read;

    if (!begin_attempt(&attempt, wish)) return false;
    memset(&bus, 0, sizeof bus);
    said->volley = NO_VOLLEY;
    write_down(&attempt, wish->variant, said);
    is_read = read_down(said, &bus);
    if (is_read) address(&bus, wish, &attempt.source);
    send(said, &bus, is_read);
    return true;
}

/* Rehearsing. */

static bool is_accepted(struct said *said, const struct bus_command *bus)
{
    struct error err;
    bool is_ok;

    lane->current = (int)(said - lane->said);
    is_rehearsal = true;
    is_ok = stage_rehearse(stage_player(places[said->life])->service, bus, &err);
    is_rehearsal = false;
    if (!is_ok && answer_status(&err) >= 500) fail_round(err.code, err.text);
    lane->current = -1;
    return is_ok;
}

static bool would_do(const struct attempt *attempt, struct variant variant, struct said *said,
                     struct bus_command *bus)
{
    write_down(attempt, variant, said);
    return read_down(said, bus) && is_accepted(said, bus);
}

/* Whom and how, so that it would be accepted; twice the same, as looking for somebody forgets those who have left. */
static bool find_attempt(struct attempt *attempt, const struct wish *wish, struct said *said,
                         struct bus_command *bus, int tries)
{
    for (; tries > 0; tries--) {
        if (!begin_attempt(attempt, wish)) continue;
        memset(bus, 0, sizeof *bus);
        write_down(attempt, wish->variant, said);
        if (!read_down(said, bus)) continue;
        address(bus, wish, &attempt->source);
        if (is_accepted(said, bus) && would_do(attempt, wish->variant, said, bus)) return true;
    }
    return false;
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
static int volleys = 1; /* the next of this round */

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

/* What the one who is looked at may do. */
static const struct step *step_of_focus(void)
{
    const struct life *life = lives[focus.life];
    const size_t first = world_dice((uint32_t)life->step_count);

    for (size_t i = 0; i < life->step_count; i++) {
        const struct step *step = &life->steps[(first + i) % life->step_count];

        if (step->from == focus.state && is_said_by_somebody(step)) return step;
    }
    return NULL;
}

/* Towards the state that has the fewest; or, as most follows from something else, anything that may be done. */
static bool wish_progress(struct wish *wish)
{
    unsigned life = any_life();
    const struct step *step = NULL;

    if (focus.is_there && world_chance(2) && (step = step_of_focus()) != NULL) {
        life = focus.life;
    } else if (!world_chance(3)) {
        unsigned state = emptiest(life);

        for (int depth = 0; depth < STAGE_STATES_MAX; depth++) {
            if ((step = any_step_to(life, state)) == NULL || is_populated(life, step->from)) break;
            state = step->from;
        }
    }
    if (step == NULL && (step = any_step(life)) == NULL) return false;
    *wish = (struct wish){
        life, step->command, step->from, rather_new_role(life, step), {SPOT_NOWHERE, 0}};
    return is_populated(life, step->from);
}

/* Aims: all extremes of one spot of a command. First those of which no round has shown some where the command is
 * accepted otherwise, in no order that tells; then all. */

struct aim {
    unsigned life, command;
    int spot;
};

static struct {
    size_t count, next;
    struct aim at[AIMS_MAX];
} aims;

static size_t count_unproven(const struct aim *aim)
{
    const struct variants of =
        value_variants_of(command_of(aim->life, aim->command)->body, aim->spot);
    size_t count = 0;

    for (size_t i = 0; i < of.count; i++)
        count += !shared->proven[aim->life][aim->command][of.first + i];
    return count;
}

static void add_aim(struct aim aim)
{
    if (aims.count == AIMS_MAX) bug("too many aims");
    aims.at[aims.count++] = aim;
}

static void shuffle_aims(void)
{
    for (size_t i = aims.count; i > 1; i--) {
        const size_t with = world_dice((uint32_t)i);
        const struct aim aim = aims.at[i - 1];

        aims.at[i - 1] = aims.at[with];
        aims.at[with] = aim;
    }
}

/* What only time says is accepted of nobody, whatever is in it. */
static bool is_ever_said(unsigned life, unsigned command)
{
    for (size_t i = 0; i < lives[life]->step_count; i++)
        if (lives[life]->steps[i].command == command && is_said_by_somebody(&lives[life]->steps[i]))
            return true;
    return false;
}

static void begin_aims(void)
{
    aims.count = aims.next = 0;
    for (unsigned life = 0; lives[life] != NULL; life++)
        for (unsigned n = 0; n < lives[life]->contract->command_count; n++) {
            const int spots = is_ever_said(life, n) ? value_spots(command_of(life, n)->body) : 0;

            if (spots > 0) add_aim((struct aim){life, n, SPOT_EVERYWHERE});
            for (int spot = 0; spot < spots; spot++)
                add_aim((struct aim){life, n, spot});
        }
    shuffle_aims();
}

/* One of those that are not done, mostly. */
static struct aim next_aim(void)
{
    for (size_t tries = 0; tries < aims.count; tries++) {
        const struct aim *aim = &aims.at[aims.next++ % aims.count];

        if (count_unproven(aim) > 0 || world_chance(AGAIN)) return *aim;
    }
    return aims.at[aims.next++ % aims.count];
}

/* Rather one that was never accepted. */
static const struct step *any_step_of(unsigned life, unsigned command)
{
    const struct life *of = lives[life];
    const size_t first = world_dice((uint32_t)of->step_count);
    const struct step *found = NULL;

    for (size_t i = 0; i < of->step_count; i++) {
        const struct step *step = &of->steps[(first + i) % of->step_count];

        if (step->command != command || !is_populated(life, step->from)) continue;
        if (shared->accepted[life][command][step->from] == 0) return step;
        if (found == NULL) found = step;
    }
    return found;
}

/* Volleys: extremes of an aim, then the same as it ordinarily is, or with an extreme that does no harm. All of them are
 * rehearsed; those are said that tell something new, or a few. */

struct volley {
    struct attempt attempt;
    struct variants of;
    bool is_leaving; /* the state that it is accepted in */
    size_t no_count, yes_count;
    size_t no[VARIANTS_MAX], yes[VARIANTS_MAX]; /* variants that would be refused, or accepted */
};

/* Or whoever writes down what they said. */
static enum actor_role any_speaker(const struct step *step, const struct descriptor *body)
{
    bool has_behalf = false;

    for (size_t i = 0; i < body->count; i++)
        has_behalf |= body->fields[i].object == &behalf_descriptor;
    if (has_behalf && world_chance(2)) return any_role(ROLE_CO | ROLE_CN | ROLE_HO);
    return any_role(step->who);
}

/* False: nobody can be found for whom it would be accepted. */
static bool take_aim(struct volley *volley, const struct aim *aim, struct said *said,
                     struct bus_command *bus)
{
    const struct command *command = command_of(aim->life, aim->command);
    const struct step *step;
    struct wish wish;

    volley->of = value_variants_of(command->body, aim->spot);
    volley->no_count = volley->yes_count = 0;
    if ((step = any_step_of(aim->life, aim->command)) == NULL) return false;
    volley->is_leaving = step->to != step->from;
    wish = (struct wish){aim->life, aim->command, step->from, any_speaker(step, command->body),
                         value_base(value_variant(command->body, volley->of.first))};
    return find_attempt(&volley->attempt, &wish, said, bus, TRIES);
}

static void rehearse_each_day(struct volley *volley, struct variant variant, struct said *said,
                              struct bus_command *bus)
{
    for (size_t turn = 1; turn < volley->attempt.days; turn++) {
        volley->attempt.source.turn = turn;
        would_do(&volley->attempt, variant, said, bus);
    }
    volley->attempt.source.turn = 0;
}

static void rehearse_all(struct volley *volley, struct said *said, struct bus_command *bus)
{
    const struct wish *wish = &volley->attempt.wish;
    const struct descriptor *body = command_of(wish->life, wish->command)->body;

    for (size_t i = 0; i < volley->of.count; i++) {
        const size_t number = volley->of.first + i;
        const struct variant variant = value_variant(body, number);
        const bool is_yes = would_do(&volley->attempt, variant, said, bus);

        if (value_is_of_days(variant)) rehearse_each_day(volley, variant, said, bus);

        if (shared->proven[wish->life][wish->command][number] && !world_chance(AGAIN)) continue;
        if (is_yes)
            volley->yes[volley->yes_count++] = number;
        else
            volley->no[volley->no_count++] = number;
    }
}

static size_t fire(const struct volley *volley, size_t number, size_t at, struct bus_command *bus)
{
    const struct wish *wish = &volley->attempt.wish;
    const struct command *command = command_of(wish->life, wish->command);
    struct said *said = &lane->said[at];

    said->volley = volleys;
    said->number = number;
    write_down(&volley->attempt,
               number < VARIANTS_MAX ? value_variant(command->body, number) : wish->variant, said);
    send(said, bus, read_down(said, bus));
    if (number < VARIANTS_MAX) shared->varied[wish->life][wish->command][number] = true;
    return at + 1;
}

/* Some of them; from place `at` on. */
static size_t fire_some(const struct volley *volley, const size_t *numbers, size_t count,
                        size_t most, size_t at, struct bus_command *bus)
{
    for (size_t i = 0; i < count && i < most && at + 1 < BURST; i++)
        at = fire(volley, numbers[i], at, bus);
    return at;
}

/* Where nothing is accepted, it is at least said. */
static size_t fire_blindly(const struct aim *aim, size_t at)
{
    const struct descriptor *body = command_of(aim->life, aim->command)->body;
    const struct variants of = value_variants_of(body, aim->spot);

    for (size_t i = 0; i < of.count && at < BURST; i++) {
        const size_t number = of.first + (i + at) % of.count;
        const struct step *step = any_step_of(aim->life, aim->command);
        struct wish wish;

        if (step == NULL || shared->varied[aim->life][aim->command][number]) continue;
        wish = (struct wish){aim->life, aim->command, step->from, rather_new_role(aim->life, step),
                             value_variant(body, number)};
        if (!say(&wish, &lane->said[at])) continue;
        shared->varied[aim->life][aim->command][number] = true;
        at++;
    }
    return at;
}

/* What is accepted leaves the state, mostly: so the others of that kind are said of others. */
static size_t say_encores(struct volley *volley, size_t first, size_t at, struct bus_command *bus)
{
    const struct wish wish = volley->attempt.wish;
    struct said *said;

    for (size_t i = first; i < volley->yes_count && i < first + ENCORES && at + 1 < BURST; i++) {
        said = &lane->said[at];
        if (!find_attempt(&volley->attempt, &wish, said, bus, TRIES)) return at;
        volleys++;
        at = fire(volley, volley->yes[i], at, bus);
    }
    return at;
}

/* Returns the next place. */
static size_t say_volley(size_t at)
{
    static struct volley volley;
    static struct bus_command bus;
    const struct aim aim = next_aim();
    size_t yes;

    if (!take_aim(&volley, &aim, &lane->said[at], &bus)) return fire_blindly(&aim, at);
    rehearse_all(&volley, &lane->said[at], &bus);
    volleys++;
    yes = volley.is_leaving ? 1 : YES_MAX;
    bus.version = VERSION_ANY;
    at = fire_some(&volley, volley.no, volley.no_count, VOLLEY, at, &bus);
    at = fire_some(&volley, volley.yes, volley.yes_count, yes, at, &bus);
    if (at < BURST) at = fire(&volley, VARIANTS_MAX, at, &bus);
    return say_encores(&volley, yes, at, &bus);
}

/* Whoever, whenever: what no round has met, or what this one has not, if it finds some. */
static bool wish_anything(struct wish *wish)
{
    for (int tries = 0; tries < 2 * NEW; tries++) {
        const unsigned life = any_life();

        *wish = (struct wish){life,
                              world_dice((uint32_t)lives[life]->contract->command_count),
                              world_dice(states_of(life)),
                              any_role(~0u >> 1),
                              {world_chance(2) ? SPOT_NOWHERE : SPOT_HERE_AND_THERE, 0}};
        if (!is_populated(life, wish->state) || !can_be_met(life, wish->command, wish->state))
            continue;
        if (shared->met[life][wish->command][wish->state] == 0) return true;
        if (tries >= NEW && (met[life][wish->command][wish->state] >> wish->role & 1) == 0)
            return true;
    }
    return false;
}

/* As it would be accepted, if such a one is found soon; or else as it comes. */
static size_t say_progress(size_t at)
{
    static struct bus_command bus;
    struct said *said = &lane->said[at];
    struct attempt attempt;
    struct wish wish;

    if (!wish_progress(&wish)) return at;
    if (!find_attempt(&attempt, &wish, said, &bus, PROGRESS)) return at + say(&wish, said);
    said->volley = NO_VOLLEY;
    send(said, &bus, true);
    return at + 1;
}

static size_t say_anything(size_t at)
{
    struct wish wish;

    return at + (wish_anything(&wish) && say(&wish, &lane->said[at]));
}

static size_t say_something(size_t at)
{
    const uint32_t what = world_dice(16);

    return what < 3 ? say_anything(at) : what < 5 ? say_volley(at) : say_progress(at);
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
    lane->current = -1;
}

/* Others have to hear of each line before the next. */
static void play_script(void)
{
    static struct spoken spoken[BURST];

    script_begin();
    for (size_t i = 0; i < script_count; i++) {
        for (unsigned n = 0; n < script[i].times; n++) {
            spoken[n] = (struct spoken){&script[i], n};
            say_line(&spoken[n], &lane->said[n]);
        }
        turn_until_quiet(4);
    }
}

/* A round. */

/* The next moment that a row names: a deadline, or until when something can be done. */
static int64_t next_moment(const struct descriptor *descriptor, const char *value)
{
    const int64_t now_ms = clock_now_ms();
    int64_t next_ms = 0;

    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];
        const char *at = value + field->offset;
        int64_t ms = 0;

        if (field->type == FIELD_OBJECT) ms = next_moment(field->object, at);
        if (field->type == FIELD_INSTANT) memcpy(&ms, at, sizeof ms);
        if (ms > now_ms && (next_ms == 0 || ms < next_ms)) next_ms = ms;
    }
    return next_ms;
}

/* To the very moment of somebody's, who is then looked at. */
static void go_to_a_moment(void)
{
    int64_t ms = 0;

    stage_look();
    for (int tries = 0; tries < SCENES && ms == 0; tries++) {
        const unsigned life = world_dice(life_count);
        const size_t place = places[life];

        focus.state = populated_state(place);
        focus.life = life;
        if (!stage_pick(place, focus.state, &focus.id, other)) continue;
        ms = next_moment(lives[life]->contract->records[0].row, other);
        if (ms > clock_now_ms() + SOON_MS && !world_chance(24)) ms = 0;
    }
    stage_look_away();
    focus.is_there = ms != 0;
    if (focus.is_there) world_pass(ms - clock_now_ms());
}

static void pass_time(void)
{
    static const int64_t day_ms = 86400000;

    world_pass(1 + world_dice(2000));
    if (world_chance(12)) world_pass(world_dice(2) * day_ms / 2);
    if (world_chance(40)) world_pass(world_dice(8) * day_ms);
    if (world_chance(300)) world_pass(world_dice(100) * day_ms);
    if (world_chance(3)) go_to_a_moment();
}

static void burst(void)
{
    size_t at = 0;

    stage_look();
    for (size_t tries = 0; at < BURST && tries < WISHES; tries++)
        at = say_something(at);
    stage_look_away();
    focus.is_there = false;
    lane->current = -1;
    turn_until_quiet(2);
}

static void verify(void)
{
    struct error err;

    lane->current = -1;
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

/* The test's runner would take it for its own end. */
static void die_of_signals(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], SIG_DFL);
}

static _Noreturn void be_round(void)
{
    const struct itimerval most = {.it_value = {.tv_sec = ROUND_S}};

    die_of_signals();
    setitimer(ITIMER_PROF, &most, NULL);
    world_begin(lane->seed);
    stage_open();
    find_lives();
    begin_aims();
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
    const struct said *said = lane->current < 0 ? NULL : &lane->said[lane->current];

    fprintf(stderr, "again: --seed %llu\nstatus %d: %s: %s\n", lane->seed, status, lane->what,
            lane->why);
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

static pid_t begin_round(void)
{
    pid_t pid;

    lane->current = -1;
    memset(lane->said, 0, sizeof lane->said);
    fflush(NULL);
    if ((pid = fork()) == 0) be_round();
    return pid;
}

static bool end_round(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0) tell_failure(status);
    return status == 0;
}

/* Of each lane one, beside each other; of seeds from there on. */
static void play_rounds(unsigned long long seed, size_t count)
{
    pid_t pids[LANES];
    bool is_ok = true;

    for (size_t i = 0; i < count; i++) {
        lane = &shared->lanes[i];
        lane->seed = seed + i;
        pids[i] = begin_round();
    }
    for (size_t i = 0; i < count; i++) {
        lane = &shared->lanes[i];
        is_ok &= end_round(pids[i]);
    }
    if (!is_ok) fail();
}

static struct {
    size_t steps;    /* and whatever else there is only one of */
    size_t extremes; /* where the command is accepted otherwise */
    size_t told;
} missing;

static void miss(bool is_told, const char *what, unsigned life, unsigned command, unsigned state)
{
    missing.steps++;
    if (!is_told || ++missing.told > TOLD_MAX) return;
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

static size_t extremes_of(unsigned life, unsigned command)
{
    return is_ever_said(life, command) ? value_variants(command_of(life, command)->body) : 0;
}

static void look_for_variants(bool is_told)
{
    for (unsigned l = 0; l < life_count; l++)
        for (unsigned c = 0; c < lives[l]->contract->command_count; c++)
            for (size_t v = 0; v < extremes_of(l, c); v++)
                if (!shared->varied[l][c][v])
                    miss(is_told,
                         value_describe(command_of(l, c)->body,
                                        value_variant(command_of(l, c)->body, v)),
                         l, c, 0);
}

/* What nobody but time says is not to be accepted. */
static void look_for_acceptance(bool is_told)
{
    for (unsigned l = 0; l < life_count; l++)
        for (size_t i = 0; i < lives[l]->step_count; i++) {
            const struct step *step = &lives[l]->steps[i];

            if (is_said_by_somebody(step) && shared->accepted[l][step->command][step->from] == 0)
                miss(is_told, "never accepted", l, step->command, step->from);
        }
}

static void look_for_proof(bool is_told, const struct aim *aim)
{
    const struct descriptor *body = command_of(aim->life, aim->command)->body;
    const size_t count = count_unproven(aim);

    if (count == 0) return;
    missing.extremes += count;
    if (is_told && ++missing.told <= TOLD_MAX)
        fprintf(stderr, "%zu extremes never where it is accepted otherwise: %s, %s\n", count,
                body->name,
                aim->spot == SPOT_EVERYWHERE
                    ? "all fields"
                    : value_describe(body, (struct variant){aim->spot, 0}));
}

static void look_for_proofs(bool is_told)
{
    begin_aims();
    for (size_t i = 0; i < aims.count; i++)
        look_for_proof(is_told, &aims.at[i]);
}

static void tell_command(unsigned life, unsigned command)
{
    const size_t variants = value_variants(command_of(life, command)->body);
    size_t proven = 0;

    for (size_t v = 0; v < variants; v++)
        proven += shared->proven[life][command][v];
    printf("%-40s %7" PRIu32 " said %7" PRIu32 " accepted %5zu of %5zu extremes where it is\n",
           command_of(life, command)->body->name, shared->said_count[life][command],
           shared->yes_count[life][command], proven, variants);
}

static void tell_commands(void)
{
    for (unsigned l = 0; l < life_count; l++)
        for (unsigned c = 0; c < lives[l]->contract->command_count; c++)
            tell_command(l, c);
}

static void look_for_all(bool is_told)
{
    missing.steps = missing.extremes = missing.told = 0;
    for (life_count = 0; lives[life_count] != NULL; life_count++)
        ;
    look_for_pairs(is_told);
    look_for_steps(is_told);
    look_for_variants(is_told);
    look_for_acceptance(is_told);
    look_for_proofs(is_told);
}

static size_t count_extremes(void)
{
    size_t count = 0;

    for (unsigned l = 0; l < life_count; l++)
        for (unsigned c = 0; c < lives[l]->contract->command_count; c++)
            count += extremes_of(l, c);
    return count;
}

/* A few extremes wait for what happens seldom: the next storm has other seeds. With FADDER_LONG none may. */
static bool is_enough(void)
{
    const size_t spare = getenv("FADDER_LONG") != NULL ? 0 : count_extremes() / SPARE;

    look_for_all(false);
    return missing.steps == 0 && missing.extremes <= spare;
}

static unsigned long long first_seed;
static bool is_one_round;
static int seconds = SECONDS;

static void nothing_that_is_said_breaks_anything(void **unused)
{
    const time_t began = time(NULL);

    (void)unused;
    do {
        play_rounds(first_seed, is_one_round ? 1 : LANES);
        look_for_all(false);
        printf("from seed %llu: %" PRIu64 " commands, %" PRIu64
               " accepted so far; %zu steps and %zu of %zu extremes missing after %d s\n",
               first_seed, shared->count, shared->accepted_count, missing.steps, missing.extremes,
               count_extremes(), (int)(time(NULL) - began));
        first_seed += LANES;
    } while (!is_one_round && (time(NULL) - began < seconds ||
                               (!is_enough() && time(NULL) - began < (time_t)PATIENCE * seconds)));
    tell_commands();
    if (is_one_round) return;
    look_for_all(true);
    assert_true(is_enough());
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
