/* A command from the bus: admitted, not said before, built into an input; and the reply that leaves
 * once the batch is on disk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/random.h"
#include "bus/refusal.h"
#include "core/life.h"
#include "core/pack.h"
#include "core/text.h"
#include "fold/answers.h"
#include "fold/quarantine.h"
#include "intake/intake.h"
#include "service/meters.h"
#include "service/permission.h"
#include "service/timekeeper.h"
#include "service/trial.h"
#include "service/turned_away.h"
#include "service/writer.h"
#include "store/table.h"
#include "vault/vault.h"

/* Replies. */

static struct pending_reply *add_reply(struct writer *writer, const char *peer)
{
    struct pending_reply *reply = &writer->replies[writer->reply_count++];

    memset(reply, 0, sizeof *reply);
    text_copy(reply->peer, sizeof reply->peer, peer);
    return reply;
}

static void reply_refused(struct writer *writer, const char *peer, const struct error *err)
{
    struct pending_reply *reply = add_reply(writer, peer);

    metrics_count(&writer->running->meters->refused, 1);
    reply->refused_size = refusal_write(writer->command.id, err, writer->refusal);
    if ((reply->refused = malloc(reply->refused_size)) == NULL) bug("out of memory");
    memcpy(reply->refused, writer->refusal, reply->refused_size);
}

static struct pending_reply *reply_accepted(struct writer *writer, const char *peer,
                                            const struct journal_command *command, uint64_t batch)
{
    struct pending_reply *reply = add_reply(writer, peer);

    reply->is_accepted = true;
    reply->accepted.id = command->id;
    reply->accepted.aggregate = command->aggregate;
    reply->accepted.version = command->version;
    reply->accepted.batch = (int64_t)batch;
    reply->accepted.answer.size = command->answer.size;
    memcpy(reply->accepted.answer.at, command->answer.at, command->answer.size);
    return reply;
}

/* Seen before: the same print is answered again, another is a mistake of the caller's. */
static bool is_repeated(struct writer *writer, const char *peer, const uint8_t print[16],
                        bool *is_done, struct error *err)
{
    struct journal_command command = {.id = writer->command.id};
    struct pending_reply *reply;
    struct answer answer;

    if (!answer_get(writer->txn, command.id, is_done, &answer, err)) return false;
    if (!*is_done) return true;
    if (memcmp(answer.print, print, sizeof answer.print) != 0) {
        struct error mismatch;

        error_set(&mismatch, ERROR_INVALID, "idempotency_mismatch",
                  "The same id came before with another body.");
        reply_refused(writer, peer, &mismatch);
        return true;
    }
    command.aggregate = answer.aggregate;
    command.version = answer.version;
    command.answer.size = answer.size;
    memcpy(command.answer.at, answer.at, answer.size);
    reply = reply_accepted(writer, peer, &command, answer.batch);
    reply->accepted.has_again = reply->accepted.again = true;
    metrics_count(&writer->running->meters->repeated, 1);
    return true;
}

/* From the bus to an input. */

static bool build(struct writer *writer, struct deciding *deciding, struct error *err)
{
    const struct bus_command *said = &writer->command;
    const struct contract *contract;
    const struct command *command;
    char *body;
    struct head head = {.at = {writer->now_ms}, .admitted = &writer->running->admitted};

    if (!kinds_command(writer->kinds, said->type, &deciding->place, &deciding->input))
        return error_set(err, ERROR_NOT_FOUND, "no_such_command", "There is no command %s here.",
                         said->type);
    contract = writer->kinds->aggregates[deciding->place]->contract;
    command = &contract->commands[deciding->input];
    body = (char *)writer->in + contract->input_body;
    if (!command->is_creation && !said->has_aggregate)
        return error_set(err, ERROR_INVALID, "no_aggregate", "%s is about one that has an id.",
                         said->type);
    head.actor.role = role_bit(said->role);
    head.actor.id = said->has_actor ? said->actor : (struct id){{0}};
    head.credential = said->has_credential ? said->credential : (struct id){{0}};
    head.actor.organisation = said->has_organisation ? said->organisation : (struct id){{0}};
    head.is_cleared = said->has_cleared && said->cleared;
    head.is_shared = said->has_shared && said->shared;
    head.programme = said->has_programme ? said->programme : (struct id){{0}};
    head.country = said->has_country ? said->country : COUNTRY_SE;
    head.id = said->has_aggregate ? said->aggregate : (struct id){{0}};
    head.version = said->version;
    memcpy(writer->in, &deciding->input, sizeof deciding->input);
    deciding->id = head.id;
    deciding->cause = said->id;
    deciding->trace = said->has_trace ? said->trace : said->id;
    if (!unpack(command->body, said->body.at, said->body.size, body, err) ||
        !intake_take(command->body, body, &(struct intake){head.at, head.country}, err))
        return false;
    life_hear_for(command->body, body, &head);
    memcpy(writer->in + contract->input_head, &head, sizeof head);
    return true;
}

