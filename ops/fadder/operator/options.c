/* Arguments read by a table, and the help that is made of it. */
#include "operator/options.h"

#include <stdio.h>
#include <string.h>

#include "operator/command.h"

static bool is_flag(const struct option *option)
{
    return option->name[0] == '-';
}

static void print_call(FILE *file, const char *command, const struct option *options, size_t count)
{
    fprintf(file, "fadder %s", command);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, options[i].is_required ? " %s" : " [%s", options[i].name);
        if (options[i].value != NULL) fprintf(file, " %s", options[i].value);
        if (!options[i].is_required) fprintf(file, "]");
    }
    fprintf(file, "\n");
}

static void print_help(const char *command, const char *what, const struct option *options,
                       size_t count)
{
    print_call(stdout, command, options, count);
    printf("\n%s\n%s", what, count > 0 ? "\n" : "");
    for (size_t i = 0; i < count; i++) {
        char name[64];

        snprintf(name, sizeof name, "%s%s%s", options[i].name, options[i].value == NULL ? "" : " ",
                 options[i].value == NULL ? "" : options[i].value);
        printf("  %-22s %s\n", name, options[i].what);
    }
}

static struct option *find_flag(struct option *options, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (is_flag(&options[i]) && strcmp(options[i].name, name) == 0) return &options[i];
    return NULL;
}

static struct option *next_argument(struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_flag(&options[i]) && options[i].given == NULL) return &options[i];
    return NULL;
}

static bool wrong(int *code)
{
    *code = EXIT_USAGE;
    return false;
}

bool options_read(int argc, char **argv, const char *command, const char *what,
                  struct option *options, size_t count, int *code)
{
    for (int i = 1; i < argc; i++) {
        struct option *option;

        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(command, what, options, count);
            *code = EXIT_DONE;
            return false;
        }
        option = argv[i][0] == '-' && argv[i][1] != '\0' ? find_flag(options, count, argv[i])
                                                         : next_argument(options, count);
        if (option == NULL) {
            fprintf(stderr, "fadder %s: %s is not known here. It goes like this:\n    ", command,
                    argv[i]);
            print_call(stderr, command, options, count);
            return wrong(code);
        }
        if (!is_flag(option) || option->value == NULL) {
            option->given = argv[i];
        } else if (i + 1 == argc) {
            fprintf(stderr, "fadder %s: %s needs a value: %s %s (%s)\n", command, option->name,
                    option->name, option->value, option->what);
            return wrong(code);
        } else {
            option->given = argv[++i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!options[i].is_required || options[i].given != NULL) continue;
        fprintf(stderr, "fadder %s: %s is missing (%s). It goes like this:\n    ", command,
                options[i].name, options[i].what);
        print_call(stderr, command, options, count);
        return wrong(code);
    }
    return true;
}

int options_refuse(const char *command, const struct option *option, const char *right)
{
    fprintf(stderr, "fadder %s: %s %s is not right: %s\n", command, option->name, option->given,
            right);
    return EXIT_USAGE;
}
