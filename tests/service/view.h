/* A toy service that changes: it keeps mentor-assignment's view of programmes, and a word with a letter for each
 * says which of the view's subscriptions it has. Programmes are made and looked at through talk.h. */
#pragma once

#include <stdbool.h>

#include "core/id.h"
#include "store/store.h"

enum { VIEW_OFFER_DAYS = 9 };

/* What it goes by: whom the registry lets follow programmes. */
#define VIEW_TOY "mentor-assignment"

/* The toy itself, by its word: c, h, x: programmes created, changed, closed; n: created, but as an older
 * version knew it, with slugs of three characters at the most; s: it takes its time with a change, w: with a creation; o: c's are another's, "other".
 * A programme's end kills it while there is a file "deadly". */
int view_main(char **argv);

/* At the registry. */
struct id view_create(int n);
void view_change(struct id programme); /* its rules, to VIEW_OFFER_DAYS */
void view_close(struct id programme);

/* At the toy. */
bool view_is_known(struct id programme);
bool view_is_changed(struct id programme);
bool view_is_closed(struct id programme);
void view_wait(bool (*claim)(struct id programme), struct id programme);
/* How often its journal has an event of that type, up to its head. */
int view_count(const char *type);
/* The events of a service's journal up to its head, in order: visit gets the type of each. */
void view_all(const char *service, void (*visit)(void *cookie, struct bytes type), void *cookie);
