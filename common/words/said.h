/* What Fadder says in English to programs, in people's languages: why something is refused, and what is wrong with a field.
 *
 * Services and the checks of what comes in say that in one language, as their schemas have it. The catalogue has the same texts under
 * refusal.* and fault.*, with places for what differs ({from}); one that ends in … stands for whatever follows. All of it is constant, and
 * any thread may call.
 */
#pragma once

#include <stdbool.h>

#include "words/words.h"

/* Say it in that language, each value between before and after. False, and nothing is said: the catalogue has no such text, or that language has not got it. */
bool words_say_english(struct words_room *room, enum language language, const char *english,
                       const char *before, const char *after);
