// A certificate for localhost, its own issuer, for servers in tests: whoever trusts the file trusts the server.
#pragma once

#include <filesystem>

namespace integration {

// Writes both as PEM. Valid for an hour, for the names localhost, 127.0.0.1 and ::1. Throws std::runtime_error.
void write_certificate(const std::filesystem::path& certificate_file, const std::filesystem::path& private_key_file);

} // namespace integration
