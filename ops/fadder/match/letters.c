/* Unicode's rules for what is the same letter, from tables that the build makes (letters.py). */
#include "match/letters.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"

struct letters_two {
    uint32_t letter, is;
};

struct letters_three {
    uint32_t first, second, third;
};

#include "match/letters_table.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Bytes. */

static unsigned length_of(uint8_t first)
{
    if (first < 0x80) return 1;
    return first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

uint32_t letters_next(const char **at)
{
    const uint8_t *bytes = (const uint8_t *)*at;
    const unsigned length = length_of(bytes[0]);
    uint32_t letter = length < 2 ? bytes[0] : bytes[0] & (0x7Fu >> length);

    if (bytes[0] == 0) return 0;
    (*at)++;
    if (length == 0) return LETTERS_BROKEN;
    for (unsigned i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80) return LETTERS_BROKEN;
        letter = letter << 6 | (bytes[i] & 0x3F);
    }
    *at += length - 1;
    return letter;
}

size_t letters_put(uint32_t letter, char to[LETTERS_BYTES_MAX])
{
    static const uint8_t heads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    const size_t length = letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;

    for (size_t i = length; i-- > 1; letter >>= 6)
        to[i] = (char)(0x80 | (letter & 0x3F));
    to[0] = (char)(heads[length == 1 ? 0 : length] | letter);
    return length;
}

/* Tables. */

static int by_letter(const void *left, const void *right)
{
    const struct letters_two *a = left, *b = right;

    return a->letter < b->letter ? -1 : a->letter > b->letter;
}

static uint32_t look_up(const struct letters_two *table, size_t count, uint32_t letter,
                        uint32_t otherwise)
{
    const struct letters_two like = {letter, 0};
    const struct letters_two *found = bsearch(&like, table, count, sizeof like, by_letter);

    return found == NULL ? otherwise : found->is;
}

/* The canonical combining class: in what order marks stand. */
static uint32_t order_of(uint32_t letter)
{
    return letter < 0x300 ? 0 : look_up(orders, COUNT(orders), letter, 0);
}

static uint32_t small_of(uint32_t letter)
{
    return look_up(small_letters, COUNT(small_letters), letter, letter);
}

static int by_first(const void *left, const void *right)
{
    const struct letters_three *a = left, *b = right;

    return a->first < b->first ? -1 : a->first > b->first;
}

static int by_first_and_second(const void *left, const void *right)
{
    const struct letters_three *a = left, *b = right;
    const int order = by_first(left, right);

    return order != 0 ? order : a->second < b->second ? -1 : a->second > b->second;
}

/* Hangul syllables: a rule instead of rows (The Unicode Standard, section 3.12). */
enum {
    SYLLABLE = 0xAC00,
    LEAD = 0x1100,
    VOWEL = 0x1161,
    TAIL = 0x11A7,
    LEADS = 19,
    VOWELS = 21,
    TAILS = 28,
    SYLLABLES = LEADS * VOWELS * TAILS,
};

static bool is_within(uint32_t letter, uint32_t first, uint32_t count)
{
    return letter >= first && letter - first < count;
}

/* 0: they do not become one letter. */
static uint32_t compose(uint32_t first, uint32_t second)
{
    const struct letters_three like = {first, second, 0};
    const struct letters_three *found;

    if (second < 0x300) return 0;
    if (is_within(first, LEAD, LEADS) && is_within(second, VOWEL, VOWELS))
        return SYLLABLE + ((first - LEAD) * VOWELS + second - VOWEL) * TAILS;
    if (is_within(first, SYLLABLE, SYLLABLES) && (first - SYLLABLE) % TAILS == 0 &&
        is_within(second, TAIL + 1, TAILS - 1))
        return first + second - TAIL;
    found = bsearch(&like, compositions, COUNT(compositions), sizeof like, by_first_and_second);
    return found == NULL ? 0 : found->third;
}

/* Text as letters. */

struct letters {
    uint32_t *at;
    size_t count, room;
};

