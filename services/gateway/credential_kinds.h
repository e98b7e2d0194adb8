/* Partners and tokens, as credentials: the only records that the gateway knows by name. */
#pragma once

struct credentials_kind;

extern const struct credentials_kind credentials_partner, credentials_token;
