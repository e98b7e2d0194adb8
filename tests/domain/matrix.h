/* What a matrix of inputs and states says when it does not hold: names, and what it came to. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "test.h"

#include "core/descriptor.h"
#include "core/input.h"

/* "mentorship.offer", "person.erased" */
static inline const char *matrix_input(const struct contract *contract, unsigned type)
{
    if (type < contract->command_count) return contract->commands[type].body->name;
    return contract->subscriptions[type - contract->command_count].event->name;
}

static inline const char *matrix_role(unsigned role)
{
    unsigned place = 0;

    while (role >> place != 1)
        place++;
    return actor_role_words[place];
}

/* The code that an input came to, and the one that the test's tables say; NULL: it was taken. */
static inline void matrix_code(const struct contract *contract, unsigned type, const char *state,
                               const char *code, const char *expected)
{
    const char *is = code == NULL ? "taken" : code, *said = expected == NULL ? "taken" : expected;

    if (strcmp(is, said) != 0)
        fail_msg("%s in %s: is %s, the test's table says %s", matrix_input(contract, type), state,
                 is, said);
}

static inline void matrix_role_code(const struct contract *contract, unsigned type,
                                    const char *state, unsigned role, const char *code,
                                    const char *expected)
{
    char where[128];

    snprintf(where, sizeof where, "%s by %s", state, matrix_role(role));
    matrix_code(contract, type, where, code, expected);
}

/* The state that it led to, likewise. */
static inline void matrix_state(const struct contract *contract, unsigned type, const char *state,
                                const char *is, const char *expected)
{
    if (strcmp(is, expected) != 0)
        fail_msg("%s in %s: leads to %s, the test's table says %s", matrix_input(contract, type),
                 state, is, expected);
}
