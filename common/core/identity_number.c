/* Digits that could be a personnummer or a fødselsnummer are checked by their own rules, so that a
 * case number is not taken for one. */
#include "core/identity_number.h"

#include "core/date.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int two(const char *digits)
{
    return 10 * (digits[0] - '0') + (digits[1] - '0');
}

/* Whether there is such a day. Years of two digits may be read as this century's, for the last one's
 * leap years are the same but for 1900. */
static bool is_day(int century, int year, int month, int day)
{
    const char text[] = {(char)('0' + century / 10),
                         (char)('0' + century % 10),
                         (char)('0' + year / 10),
                         (char)('0' + year % 10),
                         '-',
                         (char)('0' + month / 10),
                         (char)('0' + month % 10),
                         '-',
                         (char)('0' + day / 10),
                         (char)('0' + day % 10)};
    struct date date;

    return date_read(text, sizeof text, &date);
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

/* The ten digits behind the century, which is 0 when it is not said. */
static bool is_swedish(int century, const char *ten)
{
    const int day = two(ten + 4);

    return (century == 0 || (century >= 18 && century <= 20)) &&
           is_day(century == 0 ? 20 : century, two(ten), two(ten + 2), day > 60 ? day - 60 : day) &&
           is_luhn(ten);
}

static bool is_sum_of_11(const char *digits, const int *weights, int count)
{
    int sum = 0;

    for (int i = 0; i < count; i++)
        sum += (digits[i] - '0') * weights[i];
    return sum % 11 == 0;
}

static bool is_norwegian(const char *eleven)
{
    static const int first[] = {3, 7, 6, 1, 8, 9, 4, 5, 2, 1};
    static const int second[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    const int day = two(eleven);

    return is_day(20, two(eleven + 4), two(eleven + 2), day > 40 ? day - 40 : day) &&
           is_sum_of_11(eleven, first, 10) && is_sum_of_11(eleven, second, 11);
}

/* Twelve digits at the most, as many as stand there in a row; how many there are in all. */
static size_t take(const char **at, const char *end, char *digits)
{
    size_t count = 0;

    for (; *at < end && is_digit(**at); ++*at, count++)
        if (count < 12) digits[count] = **at;
    return count;
}

/* Whether one begins at this digit, before which there is none. */
static bool begins(const char *at, const char *end)
{
    char digits[24];
    const size_t count = take(&at, end, digits);
    size_t more = 0;

    if (count == 12) return is_swedish(two(digits), digits + 2);
    if (count == 11) return is_norwegian(digits);
    if ((count != 6 && count != 8) || at == end) return false;

    if (*at == '-' || *at == '+' || *at == ' ') {
        const char *behind = at + 1;

        more = take(&behind, end, digits + count);
    }
    if (more == 5) return count == 6 && *at == ' ' && is_norwegian(digits);
    if (more != 4) return false;
    return count == 8 ? is_swedish(two(digits), digits + 2) : is_swedish(0, digits);
}

bool identity_number_is_in(const char *text, size_t size)
{
    const char *end = text + size;

    for (const char *at = text; at < end;) {
        if (!is_digit(*at)) {
            at++;
            continue;
        }
        if (begins(at, end)) return true;
        while (at < end && is_digit(*at))
            at++;
    }
    return false;
}
