/* libsodium under our own names, with sizes that the compiler checks. */
#include "base/crypto.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <sodium.h>

#include "base/log.h"
#include "core/error.h"

_Static_assert(sizeof(crypto_generichash_blake2b_state) <= sizeof(struct crypto_hash), "room");
_Static_assert(sizeof(crypto_auth_hmacsha256_state) <= sizeof(struct crypto_hmac), "room");
_Static_assert(CRYPTO_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
                   CRYPTO_NONCE_SIZE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES &&
                   CRYPTO_TAG_SIZE == crypto_aead_xchacha20poly1305_ietf_ABYTES &&
                   CRYPTO_HMAC_SIZE == crypto_auth_hmacsha256_BYTES,
               "libsodium's sizes are ours");

/* LeakSanitizer looks into its own process as a debugger does, which dumpable = 0 forbids. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_LEAK_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LEAK_SANITIZER 1
#endif
#endif
#ifndef HAS_LEAK_SANITIZER
#define HAS_LEAK_SANITIZER 0
#endif

static void misused(void)
{
    bug("libsodium was misused");
}

void crypto_start(void)
{
    if (sodium_init() < 0) bug("libsodium does not start");
    sodium_set_misuse_handler(misused);
}

void crypto_forbid_dumps(void)
{
    const struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_CORE, &none) != 0) bug("RLIMIT_CORE cannot be set");
    if (!HAS_LEAK_SANITIZER && prctl(PR_SET_DUMPABLE, 0) != 0) bug("PR_SET_DUMPABLE cannot be set");
}

static crypto_generichash_blake2b_state *blake2b(struct crypto_hash *hash)
{
    return (void *)hash->state;
}

void crypto_hash_begin(struct crypto_hash *hash)
{
    crypto_generichash_blake2b_init(blake2b(hash), NULL, 0, CRYPTO_HASH_SIZE);
}

void crypto_hash_add(struct crypto_hash *hash, const void *bytes, size_t size)
{
    crypto_generichash_blake2b_update(blake2b(hash), bytes, size);
}

void crypto_hash_end(struct crypto_hash *hash, uint8_t out[CRYPTO_HASH_SIZE])
{
    crypto_generichash_blake2b_final(blake2b(hash), out, CRYPTO_HASH_SIZE);
}

void crypto_hash_of(const void *bytes, size_t size, uint8_t out[CRYPTO_HASH_SIZE])
{
    crypto_generichash_blake2b(out, CRYPTO_HASH_SIZE, bytes, size, NULL, 0);
}

void crypto_fingerprint(const void *key, size_t key_size, const void *bytes, size_t size,
                        uint8_t out[CRYPTO_FINGERPRINT_SIZE])
{
    if (crypto_generichash_blake2b(out, CRYPTO_FINGERPRINT_SIZE, bytes, size, key, key_size) != 0)
        bug("crypto_fingerprint: a key of %zu bytes", key_size);
}

static crypto_auth_hmacsha256_state *hmacsha256(struct crypto_hmac *hmac)
{
    return (void *)hmac->state;
}

void crypto_hmac_begin(struct crypto_hmac *hmac, const void *key, size_t key_size)
{
    crypto_auth_hmacsha256_init(hmacsha256(hmac), key, key_size);
}

void crypto_hmac_add(struct crypto_hmac *hmac, const void *bytes, size_t size)
{
    crypto_auth_hmacsha256_update(hmacsha256(hmac), bytes, size);
}

void crypto_hmac_end(struct crypto_hmac *hmac, uint8_t out[CRYPTO_HMAC_SIZE])
{
    crypto_auth_hmacsha256_final(hmacsha256(hmac), out);
    sodium_memzero(hmac, sizeof *hmac);
}

bool crypto_equal(const void *a, const void *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}

void crypto_seal(const uint8_t key[CRYPTO_KEY_SIZE], const uint8_t nonce[CRYPTO_NONCE_SIZE],
                 const void *associated, size_t associated_size, const void *plain, size_t size,
                 void *sealed)
{
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, plain, size, associated,
                                               associated_size, NULL, nonce, key);
}

bool crypto_unseal(const uint8_t key[CRYPTO_KEY_SIZE], const uint8_t nonce[CRYPTO_NONCE_SIZE],
                   const void *associated, size_t associated_size, const void *sealed, size_t size,
                   void *plain)
{
    return crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed, size, associated,
                                                      associated_size, nonce, key) == 0;
}

void *crypto_locked_create(size_t size)
{
    static atomic_flag is_said = ATOMIC_FLAG_INIT;
    void *memory = sodium_malloc(size);

    if (memory == NULL) bug("out of memory for secrets");
    /* sodium_malloc does not tell whether it could lock; asking again does. */
    if (sodium_mlock(memory, size) != 0 && !atomic_flag_test_and_set(&is_said))
        log_warning("memory_not_locked", "why=RLIMIT_MEMLOCK bytes=%zu", size);
    memset(memory, 0, size);
    return memory;
}

void crypto_locked_destroy(void *memory)
{
    sodium_free(memory);
}

void crypto_wipe(void *memory, size_t size)
{
    sodium_memzero(memory, size);
}

void crypto_random(void *bytes, size_t size)
{
    randombytes_buf(bytes, size);
}

void crypto_public_key(const uint8_t secret[CRYPTO_KEY_SIZE], uint8_t public[CRYPTO_KEY_SIZE])
{
    if (crypto_scalarmult_base(public, secret) != 0) bug("a key without a public one");
}

bool crypto_shared_key(const uint8_t secret[CRYPTO_KEY_SIZE], const uint8_t public[CRYPTO_KEY_SIZE],
                       uint8_t shared[CRYPTO_KEY_SIZE])
{
    _Static_assert((int)crypto_box_BEFORENMBYTES == (int)CRYPTO_KEY_SIZE, "one size of keys");

    return crypto_box_beforenm(shared, public, secret) == 0;
}

void crypto_base64_encode(const void *bytes, size_t size, char *text)
{
    sodium_bin2base64(text, CRYPTO_BASE64_SIZE(size), bytes, size, sodium_base64_VARIANT_ORIGINAL);
}

/* libsodium 1.0.18 takes some bytes past ASCII for letters where char is signed. */
static bool is_ascii(const char *text, size_t size)
{
    unsigned char all = 0;

    for (size_t i = 0; i < size; i++)
        all |= (unsigned char)text[i];
    return all < 0x80;
}

static bool decode(const char *text, size_t text_size, int variant, void *bytes, size_t *size)
{
    size_t decoded;

    if (!is_ascii(text, text_size)) return false;
    if (sodium_base642bin(bytes, *size, text, text_size, NULL, &decoded, NULL, variant) != 0)
        return false;
    *size = decoded;
    return true;
}

bool crypto_base64_decode(const char *text, size_t text_size, void *bytes, size_t *size)
{
    return decode(text, text_size, sodium_base64_VARIANT_ORIGINAL, bytes, size);
}

void crypto_base64url_encode(const void *bytes, size_t size, char *text)
{
    sodium_bin2base64(text, CRYPTO_BASE64URL_SIZE(size), bytes, size,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool crypto_base64url_decode(const char *text, size_t text_size, void *bytes, size_t *size)
{
    return decode(text, text_size, sodium_base64_VARIANT_URLSAFE_NO_PADDING, bytes, size);
}
