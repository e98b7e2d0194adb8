/* fadder say: any command of the schemas. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask.h"
#include "ask/step.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/json.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static void print_accepted(const struct bus_accepted *accepted)
{
    char id[ID_TEXT_SIZE];

    id_write(accepted->aggregate, id);
    printf("%s version %lld batch %lld\n", id, (long long)accepted->version,
           (long long)accepted->batch);
}

int command_say(int argc, char **argv)
{
    struct option options[] = {
        {.name = "COMMAND", .what = "such as person.grant_role", .is_required = true},
        {.name = "BODY", .what = "its body as JSON; {} where it has none"},
        {.name = "--on", .value = "ID", .what = "of what it is about; none for a creation"},
        {.name = "--programme", .value = "P", .what = "the programme's slug"},
    };
    const char *given;
    const struct command *command;
    struct bus_accepted accepted;
    struct ask_for scope = {0};
    struct id on = {0};
    struct error err;
    char *json;
    void *body;
    size_t size;
    int code;
    bool is_done;

    if (!options_read(argc, argv, "say",
                      "Gives a service a command as a rule of ours: for what has no command of its "
                      "own here.\n"
                      "Prints the id of what it happened to, its version, and the batch.",
                      options, sizeof options / sizeof options[0], &code))
        return code;
    if ((command = find_command(options[0].given, NULL)) == NULL)
        return options_refuse("say", &options[0], "no schema has that command");
    if (options[2].given != NULL && !id_read(options[2].given, strlen(options[2].given), &on))
        return options_refuse("say", &options[2], "it must be an id, a UUID");
    if (options[2].given == NULL && !command->is_creation) {
        fprintf(stderr, "fadder say: %s needs --on ID: of what it is about\n", options[0].given);
        return EXIT_USAGE;
    }
    given = options[1].given == NULL ? "{}" : options[1].given;
    size = strlen(given) + sizeof "{\"body\":}";
    if ((json = malloc(size)) == NULL) bug("out of memory");
    size = (size_t)snprintf(json, size, "{\"body\":%s}", given);
    is_done = step_read(command, json, size, &body, &err);
    free(json);
    if (!is_done) return ask_failed("say", &err);
    is_done = home_enter(&err) &&
              (options[3].given == NULL || ask_programme(options[3].given, &scope, &err)) &&
              ask_command(&scope, NULL, command, on, body, &accepted, &err);
    free(body);
    if (!is_done) return ask_failed("say", &err);
    print_accepted(&accepted);
    ask_end();
    return EXIT_DONE;
}
