#include "bus/refusal.h"

#include <string.h>

#include "contract/bus.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"

size_t refusal_write(struct id id, const struct error *err, uint8_t frame[REFUSAL_MAX])
{
    struct bus_refused said;
    size_t size = REFUSAL_MAX - 1;
    struct error ignored;

    memset(&said, 0, offsetof(struct bus_refused, faults));
    said.id = id;
    said.kind = (enum bus_trouble)err->kind;
    text_copy(said.code, sizeof said.code, err->code);
    text_copy(said.text, sizeof said.text, err->text);
    said.faults.count = err->fault_count;
    for (uint32_t i = 0; i < err->fault_count; i++) {
        text_copy(said.faults.at[i].field, sizeof said.faults.at[i].field, err->faults[i].field);
        text_copy(said.faults.at[i].what, sizeof said.faults.at[i].what, err->faults[i].what);
    }
    frame[0] = 'R';
    if (!pack(&bus_refused_descriptor, &said, frame + 1, &size, &ignored))
        bug("refusal: %s", ignored.text);
    return size + 1;
}
