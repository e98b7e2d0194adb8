/* Whatever unpack takes, pack writes, and it comes back the same. */
#include <string.h>

#include "fuzz/fuzz.h"

#include "core/error.h"
#include "core/pack.h"

static bool fuzz_write(const struct descriptor *descriptor, char *text, size_t *size,
                       struct error *err)
{
    return pack(descriptor, fuzz_value, text, size, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct descriptor *descriptor;
    size_t packed = sizeof fuzz_text;
    struct error err;

    if (size < 2) return 0;
    descriptor = fuzz_pick(bytes);
    if (!unpack(descriptor, bytes + 2, size - 2, fuzz_value, &err)) return 0;
    if (!pack(descriptor, fuzz_value, fuzz_text, &packed, &err)) bug("not packed: %s", err.text);
    if (!unpack(descriptor, fuzz_text, packed, fuzz_back, &err)) bug("not back: %s", err.text);
    if (descriptor->size > 0 && memcmp(fuzz_value, fuzz_back, descriptor->size) != 0)
        bug("%s comes back as something else", descriptor->name);
    return 0;
}
