// The version of these headers, for the preprocessor. It is written here alone: the build reads it from this file.
#pragma once

///@{
/// One of the three numbers of the version, as in 1.2.3. What they promise is in docs/public-api.md.
#define VENICE_KEYS_VERSION_MAJOR 0
#define VENICE_KEYS_VERSION_MINOR 1
#define VENICE_KEYS_VERSION_PATCH 0
///@}

/// The version as one number, to compare: 10203 is version 1.2.3. MINOR and PATCH are below 100.
///
///     #if VENICE_KEYS_VERSION >= 10203
#define VENICE_KEYS_VERSION                                                                                            \
    (VENICE_KEYS_VERSION_MAJOR * 10000 + VENICE_KEYS_VERSION_MINOR * 100 + VENICE_KEYS_VERSION_PATCH)

/// The version as text: "1.2.3", a string literal.
#define VENICE_KEYS_VERSION_STRING                                                                                     \
    VENICE_KEYS_DETAIL_VERSION_TEXT(VENICE_KEYS_VERSION_MAJOR, VENICE_KEYS_VERSION_MINOR, VENICE_KEYS_VERSION_PATCH)

// The arguments are expanded on the way to the second macro, which quotes them.
#define VENICE_KEYS_DETAIL_VERSION_TEXT(major, minor, patch) VENICE_KEYS_DETAIL_QUOTED_VERSION(major, minor, patch)
#define VENICE_KEYS_DETAIL_QUOTED_VERSION(major, minor, patch) #major "." #minor "." #patch
