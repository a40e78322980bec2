// The headers of the C library that this module hands to exactly one Swift target.
#include <brotli/decode.h>
#include <brotli/encode.h>
