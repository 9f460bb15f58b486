// A token or key that must not leak: cleansed when it is destroyed, `[redacted]` when printed. It guards the library's
// own buffers, and not those of OpenSSL and the kernel.
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/result.hpp>

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace venice_keys {

/// Overwrites memory in a way that the optimiser may not remove.
VENICE_KEYS_API void cleanse(void* data, std::size_t size) noexcept;

/// An allocator that cleanses every block before it is freed, for buffers through which a secret passes.
template <class T>
class cleansing_allocator {
public:
    using value_type = T; ///< what it allocates

    cleansing_allocator() = default; ///< all of them are equal

    /// From one for another type.
    template <class U>
    cleansing_allocator(const cleansing_allocator<U>& /*other*/) noexcept
    {
    }

    /// Memory for `count` objects, as std::allocator gives it.
    [[nodiscard]] T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }

    /// Cleanses and frees what allocate() gave for the same `count`.
    void deallocate(T* block, std::size_t count) noexcept
    {
        cleanse(block, count * sizeof(T));
        std::allocator<T>{}.deallocate(block, count);
    }

    /// Always true: any of them frees what another allocated.
    friend bool operator==(const cleansing_allocator&, const cleansing_allocator&) noexcept { return true; }
};

/// Any bytes that must not leak, such as a token. Several threads may read one secret at once; writing needs exclusion,
/// as with std::string.
class secret {
public:
    secret() noexcept = default; ///< empty

    /// Copies the text. The caller has to cleanse the original.
    VENICE_KEYS_API explicit secret(std::string_view text);
    /// Copies the text and cleanses the string that held it.
    VENICE_KEYS_API explicit secret(std::string&& text);
    /// Copies a text that ends with a zero byte. The caller has to cleanse the original.
    explicit secret(const char* text) : secret(std::string_view{text}) {}

    /// The value of an environment variable. Fails with errc::invalid_argument, naming the variable, when it is not set
    /// or empty. No other thread may change the environment meanwhile. Child processes inherit it, so a file is safer.
    [[nodiscard]] VENICE_KEYS_API static result<secret> from_environment(const char* name);

    /// The text of a file, without the one line end (LF or CRLF) at its end. Fails with errc::invalid_argument, naming
    /// the file, when it can't be read, is not a regular file, is longer than 64 KiB, has nothing in it, or may be used
    /// in any way by its group or others (077 of the mode). Symbolic links are followed. Reads the file at once, and
    /// blocks as long as the file system does.
    [[nodiscard]] VENICE_KEYS_API static result<secret> from_file(const std::string& path);

    VENICE_KEYS_API secret(const secret& other);            ///< copies the bytes
    VENICE_KEYS_API secret(secret&& other) noexcept;        ///< takes the bytes; `other` is empty then
    VENICE_KEYS_API secret& operator=(const secret& other); ///< cleanses what was here, and copies
    /// Cleanses what was here, and takes the bytes; `other` is empty then.
    VENICE_KEYS_API secret& operator=(secret&& other) noexcept;
    VENICE_KEYS_API ~secret(); ///< cleanses the bytes

    /// The secret itself. The view is valid until this object is assigned to or destroyed.
    [[nodiscard]] std::string_view expose() const noexcept { return {data_.get(), size_}; }
    /// Whether it has no bytes.
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    /// Takes the same time wherever the first difference is. The length is not hidden.
    friend VENICE_KEYS_API bool operator==(const secret& left, const secret& right) noexcept;

    /// Prints `[redacted]`.
    friend VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, const secret& value);

private:
    std::unique_ptr<char[]> data_;
    std::size_t size_ = 0;
};

} // namespace venice_keys