/* The aggregate's version when the decision said nothing of its own about it. */
static int64_t current_version(struct writer *writer, const struct deciding *deciding)
{
    const struct aggregate *aggregate = writer->kinds->aggregates[deciding->place];
    const struct field *version = writer->kinds->places[deciding->place].version;
    struct error err;

    if (deciding->version >= 0) return deciding->version;
    if (version == NULL ||
        !table_get(writer->txn, aggregate->table, deciding->id, writer->row, &err))
        return 0;
    return *(const int64_t *)(const void *)(writer->row + version->offset);
}

static bool remember(struct writer *writer, const char *peer, const struct deciding *deciding,
                     int64_t version, const struct command *opens, const uint8_t print[16],
                     struct error *err)
{
    struct journal_header *header = &writer->batch->header;
    struct journal_command *command = &header->commands.at[header->commands.count];
    struct pending_reply *reply;

    command->id = writer->command.id;
    command->print.size = 16;
    memcpy(command->print.at, print, 16);
    command->aggregate = deciding->id;
    command->version = version;
    command->answer.size = deciding->answer_size;
    memcpy(command->answer.at, deciding->answer, deciding->answer_size);
    reply = reply_accepted(writer, peer, command, (uint64_t)header->number);
    metrics_count(&writer->running->meters->accepted, 1);
    reply->opens = opens;
    reply->sealed = deciding->opened;
    reply->withheld = deciding->withheld;
    if (opens != NULL) return true; /* each reading is one of its own, so none is remembered */
    header->commands.count++;
    return answer_put(writer->txn, command, (uint64_t)header->number, err);
}

/* Inputs that are set aside. */

static bool refuse_set_aside(struct error *err)
{
    return error_set(err, ERROR_BROKEN, "quarantined",
                     "This request made the service fail twice, and has been set aside.");
}

static bool set_command_aside(struct writer *writer, const char *peer, struct error *err)
{
    struct journal_quarantine named = {.id = writer->command.id};

    text_copy(named.what, sizeof named.what, writer->command.type);
    if (!set_aside(writer, &named, err)) return false;
    refuse_set_aside(err);
    reply_refused(writer, peer, err);
    return true;
}

static bool is_set_aside(struct writer *writer, bool *is_aside, struct error *err)
{
    struct journal_set_aside entry;

    *is_aside = false;
    return !writer->has_set_aside ||
           quarantine_get(writer->txn, writer->command.id, is_aside, &entry, err);
}

/* runtime.release: the last of its batch, as what it lets go comes first in the next. */
static bool release(struct writer *writer, const char *peer, const uint8_t print[16],
                    struct error *err, bool *is_refusal)
{
    const struct deciding deciding = {.id = writer->command.aggregate};
    struct journal_header *header = &writer->batch->header;
    struct journal_set_aside entry;
    bool is_there;

    if (!permission_of_operator(peer, err)) return false;
    *is_refusal = false;
    if (!quarantine_get(writer->txn, deciding.id, &is_there, &entry, err)) return false;
    *is_refusal = true;
    if (!is_there)
        return error_set(err, ERROR_NOT_FOUND, "not_found", "No such input is set aside here.");
    *is_refusal = false;
    header->has_released = true;
    header->released.at[header->released.count++] = deciding.id;
    writer->is_closed = true;
    return fold_release(writer->fold, writer->txn, deciding.id, err) &&
           remember(writer, peer, &deciding, 0, NULL, print, err);
}

