#include "intake/name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct range {
    uint32_t first, last;
};

static const struct range directional[] = {
    {0x061C, 0x061C}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}};

/* Blanks, and what is not drawn. Joiners are of them, though inside a word they matter. */
static const struct range unseen[] = {
    {0x0020, 0x0020},   {0x00A0, 0x00A0},   {0x00AD, 0x00AD},   {0x034F, 0x034F},
    {0x115F, 0x1160},   {0x1680, 0x1680},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
    {0x2000, 0x200D},   {0x2028, 0x2029},   {0x202F, 0x202F},   {0x205F, 0x2065},
    {0x206A, 0x206F},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D159, 0x1D159}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF},
};

static const struct range controls[] = {{0x0001, 0x001F}, {0x007F, 0x009F}, {0x2028, 0x2029}};

#define IS_OF(character, ranges) is_of(character, ranges, sizeof(ranges) / sizeof(ranges)[0])

static bool is_of(uint32_t character, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (character >= ranges[i].first && character <= ranges[i].last) return true;
    return false;
}

/* The character that begins at text, and how many bytes it takes: it is UTF-8. */
static uint32_t decode(const char *text, size_t *size)
{
    const unsigned char first = (unsigned char)text[0];
    uint32_t character = first;

    *size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (*size > 1) character = first & (0x7Fu >> *size);
    for (size_t i = 1; i < *size; i++)
        character = character << 6 | ((unsigned char)text[i] & 0x3F);
    return character;
}

const char *name_take(char *text, size_t room)
{
    size_t used = 0, seen = 0; /* bytes that stay, and up to the last that is seen */

    for (size_t at = 0, size; text[at] != '\0'; at += size) {
        const uint32_t character = decode(text + at, &size);
        const bool is_seen = !IS_OF(character, unseen);

        if (IS_OF(character, controls))
            return "a name with a line's end or a control character in it";
        if (IS_OF(character, directional) || (!is_seen && used == 0)) continue;
        memmove(text + used, text + at, size);
        used += size;
        if (is_seen) seen = used;
    }
    memset(text + seen, 0, room - seen);
    return seen > 0 ? NULL : "blank: a name has something to see";
}
