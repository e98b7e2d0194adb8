/* JSON (RFC 8259) to messages and back, for the edges: what partners and people send and get.
 *
 * Reading checks everything that the schema says and names every faulty field, up to FAULTS_MAX.
 * It is strict: UTF-8 without NUL, no name twice in an object, at most JSON_DEPTH_MAX deep, nothing
 * behind the value. null is no value of anything. A field that we do not know is refused, with the
 * one that may be meant: to who misspells a field that may be left out, nothing else would say so.
 * today tells whose age an identity number in a text could give (core/identity_number.h).
 * Every call allocates only for its own duration; any thread may call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/date.h"
#include "core/instant.h"

struct error;
struct descriptor;

enum { JSON_DEPTH_MAX = 16, JSON_SIZE_MAX = 1 << 20, JSON_TYPE_SIZE = 65 };

/* Fill value from a JSON object. False, ERROR_INVALID: "not_json", saying where it ceases to be
 * JSON, or "invalid", with the faults; value is all zero then. As with unpack, what is not set is
 * zero; a field with FIELD_MADE may be left out, and the caller makes one; one that is
 * FIELD_INTERNAL too has to be. */
bool json_read(const struct descriptor *descriptor, const char *bytes, size_t size,
               struct date today, void *value, struct error *err);

/* The same, but of the outermost object fields that we do not know are passed over: somebody else
 * reads them; and none is made. */
bool json_read_some(const struct descriptor *descriptor, const char *bytes, size_t size,
                    struct date today, void *value, struct error *err);

/* A webhook's body: {"type", "timestamp", "data"}. What else a partner's system says in it, which
 * may serve others of its receivers too, is passed over and counted. */
struct json_hook {
    char type[JSON_TYPE_SIZE]; /* "referral.received" */
    struct instant timestamp;
    const struct descriptor *data; /* what `data` was read by */
    uint32_t strangers;            /* fields in data that we do not know */
};

/* The descriptor of the data of that type, or NULL when it is none of the reader's. */
typedef const struct descriptor *json_pick(void *cookie, const char *type);

/* Read a webhook's body; value has room for whatever pick may name. Faults in `data` are named as
 * if it stood alone, those of the three by their names. */
bool json_read_hook(const char *bytes, size_t size, struct date today, json_pick *pick,
                    void *cookie, void *value, struct json_hook *hook, struct error *err);

/* Write value as a JSON object, without FIELD_INTERNAL; *size says how much room there is, and then
 * how much was used (there is no NUL at the end). False, ERROR_BROKEN: "too_large". */
bool json_write(const struct descriptor *descriptor, const void *value, char *buffer, size_t *size,
                struct error *err);
