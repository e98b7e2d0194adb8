/* A small table of queues. */
#include "sign_in/tries.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

struct tries {
    struct {
        uint8_t key[CREDENTIAL_KEY_SIZE];
        struct tries_turn *first; /* whose turn it is, and who waits behind it */
    } at[TRIES_MAX];
};

struct tries *tries_create(void)
{
    struct tries *tries = calloc(1, sizeof *tries);

    if (tries == NULL) bug("out of memory");
    return tries;
}

void tries_destroy(struct tries *tries)
{
    free(tries);
}

/* Where that device is, or could be; TRIES_MAX: nowhere. */
static size_t place_of(const struct tries *tries, const uint8_t *key)
{
    size_t place = TRIES_MAX;

    for (size_t i = 0; i < TRIES_MAX; i++) {
        if (tries->at[i].first == NULL)
            place = i;
        else if (memcmp(tries->at[i].key, key, CREDENTIAL_KEY_SIZE) == 0)
            return i;
    }
    return place;
}

bool tries_begin(struct tries *tries, const uint8_t key[CREDENTIAL_KEY_SIZE],
                 struct tries_turn *turn)
{
    struct tries_turn **last;
    size_t before = 0;

    turn->place = place_of(tries, key);
    turn->next = NULL;
    if (turn->place == TRIES_MAX) return false;
    for (last = &tries->at[turn->place].first; *last != NULL; last = &(*last)->next)
        before++;
    if (before > TRIES_WAITING) return false;
    *last = turn;
    memcpy(tries->at[turn->place].key, key, CREDENTIAL_KEY_SIZE);
    if (before == 0) turn->go(turn->cookie);
    return true;
}

void tries_end(struct tries *tries, const struct tries_turn *turn)
{
    struct tries_turn *next = turn->next;

    tries->at[turn->place].first = next;
    if (next != NULL) next->go(next->cookie);
}
