/* One input, from its head to what comes of it: load, may, seal, decide, pack, append and fold; then
 * whatever in the service hears of an event decides in turn, until nothing follows. All of it lands
 * in one batch. */
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/random.h"
#include "core/life.h"
#include "core/pack.h"
#include "core/patch.h"
#include "core/text.h"
#include "fold/deadlines.h"
#include "fold/keys.h"
#include "fold/quarantine.h"
#include "intake/intake.h"
#include "service/forgetting.h"
#include "service/meters.h"
#include "service/naming.h"
#include "service/query.h"
#include "service/trial.h"
#include "service/writer.h"
#include "store/table.h"
#include "vault/vault.h"

const char execute_upgrade_me[] = "upgrade_me";

static struct head *head_of(struct writer *writer, const struct contract *contract)
{
    return (struct head *)(void *)(writer->in + contract->input_head);
}

/* Sealing. */

static uint64_t presence(const struct descriptor *descriptor, const char *value)
{
    uint64_t holds = 0;

    for (size_t i = 0; i < descriptor->count && i < 63; i++)
        if (descriptor->fields[i].present == NO_FLAG || value[descriptor->fields[i].present] != 0)
            holds |= UINT64_C(1) << i;
    return holds;
}

/* What is personal is no longer there for anybody who comes after. */
static void forget_personal(const struct descriptor *descriptor, char *value)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if ((field->flags & FIELD_PERSONAL) != 0)
            crypto_wipe(value + field->offset, field_size(field));
        else if (field->type == FIELD_OBJECT)
            forget_personal(field->object, value + field->offset);
    }
}

static bool key_for(struct writer *writer, const struct concealed *what, struct sealing *sealing,
                    struct error *err)
{
    struct owner_key known;

    if (!key_get(writer->txn, what->owner, &known, err)) return false;
    if (known.is_erased)
        return error_set(err, ERROR_NOT_FOUND, "erased", "What was known of them has been erased.");
    sealing->sealed.key = known.key;
    sealing->replaces_lost =
        known.is_there && what->is_all && running_has_lost(writer->running, known.key);
    sealing->is_new_key = !known.is_there || sealing->replaces_lost;
    return !sealing->is_new_key || vault_take(writer->running->vault, &sealing->sealed.key, err);
}

/* What is sealed now, and is perhaps in this very batch. */
static bool unseal(struct writer *writer, const struct sealed *sealed, const char *name,
                   void *plain, size_t *size, struct error *err)
{
    const struct batch *batch = writer->batch;

    for (size_t i = 0; i < batch->blob_count; i++)
        if (id_equal(batch->blobs[i].event, sealed->event))
            return vault_unseal(writer->running->vault, sealed->key, sealed->owner, sealed->event,
                                name, batch->blobs[i].at, batch->blobs[i].size, sealed->hash.at,
                                plain, size, err) ||
                   running_not_opened(writer->running, sealed, err);
    return running_unseal(writer->running, sealed, name, plain, size, err);
}

static void change(struct writer *writer, const struct concealed *what, const void *before,
                   void *whole)
{
    if (what->patch != NULL) patch_apply(what->patch, what->value, what->descriptor, whole);
    if (what->word != NULL) patch_renew(what->descriptor, what->word, what->value, whole);
    if (what->change != NULL) what->change(writer->loaded, writer->in, before, whole);
}

static bool is_change(const struct concealed *what)
{
    return what->patch != NULL || what->word != NULL || what->change != NULL;
}

/* What was so before, in whole. */
static bool recall(struct writer *writer, const struct concealed *what, void *whole,
                   struct error *err)
{
    uint8_t old[BLOB_MAX];
    size_t size = sizeof old;
    const bool is_ok = unseal(writer, &what->sealed, what->descriptor->name, old, &size, err) &&
                       unpack(what->descriptor, old, size, whole, err);

    crypto_wipe(old, size < sizeof old ? size : sizeof old);
    return is_ok;
}

static bool is_of_age(const struct concealed *what, const struct head *head, const void *before,
                      const void *value)
{
    return intake_is_of_age(what->descriptor, before, value,
                            &(struct intake){head->at, head->country});
}

