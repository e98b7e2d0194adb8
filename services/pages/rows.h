/* What a page was answered, and what who looks may do next. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/question.h"
#include "core/id.h"
#include "core/instant.h"
#include "pages.h"

/* What somebody is called whose name was wanted (asking.h). It lives until the call is answered; NULL: it was not wanted, or not given. */
const struct called *name_of(const struct call *call, struct id person);

/* What was asked or answered in words. It lives until the call is answered; NULL: it was not wanted, or not given. */
const char *words_of(const struct call *call, enum question_what what);

/* Row i of a slot: as the record has it; it lives until the call is answered. NULL: there is none. */
const void *row_of(const struct call *call, unsigned slot, size_t i);
size_t rows_of(const struct call *call, unsigned slot);
/* What an organisation in the slot is called. It lives until the call is answered; NULL: it is not there. */
const char *organisation_name(const struct call *call, unsigned slot, struct id organisation);
/* The version of the only row; 0: it has none. */
int64_t row_version(const struct call *call, unsigned slot);
/* Whether they may give that command next, about the only row of the slot; and write it down for that voice. */
bool may_do(const struct call *call, unsigned slot, const char *command);
bool may_record(const struct call *call, unsigned slot, const char *command, const char *voice);

/* Whether a step is theirs to take back, and there is time for it. */
bool step_is_mine(const struct call *call, struct id by, struct instant until);
/* The same of what somebody wrote down for them; of: whose word it was. */
bool step_is_my_word(const struct call *call, enum voice of, struct instant until);

/* Of one slot, and of each: wiped and freed. */
void rows_drop(struct call *call, unsigned slot);
void rows_forget(struct call *call);
