/* Lines of metrics, and the sentences that go with those that want somebody. */
#include "system/health.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "core/instant.h"
#include "operator/home.h"

enum { PATIENCE_MS = 2000, GLANCE_MS = 500 };

bool health_ask(const char *service, char text[HEALTH_TEXT_MAX])
{
    return ask_status(service, PATIENCE_MS, text, HEALTH_TEXT_MAX);
}

bool health_any(void)
{
    char text[HEALTH_TEXT_MAX];
    bool has_answered = false;

    for (size_t i = 0; services[i] != NULL && !has_answered; i++)
        has_answered =
            has_journal(services[i]) && ask_status(services[i], GLANCE_MS, text, sizeof text);
    return has_answered;
}

double health_metric(const char *text, const char *name)
{
    const size_t size = strlen(name);
    double most = 0;
    bool is_any = false;

    for (const char *line = text; line != NULL && *line != '\0';
         line = strchr(line, '\n'), line = line == NULL ? NULL : line + 1) {
        const char *value;

        if (strncmp(line, name, size) != 0 || (line[size] != ' ' && line[size] != '{')) continue;
        value = line[size] == '{' ? strchr(line, '}') : line + size;
        if (value == NULL || (is_any && strtod(value + 1, NULL) <= most)) continue;
        most = strtod(value + 1, NULL);
        is_any = true;
    }
    return most;
}

/* The value of a label in the line of a metric; empty when it has none. */
static void label(const char *line, const char *name, char *value, size_t room)
{
    char search[32];
    const char *at;
    size_t size;

    value[0] = '\0';
    snprintf(search, sizeof search, "%s=\"", name);
    if ((at = strstr(line, search)) == NULL) return;
    at += strlen(search);
    size = strcspn(at, "\"\n");
    if (size >= room) return;
    memcpy(value, at, size);
    value[size] = '\0';
}

/* What it follows no further, and what can be done about it. */
static void print_stopped(const char *service, const char *text)
{
    for (const char *line = text; (line = strstr(line, "\nfadder_follow_stopped{")) != NULL;
         line++) {
        char from[64], why[64];

        label(line, "from", from, sizeof from);
        label(line, "why", why, sizeof why);
        if (strcmp(why, "upgrade_me") == 0)
            printf("  It follows %s no further, who says what only a newer version understands: "
                   "upgrade it.\n",
                   from);
        else
            printf("  It follows %s no further, from whose journal it has parted (%s): was one "
                   "restored alone?\n  `fadder resume %s %s --help` tells how to go on.\n",
                   from, why, service, from);
    }
}

static void print_clock(void)
{
    char now[INSTANT_TEXT_SIZE];

    instant_write((struct instant){clock_now_ms()}, now);
    printf("  It waits, as the machine's clock jumped: it is %s now. Set it, or say\n"
           "  `fadder clock confirm` if that is right.\n",
           now);
}

static const struct {
    const char *cause, *what;
} mail_faults[] = {
    {"no_server", "FADDER_SMTP names no server that they could go to."},
    {"route", "There is no way to the server that FADDER_SMTP names."},
    {"tls", "The connection to the server that FADDER_SMTP names is not secured as it has to be."},
    {"login", "Its server refuses the user or the password in FADDER_SMTP."},
    {"sender",
     "Its server refuses whom mails are from: FADDER_MAIL_FROM, or what stands in the DNS\n"
     "  of that domain (SPF, DKIM)."},
    {"policy", "Its server lets no mail through, by rules of its own."},
    {"unknown", "Its server has taken no mail for a while."},
};

static void print_mail_fault(const char *line)
{
    char cause[16], code[8];

    label(line, "cause", cause, sizeof cause);
    label(line, "code", code, sizeof code);
    for (size_t i = 0; i < sizeof mail_faults / sizeof mail_faults[0]; i++)
        if (strcmp(mail_faults[i].cause, cause) == 0)
            printf("  Mails wait. %s%s%s%s\n", mail_faults[i].what,
                   strcmp(code, "0") == 0 ? "" : " It answered ",
                   strcmp(code, "0") == 0 ? "" : code, strcmp(code, "0") == 0 ? "" : ".");
}