static struct source *source_of(const struct writer *writer, const char *service)
{
    for (size_t i = 0; i < writer->source_count; i++)
        if (strcmp(source_service(writer->sources[i]), service) == 0) return writer->sources[i];
    return NULL;
}

/* runtime.trust_clock. */
static bool trust_clock(struct writer *writer, const char *peer, const uint8_t print[16],
                        struct error *err, bool *is_refusal)
{
    const struct deciding deciding = {.id = writer->command.id};

    if (!permission_of_operator(peer, err)) return false;
    if (!writer->is_held)
        return error_set(err, ERROR_CONFLICT, "clock_believed", "The clock is believed already.");
    *is_refusal = false;
    timekeeper_confirm(writer->running->timekeeper);
    return remember(writer, peer, &deciding, 0, NULL, print, err);
}

/* runtime.rotate_keys. */
static bool rotate_keys(struct writer *writer, const char *peer, const uint8_t print[16],
                        struct error *err, bool *is_refusal)
{
    const struct deciding deciding = {.id = writer->command.id};

    if (!permission_of_operator(peer, err)) return false;
    if (writer->running->vault == NULL)
        return error_set(err, ERROR_NOT_FOUND, "no_vault", "This service keeps nothing sealed.");
    if (!vault_rotate(writer->running->vault, err)) return false;
    log_info("keys_rotated", "keys=%zu", vault_count(writer->running->vault).slots);
    *is_refusal = false;
    return remember(writer, peer, &deciding, 0, NULL, print, err);
}

/* runtime.follow_anew: in force with the batch that it is in. */
static bool follow_anew(struct writer *writer, const char *peer, const uint8_t print[16],
                        struct error *err, bool *is_refusal)
{
    const struct deciding deciding = {.id = writer->command.id};
    const struct bus_command *said = &writer->command;
    struct bus_follow_anew body;
    struct source *source;

    if (!permission_of_operator(peer, err)) return false;
    if (!unpack(&bus_follow_anew_descriptor, said->body.at, said->body.size, &body, err))
        return false;
    if ((source = source_of(writer, body.service)) == NULL)
        return error_set(err, ERROR_NOT_FOUND, "not_followed", "%s is not followed here.",
                         body.service);
    if (!source_follow_anew(source, body.from, err)) return false;
    *is_refusal = false;
    return remember(writer, peer, &deciding, 0, NULL, print, err);
}

static bool take(struct writer *writer, const char *peer, struct error *err, bool *is_refusal)
{
    const struct bus_command *said = &writer->command;
    struct deciding deciding = {0};
    uint8_t print[16];
    const struct command *decided;
    bool is_done, is_aside;

    *is_refusal = true;
    if (!permission_to_say(writer->running->service, peer, said, err)) return false;
    crypto_fingerprint(writer->running->print_key, sizeof writer->running->print_key,
                       said->print.at, said->print.size, print);
    if (!is_repeated(writer, peer, print, &is_done, err)) {
        *is_refusal = false;
        return false;
    }
    if (is_done) return true;
    if (!writer->has_room)
        return error_set(err, ERROR_BUSY, "disk_full",
                         "There is hardly any room left on the disk.");
    if (strcmp(said->type, "runtime.trust_clock") == 0)
        return trust_clock(writer, peer, print, err, is_refusal);
    if (writer->is_held)
        return error_set(err, ERROR_BUSY, "clock_jumped",
                         "The clock of this machine has jumped: an operator has to look.");
    *is_refusal = is_set_aside(writer, &is_aside, err);
    if (!*is_refusal) return false;
    if (is_aside) return refuse_set_aside(err);
    if (strcmp(said->type, "runtime.release") == 0)
        return release(writer, peer, print, err, is_refusal);
    if (strcmp(said->type, "runtime.rotate_keys") == 0)
        return rotate_keys(writer, peer, print, err, is_refusal);
    if (strcmp(said->type, "runtime.follow_anew") == 0)
        return follow_anew(writer, peer, print, err, is_refusal);
    if (!build(writer, &deciding, err)) return false;
    if (!execute_input(writer, &deciding, err)) return false;
    *is_refusal = false;
    decided = &writer->kinds->aggregates[deciding.place]->contract->commands[deciding.input];
    return remember(writer, peer, &deciding, current_version(writer, &deciding),
                    decided->opens == NULL ? NULL : decided, print, err);
}

