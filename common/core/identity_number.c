/* A text is read as signs: a digit, a letter, a dash, a blank. From each place where digits begin,
 * groups of digits are taken and laid beside the layouts in which people write such numbers; what
 * lies so is checked by the number's own rules, so that a case number is not taken for one. */
#include "core/identity_number.h"

#include <stdint.h>
#include <string.h>

enum { AGE_MIN = 13, AGE_MAX = 110 };       /* whose number somebody may come to write down */
enum { GROUPS_MAX = 5, DIGITS_MAX = 12 };   /* of one number */
enum { BLANKS_MAX = 2, LABEL_GAP_MAX = 6 }; /* around a dash; in bytes, behind a label */
enum { DASH = '-', BLANK = ' ', LETTER = 'a', OTHER = '*' }; /* signs; others stand as in ASCII */

/* Signs. */

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
    if (IS_OF(letters, character)) return LETTER;
    if (IS_OF(blanks, character)) return BLANK;
    if (character < 0x80) return (char)character;
    if (IS_OF(dashes, character)) return DASH;
    return digit_of(character) != '\0' ? digit_of(character) : OTHER;
}

/* What is next, which is passed; OTHER at the end. */
static char next(const char **at, const char *end)
{
    const unsigned char *byte = (const unsigned char *)*at;
    const unsigned lead = *at < end ? byte[0] : 0;
    const size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t character = lead & (size == 1 ? 0xFFu : 0x7Fu >> size);

    if (*at == end) return OTHER;
    if ((size_t)(end - *at) < size) { /* cut off */
        *at = end;
        return OTHER;
    }
    for (size_t i = 1; i < size; i++)
        character = character << 6 | (byte[i] & 0x3Fu);
    *at += size;
    return sign_of(character);
}

static char peek(const char *at, const char *end)
{
    return next(&at, end);
}

static bool is_digit(char sign)
{
    return sign >= '0' && sign <= '9';
}

/* The rules of the numbers. */

static int two(const char *digits)
{
    return 10 * (digits[0] - '0') + (digits[1] - '0');
}

static void put_two(char *digits, int number)
{
    digits[0] = (char)('0' + number / 10);
    digits[1] = (char)('0' + number % 10);
}

/* YYYYMMDD as a number: between two of them lie 10,000 for each birthday. */
static int eight(const char text[DATE_TEXT_SIZE])
{
    return 1000000 * two(text) + 10000 * two(text + 2) + 100 * two(text + 5) + two(text + 8);
}

static bool is_of_age(int century, int year, int month, int day, struct date today)
{
    char born[DATE_TEXT_SIZE] = "YYYY-MM-DD", now[DATE_TEXT_SIZE];
    struct date date;
    int age;

    put_two(born, century);
    put_two(born + 2, year);
    put_two(born + 5, month);
    put_two(born + 8, day);
    if (!date_read(born, DATE_TEXT_SIZE - 1, &date) || date.day > today.day) return false;
    date_write(today, now);
    age = (eight(now) - eight(born)) / 10000;
    return age >= AGE_MIN && age <= AGE_MAX;
}

/* A year of two digits is of any century in which somebody of that age was born. */
static bool is_of_age_in_any(int year, int month, int day, struct date today)
{
    char now[DATE_TEXT_SIZE];

    date_write(today, now);
    for (int back = 0; back <= 2; back++)
        if (is_of_age(two(now) - back, year, month, day, today)) return true;
    return false;
}

/* ISO/IEC 7812-1, annex B: every other digit doubled, their digits summed up. */
static bool is_luhn(const char *ten)
{
    int sum = 0;

    for (int i = 0; i < 10; i++) {
        const int digit = (ten[i] - '0') * (i % 2 == 0 ? 2 : 1);

        sum += digit / 10 + digit % 10;
    }
    return sum % 10 == 0;
}

