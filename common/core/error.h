/* What went wrong: the one error type.
 *
 * A function that can fail returns bool and takes `struct error *err` as its last argument.
 * On false it has filled err in; on true it has left err alone. Callers hand err on unchanged
 * until somebody can act: the runtime logs it, the gateway answers with it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum error_kind {
    ERROR_NONE,
    ERROR_REFUSED,   /* the domain says no, as things stand (HTTP 409) */
    ERROR_CONFLICT,  /* things have moved since the caller looked (HTTP 412) */
    ERROR_FORBIDDEN, /* not for this actor (HTTP 403) */
    ERROR_INVALID,   /* the request makes no sense as written (HTTP 422, 400 when not even JSON) */
    ERROR_NOT_FOUND, /* there is no such thing, or none that the caller may know of (HTTP 404) */
    ERROR_BUSY,      /* try again later (HTTP 503) */
    ERROR_BROKEN,    /* disk, network or data is not what we rely on (HTTP 500) */
};

enum { FAULTS_MAX = 32 };

/* Bytes, with the NUL. What a refusal says is a fault too, where it has a field: there is as much room. */
enum { FAULT_FIELD_MAX = 96, ERROR_TEXT_MAX = 256 };

struct fault {
    char field[FAULT_FIELD_MAX]; /* a path as the schema calls it: person.email, languages[2] */
    char what[ERROR_TEXT_MAX];   /* completes "it is …"; never what was sent */
};

struct error {
    enum error_kind kind;
    const char *code;          /* a stable word for programs, such as "mentorship.mentor_full" */
    char code_text[64];        /* where code points when the error came over the bus */
    char text[ERROR_TEXT_MAX]; /* a sentence for people */
    /* There is such a thing, and it is somebody else's: of ERROR_FORBIDDEN for who may see that, of ERROR_NOT_FOUND for who may
     * not, and is not told this. */
    bool is_withheld;
    uint32_t fault_count;
    struct fault faults[FAULTS_MAX];
};

/* Why a decider says no: generated from the schema, compared by address, never made up in code. */
struct refusal {
    enum error_kind kind;
    const char *code, *text;
    const char *field; /* the field that is at fault, or NULL */
    /* Of ERROR_FORBIDDEN: it is somebody else's. Who may not see it either is told that there is no such thing
     * (service/execute.c). */
    bool is_anothers;
};

/* Fill err in and return false, so that a failing step is one line:
 *     return error_set(err, ERROR_BROKEN, "store", "%s: %s", doing, reason);
 *     return refuse(err, &mentorship_mentor_full); */
bool error_set(struct error *err, enum error_kind kind, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool refuse(struct error *err, const struct refusal *why);

/* Name one more faulty field of an error that has been set; those past FAULTS_MAX are not named. */
void error_add_fault(struct error *err, const char *field, const char *what);

/* Our own mistake, not the world's: say so and abort. */
_Noreturn void bug(const char *format, ...) __attribute__((format(printf, 1, 2)));
