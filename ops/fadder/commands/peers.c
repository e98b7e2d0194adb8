/* fadder peers: who is who on the bus. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/crypto.h"
#include "base/files.h"
#include "bus/key.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static const char operators[] = "operator";

static bool is_program(const char *name)
{
    for (size_t i = 0; services[i] != NULL; i++)
        if (strcmp(services[i], name) == 0) return true;
    return strcmp(name, operators) == 0;
}

static bool show(struct files *files, const char *program, struct error *err)
{
    char text[CRYPTO_BASE64_SIZE(BUS_KEY_SIZE)];
    struct bus_key key;

    if (!bus_key_own(files, program, &key, err)) return false;
    crypto_base64_encode(key.public, sizeof key.public, text);
    crypto_wipe(&key, sizeof key);
    printf("%-20s %s\n", program, text);
    return true;
}

/* Of all, or of one. */
static bool show_all(struct files *files, const char *program, struct error *err)
{
    if (program != NULL) return show(files, program, err);
    for (size_t i = 0; services[i] != NULL; i++)
        if (!show(files, services[i], err)) return false;
    return show(files, operators, err);
}

int command_peers(int argc, char **argv)
{
    struct option options[] = {{.name = "PROGRAM", .what = "all of them where it is not given"}};
    struct files *files;
    struct error err;
    bool is_ok;
    int code;

    if (!options_read(
            argc, argv, "peers",
            "Makes the keys by which the programs know each other, where they are missing, and\n"
            "shows what is public of them. Each program makes its own when it starts; so this\n"
            "is for who installs them for users of their own: keys/bus.PROGRAM.secret has to\n"
            "belong to who runs that program (mode 600), and keys/bus, the list of who is let in,\n"
            "be readable by all and writable by none of them. Who is taken out of it comes in no\n"
            "more; who is connected stays until the next start.",
            options, 1, &code))
        return code;
    if (options[0].given != NULL && !is_program(options[0].given))
        return options_refuse("peers", &options[0], "it must be a service, or `operator`");
    if (!home_make(&err) || (files = files_open(".", &err)) == NULL)
        return ask_failed("peers", &err);
    is_ok = show_all(files, options[0].given, &err);
    files_close(files);
    return is_ok ? EXIT_DONE : ask_failed("peers", &err);
}
