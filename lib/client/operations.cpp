#include "client/operations.hpp"

#include "codec/decode_challenge.hpp"
#include "codec/decode_creation.hpp"
#include "codec/decode_deletion.hpp"
#include "codec/decode_details.hpp"
#include "codec/encode_creation.hpp"
#include "codec/encode_update.hpp"
#include "model/key_id.hpp"
#include "model/key_rules.hpp"
#include "wire/percent.hpp"

#include <utility>

namespace venice_keys::detail {

namespace {

constexpr std::size_t most_of_an_update = 128; // bytes, but for its texts

result<void> check_id(const std::string& id)
{
    return key_rules::verdict(key_rules::fault_in_word("id", id));
}

void read_creation(const std::string& body, const secret_list& secrets, std::size_t max_depth,
                   result<created_key>& into)
{
    into = codec::decode_creation(body, secrets, max_depth);
}

} // namespace

void update_operation::start(lifetime&& life, handover<api_key>&& to, key_update&& update)
{
    id_ = update.id();
    begin(std::move(life.who), life.now, life.deadline, id_);
    complete_to(std::move(to));
    body_.clear();
    // At once what most updates take: thousands may wait, each with its own.
    body_.reserve(most_of_an_update + id_.size() +
                  (update.description().has_value() ? update.description()->size() : 0));
    codec::encode_update(update, body_);
    ask(home_.path(), body_);
}

void update_operation::decode(const std::string& body, result<api_key>& into)
{
    api_key& key = into.emplace();
    if (auto why = host().decoder().decode(body, secrets(), key))
        into = *std::move(why);
    else if (!same_key(key.id, id_))
        into = foreign_key(std::move(key.id), id_);
}

result<void> get_operation::check(const std::string& id)
{
    // RFC 3986 section 5.2.4: whoever passes the request on would take them out of its path.
    if (id == "." || id == "..")
        return error(errc::invalid_argument, "id: a dot segment, which names another resource");
    if (id == "rate_limits" || id == "generate_web3_key")
        return error(errc::invalid_argument, "id: the name of another resource");
    return check_id(id);
}

void get_operation::start(lifetime&& life, handover<key_details>&& to, std::string&& id)
{
    id_ = std::move(id);
    begin(std::move(life.who), life.now, life.deadline, {});
    complete_to(std::move(to));
    target_ = home_.path();
    wire::append_percent_encoded(target_, id_);
    ask(target_, {});
}

void get_operation::decode(const std::string& body, result<key_details>& into)
{
    into = codec::decode_details(body, secrets(), host().settings().max_json_depth);
    if (into && !same_key(into->id, id_))
        into = foreign_key(std::move(into->id), id_);
}

result<void> delete_operation::check(const std::string& id)
{
    return check_id(id);
}

void delete_operation::start(lifetime&& life, handover<void>&& to, std::string&& id)
{
    id_ = std::move(id);
    begin(std::move(life.who), life.now, life.deadline, id_);
    complete_to(std::move(to));
    target_ = home_.path();
    wire::append_percent_encoded(target_, id_);
    ask(target_, {});
}

void delete_operation::decode(const std::string& body, result<void>& into)
{
    result<std::string> named = codec::decode_deletion(body, secrets(), host().settings().max_json_depth);
    if (!named)
        into = std::move(named).error();
    else if (!named->empty() && !same_key(*named, id_))
        into = foreign_key(*std::move(named), id_);
    else
        into = result<void>::success();
}

void create_operation::start(lifetime&& life, handover<created_key>&& to, new_key&& key)
{
    begin(std::move(life.who), life.now, life.deadline, {});
    complete_to(std::move(to));
    body_.clear();
    codec::encode_creation(key, body_);
    ask(home_.path(), body_);
}

void create_operation::decode(const std::string& body, result<created_key>& into)
{
    read_creation(body, secrets(), host().settings().max_json_depth, into);
}

result<void> web3_challenge_operation::check(const std::string& address)
{
    return address.empty() ? result<void>::success() : key_rules::verdict(key_rules::fault_in_word("address", address));
}

void web3_challenge_operation::start(lifetime&& life, handover<wallet_challenge>&& to, std::string&& address)
{
    begin(std::move(life.who), life.now, life.deadline, {});
    complete_to(std::move(to));
    target_ = home_.path();
    if (!address.empty()) {
        target_ += "?address=";
        wire::append_percent_encoded(target_, address);
    }
    ask(target_, {});
}

void web3_challenge_operation::decode(const std::string& body, result<wallet_challenge>& into)
{
    into = codec::decode_challenge(body, secrets(), host().settings().max_json_depth);
}

void web3_create_operation::start(lifetime&& life, handover<created_key>&& to, new_web3_key&& key)
{
    begin(std::move(life.who), life.now, life.deadline, {});
    complete_to(std::move(to));
    codec::encode_web3_creation(key, body_);
    proofs_ = {key.challenge(), key.signature()};
    ask(home_.path(), body_);
}

void web3_create_operation::decode(const std::string& body, result<created_key>& into)
{
    read_creation(body, secrets(), host().settings().max_json_depth, into);
}

void web3_create_operation::give_back()
{
    proofs_.clear();
    secret_bytes{}.swap(body_);
    home_.give_back(*this);
}

} // namespace venice_keys::detail
