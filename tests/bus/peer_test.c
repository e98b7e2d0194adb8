/* Asking a service that is silent: every request is answered once, and in time, whatever else is asked
 * meanwhile. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/bus.h"
#include "bus/peer.h"
#include "core/error.h"

enum { STEP_MS = 10, TIMEOUT_MS = 300, LATE_MS = 200, STEPS = 200 };

static struct bus *bus;
static struct peer *peer;
static int64_t now_ms;

struct waiting {
    int64_t asked_ms, answered_ms;
    unsigned answers;
};

static void note(void *cookie, const struct reply *reply)
{
    struct waiting *waiting = cookie;

    assert_int_equal(reply->error.kind, ERROR_BUSY);
    waiting->answered_ms = now_ms;
    waiting->answers++;
}

/* A service's directory with nobody in it. */
static int set_up(void **state)
{
    static char home[] = "/tmp/fadder-peer-XXXXXX";
    struct error err;

    (void)state;
    if (mkdtemp(home) == NULL || chdir(home) != 0 || mkdir("run", 0700) != 0) return 1;
    return (bus = bus_open(".", &err)) == NULL ||
           (peer = peer_open(bus, "nobody", "test", &err)) == NULL;
}

static int tear_down(void **state)
{
    char here[64];

    (void)state;
    peer_close(peer);
    bus_close(bus);
    if (getcwd(here, sizeof here) == NULL) return 1;
    unlink("keys/bus/test.public");
    unlink("keys/bus.test.secret");
    rmdir("keys/bus");
    rmdir("keys");
    return rmdir("run") != 0 || chdir("/") != 0 || rmdir(here) != 0;
}

static void whoever_asks_at_every_turn_is_given_up_in_time_all_the_same(void **state)
{
    struct waiting waiting[STEPS] = {{0}};
    struct bus_command command = {.type = "nothing.happens",
                                  .print = {.size = sizeof command.print.at},
                                  .role = ACTOR_ROLE_SYS,
                                  .body = {.size = 1, .at = {0x80}}}; /* an empty map */
    struct error err;

    (void)state;
    for (now_ms = 1000; now_ms < 1000 + STEPS * STEP_MS; now_ms += STEP_MS) {
        struct waiting *one = &waiting[(now_ms - 1000) / STEP_MS];

        one->asked_ms = now_ms;
        command.id.bytes[0] = (uint8_t)(now_ms / STEP_MS);
        command.id.bytes[1] = (uint8_t)(now_ms / STEP_MS >> 8);
        assert_true(peer_command(peer, &command, now_ms, TIMEOUT_MS, note, one, &err));
        peer_flush(peer);
        peer_turn(peer, now_ms);
        for (struct waiting *old = waiting; old <= one; old++)
            if (old->answers == 0 && now_ms - old->asked_ms > TIMEOUT_MS + LATE_MS)
                fail_msg("asked at %lld, and at %lld not given up", (long long)old->asked_ms,
                         (long long)now_ms);
    }
    for (; peer_waiting(peer) > 0; now_ms += STEP_MS)
        peer_turn(peer, now_ms);
    for (struct waiting *one = waiting; one < waiting + STEPS; one++) {
        assert_int_equal(one->answers, 1);
        assert_in_range(one->answered_ms - one->asked_ms, TIMEOUT_MS, TIMEOUT_MS + LATE_MS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_asks_at_every_turn_is_given_up_in_time_all_the_same),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
