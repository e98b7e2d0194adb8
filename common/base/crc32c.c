#include "base/crc32c.h"

#include <pthread.h>
#include <string.h>
#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

/* Slicing by eight: table[k][b] is the CRC of byte b with k zero bytes after it. */
static uint32_t table[8][256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fill_table(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;

        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
        table[0][byte] = crc;
    }
    for (int k = 1; k < 8; k++)
        for (uint32_t byte = 0; byte < 256; byte++)
            table[k][byte] = table[k - 1][byte] >> 8 ^ table[0][table[k - 1][byte] & 0xFF];
}

uint32_t crc32c_portable(uint32_t before, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint32_t crc = ~before;

    pthread_once(&once, fill_table);
    for (; size >= 8; size -= 8, at += 8) {
        crc ^= at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        crc = table[7][crc & 0xFF] ^ table[6][crc >> 8 & 0xFF] ^ table[5][crc >> 16 & 0xFF] ^
              table[4][crc >> 24] ^ table[3][at[4]] ^ table[2][at[5]] ^ table[1][at[6]] ^
              table[0][at[7]];
    }
    while (size-- > 0)
        crc = crc >> 8 ^ table[0][(crc ^ *at++) & 0xFF];
    return ~crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t by_instruction(uint32_t before, const uint8_t *at,
                                                                 size_t size)
{
    uint64_t crc = ~before, word;

    for (; size >= 8; size -= 8, at += 8) {
        memcpy(&word, at, sizeof word);
        crc = _mm_crc32_u64(crc, word);
    }
    while (size-- > 0)
        crc = _mm_crc32_u8((uint32_t)crc, *at++);
    return ~(uint32_t)crc;
}

uint32_t crc32c(uint32_t before, const void *bytes, size_t size)
{
    if (__builtin_cpu_supports("sse4.2")) return by_instruction(before, bytes, size);
    return crc32c_portable(before, bytes, size);
}
#else
uint32_t crc32c(uint32_t before, const void *bytes, size_t size)
{
    return crc32c_portable(before, bytes, size);
}
#endif
