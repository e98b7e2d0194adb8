/* What every program does first: --help, --version, the log, secrets' memory, the place where it works.
 * Before any other thread is started. */
#pragma once

#include <stdbool.h>

struct error;
struct files;

struct program {
    const char *name;    /* "registry", of fadder-registry */
    const char *what;    /* for --help, a sentence or two */
    const char *options; /* for --help, lines of options besides --help and --version; or NULL */
};

/* The log is begun, secrets can be kept, unknown settings have been named in the log. False: there is
 * nothing more to do but to end with *code, as help or version was asked for, or what is wrong was said.
 * An argument is refused unless it is one of those `allowed`, which end with NULL (NULL: none is). */
bool program_begin(const struct program *program, int argc, char **argv, const char *const *allowed,
                   int *code);

/* FADDER_HOME, made where it is not there, until files_close; what the process makes from here on is 0600 and 0700. */
struct files *program_home(struct error *err);

/* "0.1" */
extern const char program_version[];
