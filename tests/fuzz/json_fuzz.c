/* Whatever json_read takes, also of a webhook, json_write writes, and it comes back the same; and
 * msgpack takes it too. */
#include <string.h>

#include "fuzz/fuzz.h"

#include "core/error.h"
#include "core/json.h"
#include "core/pack.h"

static const struct date today = {20785}; /* 2026-11-28 */

static bool fuzz_write(const struct descriptor *descriptor, char *text, size_t *size,
                       struct error *err)
{
    return json_write(descriptor, fuzz_value, text, size, err);
}

static const struct descriptor *pick(void *cookie, const char *type)
{
    (void)type;
    return cookie;
}

static bool has_internal(const struct descriptor *descriptor)
{
    for (size_t i = 0; i < descriptor->count; i++)
        if ((descriptor->fields[i].flags & FIELD_INTERNAL) != 0) return true;
    return false;
}

static void back(const struct descriptor *descriptor)
{
    size_t size = sizeof fuzz_text;
    struct error err;

    if (!pack(descriptor, fuzz_value, fuzz_text, &size, &err)) bug("not packed: %s", err.text);
    if (has_internal(descriptor)) return; /* never all shown */
    size = sizeof fuzz_text;
    if (!json_write(descriptor, fuzz_value, fuzz_text, &size, &err)) bug("%s", err.text);
    if (!json_read(descriptor, fuzz_text, size, today, fuzz_back, &err))
        bug("not back: %s", err.text);
    if (descriptor->size > 0 && memcmp(fuzz_value, fuzz_back, descriptor->size) != 0)
        bug("%s comes back as something else", descriptor->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct descriptor *descriptor;
    const char *text = (const char *)bytes + 2;
    struct json_hook hook;
    struct error err;

    if (size < 2) return 0;
    descriptor = fuzz_pick(bytes);
    if (json_read(descriptor, text, size - 2, today, fuzz_value, &err)) back(descriptor);
    if (json_read_hook(text, size - 2, today, pick, (void *)(uintptr_t)descriptor, fuzz_value,
                       &hook, &err))
        back(descriptor);
    return 0;
}
