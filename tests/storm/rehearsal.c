/* Step by step as the writer does, on memory of its own. */
#include "storm/rehearsal.h"

#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "contract/bus.h"
#include "contract/journal.h"
#include "core/error.h"
#include "core/input.h"
#include "core/life.h"
#include "core/pack.h"
#include "fold/aggregate.h"
#include "fold/keys.h"
#include "fold/kinds.h"
#include "intake/intake.h"
#include "service/running.h"
#include "store/table.h"

enum { INPUT_ROOM = 1 << 18, CASE_ROOM = 1 << 21, EVENTS_ROOM = 1 << 22, ROW_ROOM = 1 << 20 };

static _Alignas(16) char in[INPUT_ROOM], loaded[CASE_ROOM], out[EVENTS_ROOM], row[ROW_ROOM];
static struct concealed concealed;

/* What is rehearsed: a command of an aggregate, about one. */
struct rehearsal {
    const struct running *running;
    struct txn *txn;
    const struct aggregate *aggregate;
    unsigned command;
    struct id id;
};

static struct head *head_of(const struct aggregate *aggregate)
{
    return (struct head *)(void *)(in + aggregate->contract->input_head);
}

static const struct command *command_of(const struct rehearsal *r)
{
    return &r->aggregate->contract->commands[r->command];
}

static void check_room(const struct kinds *kinds)
{
    if (kinds->input_max > sizeof in || kinds->case_max > sizeof loaded ||
        kinds->events_max > sizeof out || kinds->row_max > sizeof row)
        bug("no room to rehearse");
}

static void set_head(const struct rehearsal *r, const struct bus_command *said, struct head *head)
{
    *head = (struct head){.at = {clock_now_ms()},
                          .actor = {.role = role_bit(said->role)},
                          .version = said->version,
                          .admitted = &r->running->admitted};
    if (said->has_actor) head->actor.id = said->actor;
    if (said->has_organisation) head->actor.organisation = said->organisation;
    if (said->has_programme) head->programme = said->programme;
    head->country = said->has_country ? said->country : COUNTRY_SE;
    if (said->has_aggregate) head->id = said->aggregate;
    for (size_t i = 0; i < FRESH_IDS; i++)
        head->ids[i] = random_id(head->at.ms);
}

static bool build(struct rehearsal *r, const struct bus_command *said, struct error *err)
{
    const struct contract *contract = r->aggregate->contract;
    const struct descriptor *descriptor = command_of(r)->body;
    char *body = in + contract->input_body;
    struct head head;

    set_head(r, said, &head);
    memset(in, 0, contract->input_size);
    memcpy(in, &r->command, sizeof r->command);
    if (!unpack(descriptor, said->body.at, said->body.size, body, err) ||
        !intake_take(descriptor, body, &(struct intake){head.at, head.country}, err))
        return false;
    life_hear_for(descriptor, body, &head);
    memcpy(in + contract->input_head, &head, sizeof head);
    return true;
}

/* Whom it is about: a creation may be about one that there is. */
static bool find(struct rehearsal *r, struct error *err)
{
    struct head *head = head_of(r->aggregate);
    struct ids found = {0};

    r->id = head->id;
    if (!command_of(r)->is_creation) return true;
    if (r->aggregate->find != NULL && !r->aggregate->find(r->txn, in, &found, err)) return false;
    r->id = found.count > 0 ? found.at[0] : head->ids[0];
    if (found.count > 0) head->id = r->id;
    return true;
}

static uint64_t presence(const struct descriptor *descriptor, const char *value)
{
    uint64_t holds = 0;

    for (size_t i = 0; i < descriptor->count && i < 63; i++)
        if (descriptor->fields[i].present == NO_FLAG || value[descriptor->fields[i].present] != 0)
            holds |= UINT64_C(1) << i;
    return holds;
}

static bool conceal(const struct rehearsal *r, struct error *err)
{
    struct head *head = head_of(r->aggregate);
    struct owner_key key;

    if (r->aggregate->conceal == NULL) return true;
    concealed.descriptor = concealed.patch = NULL;
    concealed.value = NULL; /* where what was sealed is changed by hand, there is none */
    r->aggregate->conceal(loaded, in, &concealed);
    if (concealed.descriptor == NULL) return true;
    if (!key_get(r->txn, concealed.owner, &key, err)) return false;
    if (key.is_erased) return error_set(err, ERROR_NOT_FOUND, "erased", "They are erased.");
    head->has_sealed = true;
    head->sealed = (struct sealed){
        .owner = concealed.owner,
        .event = head->ids[FRESH_IDS - 1],
        .holds =
            concealed.value == NULL ? 0 : (int64_t)presence(concealed.descriptor, concealed.value)};
    head->sealed.key = head->sealed.event;
    head->sealed.hash.size = sizeof head->sealed.hash.at;
    return true;
}

static bool pack_event(const struct descriptor *descriptor, const char *body, struct error *err)
{
    static uint8_t packed[EVENTS_ROOM];
    size_t size = sizeof packed;

    return pack(descriptor, body, packed, &size, err);
}

/* Each of its own that was decided, onto a copy of the row; and when something is due then. */
static bool fold(const struct rehearsal *r, struct error *err)
{
    const struct contract *contract = r->aggregate->contract;
    unsigned raised;
    size_t count;

    memset(row, 0, contract->record_count == 0 ? 0 : contract->records[0].row->size);
    if (r->aggregate->table != NULL && !table_get(r->txn, r->aggregate->table, r->id, row, err))
        return false;
    memcpy(&count, out, sizeof count);
    for (size_t i = 0; i < count; i++) {
        const char *event = out + contract->events_at + i * contract->event_size;
        struct event_head what;

        memcpy(&what, event, sizeof what);
        if (!pack_event(contract->events[what.type], event + contract->event_body, err))
            return false;
        if (r->aggregate->evolve != NULL && r->aggregate->table != NULL && id_equal(what.id, r->id))
            r->aggregate->evolve(row, event);
    }
    if (r->aggregate->due != NULL) r->aggregate->due(row, &raised);
    return true;
}

static void clear_out(const struct rehearsal *r)
{
    const struct descriptor *answer = command_of(r)->answer;
    const size_t none = 0;

    memcpy(out, &none, sizeof none);
    if (answer != NULL) memset(out + r->aggregate->contract->events_answer, 0, answer->size);
}

bool rehearse(const struct running *running, struct txn *txn, const struct bus_command *said,
              struct error *err)
{
    struct rehearsal r = {.running = running, .txn = txn};
    size_t place;

    check_room(running->kinds);
    if (!kinds_command(running->kinds, said->type, &place, &r.command))
        bug("there is no command %s", said->type);
    r.aggregate = running->kinds->aggregates[place];
    clear_out(&r);
    return build(&r, said, err) && find(&r, err) && r.aggregate->load(txn, r.id, in, loaded, err) &&
           conceal(&r, err) && r.aggregate->decide(loaded, in, out, err) && fold(&r, err);
}
