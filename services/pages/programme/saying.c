/* What is said of partners, endpoints and deliveries in the same way everywhere. */
#include <stdio.h>

#include "contract/organisation.h"
#include "programme/programme.h"
#include "rows.h"

/* clang-format off */
static const enum words_key partners[] = {
    [PARTNER_STATE_NONE] = WORDS_PAGE_PARTNER_DISABLED, [PARTNER_STATE_ACTIVE] = WORDS_PAGE_PARTNER_ACTIVE,
    [PARTNER_STATE_DISABLED] = WORDS_PAGE_PARTNER_DISABLED,
};

static const enum words_key endpoints[] = {
    [ENDPOINT_STATE_NONE] = WORDS_PAGE_ENDPOINT_DISABLED,     [ENDPOINT_STATE_ACTIVE] = WORDS_PAGE_ENDPOINT_ACTIVE,
    [ENDPOINT_STATE_DISABLED] = WORDS_PAGE_ENDPOINT_DISABLED, [ENDPOINT_STATE_GONE] = WORDS_PAGE_ENDPOINT_GONE,
};

static const enum words_key deliveries[] = {
    [DELIVERY_STATE_NONE] = WORDS_PAGE_DELIVERY_QUEUED,         [DELIVERY_STATE_QUEUED] = WORDS_PAGE_DELIVERY_QUEUED,
    [DELIVERY_STATE_DELIVERED] = WORDS_PAGE_DELIVERY_DELIVERED, [DELIVERY_STATE_GIVEN_UP] = WORDS_PAGE_DELIVERY_GIVEN_UP,
};

static const enum words_key whys[] = {
    [DELIVERY_REASON_DNS_ERROR] = WORDS_PAGE_DELIVERY_DNS_ERROR,
    [DELIVERY_REASON_CONNECTION_REFUSED] = WORDS_PAGE_DELIVERY_CONNECTION_REFUSED,
    [DELIVERY_REASON_CONNECTION_RESET] = WORDS_PAGE_DELIVERY_CONNECTION_RESET,
    [DELIVERY_REASON_NETWORK_UNREACHABLE] = WORDS_PAGE_DELIVERY_NETWORK_UNREACHABLE,
    [DELIVERY_REASON_TIMEOUT] = WORDS_PAGE_DELIVERY_TIMEOUT,
    [DELIVERY_REASON_TLS_ERROR] = WORDS_PAGE_DELIVERY_TLS_ERROR,
    [DELIVERY_REASON_REDIRECT_ERROR] = WORDS_PAGE_DELIVERY_REDIRECT_ERROR,
    [DELIVERY_REASON_NETWORK_ERROR] = WORDS_PAGE_DELIVERY_NETWORK_ERROR,
    [DELIVERY_REASON_ADDRESS_FORBIDDEN] = WORDS_PAGE_DELIVERY_ADDRESS_FORBIDDEN,
    [DELIVERY_REASON_HTTP] = WORDS_PAGE_DELIVERY_REFUSED,
    [DELIVERY_REASON_SMTP] = WORDS_PAGE_DELIVERY_REFUSED,
    [DELIVERY_REASON_NO_ADDRESS] = WORDS_PAGE_DELIVERY_NO_ADDRESS,
    [DELIVERY_REASON_BAD_ADDRESS] = WORDS_PAGE_DELIVERY_BAD_ADDRESS,
    [DELIVERY_REASON_NOT_READABLE] = WORDS_PAGE_DELIVERY_NOT_READABLE,
    [DELIVERY_REASON_NO_READER] = WORDS_PAGE_DELIVERY_NO_READER,
    [DELIVERY_REASON_NO_WORDS] = WORDS_PAGE_DELIVERY_NO_WORDS,
    [DELIVERY_REASON_ENDPOINT_DISABLED] = WORDS_PAGE_DELIVERY_ENDPOINT_DISABLED,
    [DELIVERY_REASON_TOO_LATE] = WORDS_PAGE_DELIVERY_TOO_LATE,
    [DELIVERY_REASON_NOT_CLEARED] = WORDS_PAGE_DELIVERY_NOT_CLEARED,
    [DELIVERY_REASON_TAKEN_BACK] = WORDS_PAGE_DELIVERY_TAKEN_BACK,
    [DELIVERY_REASON_NOT_HEARD] = WORDS_PAGE_DELIVERY_NOT_HEARD,
    [DELIVERY_REASON_OVERTAKEN] = WORDS_PAGE_DELIVERY_OVERTAKEN,
};
_Static_assert(sizeof whys / sizeof whys[0] ==
                   sizeof delivery_reason_words / sizeof delivery_reason_words[0] - 1,
               "one for each");

