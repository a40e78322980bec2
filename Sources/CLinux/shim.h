// What Linux has and Swift's Glibc module does not show: handed to exactly one Swift target.
#include <unistd.h>
extern int syncfs(int descriptor);
