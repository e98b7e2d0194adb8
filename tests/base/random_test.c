/* Ids are UUIDv7, ever greater; random bytes are not repeated. */
#include "test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/random.h"

static int64_t ms_of(struct id id)
{
    int64_t ms = 0;

    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id.bytes[i];
    return ms;
}

static bool is_less(struct id a, struct id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) < 0;
}

static void an_id_is_a_uuid_of_version_7(void **state)
{
    int64_t now_ms = clock_now_ms();
    struct id id = random_id(now_ms);

    (void)state;
    assert_int_equal(ms_of(id), now_ms);
    assert_int_equal(id.bytes[6] >> 4, 7);
    assert_int_equal(id.bytes[8] >> 6, 2);
}

static void a_new_millisecond_leaves_the_counter_room(void **state)
{
    int64_t now_ms = clock_now_ms() + 100;

    (void)state;
    for (int i = 0; i < 50; i++)
        assert_int_equal(random_id(now_ms + i).bytes[6] & 0x08, 0);
}

/* The counter has 4,096 values: more ids than that in one millisecond borrow from the next. */
static void ids_of_one_millisecond_are_ever_greater(void **state)
{
    int64_t now_ms = clock_now_ms() + 1000;
    struct id before = random_id(now_ms);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct id id = random_id(now_ms);

        assert_true(is_less(before, id));
        assert_int_equal(id.bytes[6] >> 4, 7);
        before = id;
    }
    assert_in_range(ms_of(before), now_ms + 1, now_ms + 20000 / 2048);
}

static void ids_are_ever_greater_when_the_clock_goes_back(void **state)
{
    int64_t now_ms = clock_now_ms() + 2000;
    struct id first = random_id(now_ms), second = random_id(now_ms - 1500);

    (void)state;
    assert_true(is_less(first, second));
    assert_in_range(ms_of(second), now_ms, now_ms + 1);
}

static void the_random_part_has_no_bit_that_stays(void **state)
{
    uint8_t ones[16], zeros[16] = {0};

    (void)state;
    memset(ones, 0xff, sizeof ones);
    for (int i = 0; i < 200; i++) {
        struct id id = random_id(clock_now_ms()), key = random_key_id();

        for (int k = 8; k < 16; k++)
            ones[k] &= id.bytes[k], zeros[k] |= id.bytes[k];
        for (int k = 0; k < 8; k++)
            ones[k] &= key.bytes[k], zeros[k] |= key.bytes[k];
    }
    for (int k = 0; k < 16; k++) {
        assert_int_equal(ones[k], k == 8 ? 0x80 : 0);
        assert_int_equal(zeros[k], k == 8 ? 0xbf : 0xff);
    }
}

enum { THREADS = 4, EACH = 20000 };
static struct id made[THREADS][EACH];

static void *make(void *cookie)
{
    struct id *to = cookie;

    for (int i = 0; i < EACH; i++)
        to[i] = random_id(clock_now_ms());
    return NULL;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

static void threads_make_ids_in_order_and_never_the_same(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    for (int t = 0; t < THREADS; t++)
        assert_int_equal(pthread_create(&threads[t], NULL, make, made[t]), 0);
    for (int t = 0; t < THREADS; t++)
        assert_int_equal(pthread_join(threads[t], NULL), 0);
    for (int t = 0; t < THREADS; t++)
        for (int i = 1; i < EACH; i++)
            assert_true(is_less(made[t][i - 1], made[t][i]));
    qsort(made, (size_t)THREADS * EACH, sizeof(struct id), by_bytes);
    for (int i = 1; i < THREADS * EACH; i++) {
        const struct id *all = &made[0][0];

        assert_true(memcmp(all[i - 1].bytes, all[i].bytes, 8) < 0); /* time and counter alone */
    }
}

static void every_size_is_filled(void **state)
{
    uint8_t bytes[2000];

    (void)state;
    for (size_t size = 0; size < 1000; size += 7) {
        size_t zeros = 0;

        memset(bytes, 0, sizeof bytes);
        random_bytes(bytes, size);
        for (size_t i = 0; i < size; i++)
            zeros += bytes[i] == 0;
        assert_in_range(zeros, 0, 4 + size / 20);
        for (size_t i = size; i < sizeof bytes; i++)
            assert_int_equal(bytes[i], 0);
    }
}

static void a_child_does_not_repeat_its_parents_bytes(void **state)
{
    uint8_t ours[32], childs[32];
    int pipes[2], status;
    pid_t child;

    (void)state;
    random_bytes(ours, 8); /* the pool is filled, and bytes are left in it */
    assert_int_equal(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        random_bytes(childs, sizeof childs);
        _exit(write(pipes[1], childs, sizeof childs) != sizeof childs);
    }
    random_bytes(ours, sizeof ours);
    assert_int_equal(read(pipes[0], childs, sizeof childs), sizeof childs);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(pipes[0]);
    close(pipes[1]);
    assert_memory_not_equal(ours, childs, sizeof ours);
}

static void the_steady_clock_never_goes_back(void **state)
{
    int64_t before = clock_steady_ns(), between_ms;

    (void)state;
    for (int i = 0; i < 10000; i++) {
        int64_t now = clock_steady_ns();

        assert_true(now >= before);
        before = now;
    }
    between_ms = clock_steady_ms();
    assert_in_range(between_ms, before / 1000000, clock_steady_ns() / 1000000);
    assert_in_range(clock_now_ms(), 1750000000000, 4102444800000); /* mid-2025 to 2100 */
}

static int start(void **state)
{
    (void)state;
    crypto_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_a_uuid_of_version_7),
        cmocka_unit_test(a_new_millisecond_leaves_the_counter_room),
        cmocka_unit_test(ids_of_one_millisecond_are_ever_greater),
        cmocka_unit_test(ids_are_ever_greater_when_the_clock_goes_back),
        cmocka_unit_test(the_random_part_has_no_bit_that_stays),
        cmocka_unit_test(threads_make_ids_in_order_and_never_the_same),
        cmocka_unit_test(every_size_is_filled),
        cmocka_unit_test(a_child_does_not_repeat_its_parents_bytes),
        cmocka_unit_test(the_steady_clock_never_goes_back),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
