/* What a message or a row looks like, as data.
 *
 * schemas/generate.py writes one descriptor for every message, record and structure, and one
 * contract for every aggregate. pack.c, unpack.c and json.c walk descriptors: one codec for each
 * format, written by hand, and no generated code but declarations.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

/* The C type of each, and what it is in msgpack and in JSON. */
enum field_type {
    FIELD_ID,           /* struct id;          16 bytes;       "0190…-…", a UUID */
    FIELD_TEXT,         /* char [4 * max + 1]; text;           text */
    FIELD_WORD,         /* an enum;            text;           text */
    FIELD_INSTANT,      /* struct instant;     milliseconds;   "2026-11-22T10:00:00.000Z" */
    FIELD_DATE,         /* struct date;        days since 1970; "2026-11-22" */
    FIELD_PARTIAL_DATE, /* struct partial_date; a whole day as those, else text; "1987-05" or "1987" */
    FIELD_INT,          /* int64_t;            integer;        number */
    FIELD_BOOL,         /* bool;               boolean;        boolean */
    FIELD_BYTES,        /* {uint32_t size; uint8_t at[max];}; bytes; base64 */
    FIELD_OBJECT,       /* a struct;           map;            object */
    FIELD_LIST,         /* {uint32_t count; T at[max];};      array; array */
};

enum field_flag {
    FIELD_PERSONAL = 1 << 0,  /* goes into the vault before anything is decided; commands only */
    FIELD_PLACE = 1 << 1,     /* tells where somebody is: masked from protection `marked` on */
    FIELD_FREE_TEXT = 1 << 2, /* written by people: must not look like a national identity number */
    FIELD_INTERNAL = 1 << 3,  /* never shown outside */
    FIELD_KEPT = 1 << 5,      /* of a change: can be another, and cannot be removed */
    FIELD_MADE = 1 << 4,      /* may be left out in JSON where the reader makes one: json_read */
};

/* What a field tells of somebody that may have to be struck: core/trait.h. */
enum trait {
    TRAIT_PLACE = 1 << 0,       /* where somebody is, and what was made of that */
    TRAIT_EXTERNAL_ID = 1 << 1, /* what their agency calls them */
    TRAIT_LANGUAGE = 1 << 2,    /* what they speak */
    TRAIT_OCCUPATION = 1 << 3,  /* what they can do */
    TRAIT_WISH = 1 << 4,        /* what they wish, can offer, and when they have time */
    TRAIT_ALIAS = 1 << 5,       /* a print of what their agency calls them, by which it is found */
    TRAIT_ABSENCE = 1 << 6,     /* why they were not there */
};

/* What a value goes through when it comes from outside: intake/intake.h. */
enum field_form {
    FORM_NONE,
    FORM_SET,          /* FIELD_LIST: what is said twice is there once */
    FORM_NAME,         /* FIELD_TEXT: what somebody or something is called */
    FORM_MAILBOX,      /* FIELD_TEXT: an e-mail address */
    FORM_URL,          /* FIELD_TEXT: where something is posted to */
    FORM_PHONE,        /* FIELD_TEXT: a telephone number */
    FORM_MUNICIPALITY, /* a code, in the programme's country where it names none */
    FORM_LANGUAGE,     /* a code of ISO 639 */
    FORM_OCCUPATION,   /* FIELD_OBJECT, struct occupation: there is such a one */
    FORM_BIRTH,        /* FIELD_PARTIAL_DATE: somebody's */
    FORM_PARTICIPANT,  /* FIELD_PARTIAL_DATE: a participant's birth */
    FORM_PART,         /* FIELD_WORD: as what somebody takes part */
    FORM_PAST,         /* FIELD_DATE, FIELD_INSTANT: it has happened */
    FORM_PLAN,         /* FIELD_DATE, FIELD_INSTANT: it is meant to */
    FORM_SECRET,       /* FIELD_TEXT: what webhooks are signed with */
};

struct descriptor;

enum { OF_MAX = 2 };

struct field {
    const char *name;
    enum field_type type;
    uint32_t offset;  /* of the value in its struct */
    uint32_t present; /* of its has_ flag, or NO_FLAG when the field is required */
    uint32_t
        removed; /* of a change's removes_ flag: it is no longer so; or 0 when that cannot be said */
    unsigned flags;   /* enum field_flag, or'ed */
    int64_t min, max; /* characters of a text, bytes, elements of a list, values of a number,
                                 an instant or a date; max of FIELD_WORD is how many words */
    /* FIELD_WORD: the words, in enum order, then what to say of any other; and what else is understood in
     * JSON: that, the word that it stands for, and so on, then NULL. NULL: nothing is. */
    const char *const *words, *const *also;
    uint64_t ours; /* FIELD_WORD: bits of the words that only rules say, and no JSON */
    /* FIELD_WORD: bits of the words for which another stands where they are struck, and that; others stay. 0: for any the first
     * does. */
    uint64_t struck;
    unsigned struck_as;
    const char *pattern; /* FIELD_TEXT: what it must look like (core/pattern.h), or NULL */
    /* Of a record: bits of enum role that it is shown to; and of those to whom only if they act for no
     * one organisation. Both 0: whoever sees the rest. */
    unsigned only, only_whole;
    /* FIELD_ID, or a FIELD_LIST of them: the aggregates of which it names one, which has to be of the programme
     * that the command is given in; NULL: it names nothing that could be another's. */
    const char *of[OF_MAX];
    unsigned trait; /* of an event or a record: what it tells of somebody, an enum trait; or 0 */
    enum field_form form;
    const char *looks; /* the same in words, of a text that does not: "not four digits, …" */
    const struct descriptor *object; /* FIELD_OBJECT: its fields */
    const struct field *item;        /* FIELD_LIST: its elements, at offset 0; never optional */
    uint32_t stride;                 /* FIELD_LIST: from one element to the next */
    uint32_t first; /* FIELD_LIST, FIELD_BYTES: offset of at[0] from the field's own */
};

