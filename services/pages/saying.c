/* Saying what a name names. */
#include "saying.h"

#include <string.h>

#include "contract/all.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/input.h"
#include "front/flight.h"

const struct command *say_find(struct pages *pages, const char *type, struct upstream **upstream)
{
    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->command_count; n++) {
            const struct command *command = &contracts[i]->commands[n];

            if (strcmp(command->body->name, type) != 0) continue;
            *upstream = front_upstream(&pages->door.front, contracts[i]->service);
            return command;
        }
    bug("pages: there is no command %s", type);
}

void say_command(struct pages *pages, struct flight *flight, const char *type, const void *body)
{
    struct upstream *upstream;
    const struct command *command = say_find(pages, type, &upstream);

    flight_say(flight, &pages->door.front, upstream, command, body, VERSION_ANY);
}
