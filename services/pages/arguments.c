/* What a page is asked with: what its address says behind the question mark, and the day. */
#include <string.h>

#include "core/zone.h"
#include "pages.h"

const char *page_argument(struct call *call, const char *name)
{
    struct http_arguments *given = &call->pages->arguments;

    if (!http_arguments(call->request, given)) return NULL;
    for (size_t i = 0; i < given->count; i++)
        if (strcmp(given->at[i].name, name) == 0) return given->at[i].value;
    return NULL;
}

struct date page_today(const struct call *call)
{
    return zone_date(call->flight.who.country, (struct instant){call->pages->door.front.now_ms});
}
