/* What each partner has sent us lately, and what came of it: for whoever has to find out why an
 * agency's referrals do not arrive.
 *
 * A file for each partner in gateway/deliveries, named by the partner's id: two rings of
 * DELIVERIES_KEPT slots, mapped into memory while in use. So it survives the gateway, though not
 * always the machine, and anybody of our user can read it while it is written: a slot that does not
 * fit its checksum is just being written and is passed over. Nothing personal stands there: the
 * sender's own id, a time, codes, names of fields.
 *
 * The second ring is for what nobody has proved to come from the partner: whoever knows the
 * partner's id can fill that one, and not push out what the partner itself has sent.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

struct error;

enum {
    DELIVERIES_KEPT = 100,
    DELIVERIES_UNSIGNED = 20, /* of them, where the partner's own would fill the rest */
};

/* One slot, as it lies in the file. */
struct delivery {
    uint32_t check;     /* CRC32C of all behind it */
    uint16_t status;    /* what it was answered with, as in HTTP */
    uint16_t strangers; /* fields of it that we do not know; 65535: or more */
    uint64_t sequence;  /* of this partner's deliveries in both rings, from 1 */
    int64_t at_ms;      /* since 1970 */
    char id[72];        /* the webhook-id, cut; printable ASCII */
    char code[48];      /* "accepted", or why it was refused */
    char fields[112];   /* the faulty ones, with commas between; cut */
};

/* id may be NULL. */
void delivery_set(struct delivery *delivery, int64_t at_ms, unsigned status, const char *id,
                  const char *code);
void delivery_add_field(struct delivery *delivery, const char *field);
void delivery_set_strangers(struct delivery *delivery, uint32_t count);

struct deliveries;

/* directory: where gateway/deliveries is; it is made when it is not there. NULL: it cannot be. */
struct deliveries *deliveries_open(const char *directory, struct error *err);
/* Lives until deliveries_close. */
const char *deliveries_directory(const struct deliveries *deliveries);
void deliveries_close(struct deliveries *deliveries);

/* Keep one; is_signed: it is the partner's for certain. Where that fails (a full disk) it is lost,
 * and the log says so once in a while. */
void deliveries_add(struct deliveries *deliveries, struct id partner, bool is_signed,
                    const struct delivery *delivery);

/* Whether there is a log of that partner's. */
bool deliveries_has(struct deliveries *deliveries, struct id partner);

/* The newest first, from the file: also for other programs. Returns how many. */
size_t deliveries_read(const char *directory, struct id partner,
                       struct delivery found[DELIVERIES_KEPT]);
