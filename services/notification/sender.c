/* Sending, as a loop: what is due is read from a snapshot, at most SENDINGS at once and LANE_MAX for
 * one endpoint; the registry and the client answer when they can; what came of it all is reported
 * in one go. A delivery is not taken up again before a snapshot shows its report. */
#include "sender.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/settings.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "core/ending.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/reach.h"
#include "correcting.h"
#include "faults.h"
#include "joining.h"
#include "outside/mail.h"
#include "progress/progress.h"
#include "recipient/recipient.h"
#include "sending.h"
#include "service/service.h"
#include "store/store.h"
#include "store/table.h"
#include "tenant/tenant.h"
#include "withdrawing.h"

enum {
    KIND_MAX = 48,      /* of them mails, and as many webhooks: neither can keep out the other */
    CODES_ROOM = 8,     /* nor both of them who waits for a code to sign in */
    LANE_MAX = 4,       /* of them to one endpoint */
    TOGETHER_MS = 1000, /* what is due so soon behind something goes with it, the first time */
    SCAN_MS = 20,       /* from one look at the queues to the next */
    TENANTS_MS = 1000,  /* from one look at the programmes to the next */
    IDLE_MS = 250,      /* when nothing is under way */
    PURGE_MS = 1000,    /* from one look at the folder of mails to the next */
    UNHEARD_MS = 60000, /* mails wait for what others have to tell, and no longer */
};

static const char folder[] = "mail"; /* of a demonstration's */

METRICS_COUNTER(delivered, "fadder_deliveries_delivered_total", "Mails and webhooks delivered.")
METRICS_COUNTER(failed, "fadder_deliveries_failed_total", "Attempts to deliver that were in vain.")
METRICS_GAUGE(mute, "fadder_programmes_unreached",
              "Programmes whose coordinators can be told nothing.")
METRICS_GAUGE(uncleared, "fadder_programmes_uncleared",
              "Programmes with somebody under protection for whom nobody is cleared.")
METRICS_GAUGE(under_way, "fadder_deliveries_under_way", "Mails and webhooks being sent.")

/* How many mails may go now: `rate` in a second, and no more than a tenth of them at once. */
struct allowance {
    int64_t rate, thousandths, at_ms;
};

struct loop {
    struct sender sender;
    struct allowance mails;
    int64_t scan_ms;    /* when to look at the queues again */
    int64_t tenants_ms; /* when at the programmes */
    bool has_way;       /* for mails: to a server, or into the folder */
    int64_t unheard_ms; /* since when others may have more to tell; 0: they have not */
    bool
        has_heard; /* what the snapshot has is what they have told, or was waited for long enough */
    int64_t purge_ms;     /* when that is looked through again */
    struct ids mute;      /* programmes that have no mailbox, as was said in the log */
    struct ids uncleared; /* and where nobody is cleared for who is under protection */
    struct id after;      /* the endpoint that was served last */
};

/* The queues. */

static size_t count_lane(const struct loop *loop, struct id lane)
{
    size_t count = 0;

    for (size_t i = 0; i < SENDINGS; i++)
        count += loop->sender.sendings[i].stage != STAGE_FREE &&
                 id_equal(loop->sender.sendings[i].delivery.lane, lane);
    return count;
}

static const struct id mails; /* their lane */

static size_t count_hooks(const struct loop *loop)
{
    size_t count = 0;

    for (size_t i = 0; i < SENDINGS; i++)
        count += loop->sender.sendings[i].stage != STAGE_FREE &&
                 loop->sender.sendings[i].delivery.channel == MESSAGE_CHANNEL_WEBHOOK;
    return count;
}

static struct sending *find_free(struct loop *loop, struct id lane)
{
    const size_t least = id_equal(lane, delivery_codes) ? 1 : 1 + CODES_ROOM;
    struct sending *found = NULL;
    size_t count = 0;

    for (size_t i = 0; i < SENDINGS; i++) {
        if (loop->sender.sendings[i].stage != STAGE_FREE) continue;
        found = &loop->sender.sendings[i];
        count++;
    }
    return count >= least ? found : NULL;
}

static bool is_under_way(const struct loop *loop, struct id delivery)
{
    for (size_t i = 0; i < SENDINGS; i++)
        if (loop->sender.sendings[i].stage != STAGE_FREE &&
            id_equal(loop->sender.sendings[i].delivery.id, delivery))
            return true;
    return false;
}

