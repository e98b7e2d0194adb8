/* The first steps of every program, the same in each. */
#include "base/program.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "base/settings.h"
#include "core/error.h"

const char program_version[] = FADDER_VERSION;

static void print_help(const struct program *program, const char *called)
{
    printf("usage: %s [--help] [--version]%s\n\n%s\n", called,
           program->options == NULL ? "" : " [OPTION]", program->what);
    if (program->options != NULL) printf("\n%s\n", program->options);
    printf("\nSettings, from the environment (`fadder settings` shows those in force):\n\n");
    for (const struct setting *setting = settings_all; setting->name != NULL; setting++) {
        if (!setting_is_for(setting, program->name)) continue;
        printf("  %s", setting->name);
        if (setting->default_value[0] != '\0') printf(" (%s", setting->default_value);
        if (setting->unit != NULL) printf(" %s", setting->unit);
        printf("%s\n", setting->default_value[0] != '\0' ? ")" : "");
        setting_print(stdout, setting, 6);
    }
}

static void warn(void *cookie, const char *name, const char *nearest)
{
    (void)cookie;
    if (nearest == NULL)
        log_warning("unknown_setting", "name=%s", name);
    else
        log_warning("unknown_setting", "name=%s nearest=%s", name, nearest);
}

static bool cannot_start(const struct error *err, int *code)
{
    log_failure(LOG_ERROR, "cannot_start", err);
    *code = 1;
    return false;
}

static bool is_one_of(const char *argument, const char *const *allowed)
{
    for (; allowed != NULL && *allowed != NULL; allowed++)
        if (strcmp(argument, *allowed) == 0) return true;
    return false;
}

bool program_begin(const struct program *program, int argc, char **argv, const char *const *allowed,
                   int *code)
{
    struct error err;

    *code = 0;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        print_help(program, argv[0]);
        return false;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("fadder-%s %s\n", program->name, program_version);
        return false;
    }
    if (argc > 2 || (argc == 2 && !is_one_of(argv[1], allowed))) {
        fprintf(stderr, "%s: %s is not known here; --help tells what is\n", argv[0],
                argv[argc - 1]);
        *code = 2;
        return false;
    }
    if (!log_start(program->name, &err)) return cannot_start(&err, code);
    settings_unknown(warn, NULL);
    if (!settings_check_endpoints(&err)) return cannot_start(&err, code);
    crypto_start();
    crypto_forbid_dumps();
    return true;
}

struct files *program_home(struct error *err)
{
    umask(077);
    return files_open(setting_value(setting_of("FADDER_HOME")), err);
}
