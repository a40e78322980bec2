// A program without its site: it waits for the name of a library, loads it, and goes on in it.
//
// `sitegen watch` links everything that a site's program is made of but the site's own objects into
// one program that begins here, so that a change of the site is a small library. The library finds
// what it needs in the program that loads it.
#ifndef SITEGEN_LOADING_H
#define SITEGEN_LOADING_H

/// The name of the function below, for a linker.
#define SITEGEN_LOADING_MAIN "sitegen_loading_main"

/// The longest line that says what to load, in bytes, with its end.
#define SITEGEN_LOADING_LINE_MAX 8192

/// A `main` that reads one line from standard input, the name of a function, a space and the path
/// of a library, and calls the function with its own arguments.
///
/// Nothing behind the line is read. The end of the input in place of a line ends the process with
/// 0. What cannot be loaded is told on standard error, with exit status 78.
int sitegen_loading_main(int argument_count, char *_Nullable *_Nonnull arguments);

#endif
