/* Generated from tram.json: A tram, with a field of every type there is. */
#pragma once

#include <stddef.h>

#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/id.h"
#include "core/instant.h"
#include "contract/common.h"
#include "contract/messages/driver.h"

/* Where a tram stands. */
enum tram_state {
    TRAM_STATE_NONE,
    TRAM_STATE_BUILT,
    TRAM_STATE_SCRAPPED,
};

extern const char *const tram_state_words[4]; /* and what any other is */

/* What opens it. */
struct tram_key {
    uint32_t size;
    uint8_t at[8];
};

/* Who built it. */
struct tram_makers {
    uint32_t count;
    char at[3][4 * 10 + 1];
};
extern const struct field tram_makers_item;

/* Doors. */
struct tram_doors {
    uint32_t count;
    int64_t at[2];
};
extern const struct field tram_doors_item;

/* Where it stops. */
struct tram_stop {
    char name[4 * 10 + 1];
    bool has_doors;
    struct tram_doors doors;
};
extern const struct descriptor tram_stop_descriptor;

/* Where it stops, in order. */
struct tram_stops {
    uint32_t count;
    struct tram_stop at[4];
};
extern const struct field tram_stops_item;

/* tram.build: Have it built. */
struct tram_build {
    int64_t number;
};
extern const struct descriptor tram_build_descriptor;

/* tram.see: Somebody saw it somewhere. */
struct tram_see {
    struct tram_stop stop;
    bool has_by;
    struct id by;
};
extern const struct descriptor tram_see_descriptor;

/* tram.scrap: Have it scrapped. */
extern const struct descriptor tram_scrap_descriptor;

/* tram.rust: Deadlines say this. */
extern const struct descriptor tram_rust_descriptor;

/* tram.build.answer: How long it takes. */
struct tram_build_answer {
    struct date ready;
};
extern const struct descriptor tram_build_answer_descriptor;

/* tram.built: It was built. */
struct tram_built {
    int64_t number;
    bool has_licence;
    struct driver_licence licence;
};
extern const struct descriptor tram_built_descriptor;

/* tram.scrapped: It is no more. */
extern const struct descriptor tram_scrapped_descriptor;

/* tram: A tram as it stands now. */
struct tram {
    struct id id;
    enum tram_state state;
    int64_t number;
    struct date built;
    struct instant seen;
    bool is_open;
    bool has_name;
    char name[4 * 10 + 1];
    char plate[4 * 8 + 1];
    bool has_remark;
    char remark[4 * 40 + 1];
    struct tram_key key;
    struct tram_makers makers;
    struct tram_stops stops;
    struct tram_stop first;
    bool has_owner;
    struct id owner;
    bool has_since;
    struct partial_date since;
    bool has_secret;
    int64_t secret;
};
extern const struct descriptor tram_descriptor;

/* tram.seat: A seat of a tram. */
struct tram_seat {
    int64_t number;
};
extern const struct descriptor tram_seat_descriptor;

extern const struct record tram_records[2];
