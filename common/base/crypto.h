/* Cryptography: the only door to libsodium.
 *
 * Everything here is thread-safe and needs crypto_start before it. Sizes are in bytes. libsodium's
 * own names begin with crypto_ too: a name here must not be one of its (the compiler says so).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CRYPTO_HASH_SIZE = 32,
    CRYPTO_FINGERPRINT_SIZE = 16,
    CRYPTO_HMAC_SIZE = 32,
    CRYPTO_KEY_SIZE = 32,
    CRYPTO_NONCE_SIZE = 24,
    CRYPTO_TAG_SIZE = 16,
};

/* Once, or more often; ends the process when libsodium cannot start (no source of randomness). */
void crypto_start(void);

/* From here on this process leaves no core file and cannot be looked into by others of its user. */
void crypto_forbid_dumps(void);

/* BLAKE2b-256 (RFC 7693) of the parts added between begin and end, as if they were one. */
struct crypto_hash {
    _Alignas(64) uint8_t state[384];
};
void crypto_hash_begin(struct crypto_hash *hash);
void crypto_hash_add(struct crypto_hash *hash, const void *bytes, size_t size);
void crypto_hash_end(struct crypto_hash *hash, uint8_t out[CRYPTO_HASH_SIZE]);
void crypto_hash_of(const void *bytes, size_t size, uint8_t out[CRYPTO_HASH_SIZE]);

/* BLAKE2b-128, plain when key_size is 0, else keyed with 16 to 64 bytes: a fingerprint that tells
 * nobody without the key what was hashed. */
void crypto_fingerprint(const void *key, size_t key_size, const void *bytes, size_t size,
                        uint8_t out[CRYPTO_FINGERPRINT_SIZE]);

/* HMAC-SHA256 (RFC 2104) under a key of any length. end wipes what it knew of the key. */
struct crypto_hmac {
    _Alignas(64) uint8_t state[208];
};
void crypto_hmac_begin(struct crypto_hmac *hmac, const void *key, size_t key_size);
void crypto_hmac_add(struct crypto_hmac *hmac, const void *bytes, size_t size);
void crypto_hmac_end(struct crypto_hmac *hmac, uint8_t out[CRYPTO_HMAC_SIZE]);

/* Whether size bytes are the same; takes as long wherever they differ. */
bool crypto_equal(const void *a, const void *b, size_t size);

/* XChaCha20-Poly1305. A nonce is used once for a key (a random one will do). sealed takes size plus
 * CRYPTO_TAG_SIZE. unseal: false when anything was altered or key, nonce or associated data are
 * others; then the size - CRYPTO_TAG_SIZE bytes of plain are zero. */
void crypto_seal(const uint8_t key[CRYPTO_KEY_SIZE], const uint8_t nonce[CRYPTO_NONCE_SIZE],
                 const void *associated, size_t associated_size, const void *plain, size_t size,
                 void *sealed);
bool crypto_unseal(const uint8_t key[CRYPTO_KEY_SIZE], const uint8_t nonce[CRYPTO_NONCE_SIZE],
                   const void *associated, size_t associated_size, const void *sealed, size_t size,
                   void *plain);

/* The public key (X25519, RFC 7748) that goes with a secret one, which may be any random bytes. */
void crypto_public_key(const uint8_t secret[CRYPTO_KEY_SIZE], uint8_t public[CRYPTO_KEY_SIZE]);

/* What two have in common who know each other's public keys, and nobody else: the same from both sides (X25519, then HSalsa20, as
 * NaCl's box has it). False: that is nobody's public key. */
bool crypto_shared_key(const uint8_t secret[CRYPTO_KEY_SIZE], const uint8_t public[CRYPTO_KEY_SIZE],
                       uint8_t shared[CRYPTO_KEY_SIZE]);

/* Memory for secrets: zeroed, kept out of swap and core files, with guard pages on both sides; wiped
 * when destroyed. Where RLIMIT_MEMLOCK is too small it may be swapped: said once in the log. Costs
 * at least four pages: take one piece for many secrets. */
void *crypto_locked_create(size_t size);
void crypto_locked_destroy(void *memory);

/* Zero size bytes, also when nobody reads them again. */
void crypto_wipe(void *memory, size_t size);

/* Straight from the system's generator; others use random.h. */
void crypto_random(void *bytes, size_t size);

/* Base64 (RFC 4648, section 4) with padding, in constant time: for secrets, where core/base64.h
 * would let its tables tell. CRYPTO_BASE64_SIZE(size) characters with the final NUL. decode: false
 * unless all of text is canonical and fits in *size bytes. */
#define CRYPTO_BASE64_SIZE(size) (((size) + 2) / 3 * 4 + 1)
void crypto_base64_encode(const void *bytes, size_t size, char *text);
bool crypto_base64_decode(const char *text, size_t text_size, void *bytes, size_t *size);
/* The same for addresses and cookies: base64url (section 5) without padding. */
#define CRYPTO_BASE64URL_SIZE(size) (((size)*4 + 2) / 3 + 1)
void crypto_base64url_encode(const void *bytes, size_t size, char *text);
bool crypto_base64url_decode(const char *text, size_t text_size, void *bytes, size_t *size);