/* The association that owns the programme has the programme's own. */
static bool has_own_mailbox(const struct tenant *tenant, const struct matter *matter)
{
    return matter->has_responsible &&
           !(tenant->has_owner && id_equal(tenant->owner, matter->responsible));
}

/* Who may be answered to. */
static void find_answered(const struct tenant *tenant, struct sending *sending)
{
    const enum tenant_mailbox mailbox = tenant_mailbox_for(tenant, sending->delivery.id);
    const bool is_own = mailbox == TENANT_MAILBOX_OWN;

    sending->own = (struct answered){mailbox != TENANT_MAILBOX_NONE,
                                     is_own ? MAILBOX_PROGRAMME : MAILBOX_ORGANISATION,
                                     is_own ? tenant->id : tenant->owner};
    if (has_own_mailbox(tenant, &sending->matter))
        sending->responsible =
            (struct answered){true, MAILBOX_ORGANISATION, sending->matter.responsible};
}

/* They read what is answered; false: they are nowhere to be reached yet. */
static bool find_coordinators(const struct tenant *tenant, struct sending *sending)
{
    sending->mailbox = sending->own.mailbox;
    sending->reader = sending->own.whose;
    sending->language = tenant->language; /* an organisation says its own */
    return sending->own.is_there;
}

/* Whose mailbox or mail it is; false: that is not known. */
static bool find_reader(struct txn *txn, struct sending *sending, bool *is_known, struct error *err)
{
    const struct message *message = &sending->message;
    struct tenant tenant;

    if (!table_get(txn, &tenants, message->programme, &tenant, err)) return false;
    if (message->has_referral &&
        !table_get(txn, &matters, message->referral, &sending->matter, err))
        return false;
    memcpy(sending->programme, tenant.name, sizeof sending->programme);
    find_answered(&tenant, sending);
    sending->reader = message->to;
    *is_known = true;
    switch (message->audience) {
    case MESSAGE_AUDIENCE_COORDINATOR: *is_known = find_coordinators(&tenant, sending); return true;
    case MESSAGE_AUDIENCE_AGENCY:
        *is_known = sending->matter.has_organisation;
        sending->reader = sending->matter.organisation;
        return true;
    case MESSAGE_AUDIENCE_PARTICIPANT:
    case MESSAGE_AUDIENCE_MENTOR:
    case MESSAGE_AUDIENCE_PERSON:
    case MESSAGE_AUDIENCE_ASKER:
    case MESSAGE_AUDIENCE_CLEARED:
    case MESSAGE_AUDIENCE_SUPERVISOR: sending->mailbox = MAILBOX_PERSON; return true;
    case MESSAGE_AUDIENCE_CLUB:
    case MESSAGE_AUDIENCE_HOST: return true;
    case MESSAGE_AUDIENCE_PARTNER:
        return table_get(txn, &outlets, message->to, &sending->outlet, err);
    }
    bug("sender: audience %u", message->audience);
}

/* Take one up, from the snapshot. */
static bool take_up(struct txn *txn, struct sending *sending, const struct delivery *delivery,
                    struct id joint, struct error *err)
{
    struct progress progress;
    bool is_known, is_taken_back, is_unheard;

    sending->delivery = *delivery;
    sending->joint = joint;
    if (!table_get(txn, &messages, delivery->id, &sending->message, err) ||
        !table_get(txn, &progresses, sending->message.about, &progress, err) ||
        !find_reader(txn, sending, &is_known, err) ||
        !correcting_is_taken_back(txn, &sending->message, &is_taken_back, err) ||
        !correcting_is_unheard(txn, &sending->message, &is_unheard, err)) {
        sending_free(sending);
        return false;
    }
    if (is_taken_back)
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_TAKEN_BACK);
    else if (is_unheard)
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_NOT_HEARD);
    else if (message_is_overtaken(&sending->message, &progress))
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_OVERTAKEN);
    else if (!is_known) /* programme and referral may still be on their way to us */
        sending_fail(sending, DELIVERY_RESULT_LATER, DELIVERY_REASON_NO_READER);
    else if (message_has_lapsed(&sending->message,
                                (struct instant){worker_now(sending->sender->worker)}))
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_TOO_LATE);
    else if (sending->message.channel == MESSAGE_CHANNEL_WEBHOOK)
        hooking_begin(sending);
    else
        mailing_begin(sending);
    return true;
}

/* False in *has_ended: of what told of the step that it corrects, something is on its way, or ends now. Before that it is not
 * known whether the reader has heard of the step. */
