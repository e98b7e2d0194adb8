/* Settings: environment variables, read once at the start, by those whose limits they are.
 *
 * Each is a row of one table: its name, its default, what it means, and for whom. Each function reads
 * one; not set, or set to nothing, it is its default. On false err names the variable, what is wrong and
 * what would be right (kind ERROR_INVALID, code "settings"); the value itself is not repeated, it may be
 * a secret. Not for threads: getenv is not.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct error;
struct reach_networks;

struct setting {
    const char *name;          /* "FADDER_HTTP"; with a * at its end: all that begin so */
    const char *default_value; /* as it would be written; "": none */
    const char *unit;          /* of a number; or NULL */
    /* For whom, a word each: "gateway", "pages", "services" (those with a journal), "fadder", "all", or a
     * script's path. */
    const char *programs;
    const char *meaning; /* for people, one line or a few */
    int64_t min, max;    /* of a number */
    bool is_secret;      /* never shown */
};

extern const struct setting settings_all[]; /* ends with a NULL name */

/* The row of that name, static; there is one, or it is a bug. */
const struct setting *setting_of(const char *name);

/* Whether it is for that program: "gateway", "registry", "fadder". */
bool setting_is_for(const struct setting *setting, const char *program);

/* Its meaning, its lines that far to the right. */
void setting_print(FILE *file, const struct setting *setting, int indent);

/* Every variable of the environment that begins with FADDER_ and is in no row, with the name that it is
 * nearest to, or NULL. */
typedef void setting_visit(void *cookie, const char *name, const char *nearest);
void settings_unknown(setting_visit *visit, void *cookie);

/* What is in force, as it is written; valid until the environment changes. */
const char *setting_value(const struct setting *setting);

/* UTF-8 of at most size - 1 bytes, without control characters. */
bool settings_text(const struct setting *setting, char *text, size_t size, struct error *err);

/* A whole decimal number from the setting's min to its max. */
bool settings_integer(const struct setting *setting, int64_t *number, struct error *err);

/* One of words (ends with NULL): its place there. The default is one of them. */
bool settings_word(const struct setting *setting, const char *const *words, unsigned *place,
                   struct error *err);

/* Where to listen or to connect: 127.0.0.1:8080, [::1]:8080, name.example:25. */
struct settings_address {
    char host[256]; /* without brackets */
    uint16_t port;  /* 0: any that is free */
};
bool settings_address(const struct setting *setting, struct settings_address *address,
                      struct error *err);

/* Networks as CIDR (RFC 4632, RFC 4291), with commas or spaces between: 127.0.0.0/8, ::1/128. A
 * plain address is a network of one. Bits past the prefix must be zero. */
bool settings_networks(const struct setting *setting, struct reach_networks *networks,
                       struct error *err);

/* Where services listen, as far as the environment says so: each variable FADDER_ENDPOINT_* of a
 * service that keeps a journal. */
enum { SETTINGS_ENDPOINT_SIZE = 128 }; /* bytes, with the NUL */
typedef void endpoint_visit(void *cookie, const char *name, const char *value);
void settings_endpoints(endpoint_visit *visit, void *cookie);
/* ERROR_INVALID: one of them is too long. */
bool settings_check_endpoints(struct error *err);
