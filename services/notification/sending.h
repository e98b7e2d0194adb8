/* One delivery under way, from the queue to the report of what came of it.
 *
 * All of it belongs to the worker's thread. What is personal is there only while it is needed, and
 * is wiped when the sending is free again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "contract/bus.h"
#include "contract/common.h"
#include "delivery/delivery.h"
#include "kept.h"
#include "matter/matter.h"
#include "message/message.h"
#include "outlet/outlet.h"
#include "outside/client.h"
#include "pointing.h"
#include "taken.h"
#include "tenant/tenant.h"
#include "wording.h"

struct faults;
struct mail;
struct peer;
struct reply;
struct sender;
struct worker;

enum { SENDINGS = CLIENT_TRANSFERS }; /* at once */

enum stage {
    STAGE_FREE,
    STAGE_ASKING,   /* the registry has been asked */
    STAGE_JOINING,  /* a mail whose reader may have it: it waits for those that go with it */
    STAGE_SENDING,  /* the client has it */
    STAGE_ENDED,    /* it has to be reported */
    STAGE_REPORTED, /* snapshots may be from before the report: not to be taken up again yet */
};

enum mailbox { MAILBOX_ORGANISATION, MAILBOX_PERSON, MAILBOX_PROGRAMME };

/* Whose mailbox what a reader answers goes to. */
struct answered {
    bool is_there;
    enum mailbox mailbox;
    struct id whose; /* organisation or programme */
};

struct sending {
    struct sender *sender;
    enum stage stage;
    struct message message;
    struct delivery delivery;

    /* a mail: who reads it */
    enum mailbox mailbox;
    bool is_protected;
    bool is_guarded;  /* it is about somebody who is: for who is cleared */
    struct id reader; /* person, organisation or programme */
    enum language language;
    char programme[sizeof(((struct tenant *)0)->name)];
    char code[7];                  /* to sign in with */
    struct answered responsible;   /* who looks after whom it is about */
    struct answered own;           /* the programme */
    struct answered answered;      /* the one of them that it says */
    struct id joint;               /* the delivery with which it was taken up, to go in one mail */
    const struct sending *carrier; /* in whose mail it goes; NULL: its own */
    struct reply_to reply_to;      /* where an answer goes */

    /* a webhook: where it goes */
    struct outlet outlet;
    struct matter matter;

    /* what came of it */
    bool is_delivered;
    struct delivery_report_delivered delivered;
    struct delivery_report_failed failed;
    int64_t version; /* of the delivery, after the report */
};

/* What the two ways of sending share. */
struct sender {
    struct worker *worker;
    struct peer *registry;
    struct client *client;
    struct mail *mail;
    struct kept *secrets; /* of endpoints, each a struct secret_pair */
    struct kept *replies; /* of programmes and organisations, each a struct reply_to */
    struct faults *faults;
    struct taken taken;
    struct pointing pointing;
    int64_t away_until_ms;      /* the registry or the disk is away: nothing is begun before then */
    bool is_away;               /* has been said in the log */
    struct bus_command command; /* being put together */
    struct wording wording;     /* and this */
    struct sending sendings[SENDINGS];
};

/* Begin (mailing.c, hooking.c): everything from the snapshot is filled in. From here a sending ends by
 * itself, sooner or later, in one of the three ways below. */
void mailing_begin(struct sending *sending);
/* All that go in this one's mail are known. */
void mailing_send(struct sending *sending);
void hooking_begin(struct sending *sending);

/* It was tried, and this came of it. */
void sending_end(struct sending *sending, const struct client_outcome *outcome);
void sending_fail(struct sending *sending, enum delivery_result result,
                  enum delivery_reason reason);
/* It was not tried, for a reason that is ours: it stays in its queue as it is. */
void sending_put_off(struct sending *sending, const struct error *err);

/* It was reported, or put off: nothing that is personal stays. */
void sending_free(struct sending *sending);

/* Ask the registry for one record, or to read something; answer gets the sending. */
void sending_query(struct sending *sending, const char *record, struct id key, bool open,
                   void (*answer)(void *sending, const struct reply *reply));
void sending_command(struct sending *sending, struct id key, const struct descriptor *descriptor,
                     const void *body, void (*answer)(void *sending, const struct reply *reply));
