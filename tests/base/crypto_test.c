/* Published vectors, and that what is altered is refused. */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/crypto.h"

static void read_hex(const char *hex, uint8_t *bytes)
{
    for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += 2)
        *bytes++ = (uint8_t)byte;
}

static void assert_hex(const uint8_t *bytes, size_t size, const char *hex)
{
    uint8_t expected[128];

    assert_int_equal(strlen(hex), 2 * size);
    read_hex(hex, expected);
    assert_memory_equal(bytes, expected, size);
}

static void hashes_are_blake2b_256(void **state)
{
    uint8_t hash[CRYPTO_HASH_SIZE];

    (void)state;
    crypto_hash_of("abc", 3, hash); /* b2sum -l 256 */
    assert_hex(hash, 32, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    crypto_hash_of("", 0, hash);
    assert_hex(hash, 32, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

static void a_hash_of_parts_is_that_of_the_whole(void **state)
{
    uint8_t bytes[1000], whole[CRYPTO_HASH_SIZE], parts[CRYPTO_HASH_SIZE];
    struct crypto_hash hash;

    (void)state;
    crypto_random(bytes, sizeof bytes);
    crypto_hash_of(bytes, sizeof bytes, whole);
    crypto_hash_begin(&hash);
    crypto_hash_add(&hash, bytes, 1);
    crypto_hash_add(&hash, bytes + 1, 0);
    crypto_hash_add(&hash, bytes + 1, 300);
    crypto_hash_add(&hash, bytes + 301, 699);
    crypto_hash_end(&hash, parts);
    assert_memory_equal(whole, parts, sizeof whole);
}

static void a_fingerprint_depends_on_its_key(void **state)
{
    uint8_t plain[16], one[16], other[16], key[32] = {1};

    (void)state;
    crypto_fingerprint(NULL, 0, "abc", 3, plain); /* b2sum -l 128 */
    assert_hex(plain, 16, "cf4ab791c62b8d2b2109c90275287816");
    crypto_fingerprint(key, sizeof key, "abc", 3, one);
    key[31] = 1;
    crypto_fingerprint(key, sizeof key, "abc", 3, other);
    assert_memory_not_equal(one, plain, 16);
    assert_memory_not_equal(one, other, 16);
}

/* RFC 4231: short key, text key, key longer than a block. */
static void macs_are_hmac_sha256_under_keys_of_any_length(void **state)
{
    static const struct {
        const char *key, *data, *mac;
    } rows[] = {
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {NULL,
         "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368"
         "204b6579204669727374",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t key_size = rows[i].key == NULL ? 131 : strlen(rows[i].key) / 2;
        uint8_t key[131], data[128], mac[CRYPTO_HMAC_SIZE];
        struct crypto_hmac hmac;

        memset(key, 0xaa, sizeof key);
        if (rows[i].key != NULL) read_hex(rows[i].key, key);
        read_hex(rows[i].data, data);
        crypto_hmac_begin(&hmac, key, key_size);
        crypto_hmac_add(&hmac, data, 5);
        crypto_hmac_add(&hmac, data + 5, strlen(rows[i].data) / 2 - 5);
        crypto_hmac_end(&hmac, mac);
        assert_hex(mac, sizeof mac, rows[i].mac);
    }
}

static void an_hmac_that_has_ended_holds_nothing_of_its_key(void **state)
{
    static const uint8_t zeros[sizeof(struct crypto_hmac)];
    uint8_t mac[CRYPTO_HMAC_SIZE];
    struct crypto_hmac hmac;

    (void)state;
    crypto_hmac_begin(&hmac, "a key that is a secret", 22);
    crypto_hmac_end(&hmac, mac);
    assert_memory_equal(&hmac, zeros, sizeof hmac);
}

/* draft-irtf-cfrg-xchacha-03, appendix A.3.1. */
static const char sunscreen[] = "Ladies and Gentlemen of the class of '99: If I could offer you "
                                "only one tip for the future, sunscreen would be it.";
enum { SUNSCREEN = sizeof sunscreen - 1 };

struct message {
    uint8_t key[CRYPTO_KEY_SIZE], nonce[CRYPTO_NONCE_SIZE], associated[12];
    uint8_t sealed[SUNSCREEN + CRYPTO_TAG_SIZE];
};

static void seal_sunscreen(struct message *m)
{
    read_hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", m->key);
    read_hex("404142434445464748494a4b4c4d4e4f5051525354555657", m->nonce);
    read_hex("50515253c0c1c2c3c4c5c6c7", m->associated);
    crypto_seal(m->key, m->nonce, m->associated, 12, sunscreen, SUNSCREEN, m->sealed);
}

static void sealing_is_xchacha20_poly1305(void **state)
{
    struct message m;
    uint8_t plain[SUNSCREEN];

    (void)state;
    seal_sunscreen(&m);
    assert_hex(m.sealed, 16, "bd6d179d3e83d43b9576579493c0e939");
    assert_hex(m.sealed + SUNSCREEN, 16, "c0875924c1c7987947deafd8780acf49");
    assert_true(crypto_unseal(m.key, m.nonce, m.associated, 12, m.sealed, sizeof m.sealed, plain));
    assert_memory_equal(plain, sunscreen, SUNSCREEN);
}

static void assert_refused(const struct message *m, size_t size)
{
    static const uint8_t zeros[SUNSCREEN];
    uint8_t plain[SUNSCREEN];

    memset(plain, 0xee, sizeof plain);
    assert_false(crypto_unseal(m->key, m->nonce, m->associated, 12, m->sealed, size, plain));
    if (size >= CRYPTO_TAG_SIZE) assert_memory_equal(plain, zeros, size - CRYPTO_TAG_SIZE);
}

static void no_bit_of_what_is_sealed_can_be_altered(void **state)
{
    struct message m;
    uint8_t *bytes = (uint8_t *)&m;

    (void)state;
    seal_sunscreen(&m);
    for (size_t i = 0; i < sizeof m * 8; i++) { /* key, nonce, associated data, text and tag */
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_refused(&m, sizeof m.sealed);
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t size = 0; size < sizeof m.sealed; size++)
        assert_refused(&m, size);
}

static void equal_means_every_byte(void **state)
{
    uint8_t a[40] = {0}, b[40] = {0};

    (void)state;
    assert_true(crypto_equal(a, b, sizeof a));
    for (size_t i = 0; i < sizeof a; i++) {
        a[i] = 0x80;
        assert_false(crypto_equal(a, b, sizeof a));
        a[i] = 0;
    }
}

static size_t locked_kib(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[128];
    size_t kib = 0;

    assert_non_null(status);
    while (fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "VmLck: %zu", &kib) == 1) break;
    fclose(status);
    return kib;
}

static void memory_for_secrets_is_zeroed_and_locked(void **state)
{
    static const uint8_t zeros[5000];
    size_t before = locked_kib();
    uint8_t *memory = crypto_locked_create(5000);

    (void)state;
    assert_memory_equal(memory, zeros, 5000);
    if (locked_kib() == before) print_message("memory cannot be locked here (ulimit -l)\n");
    memset(memory, 1, 5000);
    crypto_locked_destroy(memory);
    assert_int_equal(locked_kib(), before);
    crypto_locked_destroy(NULL);
}

static void memory_that_cannot_be_locked_is_still_had(void **state)
{
    const struct rlimit none = {0, 0};
    int status;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        if (setrlimit(RLIMIT_MEMLOCK, &none) != 0) _exit(2);
        if (getuid() == 0 && setuid(65534) != 0) _exit(3); /* root may lock without limit */
        uint8_t *memory = crypto_locked_create(100);
        memory[99] = 1;
        crypto_locked_destroy(memory);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

extern void __asan_init(void) __attribute__((weak)); /* there with a sanitizer whose leak checker
                                                        needs what is forbidden */

static void a_process_that_forbids_dumps_leaves_none(void **state)
{
    struct rlimit core;
    int status;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        crypto_forbid_dumps();
        if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0) _exit(20);
        _exit(__asan_init == NULL && prctl(PR_GET_DUMPABLE) != 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* RFC 4648, section 10. */
static void base64_is_that_of_the_rfc(void **state)
{
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"},
                                          {"\xff\xfe\xfd", "//79"},
                                          {"\xfb\xef\xbe", "++++"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[16], bytes[16];
        size_t size = sizeof bytes;

        crypto_base64_encode(rows[i][0], strlen(rows[i][0]), text);
        assert_string_equal(text, rows[i][1]);
        assert_true(crypto_base64_decode(text, strlen(text), bytes, &size));
        assert_int_equal(size, strlen(rows[i][0]));
        assert_memory_equal(bytes, rows[i][0], size);
    }
}

static void base64url_stands_in_an_address_as_it_is(void **state)
{
    static const uint8_t bytes[] = {0xFB, 0xEF, 0xFF, 0x3F};
    uint8_t read[8];
    char text[CRYPTO_BASE64URL_SIZE(sizeof bytes)];
    size_t size = sizeof read;

    (void)state;
    crypto_base64url_encode(bytes, sizeof bytes, text);
    assert_string_equal(text, "--__Pw");
    assert_true(crypto_base64url_decode(text, strlen(text), read, &size));
    assert_int_equal(size, sizeof bytes);
    assert_memory_equal(read, bytes, sizeof bytes);
    size = sizeof read;
    assert_false(crypto_base64url_decode("++//Pw", 6, read, &size));
    assert_false(crypto_base64url_decode("--__Pw==", 8, read, &size));
}

static void base64_that_is_not_canonical_is_refused(void **state)
{
    static const char *const rows[] = {
        "Zg",   "Zg=",   "Zg===",    "Zh==", "Zm9=", "Zm9v ", " Zm9v", "Zm9v\n",
        "Zm-_", "Zm9vZ", "Zg==Zg==", "====", "Z",    "=",     "Zm9v=", "Z\xc3\xa5v"};
    char bytes[16];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t size = sizeof bytes;

        if (crypto_base64_decode(rows[i], strlen(rows[i]), bytes, &size))
            fail_msg("\"%s\" was taken", rows[i]);
        assert_int_equal(size, sizeof bytes);
    }
}

static void base64_has_one_spelling_only(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4 * 256; i++) {
        char text[] = "Zm9v", again[8], bytes[3];
        size_t size = sizeof bytes;

        text[i / 256] = (char)i;
        if (!crypto_base64_decode(text, 4, bytes, &size)) continue;
        crypto_base64_encode(bytes, size, again);
        assert_string_equal(again, text);
    }
}

static void base64_that_does_not_fit_is_refused(void **state)
{
    char bytes[2];
    size_t size = sizeof bytes;

    (void)state;
    assert_false(crypto_base64_decode("Zm9v", 4, bytes, &size));
    assert_true(crypto_base64_decode("Zm8=", 4, bytes, &size));
}

/* RFC 3720, appendix B.4, and the check value of the catalogues of CRCs. */
static void crc32c_is_that_of_the_rfc(void **state)
{
    uint8_t zeros[32] = {0}, ones[32], up[32], down[32];

    (void)state;
    memset(ones, 0xff, sizeof ones);
    for (int i = 0; i < 32; i++)
        up[i] = (uint8_t)i, down[i] = (uint8_t)(31 - i);
    assert_int_equal(crc32c(0, zeros, 32), 0x8a9136aa);
    assert_int_equal(crc32c(0, ones, 32), 0x62a8ab43);
    assert_int_equal(crc32c(0, up, 32), 0x46dd794e);
    assert_int_equal(crc32c(0, down, 32), 0x113fdb5c);
    assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
    assert_int_equal(crc32c(0, "", 0), 0);
}

static void crc32c_is_the_same_in_parts_and_on_every_processor(void **state)
{
    uint8_t bytes[200];

    (void)state;
    crypto_random(bytes, sizeof bytes);
    for (size_t from = 0; from < 9; from++) {
        for (size_t size = 0; from + size <= 100; size++) {
            uint32_t whole = crc32c(0, bytes + from, size);

            assert_int_equal(crc32c_portable(0, bytes + from, size), whole);
            assert_int_equal(
                crc32c(crc32c(0, bytes + from, size / 3), bytes + from + size / 3, size - size / 3),
                whole);
        }
    }
}

static int start(void **state)
{
    (void)state;
    crypto_start();
    crypto_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_blake2b_256),
        cmocka_unit_test(a_hash_of_parts_is_that_of_the_whole),
        cmocka_unit_test(a_fingerprint_depends_on_its_key),
        cmocka_unit_test(macs_are_hmac_sha256_under_keys_of_any_length),
        cmocka_unit_test(an_hmac_that_has_ended_holds_nothing_of_its_key),
        cmocka_unit_test(sealing_is_xchacha20_poly1305),
        cmocka_unit_test(no_bit_of_what_is_sealed_can_be_altered),
        cmocka_unit_test(equal_means_every_byte),
        cmocka_unit_test(memory_for_secrets_is_zeroed_and_locked),
        cmocka_unit_test(memory_that_cannot_be_locked_is_still_had),
        cmocka_unit_test(a_process_that_forbids_dumps_leaves_none),
        cmocka_unit_test(base64_is_that_of_the_rfc),
        cmocka_unit_test(base64url_stands_in_an_address_as_it_is),
        cmocka_unit_test(base64_that_is_not_canonical_is_refused),
        cmocka_unit_test(base64_has_one_spelling_only),
        cmocka_unit_test(base64_that_does_not_fit_is_refused),
        cmocka_unit_test(crc32c_is_that_of_the_rfc),
        cmocka_unit_test(crc32c_is_the_same_in_parts_and_on_every_processor),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
