/* That somebody is signed in on a device, by a code that they were sent or by a link in a mail.
 *
 * Nobody has a password. Who asks is sent six digits, good for a quarter of an hour and five tries, and is signed in when they
 * are typed in on the device that requested; what that shows is another from then on. A link signs in at once, for what its mail
 * is about and nothing else. Only hashes of what devices show are kept, and the digits in the vault, under the person's key.
 *
 * Who takes part as several things goes on as another of them. An admin's rights are given with a token, to one of the
 * coordinators: with one that is good they go on as that too, until it is not.
 *
 * A session is for a day's work for who sees much of others, and for a month for everybody else. Like a token it is bound to
 * the organisation for which its person takes the part that goes with the role, and ends with the part, the person or the
 * organisation. Its person sees theirs and ends them.
 */
#pragma once

#include <string.h>

#include "contract/session.h"
#include "organisation/organisation.h"
#include "person/person.h"
#include "programme/programme.h"
#include "token/token.h"

struct concealed;
struct ids;

enum {
    SESSION_CODE_MINUTES = 15, /* a code is good */
    SESSION_MISTAKES = 5,      /* tries at it */
    SESSION_CODES = 5,         /* to one person, within that time */
    SESSION_HOURS = 12,        /* of who sees much of others */
    SESSION_DAYS = 30,         /* of everybody else */
    SESSION_VISIT_DAYS = 14,   /* by a link of a mail that wants no answer */
};

struct session_case {
    struct session row;
    struct person person; /* whose it is, or is to be */
    struct programme programme;
    struct id association; /* the programme's; zero: it has none */
    struct token admin;    /* by which they are an admin; of none: its state */
    int64_t requested;     /* codes under way to them */
};

/* Whether this command may be given, by who gives it; the aggregate's own reasons come after. */
bool session_may(const struct session_case *c, const struct session_input *in, struct error *err);
bool session_decide(const struct session_case *c, const struct session_input *in,
                    struct session_events *out, struct error *err);
/* As what its person may act, in the order of what others wait for. */
void session_may_act_as(const struct session_case *c, const struct head *head,
                        struct session_roles *roles);
void session_evolve(struct session *row, const struct session_event *event);

/* What is to be sealed of a command: the digits. */
void session_conceal(const struct session_case *c, const struct session_input *in,
                     struct concealed *what);

/* When its time is over. */
struct instant session_due(const struct session *row, unsigned *command);

bool session_find(struct txn *txn, const struct session_input *in, struct ids *found,
                  struct error *err);
/* How many codes are under way to a person, of SESSION_CODES at most. */
bool session_count_requested(struct txn *txn, struct id person, int64_t *requested,
                             struct error *err);
bool session_load(struct txn *txn, struct id id, const struct session_input *in,
                  struct session_case *c, struct error *err);

extern const struct table sessions;
extern const struct life session_life;
extern const struct aggregate session_aggregate;