static bool end_told(struct loop *loop, struct txn *txn, struct id correction, bool *has_ended,
                     struct error *err)
{
    struct message message;
    struct delivery delivery;
    struct ids told;

    *has_ended = true;
    if (!table_get(txn, &messages, correction, &message, err) ||
        !correcting_find_told(txn, &message, &told, err))
        return false;
    for (uint32_t i = 0; i < told.count; i++) {
        struct sending *sending = find_free(loop, mails);

        if (!table_get(txn, &deliveries, told.at[i], &delivery, err)) return false;
        if (delivery.state != DELIVERY_STATE_QUEUED) continue;
        *has_ended = false;
        if (sending == NULL || is_under_way(loop, told.at[i])) continue;
        if (!take_up(txn, sending, &delivery, delivery.id, err)) return false;
    }
    return true;
}

/* Mails leave room for webhooks, also where many of them are one. */
static bool has_room_for_mail(const struct loop *loop)
{
    return count_lane(loop, mails) < KIND_MAX;
}

/* What went in one mail failed with it and is due with it again. What went in another stays there: its server may have taken
 * it, and a second copy is told by its Message-ID. */
static bool is_due_with(const struct delivery *first, const struct delivery *delivery)
{
    const int64_t behind_ms = delivery->due.ms - first->due.ms;

    if (delivery->attempts != first->attempts) return false;
    if (first->attempts == 0) return behind_ms <= TOGETHER_MS;
    return behind_ms == 0 && first->has_joint && id_equal(delivery->joint, first->joint);
}

/* Whether this goes in the mail of the first, which says `one`. */
static bool is_fellow(struct txn *txn, const struct delivery *first, const struct message *one,
                      struct id id, struct delivery *delivery, bool *is, struct error *err)
{
    struct message other;

    if (!table_get(txn, &deliveries, id, delivery, err) ||
        !table_get(txn, &messages, id, &other, err))
        return false;
    *is = message_may_join(one, &other) && is_due_with(first, delivery);
    return true;
}

/* What goes in the mail of one that was taken up. */
static bool take_fellows(struct loop *loop, struct txn *txn, const struct delivery *first,
                         struct error *err)
{
    struct ids found = {0};
    struct message message;
    struct delivery delivery;
    size_t count = 1;

    if (first->channel != MESSAGE_CHANNEL_EMAIL) return true;
    if (!table_get(txn, &messages, first->id, &message, err) ||
        !delivery_find_to_go(txn, first->to, &found, err))
        return false;
    for (uint32_t i = 0; i < found.count && count < WORDING_PARTS; i++) {
        struct sending *sending;
        bool is, has_ended;

        if (is_under_way(loop, found.at[i])) continue;
        if (!is_fellow(txn, first, &message, found.at[i], &delivery, &is, err)) return false;
        if (!is) continue;
        if (!end_told(loop, txn, delivery.id, &has_ended, err)) return false;
        sending = has_ended && has_room_for_mail(loop) ? find_free(loop, mails) : NULL;
        if (sending == NULL) continue;
        if (!take_up(txn, sending, &delivery, first->id, err)) return false;
        count++;
    }
    return true;
}

/* Up to `most` that are due in a lane. */
static bool scan_lane(struct loop *loop, struct txn *txn, struct id lane, size_t most,
                      size_t *taken, struct error *err)
{
    const int64_t now_ms = worker_now(loop->sender.worker);
    const size_t look = most + count_lane(loop, lane);
    struct ids found = {0};
    struct delivery delivery;

    *taken = 0;
    if (!delivery_find_due(txn, lane, look < IDS_MAX ? (uint32_t)look : IDS_MAX, &found, err))
        return false;
    for (uint32_t i = 0; i < found.count && *taken < most; i++) {
        struct sending *sending;
        bool has_ended;

        if (is_under_way(loop, found.at[i])) continue;
        if (!table_get(txn, &deliveries, found.at[i], &delivery, err)) return false;
        if (delivery.due.ms > now_ms) return true;
        if (id_equal(lane, mails) && !has_room_for_mail(loop)) return true;
        if (!end_told(loop, txn, delivery.id, &has_ended, err)) return false;
        if (!has_ended) continue;
        sending = find_free(loop, lane);
        if (sending == NULL) return true;
        if (!take_up(txn, sending, &delivery, delivery.id, err) ||
            !take_fellows(loop, txn, &delivery, err))
            return false;
        ++*taken;
    }
    return true;
}

