#include "core/sign.h"

#include <stddef.h>
#include <stdint.h>

struct range {
    uint32_t first, last;
};

static const uint32_t zeros[] = {
    0x0660, 0x06F0, 0x0966, 0x0E50, /* Arabic, Persian, Devanagari, Thai */
};
static const struct range dashes[] = {
    {0x00AD, 0x00AD}, {0x058A, 0x058A}, {0x1806, 0x1806}, {0x2010, 0x2015}, {0x2043, 0x2043},
    {0x207B, 0x207B}, {0x208B, 0x208B}, {0x2212, 0x2212}, {0x2E3A, 0x2E3B}, {0x301C, 0x301C},
    {0x3030, 0x3030}, {0x30FC, 0x30FC}, {0xFE58, 0xFE58}, {0xFE63, 0xFE63}, {0xFF70, 0xFF70},
};
static const struct range blanks[] = {
    {0x0009, 0x0009}, {0x0020, 0x0020}, {0x00A0, 0x00A0}, {0x034F, 0x034F}, {0x061C, 0x061C},
    {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x200F}, {0x202A, 0x202F}, {0x205F, 0x206F},
    {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
};
static const struct range unseen[] = {
    {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C}, {0x180E, 0x180E}, {0x200B, 0x200F},
    {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE0FFF},
};
/* Of the scripts that case numbers are made with; others are written without blanks between. */
static const struct range letters[] = {
    {'A', 'Z'},       {'a', 'z'},       {0x00AA, 0x00AA}, {0x00B5, 0x00B5}, {0x00BA, 0x00BA},
    {0x00C0, 0x00D6}, {0x00D8, 0x00F6}, {0x00F8, 0x034E}, {0x0350, 0x052F}, {0x1E00, 0x1FFF},
};

static bool is_of(const struct range *ranges, size_t count, uint32_t character)
{
    for (size_t i = 0; i < count; i++)
        if (character >= ranges[i].first && character <= ranges[i].last) return true;
    return false;
}

#define IS_OF(ranges, character) is_of(ranges, sizeof(ranges) / sizeof *(ranges), character)

static char digit_of(uint32_t character)
{
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
        if (character >= zeros[i] && character < zeros[i] + 10)
            return (char)('0' + character - zeros[i]);
    return '\0';
}

static char sign_of(uint32_t character)
{
    if (character >= 0xFF01 && character <= 0xFF5E) character -= 0xFEE0; /* the full-width ASCII */
    if (IS_OF(letters, character)) return SIGN_LETTER;
    if (IS_OF(blanks, character)) return SIGN_BLANK;
    if (character < 0x80) return (char)character;
    if (IS_OF(dashes, character)) return SIGN_DASH;
    return digit_of(character) != '\0' ? digit_of(character) : SIGN_OTHER;
}

/* The character at *at, which is passed; 0 when it is cut off, or nothing is there. */
static uint32_t next_character(const char **at, const char *end)
{
    const unsigned char *byte = (const unsigned char *)*at;
    const unsigned lead = *at < end ? byte[0] : 0;
    const size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t character = lead & (size == 1 ? 0xFFu : 0x7Fu >> size);

    if ((size_t)(end - *at) < size) {
        *at = end;
        return 0;
    }
    for (size_t i = 1; i < size; i++)
        character = character << 6 | (byte[i] & 0x3Fu);
    *at += size;
    return character;
}

char sign_next(const char **at, const char *end)
{
    const uint32_t character = next_character(at, end);

    return character == 0 ? SIGN_OTHER : sign_of(character);
}

char sign_peek(const char *at, const char *end)
{
    return sign_next(&at, end);
}

bool sign_is_unseen(const char *at, const char *end)
{
    return IS_OF(unseen, next_character(&at, end));
}

bool sign_is_digit(char sign)
{
    return sign >= '0' && sign <= '9';
}
