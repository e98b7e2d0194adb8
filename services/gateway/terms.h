/* What the schemas' names are called in people's languages: of records, of fields, and the words of closed lists.
 *
 * The catalogue (common/words) has the texts. A name that is not there yet is for the caller to show as well as it can.
 */
#pragma once

#include <stdbool.h>

#include "words/words.h"

enum terms_kind { TERMS_RECORD, TERMS_FIELD, TERMS_WORD };

/* False: there is no word for it. */
bool terms_find(enum terms_kind kind, const char *name, enum words_key *key);