static size_t allowed(struct allowance *allowance, int64_t now_ms)
{
    const int64_t most = allowance->rate * 100 > 1000 ? allowance->rate * 100 : 1000;

    allowance->thousandths += (now_ms - allowance->at_ms) * allowance->rate;
    if (allowance->thousandths > most) allowance->thousandths = most;
    allowance->at_ms = now_ms;
    return (size_t)(allowance->thousandths / 1000);
}

/* After an outage what was answered meanwhile, or taken back, is heard of before anybody is mailed about it. */
static bool has_heard(struct loop *loop)
{
    const int64_t now_ms = clock_steady_ms();

    if (worker_has_heard(loop->sender.worker))
        loop->unheard_ms = 0;
    else if (loop->unheard_ms == 0)
        loop->unheard_ms = now_ms;
    return loop->unheard_ms == 0 || now_ms - loop->unheard_ms >= UNHEARD_MS;
}

static bool scan_mails(struct loop *loop, struct txn *txn, struct error *err)
{
    const size_t most = allowed(&loop->mails, clock_steady_ms());
    size_t codes = 0, taken = 0;

    if (most == 0 || !loop->has_way) return true;
    if (!scan_lane(loop, txn, delivery_codes, most, &codes, err)) return false;
    if (codes < most && loop->has_heard && !scan_lane(loop, txn, mails, most - codes, &taken, err))
        return false;
    loop->mails.thousandths -= (int64_t)(codes + taken) * 1000;
    return true;
}

struct outlet_scan {
    struct loop *loop;
    struct txn *txn;
    struct error *err;
    bool is_broken;
};

static bool has_room(struct loop *loop)
{
    return count_hooks(loop) < KIND_MAX && find_free(loop, loop->after) != NULL;
}

static bool scan_outlet(void *cookie, struct id id, const void *row)
{
    struct outlet_scan *scan = cookie;
    const size_t have = count_lane(scan->loop, id);
    size_t taken;

    if (!has_room(scan->loop)) return false;
    scan->loop->after = id;
    if (outlet_may_return(row, (struct instant){worker_now(scan->loop->sender.worker)}))
        return true;
    if (have < LANE_MAX &&
        !scan_lane(scan->loop, scan->txn, id, LANE_MAX - have, &taken, scan->err))
        scan->is_broken = true;
    return !scan->is_broken;
}

/* Every endpoint in turn, from behind the one at which there was no room any more last time. */
static bool scan_outlets(struct loop *loop, struct txn *txn, struct error *err)
{
    const struct id after = loop->after;
    struct outlet_scan scan = {loop, txn, err, false};

    if (!table_scan(txn, &outlets, &after, scan_outlet, &scan, err) || scan.is_broken) return false;
    if (!has_room(loop)) return true;
    loop->after = (struct id){{0}};
    return id_equal(after, loop->after) ||
           (table_scan(txn, &outlets, NULL, scan_outlet, &scan, err) && !scan.is_broken);
}

/* What has been reported may be taken up again once it is to be seen. */
static bool release(struct loop *loop, struct txn *txn, struct error *err)
{
    struct delivery delivery;

    for (size_t i = 0; i < SENDINGS; i++) {
        struct sending *sending = &loop->sender.sendings[i];

        if (sending->stage != STAGE_REPORTED) continue;
        if (!table_get(txn, &deliveries, sending->delivery.id, &delivery, err)) return false;
        if (delivery.version >= sending->version) sending_free(sending);
    }
    return true;
}

/* Programmes whose coordinators can be told nothing, as there is no mailbox or it takes nothing: each is
 * said once in the log. */

static bool is_said(const struct ids *said, struct id programme)
{
    for (uint32_t i = 0; i < said->count; i++)
        if (id_equal(said->at[i], programme)) return true;
    return false;
}

static void say_programme(const char *what, struct id programme)
{
    char id[ID_TEXT_SIZE];

    id_write(programme, id);
    log_error(what, "programme=%s", id);
}

/* Once, until it is over. */
static void say_once(const char *what, const struct ids *said, struct id programme,
                     struct ids *found)
{
    if (!is_said(said, programme)) say_programme(what, programme);
    if (found->count < IDS_MAX) found->at[found->count++] = programme;
}

struct mute_scan {
    struct txn *txn;
    struct error *err;
    const struct ids *said, *said_uncleared;
    struct ids found, uncleared;
    int64_t count, uncleared_count;
};

