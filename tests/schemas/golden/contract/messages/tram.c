/* Generated from tram.json. */
#include "contract/messages/tram.h"

const char *const tram_state_words[] = {"none", "built", "scrapped",
    "none of these: none, built, scrapped"};

const struct field tram_makers_item = {.name = "", .type = FIELD_TEXT, .present = NO_FLAG, .min = 1, .max = 10};

const struct field tram_doors_item = {.name = "", .type = FIELD_INT, .present = NO_FLAG, .min = 1, .max = 9};

static const struct field tram_stop_fields[] = {
    {.name = "name", .type = FIELD_TEXT,
     .offset = offsetof(struct tram_stop, name),
     .present = NO_FLAG,
     .min = 1,
     .max = 10},
    {.name = "doors", .type = FIELD_LIST,
     .offset = offsetof(struct tram_stop, doors),
     .present = offsetof(struct tram_stop, has_doors),
     .min = 1,
     .max = 2,
     .item = &tram_doors_item,
     .stride = sizeof(((struct tram_doors *)0)->at[0]),
     .first = offsetof(struct tram_doors, at)},
};
const struct descriptor tram_stop_descriptor = {"tram.stop", sizeof(struct tram_stop), 2, tram_stop_fields, NULL};

const struct field tram_stops_item = {.name = "", .type = FIELD_OBJECT, .present = NO_FLAG, .object = &tram_stop_descriptor};

static const struct field tram_build_fields[] = {
    {.name = "number", .type = FIELD_INT,
     .offset = offsetof(struct tram_build, number),
     .present = NO_FLAG,
     .min = -5,
     .max = 2000},
};
const struct descriptor tram_build_descriptor = {"tram.build", sizeof(struct tram_build), 1, tram_build_fields, NULL};

static const struct field tram_see_fields[] = {
    {.name = "stop", .type = FIELD_OBJECT,
     .offset = offsetof(struct tram_see, stop),
     .present = NO_FLAG,
     .flags = FIELD_PLACE,
     .object = &tram_stop_descriptor},
    {.name = "by", .type = FIELD_ID,
     .offset = offsetof(struct tram_see, by),
     .present = offsetof(struct tram_see, has_by),
     .of = {"tram", "driver"}},
};
const struct descriptor tram_see_descriptor = {"tram.see", sizeof(struct tram_see), 2, tram_see_fields, NULL};

const struct descriptor tram_scrap_descriptor = {"tram.scrap", 0, 0, 0, NULL};

const struct descriptor tram_rust_descriptor = {"tram.rust", 0, 0, 0, NULL};

static const struct field tram_build_answer_fields[] = {
    {.name = "ready", .type = FIELD_DATE,
     .offset = offsetof(struct tram_build_answer, ready),
     .present = NO_FLAG,
     .min = -719162,
     .max = 2932896},
};
const struct descriptor tram_build_answer_descriptor = {"tram.build.answer", sizeof(struct tram_build_answer), 1, tram_build_answer_fields, NULL};

static const struct field tram_built_fields[] = {
    {.name = "number", .type = FIELD_INT,
     .offset = offsetof(struct tram_built, number),
     .present = NO_FLAG,
     .min = -5,
     .max = 2000},
    {.name = "licence", .type = FIELD_OBJECT,
     .offset = offsetof(struct tram_built, licence),
     .present = offsetof(struct tram_built, has_licence),
     .object = &driver_licence_descriptor},
};
const struct descriptor tram_built_descriptor = {"tram.built", sizeof(struct tram_built), 2, tram_built_fields, NULL};

const struct descriptor tram_scrapped_descriptor = {"tram.scrapped", 0, 0, 0, NULL};

