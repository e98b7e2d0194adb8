/* What every program does first: --help, --version, the log, secrets' memory, the place where it works.
 * Before any other thread is started. */
#pragma once

#include <stdbool.h>

struct error;

struct program {
    const char *name;    /* "registry", of fadder-registry */
    const char *what;    /* for --help, a sentence or two */
    const char *options; /* for --help, lines of options besides --help and --version; or NULL */
};

/* The log is begun, secrets can be kept, unknown settings have been named in the log. False: there is
 * nothing more to do but to end with *code, as help or version was asked for, or what is wrong was said.
 * An argument is refused unless it is `allowed` (NULL: none is). */
bool program_begin(const struct program *program, int argc, char **argv, const char *allowed,
                   int *code);

/* Make FADDER_HOME where it is not there, and go there, if the process is not there already; what is made
 * from here on is 0600 and 0700. */
bool program_enter_home(struct error *err);

/* A directory in it, made where it is not there; and the lock on one, held until *fd is closed or the
 * process ends: ERROR_BUSY, `name` is running already. */
bool program_make_directory(const char *path, struct error *err);
bool program_lock(const char *directory, const char *name, int *fd, struct error *err);

/* "0.1" */
extern const char program_version[];