static bool look_at_tenant(void *cookie, struct id id, const void *row)
{
    struct mute_scan *scan = cookie;
    const struct tenant *tenant = row;
    struct recipient recipient;

    scan->uncleared_count += tenant->uncleared;
    if (tenant->uncleared)
        say_once("programme_uncleared", scan->said_uncleared, id, &scan->uncleared);
    if (!table_get(scan->txn, &recipients, id, &recipient, scan->err)) return false;
    if (!tenant_is_mute(tenant) && recipient.state != RECIPIENT_STATE_LOST) return true;
    scan->count++;
    say_once("programme_unreached", scan->said, id, &scan->found);
    return true;
}

static bool look_at_tenants(struct loop *loop, struct txn *txn, struct error *err)
{
    struct mute_scan scan = {
        .txn = txn, .err = err, .said = &loop->mute, .said_uncleared = &loop->uncleared};

    if (clock_steady_ms() < loop->tenants_ms) return true;
    loop->tenants_ms = clock_steady_ms() + TENANTS_MS;
    if (!table_scan(txn, &tenants, NULL, look_at_tenant, &scan, err)) return false;
    loop->mute = scan.found;
    loop->uncleared = scan.uncleared;
    metrics_set(&mute, scan.count);
    metrics_set(&uncleared, scan.uncleared_count);
    return true;
}

static void scan(struct loop *loop)
{
    struct error err;
    struct txn *txn;
    bool is_ok;

    loop->has_heard = has_heard(loop); /* by then, and so in the snapshot */
    txn = worker_read(loop->sender.worker, &err);
    is_ok = txn != NULL && release(loop, txn, &err) && look_at_tenants(loop, txn, &err);

    if (is_ok && clock_steady_ms() >= loop->sender.away_until_ms)
        is_ok = scan_mails(loop, txn, &err) && scan_outlets(loop, txn, &err);
    txn_abort(txn);
    if (!is_ok) log_failure(LOG_ERROR, "scan", &err);
}

/* Reports. */

static void on_reported(void *cookie, const struct bus_accepted *accepted, const struct error *err)
{
    struct sending *sending = cookie;

    if (err == NULL) {
        sending->stage = STAGE_REPORTED;
        sending->version = accepted->version;
        if (!sending->delivery.test) metrics_count(sending->is_delivered ? &delivered : &failed, 1);
        return;
    }
    if (err->kind == ERROR_BUSY) return; /* it is reported again, and not sent again */
    /* A conflict: it was given up meanwhile, as its reader is erased. */
    log_failure(err->kind == ERROR_CONFLICT ? LOG_INFO : LOG_ERROR, "not_reported", err);
    sending_free(sending);
}

static void report_one(struct loop *loop, struct sending *sending)
{
    const struct about about = {sending->delivery.id, sending->delivery.version, {{0}}, COUNTRY_SE};
    const struct descriptor *command = sending->is_delivered ? &delivery_report_delivered_descriptor
                                                             : &delivery_report_failed_descriptor;

    sending->failed.has_joint = sending->delivery.channel == MESSAGE_CHANNEL_EMAIL;
    sending->failed.joint = sending->joint;
    worker_say(loop->sender.worker, command,
               sending->is_delivered ? (const void *)&sending->delivered
                                     : (const void *)&sending->failed,
               &about, on_reported, sending);
}

/* False: the service ends. */
static bool report(struct loop *loop)
{
    size_t count = 0, busy = 0;

    for (size_t i = 0; i < SENDINGS; i++) {
        busy += loop->sender.sendings[i].stage != STAGE_FREE;
        if (loop->sender.sendings[i].stage != STAGE_ENDED) continue;
        report_one(loop, &loop->sender.sendings[i]);
        count++;
    }
    metrics_set(&under_way, (int64_t)busy);
    return count == 0 || worker_commit(loop->sender.worker);
}

/* The loop. */

static bool is_idle(const struct loop *loop)
{
    for (size_t i = 0; i < SENDINGS; i++)
        if (loop->sender.sendings[i].stage != STAGE_FREE) return false;
    return loop->mails.thousandths >= 1000;
}

/* Wait for an answer, or until it is time to look at the queues again. The bell of the state is only
 * heard then: under load it rings all the time. False: the service ends. */
static bool wait(struct loop *loop, bool *is_time)
{
    const int64_t left_ms = loop->scan_ms - clock_steady_ms();
    struct bell *const bells[] = {client_bell(loop->sender.client),
                                  worker_bell(loop->sender.worker)};
    struct socket *sockets[PEER_DOORS];
    bool ready[PEER_DOORS + 2];

    *is_time = left_ms <= 0;
    peer_sockets(loop->sender.registry, sockets);
    if (!*is_time) {
        bus_wait(sockets, PEER_DOORS, bells, 1, left_ms, ready);
        return true;
    }
    bus_wait(sockets, PEER_DOORS, bells, 2, is_idle(loop) ? IDLE_MS : SCAN_MS, ready);
    return worker_wait(loop->sender.worker, 0);
}

