/* fadder up: everything, in the foreground or as a daemon. */
#define _GNU_SOURCE /* pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "command.h"
#include "core/error.h"
#include "home.h"
#include "load.h"
#include "options.h"
#include "ready.h"
#include "supervise.h"

enum { READY_MS = 120000 }; /* a long journal may have to be folded first */

static const char what[] =
    "Runs the five services in FADDER_HOME (./var where it is not set) until Ctrl-C, and starts "
    "what\n"
    "dies again. A second one on the same FADDER_HOME is refused.\n\n"
    "  FADDER_HTTP           where the API listens (127.0.0.1:8080)\n"
    "  FADDER_SMTP           where mail goes, smtp://… or smtps://… (files in FADDER_HOME/mail)\n"
    "  FADDER_WEBHOOK_ALLOW  networks of our own that webhooks may go to, as CIDRs (none)";

static char load_path[PATH_SIZE];
static bool is_detached;

static void say_where(void)
{
    const char *home = getenv("FADDER_HOME"), *smtp = getenv("FADDER_SMTP");
    char http[READY_ADDRESS_SIZE] = "";

    ready_address(http);
    printf("Fadder is running.\n\n");
    printf("  API          http://%s\n", http);
    printf("  description  http://%s/openapi.json\n", http);
    if (smtp == NULL || smtp[0] == '\0')
        printf("  mail         %s/mail, each a file\n", home);
    else
        printf("  mail         to the server in FADDER_SMTP\n");
    printf("  logs         %s/log\n", home);
    if (load_path[0] != '\0')
        printf("  try          ops/demo plays a day; its tokens are in %s/demo.json\n", home);
    printf("\n%s\n", is_detached ? "`fadder down` (or ops/down) ends it." : "Ctrl-C ends it.");
    fflush(stdout);
}

/* In a process of its own, beside the services. */
static int herald(void)
{
    const char *late;
    struct error err;

    if (!ready_wait(READY_MS, &late)) {
        fprintf(stderr, "fadder up: %s is not ready after %d s; see log/%s.log in %s\n", late,
                READY_MS / 1000, late, getenv("FADDER_HOME"));
        return EXIT_FAILED;
    }
    if (load_path[0] != '\0' && !load_file(load_path, "demo.json", &err))
        return ask_failed("up", &err);
    ask_end();
    say_where();
    return EXIT_DONE;
}

/* A daemon says what it has to say to the one who started it, then to its log. A NUL ends it well. */
static void announced(void)
{
    int log;

    if (!is_detached) return;
    if (write(1, "", 1) != 1 ||
        (log = open("log/fadder.log", O_WRONLY | O_CREAT | O_APPEND, 0600)) < 0)
        return;
    dup2(log, 1);
    dup2(log, 2);
    close(log);
}

static int listen_to(int from, pid_t daemon)
{
    char text[1024];
    bool is_well = false;
    ssize_t size;
    int status;

    while ((size = read(from, text, sizeof text)) > 0) {
        if (text[size - 1] == '\0') {
            is_well = true;
            size--;
        }
        if (write(1, text, (size_t)size) < 0) break;
    }
    if (is_well) return EXIT_DONE;
    return waitpid(daemon, &status, 0) == daemon && WIFEXITED(status) ? WEXITSTATUS(status)
                                                                      : EXIT_FAILED;
}

static int run(void)
{
    struct error err;

    if (!home_lock(&err)) return ask_failed("up", &err);
    return supervise(herald, announced);
}

static int run_detached(void)
{
    int ends[2], nothing;
    pid_t daemon;

    if (pipe2(ends, O_CLOEXEC) != 0 || (daemon = fork()) < 0) {
        fprintf(stderr, "fadder up: cannot detach: %s\n", strerror(errno));
        return EXIT_FAILED;
    }
    if (daemon > 0) {
        close(ends[1]);
        return listen_to(ends[0], daemon);
    }
    setsid();
    if ((nothing = open("/dev/null", O_RDONLY)) >= 0) dup2(nothing, 0);
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    close(ends[0]);
    close(ends[1]);
    return run();
}

int command_up(int argc, char **argv)
{
    struct option options[] = {
        {.name = "--detach", .what = "return when all are ready; `fadder down` ends them"},
        {.name = "--load",
         .value = "FILE",
         .what = "carry out its commands first, as `fadder load`"},
    };
    struct error err;
    int code;

    if (!options_read(argc, argv, "up", what, options, sizeof options / sizeof options[0], &code))
        return code;
    is_detached = options[0].given != NULL;
    if (options[1].given != NULL && !path_absolute(options[1].given, load_path, &err))
        return ask_failed("up", &err);
    if (options[1].given != NULL && access(load_path, R_OK) != 0)
        return options_refuse("up", &options[1], "it must name a file that can be read");
    if (!home_make(&err)) return ask_failed("up", &err);
    supervise_hold();
    return is_detached ? run_detached() : run();
}
