/* Asking the services for what a page shows, as who looks: what they may not see is not there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "contract/person.h"
#include "contract/question.h"
#include "core/id.h"
#include "core/instant.h"
#include "pages.h"

enum { MAILBOX_PEOPLE_MAX = 4 };

struct bus_query;

/* A record by its id, into call->rows[slot]. Where there is none, or none for them: is_needed, the call is answered 404, else it
 * has no rows. With it comes what they may do. */
void ask_one(struct call *call, unsigned slot, const char *record, struct id id, bool is_needed);
/* The first 100, narrowed by a filter, or not (NULL). */
void ask_list(struct call *call, unsigned slot, const char *record, const char *filter,
              const char *value);
void ask_list_of(struct call *call, unsigned slot, const char *record, const char *filter,
                 struct id id);
/* One of them, whichever: whether there is any. */
void ask_any(struct call *call, unsigned slot, const char *record);
/* The first 100 of those that were made at that time or later: ids are in the order of time. */
void ask_list_since(struct call *call, unsigned slot, const char *record, const char *filter,
                    const char *value, struct instant since);
/* The next 100 behind those of another slot, of which there are more; narrowed by the same. */
void ask_more(struct call *call, unsigned slot, unsigned behind, const char *filter,
              const char *value);
void ask_more_of(struct call *call, unsigned slot, unsigned behind, const char *filter,
                 struct id id);

/* How each service is, into call->services; one that does not answer soon is none that does. */
void ask_services(struct call *call);

/* Whom a mailbox is of in the programme, whether or not who looks may see them: for nobody to be shown, but to be asked for by id. */
struct found {
    size_t count;
    struct id at[MAILBOX_PEOPLE_MAX];
};
void ask_mailbox(struct call *call, const char *email, struct found *found);
/* The same question, as the program asks it: of whatever programme, and with what is sealed. The front's, until the next one is made. */
struct bus_query *ask_for_mailbox(struct pages *pages, const char *email);

/* What for somebody with that role reads who another is. */
enum person_purpose ask_purpose(enum actor_role role);
/* What somebody is called; with_contact: and how to reach them. It is journaled: who read whom, and what for. Nobody that
 * they may not read is named; of CALL_NAMES people at most, each once. */
void ask_person(struct call *call, struct id person, enum person_purpose purpose,
                bool with_contact);
/* What somebody in a list is called: of the first CALL_LISTED. */
void ask_listed(struct call *call, struct id person, enum person_purpose purpose);

/* What a mentor asked in words, or was answered. It is journaled too. */
void ask_words(struct call *call, struct id question, enum question_what what);
