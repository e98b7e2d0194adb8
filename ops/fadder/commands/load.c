/* fadder load: carry out a file of commands. */
#include "ask/load.h"

#include <string.h>

#include "ask/ask.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

int command_load(int argc, char **argv)
{
    struct option options[] = {
        {.name = "FILE",
         .what = "a JSON array of {\"key\", \"say\", \"on\", \"body\"}",
         .is_required = true},
        {.name = "--into",
         .value = "NAME",
         .what = "where in FADDER_HOME what came of it is kept (demo.json)"},
    };
    char path[PATH_SIZE];
    struct error err;
    int code;

    if (!options_read(argc, argv, "load",
                      "Carries out the commands of a file, each once however often it is loaded.",
                      options, sizeof options / sizeof options[0], &code))
        return code;
    if (options[1].given != NULL && strchr(options[1].given, '/') != NULL)
        return options_refuse("load", &options[1], "it must be a name without slashes");
    if (!path_absolute(options[0].given, path, &err) || !home_enter(&err) ||
        !load_file(path, options[1].given == NULL ? "demo.json" : options[1].given, &err))
        return ask_failed("load", &err);
    ask_end();
    return EXIT_DONE;
}