/* Where nobody can tell any more, nothing speaks against them. */
static void look(struct writer *writer, const struct concealed *what, struct head *head)
{
    _Alignas(8) char whole[sizeof what->plain] = {0};
    struct error unknown;

    if (recall(writer, what, whole, &unknown))
        head->too_young = !is_of_age(what, head, NULL, whole);
    crypto_wipe(whole, sizeof whole);
}

/* What is to be sealed is what was, as the change leaves it; where that is lost, what is said. Of what is said in whole it
 * is only looked at whether there is a new mailbox in it: where nobody can tell any more, there is. A birth is looked at where it is new; one
 * that is said in whole has been, when it came in. */
static bool merge(struct writer *writer, struct concealed *what, bool is_lost, struct head *head,
                  struct error *err)
{
    _Alignas(8) char before[sizeof what->plain] = {0}, whole[sizeof what->plain];
    struct error unknown;
    bool is_known;

    head->new_mailbox = true;
    if (is_lost || (!is_change(what) && id_equal(what->sealed.event, (struct id){{0}})))
        return true;
    is_known = recall(writer, what, before, is_change(what) ? err : &unknown);
    memcpy(whole, before, sizeof whole);
    if (is_known && is_change(what)) {
        change(writer, what, before, whole);
        memcpy(what->plain, whole, sizeof whole); /* where the change itself may have been */
        what->value = what->plain;
    }
    if (is_known) head->new_mailbox = patch_has_new_mailbox(what->descriptor, before, what->value);
    if (is_known) head->too_young = !is_of_age(what, head, before, what->value);
    crypto_wipe(before, sizeof before);
    crypto_wipe(whole, sizeof whole);
    return is_known || !is_change(what);
}

static bool seal(struct writer *writer, const struct aggregate *aggregate,
                 const struct descriptor *body, struct sealing *sealing, struct error *err)
{
    struct concealed *what = &writer->concealed;
    struct head *head = head_of(writer, aggregate->contract);
    uint8_t plain[BLOB_MAX - VAULT_OVERHEAD];
    size_t size = sizeof plain;
    bool is_ok = false;

    sealing->is_there = false;
    if (aggregate->conceal == NULL) return true;
    what->descriptor = NULL;
    what->patch = NULL;
    what->word = NULL;
    what->change = NULL;
    what->is_all = false;
    what->looks = false;
    what->sealed = (struct sealed){0};
    aggregate->conceal(writer->loaded, writer->in, what);
    if (what->descriptor == NULL) {
        forget_personal(body, writer->in + aggregate->contract->input_body);
        return true;
    }
    if (writer->running->vault == NULL) bug("%s is personal, and there is no vault", body->name);
    if (what->looks) {
        look(writer, what, head);
        return true;
    }

    sealing->size = sizeof sealing->blob;
    sealing->sealed = (struct sealed){
        .owner = what->owner,
        .event = head->ids[FRESH_IDS - 1],
    };
    if (!key_for(writer, what, sealing, err)) goto done;
    sealing->is_there = true;
    if (!merge(writer, what, sealing->replaces_lost, head, err)) goto done;
    sealing->sealed.holds = (int64_t)presence(what->descriptor, what->value);
    sealing->sealed.hash.size = HASH_SIZE;
    is_ok = pack(what->descriptor, what->value, plain, &size, err) &&
            vault_seal(writer->running->vault, sealing->sealed.key, what->owner,
                       sealing->sealed.event, what->descriptor->name, plain, size, sealing->blob,
                       &sealing->size, sealing->sealed.hash.at, err);
    if (!is_ok) running_without_key(err);
    head->has_sealed = true;
    head->sealed = sealing->sealed;
done:
    crypto_wipe(plain, size < sizeof plain ? size : sizeof plain);
    crypto_wipe(what->plain, sizeof what->plain);
    forget_personal(body, writer->in + aggregate->contract->input_body);
    return is_ok;
}

/* Who has no key, or none that can be read, calls it something of which there is no print. */
static bool name_alias(struct writer *writer, const struct aggregate *aggregate, const void *c,
                       struct error *err)
{
    struct head *head = head_of(writer, aggregate->contract);
    struct owner_key known;
    struct error unknown;
    struct id owner;
    const char *text;

