/* The writer's loop: wait; take what there is; make one batch of it; journal; answer; fold. One flush
 * for all that waited (group commit), and no timer: what comes during a flush is the next batch. */
#include "service/writer.h"
#include "service/meters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "base/settings.h"
#include "bus/peer.h"
#include "core/pack.h"
#include "core/text.h"
#include "fold/deadlines.h"
#include "fold/keys.h"
#include "journal/blobs.h"
#include "service/threads.h"
#include "service/timekeeper.h"
#include "service/trial.h"
#include "service/turned_away.h"
#include "store/store.h"
#include "vault/vault.h"

enum {
    POSITION_MS = 60000, /* a position that nothing else comes with waits so long */
    ROOM_MS = 1000,      /* between looks at the disk */
    IDLE_MS = 1000,
    HELD_MS = 50, /* between looks whether somebody still reads */
};

/* Replies: those to one peer that stand behind one another travel as one message. */

enum { REPLY_BYTES = 256 * 1024, REPLY_FRAMES = 500, REPLY_MAX = 16384, PART_MAX = 8192 };

struct frames {
    size_t count, used;
    bool is_secret;
    struct bus_opened opened; /* while it is packed */
    struct frame at[REPLY_FRAMES + 2];
    uint8_t bytes[REPLY_BYTES + REPLY_MAX]; /* room for one more reply behind REPLY_BYTES */
};

static void add_frame(struct frames *frames, char letter, const struct descriptor *descriptor,
                      const void *value)
{
    uint8_t *at = frames->bytes + frames->used;
    size_t size = sizeof frames->bytes - frames->used - 1;
    struct error err;

    at[0] = (uint8_t)letter;
    if (!pack(descriptor, value, at + 1, &size, &err)) bug("reply: %s", err.text);
    frames->at[frames->count++] = (struct frame){at, size + 1};
    frames->used += size + 1;
}

static void withhold(const struct descriptor *descriptor, uint64_t withheld, char *part)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if ((withheld >> i & 1) == 0) continue;
        if (field->present == NO_FLAG) bug("%s: %s is required", descriptor->name, field->name);
        part[field->present] = 0;
    }
}

/* What was sealed may be more than what is opened of it: the rest does not leave. */
static bool keep_part(const struct command *said, uint64_t withheld, uint8_t *body, size_t *size,
                      size_t most, struct error *err)
{
    _Alignas(16) char part[PART_MAX];
    bool is_kept;

    if (said->opens == said->sealed && withheld == 0) return true;
    if (said->opens->size > sizeof part) bug("%s: %zu bytes", said->opens->name, said->opens->size);
    is_kept = unpack(said->opens, body, *size, part, err);
    crypto_wipe(body, *size);
    *size = most;
    withhold(said->opens, withheld, part);
    is_kept = is_kept && pack(said->opens, part, body, size, err);
    crypto_wipe(part, sizeof part);
    return is_kept;
}

static bool open_into(struct writer *writer, struct bus_opened *opened,
                      const struct pending_reply *reply, struct error *err)
{
    size_t size = sizeof opened->body.at;

    if (!running_unseal(writer->running, &reply->sealed, reply->opens->sealed->name,
                        opened->body.at, &size, err) ||
        !keep_part(reply->opens, reply->withheld, opened->body.at, &size, sizeof opened->body.at,
                   err))
        return false;
    opened->id = reply->accepted.id;
    opened->body.size = (uint32_t)size;
    return true;
}

/* It could be opened when it was decided, and cannot be any more: that is not an answer without it. */
static void add_not_opened(struct writer *writer, struct frames *frames,
                           struct pending_reply *reply, const struct error *err)
{
    log_failure(LOG_ERROR, "not_opened", err);
    reply->refused_size = refusal_write(reply->accepted.id, err, writer->refusal);
    if ((reply->refused = malloc(reply->refused_size)) == NULL) bug("out of memory");
    memcpy(reply->refused, writer->refusal, reply->refused_size);
    frames->at[frames->count++] = (struct frame){reply->refused, reply->refused_size};
}

