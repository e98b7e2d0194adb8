#include "bus/refusal.h"

#include <string.h>

#include "contract/bus.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"

/* The bus says an error's kind as the same number: here, and where a refusal is read (peer.c). */
#define SAME(kind) _Static_assert((int)BUS_TROUBLE_##kind == (int)ERROR_##kind, "one numbering")
SAME(NONE);
SAME(REFUSED);
SAME(CONFLICT);
SAME(FORBIDDEN);
SAME(INVALID);
SAME(NOT_FOUND);
SAME(BUSY);
SAME(BROKEN);

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
    said.has_withheld = said.withheld = err->is_withheld && err->kind == ERROR_NOT_FOUND;
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
