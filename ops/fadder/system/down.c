/* fadder down: end what `fadder up` runs, and wait until it has. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "base/settings.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

enum { PATIENCE_MS = 30000, LOOK_NS = 20 * 1000000 };

int command_down(int argc, char **argv)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct error err;
    pid_t pid;
    int code;

    if (!options_read(argc, argv, "down", "Ends the services in FADDER_HOME, and waits for it.",
                      NULL, 0, &code))
        return code;
    if (!home_enter(&err)) {
        if (err.kind != ERROR_NOT_FOUND) return ask_failed("down", &err);
        printf("Nothing is running: %s\n", err.text);
        return EXIT_DONE;
    }
    if ((pid = home_holder()) == 0) {
        printf("Nothing is running in %s.\n", setting_value(setting_of("FADDER_HOME")));
        return EXIT_DONE;
    }
    if (kill(pid, SIGTERM) != 0) {
        fprintf(stderr, "fadder down: process %ld is not ours to end; its owner must\n", (long)pid);
        return EXIT_FAILED;
    }
    while (home_holder() == pid && clock_steady_ms() < until_ms)
        nanosleep(&pause, NULL);
    if (home_holder() == pid) {
        fprintf(stderr, "fadder down: process %ld has not ended after %d s\n", (long)pid,
                PATIENCE_MS / 1000);
        return EXIT_FAILED;
    }
    printf("Fadder has ended.\n");
    return EXIT_DONE;
}
