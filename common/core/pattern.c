/* Patterns matched item by item, without going back: the schema's generator refuses those that
 * would need it. */
#include "core/pattern.h"

#include <stdint.h>

/* One item: which characters, and how many of them. */
struct item {
    uint64_t set[2];  /* bit c: the ASCII character c */
    bool has_foreign; /* all that is not ASCII, too */
    size_t least, most;
};

static void add(struct item *item, unsigned char c)
{
    item->set[c / 64] |= UINT64_C(1) << c % 64;
}

static void add_range(struct item *item, unsigned char first, unsigned char last)
{
    for (unsigned half = first / 64; half <= last / 64U; half++) {
        const unsigned low = half == first / 64U ? first % 64U : 0;
        const unsigned high = half == last / 64U ? last % 64U : 63;

        item->set[half] |= UINT64_MAX << low & UINT64_MAX >> (63 - high);
    }
}

static const char *read_class(const char *at, struct item *item)
{
    const bool is_negated = *at == '^';

    for (at += is_negated; *at != ']';) {
        if (at[1] == '-' && at[2] != ']') {
            add_range(item, (unsigned char)at[0], (unsigned char)at[2]);
            at += 3;
        } else {
            add(item, (unsigned char)*at++);
        }
    }
    if (is_negated) {
        item->set[0] = ~item->set[0];
        item->set[1] = ~item->set[1];
        item->has_foreign = true;
    }
    return at + 1;
}

static const char *read_number(const char *at, size_t *number)
{
    *number = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        *number = 10 * *number + (size_t)(*at - '0');
    return at;
}

static const char *read_times(const char *at, struct item *item)
{
    item->least = *at != '*' && *at != '?';
    item->most = *at == '*' || *at == '+' ? SIZE_MAX : 1;
    if (*at == '{') {
        at = read_number(at + 1, &item->least);
        item->most = item->least;
        if (*at == ',') at = read_number(at + 1, &item->most);
        return at + 1;
    }
    return at + (*at == '*' || *at == '?' || *at == '+');
}

static const char *read_item(const char *at, struct item *item)
{
    *item = (struct item){{0, 0}, false, 1, 1};
    if (*at == '[') return read_times(read_class(at + 1, item), item);
    add(item, (unsigned char)*at);
    return read_times(at + 1, item);
}

/* Past as many ASCII characters as the item takes, `most` at the most. */
static const char *pass(const struct item *item, const char *text, const char *end, size_t most)
{
    const uint64_t low = item->set[0], high = item->set[1];
    const char *stop = most < (size_t)(end - text) ? text + most : end;

    for (; text < stop; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c >= 0x80 || ((c < 64 ? low : high) >> c % 64 & 1) == 0) break;
    }
    return text;
}

/* Past one character that is not ASCII. */
static const char *pass_foreign(const char *text, const char *end)
{
    do
        text++;
    while (text < end && (*text & 0xC0) == 0x80);
    return text;
}

bool pattern_match(const char *pattern, const char *text, size_t size)
{
    const char *end = text + size;
    struct item item;

    for (pattern++; *pattern != '$';) {
        const char *from = text;
        size_t times;

        pattern = read_item(pattern, &item);
        text = pass(&item, text, end, item.most);
        times = (size_t)(text - from);
        while (item.has_foreign && times < item.most && text < end && (*text & 0x80) != 0) {
            from = pass_foreign(text, end);
            text = pass(&item, from, end, item.most - ++times);
            times += (size_t)(text - from);
        }
        if (times < item.least) return false;
    }
    return text == end;
}