static void add_opened(struct writer *writer, struct frames *frames, struct pending_reply *reply)
{
    struct bus_opened *opened = &frames->opened;
    struct error err;

    if (!open_into(writer, opened, reply, &err)) {
        add_not_opened(writer, frames, reply, &err);
        return;
    }
    add_frame(frames, 'A', &bus_accepted_descriptor, &reply->accepted);
    add_frame(frames, 'O', &bus_opened_descriptor, opened);
    frames->is_secret = true;
    crypto_wipe(opened, sizeof *opened);
}

static void send_frames(struct writer *writer, const char *peer, struct frames *frames)
{
    struct socket *socket = writer->commands[bus_peer_is(peer, BUS_WORKER)];

    if (frames->count > 0 && !socket_send(socket, peer, frames->at, frames->count))
        log_debug("unheard", "peer=%.*s answers=%zu", bus_peer_shown(peer), peer,
                  frames->count); /* they ask again */
    if (frames->is_secret) crypto_wipe(frames->bytes, frames->used);
    frames->count = frames->used = 0;
    frames->is_secret = false;
}

static void add_reply(struct writer *writer, struct frames *frames, struct pending_reply *reply)
{
    if (!reply->is_accepted) {
        frames->at[frames->count++] = (struct frame){reply->refused, reply->refused_size};
        return;
    }
    if (reply->opens != NULL && !id_equal(reply->sealed.key, (struct id){{0}}))
        add_opened(writer, frames, reply);
    else
        add_frame(frames, 'A', &bus_accepted_descriptor, &reply->accepted);
}

/* is_lost: the batch was given up, so what was accepted was not; nothing is said of it. */
static void send_replies(struct writer *writer, bool is_lost)
{
    struct frames *frames = writer->frames;
    const char *peer = "";

    for (size_t i = 0; i < writer->reply_count; i++) {
        struct pending_reply *reply = &writer->replies[i];

        if (strcmp(reply->peer, peer) != 0 || frames->used > REPLY_BYTES ||
            frames->count >= REPLY_FRAMES)
            send_frames(writer, peer, frames);
        peer = reply->peer;
        if (!is_lost || !reply->is_accepted) add_reply(writer, frames, reply);
    }
    send_frames(writer, peer, frames);
    for (size_t i = 0; i < writer->reply_count; i++)
        free(writer->replies[i].refused);
    writer->reply_count = 0;
}

/* Taking inputs. */

static bool is_full(const struct writer *writer)
{
    return writer->is_closed || batch_is_full(writer->batch);
}

static bool has_room(const struct writer *writer, uint64_t free_bytes)
{
    const struct running *running = writer->running;

    return journal_has_room(running->journal) && store_has_room(running->state) &&
           (running->blobs == NULL || blobs_have_room(running->blobs)) &&
           free_bytes >= writer->disk_min;
}

static int64_t shortage(const struct writer *writer, uint64_t free_bytes)
{
    if (!writer->has_room) return 2;
    return free_bytes / FILES_LITTLE_ROOM < writer->disk_min;
}

static void look_for_room(struct writer *writer, int64_t steady_ms)
{
    struct meters *meters = writer->running->meters;
    uint64_t free_bytes = 0;
    bool is_known;

    if (writer->room_ms != 0 && steady_ms - writer->room_ms < ROOM_MS) return;
    writer->room_ms = steady_ms;
    is_known = files_room(writer->running->files, &free_bytes);
    metrics_set(&meters->disk_min, (int64_t)writer->disk_min);
    if (is_known) metrics_set(&meters->disk_free, (int64_t)free_bytes);
    if (!is_known) free_bytes = UINT64_MAX;
    writer->has_room = has_room(writer, free_bytes);
    metrics_set(&meters->shortage, shortage(writer, free_bytes));
    metrics_set(&meters->journal_bytes, (int64_t)journal_used(writer->running->journal));
    metrics_set(&meters->sealed_bytes,
                writer->running->blobs == NULL ? 0 : (int64_t)blobs_used(writer->running->blobs));
    metrics_set(&meters->state_bytes, (int64_t)store_used(writer->running->state));
}

