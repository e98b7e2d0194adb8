/* One map for all of it: what is permitted of whom, what was told of whom by which event, of whom something is left. */
#include "fold/strikes.h"

#include <string.h>

#include "contract/journal.h"
#include "core/descriptor.h"
#include "core/trait.h"
#include "fold/fold.h"
#include "store/number.h"
#include "store/state.h"
#include "store/store.h"

/* Keys in STATE_STRIKES: what it is, whose; of what is permitted also for which traits, of what was told which event. Values
 * are numbers of 8 bytes. */
enum what { PERMITTED = 1, TOLD, LEFT, ENDED };

struct strike_key {
    uint8_t what;
    struct id who;
    uint8_t number[8];
};

enum { WITHOUT_NUMBER = 1 + sizeof(struct id) };

_Static_assert(sizeof(struct strike_key) == WITHOUT_NUMBER + 8, "a key has no padding");

struct permission_value {
    uint8_t by[8], at_ms[8], traits, is_final;
    char service[sizeof((struct permission *)0)->service];
};

_Static_assert(sizeof(struct permission_value) == 18 + 4 * 32 + 1, "a value has no padding");
_Static_assert(sizeof((struct permission *)0)->service ==
                   sizeof((struct journal_event *)0)->service,
               "any service has room");

static struct bytes key_of(struct strike_key *key, enum what what, struct id who)
{
    *key = (struct strike_key){.what = (uint8_t)what, .who = who};
    return (struct bytes){key, WITHOUT_NUMBER};
}

/* Whom an event names. */

static bool is_nobody(struct id id)
{
    return id_equal(id, (struct id){{0}});
}

bool strikes_whom(const struct descriptor *kind, struct id aggregate, const void *of, size_t i,
                  struct id *id)
{
    const struct striking *striking = kind->striking;
    const char *body = of;
    const struct field *field;
    size_t place;

    if (striking == NULL) return false;
    place = striking->is_of_itself ? i - 1 : i;
    *id = aggregate;
    if (striking->is_of_itself && i == 0) return true;
    if ((field = striking->persons[place]) == NULL) return false;
    *id = (struct id){{0}};
    if (field->present == NO_FLAG || body[field->present] != 0)
        memcpy(id, body + field->offset, sizeof *id);
    return true;
}

bool strikes_name(const struct descriptor *kind, struct id aggregate, const void *body,
                  struct id who)
{
    struct id id;

    for (size_t i = 0; strikes_whom(kind, aggregate, body, i, &id); i++)
        if (id_equal(id, who)) return true;
    return false;
}

/* What is permitted. */

struct permission permission_by(const struct happened *happened)
{
    const struct striking *striking = happened->kind->descriptor->striking;
    const struct field *unless;
    struct permission permission;
    unsigned word = 1;

    if (striking == NULL || striking->traits == 0) return (struct permission){.by = 0};
    if ((unless = striking->unless_first) != NULL)
        memcpy(&word, (const char *)happened->body + unless->offset, sizeof word);
    if (word == 0) return (struct permission){.by = 0};
    permission = (struct permission){.by = happened->number,
                                     .at_ms = happened->envelope->at.ms,
                                     .traits = striking->traits,
                                     .is_final = striking->is_for_good};
    memcpy(permission.service, happened->envelope->service, sizeof permission.service);
    return permission;
}

/* Events of several services come in no order: one that was told earlier may come later. Those of one come in its own, also
 * where they happened at the same moment; and who has taken in what permits it tells of it no more, whatever their clock says. */
bool permission_covers(const struct permission *permission, uint64_t number,
                       const struct journal_event *event, const char *own)
{
    const bool is_in_order =
        strcmp(event->service, permission->service) == 0 || strcmp(event->service, own) == 0;

    return permission->by != 0 && (permission->is_final || number < permission->by ||
                                   (!is_in_order && event->at.ms < permission->at_ms));
}

static struct bytes key_of_permission(struct strike_key *key, struct id who, unsigned traits)
{
    key_of(key, PERMITTED, who);
    number_write(key->number, traits);
    return (struct bytes){key, sizeof *key};
}

