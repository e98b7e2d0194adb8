/* Numbers in keys: with the high byte first, so that keys sort as the numbers do. Pure: any thread
 * may call. */
#pragma once

#include <stdint.h>

static inline void number_write(uint8_t at[8], uint64_t number)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(number >> (56 - 8 * i));
}

static inline uint64_t number_read(const uint8_t at[8])
{
    uint64_t number = 0;

    for (int i = 0; i < 8; i++)
        number = number << 8 | at[i];
    return number;
}
