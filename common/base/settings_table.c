/* Every setting there is, and which variables of the environment are none. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/settings.h"
#include "core/error.h"
#include "core/nearest.h"
#include "services/list.h"

extern char **environ;

/* clang-format off */
const struct setting settings_all[] = {
    {"FADDER_HOME", "./var", NULL, "all",
     "The one directory where everything lives.", 0, 0, false},
    {"FADDER_LOG", "info", NULL, "all",
     "How much is logged: error, warning, info or debug.\n"
     "debug also logs each request: its route and status, never its content.", 0, 0, false},
    {"FADDER_HTTP", "127.0.0.1:8080", NULL, "gateway fadder ops/demo",
     "Where the gateway listens; port 0: any that is free. TLS ends at a proxy in front.", 0, 0, false},
    {"FADDER_HTTP_URL", "", NULL, "pages",
     "How systems come to the gateway, as the pages tell an admin: https://fadder.example, without a slash at its end. Without it\n"
     "they tell the path alone.", 0, 0, false},
    {"FADDER_PAGES", "127.0.0.1:8081", NULL, "pages fadder",
     "Where the pages listen; port 0: any that is free. TLS ends at a proxy in front.", 0, 0, false},
    {"FADDER_PAGES_URL", "", NULL, "pages notification",
     "How people come to the pages, as mails say it: https://fadder.example, without a slash at its end. Without it\n"
     "mails have no links, and the pages take forms from http://127.0.0.1 only.", 0, 0, false},
    {"FADDER_PAGES_DEMONSTRATION", "no", NULL, "pages fadder",
     "yes: `fadder up` says links by which whoever is on this machine goes on as somebody of the programme, without\n"
     "a mail, as long as it runs. Only where FADDER_PAGES and FADDER_PAGES_URL are this machine's own (127.0.0.0/8, ::1).", 0, 0, false},
    {"FADDER_HTTP_PER_ADDRESS", "200", "connections", "gateway pages",
     "How many connections one address may have; 127.0.0.1, ::1 and FADDER_PROXY any number. 0: any.",
     0, 1 << 16, false},
    {"FADDER_ADDRESS_RATE", "200", "requests/s", "gateway pages",
     "How many requests one address may send in a second; as many may come at once. As with connections,\n"
     "this machine and FADDER_PROXY any number. 0: any.", 0, 1000000, false},
    {"FADDER_STRANGER_RATE", "10", "requests/s", "gateway pages",
     "How many of them may show a token that nobody has, or be signed wrongly; then what the address shows is\n"
     "not looked up, unless it is known to be good. 0: any.", 0, 1000000, false},
    {"FADDER_TOKEN_RATE", "500", "requests/s", "gateway",
     "How many requests may be sent with one token in a second; as many may come at once. 0: any.",
     0, 1000000, false},
    {"FADDER_TOKEN_READS", "8", "requests", "gateway",
     "How many reads one token may have under way at once. 0: any.", 0, 100000, false},
    {"FADDER_PROXY", "", NULL, "gateway pages",
     "Proxies in front, as CIDRs with commas between, such as 127.0.0.1: whose word on the client's address is\n"
     "believed. By default nobody's.", 0, 0, false},
    {"FADDER_PROXY_HEADER", "x-forwarded-for", NULL, "gateway pages",
     "Where they say it: x-forwarded-for or forwarded (RFC 7239). The other is never read.", 0, 0, false},
    {"FADDER_PARTNER_RATE", "100", "webhooks/s", "gateway",
     "How many webhooks one partner may send in a second; as many may come at once.", 1, 1000000, false},
    {"FADDER_ANSWER_MS", "5000", "ms", "gateway pages",
     "How long a service may take before a request is answered 503.", 100, 60000, false},
    {"FADDER_DISK_MIN", "256", "MiB", "services",
     "How much of the disk has to stay free; below it commands are refused as busy.", 0, 1 << 30, false},
    {"FADDER_OFF_MAX", "31", "days", "services",
     "How long the machine may have been off: a clock that is further ahead after a start has jumped,\n"
     "and an operator has to confirm it.", 1, 3650, false},
    {"FADDER_SMTP", "", NULL, "notification",
     "Where mail goes: smtp://host:port or smtps://user:password@host.\n"
     "Without it mails wait.", 0, 0, true},
    {"FADDER_MAIL_FILES", "no", NULL, "notification fadder",
     "yes, for a demonstration and nothing else: without FADDER_SMTP each mail becomes a file in the folder\n"
     "mail of FADDER_HOME, for an hour; none is written of those that protected people are sent.", 0, 0, false},
    {"FADDER_MAIL_FROM", "Fadder <fadder@localhost>", NULL, "notification",
     "Who mails come from, Name <local@domain>; the domain is the Message-IDs' too.", 0, 0, false},
    {"FADDER_MAIL_RATE", "200", "mails/s", "notification",
     "How many mails may go out in a second.", 1, 10000, false},
    {"FADDER_WEBHOOK_ALLOW", "", NULL, "registry notification",
     "Networks that webhooks may go to besides the public internet, also by http:\n"
     "CIDRs such as 127.0.0.0/8, with commas between.", 0, 0, false},
    {"FADDER_ENDPOINT_*", "", NULL, "all",
     "Where a service listens on the bus: FADDER_ENDPOINT_<SERVICE>_COMMANDS, _READS and\n"
     "_LOOKUPS, such as ipc://run/registry.reads or tcp://10.0.0.7:5555: by whatever way, only who has\n"
     "a key in FADDER_HOME/keys/bus is let in. By default ipc sockets in FADDER_HOME/run.", 0, 0, false},
    {"FADDER_BIN", "", NULL, "ops/demo ops/bench ops/test",
     "The folder with the programs.", 0, 0, false},
    {"FADDER_PORT", "8080", NULL, "docker-compose.yml",
     "Where the gateway's container is reached on this machine, on 127.0.0.1.", 0, 0, false},
    {"FADDER_PAGES_PORT", "8081", NULL, "docker-compose.yml",
     "Where the pages' container is reached on this machine, on 127.0.0.1.", 0, 0, false},
    {"FADDER_LONG", "", NULL, "ops/test",
     "Set to anything: storms of kills and the like are ten times as long.", 0, 0, false},
    {NULL, NULL, NULL, NULL, NULL, 0, 0, false},
};
/* clang-format on */

