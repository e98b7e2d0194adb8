/* Who may say where a municipality lies. */
#include "municipality/municipality.h"

#include <string.h>

#include "core/life.h"

enum { ANY = 0 }; /* it has no states: it lies somewhere */

/* SYS: the operator, who sets a programme up from a file. */
static const struct step steps[] = {{ANY, MUNICIPALITY_LOCATE, ANY, ROLE_PA | ROLE_SYS}};

const struct life municipality_life = {
    .contract = &municipality_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
};

bool municipality_decide(const struct municipality_case *c, const struct municipality_input *in,
                         struct municipality_events *out, struct error *err)
{
    const struct municipality_locate *ask = &in->municipality_locate;
    const bool is_new = c->row.version == 0;
    struct municipality_located *said;

    if (!life_step(&municipality_life, ANY, in->head.version, in->type, &in->head, err))
        return false;
    if (!life_tenant(&in->head, in->head.programme, err)) return false;

    said = &municipality_emit(out, MUNICIPALITY_LOCATED, is_new ? in->head.ids[0] : c->row.id)
                ->municipality_located;
    memcpy(said->code, ask->code, sizeof said->code);
    said->easting = ask->easting;
    said->northing = ask->northing;
    return true;
}
