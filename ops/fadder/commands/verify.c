/* fadder verify: is the journal whole, and is the state what the journal makes of it? The service's
 * own program tells: only it knows its tables. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ask/ask.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

int command_verify(int argc, char **argv)
{
    struct option options[] = {{.name = "SERVICE",
                                .value = NULL,
                                .what = "registry, mentor-assignment, …",
                                .is_required = true}};
    char program[PATH_SIZE];
    struct error err;
    int code;

    if (!options_read(
            argc, argv, "verify",
            "Checks a service's chain of batches, folds its journal into scratch tables and\n"
            "compares every row with its state. The first difference is named, exit code 1.\n"
            "The service may be running meanwhile, or stopped.",
            options, 1, &code))
        return code;
    if (!has_journal(options[0].given)) return options_refuse("verify", &options[0], journals_are);
    if (!home_enter(&err) || !home_program(options[0].given, program, &err))
        return ask_failed("verify", &err);
    execl(program, program, "--verify", (char *)NULL);
    fprintf(stderr, "fadder verify: %s: %s\n", program, strerror(errno));
    return EXIT_FAILED;
}
