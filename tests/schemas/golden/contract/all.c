/* Generated. */
#include "contract/all.h"

extern const struct contract tram_contract;
extern const struct contract driver_contract;

const struct contract *const contracts[] = {
    &tram_contract,
    &driver_contract,
    NULL,
};
const size_t contract_count = 2;