    head->alias = (struct id){{0}};
    if (aggregate->alias == NULL || writer->running->vault == NULL ||
        !aggregate->alias(c, writer->in, &owner, &text))
        return true;
    if (!key_get(writer->txn, owner, &known, err)) return false;
    if (known.is_there && !known.is_erased &&
        !vault_alias(writer->running->vault, known.key, text, &head->alias, &unknown))
        log_failure(LOG_ERROR, "no_alias", &unknown);
    return true;
}

static void unseal_on_refusal(struct writer *writer, const struct sealing *sealing)
{
    if (sealing->is_there && sealing->is_new_key)
        vault_return(writer->running->vault, sealing->sealed.key);
}

static void keep_sealed(struct writer *writer, const struct sealing *sealing)
{
    const struct sealed *sealed = &sealing->sealed;
    char text[ID_TEXT_SIZE];

    batch_add_blob(writer->batch, sealed->owner, sealed->event, sealing->blob, sealing->size);
    if (!sealing->replaces_lost) return;
    id_write(sealed->owner, text);
    log_info("key_replaced", "owner=%s", text);
    metrics_change(&writer->running->meters->keys_lost, -1);
}

/* Appending: journal, fold, and remember who in the service has yet to decide. */

/* head: of what it was decided from; NULL: it comes from a journal. */
static void hear(struct writer *writer, const struct happened *happened, const struct told *told,
                 const struct head *head)
{
    const size_t size = happened->kind->descriptor->size;
    struct heard *heard;

    if (told->count == 0) return;
    if (writer->heard_count == writer->heard_room) {
        writer->heard_room = writer->heard_room == 0 ? 8 : 2 * writer->heard_room;
        writer->heard = realloc(writer->heard, writer->heard_room * sizeof *writer->heard);
        if (writer->heard == NULL) bug("out of memory");
    }
    heard = &writer->heard[writer->heard_count++];
    *heard = (struct heard){*happened->envelope, happened->kind, happened->number, *told,
                            .body = malloc(size + 1)};
    if (head != NULL && head->by.role != 0) {
        heard->by = head->by;
        heard->shown = head->shown;
    }
    if (heard->body == NULL) bug("out of memory");
    memcpy(heard->body, happened->body, size);
}

static uint64_t next_number(const struct writer *writer)
{
    return (uint64_t)(writer->batch->header.first + writer->batch->header.events);
}

static const char *event_at(const struct contract *contract, const char *out, size_t i)
{
    return out + contract->events_at + i * contract->event_size;
}

static struct journal_event envelope_of(const struct writer *writer,
                                        const struct contract *contract, const struct head *head,
                                        const struct kind *kind, const struct deciding *deciding)
{
    struct journal_event envelope = {
        .id = random_id(writer->now_ms),
        .schema = 1,
        .at = {writer->now_ms},
        .role = role_word(head->actor.role),
        .has_actor = !id_equal(head->actor.id, (struct id){{0}}),
        .actor = head->actor.id,
        .has_credential = !id_equal(head->credential, (struct id){{0}}),
        .credential = head->credential,
        .has_cause = true,
        .cause = deciding->cause,
        .has_trace = !id_equal(deciding->trace, (struct id){{0}}),
        .trace = deciding->trace,
        .has_programme = !id_equal(head->programme, (struct id){{0}}),
        .programme = head->programme,
    };

    envelope.has_late = envelope.late = deciding->is_late;
    envelope.has_country = envelope.has_programme;
    envelope.country = head->country;
    memcpy(envelope.type, kind->name, strlen(kind->name) + 1);
    memcpy(envelope.service, contract->service, strlen(contract->service) + 1);
    return envelope;
}

static bool is_sealed_in(const struct kind *kind, const char *body, struct id event)
{
    const struct sealed *sealed;

    if (kind->sealed == NULL) return false;
    if (kind->sealed->present != NO_FLAG && body[kind->sealed->present] == 0) return false;
    sealed = (const struct sealed *)(const void *)(body + kind->sealed->offset);
    return id_equal(sealed->event, event);
}