const struct setting *setting_of(const char *name)
{
    for (const struct setting *setting = settings_all; setting->name != NULL; setting++)
        if (strcmp(setting->name, name) == 0) return setting;
    bug("there is no setting %s", name);
}

bool setting_is_for(const struct setting *setting, const char *program)
{
    const bool is_service = strcmp(program, "gateway") != 0 && strcmp(program, "pages") != 0 &&
                            strcmp(program, "fadder") != 0;
    const size_t size = strlen(program);

    for (const char *word = setting->programs; *word != '\0'; word += strspn(word, " ")) {
        const size_t length = strcspn(word, " ");

        if ((length == size && memcmp(word, program, size) == 0) ||
            (length == 3 && memcmp(word, "all", 3) == 0) ||
            (is_service && length == 8 && memcmp(word, "services", 8) == 0))
            return true;
        word += length;
    }
    return false;
}

void setting_print(FILE *file, const struct setting *setting, int indent)
{
    for (const char *line = setting->meaning; *line != '\0'; line += strspn(line, "\n")) {
        const int size = (int)strcspn(line, "\n");

        fprintf(file, "%*s%.*s\n", indent, "", size, line);
        line += size;
    }
}

/* A service that keeps a journal, and one of its doors, as in an endpoint's variable. */
static bool is_endpoint(const char *name, size_t size)
{
    static const char *const journaled[] = {SERVICES_JOURNALED};
    static const char *const doors[] = {"COMMANDS", "READS", "LOOKUPS"};
    char known[64];

    for (size_t i = 0; i < sizeof journaled / sizeof journaled[0]; i++)
        for (size_t n = 0; n < sizeof doors / sizeof doors[0]; n++) {
            const int length = snprintf(known, sizeof known, "%s_%s", journaled[i], doors[n]);

            for (int at = 0; at < length; at++)
                known[at] = (char)(known[at] == '-' ? '_' : toupper((unsigned char)known[at]));
            if ((size_t)length == size && memcmp(known, name, size) == 0) return true;
        }
    return false;
}

static bool is_known(const char *name, size_t size)
{
    for (const struct setting *setting = settings_all; setting->name != NULL; setting++) {
        const size_t length = strcspn(setting->name, "*");

        if (size < length || strncmp(setting->name, name, length) != 0) continue;
        if (setting->name[length] == '*' ? is_endpoint(name + length, size - length)
                                         : size == length)
            return true;
    }
    return false;
}

static size_t endpoint_prefix(const char *variable)
{
    static const char prefix[] = "FADDER_ENDPOINT_";

    return strncmp(variable, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0;
}

void settings_endpoints(endpoint_visit *visit, void *cookie)
{
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        const size_t size = strcspn(*variable, "="), prefix = endpoint_prefix(*variable);
        char name[64];

        if (prefix == 0 || !is_endpoint(*variable + prefix, size - prefix)) continue;
        snprintf(name, sizeof name, "%.*s", (int)size, *variable);
        visit(cookie, name, *variable + size + 1);
    }
}

static void refuse_long(void *cookie, const char *name, const char *value)
{
    if (strlen(value) < SETTINGS_ENDPOINT_SIZE) return;
    error_set(cookie, ERROR_INVALID, "setting", "%s is longer than %d bytes", name,
              SETTINGS_ENDPOINT_SIZE - 1);
}

bool settings_check_endpoints(struct error *err)
{
    err->kind = ERROR_NONE;
    settings_endpoints(refuse_long, err);
    return err->kind == ERROR_NONE;
}

static const char *nearest_to(const char *name, size_t size)
{
    const char *nearest = NULL;
    size_t least = NEAREST_NONE;

    for (const struct setting *setting = settings_all; setting->name != NULL; setting++)
        if (nearest_is(name, size, setting->name, &least)) nearest = setting->name;
    return nearest;
}

void settings_unknown(setting_visit *visit, void *cookie)
{
    char name[64];

    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        const size_t size = strcspn(*variable, "=");

        if (strncmp(*variable, "FADDER_", 7) != 0 || is_known(*variable, size)) continue;
        snprintf(name, sizeof name, "%.*s", (int)size, *variable);
        visit(cookie, name, nearest_to(*variable, size));
    }
}
