// What a thread is making from a row, and what becomes of the process when that crashes.
//
// A trap in a component cannot be caught: the frames above it are left as they are. So the handler
// of the signal writes one record of fixed size into a file without a name and lets the same
// program begin again (execve), with that file open; what was being made is then set aside. It
// calls nothing that a signal handler may not call (signal-safety(7)), and reads memory of which it
// is not sure through the system alone.
#ifndef SITEGEN_CRASH_H
#define SITEGEN_CRASH_H

#include <stdint.h>

#define SITEGEN_CRASH_NAME_MAX 128
#define SITEGEN_CRASH_KEY_MAX 512
#define SITEGEN_CRASH_COMPONENTS_MAX 1024
#define SITEGEN_CRASH_FRAMES_MAX 64

/// What is made from a row; texts that are too long are cut.
typedef struct {
    /// Whether there is a row; its key may be the empty text.
    int32_t has_row;
    /// The row's digest; 0 without a row.
    uint64_t digest_high;
    uint64_t digest_low;
    char route[SITEGEN_CRASH_NAME_MAX];
    char view[SITEGEN_CRASH_NAME_MAX];
    char key[SITEGEN_CRASH_KEY_MAX];
} sitegen_noted_work;

/// One record: what crashed, or that something did not.
typedef struct {
    /// 0 says that the route made something; else the signal.
    int32_t signal;
    int32_t frame_count;
    sitegen_noted_work work;
    /// Addresses of instructions in the program's file, the innermost first.
    uint64_t frames[SITEGEN_CRASH_FRAMES_MAX];
    /// The components being written, the outermost first, with ` > ` in between.
    char components[SITEGEN_CRASH_COMPONENTS_MAX];
} sitegen_crash_record;

/// Handles crashes of noted work from now on.
///
/// - descriptor: of the file for records, close-on-exec.
/// - program: the file to run again.
/// - arguments, environment: as for execve; they stay where they are.
/// Returns 0, or -1 if a handler cannot be set.
int sitegen_handle_crashes(
    int descriptor, const char *_Nonnull program, char *_Nullable const *_Nonnull arguments,
    char *_Nullable const *_Nonnull environment);

/// The file for records; -1 if crashes are not handled.
int sitegen_crash_descriptor(void);

/// Sets all of `work`; each text is cut to what a record holds, between two characters of UTF-8.
void sitegen_set_work(
    sitegen_noted_work *_Nonnull work, const char *_Nonnull route, const char *_Nonnull view,
    const char *_Nonnull key, int32_t has_row, uint64_t digest_high, uint64_t digest_low);

/// This thread makes something of a row now; the arguments are those of `sitegen_set_work`.
void sitegen_begin_work(
    const char *_Nonnull route, const char *_Nonnull view, const char *_Nonnull key,
    int32_t has_row, uint64_t digest_high, uint64_t digest_low);

/// It does no more.
void sitegen_end_work(void);

/// Makes a file without a name, close-on-exec; -1 and errno if there is none.
int sitegen_anonymous_file(void);

#endif