/* Mails of which it is known who goes in them. */
static void send_joined(struct loop *loop)
{
    for (size_t i = 0; i < SENDINGS; i++) {
        struct sending *sending = &loop->sender.sendings[i];

        if (sending->stage != STAGE_JOINING || !joining_is_found_out(sending)) continue;
        joining_carry(sending);
        mailing_send(sending);
    }
}

/* Also what an earlier start has left there, that had another setting. */
static void purge(struct loop *loop)
{
    struct error err;
    struct txn *txn;

    if (clock_steady_ms() < loop->purge_ms) return;
    loop->purge_ms = clock_steady_ms() + PURGE_MS;
    if ((txn = worker_read(loop->sender.worker, &err)) == NULL)
        log_failure(LOG_ERROR, "purge", &err);
    else
        mail_purge(worker_files(loop->sender.worker), folder, clock_now_ms(), withdrawing_is_due,
                   txn);
    txn_abort(txn);
}

static void run(struct loop *loop)
{
    bool is_time;

    while (wait(loop, &is_time)) {
        if (peer_turn(loop->sender.registry, clock_steady_ms()) > 0) loop->sender.is_away = false;
        client_turn(loop->sender.client);
        send_joined(loop);
        joining_settle(&loop->sender);
        if (!report(loop)) return;
        if (is_time) {
            scan(loop);
            purge(loop);
            loop->scan_ms = clock_steady_ms() + SCAN_MS;
        }
        peer_flush(loop->sender.registry);
    }
}

static bool read_settings(struct loop *loop, struct error *err)
{
    struct reach_networks allowed;
    static const char *const words[] = {"no", "yes", NULL};
    enum { YES = 1 };
    char smtp[300], from[400];
    unsigned has_files;
    bool has_server;
    const bool is_read = settings_networks(setting_of("FADDER_WEBHOOK_ALLOW"), &allowed, err) &&
                         settings_text(setting_of("FADDER_SMTP"), smtp, sizeof smtp, err) &&
                         settings_text(setting_of("FADDER_MAIL_FROM"), from, sizeof from, err) &&
                         settings_word(setting_of("FADDER_MAIL_FILES"), words, &has_files, err) &&
                         settings_integer(setting_of("FADDER_MAIL_RATE"), &loop->mails.rate, err);

    if (!is_read || !pointing_open(&loop->sender.pointing, err)) return false;
    has_server = smtp[0] != 0;
    loop->has_way = has_server || has_files == YES;
    if (!loop->has_way) faults_no_server(loop->sender.faults);
    loop->sender.client = client_open(&allowed, has_server ? smtp : NULL, err);
    crypto_wipe(smtp, sizeof smtp); /* there may be a password in it */
    if (loop->sender.client == NULL) return false;
    loop->sender.mail = mail_open(loop->sender.client, worker_files(loop->sender.worker),
                                  has_server || !loop->has_way ? NULL : folder, from, err);
    return loop->sender.mail != NULL;
}

void sender_work(struct worker *worker)
{
    struct loop *loop = calloc(1, sizeof *loop);
    struct error err;

    if (loop == NULL) bug("sender: out of memory");
    loop->sender.worker = worker;
    loop->sender.secrets = kept_create(sizeof(struct secret_pair));
    loop->sender.replies = kept_create(sizeof(struct reply_to));
    loop->sender.faults = faults_create();
    loop->sender.registry = peer_open(worker_bus(worker), "registry", "notification.sender", &err);
    loop->mails.at_ms = clock_steady_ms();
    for (size_t i = 0; i < SENDINGS; i++)
        loop->sender.sendings[i].sender = &loop->sender;

    if (loop->sender.registry == NULL || !read_settings(loop, &err)) {
        log_failure(LOG_ERROR, "cannot_send", &err); /* settings are the operator's to mend */
        ending(ENDING_FAILED);
    }
    run(loop);

    client_close(loop->sender.client);
    mail_close(loop->sender.mail);
    peer_close(loop->sender.registry);
    kept_destroy(loop->sender.secrets);
    kept_destroy(loop->sender.replies);
    faults_destroy(loop->sender.faults);
    crypto_wipe(loop, sizeof *loop);
    free(loop);
}