/* Whether there is room for what comes by itself, and its time is known. */
static bool may_take(const struct writer *writer)
{
    return writer->has_room && !writer->is_held;
}

/* The next batch, stamped by a clock that is believed, or as the one before. */
static void begin_batch(struct writer *writer)
{
    struct running *running = writer->running;
    int64_t now_ms;

    writer->is_held =
        !timekeeper_look(running->timekeeper, journal_at_ms(running->journal), &now_ms);
    journal_begin(running->journal, writer->batch, now_ms);
    writer->now_ms = writer->batch->header.at.ms;
    writer->is_closed = false;
}

/* The batch that is being made will name it, if it comes to be. */
static bool name_ring(struct writer *writer, struct error *err)
{
    return !writer->must_say_ring ||
           key_ring_put(writer->txn, vault_ring(writer->running->vault), err);
}

static bool take_released(struct writer *writer, struct error *err)
{
    return !writer->has_released || !may_take(writer) || execute_released(writer, err);
}

/* None behind an event that had been set aside: a batch begins with either. */
static bool take_deadlines(struct writer *writer, struct error *err)
{
    bool is_none = false;

    if (!may_take(writer) || writer->batch->header.has_retold) return true;
    for (bool is_first = true; !is_none && !is_full(writer); is_first = false)
        if (!execute_deadline(writer, is_first, &is_none, err)) return false;
    return true;
}

static struct message *next_message(struct writer *writer)
{
    struct message *message = socket_receive(writer->commands[0]);

    return message != NULL ? message : socket_receive(writer->commands[1]);
}

/* The next frame of the commands' sockets, or one without bytes. */
static struct frame next_command(struct writer *writer)
{
    while (writer->message != NULL && writer->frame == message_count(writer->message)) {
        message_destroy(writer->message);
        writer->message = NULL;
    }
    while (writer->message == NULL) {
        if ((writer->message = next_message(writer)) == NULL) return (struct frame){NULL, 0};
        writer->frame = 0;
        if (message_count(writer->message) > 0) break;
        message_destroy(writer->message);
        writer->message = NULL;
    }
    return message_frame(writer->message, writer->frame++);
}

/* Refused commands have no effect, so they may wait for their verdict in any batch. */
static bool take_commands(struct writer *writer, int64_t until_ns, struct error *err)
{
    while (writer->reply_count < ITEMS_MAX && !is_full(writer)) {
        const struct frame frame = next_command(writer);
        bool must_wait = false;

        if (frame.at == NULL) return true;
        if (!command_take(writer, message_peer(writer->message), frame, &must_wait, err))
            return false;
        if (must_wait) writer->frame--;
        if (writer->reply_count % 16 == 0 && clock_steady_ns() > until_ns) return true;
    }
    return true;
}

static bool take_row(struct writer *writer, struct source *source, struct bytes row,
                     bool *must_wait, struct error *err)
{
    uint8_t hash[HASH_SIZE];
    struct id input;
    enum attempt attempt;
    bool is_behind, is_ok;

    row_hash(row, hash);
    memcpy(&input, hash, sizeof input);
    attempt = attempt_of(writer, input);
    *must_wait = attempt == ATTEMPT_LATER;
    if (*must_wait) return true;
    if (!is_row_behind(writer, row, &is_behind, err)) return false;
    if (attempt == ATTEMPT_NEVER || is_behind)
        return set_row_aside(writer, row, input, attempt != ATTEMPT_NEVER, err);
    trial_begin(writer->running->trial, input);
    is_ok = attempt_end(writer, execute_foreign(writer, row, err), err);
    if (is_ok || err->code != execute_upgrade_me) return is_ok;
    source_stop(source, err->code, err->text); /* nothing is skipped, and the rest goes on */
    *must_wait = true;
    return true;
}

/* What has come of one followed journal, row by row, so that a batch may end within a foreign one. */
static bool take_foreign(struct writer *writer, struct source *source, int64_t until_ns,
                         struct error *err)
{
    struct foreign *foreign = writer->foreign;

