#include "client/update_operation.hpp"

#include "client/answer_error.hpp"
#include "client/core.hpp"
#include "codec/decode_refusal.hpp"
#include "codec/encode_update.hpp"
#include "model/redact.hpp"

namespace venice_keys::detail {

namespace {

constexpr std::size_t longest_foreign_id = 128;

} // namespace

void update_operation::start(key_update&& update, time_point deadline, handover<api_key>&& to)
{
    begin(deadline);
    to_ = std::move(to);
    id_ = update.id();
    body_.clear();
    codec::encode_update(update, body_);
    request(core_.update_head(), body_);
}

void update_operation::refuse(error why, handover<api_key>&& to)
{
    begin(time_point::max());
    to_ = std::move(to);
    outcome_ = std::move(why);
    give_up();
}

session::verdict update_operation::read(wire::reply& answer, error& why)
{
    result<api_key> read = answer.status == 200 ? core_.decoder().decode(answer.body, core_.token())
                                                : codec::decode_refusal(answer.status, answer.body, core_.token(),
                                                                        core_.settings().max_json_depth);
    if (read && read->id != id_) {
        std::string other = std::move(read->id); // whatever the server put there, our token perhaps
        redact(other, core_.token());
        make_printable(other, longest_foreign_id);
        read = error(errc::reply_mismatch, "the answer is about key " + other + ", not " + id_);
    }
    if (!read)
        add_headers(read.error(), answer, core_.token());
    // Who answers with success and does not name the key may have answered somebody else.
    if (!read && (read.error().code == errc::reply_mismatch || read.error().code == errc::malformed_reply)) {
        why = std::move(read).error();
        return session::verdict::mismatch;
    }
    if (!completed())
        outcome_ = std::move(read);
    return session::verdict::accepted;
}

void update_operation::answered()
{
    if (!outcome_) {
        outcome_.error().delivery = delivery();
        outcome_.error().attempts = attempts();
    }
    core_.complete(*this);
    core_.release(*this);
}

void update_operation::failed(error why)
{
    outcome_ = std::move(why);
    core_.complete(*this);
    core_.release(*this);
}

void update_operation::released()
{
    core_.release(*this);
}

void update_operation::deliver()
{
    handover<api_key> to = std::move(to_);
    result<api_key> outcome = std::move(outcome_);
    if (!in_pool())
        recycle();
    core_.hand_over(std::move(to), std::move(outcome));
}

void update_operation::recycle()
{
    to_ = {};
    outcome_ = {};
    core_.recycle(*this);
}

} // namespace venice_keys::detail
