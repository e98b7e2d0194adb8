/* What a programme's admin sees to: the agencies' systems, and what they are told. */
#pragma once

#include "contract/delivery.h"
#include "contract/endpoint.h"
#include "contract/partner.h"
#include "pages.h"

struct reply;

extern const struct page partners_page, partner_page, endpoint_page, delivery_page;

enum { HOOK_SIZE = URL_MAX + ID_TEXT_SIZE + 16 };

/* Where a partner's system sends us what it has to say; its path alone where nobody has said how systems come to us. */
void programme_hook(const struct call *call, struct id partner, char hook[HOOK_SIZE]);

/* How each stands. */
enum words_key partner_says(const struct partner *row);
enum words_key endpoint_says(const struct endpoint *row);
enum words_key delivery_says(const struct delivery *row);
/* Why it was not taken; WORDS_KEYS: it was, or not tried yet. */
enum words_key delivery_says_why(const struct delivery *row);

/* Why nothing is heard from a partner or said to it any more: for a form to choose from. */
extern const struct show_options programme_reasons;

/* A secret that was made here is shown once: in the answer to the form that wanted it, and never at an address. */
struct once {
    enum words_key title, lead;
    const char *path; /* where it goes on, of what the secret is of: "/partners/" */
    enum words_key next;
    bool has_hook; /* it is a partner's, who needs to know where to send */
};

/* Answer what was said of a command that left its secret to us. */
void once_answer(struct call *call, const struct reply *reply, const struct once *once);