#define NO_FLAG UINT32_MAX

/* Whether only rules of ours say a word. */
static inline bool field_is_ours(const struct field *field, unsigned word)
{
    return word < 64 && (field->ours >> word & 1) != 0;
}

/* Of an event that tells of somebody what may be struck (fields with a trait), or from which on it may be struck
 * what others told: of whom. */
struct striking {
    bool is_of_itself;                  /* of whom or what the event happened to */
    const struct field *const *persons; /* ids; ends with NULL */
    unsigned traits;                    /* bits, that may be struck; 0: it tells some itself */
    const struct field *unless_first;   /* a word: not when it is the first; or NULL */
    bool is_for_good;                   /* whenever it was told, also afterwards */
};

struct descriptor {
    const char *name; /* "mentorship.accept", as on the wire */
    size_t size;      /* of the struct; 0 when there is none, because it says all by its name */
    size_t count;     /* of fields, at most 64 */
    const struct field *fields;
    const struct striking *striking; /* of an event; NULL: it neither tells nor strikes */
};

/* Something that can be asked of an aggregate, or that another tells it. */
struct command {
    const struct descriptor *body;
    const char *route;               /* "POST /v1/referrals/{id}/accept"; NULL: not from outside */
    const char *hook;                /* the type of the partner's webhook that says it; or NULL */
    const struct descriptor *answer; /* what the accepted command is answered with; or NULL */
    const struct descriptor *opens;  /* what the vault opens into the answer; or NULL */
    const struct descriptor *sealed; /* as what that was sealed: opens may be a part of it */
    bool is_creation;                /* its route names no {id} */
};

/* Who may read a record: role bit r may when the row's field equals the actor's own. WHOLE is the
 * programme too, but of who acts for no one organisation in it; who does may when their organisation is
 * KNOWN to whom the field names; so may others who are KNOWN: that the aggregate says (knows, fold/aggregate.h). */
enum reader_is { READER_ID, READER_ORGANISATION, READER_PROGRAMME, READER_WHOLE, READER_KNOWN };

struct reader {
    unsigned roles;            /* bits of enum role (core/input.h) */
    const struct field *field; /* of the row */
    enum reader_is is;         /* which of the actor's it must equal */
};

/* What is not said to anybody yet, and perhaps never: a row in one of these states, until a field is there, is not
 * there for readers in these roles. */
struct draft {
    unsigned roles;  /* bits of enum role */
    uint64_t states; /* bits of the words of its state */
    const struct field *state, *until;
};

struct record {
    const struct descriptor *row;
    const char *route; /* "GET /v1/referrals/{id}"; the list is the same without /{id}; or NULL */
    size_t reader_count, filter_count;
    const struct reader *readers;
    const struct field *const *filters; /* what a list can be narrowed by */
    const struct descriptor *opens; /* what a query may open from the row's sealed part; or NULL */
    /* As what it is sealed, and the mailbox in that by which who may open it finds rows; or NULL. */
    const struct descriptor *found_in;
    const char *found_by;
    bool is_guarded; /* of who is under protection, shown to themself and to who is cleared */
    const struct draft *draft; /* what of it is; or NULL: nothing */
};

/* Whether a row is not there yet for who reads and acts in one of these roles. */
static inline bool record_is_draft(const struct record *record, const void *row, unsigned roles)
{
    const struct draft *draft = record->draft;
    const char *at = (const char *)row;

    if (draft == NULL || (draft->roles & roles) == 0 || at[draft->until->present]) return false;
    return (draft->states >> *(const unsigned *)(const void *)(at + draft->state->offset) & 1) != 0;
}

/* A type that somebody subscribes to: the event's own descriptor, and who owns it. */
struct subscription {
    const struct descriptor *event; /* "person.role_ended" */
    const char *service;            /* "registry" */
};

/* All of an aggregate, in the order of its enums: inputs are the commands and then what it
 * subscribes to, events are its own and then what it subscribes to. */
struct contract {
    const char *name;    /* "mentorship" */
    const char *service; /* "mentor-assignment" */
    size_t command_count, subscription_count, event_count, record_count;
    const struct command *commands;
    const struct subscription *subscriptions;
    const struct descriptor *const *events; /* its own */
    const struct record *records; /* the first is the aggregate's own row, if it has one */
    /* Where things lie in struct X_input, X_event and X_events. */
    size_t input_size, input_head, input_body;
    size_t event_size, event_body;
    size_t events_size, events_at, events_answer; /* events_answer 0: no answers */
};

enum { EVENTS_MAX = 24 }; /* of one decision */

/* What every struct X_event begins with. */
struct event_head {
    unsigned type;
    struct id id; /* of the aggregate it happened to */
};

/* What those rely on who know an aggregate by its contract alone; generated code says it of each. */
#define ASSERT_INPUT_LAYOUT(x)                                          \
    _Static_assert(offsetof(struct x##_input, type) == 0 &&             \
                       sizeof(enum x##_input_type) == sizeof(unsigned), \
                   "an input begins with its type")
#define ASSERT_EVENT_LAYOUT(x)                                                              \
    _Static_assert(offsetof(struct x##_event, type) == offsetof(struct event_head, type) && \
                       sizeof(enum x##_event_type) == sizeof(unsigned) &&                   \
                       offsetof(struct x##_event, id) == offsetof(struct event_head, id) && \
                       offsetof(struct x##_events, count) == 0,                             \
                   "an event begins as event_head, events with how many they are")
