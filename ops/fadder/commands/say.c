/* fadder say: any command of the schemas. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask.h"
#include "ask/step.h"
#include "base/crypto.h"
#include "core/descriptor.h"
#include "core/error.h"
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

/* The body, as the command's schema reads it. Who is on the machine sees the arguments of all. */
static bool read_body(const struct command *command, const char *path, void **body,
                      struct error *err)
{
    static const char before[] = "{\"body\":", after[] = "}";
    char *text = NULL, *json;
    size_t size = 2;
    bool is_read;

    if (path != NULL && (text = step_text(path, &size, err)) == NULL) return false;
    if ((json = malloc(size + sizeof before + sizeof after)) == NULL) bug("out of memory");
    memcpy(json, before, sizeof before - 1);
    memcpy(json + sizeof before - 1, text == NULL ? "{}" : text, size);
    memcpy(json + sizeof before - 1 + size, after, sizeof after);
    if (text != NULL) crypto_wipe(text, size);
    free(text);
    size += sizeof before + sizeof after - 2;
    is_read = step_read(command, json, size, body, err);
    crypto_wipe(json, size);
    free(json);
    return is_read;
}

static int refuse_argument(void)
{
    fprintf(stderr, "fadder say: what is said stands in a file or comes by standard input, as "
                    "everybody on the machine\n"
                    "sees arguments: fadder say COMMAND - < body.json\n");
    return EXIT_USAGE;
}

int command_say(int argc, char **argv)
{
    struct option options[] = {
        {.name = "COMMAND", .what = "such as person.grant_role", .is_required = true},
        {.name = "FILE", .what = "its body as JSON, - for standard input; none where it has none"},
        {.name = "--on", .value = "ID", .what = "of what it is about; none for a creation"},
        {.name = "--programme", .value = "P", .what = "the programme's slug"},
    };
    const struct command *command;
    struct bus_accepted accepted;
    struct ask_for scope = {0};
    struct id on = {0};
    struct error err;
    void *body;
    int code;
    bool is_done;

    if (!options_read(
            argc, argv, "say",
            "Gives a service a command as a rule of ours: for what has no command of its "
            "own here.\n"
            "Its body comes from a file or by standard input: arguments are seen by all.\n"
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
    if (options[1].given != NULL && options[1].given[strspn(options[1].given, " \t\n")] == '{')
        return refuse_argument();
    if (!read_body(command, options[1].given, &body, &err)) return ask_failed("say", &err);
    is_done = home_enter(&err) &&
              (options[3].given == NULL || ask_programme(options[3].given, &scope, &err)) &&
              ask_command(&scope, NULL, command, on, body, &accepted, &err);
    crypto_wipe(body, command->body->size);
    free(body);
    if (!is_done) return ask_failed("say", &err);
    print_accepted(&accepted);
    ask_end();
    return EXIT_DONE;
}
