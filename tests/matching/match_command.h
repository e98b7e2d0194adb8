/* `fadder match` called in a directory of its own; one thread. */
#pragma once

/* A group's setup and teardown. */
int match_enter(void **unused);
int match_leave(void **unused);

/* A file in that directory: written, and read as a text that lives until the next one is read. */
void match_put(const char *name, const char *text);
const char *match_get(const char *name);

/* The command's exit code. */
int match_run(const char *const *arguments);
#define RUN(...) match_run((const char *const[]){__VA_ARGS__, NULL})

/* What it printed and what it said; they live until it is run again. */
const char *match_printed(void);
const char *match_said(void);

void assert_said(const char *sentence);
void assert_in(const char *text, const char *part);
