/* fadder token add: let somebody act in a role. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/secret.h"
#include "contract/token.h"
#include "core/error.h"
#include "core/life.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static const char add[] = "token add";
#define ROLES                                                                          \
    "coordinator, programme_admin, mentor, participant, guardian, host, supervisor,\n" \
    "counsellor, decision_maker, volunteer_coordinator, data_protection_officer and\n" \
    "agency_system; co pa me pt gu ho su cn dm vc dp ag for short"

enum { DAYS_MAX = 366 };

static bool read_role(const char *word, enum actor_role *role)
{
    for (unsigned i = 0; i < sizeof actor_role_words / sizeof actor_role_words[0] - 1; i++) {
        if (i == ACTOR_ROLE_TM || i == ACTOR_ROLE_SYS) continue;
        if (strcasecmp(life_letters[i], word) != 0 && strcmp(actor_role_words[i], word) != 0)
            continue;
        *role = (enum actor_role)i;
        return true;
    }
    return false;
}

/* Where they are not said, the registry knows for how long. */
static bool read_days(const char *text, struct token_create *body)
{
    int64_t days;
    char *end;

    body->has_expires = text != NULL;
    if (text == NULL) return true;
    days = strtoll(text, &end, 10);
    body->expires = instant_add_days((struct instant){clock_now_ms()}, days);
    return *end == '\0' && days >= 1 && days <= DAYS_MAX;
}

int command_token_add(int argc, char **argv)
{
    struct option options[] = {
        {.name = "--role",
         .value = "R",
         .what = "coordinator, mentor, host …: one of those above",
         .is_required = true},
        {.name = "--programme",
         .value = "P",
         .what = "the programme's slug; may be left out where there is but one"},
        {.name = "--organisation",
         .value = "O",
         .what = "on whose behalf, by id: for whom they take that part; may be left out"},
        {.name = "--person",
         .value = "ID",
         .what = "who shows it, by id: has that part (agency_system: the partner)",
         .is_required = true},
        {.name = "--days", .value = "N", .what = "for how long, 90 where it is not said"},
    };
    struct token_create body = {0};
    struct bus_accepted accepted;
    struct ask_for scope = {0};
    struct error err;
    char token[SECRET_TEXT_SIZE];
    int code;

    if (!options_read(
            argc, argv, add,
            "Makes a bearer token and prints it, as the last line. Only its hash is kept: it\n"
            "is shown only now.\n\nRoles: " ROLES ".",
            options, sizeof options / sizeof options[0], &code))
        return code;
    if (!read_role(options[0].given, &body.role))
        return options_refuse(add, &options[0], "roles are " ROLES);
    body.has_organisation = options[2].given != NULL;
    if (body.has_organisation &&
        !id_read(options[2].given, strlen(options[2].given), &body.organisation))
        return options_refuse(add, &options[2], "it must be an organisation's id, a UUID");
    if (!id_read(options[3].given, strlen(options[3].given), &body.person))
        return options_refuse(add, &options[3], "it must be a person's id, a UUID");
    if (!read_days(options[4].given, &body))
        return options_refuse(add, &options[4], "it must be a number of days from 1 to 366");
    if (!home_enter(&err) || !ask_programme(options[1].given, &scope, &err))
        return ask_failed(add, &err);
    secret_token(token, body.hash.at);
    body.hash.size = CRYPTO_HASH_SIZE;
    if (!ask_command(&scope, NULL, find_command("token.create", NULL), (struct id){0}, &body,
                     &accepted, &err))
        return ask_failed(add, &err);
    printf("%s\n", token);
    crypto_wipe(token, sizeof token);
    ask_end();
    return EXIT_DONE;
}
