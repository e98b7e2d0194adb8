/* CRC32C (Castagnoli, RFC 3720 appendix B.4): finds bytes that were damaged, not those forged. Any
 * thread may call. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* crc32c(crc32c(0, a), b) is that of a and b one after the other. */
uint32_t crc32c(uint32_t before, const void *bytes, size_t size);

/* The same without the processor's own instruction: for those that have none, and for the test. */
uint32_t crc32c_portable(uint32_t before, const void *bytes, size_t size);
