/* What a mail says, in the reader's language.
 *
 * What is said of what to whom is one table; the words are in common/words. Nothing personal is in
 * them but the reader's own given name. Who is protected is told that there is a message, and where it
 * is shown, and no more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "contract/message.h"

/* There is room for what a catalogue can say at most, with names as long as they can be, of as many things as go in one mail. */
enum { WORDING_PARTS = 16, WORDING_SUBJECT_SIZE = 1024, WORDING_TEXT_SIZE = WORDING_PARTS * 6144 };

struct wording {
    char subject[WORDING_SUBJECT_SIZE], text[WORDING_TEXT_SIZE];
};

/* For whom. Texts are borrowed. */
struct wording_reader {
    enum language language;
    const char *name;      /* their own given name, or "" */
    const char *programme; /* what it is called */
    const char *code;      /* of MESSAGE_KIND_SESSION_REQUESTED, else "" */
    bool is_protected;
};

/* One thing that there is to say. Both are borrowed. */
struct wording_part {
    const struct message *message;
    const char *link; /* where it is shown, whole; or "" */
};

/* One mail of so many parts, one at least and WORDING_PARTS at most. False when there are no words for one of them. */
bool wording_write(const struct wording_part *parts, size_t count,
                   const struct wording_reader *reader, struct wording *wording);

/* Whether there are any for this. */
bool wording_has(const struct message *message);
