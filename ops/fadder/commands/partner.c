/* fadder partner add, and what it has sent us. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/crypto.h"
#include "base/secret.h"
#include "contract/partner.h"
#include "core/date.h"
#include "core/error.h"
#include "core/instant.h"
#include "deliveries.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static const char add[] = "partner add";

int command_partner_add(int argc, char **argv)
{
    struct option options[] = {
        {.name = "--programme", .value = "P", .what = "the programme's slug", .is_required = true},
        {.name = "--organisation", .value = "O", .what = "whose system it is, by id"},
        {.name = "--name", .value = "N", .what = "what the partner is called", .is_required = true},
    };
    struct partner_create body = {0};
    struct bus_accepted accepted;
    struct ask_for scope;
    struct error err;
    char id[ID_TEXT_SIZE];
    int code;

    if (!options_read(argc, argv, add,
                      "Admits an agency's system. Prints its id and then its secret: they go into\n"
                      "POST /v1/hooks/<id> and into the signature. The secret is shown only now.",
                      options, sizeof options / sizeof options[0], &code))
        return code;
    if (strlen(options[2].given) >= sizeof body.name)
        return options_refuse(add, &options[2], "it must have at most 100 characters");
    snprintf(body.name, sizeof body.name, "%s", options[2].given);
    body.has_organisation = options[1].given != NULL;
    if (body.has_organisation &&
        !id_read(options[1].given, strlen(options[1].given), &body.organisation))
        return options_refuse(add, &options[1], "it must be an organisation's id, a UUID");
    if (!home_enter(&err) || !ask_programme(options[0].given, &scope, &err))
        return ask_failed(add, &err);
    secret_webhook(body.secret.current);
    if (!ask_command(&scope, NULL, find_command("partner.create", NULL), (struct id){0}, &body,
                     &accepted, &err))
        return ask_failed(add, &err);
    id_write(accepted.aggregate, id);
    printf("%s\n%s\n", id, body.secret.current);
    crypto_wipe(&body, sizeof body);
    ask_end();
    return EXIT_DONE;
}

static void print_delivery(const struct delivery *delivery)
{
    char at[INSTANT_TEXT_SIZE];

    instant_write((struct instant){delivery->at_ms}, at);
    printf("%s  %3u  %-20s  %s%s%s", at, delivery->status, delivery->code, delivery->id,
           delivery->fields[0] == '\0' ? "" : "  at ", delivery->fields);
    if (delivery->strangers > 0) printf("  %u unknown fields", delivery->strangers);
    putchar('\n');
}

int command_partner_log(int argc, char **argv)
{
    static const char log[] = "partner log";
    struct delivery found[DELIVERIES_KEPT];
    struct option options[] = {{.name = "ID", .what = "the partner's id", .is_required = true}};
    const struct ask_for nobody = {0};
    struct partner row;
    struct id partner;
    struct error err;
    size_t count;
    int code;

    if (!options_read(
            argc, argv, log,
            "Shows a partner's last 100 deliveries to us, the latest last: when, the status of\n"
            "our answer, accepted or why not, the webhook's id, the fields at fault,\n"
            "and how many we do not know.",
            options, 1, &code))
        return code;
    if (!id_read(options[0].given, strlen(options[0].given), &partner))
        return options_refuse(log, &options[0], "it must be a partner's id, a UUID");
    if (!home_enter(&err)) return ask_failed(log, &err);
    count = deliveries_read("gateway/deliveries", partner, found);
    if (count == 0 && !ask_row(&nobody, find_record("partner", NULL), partner, &row, &err))
        return ask_failed(log, &err);
    for (size_t i = count; i > 0; i--)
        print_delivery(&found[i - 1]);
    if (count == 0) printf("Nothing has come from them yet.\n");
    ask_end();
    return EXIT_DONE;
}
