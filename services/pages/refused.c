/* Who was refused, and what it was about. */
#include "refused.h"

#include <stdio.h>
#include <string.h>

#include "core/life.h"
#include "front/noting.h"
#include "pages.h"

enum { WHAT_SIZE = sizeof((struct audit_note *)0)->what };

/* A page by the record that it is about, else by where it is: "/people/new" is people.new. */
static void name_page(const struct page *page, char what[WHAT_SIZE])
{
    const size_t size = strcspn(page->path + 1, "{");

    snprintf(what, WHAT_SIZE, "%.*s", (int)size, page->path + 1);
    if (size > 0 && what[size - 1] == '/') what[size - 1] = '\0';
    for (char *at = what; (at = strchr(at, '/')) != NULL;)
        *at = '.';
    if (page->record != NULL) snprintf(what, WHAT_SIZE, "%s", page->record);
}

static void note(struct call *call, const char *what, const char *code)
{
    const bool is_about = strstr(call->page->path, "{id}") != NULL;
    const struct noting noting = {
        .kind = AUDIT_KIND_REFUSED,
        .who = &call->flight.who,
        .what = what,
        .code = code,
        .about = is_about ? &call->id : NULL,
    };

    if (!call->is_noted && call->is_signed_in)
        noting_add(call->pages->refusals, &call->pages->door.front, &noting);
    call->is_noted = true;
}

void refused_page(struct call *call)
{
    char what[WHAT_SIZE];

    name_page(call->page, what);
    note(call, what, life_forbidden.code);
}

void refused_note(struct call *call, const struct error *err, const char *command)
{
    char what[WHAT_SIZE];

    if (err->kind != ERROR_FORBIDDEN && !(err->kind == ERROR_NOT_FOUND && err->is_withheld)) return;
    name_page(call->page, what);
    note(call, command != NULL ? command : what, err->code);
}
