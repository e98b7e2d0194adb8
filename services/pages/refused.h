/* Whom we have refused, for the audit (front/noting.h): a page that they may not open, a thing that is another's, what they may not
 * do. */
#pragma once

struct call;
struct error;

/* Who asks is about to be answered that; of what refuses nobody anything nothing is noted, and of one call one thing. command: what
 * they said, or NULL: they only looked. */
void refused_note(struct call *call, const struct error *err, const char *command);
/* The page is not for them. */
void refused_page(struct call *call);
