// See the header. Everything that the handler needs is made before it is needed.
#define _GNU_SOURCE
#include "CCrash.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

#include "CRenderState.h"

// A stack that overflows leaves no room for a handler, so it has its own.
#define HANDLER_STACK_BYTES (64 << 10)
// The largest stack of a thread that is walked through.
#define STACK_BYTES_MAX (64ul << 20)

extern char __executable_start;
extern char etext;

static const int crash_signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
static const int kept_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGCHLD};
#define COUNT(array) (sizeof(array) / sizeof(array[0]))

static int record_file = -1;
static const char *program_path;
static char *const *program_arguments;
static char *const *program_environment;
static struct sigaction old_actions[COUNT(crash_signals)];
static struct sigaction kept_actions[COUNT(kept_signals)];
static sigset_t kept_mask;
static atomic_flag is_crashing = ATOMIC_FLAG_INIT;
static sitegen_crash_record record;

static _Thread_local struct {
    int is_active;
    int has_stack;
    int is_crashing;
    sitegen_noted_work noted;
} work __attribute__((tls_model("initial-exec")));

// Copies a text, cut at the beginning of a character of UTF-8, with its final 0.
static void copy_text(char *target, size_t size, const char *source) {
    size_t count = 0;
    while (count + 1 < size && source[count] != 0) {
        target[count] = source[count];
        count++;
    }
    if (source[count] != 0) {
        while (count > 0 && ((unsigned char)source[count] & 0xC0) == 0x80) count--;
    }
    target[count] = 0;
}

// Appends a text; 0 if there is no room.
static int append(char *target, size_t size, size_t *used, const char *text) {
    size_t start = *used;
    for (; *text != 0; text++) {
        if (*used + 1 >= size) {
            target[start] = 0;
            *used = start;
            return 0;
        }
        target[(*used)++] = *text;
    }
    target[*used] = 0;
    return 1;
}

static void note_components(void) {
    size_t used = 0;
    int count = sitegen_component_count();
    for (int place = 0; place < count; place++) {
        if (place > 0 && !append(record.components, sizeof record.components, &used, " > ")) return;
        const char *name = sitegen_component_name(place);
        if (!append(record.components, sizeof record.components, &used, name)) return;
    }
}

static void note_address(uintptr_t address) {
    uintptr_t start = (uintptr_t)&__executable_start;
    if (address < start || address >= (uintptr_t)&etext) return;
    if (record.frame_count < SITEGEN_CRASH_FRAMES_MAX) {
        record.frames[record.frame_count++] = address - start;
    }
}

// Goes up the frames; what cannot be read ends it.
static void note_frames(const ucontext_t *context) {
#if defined(__x86_64__)
    uintptr_t place = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
    uintptr_t frame = (uintptr_t)context->uc_mcontext.gregs[REG_RBP];
    uintptr_t stack = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    uintptr_t place = (uintptr_t)context->uc_mcontext.pc;
    uintptr_t frame = (uintptr_t)context->uc_mcontext.regs[29];
    uintptr_t stack = (uintptr_t)context->uc_mcontext.sp;
#else
    uintptr_t place = 0, frame = 0, stack = 0;
#endif
    note_address(place);
    uintptr_t last = stack;
    for (int step = 0; step < 256; step++) {
        if (frame < last || frame - stack > STACK_BYTES_MAX || frame % sizeof(void *) != 0) return;
        uintptr_t pair[2];
        struct iovec to = {pair, sizeof pair};
        struct iovec from = {(void *)frame, sizeof pair};
        if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) != (ssize_t)sizeof pair) return;
        // The call stands in front of the address of return.
        if (pair[1] != 0) note_address(pair[1] - 1);
        if (pair[0] <= frame) return;
        last = frame;
        frame = pair[0];
    }
}

// Leaves the crash to whoever handled it before: the instruction is tried again.
static void leave_to_others(int number) {
    for (size_t index = 0; index < COUNT(crash_signals); index++) {
        if (crash_signals[index] == number) sigaction(number, &old_actions[index], 0);
    }
}

static void handle(int number, siginfo_t *info, void *context) {
    if (work.is_crashing) _exit(128 + number);
    if (!work.is_active) {
        leave_to_others(number);
        // Nothing is tried again after a signal that was sent.
        if (info->si_code <= 0) raise(number);
        return;
    }
    work.is_crashing = 1;
    // Another thread has crashed at the same time, and ends this process.
    while (atomic_flag_test_and_set(&is_crashing)) pause();
    record.signal = number;
    record.work = work.noted;
    note_components();
    note_frames(context);
    if (write(record_file, &record, sizeof record) != (ssize_t)sizeof record) _exit(128 + number);
    for (size_t index = 0; index < COUNT(kept_signals); index++) {
        sigaction(kept_signals[index], &kept_actions[index], 0);
    }
    sigprocmask(SIG_SETMASK, &kept_mask, 0);
    fcntl(record_file, F_SETFD, 0);
    execve(program_path, program_arguments, program_environment);
    _exit(128 + number);
}

int sitegen_handle_crashes(
    int descriptor, const char *program, char *const *arguments, char *const *environment) {
    record_file = descriptor;
    program_path = program;
    program_arguments = arguments;
    program_environment = environment;
    sigprocmask(SIG_SETMASK, 0, &kept_mask);
    for (size_t index = 0; index < COUNT(kept_signals); index++) {
        sigaction(kept_signals[index], 0, &kept_actions[index]);
    }
    struct sigaction action = {0};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    for (size_t index = 0; index < COUNT(crash_signals); index++) {
        if (sigaction(crash_signals[index], &action, &old_actions[index]) != 0) return -1;
    }
    return 0;
}

int sitegen_crash_descriptor(void) { return record_file; }

// Once for each thread; threads of a pool are never given back.
static void give_stack(void) {
    work.has_stack = 1;
    stack_t now;
    if (sigaltstack(0, &now) == 0 && !(now.ss_flags & SS_DISABLE)) return;
    void *memory = mmap(
        0, HANDLER_STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t stack = {.ss_sp = memory, .ss_size = HANDLER_STACK_BYTES};
    sigaltstack(&stack, 0);
}

void sitegen_set_work(
    sitegen_noted_work *target, const char *route, const char *view, const char *key,
    int32_t has_row, uint64_t digest_high, uint64_t digest_low) {
    target->has_row = has_row;
    target->digest_high = digest_high;
    target->digest_low = digest_low;
    copy_text(target->route, sizeof target->route, route);
    copy_text(target->view, sizeof target->view, view);
    copy_text(target->key, sizeof target->key, key);
}

void sitegen_begin_work(
    const char *route, const char *view, const char *key, int32_t has_row, uint64_t digest_high,
    uint64_t digest_low) {
    if (record_file < 0) return;
    if (!work.has_stack) give_stack();
    sitegen_set_work(&work.noted, route, view, key, has_row, digest_high, digest_low);
    atomic_signal_fence(memory_order_seq_cst);
    work.is_active = 1;
}

void sitegen_end_work(void) { work.is_active = 0; }

int sitegen_anonymous_file(void) { return memfd_create("sitegen-crashes", MFD_CLOEXEC); }