    while (may_take(writer) && source_next(source, foreign)) {
        for (uint32_t i = 0; i < foreign->count; i++) {
            const uint32_t index = foreign->rows[i].index;
            bool must_wait;

            if ((int64_t)index < source_within(source)) continue;
            if (is_full(writer) || (i % 16 == 15 && clock_steady_ns() > until_ns)) return true;
            if (!take_row(writer, source, foreign->rows[i].row, &must_wait, err)) return false;
            if (must_wait) return true;
            source_consumed(source, foreign, index + 1);
        }
        source_consumed(source, foreign, UINT32_MAX);
    }
    return true;
}

/* Positions that have moved since the last commit travel with this one. */
static void add_positions(struct writer *writer)
{
    for (size_t i = 0; i < writer->source_count; i++)
        source_say(writer->sources[i], &writer->batch->header);
}

/* Before any of its keys is named, or with it. */
static void add_ring(struct writer *writer)
{
    struct journal_header *header = &writer->batch->header;

    if (!writer->must_say_ring) return;
    header->has_ring = true;
    header->ring = vault_ring(writer->running->vault);
    writer->must_say_ring = writer->has_new_ring = false;
}

static bool is_worth_a_commit(const struct writer *writer, int64_t steady_ms)
{
    const bool is_time = steady_ms - writer->committed_ms >= POSITION_MS;

    if (!batch_is_empty(writer->batch) || writer->has_new_ring) return true;
    for (size_t i = 0; i < writer->source_count; i++)
        if (source_is_urgent(writer->sources[i]) ||
            (is_time && source_is_moved(writer->sources[i])))
            return true;
    return false;
}

/* Committing. */

/* What follows an erasure: the key first, then the blobs. Again and again is the same, so the start
 * does it where an end came between. A key that the ring never had is gone as well: the ring was lost. */
static void finish_erasure(struct running *running, struct id owner, struct id key)
{
    char text[ID_TEXT_SIZE];
    struct error err;
    size_t count;

    if (!vault_is_dead(running->vault, key) && !vault_erase(running->vault, key, &err)) {
        if (strcmp(err.code, "vault.key_unknown") != 0) bug("erase: %s", err.text);
        id_write(owner, text);
        log_warning("key_gone_before", "owner=%s", text);
    }
    if (!blobs_drop(running->blobs, owner, &count, &err)) bug("erase: %s", err.text);
}

static void finish_erasures(struct writer *writer)
{
    struct error err;
    struct owner_key key;

    for (size_t i = 0; i < writer->erased_count; i++) {
        struct txn *txn = txn_begin_read(writer->running->state, &err);
        const struct id owner = writer->erased[i];

        if (txn == NULL || !key_get(txn, owner, &key, &err)) bug("erase: %s", err.text);
        txn_abort(txn);
        if (!key.is_there) continue;
        if (running_has_lost(writer->running, key.key))
            metrics_change(&writer->running->meters->keys_lost, -1);
        finish_erasure(writer->running, owner, key.key);
    }
    writer->erased_count = 0;
}

static bool commit(struct writer *writer, int64_t steady_ms, struct error *err)
{
    struct running *running = writer->running;
    struct position head;
    const int64_t began_ns = clock_steady_ns();

    add_positions(writer);
    add_ring(writer);
    if (running->blobs != NULL && !blobs_write(running->blobs, writer->batch, err)) return false;
    if (running->forgetting != NULL && !forgetting_write(running->forgetting, err)) return false;
    if (!journal_commit(running->journal, writer->batch, err)) return false;
    head = journal_head(running->journal);
    metrics_observe(&writer->running->meters->commit_time, clock_steady_ns() - began_ns);
    metrics_observe(&writer->running->meters->batch_size, writer->batch->header.events);
    metrics_count(&writer->running->meters->commits, 1);
    metrics_set(&writer->running->meters->head_batch, (int64_t)head.batch);
    atomic_store(&running->head, head.batch);
    writer->committed_ms = steady_ms;
    send_replies(writer, false);
    bell_ring(running->reader_bell);

    if (!fold_end(writer->fold, writer->txn, &writer->batch->header, head, err)) return false;
    if (!txn_commit(writer->txn, err)) {
        writer->txn = NULL;
        return false;
    }
    writer->txn = NULL;
    atomic_store(&running->folded, head.batch);
    bell_ring(running->reader_bell);
    bell_ring(running->lookup_bell);
    bell_ring(running->worker_bell);
    for (size_t i = 0; i < writer->source_count; i++)
        if (!source_committed(writer->sources[i], err)) return false;
    finish_erasures(writer);
    return true;
}

