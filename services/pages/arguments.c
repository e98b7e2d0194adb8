/* What an address says behind the question mark. */
#include <string.h>

#include "pages.h"

const char *page_argument(struct call *call, const char *name)
{
    struct http_arguments *given = &call->pages->arguments;

    if (!http_arguments(call->request, given)) return NULL;
    for (size_t i = 0; i < given->count; i++)
        if (strcmp(given->at[i].name, name) == 0) return given->at[i].value;
    return NULL;
}