static const struct field tram_fields[] = {
    {.name = "id", .type = FIELD_ID,
     .offset = offsetof(struct tram, id),
     .present = NO_FLAG},
    {.name = "state", .type = FIELD_WORD,
     .offset = offsetof(struct tram, state),
     .present = NO_FLAG,
     .max = 3,
     .words = tram_state_words},
    {.name = "number", .type = FIELD_INT,
     .offset = offsetof(struct tram, number),
     .present = NO_FLAG,
     .min = -5,
     .max = 2000},
    {.name = "built", .type = FIELD_DATE,
     .offset = offsetof(struct tram, built),
     .present = NO_FLAG,
     .min = -719162,
     .max = 2932896},
    {.name = "seen", .type = FIELD_INSTANT,
     .offset = offsetof(struct tram, seen),
     .present = NO_FLAG,
     .max = INT64_C(253402300799999)},
    {.name = "is_open", .type = FIELD_BOOL,
     .offset = offsetof(struct tram, is_open),
     .present = NO_FLAG},
    {.name = "name", .type = FIELD_TEXT,
     .offset = offsetof(struct tram, name),
     .present = offsetof(struct tram, has_name),
     .min = 1,
     .max = 10},
    {.name = "plate", .type = FIELD_TEXT,
     .offset = offsetof(struct tram, plate),
     .present = NO_FLAG,
     .min = 6,
     .max = 8,
     .pattern = "^[A-Z]{3}-[0-9]{2,4}$",
     .looks = "not three capitals, a hyphen, two to four digits, such as ABC-123"},
    {.name = "remark", .type = FIELD_TEXT,
     .offset = offsetof(struct tram, remark),
     .present = offsetof(struct tram, has_remark),
     .flags = FIELD_FREE_TEXT,
     .max = 40},
    {.name = "key", .type = FIELD_BYTES,
     .offset = offsetof(struct tram, key),
     .present = NO_FLAG,
     .max = 8,
     .first = offsetof(struct tram_key, at)},
    {.name = "makers", .type = FIELD_LIST,
     .offset = offsetof(struct tram, makers),
     .present = NO_FLAG,
     .max = 3,
     .item = &tram_makers_item,
     .stride = sizeof(((struct tram_makers *)0)->at[0]),
     .first = offsetof(struct tram_makers, at)},
    {.name = "stops", .type = FIELD_LIST,
     .offset = offsetof(struct tram, stops),
     .present = NO_FLAG,
     .max = 4,
     .item = &tram_stops_item,
     .stride = sizeof(((struct tram_stops *)0)->at[0]),
     .first = offsetof(struct tram_stops, at)},
    {.name = "first", .type = FIELD_OBJECT,
     .offset = offsetof(struct tram, first),
     .present = NO_FLAG,
     .object = &tram_stop_descriptor},
    {.name = "owner", .type = FIELD_ID,
     .offset = offsetof(struct tram, owner),
     .present = offsetof(struct tram, has_owner)},
    {.name = "since", .type = FIELD_PARTIAL_DATE,
     .offset = offsetof(struct tram, since),
     .present = offsetof(struct tram, has_since),
     .min = -719162,
     .max = 2932896,
     .only = 1u << ACTOR_ROLE_PROGRAMME_ADMIN,
     .only_whole = 1u << ACTOR_ROLE_COORDINATOR},
    {.name = "secret", .type = FIELD_INT,
     .offset = offsetof(struct tram, secret),
     .present = offsetof(struct tram, has_secret),
     .flags = FIELD_INTERNAL,
     .min = -5,
     .max = 2000},
};
const struct descriptor tram_descriptor = {"tram", sizeof(struct tram), 16, tram_fields, NULL};

static const struct field tram_seat_fields[] = {
    {.name = "number", .type = FIELD_INT,
     .offset = offsetof(struct tram_seat, number),
     .present = NO_FLAG,
     .min = -5,
     .max = 2000},
};
const struct descriptor tram_seat_descriptor = {"tram.seat", sizeof(struct tram_seat), 1, tram_seat_fields, NULL};

static const struct reader tram_readers[] = {
    {1 << ACTOR_ROLE_PROGRAMME_ADMIN, &tram_fields[13], READER_PROGRAMME},
    {1 << ACTOR_ROLE_PARTICIPANT, &tram_fields[0], READER_ID},
    {1 << ACTOR_ROLE_PARTICIPANT, &tram_fields[13], READER_ORGANISATION},
};
static const struct draft tram_draft = {1 << ACTOR_ROLE_PARTICIPANT, 4, &tram_fields[1], &tram_fields[6]};
static const struct field *const tram_filters[] = {&tram_fields[1], &tram_fields[13]};
const struct record tram_records[] = {
    {&tram_descriptor, "GET /v1/trams/{id}", 3, 2, tram_readers, tram_filters, &driver_licence_descriptor, NULL, NULL, false, &tram_draft},
    {&tram_seat_descriptor, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, false, NULL},
};
