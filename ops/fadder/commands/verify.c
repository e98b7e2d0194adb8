/* fadder verify: is the journal whole, and is the state what the journal makes of it? The service's
 * own program tells: only it knows its tables. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask/ask.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

/* Become a service's own program, which verifies. */
static int become(const char *service)
{
    char program[PATH_SIZE];
    struct error err;

    if (!home_program(service, program, &err)) return ask_failed("verify", &err);
    execl(program, program, "--verify", (char *)NULL);
    fprintf(stderr, "fadder verify: %s: %s\n", program, strerror(errno));
    return EXIT_FAILED;
}

static int verify_in_child(const char *service)
{
    const pid_t pid = fork();
    int status;

    if (pid == 0) _exit(become(service));
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        fprintf(stderr, "fadder verify: %s: %s\n", service, strerror(errno));
        return EXIT_FAILED;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
}

/* One after the other, also after one that does not hold. */
static int verify_all(void)
{
    int code = EXIT_DONE;

    for (size_t i = 0; services[i] != NULL; i++)
        if (has_journal(services[i]) && verify_in_child(services[i]) != EXIT_DONE)
            code = EXIT_FAILED;
    return code;
}

int command_verify(int argc, char **argv)
{
    struct option options[] = {
        {.name = "SERVICE", .what = "registry, mentor-assignment, …; without it: all"}};
    struct error err;
    int code;

    if (!options_read(
            argc, argv, "verify",
            "Checks a service's chain of batches, folds its journal into scratch tables and\n"
            "compares every row with its state. The first difference is named, exit code 1.\n"
            "The service may be running meanwhile, or stopped.",
            options, 1, &code))
        return code;
    if (options[0].given != NULL && !has_journal(options[0].given))
        return options_refuse("verify", &options[0], journals_are);
    if (!home_enter(&err)) return ask_failed("verify", &err);
    return options[0].given != NULL ? become(options[0].given) : verify_all();
}
