// What somebody else's program or plugin does with the two libraries.
#pragma once

/// Updates one key of an emulator, and makes mistakes. 0 if all of it went as it must; else it says what did not.
extern "C" __attribute__((visibility("default"))) int update_one_key() noexcept;
