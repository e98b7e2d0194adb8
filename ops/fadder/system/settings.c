/* fadder settings: every setting, and what is in force. Of programs that are running, that is what they
 * were started with; of all else, what stands in this environment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/settings.h"
#include "core/error.h"
#include "core/text.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "system/supervise.h"

enum { ENVIRON_MAX = 128 * 1024, VALUE_MAX = 512 };

/* A program that is running, and what it was started with: NAME=value, each with its NUL. */
struct started {
    char program[32];
    size_t size;
    char *environment; /* malloc'ed */
};

static bool read_environment(pid_t pid, struct started *started)
{
    char path[64];
    FILE *file;

    snprintf(path, sizeof path, "/proc/%ld/environ", (long)pid);
    if ((file = fopen(path, "re")) == NULL) return false;
    if ((started->environment = malloc(ENVIRON_MAX + 1)) == NULL) bug("out of memory");
    started->size = fread(started->environment, 1, ENVIRON_MAX, file);
    started->environment[started->size] = '\0';
    fclose(file);
    return true;
}

/* Those that a supervisor in this FADDER_HOME runs; none where there is none. */
static size_t find_started(struct started started[SUPERVISED_MAX])
{
    struct supervised list[SUPERVISED_MAX];
    size_t found = 0;
    struct error err;
    int count;

    if (!home_enter(&err) || home_holder() == 0 || !supervise_look(list, &count)) return 0;
    for (int i = 0; i < count; i++) {
        if (list[i].pid == 0 || !read_environment(list[i].pid, &started[found])) continue;
        text_copy(started[found].program, sizeof started[found].program, list[i].service);
        found++;
    }
    return found;
}

static const char *value_of(const struct started *started, const struct setting *setting)
{
    const size_t size = strlen(setting->name);

    for (const char *at = started->environment; at < started->environment + started->size;
         at += strlen(at) + 1)
        if (strncmp(at, setting->name, size) == 0 && at[size] == '=' && at[size + 1] != '\0')
            return at + size + 1;
    return setting->default_value;
}

/* How wide the column of names is: as the longest. */
static int name_width(void)
{
    size_t longest = 0;

    for (const struct setting *setting = settings_all; setting->name != NULL; setting++)
        if (strlen(setting->name) > longest) longest = strlen(setting->name);
    return (int)longest;
}

static void print_value(const struct setting *setting, const char *value, const char *whose)
{
    const bool is_default = strcmp(value, setting->default_value) == 0;
    const char *shown = value[0] == '\0' ? "-" : setting->is_secret ? "(set; not shown)" : value;

    printf("%-*s %s%s%s", name_width(), setting->name, shown, setting->unit == NULL ? "" : " ",
           setting->unit == NULL ? "" : setting->unit);
    if (is_default)
        printf("   (the default)");
    else if (setting->default_value[0] != '\0')
        printf("   (default: %s)", setting->default_value);
    printf("%s\n", whose);
}

/* Endpoints that are set: each is a setting of its own. */
static void print_endpoint(void *cookie, const char *name, const char *value)
{
    (void)cookie;
    printf("%-*s %s\n", name_width(), name, value);
}

static void print_running_endpoints(const struct setting *setting, const struct started *started)
{
    const size_t size = strcspn(setting->name, "*");

    for (const char *at = started->environment; at < started->environment + started->size;
         at += strlen(at) + 1)
        if (strncmp(at, setting->name, size) == 0 && strchr(at, '=') != NULL)
            printf("%.*s %s   in the running %s\n", (int)strcspn(at, "="), at, strchr(at, '=') + 1,
                   started->program);
}

static void print_setting(const struct setting *setting, const struct started *started,
                          size_t started_count)
{
    char whose[64];
    bool is_running = false;

    for (size_t i = 0; i < started_count; i++) {
        if (!setting_is_for(setting, started[i].program)) continue;
        is_running = true;
        snprintf(whose, sizeof whose, "   in the running %.31s", started[i].program);
        print_value(setting, value_of(&started[i], setting), whose);
    }
    if (!is_running) print_value(setting, setting_value(setting), "");
    if (strchr(setting->name, '*') != NULL) {
        settings_endpoints(print_endpoint, NULL);
        for (size_t i = 0; i < started_count; i++)
            print_running_endpoints(setting, &started[i]);
    }
    setting_print(stdout, setting, 4);
    printf("    For: %s.\n", setting->programs);
}

int command_settings(int argc, char **argv)
{
    struct started started[SUPERVISED_MAX];
    size_t count;
    int code;

    if (!options_read(
            argc, argv, "settings",
            "Shows every setting (an environment variable), what is in force, its default, "
            "and for\nwhich programs it is. Secrets are not shown.",
            NULL, 0, &code))
        return code;
    count = find_started(started);
    for (const struct setting *setting = settings_all; setting->name != NULL; setting++)
        print_setting(setting, started, count);
    for (size_t i = 0; i < count; i++)
        free(started[i].environment);
    return EXIT_DONE;
}
