// Holds what the renderer has for each thread; see the header.
#include "CRenderState.h"

#include <stdatomic.h>

// How many component types have names; those beyond have none.
#define NAMES_MAX 4096

_Thread_local void *sitegen_current_page __attribute__((tls_model("initial-exec"))) = 0;
_Thread_local sitegen_trail sitegen_current_trail __attribute__((tls_model("initial-exec"))) = {0};

static struct {
    const void *type;
    const char *name;
} names[NAMES_MAX];
static atomic_int name_count = 0;

void sitegen_name_component(const void *type, const char *name) {
    int count = atomic_load(&name_count);
    if (count >= NAMES_MAX) return;
    names[count].type = type;
    names[count].name = name;
    atomic_store(&name_count, count + 1);
}

int sitegen_component_count(void) {
    int depth = sitegen_current_trail.depth;
    return depth < SITEGEN_TRAIL_MAX ? depth : SITEGEN_TRAIL_MAX;
}

const char *sitegen_component_name(int place) {
    const void *type = sitegen_current_trail.types[place];
    int count = atomic_load(&name_count);
    for (int index = 0; index < count; index++) {
        if (names[index].type == type) return names[index].name;
    }
    return "…";
}