/* Of several another one first each time. */
static bool take_followed(struct writer *writer, int64_t until_ns, struct error *err)
{
    for (size_t i = 0; i < writer->source_count; i++) {
        const size_t place = (writer->turns + i) % writer->source_count;

        if (!take_foreign(writer, writer->sources[place], until_ns, err)) return false;
    }
    return true;
}

static bool take_from(struct writer *writer, enum way way, int64_t until_ns, struct error *err)
{
    writer->way = way;
    switch (way) {
    case WAY_RELEASED: return take_released(writer, err);
    case WAY_DEADLINES: return take_deadlines(writer, err);
    case WAY_COMMANDS: return take_commands(writer, until_ns, err);
    case WAY_FOREIGN: return take_followed(writer, until_ns, err);
    case WAYS: break;
    }
    bug("way %u", way);
}

/* One that must be alone comes before all else, as otherwise under load it would wait for ever. */
static bool take_alone(struct writer *writer, int64_t until_ns, struct error *err)
{
    const enum way alone = writer->alone;

    writer->alone = WAYS;
    return alone == WAYS || take_from(writer, alone, until_ns, err);
}

/* What is due, then commands and what is followed by turns, so that however much there is of one, the
 * others come forward. */
static bool take_all(struct writer *writer, int64_t until_ns, struct error *err)
{
    static const enum way orders[][WAYS] = {
        {WAY_RELEASED, WAY_DEADLINES, WAY_COMMANDS, WAY_FOREIGN},
        {WAY_RELEASED, WAY_DEADLINES, WAY_FOREIGN, WAY_COMMANDS}};
    const enum way *order = orders[writer->turns % 2];

    if (!take_alone(writer, until_ns, err)) return false;
    if (!batch_is_empty(writer->batch)) return true;
    for (size_t i = 0; i < WAYS; i++)
        if (!take_from(writer, order[i], until_ns, err)) return false;
    return true;
}

static bool make_batch(struct writer *writer, struct error *err)
{
    const int64_t steady_ms = clock_steady_ms();
    const int64_t until_ns = clock_steady_ns() + DECIDING_NS;
    bool is_ok;

    for (size_t i = 0; i < writer->source_count; i++)
        source_turn(writer->sources[i], steady_ms);
    look_for_room(writer, steady_ms);
    if ((writer->txn = txn_begin_write(writer->running->state, err)) == NULL) return false;
    begin_batch(writer);

    is_ok = name_ring(writer, err) && aside_look(writer, err) && take_all(writer, until_ns, err) &&
            striker_strike(writer, err);
    writer->turns++;
    if (is_ok && is_worth_a_commit(writer, steady_ms)) return commit(writer, steady_ms, err);
    txn_abort(writer->txn);
    writer->txn = NULL;
    send_replies(writer, !is_ok);
    return is_ok;
}

/* Waiting. */

static bool has_waiting(struct writer *writer)
{
    const struct journal_header *last = &writer->batch->header;

    if (writer->striker.has_work && !writer->striker.is_held) return true;
    if (writer->superseded.is_at_work) return true;
    if (last->has_released || last->has_retold) return true;
    if (writer->message != NULL && writer->frame < message_count(writer->message)) return true;
    for (size_t i = 0; i < writer->source_count; i++)
        if (may_take(writer) && source_next(writer->sources[i], writer->foreign)) return true;
    return false;
}

