/* Whom we have refused, for the audit (front/noting.h). */
#pragma once

#include <stdbool.h>

struct call;

/* A call is about to be answered with that status; is_withheld: the thing is there, and another's. Of statuses that
 * refuse nobody anything nothing is noted. */
void refusing_note(struct call *call, unsigned status, const char *code, bool is_withheld);
