/* The system's generator, fetched ahead for each thread; and a clock of ids that never goes back. */
#include "base/random.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/crypto.h"
#include "core/error.h"

enum { POOL_SIZE = 512, COUNTER_BITS = 12 };

/* Asking the system costs a call into the kernel; most of what we want is 8 to 32 bytes. */
struct pool {
    uint8_t bytes[POOL_SIZE];
    size_t left; /* the last so many have not been given out */
    unsigned generation;
};

static _Thread_local struct pool pool;
static atomic_uint generation = 1; /* how many forks lie behind us: a pool of before is not used */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic uint64_t last; /* time and counter of the newest id */

static void forked(void)
{
    atomic_fetch_add_explicit(&generation, 1, memory_order_relaxed);
}

static void watch_forks(void)
{
    if (pthread_atfork(NULL, NULL, forked) != 0) bug("pthread_atfork failed");
}

static void refill(unsigned now)
{
    pthread_once(&once, watch_forks);
    crypto_random(pool.bytes, sizeof pool.bytes);
    pool.left = sizeof pool.bytes;
    pool.generation = now;
}

void random_bytes(void *bytes, size_t size)
{
    unsigned now = atomic_load_explicit(&generation, memory_order_relaxed);
    uint8_t *from;

    if (size > sizeof pool.bytes / 4) {
        crypto_random(bytes, size);
        return;
    }
    if (pool.left < size || pool.generation != now) refill(now);
    from = pool.bytes + sizeof pool.bytes - pool.left;
    memcpy(bytes, from, size);
    crypto_wipe(from, size); /* what may become a key stays nowhere else */
    pool.left -= size;
}

/* The larger of now and one more than what was last; a full counter carries into the time. */
static uint64_t advance(uint64_t now)
{
    uint64_t before = atomic_load_explicit(&last, memory_order_relaxed), next;

    do {
        next = now > before ? now : before + 1;
    } while (!atomic_compare_exchange_weak_explicit(&last, &before, next, memory_order_relaxed,
                                                    memory_order_relaxed));
    return next;
}

struct id random_id(int64_t now_ms)
{
    struct id id;
    uint16_t counter;
    uint64_t moment;

    if (now_ms < 0 || now_ms >> 48 != 0) bug("random_id: %lld is no time", (long long)now_ms);
    random_bytes(&counter, sizeof counter);
    random_bytes(id.bytes, sizeof id.bytes);
    counter &= (1U << (COUNTER_BITS - 1)) - 1;
    moment = advance((uint64_t)now_ms << COUNTER_BITS | counter);
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)(moment >> (COUNTER_BITS + 40 - 8 * i));
    id.bytes[6] = (uint8_t)(0x70 | (moment >> 8 & 0x0F)); /* version 7 */
    id.bytes[7] = (uint8_t)moment;
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3F)); /* variant 10 */
    return id;
}

uint32_t random_number(void)
{
    uint32_t number;

    random_bytes(&number, sizeof number);
    return number;
}

struct id random_key_id(void)
{
    struct id id;

    random_bytes(id.bytes, sizeof id.bytes);
    return id;
}