static const enum words_key tokens[] = {
    [TOKEN_STATE_NONE] = WORDS_PAGE_TOKEN_REVOKED, [TOKEN_STATE_ACTIVE] = WORDS_PAGE_TOKEN_ACTIVE,
    [TOKEN_STATE_REVOKED] = WORDS_PAGE_TOKEN_REVOKED,
};

static const struct show_option parts[] = {
    [PERSON_PART_PARTICIPANT] = {"participant", WORDS_EXPORT_WORD_PARTICIPANT, NULL},
    [PERSON_PART_MENTOR] = {"mentor", WORDS_EXPORT_WORD_MENTOR, NULL},
    [PERSON_PART_SUPERVISOR] = {"supervisor", WORDS_EXPORT_WORD_SUPERVISOR, NULL},
    [PERSON_PART_COORDINATOR] = {"coordinator", WORDS_EXPORT_WORD_COORDINATOR, NULL},
    [PERSON_PART_COUNSELLOR] = {"counsellor", WORDS_EXPORT_WORD_COUNSELLOR, NULL},
    [PERSON_PART_GUIDE] = {"guide", WORDS_PAGE_PART_GUIDE, NULL},
    [PERSON_PART_GUARDIAN] = {"guardian", WORDS_EXPORT_WORD_GUARDIAN, NULL},
    [PERSON_PART_DECISION_MAKER] = {"decision_maker", WORDS_EXPORT_WORD_DECISION_MAKER, NULL},
    [PERSON_PART_VOLUNTEER_COORDINATOR] = {"volunteer_coordinator", WORDS_EXPORT_WORD_VOLUNTEER_COORDINATOR, NULL},
    [PERSON_PART_SIGNATORY] = {"signatory", WORDS_PAGE_PART_SIGNATORY, NULL},
    [PERSON_PART_DATA_PROTECTION_OFFICER] = {"data_protection_officer", WORDS_EXPORT_WORD_DATA_PROTECTION_OFFICER, NULL},
};

static const struct show_option protections[] = {
    [PROTECTION_NONE] = {"none", WORDS_EXPORT_WORD_NONE, NULL},
    [PROTECTION_MARKED] = {"marked", WORDS_EXPORT_WORD_MARKED, NULL},
    [PROTECTION_CONFIDENTIAL] = {"confidential", WORDS_EXPORT_WORD_CONFIDENTIAL, NULL},
    [PROTECTION_STRICTLY] = {"strictly", WORDS_EXPORT_WORD_STRICTLY, NULL},
};

static const struct show_option reasons[] = {
    {"contract_ended", WORDS_PAGE_WHY_CONTRACT_ENDED, NULL},
    {"compromised", WORDS_PAGE_WHY_COMPROMISED, NULL},
    {"unused", WORDS_PAGE_WHY_UNUSED, NULL},
    {"data_error", WORDS_PAGE_WHY_DATA_ERROR, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};
/* clang-format on */

const struct show_options programme_reasons = {sizeof reasons / sizeof reasons[0], reasons};
const struct show_options programme_parts = {sizeof parts / sizeof parts[0], parts};
const struct show_options programme_protections = {sizeof protections / sizeof protections[0],
                                                   protections};

enum words_key partner_says(const struct partner *row)
{
    return partners[row->state];
}

enum words_key endpoint_says(const struct endpoint *row)
{
    return endpoints[row->state];
}

enum words_key delivery_says(const struct delivery *row)
{
    return deliveries[row->state];
}

enum words_key delivery_says_why(const struct delivery *row)
{
    if (!row->has_reason || row->state == DELIVERY_STATE_DELIVERED) return WORDS_KEYS;
    return whys[row->reason];
}

void programme_hook(const struct call *call, struct id partner, char hook[HOOK_SIZE])
{
    char id[ID_TEXT_SIZE];

    id_write(partner, id);
    snprintf(hook, HOOK_SIZE, "%s/v1/hooks/%s", call->pages->gateway_url, id);
}

enum words_key token_says(const struct token *row, struct instant now)
{
    if (row->state == TOKEN_STATE_ACTIVE && row->expires.ms <= now.ms) return WORDS_PAGE_TOKEN_OVER;
    return tokens[row->state];
}

enum words_key part_says(enum person_part part)
{
    return parts[part].label;
}

size_t programme_organisations(const struct call *call, unsigned slot, struct show_option *options,
                               char (*ids)[ID_TEXT_SIZE])
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, slot) && count < ORGANISATIONS_MAX; i++) {
        const struct organisation *row = row_of(call, slot, i);

        if (row->state != ORGANISATION_STATE_OPEN) continue;
        id_write(row->id, ids[count]);
        options[count] = (struct show_option){ids[count], WORDS_KEYS, row->name};
        count++;
    }
    return count;
}
