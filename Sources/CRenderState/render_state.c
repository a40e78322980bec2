// Holds the one thread-local pointer of the renderer; see the header.
#include "CRenderState.h"

_Thread_local void *sitegen_current_page __attribute__((tls_model("initial-exec"))) = 0;
