/* The parts of `fadder match`: files in, a matching in between, files out. No server is needed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "match/ids.h"
#include "matching/matching.h"

struct error;

/* A whole file; "-" is standard input. The caller frees *bytes; there is a NUL behind them. */
bool match_load(const char *path, char **bytes, size_t *size, struct error *err);

/* A file to write; "-" is standard output. For people: what is in it is shown as operator/shown.h has it; else as it is, unless a
 * terminal is what it goes to. False also if it could not be written out. */
struct match_file;
struct match_file *match_open(const char *path, bool is_for_people, struct error *err);
void match_print(struct match_file *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool match_close(struct match_file *file, struct error *err);

/* Whether writing to one path would overwrite what is read from, or also written to, the other,
 * however they are called. */
bool match_overwrites(const char *out, const char *in);
bool match_collides(const char *out, const char *other_out);

/* A decimal number between low and high, nothing before and nothing behind. */
bool match_number(const char *text, size_t length, int64_t low, int64_t high, int64_t *number);

double match_now(void); /* seconds, from anywhere */

/* Edges: "mentors participants", then "mentor participant score" or "capacity mentor places". */

struct match_edges {
    struct matching_instance instance; /* its arrays are these */
    uint32_t *participant_capacity, *mentor_capacity;
    struct matching_edge *edges;
};

/* The first bad line is named with its column, and nothing after it is read. The capacities are
 * everybody's, but for those that the file gives. */
bool match_edges_load(const char *path, uint32_t mentor_capacity, uint32_t participant_capacity,
                      struct match_edges *edges, struct error *err);
void match_edges_free(struct match_edges *edges);

/* Spreadsheets. */

struct match_sheets {
    const char *mentors, *participants; /* paths */
    const char *rules, *out, *explain;  /* paths or NULL */
    const char *today;                  /* a date or NULL: no waiting age is counted */
    const char *language;               /* of the explanation */
    enum ids_world world;               /* what the same id in both is */
};

/* Returns the exit code; what is wrong has been said. */
int match_sheets(const struct match_sheets *sheets, const struct matching_objective *objective);
