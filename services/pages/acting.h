/* What a form says, to the service whose it is. */
#pragma once

#include "core/id.h"
#include "pages.h"

struct command;
struct reply;

/* How somebody said what another writes down for them: for a form to choose from. */
extern const struct show_options act_tolds;

/* Take the body apart into call->form, and make sure that it comes from a page of ours. False: answered. */
bool act_read_form(struct call *call);

/* Whether a page has a form that is sent there, to itself ("") or as one of its acts. */
bool act_is_of(const struct page *page, const char *act);

/* Say call->act, a command of the page's record, with what the form says, about the id in the path. Taken: on to the page, which
 * says so. Not taken: the page is shown again, with what was typed and why. */
void act_serve(struct call *call);
/* The same, of another command and about another; the next page is `then`, of the program's own life, or the call's. */
void act_say(struct call *call, const char *type, const struct id *about, const char *then);

/* Say one of the commands that a form is: said, which lives until this returns, is what of it is that one's, and place tells it from
 * the others. answered gets the call. False: err, as something in it is faulty, and nothing was said. */
bool act_say_part(struct call *call, const char *type, const struct id *about,
                  const struct form *said, unsigned place,
                  void (*answered)(void *call, const struct reply *reply), struct error *err);

/* Say one of the commands that a form is, with what the program has made of it; place is from 1. */
void act_say_value_part(struct call *call, const char *type, const struct id *about,
                        const void *body, unsigned place,
                        void (*answered)(void *call, const struct reply *reply));

/* Say a command with what the program has filled in: body is its value. answered gets the call. */
void act_say_value(struct call *call, const char *type, const struct id *about, const void *body,
                   void (*answered)(void *call, const struct reply *reply));

/* Not taken, for that reason: the page is shown again. */
void act_refuse(struct call *call, const struct error *err);
