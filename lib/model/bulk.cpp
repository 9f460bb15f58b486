#include <venice_keys/bulk.hpp>

#include <ostream>

namespace venice_keys {

std::string_view to_string(bulk_summary::end value) noexcept
{
    switch (value) {
    case bulk_summary::end::finished:
        return "finished";
    case bulk_summary::end::stopped:
        return "stopped";
    case bulk_summary::end::cancelled:
        return "cancelled";
    case bulk_summary::end::closed:
        return "closed";
    }
    return "unknown";
}

std::ostream& operator<<(std::ostream& out, const bulk_summary& value)
{
    out << to_string(value.how) << ": " << value.applied << " applied, " << value.refused << " refused, "
        << value.unknown << " unknown, " << value.not_sent << " not sent";
    if (value.first_error)
        out << "; the first error: " << *value.first_error;
    return out;
}

} // namespace venice_keys
