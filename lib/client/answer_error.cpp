#include "client/answer_error.hpp"

namespace venice_keys::detail {

namespace {

constexpr std::size_t longest_request_id = 128;

} // namespace

void make_request_id_fit(std::string& id, const secret_list& secrets)
{
    redact(id, secrets);
    make_printable(id, longest_request_id);
}

void add_headers(error& why, const wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after,
                 const secret_list& secrets)
{
    why.http_status = answer.status;
    why.retry_after = retry_after;
    if (answer.request_id.empty()) // then the one in the body, if it has one
        return;
    why.request_id = answer.request_id;
    make_request_id_fit(why.request_id, secrets);
}

} // namespace venice_keys::detail
