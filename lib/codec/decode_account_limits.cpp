#include "codec/decode.hpp"

#include "codec/answer_decoder.hpp"

#include <array>

namespace venice_keys::codec {

namespace {

using account = account_limits;

constexpr std::array<member, 2> tier_members{
    read::text<account, &account::tier_id>("id"),
    read::boolean<account, &account::tier_is_charged>("isCharged"),
};
constexpr shape tier_shape{tier_members};

constexpr std::array<member, 3> balances_members{
    read::number<account, &account::usd_balance>("USD"),
    read::number<account, &account::diem_balance>("DIEM"),
    read::number<account, &account::bundled_credits>("BUNDLED_CREDITS"),
};
constexpr shape balances_shape{balances_members};

constexpr std::array<member, 2> limit_members{
    read::number<rate_limit, &rate_limit::amount>("amount"),
    read::text<rate_limit, &rate_limit::type>("type"),
};
constexpr shape limit_shape{limit_members};

constexpr std::array<member, 2> model_members{
    read::text<model_rate_limits, &model_rate_limits::model_id>("apiModelId"),
    read::list<model_rate_limits, &model_rate_limits::limits>("rateLimits", limit_shape),
};
constexpr shape model_shape{model_members};

constexpr std::array<member, 6> account_members{
    read::boolean<account, &account::access_permitted>("accessPermitted"),
    read::same_object("apiTier", tier_shape),
    read::same_object("balances", balances_shape),
    read::date<account, &account::key_expires_at>("keyExpiration"),
    read::date<account, &account::next_epoch_begins>("nextEpochBegins"),
    read::list<account, &account::models>("rateLimits", model_shape),
};
// No member of it is needed, but an answer to another question has none of them.
constexpr shape account_shape{account_members, &read::keep_unread<account>, recognised_by::any_member};

} // namespace

result<account_limits> decode_account_limits(std::string_view body, detail::secret_list secrets, std::size_t max_depth)
{
    return decode_answer<account>(body, envelope_shape<account, account_shape>::value, secrets, max_depth);
}

} // namespace venice_keys::codec