static void *room_for(void *old, size_t count, size_t size)
{
    void *new = realloc(old, count * size + 1);

    if (new == NULL) bug("match: no memory for %zu letters", count);
    return new;
}

static void add(struct letters *to, uint32_t letter)
{
    if (to->count == to->room) {
        to->room = 2 * to->room + 64;
        to->at = room_for(to->at, to->room, sizeof *to->at);
    }
    to->at[to->count++] = letter;
}

static void decompose(struct letters *to, uint32_t letter)
{
    const struct letters_three like = {letter, 0, 0};
    const struct letters_three *found =
        letter < 0xC0
            ? NULL
            : bsearch(&like, decompositions, COUNT(decompositions), sizeof like, by_first);

    if (found == NULL) {
        add(to, letter);
        return;
    }
    decompose(to, found->second);
    if (found->third != 0) add(to, found->third);
}

/* Marks of one letter in their order; those of the same order stay as they were. */
static void sort_marks(struct letters *text)
{
    for (size_t i = 1; i < text->count; i++) {
        const uint32_t letter = text->at[i], order = order_of(letter);
        size_t to = i;

        for (; order != 0 && to > 0 && order_of(text->at[to - 1]) > order; to--)
            text->at[to] = text->at[to - 1];
        text->at[to] = letter;
    }
}

/* A mark joins the letter before it, unless one of its own order or a later one stands between. */
static void compose_all(struct letters *text)
{
    size_t kept = 0, base = SIZE_MAX;
    uint32_t last = 0; /* the order of what was kept last */

    for (size_t i = 0; i < text->count; i++) {
        const uint32_t letter = text->at[i], order = order_of(letter);
        const bool may_join = base != SIZE_MAX && (base + 1 == kept || last < order);
        const uint32_t joined = may_join ? compose(text->at[base], letter) : 0;

        if (joined != 0) {
            text->at[base] = joined;
            continue;
        }
        if (order == 0) base = kept;
        last = order;
        text->at[kept++] = letter;
    }
    text->count = kept;
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

static char *write(const struct letters *text, size_t *size)
{
    char *bytes = room_for(NULL, text->count, LETTERS_BYTES_MAX);
    size_t used = 0;

    for (size_t i = 0; i < text->count; i++)
        used += letters_put(text->at[i], bytes + used);
    bytes[used] = '\0';
    if (size != NULL) *size = used;
    return bytes;
}

char *letters_clean(const char *bytes, size_t size, size_t *cleaned)
{
    const char *at = bytes;
    struct letters text = {0};
    char *clean;

    while (at < bytes + size) {
        const uint32_t letter = letters_next(&at);

        if (letter == 0) break;
        if (is_invisible(letter)) continue;
        decompose(&text, is_blank(letter) ? ' ' : letter);
    }
    sort_marks(&text);
    compose_all(&text);
    clean = write(&text, cleaned);
    free(text.at);
    return clean;
}

/* Comparing. */

enum { WIDE = 0xFF01, WIDE_COUNT = 0x5E }; /* the full-width forms of ! to ~ */

static uint32_t fold(uint32_t letter)
{
    if (is_within(letter, WIDE, WIDE_COUNT)) letter = letter - WIDE + '!';
    if (is_within(letter, 0x2010, 6) || letter == 0x2212) return '-';
    return small_of(letter);
}

static bool is_letter_or_digit(uint32_t letter)
{
    if (letter < 0x80) return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z');
    return !is_within(letter, 0x80, 0x2A) && !is_within(letter, 0x2010, 0x60);
}

static char *folded(const char *text, bool is_bare)
{
    struct letters kept = {0};
    char *result;

    for (uint32_t letter; (letter = letters_next(&text)) != 0;) {
        letter = fold(letter);
        if (!is_bare || is_letter_or_digit(letter)) add(&kept, letter);
    }
    result = write(&kept, NULL);
    free(kept.at);
    return result;
}

char *letters_fold(const char *text)
{
    return folded(text, false);
}

char *letters_bare(const char *text)
{
    return folded(text, true);
}