static void print_mail_faults(const char *text)
{
    for (const char *line = text; (line = strstr(line, "\nfadder_mail_fault{")) != NULL; line++)
        print_mail_fault(line + 1);
}

static void print_unreached(double count)
{
    if (count == 0) return;
    printf("  Programmes whose coordinators no mail reaches, as there is no mailbox or it takes "
           "nothing:\n"
           "  %.0f. The log names them; `fadder say programme.change` states another.\n",
           count);
}

static void print_uncleared(double programmes)
{
    if (programmes > 0)
        printf("  In %.0f programmes somebody is under protection, and nobody is cleared to "
               "coordinate\n"
               "  for them. Its log names them (programme_uncleared); clear a coordinator "
               "(person.grant_role).\n",
               programmes);
}

/* Before it is refused, and when it is. */
static void print_room(const char *text)
{
    const double free_mib = health_metric(text, "fadder_disk_free_bytes") / (1 << 20);

    if (health_metric(text, "fadder_room_shortage") < 2)
        printf("  The disk is nearly full: %.0f MiB are left; below %.0f (FADDER_DISK_MIN, MiB)\n"
               "  commands are refused. Make room.\n",
               free_mib, health_metric(text, "fadder_disk_min_bytes") / (1 << 20));
    else
        printf(
            "  Commands are refused: there is no room, %.0f MiB are left on the disk. Make room.\n",
            free_mib);
}

static void print_lost(double keys)
{
    printf(
        "  The keys of %.0f persons, organisations and systems are lost: what was sealed of them\n"
        "  cannot be read. Its log names them (key_lost). Persons can be erased, and registered\n"
        "  anew; partners and endpoints be given another secret (rotate_secret), which their\n"
        "  systems sign with from then on; of organisations and programmes the contact be said\n"
        "  again (change).\n",
        keys);
}

static void print_unopened(double owners)
{
    printf("  What is sealed of %.0f persons, organisations and systems is missing or damaged. Its "
           "log\n"
           "  names them (not_opened); bring back a backup that has it, or ask them again.\n",
           owners);
}

static bool is_held(const char *text)
{
    return health_metric(text, "fadder_clock_jump_seconds") != 0;
}

bool health_is_ready(const char *text)
{
    return !is_held(text) && health_metric(text, "fadder_follow_stopped") == 0 &&
           health_metric(text, "fadder_room_shortage") < 2;
}

bool health_needs_somebody(const char *text)
{
    static const char *const wants[] = {"fadder_set_aside",           "fadder_room_shortage",
                                        "fadder_keys_lost",           "fadder_mail_fault",
                                        "fadder_sealed_unopened",     "fadder_programmes_unreached",
                                        "fadder_programmes_uncleared"};
    bool wants_somebody = !health_is_ready(text);

    for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++)
        wants_somebody = wants_somebody || health_metric(text, wants[i]) > 0;
    return wants_somebody;
}

void health_tell(const char *service, const char *text)
{
    const double set_aside = health_metric(text, "fadder_set_aside"),
                 lost = health_metric(text, "fadder_keys_lost"),
                 unopened = health_metric(text, "fadder_sealed_unopened");

    if (is_held(text)) print_clock();
    if (health_metric(text, "fadder_room_shortage") > 0) print_room(text);
    if (lost > 0) print_lost(lost);
    if (unopened > 0) print_unopened(unopened);
    print_stopped(service, text);
    print_mail_faults(text);
    print_unreached(health_metric(text, "fadder_programmes_unreached"));
    print_uncleared(health_metric(text, "fadder_programmes_uncleared"));
    if (set_aside > 0)
        printf("  %.0f inputs are set aside there: `fadder quarantine show` lists them.\n",
               set_aside);
}
