/* What is the same letter is libunistring's to know; what a spreadsheet's cell is compared by, ours. */
#include "letters/letters.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

#include "core/error.h"

static void *room_for(size_t count, size_t size)
{
    void *new = malloc(count * size + 1);

    if (new == NULL) bug("letters: no memory for %zu letters", count);
    return new;
}

/* Bytes. */

uint32_t letters_next(const char **at)
{
    ucs4_t letter;
    const int length = u8_strmbtouc(&letter, (const uint8_t *)*at);

    if (length < 0) letter = LETTERS_BROKEN;
    *at += length < 0 ? 1 : length;
    return letter;
}

size_t letters_put(uint32_t letter, char to[LETTERS_BYTES_MAX])
{
    return (size_t)u8_uctomb((uint8_t *)to, letter, LETTERS_BYTES_MAX);
}

/* Cleaning. */

static bool is_within(uint32_t letter, uint32_t first, uint32_t count)
{
    return letter >= first && letter - first < count;
}

static bool is_blank(uint32_t letter)
{
    return letter == 0xA0 || letter == 0x1680 || is_within(letter, 0x2000, 0x0B) ||
           letter == 0x202F || letter == 0x205F || letter == 0x3000;
}

static bool is_invisible(uint32_t letter)
{
    return letter == 0xAD || letter == 0x61C || is_within(letter, 0x200B, 5) ||
           is_within(letter, 0x202A, 5) || is_within(letter, 0x2060, 16) || letter == 0xFEFF;
}

/* Frees the text for the composed one; its NUL is composed with it. */
static char *compose(char *text, size_t *size)
{
    size_t room = *size + 1;
    uint8_t *composed = u8_normalize(UNINORM_NFC, (const uint8_t *)text, room, NULL, &room);

    if (composed == NULL) bug("letters: no memory for %zu letters", *size);
    free(text);
    *size = room - 1;
    return (char *)composed;
}

enum { FIRST_MARK = 0x300 }; /* without any from there on a text is composed already */
enum { MARK_COUNT = 0x70 };  /* above, below and in letters */

char *letters_clean(const char *bytes, size_t size, size_t *cleaned)
{
    const char *at = bytes;
    char *text = room_for(size, LETTERS_BYTES_MAX);
    size_t used = 0;
    uint32_t highest = 0;

    for (uint32_t letter; at < bytes + size && (letter = letters_next(&at)) != 0;) {
        if (is_invisible(letter)) continue;
        if (letter > highest) highest = letter;
        used += letters_put(is_blank(letter) ? ' ' : letter, text + used);
    }
    text[used] = '\0';
    if (highest >= FIRST_MARK) text = compose(text, &used);
    *cleaned = used;
    return text;
}

/* Comparing. */

enum { WIDE = 0xFF01, WIDE_COUNT = 0x5E }; /* the full-width forms of ! to ~ */

enum { SHARP_S = 0xDF }; /* whose capital is SS for most */

/* By way of the capital: two small letters, such as both of sigma's, may have one in common. */
static uint32_t fold(uint32_t letter)
{
    if (is_within(letter, WIDE, WIDE_COUNT)) letter = letter - WIDE + '!';
    if (is_within(letter, 0x2010, 6) || letter == 0x2212) return '-';
    return uc_tolower(uc_toupper(letter));
}

static bool is_letter_or_digit(uint32_t letter)
{
    if (letter < 0x80) return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z');
    return !is_within(letter, 0x80, 0x2A) && !is_within(letter, 0x2010, 0x60);
}

/* Letters of which Unicode does not say that they are others with something to them; at most as long as they are. */
static const char *plain(uint32_t letter)
{
    static const struct {
        uint32_t letter;
        char plain[3];
    } of[] = {{0xE6, "ae"}, {0xF0, "d"},  {0xF8, "o"},   {0x111, "d"},
              {0x127, "h"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"}};

    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++)
        if (of[i].letter == letter) return of[i].plain;
    return NULL;
}

/* One letter of a decomposed text; how many bytes it has become. */
static size_t put_bare(uint32_t letter, char *to)
{
    const char *other = plain(letter);

    if (other != NULL) return (size_t)(stpcpy(to, other) - to);
    if (is_within(letter, FIRST_MARK, MARK_COUNT) || !is_letter_or_digit(letter)) return 0;
    return letters_put(letter, to);
}

/* Bullet, middle dots, commas and semicolons of Arabic, Chinese and Japanese, and fractions' bar. */
bool letters_divide(const char *folded)
{
    static const uint32_t between[] = {0xB7,   0x60C,  0x61B,  0x2022, 0x2027, 0x2044,
                                       0x2219, 0x22C5, 0x3001, 0x30FB, 0xFF64, 0xFF65};

    if (strpbrk(folded, ",;|/\\+&:") != NULL) return true;
    for (uint32_t letter; (letter = letters_next(&folded)) != 0;)
        for (size_t i = 0; i < sizeof between / sizeof between[0]; i++)
            if (letter == between[i]) return true;
    return false;
}

char *letters_fold(const char *text)
{
    char *result = room_for(strlen(text), LETTERS_BYTES_MAX);
    size_t used = 0;

    for (uint32_t letter; (letter = letters_next(&text)) != 0;) {
        letter = fold(letter);
        if (letter == SHARP_S) used += letters_put(letter = 's', result + used);
        used += letters_put(letter, result + used);
    }
    result[used] = '\0';
    return result;
}

char *letters_bare(const char *text)
{
    char *folded = letters_fold(text), *bare;
    size_t room = strlen(folded) + 1, used = 0;
    uint8_t *apart = u8_normalize(UNINORM_NFKD, (const uint8_t *)folded, room, NULL, &room);
    const char *at = (const char *)apart;

    if (apart == NULL) bug("letters: no memory for %zu letters", room);
    bare = room_for(room, LETTERS_BYTES_MAX);
    for (uint32_t letter; (letter = letters_next(&at)) != 0;)
        used += put_bare(letter, bare + used);
    bare[used] = '\0';
    free(folded);
    free(apart);
    return bare;
}
