// Which functions and types a shared library has for programs. Not for users.
#pragma once

/// Stands before every function that is declared in a public header and defined in the library, and before every class
/// that has virtual functions or is thrown. A shared library has these for programs, and keeps the others to itself. A
/// static library has none to show: what is linked into a plugin stays inside it. So its build defines
/// VENICE_KEYS_STATIC, and its CMake package and its pkg-config file define it for programs.
#if defined(VENICE_KEYS_STATIC)
#define VENICE_KEYS_API
#else
#define VENICE_KEYS_API __attribute__((visibility("default")))
#endif
