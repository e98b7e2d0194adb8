/* Path to page. */
#include <stdio.h>
#include <string.h>

#include "acting.h"
#include "pages.h"

/* What stands for {id} or {text}; how far it goes, or 0: it is none. */
static size_t read_place(struct call *call, const char *place, const char *path)
{
    const size_t size = strcspn(path, "/");

    if (strcmp(place, "{id}") == 0) return id_read(path, (uint32_t)size, &call->id) ? size : 0;
    if (size >= sizeof call->text) return 0;
    snprintf(call->text, sizeof call->text, "%.*s", (int)size, path);
    return size;
}

/* Whether the path is the page's, or, of a POST, the page's and an act. */
static bool is_path(const struct page *page, struct call *call)
{
    const char *place = strchr(page->path, '{'), *path = call->request->path;
    const size_t before = place == NULL ? strlen(page->path) : (size_t)(place - page->path);
    size_t size = 0;

    call->act[0] = '\0';
    if (strncmp(path, page->path, before) != 0) return false;
    path += before;
    if (place != NULL && (size = read_place(call, place, path)) == 0) return false;
    path += size;
    if (*path == '\0') return true;
    if (!call->is_post) return false;
    if (before > 1 && *path++ != '/') return false; /* of acts of "/" the slash has been read */
    if (*path == '\0' || strchr(path, '/') != NULL || strlen(path) >= sizeof call->act)
        return false;
    snprintf(call->act, sizeof call->act, "%s", path);
    return true;
}

static bool serves(const struct page *page, const char *act, bool is_post)
{
    return is_post ? act_is_of(page, act) : page->show != NULL;
}

/* The page itself before one whose act has that name. */
const struct page *page_find(struct call *call, bool *is_other_method)
{
    const struct page *with_act = NULL;
    struct call as_act;

    *is_other_method = false;
    for (const struct page *const *at = pages_all; *at != NULL; at++) {
        if (!is_path(*at, call)) continue;
        if (!serves(*at, call->act, call->is_post)) {
            *is_other_method = *is_other_method || call->act[0] == '\0';
        } else if (call->act[0] == '\0') {
            return *at;
        } else if (with_act == NULL) {
            with_act = *at;
            as_act = *call;
        }
    }
    if (with_act != NULL) *call = as_act;
    return with_act;
}
