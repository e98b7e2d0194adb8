/* FADDER_HOME: the one directory where everything lives, and who runs there. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

enum { PATH_SIZE = 4096 };

struct error;

/* The services, in the order in which they start. Ends with NULL. */
extern const char *const services[];

/* Whether there is a service of that name and it keeps a journal; and the sentence that says which
 * do, for those who named another. */
bool has_journal(const char *service);
extern const char journals_are[];

/* Make FADDER_HOME (./var where it is not set) the working directory, as paths on the bus are
 * relative to it, and absolute in the environment. What is made from here on is 0600 and 0700.
 * home_make also makes it and the directories in it. It has to be our own or root's, as files_open says. */
bool home_enter(struct error *err);
bool home_make(struct error *err);

/* The lock that makes a supervisor the only one; held until the process ends, not by its children.
 * Another holder is ERROR_REFUSED. home_holder is the holder's process id, 0 when there is none. */
bool home_lock(struct error *err);
pid_t home_holder(void);

/* A file in it, as open and fopen have it; a link is not followed. */
int home_open(const char *path, int flags);
FILE *home_stream(const char *path, const char *mode);

/* The program of a service: it lies where this one does. */
bool home_program(const char *service, char path[PATH_SIZE], struct error *err);

/* What the caller wrote for a path, from where the caller stands; to be asked before home_enter. */
bool path_absolute(const char *path, char absolute[PATH_SIZE], struct error *err);
