/* What the tests of the registry's domain share: names for things, and a look for what is personal. */
#pragma once

#include <string.h>

#include "test.h"

#include "core/error.h"
#include "core/input.h"
#include "fold/aggregate.h"

static const struct id work = {"the programme"}, elsewhere = {"another"}, somebody = {"somebody"},
                       fresh = {"fresh"}, fresh_person = {"fresh person"}, sealing = {"sealing"};

#define DAY_MS INT64_C(86400000)

/* 2026-11-22T10:00:00Z */
static const struct instant now = {INT64_C(1795341600000)};

/* When the day that is so many days after today is over, where programmes are: in winter. */
static inline int64_t end_of(int64_t days)
{
    return (now.ms / DAY_MS + days + 1) * DAY_MS - 3600000;
}

/* An actor of the programme, who has seen what there is. */
static inline struct head head_of(enum role role, struct id id, int64_t version)
{
    return (struct head){
        .at = now,
        .actor = {role, somebody, {{0}}},
        .is_cleared = true,
        .programme = work,
        .id = id,
        .version = version,
        .ids = {fresh, fresh_person, [FRESH_IDS - 1] = sealing},
        .has_sealed = true,
        .new_mailbox = true,
        .sealed = {.event = sealing, .key = {"key"}, .holds = 3},
    };
}

/* Whether the bytes of a text stand anywhere in a value. */
static inline bool is_in(const void *value, size_t size, const char *text)
{
    const size_t length = strlen(text);

    for (size_t i = 0; i + length <= size; i++)
        if (memcmp((const char *)value + i, text, length) == 0) return true;
    return false;
}
