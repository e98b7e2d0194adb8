/* fadder verify: is the journal whole, and is the state what the journal makes of it? */
#include <string.h>

#include "ask.h"
#include "command.h"
#include "core/error.h"
#include "home.h"
#include "options.h"
#include "runtime/verify.h"

int command_verify(int argc, char **argv)
{
    struct option options[] = {
        {.name = "SERVICE", .what = "registry, mentor-assignment, …", .is_required = true}};
    struct error err;
    int code;

    if (!options_read(argc, argv, "verify",
                      "Checks a service's chain of batches, folds its journal into scratch tables and\n"
                      "compares every row with the state. The first difference is named, exit code 1.",
                      options, 1, &code))
        return code;
    for (size_t i = 0; services[i] != NULL; i++) {
        if (strcmp(services[i], options[0].given) != 0 || strcmp(services[i], "gateway") == 0) continue;
        if (!home_enter(&err)) return ask_failed("verify", &err);
        return verify_main(services[i]);
    }
    return options_refuse("verify", &options[0],
                          "services with a journal are registry, mentor-assignment, "
                          "placement-lifecycle and notification");
}
