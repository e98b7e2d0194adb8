/* How far everybody can use the pages, what is known to fail, and whom to tell. */
#include "pages/accessibility.h"
#include "answer.h"
#include "statements/statements.h"

/* The authority of the programme's country; who is not signed in may be of either. */
static void show(struct call *call)
{
    const bool is_known = call->is_signed_in;
    const struct accessibility_view view = {
        .is_swedish = !is_known || call->flight.who.country == COUNTRY_SE,
        .is_norwegian = !is_known || call->flight.who.country == COUNTRY_NO,
    };

    pages_answer(call, 200, WORDS_PAGE_ACCESSIBILITY_TITLE, accessibility_show, &view);
}

const struct page accessibility_page = {.path = "/accessibility", .show = show};
