/* Generated from tram.json. */
#include "contract/tram.h"

ASSERT_INPUT_LAYOUT(tram);
ASSERT_EVENT_LAYOUT(tram);
const struct refusal tram_too_old = {ERROR_REFUSED, "tram.too_old",
    "Nobody builds such trams any more.", NULL, false};
const struct refusal tram_no_number = {ERROR_INVALID, "tram.no_number",
    "There is no such number.", "number", false};
const struct refusal tram_not_theirs = {ERROR_FORBIDDEN, "tram.not_theirs",
    "It is another depot's.", NULL, true};

static const struct command commands[] = {
    {&tram_build_descriptor, "POST /v1/trams", NULL, &tram_build_answer_descriptor, NULL, NULL, true},
    {&tram_see_descriptor, NULL, "tram.seen", NULL, NULL, NULL, true},
    {&tram_scrap_descriptor, "POST /v1/trams/{id}/scrap", NULL, NULL, NULL, NULL, false},
    {&tram_rust_descriptor, NULL, NULL, NULL, NULL, NULL, false},
};
static const struct subscription subscriptions[] = {
    {&driver_employed_descriptor, "staff"},
};
static const struct descriptor *const events[] = {
    &tram_built_descriptor,
    &tram_scrapped_descriptor,
};
const struct contract tram_contract = {
    .name = "tram", .service = "depot",
    .command_count = 4, .commands = commands,
    .subscription_count = 1, .subscriptions = subscriptions,
    .event_count = 2, .events = events,
    .record_count = 2, .records = tram_records,
    .input_size = sizeof(struct tram_input), .input_head = offsetof(struct tram_input, head),
    .input_body = offsetof(struct tram_input, tram_build),
    .event_size = sizeof(struct tram_event), .event_body = offsetof(struct tram_event, tram_built),
    .events_size = sizeof(struct tram_events), .events_at = offsetof(struct tram_events, at),
    .events_answer = offsetof(struct tram_events, tram_build_answer),
};