static bool append(struct writer *writer, struct deciding *deciding, const struct head *head,
                   const struct contract *contract, const char *event, const uint8_t *packed,
                   size_t size, struct error *err)
{
    struct event_head what;
    const char *body = event + contract->event_body;
    const struct kind *kind;
    struct journal_event envelope;
    struct happened happened;
    struct told told;

    memcpy(&what, event, sizeof what);
    kind = kinds_find(writer->kinds, contract->events[what.type]->name,
                      strlen(contract->events[what.type]->name));
    envelope = envelope_of(writer, contract, head, kind, deciding);
    envelope.aggregate = what.id;
    if (head->has_sealed && !deciding->was_sealed && is_sealed_in(kind, body, head->sealed.event)) {
        envelope.id = head->sealed.event;
        deciding->was_sealed = true;
    }
    happened = (struct happened){&envelope, kind, body, next_number(writer)};
    if (!fold_event(writer->fold, writer->txn, &happened, &told, err)) return false;
    if (!batch_add(writer->batch, &envelope, packed, size, err)) return false;
    if (id_equal(what.id, deciding->id)) deciding->version = envelope.sequence;
    if (kind->is_erasure) writer->erased[writer->erased_count++] = what.id;
    if (writer->running->forgetting != NULL)
        forgetting_note(writer->running->forgetting, kind, what.id, body, writer->now_ms);
    hear(writer, &happened, &told, head);
    metrics_count(&writer->running->meters->events, 1);
    return true;
}

/* Everything that was decided is packed before anything is done: what does not fit is refused. */
static bool append_all(struct writer *writer, struct deciding *deciding, const struct head *head,
                       const struct contract *contract, const char *out, struct error *err)
{
    size_t count, sizes[EVENTS_MAX];

    memcpy(&count, out, sizeof count);
    for (size_t i = 0; i < count; i++) {
        const char *event = event_at(contract, out, i);
        unsigned type;

        memcpy(&type, event, sizeof type);
        sizes[i] = EVENT_ROW_MAX - ENVELOPE_MAX;
        if (pack(contract->events[type], event + contract->event_body, writer->packed[i], &sizes[i],
                 err))
            continue;
        err->kind = ERROR_INVALID; /* of what was asked for, by the field that is past its limits */
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!append(writer, deciding, head, contract, event_at(contract, out, i), writer->packed[i],
                    sizes[i], err))
            bug("append: %s", err->text); /* the state would be half done: start anew */
    return true;
}

/* Deciding. */

static void make_ids(struct writer *writer, struct head *head)
{
    for (size_t i = 0; i < FRESH_IDS; i++)
        head->ids[i] = random_id(writer->now_ms);
}

static void clear_out(const struct contract *contract, unsigned input, char *out)
{
    const size_t none = 0;

    memcpy(out, &none, sizeof none);
    if (input < contract->command_count && contract->commands[input].answer != NULL)
        memset(out + contract->events_answer, 0, contract->commands[input].answer->size);
}

/* Who may not is refused before the vault is asked for anything. */
static bool may(struct writer *writer, const struct aggregate *aggregate,
                const struct descriptor *body, struct error *err)
{
    if (aggregate->may == NULL || aggregate->may(writer->loaded, writer->in, err)) return true;
    forget_personal(body, writer->in + aggregate->contract->input_body);
    return false;
}

/* Whatever a decider looks at, what a command names is of the programme that it is given in. The operator's may be
 * given in none: then it is about something that there is, and names what decide knows. */
static bool names_own(struct writer *writer, const struct contract *contract, unsigned command,
                      struct error *err)
{
    const struct head *head = head_of(writer, contract);

    return id_equal(head->programme, (struct id){{0}}) ||
           naming_check(writer->txn, writer->kinds, contract->commands[command].body,
                        writer->in + contract->input_body, head->programme, writer->row, err);
}

/* Nobody has read what cannot be read. */
static bool can_open(struct writer *writer, const struct deciding *deciding,
                     const struct command *said, struct error *err)
{
    uint8_t plain[BLOB_MAX];
    size_t size = sizeof plain;
    bool is_open;

    if (id_equal(deciding->opened.key, (struct id){{0}})) return true;
    is_open = unseal(writer, &deciding->opened, said->sealed->name, plain, &size, err);
    crypto_wipe(plain, size < sizeof plain ? size : sizeof plain);
    return is_open;
}