static bool take_permission(void *cookie, struct bytes key, struct bytes found)
{
    struct permissions *permissions = cookie;
    struct permission_value value;
    struct permission *permission;

    (void)key;
    if (found.size != sizeof value || permissions->count == PERMISSIONS_MAX)
        bug("strikes: %zu bytes permit something, behind %zu", found.size, permissions->count);
    memcpy(&value, found.at, sizeof value);
    permission = &permissions->at[permissions->count++];
    *permission = (struct permission){.by = number_read(value.by),
                                      .at_ms = (int64_t)number_read(value.at_ms),
                                      .traits = value.traits,
                                      .is_final = value.is_final != 0};
    memcpy(permission->service, value.service, sizeof permission->service);
    return true;
}

bool strikes_permitted(struct txn *txn, struct id who, struct permissions *permissions,
                       struct error *err)
{
    struct strike_key key;
    const struct bytes prefix = key_of(&key, PERMITTED, who);

    permissions->count = 0;
    return txn_scan(txn, STATE_STRIKES, prefix, prefix, take_permission, permissions, err);
}

struct ended_value {
    uint8_t batch[8], at_ms[8];
};

static bool put_left(struct txn *txn, struct id who, struct error *err)
{
    struct strike_key key;

    return txn_put(txn, STATE_STRIKES, key_of(&key, LEFT, who), (struct bytes){"", 0}, err);
}

/* The newest takes in those before it that go no further; of who was erased nothing more can be permitted. */
static bool take_in(struct txn *txn, struct id who, const struct permission *permission,
                    bool *is_in_another, struct error *err)
{
    struct permissions before;
    struct strike_key key;

    *is_in_another = false;
    if (!strikes_permitted(txn, who, &before, err)) return false;
    for (size_t i = 0; i < before.count && !*is_in_another; i++) {
        *is_in_another = before.at[i].is_final;
        if ((before.at[i].traits & ~permission->traits) == 0 && !*is_in_another &&
            !txn_drop(txn, STATE_STRIKES, key_of_permission(&key, who, before.at[i].traits), err))
            return false;
    }
    return true;
}

static bool permit(struct txn *txn, struct id who, const struct permission *permission,
                   struct error *err)
{
    struct permission_value value = {.traits = (uint8_t)permission->traits,
                                     .is_final = permission->is_final};
    struct strike_key key;
    uint64_t told, counted;
    bool is_in_another;

    if (!take_in(txn, who, permission, &is_in_another, err)) return false;
    if (is_in_another) return true;
    memcpy(value.service, permission->service, sizeof value.service);
    number_write(value.by, permission->by);
    number_write(value.at_ms, (uint64_t)permission->at_ms);
    if (!txn_put(txn, STATE_STRIKES, key_of_permission(&key, who, permission->traits),
                 (struct bytes){&value, sizeof value}, err) ||
        !strikes_told(txn, who, 0, &told, &counted, err))
        return false;
    return told == 0 || put_left(txn, who, err);
}

/* What was told. */

static bool keep_told(struct txn *txn, struct id who, const struct happened *happened,
                      uint64_t counted, const char *own, struct error *err)
{
    struct permissions permissions;
    struct strike_key key;
    uint8_t value[8];
    bool is_left = false;

    key_of(&key, TOLD, who);
    number_write(key.number, happened->number);
    number_write(value, counted);
    if (!txn_put(txn, STATE_STRIKES, (struct bytes){&key, sizeof key},
                 (struct bytes){value, sizeof value}, err) ||
        !strikes_permitted(txn, who, &permissions, err))
        return false;
    for (size_t i = 0; i < permissions.count && !is_left; i++)
        is_left = (permissions.at[i].traits & traits_of(happened->kind->descriptor)) != 0 &&
                  permission_covers(&permissions.at[i], happened->number, happened->envelope, own);
    return !is_left || put_left(txn, who, err);
}