/* How long until the next deadline; at most IDLE_MS. */
static int64_t sleep_ms(struct writer *writer)
{
    struct deadline deadline = {0};
    struct error err;
    struct txn *txn = txn_begin_read(writer->running->state, &err);
    int64_t left = writer->striker.is_held ? HELD_MS : IDLE_MS;
    const int64_t most = left;

    if (txn == NULL) return IDLE_MS;
    if (deadline_next(txn, writer->kinds, INT64_MAX, &deadline, &err) && deadline.is_there)
        left = deadline.due_ms - timekeeper_now(writer->running->timekeeper);
    txn_abort(txn);
    return left < 0 ? 0 : left > most ? most : left;
}

void writer_wait(struct writer *writer)
{
    struct socket *sockets[FOLLOWED_MAX + 2] = {writer->commands[0], writer->commands[1]};
    bool ready[FOLLOWED_MAX + 2];

    if (has_waiting(writer)) return;
    for (size_t i = 0; i < writer->source_count; i++)
        sockets[i + 2] = source_socket(writer->sources[i]);
    bus_wait(sockets, writer->source_count + 2, NULL, 0,
             may_take(writer) ? sleep_ms(writer) : IDLE_MS, ready);
}

static void add_metric(struct writer *writer, struct metrics_metric *metric, const char *name,
                       const char *help, const char *label)
{
    metric->owner = writer->running;
    metric->kind = METRICS_KIND_GAUGE;
    metric->name = name;
    metric->help = help;
    metric->labels = label;
    metrics_add(metric);
}

/* The word why goes with it, for whoever has to do something about it. */
static void show_stopped(struct writer *writer, struct shown *shown, const char *why)
{
    if (shown->is_stopped == (why != NULL)) return;
    shown->is_stopped = why != NULL;
    if (why == NULL) {
        metrics_remove(&shown->stopped);
        return;
    }
    snprintf(shown->stopped_labels, sizeof shown->stopped_labels, "%s,why=\"%s\"", shown->labels,
             why);
    add_metric(writer, &shown->stopped, "fadder_follow_stopped",
               "A journal that is followed no further until somebody does something about it.",
               shown->stopped_labels);
    metrics_set(&shown->stopped, 1);
}

static void show_followed(struct writer *writer)
{
    const int64_t now_ms = clock_steady_ms();
    bool is_all = true;

    for (size_t i = 0; i < writer->source_count; i++) {
        int64_t behind;
        const bool is_heard = source_is_heard(writer->sources[i], now_ms, &behind);

        is_all = is_all && is_heard && behind == 0;
        metrics_set(&writer->follows[i].lag, behind);
        metrics_set(&writer->follows[i].is_heard, is_heard ? 1 : 0);
        show_stopped(writer, &writer->follows[i], source_trouble(writer->sources[i]));
    }
    if (is_all) atomic_store(&writer->running->heard, now_ms);
}

/* What need not be done at every turn. */
static void look_around(struct writer *writer, int64_t now_ms)
{
    enum { SHOW_MS = 250, TIDY_MS = 60000 };

    if (now_ms - writer->shown_ms >= SHOW_MS) {
        show_followed(writer);
        aside_show(writer);
        writer->shown_ms = now_ms;
    }
    if (now_ms - writer->tidied_ms >= TIDY_MS) {
        journal_tidy(writer->running->journal);
        if (writer->running->blobs != NULL) blobs_tidy(writer->running->blobs);
        store_forget_dead(writer->running->state);
        writer->tidied_ms = now_ms;
    }
}

/* Starting and ending. */

static bool follow_one(struct writer *writer, struct txn *txn, const char *service,
                       struct error *err)
{
    const size_t i = writer->source_count;
    struct shown *shown = &writer->follows[i];

    if (i == FOLLOWED_MAX) bug("more than %d services followed", FOLLOWED_MAX);
    writer->sources[i] = source_open(writer->running->bus, writer->kinds,
                                     writer->running->service->name, service, txn, err);
    if (writer->sources[i] == NULL) return false;
    snprintf(shown->labels, sizeof shown->labels, "from=\"%s\",to=\"%s\"", service,
             writer->running->service->name);
    add_metric(writer, &shown->lag, "fadder_lag_batches",
               "Batches of a followed journal still to come.", shown->labels);
    add_metric(writer, &shown->is_heard, "fadder_following",
               "Whether a followed service is heard of.", shown->labels);
    writer->source_count++;
    return true;
}

