// The header of the C library that this module hands to exactly one Swift target.
// SHA256_Init and its two siblings are marked as deprecated since OpenSSL 3.0 in favour of EVP,
// which allocates, looks up an algorithm by name and reads a configuration file for the same bytes.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
