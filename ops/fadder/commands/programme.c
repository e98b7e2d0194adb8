/* fadder programme add, show: tenants, made and looked at. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "codes/beginning.h"
#include "contract/programme.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static const char add[] = "programme add";

static bool read_country(const char *word, enum country *country)
{
    for (unsigned i = 0; i <= COUNTRY_NO; i++)
        if (strcmp(country_words[i], word) == 0) {
            *country = (enum country)i;
            return true;
        }
    return false;
}

/* Whether it is an address, the command's check says. */
static bool read_mailbox(const char *given, struct programme_create *body)
{
    if (given == NULL) return true;
    if (strlen(given) >= sizeof body->contact.email || strchr(given, '@') == NULL) return false;
    body->has_contact = true;
    snprintf(body->contact.email, sizeof body->contact.email, "%s", given);
    return true;
}

static void warn(void)
{
    fprintf(stderr,
            "It has no mailbox: its coordinators hear of nothing until it states one\n"
            "(--mailbox, or later `fadder say programme.change`) or an association owns it.\n");
}

int command_programme_add(int argc, char **argv)
{
    struct option options[] = {
        {.name = "--slug",
         .value = "P",
         .what = "its name in addresses: small letters, digits, hyphens",
         .is_required = true},
        {.name = "--name", .value = "N", .what = "what it is called", .is_required = true},
        {.name = "--country", .value = "C", .what = "se or no", .is_required = true},
        {.name = "--mailbox",
         .value = "M",
         .what = "where its coordinators are written to: a function's e-mail address"},
    };
    struct programme_create body = {.slug = ""};
    const struct ask_for nobody = {0};
    struct bus_accepted accepted;
    struct error err;
    char id[ID_TEXT_SIZE];
    int code;

    if (!options_read(argc, argv, add,
                      "Creates a programme with default deadlines, from today. Prints its id.\n"
                      "`fadder say programme.change` changes what it is.",
                      options, sizeof options / sizeof options[0], &code))
        return code;
    if (strlen(options[0].given) >= sizeof body.slug || strlen(options[0].given) > 48)
        return options_refuse(add, &options[0], "it must have at most 48 characters");
    if (strlen(options[1].given) >= sizeof body.name)
        return options_refuse(add, &options[1], "it must have at most 100 characters");
    if (!read_country(options[2].given, &body.countries.at[0]))
        return options_refuse(add, &options[2], "it must be se or no");
    snprintf(body.slug, sizeof body.slug, "%s", options[0].given);
    snprintf(body.name, sizeof body.name, "%s", options[1].given);
    if (!read_mailbox(options[3].given, &body))
        return options_refuse(add, &options[3],
                              "it must be an address like local@domain, of at most 120 characters");
    body.countries.count = body.languages.count = 1;
    body.languages.at[0] = body.countries.at[0] == COUNTRY_NO ? LANGUAGE_NB : LANGUAGE_SV;
    body.from = instant_date((struct instant){clock_now_ms()});
    body.rules = beginning_rules;
    if (!home_enter(&err) || !ask_command(&nobody, NULL, find_command("programme.create", NULL),
                                          (struct id){0}, &body, &accepted, &err))
        return ask_failed(add, &err);
    id_write(accepted.aggregate, id);
    printf("%s\n", id);
    if (!body.has_contact) warn();
    ask_end();
    return EXIT_DONE;
}

static bool show(void *cookie, const void *row)
{
    const struct programme *programme = row;
    char id[ID_TEXT_SIZE];

    *(bool *)cookie = true;
    id_write(programme->id, id);
    printf("%s  %-24s %-8s %s%s\n", id, programme->slug, programme_state_words[programme->state],
           programme->name, programme->mailbox ? "" : " (no mailbox of its own)");
    return true;
}

int command_programme_show(int argc, char **argv)
{
    struct option options[] = {
        {.name = "P", .what = "a slug; all programmes where it is not given"}};
    const struct ask_for nobody = {0};
    struct error err;
    bool is_there = false;
    int code;

    if (!options_read(argc, argv, "programme show", "Lists programmes: id, slug, state, name.",
                      options, 1, &code))
        return code;
    if (!home_enter(&err) ||
        !ask_rows(&nobody, find_record("programme", NULL), options[0].given == NULL ? NULL : "slug",
                  options[0].given, show, &is_there, &err))
        return ask_failed("programme show", &err);
    ask_end();
    if (is_there) return EXIT_DONE;
    fprintf(stderr, "fadder programme show: there is %s\n",
            options[0].given == NULL ? "none yet" : "no such programme");
    return EXIT_FAILED;
}
