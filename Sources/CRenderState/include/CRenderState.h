// The page that the current thread is rendering: one pointer, nothing else.
//
// Swift cannot declare thread-local storage of its own, and a task-local value would cost more
// than writing an element. The initial-exec model makes the access one instruction; it holds for
// executables and the libraries loaded with them, not for libraries opened later by dlopen.
#ifndef SITEGEN_RENDER_STATE_H
#define SITEGEN_RENDER_STATE_H

extern _Thread_local void *_Nullable sitegen_current_page
    __attribute__((tls_model("initial-exec")));

static inline void *_Nullable sitegen_render_state(void) { return sitegen_current_page; }

static inline void sitegen_set_render_state(void *_Nullable page) { sitegen_current_page = page; }

#endif
