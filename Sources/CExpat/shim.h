// The header of the C library that this module hands to exactly one Swift target.
#include <expat.h>