static bool is_followed(const struct writer *writer, const char *service)
{
    for (size_t i = 0; i < writer->source_count; i++)
        if (strcmp(source_service(writer->sources[i]), service) == 0) return true;
    return false;
}

/* Whose events the aggregates subscribe to. */
static bool follow_all(struct writer *writer, struct error *err)
{
    struct txn *txn = txn_begin_read(writer->running->state, err);
    bool is_ok = txn != NULL;

    for (size_t i = 0; is_ok && i < writer->kinds->count; i++) {
        const struct kind *kind = &writer->kinds->at[i];

        if (kind->subscriber_count > 0 && kind->owner == NULL &&
            !is_followed(writer, kind->service))
            is_ok = follow_one(writer, txn, kind->service, err);
    }
    txn_abort(txn);
    return is_ok;
}

/* What is due at the start. */
struct mending {
    struct running *running;
    struct dues dues;
};

static bool is_due(const struct dues *dues, size_t before, struct id owner)
{
    return dues->count > before && id_equal(dues->at[dues->count - 1].id, owner);
}

/* Of who was erased everything goes, whatever an end may have come between: the key and the blobs. */
static bool check_key(void *cookie, struct id owner, const struct owner_key *key)
{
    struct mending *mending = cookie;
    struct running *running = mending->running;
    const size_t before = mending->dues.count;

    if (key->is_erased) finish_erasure(running, owner, key->key);
    forgetting_compare_key(running->forgetting, owner, key->is_erased, &mending->dues);
    if (key->is_erased || is_due(&mending->dues, before, owner) ||
        !vault_is_dead(running->vault, key->key))
        return true;
    forgetting_add(
        &mending->dues,
        &(struct due){.kind = forgetting_erasure(running->kinds), .id = owner, .cause = owner});
    return true;
}

static void repeat(struct writer *writer, const struct due *due)
{
    char text[ID_TEXT_SIZE];
    struct error err;

    id_write(due->id, text);
    if (command_repeat(writer, due, &err))
        log_warning("said_again", "event=%s of=%s", due->kind->name, text);
    else
        log_failure(LOG_ERROR, "said_again", &err);
}

/* As many as one batch takes, from `first` on; how many. */
static bool repeat_some(struct writer *writer, const struct dues *dues, size_t *first,
                        struct error *err)
{
    if ((writer->txn = txn_begin_write(writer->running->state, err)) == NULL) return false;
    begin_batch(writer);
    if (!name_ring(writer, err)) return false;
    for (; *first < dues->count && !batch_is_full(writer->batch); ++*first)
        if (dues->at[*first].kind != NULL) repeat(writer, &dues->at[*first]);
    if (!batch_is_empty(writer->batch)) return commit(writer, clock_steady_ms(), err);
    txn_abort(writer->txn);
    writer->txn = NULL;
    return true;
}

static bool compare_all(struct mending *mending, struct error *err)
{
    struct forgetting *forgetting = mending->running->forgetting;
    struct txn *txn = txn_begin_read(mending->running->state, err);
    const bool is_ok = txn != NULL && key_scan(txn, check_key, mending, err) &&
                       forgetting_compare_rows(forgetting, txn, &mending->dues, err);

    txn_abort(txn);
    return is_ok && forgetting_write(forgetting, err);
}

/* An erasure that was interrupted is finished; a key that was destroyed without one gets it; and what a restore has undone
 * is said again. */
static bool mend_erasures(struct writer *writer, struct error *err)
{
    struct mending mending = {.running = writer->running};
    size_t done = 0;
    bool is_ok;

    if (writer->running->vault == NULL) return true;
    is_ok = compare_all(&mending, err);
    while (is_ok && done < mending.dues.count)
        is_ok = repeat_some(writer, &mending.dues, &done, err);
    free(mending.dues.at);
    forgetting_settle(writer->running->forgetting);
    return is_ok;
}

