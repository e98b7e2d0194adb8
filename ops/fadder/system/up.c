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

#include "ask/ask.h"
#include "ask/load.h"
#include "base/log.h"
#include "base/settings.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "system/begin.h"
#include "system/demonstration.h"
#include "system/ready.h"
#include "system/supervise.h"

enum { READY_MS = 120000 }; /* without anything done: a long journal may have to be folded first */

static const char what[] =
    "Runs the services in FADDER_HOME until Ctrl-C, and starts what dies again. A second one on\n"
    "the same FADDER_HOME is refused. `fadder settings` tells what can be set: where the API\n"
    "listens, where mail goes, which networks of our own webhooks may go to.\n\n"
    "A registry whose journal names keys that are not in `keys`, or are damaged there, does not\n"
    "start, and says which file has to be brought back. Only if there is none to bring back:\n"
    "with --without-keys it goes on with those that there are, or puts what is left of them\n"
    "aside and makes new ones, and says so in its journal. What was sealed under lost ones\n"
    "(names, addresses, secrets) can then never be read again, also if the keys turn up;\n"
    "nothing is sealed under them. `fadder doctor` says how many are, and what can be done.";

static const char options_without_keys[] = "--without-keys";

struct upping {
    char load_path[PATH_SIZE]; /* "": nothing is loaded */
    bool is_detached, goes_without_keys;
};

static void say_where(const struct upping *upping)
{
    const char *home = setting_value(setting_of("FADDER_HOME")),
               *smtp = setting_value(setting_of("FADDER_SMTP")),
               *files = setting_value(setting_of("FADDER_MAIL_FILES"));
    char http[READY_ADDRESS_SIZE] = "", pages[READY_ADDRESS_SIZE] = "";

    ready_address("gateway", http);
    ready_address("pages", pages);
    printf("Fadder is running.\n\n");
    printf("  pages        http://%s\n", pages);
    printf("  API          http://%s\n", http);
    printf("  description  http://%s/openapi.json\n", http);
    if (smtp[0] == '\0' && strcmp(files, "yes") == 0)
        printf("  mail         %s/mail, each a file, for an hour\n", home);
    else if (smtp[0] == '\0')
        printf("  mail         waits: FADDER_SMTP names no server\n");
    else
        printf("  mail         to the server in FADDER_SMTP\n");
    printf("  logs         %s/log\n", home);
    if (upping->load_path[0] != '\0')
        printf("  try          ops/demo plays a day; its tokens are in %s/demo.json\n", home);
    demonstration_say();
    begin_say();
    printf("\n%s\n",
           upping->is_detached ? "`fadder down` (or ops/down) ends it." : "Ctrl-C ends it.");
    fflush(stdout);
}

/* In a process of its own, beside the services. */
static int herald(const void *cookie)
{
    const struct upping *upping = cookie;
    const char *late;
    struct error err;

    if (!ready_wait(READY_MS, &late)) {
        fprintf(stderr, "fadder up: %s is not ready after %d s; see log/%s.log in %s\n", late,
                READY_MS / 1000, late, setting_value(setting_of("FADDER_HOME")));
        return EXIT_FAILED;
    }
    if (upping->load_path[0] != '\0' && !load_file(upping->load_path, "demo.json", &err))
        return ask_failed("up", &err);
    say_where(upping);
    ask_end();
    return EXIT_DONE;
}

/* A daemon says what it has to say to the one who started it, then to its log. A NUL ends it well. */
static void announced(const void *cookie)
{
    const struct upping *upping = cookie;
    int log;

    if (!upping->is_detached) return;
    if (write(1, "", 1) != 1 ||
        (log = home_open("log/fadder.log", O_WRONLY | O_CREAT | O_APPEND)) < 0)
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

static int run(const struct upping *upping)
{
    const struct supervised_by by = {herald, announced, upping,
                                     upping->goes_without_keys ? options_without_keys : NULL};
    struct error err;

    if (!home_lock(&err) || !demonstration_prepare(&err)) return ask_failed("up", &err);
    return supervise(&by);
}

static int run_detached(const struct upping *upping)
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
    return run(upping);
}

int command_up(int argc, char **argv)
{
    struct option options[] = {
        {.name = "--detach", .what = "return when all are ready; `fadder down` ends them"},
        {.name = "--load",
         .value = "FILE",
         .what = "carry out its commands first, as `fadder load`"},
        {.name = "--without-keys", .what = "go on though the vault's keys are lost for good"},
    };
    struct upping upping = {.load_path = ""};
    struct error err;
    int code;

    if (!options_read(argc, argv, "up", what, options, sizeof options / sizeof options[0], &code))
        return code;
    upping.is_detached = options[0].given != NULL;
    upping.goes_without_keys = options[2].given != NULL;
    if (options[1].given != NULL && !path_absolute(options[1].given, upping.load_path, &err))
        return ask_failed("up", &err);
    if (options[1].given != NULL && access(upping.load_path, R_OK) != 0)
        return options_refuse("up", &options[1], "it must name a file that can be read");
    if (!log_start("fadder", &err) || !home_make(&err)) return ask_failed("up", &err);
    supervise_hold();
    return upping.is_detached ? run_detached(&upping) : run(&upping);
}
