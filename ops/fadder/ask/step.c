#include "ask/step.h"

#include <stdlib.h>

#include "base/clock.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/instant.h"
#include "core/json.h"

bool step_read(const struct command *command, const char *json, size_t size, void **body,
               struct error *err)
{
    const struct field field = {
        .name = "body", .type = FIELD_OBJECT, .present = NO_FLAG, .object = command->body};
    const struct descriptor step = {"step", command->body->size, command->body->size > 0, &field};
    const struct date today = instant_date((struct instant){clock_now_ms()});
    void *read = calloc(1, command->body->size + 1);

    if (read == NULL) bug("out of memory");
    if (!json_read_some(&step, json, size, today, read, err)) {
        free(read);
        return false;
    }
    *body = read;
    return true;
}
