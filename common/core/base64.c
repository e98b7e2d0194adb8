#include "core/base64.h"

#include <stdint.h>

void base64_write(const void *bytes, size_t count, char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *at = bytes;

    for (size_t left = count; left > 0; at += 3, text += 4) {
        const unsigned second = left > 1 ? at[1] : 0, third = left > 2 ? at[2] : 0;
        const unsigned bits = (unsigned)at[0] << 16 | second << 8 | third;

        text[0] = digits[bits >> 18];
        text[1] = digits[bits >> 12 & 63];
        text[2] = left > 1 ? digits[bits >> 6 & 63] : '=';
        text[3] = left > 2 ? digits[bits & 63] : '=';
        left -= left < 3 ? left : 3;
    }
}

/* The six bits of a digit, or 64. */
static unsigned digit(char c)
{
    if (c >= 'A' && c <= 'Z') return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z') return (unsigned)(c - 'a' + 26);
    if (c >= '0' && c <= '9') return (unsigned)(c - '0' + 52);
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* Four characters, the last `padding` of which stand for nothing. */
static bool read_four(const char *text, size_t padding, uint8_t *bytes)
{
    unsigned bits = 0;

    for (size_t i = 0; i < 4 - padding; i++) {
        const unsigned six = digit(text[i]);

        if (six == 64) return false;
        bits |= six << (18 - 6 * i);
    }
    if ((bits & ((1U << 8 * padding) - 1)) != 0) return false; /* written otherwise elsewhere */
    for (size_t i = 0; i < 3 - padding; i++)
        bytes[i] = (uint8_t)(bits >> (16 - 8 * i));
    return true;
}

bool base64_read(const char *text, size_t size, void *bytes, size_t *count)
{
    uint8_t *at = bytes;
    size_t padding = 0;

    if (size % 4 != 0) return false;
    if (size > 0 && text[size - 1] == '=') padding = text[size - 2] == '=' ? 2 : 1;
    if (size / 4 * 3 - padding > *count) return false;
    *count = size / 4 * 3 - padding;
    for (; size > 0; size -= 4, text += 4, at += 3)
        if (!read_four(text, size == 4 ? padding : 0, at)) return false;
    return true;
}
