#include "client/requests.hpp"

#include "client/answer_error.hpp"
#include "codec/decode.hpp"
#include "codec/encode.hpp"
#include "model/key_id.hpp"
#include "model/key_rules.hpp"
#include "wire/percent.hpp"

#include <utility>

namespace venice_keys::detail {

namespace {

constexpr std::size_t most_of_an_update = 128; // bytes, without its texts

result<void> check_id(const std::string& id)
{
    return key_rules::first_fault(key_rules::fault_in_word("id", id));
}

} // namespace

request_texts update_request::encode(const std::string& path, key_update&& update)
{
    id_ = update.id();
    body_.clear();
    // Reserves just what most updates need, because thousands of bodies may wait.
    body_.reserve(most_of_an_update + id_.size() +
                  (update.description().has_value() ? update.description()->size() : 0));
    codec::encode_update(update, body_);
    return {path, body_, id_};
}

void update_request::decode(const std::string& body, secret_list secrets, answer_context& with,
                            result<api_key>& into) const
{
    api_key& key = into.emplace();
    if (auto why = with.update_decoder.decode(body, secrets, key))
        into = *std::move(why);
    else if (!same_key(key.id, id_))
        into = wrong_key(key.id, id_, secrets);
}

result<void> get_request::check(const std::string& id)
{
    // Those who pass the request on would remove dot segments from its path (RFC 3986 section 5.2.4).
    if (id == "." || id == "..")
        return error(errc::invalid_argument,
                     "id: '" + id + "' is a dot segment: in a path it names another resource, not a key");
    if (id == "rate_limits" || id == "generate_web3_key")
        return error(errc::invalid_argument,
                     "id: '" + id + "' is the name of another resource of the service, not of a key");
    return check_id(id);
}

request_texts get_request::encode(const std::string& path, std::string&& id)
{
    id_ = std::move(id);
    target_ = path;
    wire::append_percent_encoded(target_, id_);
    return {target_};
}

void get_request::decode(const std::string& body, secret_list secrets, answer_context& with,
                         result<key_details>& into) const
{
    into = codec::decode_details(body, secrets, with.max_json_depth);
    if (into && !same_key(into->id, id_))
        into = wrong_key(into->id, id_, secrets);
}

result<void> delete_request::check(const std::string& id)
{
    return check_id(id);
}

request_texts delete_request::encode(const std::string& path, std::string&& id)
{
    id_ = std::move(id);
    target_ = path;
    wire::append_percent_encoded(target_, id_);
    return {target_, {}, id_};
}

void delete_request::decode(const std::string& body, secret_list secrets, answer_context& with,
                            result<void>& into) const
{
    result<std::string> named = codec::decode_deletion(body, secrets, with.max_json_depth);
    if (!named)
        into = std::move(named).error();
    else if (!named->empty() && !same_key(*named, id_))
        into = wrong_key(*named, id_, secrets);
    else
        into = result<void>::success();
}

request_texts create_request::encode(const std::string& path, new_key&& key)
{
    body_.clear();
    codec::encode_creation(key, body_);
    return {path, body_};
}

result<void> web3_challenge_request::check(const std::string& address)
{
    return address.empty() ? result<void>::success()
                           : key_rules::first_fault(key_rules::fault_in_word("address", address));
}

request_texts web3_challenge_request::encode(const std::string& path, std::string&& address)
{
    target_ = path;
    if (!address.empty()) {
        target_ += "?address=";
        wire::append_percent_encoded(target_, address);
    }
    return {target_};
}

request_texts web3_create_request::encode(const std::string& path, new_web3_key&& key)
{
    codec::encode_web3_creation(key, body_);
    proofs_ = {key.challenge(), key.signature()};
    return {path, {body_.data(), body_.size()}};
}

void web3_create_request::clear() noexcept
{
    proofs_.clear();
    secret_bytes{}.swap(body_);
}

} // namespace venice_keys::detail