bool command_take(struct writer *writer, const char *peer, struct frame frame, bool *must_wait,
                  struct error *err)
{
    const char *at = frame.at;
    enum attempt attempt;
    bool is_refusal, is_ok;

    memset(&writer->command.id, 0, sizeof writer->command.id);
    if (frame.size < 2 || at[0] != 'C' ||
        !unpack(&bus_command_descriptor, at + 1, frame.size - 1, &writer->command, err)) {
        struct glimpse id; /* so that whoever asked can be told */

        if (frame.size < 2 || !unpack_glimpse(at + 1, frame.size - 1, "id", &id) ||
            id.size != sizeof writer->command.id || id.at == NULL)
            return true;
        memcpy(&writer->command.id, id.at, sizeof writer->command.id);
        error_set(err, ERROR_INVALID, "not_a_command", "That is not a command.");
        reply_refused(writer, peer, err);
        return true;
    }
    if (strcmp(writer->command.type, "runtime.knock") == 0) {
        reply_accepted(writer, peer, &(const struct journal_command){.id = writer->command.id},
                       journal_head(writer->running->journal).batch);
        return true;
    }
    attempt = attempt_of(writer, writer->command.id);
    *must_wait = attempt == ATTEMPT_LATER;
    if (*must_wait) return true;
    if (attempt == ATTEMPT_NEVER) return set_command_aside(writer, peer, err);
    trial_begin(writer->running->trial, writer->command.id);
    is_ok = take(writer, peer, err, &is_refusal);
    attempt_end(writer, is_ok || is_refusal, err);
    crypto_wipe(writer->command.body.at, writer->command.body.size);
    if (is_ok) return true;
    if (!is_refusal) return false;
    if (permission_is_refused(err)) turned_away(writer->running, peer, writer->command.type);
    reply_refused(writer, peer, err);
    return true;
}

/* An empty body, or one that says how well. */
static bool pack_due(const struct due *due, const struct descriptor *descriptor,
                     struct bus_command *said, struct error *err)
{
    const struct field *field = field_find(descriptor, "protection");
    char *body = calloc(1, descriptor->size + 1);
    size_t size = sizeof said->body.at;
    bool is_packed;

    if (body == NULL) bug("out of memory");
    if (field != NULL) memcpy(body + field->offset, &due->level, sizeof due->level);
    is_packed = pack(descriptor, body, said->body.at, &size, err);
    said->body.size = (uint32_t)size;
    free(body);
    return is_packed;
}

/* Whose it is, as its row says. */
static bool place_due(struct writer *writer, size_t place, const struct due *due, struct error *err)
{
    const struct row_places *places = &writer->kinds->places[place];
    struct bus_command *said = &writer->command;

    if (!table_get(writer->txn, due->kind->owner->table, due->id, writer->row, err)) return false;
    if (places->programme == NULL || places->country == NULL) return true;
    said->has_programme = said->has_country = true;
    memcpy(&said->programme, writer->row + places->programme->offset, sizeof said->programme);
    memcpy(&said->country, writer->row + places->country->offset, sizeof said->country);
    return true;
}

bool command_repeat(struct writer *writer, const struct due *due, struct error *err)
{
    struct deciding deciding = {.id = due->id, .cause = due->cause};
    struct bus_command *said = &writer->command;

    memset(said, 0, sizeof *said);
    snprintf(said->type, sizeof said->type, "%s.%s", due->kind->owner->contract->name,
             due->kind->is_erasure ? "erase" : "change_protection");
    said->role = ACTOR_ROLE_SYS;
    said->has_aggregate = true;
    said->aggregate = due->id;
    said->version = VERSION_ANY;
    said->id = random_id(writer->now_ms);
    if (!kinds_command(writer->kinds, said->type, &deciding.place, &deciding.input))
        return error_set(err, ERROR_BROKEN, "no_such_command", "%s", said->type);
    if (!place_due(writer, deciding.place, due, err) ||
        !pack_due(due, due->kind->owner->contract->commands[deciding.input].body, said, err) ||
        !build(writer, &deciding, err))
        return false;
    deciding.cause = due->cause;
    deciding.trace = (struct id){{0}};
    return execute_input(writer, &deciding, err);
}
