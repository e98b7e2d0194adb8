/* Generated from tram.json: A tram, with a field of every type there is. */
#pragma once

#include <assert.h>
#include <string.h>

#include "contract/messages/tram.h"
#include "contract/messages/driver.h"
#include "core/input.h"

enum tram_input_type {
    TRAM_BUILD,
    TRAM_SEE,
    TRAM_SCRAP,
    TRAM_RUST,
    TRAM_ON_DRIVER_EMPLOYED,
};

enum { TRAM_INPUTS = 5 };

struct tram_input {
    enum tram_input_type type;
    struct head head;
    union {
        struct driver_whose driver_whose;
        struct tram_build tram_build;
        struct tram_see tram_see;
        struct driver_employed driver_employed;
    };
};

enum tram_event_type {
    TRAM_BUILT,
    TRAM_SCRAPPED,
    TRAM_AFTER_DRIVER_EMPLOYED,
};

enum { TRAM_EVENTS = 3 };

struct tram_event {
    enum tram_event_type type;
    struct id id; /* of the aggregate it happened to */
    union {
        struct driver_whose driver_whose;
        struct tram_built tram_built;
        struct driver_employed driver_employed;
    };
};

struct tram_events {
    size_t count;
    struct tram_event at[EVENTS_MAX];
    union {
        struct tram_build_answer tram_build_answer;
    };
};

/* Say one more event, with a body of zeroes to be filled in. */
static inline struct tram_event *tram_emit(struct tram_events *events,
    enum tram_event_type type, struct id id)
{
    assert(events->count < EVENTS_MAX);
    memset(&events->at[events->count], 0, sizeof events->at[0]);
    events->at[events->count].type = type;
    events->at[events->count].id = id;
    return &events->at[events->count++];
}

/* Each as one case of a switch: all commands; all that is heard of one. */
#define TRAM_COMMAND \
    TRAM_BUILD: \
    case TRAM_SEE: \
    case TRAM_SCRAP: \
    case TRAM_RUST
#define TRAM_ON_DRIVER \
    TRAM_ON_DRIVER_EMPLOYED
#define TRAM_AFTER_DRIVER \
    TRAM_AFTER_DRIVER_EMPLOYED

/* A command, and not what happened elsewhere. */
static inline bool tram_is_command(enum tram_input_type type)
{
    return type < 4;
}

extern const struct refusal tram_too_old;
extern const struct refusal tram_no_number;
extern const struct refusal tram_not_theirs;
extern const struct contract tram_contract;