static bool decide_one(struct writer *writer, struct deciding *deciding, struct error *err)
{
    struct sealing *sealing = writer->sealing;
    const struct aggregate *aggregate = writer->kinds->aggregates[deciding->place];
    const struct contract *contract = aggregate->contract;
    const bool is_command = deciding->input < contract->command_count;
    struct head *head = head_of(writer, contract);

    sealing->is_there = false;
    clear_out(contract, deciding->input, writer->out);
    if (!aggregate->load(writer->txn, deciding->id, writer->in, writer->loaded, err)) return false;
    if (is_command &&
        (!may(writer, aggregate, contract->commands[deciding->input].body, err) ||
         !name_alias(writer, aggregate, writer->loaded, err) ||
         !seal(writer, aggregate, contract->commands[deciding->input].body, sealing, err)))
        goto refused;
    if (is_command && contract->commands[deciding->input].opens != NULL && aggregate->open != NULL)
        aggregate->open(writer->loaded, writer->in, &deciding->opened.owner, &deciding->opened);
    if (is_command && aggregate->withholds != NULL)
        deciding->withheld = aggregate->withholds(writer->loaded, writer->in);
    if (!aggregate->decide(writer->loaded, writer->in, writer->out, err)) goto refused;
    if (is_command && !names_own(writer, contract, deciding->input, err)) goto refused;
    if (is_command && !can_open(writer, deciding, &contract->commands[deciding->input], err))
        goto refused;
    if (!append_all(writer, deciding, head, contract, writer->out, err)) goto refused;
    if (deciding->was_sealed)
        keep_sealed(writer, sealing);
    else
        unseal_on_refusal(writer, sealing);
    return true;

refused:
    unseal_on_refusal(writer, sealing);
    return false;
}

/* What follows from what somebody said was done by them, through however many rules of ours. */
static void say_by_whom(const struct heard *heard, struct head *head)
{
    if (heard->by.role == 0) return;
    head->by = heard->by;
    head->shown = heard->shown;
}

/* Tell one aggregate of an event, and append what it decides. */
static bool tell_one(struct writer *writer, size_t heard_at, size_t told_at, uint32_t n,
                     struct error *err)
{
    const struct heard *heard = &writer->heard[heard_at]; /* until something is appended */
    const struct happened happened = {(struct journal_event *)(size_t)&heard->envelope, heard->kind,
                                      heard->body, heard->number};
    const size_t place = heard->told.at[told_at].aggregate;
    const unsigned subscription = heard->told.at[told_at].subscription;
    const struct aggregate *aggregate = writer->kinds->aggregates[place];
    struct deciding deciding = {
        .place = place,
        .input = (unsigned)aggregate->contract->command_count + subscription,
        .id = heard->told.at[told_at].ids.at[n],
        .cause = heard->envelope.id,
        .trace = heard->envelope.has_trace ? heard->envelope.trace : (struct id){{0}},
    };

    if (aggregate->decide == NULL) return true;
    fold_input(aggregate, subscription, &happened, writer->in);
    say_by_whom(heard, head_of(writer, aggregate->contract));
    make_ids(writer, head_of(writer, aggregate->contract));
    if (decide_one(writer, &deciding, err)) return true;
    if (err->kind == ERROR_BROKEN || err->kind == ERROR_BUSY) return false;
    log_failure(LOG_ERROR, "event_refused", err); /* they never are: our own mistake */
    return true;
}

/* Tell those who heard, and those who hear of what they decide, until nothing follows. */
static bool tell_all(struct writer *writer, struct error *err)
{
    for (size_t i = 0; i < writer->heard_count; i++)
        for (size_t t = 0; t < writer->heard[i].told.count; t++)
            for (uint32_t n = 0; n < writer->heard[i].told.at[t].ids.count; n++)
                if (!tell_one(writer, i, t, n, err)) return false;
    for (size_t i = 0; i < writer->heard_count; i++)
        free(writer->heard[i].body);
    writer->heard_count = 0;
    return true;
}

/* Who gives a command, as who asks for a row. */
static struct bus_query query_as(const struct head *head)
{
    return (struct bus_query){.role = role_word(head->actor.role),
                              .has_actor = !id_equal(head->actor.id, (struct id){{0}}),
                              .actor = head->actor.id,
                              .organisation = head->actor.organisation,
                              .programme = head->programme,
                              .has_cleared = true,
                              .cleared = head->is_cleared,
                              .has_shared = true,
                              .shared = head->is_shared};
}

