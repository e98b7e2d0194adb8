/* A club, a museum association, an agency, an employer: whoever takes part that is not a person.
 *
 * Clubs form a tree: an organisation names the one that it is a part of, once, when it is created.
 * Its contact is in the vault under a key of its own; the row only tells where.
 */
#pragma once

#include <string.h>

#include "contract/organisation.h"
#include "programme/programme.h"

struct concealed;

struct organisation_case {
    struct organisation row;
    struct programme programme; /* of a creation: where to; of what is taken back: whose it is */
    struct organisation parent; /* of a creation: the one it names */
    bool has_successor;         /* undo: another association has come since it was closed */
    bool is_known; /* read: the organisation that who reads acts for has to do with it */
};

/* Whether it takes part in the programme just now. */
bool organisation_is_open(const struct organisation *row, struct id programme);

/* Whether this command may be given, by who gives it; the aggregate's own reasons come after. */
bool organisation_may(const struct organisation_case *c, const struct organisation_input *in,
                      struct error *err);
bool organisation_decide(const struct organisation_case *c, const struct organisation_input *in,
                         struct organisation_events *out, struct error *err);
void organisation_evolve(struct organisation *row, const struct organisation_event *event);

/* What is to be sealed of a command; and what a `read` opens. */
void organisation_conceal(const struct organisation_case *c, const struct organisation_input *in,
                          struct concealed *what);
void organisation_open(const struct organisation_case *c, const struct organisation_input *in,
                       struct id *owner, struct sealed *sealed);

bool organisation_find(struct txn *txn, const struct organisation_input *in, struct ids *found,
                       struct error *err);
bool organisation_load(struct txn *txn, struct id id, const struct organisation_input *in,
                       struct organisation_case *c, struct error *err);

/* The programme's association: the first that is open; zero: it has none. */
bool organisation_find_association(struct txn *txn, struct id programme, struct id *found,
                                   struct error *err);

/* Whether one that is open has come later than that. */
bool organisation_has_association_since(struct txn *txn, struct id programme, struct instant at,
                                        bool *has, struct error *err);

extern const struct table organisations;
extern const struct life organisation_life;
extern const struct aggregate organisation_aggregate;

/* What events and row say alike. Both are pointers, evaluated often. */
#define organisation_copy(to, said)                                                 \
    do {                                                                            \
        memcpy((to)->name, (said)->name, sizeof(to)->name);                         \
        (to)->has_municipality = (said)->has_municipality;                          \
        memcpy((to)->municipality, (said)->municipality, sizeof(to)->municipality); \
        (to)->language = (said)->language;                                          \
    } while (0)
