/* A subcommand's flags and arguments, and its --help, from one table. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct option {
    const char *name;  /* "--role"; without dashes, "ID": an argument by its place */
    const char *value; /* how the help calls what follows a flag, "R"; NULL: nothing follows */
    const char *what;  /* for the help, one line */
    bool is_required;
    const char
        *given; /* out: the value; of a flag that nothing follows, its name; NULL: not given */
};

/* Fill in what was given. False: there is nothing more to do but to end with *code, as help was
 * shown, or what is wrong was said. command and what are for the help: "token add", and a few lines. */
bool options_read(int argc, char **argv, const char *command, const char *what,
                  struct option *options, size_t count, int *code);

/* Say on standard error that a flag's value is wrong and what would be right; returns EXIT_USAGE. */
int options_refuse(const char *command, const struct option *option, const char *right);