static void keep_answer(struct writer *writer, struct deciding *deciding)
{
    const struct contract *contract = writer->kinds->aggregates[deciding->place]->contract;
    const struct descriptor *answer = deciding->input < contract->command_count
                                          ? contract->commands[deciding->input].answer
                                          : NULL;
    size_t size = sizeof deciding->answer;
    struct error err;

    deciding->answer_size = 0;
    if (answer == NULL) return;
    if (!pack(answer, writer->out + contract->events_answer, deciding->answer, &size, &err))
        bug("answer: %s", err.text);
    deciding->answer_size = (uint32_t)size;
}

/* Whether there is what a command is about, for who gives it: somebody else's is there for who sees it in lists. */
static bool is_there(struct writer *writer, const struct deciding *deciding, bool is_anothers)
{
    const struct aggregate *aggregate = writer->kinds->aggregates[deciding->place];
    const struct row_places *places = &writer->kinds->places[deciding->place];
    const struct bus_query who = query_as(head_of(writer, aggregate->contract));
    bool may = true;
    struct error ignored;

    if (!table_get(writer->txn, aggregate->table, deciding->id, writer->row, &ignored)) return true;
    if (!id_equal(*(const struct id *)(const void *)(writer->row + places->id->offset),
                  deciding->id))
        return false;
    return !is_anothers ||
           (query_may_see(writer->txn, aggregate, &who, writer->row, &may, &ignored) && may);
}

/* What deciders say where there is no row. */
static bool is_of_none(const struct error *err)
{
    return strcmp(err->code, life_not_now.code) == 0 ||
           strcmp(err->code, life_conflict.code) == 0 || strcmp(err->code, life_unknown.code) == 0;
}

/* A command about what is not there is refused by the life-cycle, as not possible now; one about what is somebody
 * else's, as forbidden. What its sender should hear is that there is no such thing; and of what is not there for them the same in the
 * same words as of what is nowhere, also where it is not for their role, so that they do not learn which ids there are. */
static bool refuse_unknown(struct writer *writer, const struct deciding *deciding,
                           struct error *err)
{
    const struct aggregate *aggregate = writer->kinds->aggregates[deciding->place];
    const struct head *head = head_of(writer, aggregate->contract);
    const bool is_anothers = err->is_withheld;

    if (aggregate->table == NULL || writer->kinds->places[deciding->place].id == NULL) return false;
    if ((!is_anothers && !is_of_none(err)) || is_there(writer, deciding, is_anothers)) return false;
    if (aggregate->life != NULL && !life_allows(aggregate->life, deciding->input, head, err))
        return false;
    error_set(err, ERROR_NOT_FOUND, life_unknown.code, "There is no such %s.",
              aggregate->contract->name);
    err->is_withheld = is_anothers;
    return false;
}

bool execute_input(struct writer *writer, struct deciding *deciding, struct error *err)
{
    const struct aggregate *aggregate = writer->kinds->aggregates[deciding->place];
    const struct contract *contract = aggregate->contract;
    struct head *head = head_of(writer, contract);
    struct ids found = {0};
    struct error trouble;

    make_ids(writer, head);
    deciding->version = -1;
    if (deciding->input < contract->command_count &&
        contract->commands[deciding->input].is_creation) {
        if (!name_alias(writer, aggregate, NULL, err) ||
            (aggregate->find != NULL && !aggregate->find(writer->txn, writer->in, &found, err)))
            return false;
        deciding->id = found.count > 0 ? found.at[0] : head->ids[0];
        if (found.count > 0) head->id = deciding->id;
    }
    if (!decide_one(writer, deciding, err)) return refuse_unknown(writer, deciding, err);
    keep_answer(writer, deciding);
    if (!tell_all(writer, &trouble)) bug("tell: %s", trouble.text);
    if (head->has_behalf) metrics_count(&writer->running->meters->on_behalf, 1);
    return true;
}

/* Events of others. */

/* An event's row, taken apart; kind is NULL when nobody here subscribes to it. */
static bool read_event(struct writer *writer, struct bytes row, struct journal_event *envelope,
                       struct happened *happened, struct error *err)
{
    struct bytes body;

