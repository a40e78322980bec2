// See the header.
#include "CLoading.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// EX_CONFIG of sysexits(3), as all of sitegen's programs say it.
#define CANNOT_LOAD 78

// Reads up to the end of a line, byte by byte: what follows it is for somebody else. Returns the
// length; 0 for an empty line or none, -1 if it is too long.
static int read_line(char *line, int size) {
    for (int length = 0; length < size;) {
        ssize_t count = read(STDIN_FILENO, line + length, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        if (line[length] == '\n') {
            line[length] = 0;
            return length;
        }
        length++;
    }
    return -1;
}

int sitegen_loading_main(int argument_count, char *_Nullable *_Nonnull arguments) {
    static char line[SITEGEN_LOADING_LINE_MAX];
    int length = read_line(line, sizeof line);
    if (length == 0) return 0;
    char *path = length < 0 ? NULL : strchr(line, ' ');
    if (path == NULL) {
        fprintf(stderr, "What to load has to be a function, a space and a path, in one line.\n");
        return CANNOT_LOAD;
    }
    *path++ = 0;
    void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    void *function = library == NULL ? NULL : dlsym(library, line);
    if (function == NULL) {
        fprintf(stderr, "The site cannot be loaded: %s\n", dlerror());
        return CANNOT_LOAD;
    }
    int (*entry)(int, char **);
    memcpy(&entry, &function, sizeof entry);
    return entry(argument_count, arguments);
}
