/* Time that passes as it is told to, chance by a seed, machines that start anew. */
#include "sim/world.h"

#include <stdio.h>
#include <string.h>

#include "base/boot.h"
#include "base/clock.h"
#include "base/thread.h"
#include "core/error.h"

static struct {
    uint64_t chance;
    int64_t passed_ns, shift_ms;
    int64_t looked_ns; /* how much the steady clock has gone on besides */
    unsigned machine;
    struct {
        int boots;
        int64_t booted_ns;
    } machines[WORLD_MACHINES];
} world;

static const int64_t begin_ms = INT64_C(1790000000000), begin_ns = INT64_C(1000000000000);

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next(void)
{
    uint64_t z = (world.chance += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void world_begin(uint64_t seed)
{
    memset(&world, 0, sizeof world);
    world.chance = seed;
}

uint32_t world_dice(uint32_t n)
{
    return (uint32_t)(next() >> 32) % n;
}

bool world_chance(uint32_t n)
{
    return world_dice(n) == 0;
}

uint64_t world_turn_chance(uint64_t seed)
{
    const uint64_t was = world.chance;

    world.chance = seed;
    return was;
}

void world_pass(int64_t ms)
{
    world.passed_ns += ms * 1000000;
}

void world_shift(int64_t ms)
{
    world.shift_ms = ms;
}

int64_t world_now_ms(void)
{
    return begin_ms + world.passed_ns / 1000000;
}

void world_enter(unsigned machine)
{
    world.machine = machine;
}

void world_reboot(unsigned machine)
{
    world.machines[machine].boots++;
    world.machines[machine].booted_ns = world.passed_ns;
}

/* Seams. */

int64_t __wrap_clock_now_ms(void);
int64_t __wrap_clock_steady_ns(void);
int64_t __wrap_clock_steady_ms(void);
int64_t __wrap_boot_ms(void);
void __wrap_boot_id(char id[BOOT_ID_SIZE]);
void __wrap_crypto_random(void *bytes, size_t size);
struct thread *__wrap_thread_start(void *(*run)(void *), void *cookie);
void __wrap_thread_wait(pthread_cond_t *condition, pthread_mutex_t *lock);

int64_t __wrap_clock_now_ms(void)
{
    return world_now_ms() + world.shift_ms;
}

/* It has gone for a while, and goes on a little whenever it is looked at. */
int64_t __wrap_clock_steady_ns(void)
{
    return begin_ns + world.passed_ns + (world.looked_ns += 1000);
}

int64_t __wrap_clock_steady_ms(void)
{
    return __wrap_clock_steady_ns() / 1000000;
}

int64_t __wrap_boot_ms(void)
{
    return (world.passed_ns - world.machines[world.machine].booted_ns) / 1000000;
}

void __wrap_boot_id(char id[BOOT_ID_SIZE])
{
    snprintf(id, BOOT_ID_SIZE, "machine-%u-boot-%d", world.machine,
             world.machines[world.machine].boots);
}

void __wrap_crypto_random(void *bytes, size_t size)
{
    uint8_t *at = bytes;

    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(next() >> 56);
}

struct thread *__wrap_thread_start(void *(*run)(void *), void *cookie)
{
    (void)run;
    (void)cookie;
    bug("a thread in a world that has one");
}

void __wrap_thread_wait(pthread_cond_t *condition, pthread_mutex_t *lock)
{
    (void)condition;
    (void)lock;
    bug("nobody is there to be waited for");
}
