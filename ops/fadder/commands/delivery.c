/* fadder delivery: what did not arrive, and sending it again. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "contract/delivery.h"
#include "core/date.h"
#include "core/error.h"
#include "core/instant.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static bool print_one(void *cookie, const void *row)
{
    const struct delivery *one = row;
    char at[INSTANT_TEXT_SIZE], id[ID_TEXT_SIZE], to[ID_TEXT_SIZE], code[24] = "";

    instant_write(one->queued, at);
    id_write(one->id, id);
    id_write(one->to, to);
    if (one->has_code) snprintf(code, sizeof code, " %lld", (long long)one->code);
    printf("%s  %s  %-7s  %-9s  to %s  %2lld attempts%s%s%s\n", id, at,
           message_channel_words[one->channel], delivery_state_words[one->state], to,
           (long long)one->attempts, one->has_reason ? ", last " : "",
           one->has_reason ? delivery_reason_words[one->reason] : "", code);
    ++*(size_t *)cookie;
    return true;
}

static bool is_state(const char *given)
{
    for (unsigned i = DELIVERY_STATE_QUEUED; i <= DELIVERY_STATE_GIVEN_UP; i++)
        if (strcmp(delivery_state_words[i], given) == 0) return true;
    return false;
}

int command_delivery_show(int argc, char **argv)
{
    static const char show[] = "delivery show";
    struct option options[] = {{.name = "--state",
                                .value = "S",
                                .what = "queued, delivered or given_up (where not given)"}};
    const struct ask_for nobody = {0};
    const char *state = "given_up";
    size_t count = 0;
    struct error err;
    int code;

    if (!options_read(
            argc, argv, show,
            "Lists deliveries in a state: id, since when, as what, whom to, how often it was\n"
            "tried, and why the last attempt failed.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    if (options[0].given != NULL) state = options[0].given;
    if (!is_state(state))
        return options_refuse(show, &options[0], "it must be queued, delivered or given_up");
    if (!home_enter(&err) ||
        !ask_rows(&nobody, find_record("delivery", NULL), "state", state, print_one, &count, &err))
        return ask_failed(show, &err);
    if (count == 0) printf("Nothing is %s.\n", state);
    ask_end();
    return EXIT_DONE;
}

int command_delivery_retry(int argc, char **argv)
{
    static const char retry[] = "delivery retry";
    struct option options[] = {{.name = "ID",
                                .what = "the delivery's id; of a webhook the webhook-id",
                                .is_required = true}};
    const struct ask_for nobody = {0};
    struct bus_accepted accepted;
    struct delivery row;
    struct ask_for scope;
    struct error err;
    struct id id;
    int code;

    if (!options_read(
            argc, argv, retry,
            "Sends a delivery again, under the same id: what was given up, or a webhook that the\n"
            "other side took and lost. It is tried as often as the first time. Not what is under\n"
            "way, nor more than five times, nor after 30 days.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    if (!id_read(options[0].given, strlen(options[0].given), &id))
        return options_refuse(retry, &options[0], "it must be a delivery's id, a UUID");
    if (!home_enter(&err) || !ask_row(&nobody, find_record("delivery", NULL), id, &row, &err))
        return ask_failed(retry, &err);
    scope = (struct ask_for){row.programme, row.country};
    if (!ask_command(&scope, NULL, find_command("delivery.retry", NULL), id, "", &accepted, &err))
        return ask_failed(retry, &err);
    ask_end();
    return EXIT_DONE;
}
