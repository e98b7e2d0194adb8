/* Answering a call. The call is over then, and what it has read of people is wiped. */
#pragma once

#include "front/out.h"
#include "words/words.h"

struct asset;
struct call;
struct error;
struct shown;

/* Begin a page in pages->out: what its template needs, for who asks. */
struct shown pages_show(struct call *call);

/* A whole page around what show() adds: title, navigation, notice, error. */
struct frame_view;
void pages_answer(struct call *call, unsigned status, enum words_key title,
                  void (*show)(struct shown *shown, const void *view), const void *view);

/* Elsewhere, by GET: 303. path begins with a slash. cookie: a Set-Cookie, or NULL. */
void pages_redirect(struct call *call, const char *path, const char *cookie);

/* What went wrong, as a page of its own. */
void pages_problem(struct call *call, unsigned status, enum words_key title, enum words_key text);
void pages_fail(struct call *call, const struct error *err);

/* What stands in pages->out, as a file to keep. type: "text/csv; charset=utf-8"; name: letters, digits and dots. */
void pages_file(struct call *call, const char *type, const char *name);

/* Something of web/. */
void pages_asset(struct call *call, const struct asset *asset);
