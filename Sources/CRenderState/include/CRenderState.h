// The page that the current thread is rendering, and the components that it is inside of.
//
// Swift cannot declare thread-local storage of its own, and a task-local value would cost more
// than writing an element. The initial-exec model makes the access one instruction; it holds for
// executables and the libraries loaded with them, not for libraries opened later by dlopen.
// Components are noted by type, so that the handler of a crash, which may call next to nothing,
// can name them.
#ifndef SITEGEN_RENDER_STATE_H
#define SITEGEN_RENDER_STATE_H

// How many components inside each other are noted.
#define SITEGEN_TRAIL_MAX 24

typedef struct {
    int depth;
    const void *_Nullable types[SITEGEN_TRAIL_MAX];
} sitegen_trail;

extern _Thread_local void *_Nullable sitegen_current_page
    __attribute__((tls_model("initial-exec")));
extern _Thread_local sitegen_trail sitegen_current_trail
    __attribute__((tls_model("initial-exec")));

static inline void *_Nullable sitegen_render_state(void) { return sitegen_current_page; }

static inline void sitegen_set_render_state(void *_Nullable page) { sitegen_current_page = page; }

/// A component begins.
static inline void sitegen_enter_component(const void *_Nonnull type) {
    int depth = sitegen_current_trail.depth++;
    if (depth < SITEGEN_TRAIL_MAX) sitegen_current_trail.types[depth] = type;
}

/// It ends.
static inline void sitegen_leave_component(void) { sitegen_current_trail.depth--; }

/// Remembers the name of a component type; one call at a time. The name stays where it is.
void sitegen_name_component(const void *_Nonnull type, const char *_Nonnull name);

/// How many components of this thread are noted.
int sitegen_component_count(void);

/// The name of one of them, the outermost first.
const char *_Nonnull sitegen_component_name(int place);

#endif