static bool look_for_ring(struct writer *writer, struct error *err)
{
    struct txn *txn;
    struct named_ring ring;
    bool is_ok;

    if (writer->running->vault == NULL) return true;
    if ((txn = txn_begin_read(writer->running->state, err)) == NULL) return false;
    is_ok = key_ring_get(txn, &ring, err);
    txn_abort(txn);
    writer->must_say_ring = is_ok && (writer->running->lacks_keys ||
                                      !id_equal(ring.id, vault_ring(writer->running->vault)));
    writer->has_new_ring = writer->must_say_ring && !id_equal(ring.id, (struct id){{0}});
    return is_ok;
}

static void *allocate(size_t size)
{
    void *memory = calloc(1, size + 1);

    if (memory == NULL) bug("out of memory");
    return memory;
}

static struct writer *create(struct running *running)
{
    struct writer *writer = allocate(sizeof *writer);
    const struct kinds *kinds = running->kinds;

    writer->running = running;
    writer->kinds = kinds;
    writer->alone = WAYS;
    writer->fold = fold_create(kinds, running->service->name);
    writer->batch = batch_create();
    writer->frames = allocate(sizeof *writer->frames);
    writer->foreign = allocate(sizeof *writer->foreign);
    writer->sealing = allocate(sizeof *writer->sealing);
    writer->in = allocate(kinds->input_max);
    writer->out = allocate(kinds->events_max);
    writer->loaded = allocate(kinds->case_max);
    writer->row = allocate(kinds->row_max);
    writer->body = allocate(kinds->body_max);
    writer->teller = teller_create(running);
    superseded_watch(writer);
    return writer;
}

void writer_close(struct writer *writer)
{
    for (size_t i = 0; i < writer->source_count; i++) {
        source_close(writer->sources[i]);
        metrics_remove(&writer->follows[i].lag);
        metrics_remove(&writer->follows[i].is_heard);
        show_stopped(writer, &writer->follows[i], NULL);
    }
    txn_abort(writer->txn); /* where the store failed */
    message_destroy(writer->message);
    teller_destroy(writer->teller);
    socket_close(writer->commands[0]);
    socket_close(writer->commands[1]);
    fold_destroy(writer->fold);
    superseded_forget(writer);
    batch_destroy(writer->batch);
    free(writer->frames);
    free(writer->foreign);
    free(writer->sealing);
    free(writer->heard);
    free(writer->in);
    free(writer->out);
    free(writer->loaded);
    free(writer->row);
    free(writer->body);
    free(writer);
}

static bool open_doors(struct writer *writer, struct error *err)
{
    const char *name = writer->running->service->name;
    struct bus *bus = writer->running->bus;
    char endpoint[128], within[128];

    service_endpoint(name, "commands", endpoint);
    worker_endpoint(name, "commands", within);
    return (writer->commands[0] = bus_serve(bus, name, endpoint, err)) != NULL &&
           (writer->commands[1] = bus_serve(bus, name, within, err)) != NULL;
}

struct writer *writer_open(struct running *running, struct error *err)
{
    struct writer *writer = create(running);
    int64_t disk_min_mib = 0;
    const bool is_ok = settings_integer(setting_of("FADDER_DISK_MIN"), &disk_min_mib, err) &&
                       follow_all(writer, err) && look_for_ring(writer, err) &&
                       mend_erasures(writer, err);

    writer->disk_min = (uint64_t)disk_min_mib << 20;
    if (is_ok && open_doors(writer, err)) return writer;
    writer_close(writer);
    return NULL;
}

bool writer_turn(struct writer *writer, struct error *err)
{
    const bool is_ok =
        make_batch(writer, err) && striker_scrub(writer, err) && superseded_turn(writer, err);

    look_around(writer, clock_steady_ms());
    teller_turn(writer->teller, clock_now_ms(), clock_steady_ms());
    return is_ok;
}

bool writer_run(struct running *running, struct error *err)
{
    struct writer *writer = writer_open(running, err);
    bool is_ok = writer != NULL;

    while (is_ok && !atomic_load(&running->is_ending)) {
        is_ok = writer_turn(writer, err);
        if (is_ok) writer_wait(writer);
    }
    if (writer != NULL) writer_close(writer);
    return is_ok;
}
