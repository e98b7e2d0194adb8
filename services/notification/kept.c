#include "kept.h"

#include <string.h>

#include "base/crypto.h"
#include "core/error.h"

struct place {
    struct id whose;
    int64_t until_ms; /* 0: nothing is there */
};

struct kept {
    size_t size;
    struct place places[KEPT_MAX];
    uint8_t things[]; /* as many, of that size */
};

struct kept *kept_create(size_t size)
{
    struct kept *kept = crypto_locked_create(sizeof *kept + KEPT_MAX * size);

    if (kept == NULL) bug("kept: out of memory");
    kept->size = size;
    return kept;
}

void kept_destroy(struct kept *kept)
{
    if (kept != NULL) crypto_locked_destroy(kept);
}

static void *thing_at(struct kept *kept, size_t place)
{
    return kept->things + place * kept->size;
}

static bool is_of(const struct place *place, struct id whose)
{
    return place->until_ms != 0 && id_equal(place->whose, whose);
}

static void forget_old(struct kept *kept, int64_t now_ms)
{
    for (size_t i = 0; i < KEPT_MAX; i++) {
        if (kept->places[i].until_ms == 0 || kept->places[i].until_ms > now_ms) continue;
        kept->places[i] = (struct place){0};
        crypto_wipe(thing_at(kept, i), kept->size);
    }
}

const void *kept_get(struct kept *kept, struct id whose, int64_t now_ms)
{
    forget_old(kept, now_ms);
    for (size_t i = 0; i < KEPT_MAX; i++)
        if (is_of(&kept->places[i], whose)) return thing_at(kept, i);
    return NULL;
}

const void *kept_put(struct kept *kept, struct id whose, const void *thing, int64_t now_ms)
{
    size_t place = 0;

    for (size_t i = 0; i < KEPT_MAX; i++) { /* its own, or else the one that goes soonest */
        if (is_of(&kept->places[i], whose)) {
            place = i;
            break;
        }
        if (kept->places[i].until_ms < kept->places[place].until_ms) place = i;
    }
    kept->places[place] = (struct place){whose, now_ms + KEPT_MS};
    return memcpy(thing_at(kept, place), thing, kept->size);
}