    if (!row_read(row, envelope, &body, err)) return false;
    *happened = (struct happened){
        .envelope = envelope,
        .kind = kinds_find(writer->kinds, envelope->type, strlen(envelope->type)),
        .body = writer->body,
    };
    if (happened->kind == NULL) return true;
    if (unpack(happened->kind->descriptor, body.at, body.size, writer->body, err)) return true;
    return error_set(err, ERROR_INVALID, execute_upgrade_me,
                     "%s says what only a newer version of this service understands: upgrade it.",
                     envelope->type);
}

bool execute_foreign(struct writer *writer, struct bytes row, struct error *err)
{
    struct journal_event envelope;
    struct happened happened;
    struct told told;

    if (!read_event(writer, row, &envelope, &happened, err)) return false;
    if (happened.kind == NULL)
        return error_set(err, ERROR_BROKEN, "unasked", "%s was not asked for", envelope.type);
    happened.number = next_number(writer);
    if (!batch_add_row(writer->batch, row))
        return error_set(err, ERROR_BROKEN, "row", "an event's row is too large");
    metrics_count(&writer->running->meters->foreign_events, 1);
    if (!fold_event(writer->fold, writer->txn, &happened, &told, err)) return false;
    hear(writer, &happened, &told, NULL);
    return tell_all(writer, err);
}

/* Deadlines. */

static void fire(struct writer *writer, const struct deadline *deadline, unsigned command,
                 const void *row)
{
    const struct aggregate *aggregate = writer->kinds->aggregates[deadline->aggregate];
    const struct contract *contract = aggregate->contract;
    const struct row_places *places = &writer->kinds->places[deadline->aggregate];
    const struct head head = {
        .at = {writer->now_ms},
        .actor = {.role = ROLE_TM},
        .id = deadline->id,
        .version = VERSION_ANY,
        .programme = places->programme == NULL
                         ? (struct id){{0}}
                         : *(const struct id *)((const char *)row + places->programme->offset),
        .country = places->country == NULL
                       ? COUNTRY_SE
                       : *(const enum country *)(const void *)((const char *)row +
                                                               places->country->offset),
    };

    memcpy(writer->in, &command, sizeof command);
    memcpy(writer->in + contract->input_head, &head, sizeof head);
    memset(writer->in + contract->input_body, 0, contract->commands[command].body->size);
}

/* A row of our own journal: an event that is still being told, or is told late. Meanwhile it may be one
 * that nobody subscribes to any more, as when a journal is replayed. */
static bool read_journaled(struct writer *writer, struct txn *read, uint64_t number,
                           struct journal_event *envelope, struct happened *happened,
                           struct error *err)
{
    struct bytes row;

    if (!journal_row(read, number, &row, err) || !read_event(writer, row, envelope, happened, err))
        return false;
    happened->number = number;
    return true;
}

static bool go_on_telling(struct writer *writer, const struct deadline *deadline, struct error *err)
{
    struct journal_event envelope;
    struct happened happened;
    struct told told;
    struct txn *read = journal_begin_read(writer->running->journal, err);
    bool is_ok = false;

    if (read == NULL) return false;
    if (!read_journaled(writer, read, deadline_number(deadline->id), &envelope, &happened, err))
        goto done;
    is_ok = happened.kind == NULL;
    if (!is_ok && fold_more(writer->fold, writer->txn, &happened, deadline, &told, err)) {
        hear(writer, &happened, &told, NULL);
        is_ok = tell_all(writer, err);
    }
done:
    txn_abort(read);
    return is_ok;
}

static bool fire_row(struct writer *writer, const struct deadline *deadline, struct error *err)
{
    const struct aggregate *aggregate = writer->kinds->aggregates[deadline->aggregate];
    struct deciding deciding = {.place = deadline->aggregate,
                                .id = deadline->id,
                                .cause = deadline->id,
                                .is_late = writer->now_ms - deadline->due_ms > LATE_MS};
    const int64_t events_before = writer->batch->header.events;

    if (!table_get(writer->txn, aggregate->table, deadline->id, writer->row, err)) return false;
    if (aggregate->due(writer->row, &deciding.input).ms != deadline->due_ms) return true;
    fire(writer, deadline, deciding.input, writer->row);
    if (!execute_input(writer, &deciding, err)) {
        if (err->kind == ERROR_BROKEN || err->kind == ERROR_BUSY) return false;
        log_failure(LOG_ERROR, "deadline_refused", err);
    }
    metrics_count(&writer->running->meters->deadlines, 1);
    if (writer->batch->header.events == events_before)
        metrics_count(&writer->running->meters->deadlines_idle, 1);
    return true;
}

