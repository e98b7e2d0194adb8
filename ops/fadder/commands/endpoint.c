/* fadder endpoint add: where a partner wants to hear from us. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/crypto.h"
#include "base/secret.h"
#include "contract/endpoint.h"
#include "contract/partner.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static const char add[] = "endpoint add";

int command_endpoint_add(int argc, char **argv)
{
    struct option options[] = {
        {.name = "--partner", .value = "ID", .what = "the partner's id", .is_required = true},
        {.name = "--url", .value = "URL", .what = "where to, https://…", .is_required = true},
    };
    struct endpoint_create body = {0};
    const struct ask_for nobody = {0};
    struct bus_accepted accepted;
    struct partner partner;
    struct ask_for scope;
    struct error err;
    char id[ID_TEXT_SIZE];
    int code;

    if (!options_read(
            argc, argv, add,
            "Sends a partner's webhooks to an address. Prints the endpoint's id and then the\n"
            "secret that we sign with, which is shown only now. Addresses must be https and\n"
            "outside our own networks, or it is refused; FADDER_WEBHOOK_ALLOW of the services\n"
            "admits others.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    if (!id_read(options[0].given, strlen(options[0].given), &body.partner))
        return options_refuse(add, &options[0], "it must be a partner's id, a UUID");
    if (strlen(options[1].given) >= sizeof body.url)
        return options_refuse(add, &options[1], "it must have at most 200 characters");
    if (strncmp(options[1].given, "http://", 7) != 0 &&
        strncmp(options[1].given, "https://", 8) != 0)
        return options_refuse(add, &options[1], "it must be an https address");
    snprintf(body.url, sizeof body.url, "%s", options[1].given);
    if (!home_enter(&err) ||
        !ask_row(&nobody, find_record("partner", NULL), body.partner, &partner, &err))
        return ask_failed(add, &err);
    scope = (struct ask_for){partner.programme, partner.country};
    secret_webhook(body.secret.current);
    if (!ask_command(&scope, NULL, find_command("endpoint.create", NULL), (struct id){0}, &body,
                     &accepted, &err))
        return ask_failed(add, &err);
    id_write(accepted.aggregate, id);
    printf("%s\n%s\n", id, body.secret.current);
    crypto_wipe(&body, sizeof body);
    ask_end();
    return EXIT_DONE;
}
