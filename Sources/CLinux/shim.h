// What Linux has and Swift's Glibc module does not show.
#include <spawn.h>
#include <unistd.h>
extern int syncfs(int descriptor);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
