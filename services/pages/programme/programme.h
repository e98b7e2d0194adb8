/* What a programme's admin sees to: the agencies' systems, and what they are told. */
#pragma once

#include "contract/delivery.h"
#include "contract/endpoint.h"
#include "contract/partner.h"
#include "contract/person.h"
#include "contract/token.h"
#include "pages.h"

struct reply;

extern const struct page partners_page, partner_page, endpoint_page, delivery_page;
extern const struct page tokens_page, token_page;
extern const struct page people_page, somebody_page, somebody_new_page;
extern const struct page organisations_page, organisation_page;
extern const struct page audit_page, programme_page, health_page;

enum { HOOK_SIZE = URL_MAX + ID_TEXT_SIZE + 16 };

/* Where a partner's system sends us what it has to say; its path alone where nobody has said how systems come to us. */
void programme_hook(const struct call *call, struct id partner, char hook[HOOK_SIZE]);

/* How each stands. */
enum words_key partner_says(const struct partner *row);
enum words_key endpoint_says(const struct endpoint *row);
enum words_key delivery_says(const struct delivery *row);
/* Why it was not taken; WORDS_KEYS: it was, or not tried yet. */
enum words_key delivery_says_why(const struct delivery *row);

enum words_key token_says(const struct token *row, struct instant now);

/* As what somebody takes part. */
enum words_key part_says(enum person_part part);
extern const struct show_options programme_parts, programme_protections;

enum { ORGANISATIONS_MAX = 100 };
/* Those that are open, of a slot, to choose from: options and ids have room for ORGANISATIONS_MAX. How many. */
size_t programme_organisations(const struct call *call, unsigned slot, struct show_option *options,
                               char (*ids)[ID_TEXT_SIZE]);

/* Why nothing is heard from a partner or said to it any more: for a form to choose from. */
extern const struct show_options programme_reasons;

/* A secret that was made here is shown once: in the answer to the form that wanted it, and never at an address. */
struct once {
    enum words_key title, lead;
    const char *path; /* where it goes on, of what the secret is of: "/partners/" */
    enum words_key next;
    bool has_hook; /* it is a partner's, who needs to know where to send */
};

/* Make an access key, as the form says; it is shown once. */
void token_make(struct call *call);

/* Answer what was said of a command that left its secret to us. */
void once_answer(struct call *call, const struct reply *reply, const struct once *once);