/* Names a deadline, for the trial: its aggregate's id, and when it is due. */
static struct id trial_id(const struct deadline *deadline)
{
    struct id id = deadline->id;

    for (size_t i = 0; i < 8; i++)
        id.bytes[i] ^= (uint8_t)((uint64_t)deadline->due_ms >> (8 * i));
    id.bytes[8] ^= (uint8_t)(deadline->aggregate + 1);
    return id;
}

static bool set_deadline_aside(struct writer *writer, struct id input,
                               const struct journal_fired *fired, struct error *err)
{
    struct journal_quarantine named = {.id = input, .has_fired = true, .fired = *fired};

    text_copy(named.what, sizeof named.what, fired->aggregate);
    return set_aside(writer, &named, err);
}

/* One that this very batch put there waits for the next: when the batch is folded, all that it fired
 * are dropped before any event is. */
bool execute_deadline(struct writer *writer, bool is_first, bool *is_none, struct error *err)
{
    struct journal_header *header = &writer->batch->header;
    struct deadline deadline;
    struct journal_fired fired;
    enum attempt attempt;
    bool is_ok;

    if (!deadline_next(writer->txn, writer->kinds, writer->now_ms, &deadline, err)) return false;
    *is_none = !deadline.is_there || (deadline.is_more && !is_first) ||
               deadline.since >= (uint64_t)header->first;
    if (*is_none) return true;
    attempt = attempt_of(writer, trial_id(&deadline));
    *is_none = attempt == ATTEMPT_LATER;
    if (*is_none) return true;
    fired = fold_fire(writer->fold, &deadline, writer->now_ms - deadline.due_ms > LATE_MS);
    header->fired.at[header->fired.count++] = fired;
    if (!fold_fired(writer->fold, writer->txn, &fired, err)) return false;
    if (attempt == ATTEMPT_NEVER)
        return set_deadline_aside(writer, trial_id(&deadline), &fired, err);
    trial_begin(writer->running->trial, trial_id(&deadline));
    is_ok =
        deadline.is_more ? go_on_telling(writer, &deadline, err) : fire_row(writer, &deadline, err);
    return attempt_end(writer, is_ok, err);
}

/* Events that had been set aside. */

static bool tell_released(struct writer *writer, const struct journal_set_aside *entry,
                          struct error *err)
{
    struct journal_header *header = &writer->batch->header;
    struct journal_event envelope;
    struct happened happened;
    struct told told;
    struct txn *read = journal_begin_read(writer->running->journal, err);
    bool is_ok = false;

    if (read == NULL) return false;
    header->has_retold = true;
    header->retold.at[header->retold.count++] = entry->id;
    if (!quarantine_drop(writer->txn, entry, err) ||
        !read_journaled(writer, read, (uint64_t)entry->event, &envelope, &happened, err))
        goto done;
    is_ok = happened.kind == NULL;
    if (!is_ok && fold_event(writer->fold, writer->txn, &happened, &told, err)) {
        hear(writer, &happened, &told, NULL);
        is_ok = tell_all(writer, err);
    }
done:
    txn_abort(read);
    return is_ok;
}

static bool set_aside_again(struct writer *writer, const struct journal_set_aside *entry,
                            struct error *err)
{
    struct journal_quarantine named = {.id = entry->id,
                                       .has_event = true,
                                       .event = entry->event,
                                       .has_about = true,
                                       .about = entry->about};

    text_copy(named.what, sizeof named.what, entry->what);
    return set_aside(writer, &named, err);
}

bool execute_released(struct writer *writer, struct error *err)
{
    const struct journal_set_aside entry = writer->released;

    switch (attempt_of(writer, entry.id)) {
    case ATTEMPT_LATER: return true;
    case ATTEMPT_NEVER: return set_aside_again(writer, &entry, err);
    case ATTEMPT_NOW: break;
    }
    trial_begin(writer->running->trial, entry.id);
    return attempt_end(writer, tell_released(writer, &entry, err), err);
}
