/* Why it is this mentor, or why nobody, in sentences: as `fadder explain` says it, and with names where they are known. */
#pragma once

#include <stddef.h>

#include "words/words.h"

struct call;
struct mentee_why;
struct mentorship;
struct mentorship_loss;

enum { EXPLAINED_MAX = 16, EXPLAINED_SIZE = 1000 };

struct explained {
    size_t count;
    char at[EXPLAINED_MAX][EXPLAINED_SIZE];
};

/* What a factor is called, and a rule. */
enum words_key explain_factor(unsigned factor);
/* What was checked, who is next, who was passed over and why, and what else came of it. */
void explain_suggestion(const struct call *call, const struct mentorship *row,
                        struct explained *said);
void explain_nobody(const struct call *call, const struct mentee_why *why, struct explained *said);
/* What another choice would cost in all; NULL: that is not known. */
void explain_cost(const struct call *call, const struct mentorship_loss *loss,
                  char text[EXPLAINED_SIZE]);
/* Those whose names stand in it are asked for. */
void explain_ask(struct call *call, const struct mentorship *row);