static int swedish_day(const char *ten)
{
    return two(ten + 4) > 60 ? two(ten + 4) - 60 : two(ten + 4);
}

/* YYMMDDNNNN. */
static bool is_swedish(const char *ten, struct date today)
{
    return is_luhn(ten) && is_of_age_in_any(two(ten), two(ten + 2), swedish_day(ten), today);
}

/* YYYYMMDDNNNN. */
static bool is_long_swedish(const char *twelve, struct date today)
{
    const char *ten = twelve + 2;

    return is_luhn(ten) && is_of_age(two(twelve), two(ten), two(ten + 2), swedish_day(ten), today);
}

static int rest_of_11(const char *digits, const int *weights, int count)
{
    int sum = 0;

    for (int i = 0; i < count; i++)
        sum += (digits[i] - '0') * weights[i];
    return sum % 11;
}

static int norwegian_month(const char *eleven)
{
    const int month = two(eleven + 2);

    return month > 80 ? month - 80 : month > 40 ? month - 40 : month;
}

/* DDMMYYNNNCC. What is right by the rules of before 2032 is right by those of afterwards. */
static bool is_norwegian(const char *eleven, struct date today)
{
    static const int first[] = {3, 7, 6, 1, 8, 9, 4, 5, 2, 1};
    static const int second[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    const int day = two(eleven);

    return rest_of_11(eleven, first, 10) <= 3 && rest_of_11(eleven, second, 11) == 0 &&
           is_of_age_in_any(two(eleven + 4), norwegian_month(eleven), day > 40 ? day - 40 : day,
                            today);
}

/* Groups of digits, and what stands between them. */

struct groups {
    unsigned count;
    size_t sizes[GROUPS_MAX];
    char between[GROUPS_MAX]; /* behind each: BLANK, or the one that is no blank */
    const char *ends[GROUPS_MAX];
    char digits[DIGITS_MAX];
};

/* A blank, a dash or point or plus, perhaps with blanks around it: which; '\0' if it is none. */
static char pass_between(const char **at, const char *end)
{
    char is = '\0';

    for (int blank_count = 0;;) {
        const char sign = peek(*at, end);

        if (sign == BLANK && blank_count++ < 2 * BLANKS_MAX)
            is = is == '\0' ? BLANK : is;
        else if ((sign == DASH || sign == '+' || sign == '.') && (is == '\0' || is == BLANK))
            is = sign;
        else
            return is;
        next(at, end);
    }
}

/* False when there are more digits than any number has. */
static bool take_group(struct groups *groups, size_t *total, const char **at, const char *end)
{
    size_t size = 0;

    for (; is_digit(peek(*at, end)); size++) {
        if (*total == DIGITS_MAX) return false;
        groups->digits[(*total)++] = next(at, end);
    }
    groups->sizes[groups->count] = size;
    groups->ends[groups->count] = *at;
    groups->count += size > 0;
    return size > 0;
}

static void take_groups(struct groups *groups, const char *at, const char *end)
{
    size_t total = 0;

    groups->count = 0;
    while (groups->count < GROUPS_MAX && take_group(groups, &total, &at, end)) {
        const char between = pass_between(&at, end);

        groups->between[groups->count - 1] = between;
        if (between == '\0') return;
    }
}

/* How people write them. */

static const struct layout {
    size_t sizes[GROUPS_MAX]; /* of the groups */
    unsigned count;
    bool (*is_one)(const char *digits, struct date today);
    bool is_alike; /* the same between all: or it is a date and something else */
    bool is_named; /* only behind a label */
} layouts[] = {
    {{12}, 1, is_long_swedish, false, false},
    {{8, 4}, 2, is_long_swedish, false, false},
    {{4, 2, 2, 4}, 4, is_long_swedish, true, false},
    {{10}, 1, is_swedish, false, true},
    {{6, 4}, 2, is_swedish, false, false},
    {{2, 2, 2, 4}, 4, is_swedish, true, false},
    {{11}, 1, is_norwegian, false, false},
    {{6, 5}, 2, is_norwegian, false, false},
    {{6, 3, 2}, 3, is_norwegian, false, false},
    {{2, 2, 2, 5}, 4, is_norwegian, false, false},
    {{2, 2, 2, 3, 2}, 5, is_norwegian, false, false},
};

static bool is_alike(const struct groups *groups, unsigned count)
{
    for (unsigned i = 1; i + 1 < count; i++)
        if (groups->between[i] != groups->between[0]) return false;
    return true;
}

/* A point stands behind a day and behind a month, and elsewhere begins a fraction. */
static bool is_pointed_right(const struct groups *groups, unsigned count)
{
    for (unsigned i = 0; i + 1 < count; i++)
        if (groups->between[i] == '.' && (i > 1 || groups->sizes[i] != 2)) return false;
    return true;
}

static bool lies_so(const struct layout *layout, const struct groups *groups)
{
    return groups->count >= layout->count &&
           memcmp(groups->sizes, layout->sizes, layout->count * sizeof *layout->sizes) == 0 &&
           is_pointed_right(groups, layout->count) &&
           (!layout->is_alike || is_alike(groups, layout->count));
}

/* Its ends. */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool ends_in(const char *begin, const char *at, const char *label)
{
    size_t left = strlen(label);

    if ((size_t)(at - begin) < left) return false;
    while (left > 0 && lower(at[-1]) == label[left - 1]) {
        at--;
        left--;
    }
    return left == 0;
}

/* Whether right before it stands what such a number is called. */
static bool is_labelled(const char *begin, const char *at)
{
    static const char *const labels[] = {
        "personnummer",   "personnr",        "selsnummer", "selsnr", "elsenummer",
        "ordningsnummer", "identity number", "d-nummer",   "pnr",    "fnr",
    };
    int gap = 0;

    while (at > begin && gap++ < LABEL_GAP_MAX && !is_digit(at[-1]) &&
           (lower(at[-1]) < 'a' || lower(at[-1]) > 'z'))
        at--;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (ends_in(begin, at, labels[i])) return true;
    return false;
}

/* Whether a sign between two makes them one: a point does so between digits alone, for sentences
 * end with one. */
static bool joins(char sign, char beyond)
{
    if (sign == '.') return is_digit(beyond);
    return (sign == DASH || sign == '/' || sign == '_' || sign == '+') &&
           (is_digit(beyond) || beyond == LETTER);
}

/* before: the two signs before it, the nearer one first. */
static bool is_beginning(const char before[2])
{
    return before[0] != LETTER && before[0] != '+' && !joins(before[0], before[1]);
}

static bool is_ending(const char *at, const char *end)
{
    const char sign = next(&at, end);

    return sign != LETTER && !is_digit(sign) && !joins(sign, peek(at, end));
}

/* Whether one begins at this digit, before which there is none. */
static bool begins(const char *begin, const char *at, const char *end, const char before[2],
                   struct date today)
{
    const bool labelled = is_labelled(begin, at);
    struct groups groups;

    if (!labelled && !is_beginning(before)) return false;
    take_groups(&groups, at, end);
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        const struct layout *layout = &layouts[i];

        if (lies_so(layout, &groups) && (labelled || !layout->is_named) &&
            is_ending(groups.ends[layout->count - 1], end) && layout->is_one(groups.digits, today))
            return true;
    }
    return false;
}

bool identity_number_is_in(const char *text, size_t size, struct date today)
{
    const char *end = text + size;
    char before[2] = {OTHER, OTHER};

    for (const char *at = text; at < end;) {
        const char *here = at;
        const char sign = next(&at, end);

        if (is_digit(sign) && !is_digit(before[0]) && begins(text, here, end, before, today))
            return true;
        before[1] = before[0];
        before[0] = sign;
    }
    return false;
}