bool strikes_keep(struct txn *txn, const struct happened *happened, uint64_t counted,
                  const char *own, struct error *err)
{
    const struct striking *striking = happened->kind->descriptor->striking;
    const struct permission permission = permission_by(happened);
    struct id who;

    if (striking == NULL || (striking->traits != 0 && permission.by == 0)) return true;
    for (size_t i = 0; strikes_whom(happened->kind->descriptor, happened->envelope->aggregate,
                                    happened->body, i, &who);
         i++) {
        if (is_nobody(who)) continue;
        if (!(permission.by != 0 ? permit(txn, who, &permission, err)
                                 : keep_told(txn, who, happened, counted, own, err)))
            return false;
    }
    return true;
}

bool strikes_end(struct txn *txn, struct id who, const struct strikes_ended *ended,
                 struct error *err)
{
    struct ended_value value;
    struct strike_key key;

    number_write(value.batch, ended->batch);
    number_write(value.at_ms, (uint64_t)ended->at_ms);
    return txn_drop(txn, STATE_STRIKES, key_of(&key, LEFT, who), err) &&
           txn_put(txn, STATE_STRIKES, key_of(&key, ENDED, who),
                   (struct bytes){&value, sizeof value}, err);
}

/* Looking. */

static bool get_ended(struct txn *txn, struct id who, struct strikes_ended *ended,
                      struct error *err)
{
    struct ended_value value;
    struct strike_key key;
    struct bytes found;

    *ended = (struct strikes_ended){.batch = 0};
    if (!txn_get(txn, STATE_STRIKES, key_of(&key, ENDED, who), &found, err)) return false;
    if (found.size != sizeof value) return true;
    memcpy(&value, found.at, sizeof value);
    ended->batch = number_read(value.batch);
    ended->at_ms = (int64_t)number_read(value.at_ms);
    return true;
}

bool strikes_left(struct txn *txn, struct id who, bool *is_left, struct strikes_ended *ended,
                  struct error *err)
{
    struct strike_key key;
    struct bytes found;

    if (!txn_get(txn, STATE_STRIKES, key_of(&key, LEFT, who), &found, err)) return false;
    *is_left = found.at != NULL;
    if (!get_ended(txn, who, ended, err)) return false;
    if (*is_left) *ended = (struct strikes_ended){.batch = 0};
    return true;
}

struct looking {
    bool is_there;
    struct id after, who;
    uint64_t told, counted;
};

static bool look_at_left(void *cookie, struct bytes key, struct bytes value)
{
    struct looking *looking = cookie;

    (void)value;
    memcpy(&looking->who, (const char *)key.at + 1, sizeof looking->who);
    looking->is_there = !id_equal(looking->who, looking->after);
    return !looking->is_there;
}

bool strikes_next(struct txn *txn, struct id after, bool *is_there, struct id *who,
                  struct error *err)
{
    struct looking looking = {.after = after};
    struct strike_key key;
    const struct bytes from = key_of(&key, LEFT, after);

    if (!txn_scan(txn, STATE_STRIKES, (struct bytes){&key, 1}, from, look_at_left, &looking, err))
        return false;
    *is_there = looking.is_there;
    *who = looking.who;
    return true;
}

static bool look_at_told(void *cookie, struct bytes key, struct bytes value)
{
    struct looking *looking = cookie;

    looking->told = number_read((const uint8_t *)key.at + WITHOUT_NUMBER);
    looking->counted = number_read(value.at);
    return false;
}

bool strikes_told(struct txn *txn, struct id who, uint64_t number, uint64_t *told,
                  uint64_t *counted, struct error *err)
{
    struct looking looking = {.told = 0};
    struct strike_key key;
    const struct bytes prefix = key_of(&key, TOLD, who);

    number_write(key.number, number);
    if (!txn_scan(txn, STATE_STRIKES, prefix, (struct bytes){&key, sizeof key}, look_at_told,
                  &looking, err))
        return false;
    *told = looking.told;
    *counted = looking.counted;
    return true;
}
