/* What the fuzzers share: the descriptors by number, and room for their values. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/every.h"
#include "core/fill.h"

enum { FUZZ_VALUE_MAX = 1 << 20, FUZZ_DESCRIPTORS_MAX = 2048 };

static const struct descriptor *fuzz_descriptors[FUZZ_DESCRIPTORS_MAX];
static size_t fuzz_count;
static _Alignas(16) char fuzz_value[FUZZ_VALUE_MAX], fuzz_back[FUZZ_VALUE_MAX];
static char fuzz_text[FUZZ_VALUE_MAX];

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room);

static void fuzz_add(const struct descriptor *descriptor)
{
    if (fuzz_count == FUZZ_DESCRIPTORS_MAX || descriptor->size > FUZZ_VALUE_MAX) __builtin_trap();
    fuzz_descriptors[fuzz_count++] = descriptor;
}

/* The one that the first two bytes choose. */
static const struct descriptor *fuzz_pick(const uint8_t *bytes)
{
    if (fuzz_count == 0) visit_each(fuzz_add);
    return fuzz_descriptors[(bytes[0] | (size_t)bytes[1] << 8) % fuzz_count];
}

/* How fuzz_value is written; of each fuzzer. */
static bool fuzz_write(const struct descriptor *descriptor, char *text, size_t *size,
                       struct error *err);

/* Now and then a whole message, with every field at its limit, to go on from. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
    const struct descriptor *descriptor;
    size_t written = room - 2;
    struct error err;

    if (room < 64 || (size >= 2 && seed % 64 > 0)) return LLVMFuzzerMutate(bytes, size, room);
    bytes[0] = (uint8_t)(seed >> 8);
    bytes[1] = (uint8_t)(seed >> 16);
    descriptor = fuzz_pick(bytes);
    memset(fuzz_value, 0, descriptor->size);
    fill(descriptor, fuzz_value, "x");
    return fuzz_write(descriptor, (char *)bytes + 2, &written, &err) ? 2 + written : size;
}
