#include "codec/encode_update.hpp"

#include "codec/key_fields.hpp"

namespace venice_keys::codec {

void encode_update(const key_update& update, std::string& out)
{
    object_writer body{out};
    append_string(body.member(R"("id")"), update.id());
    write_limits_and_privacy(body, update);
    if (update.description().has_value())
        append_string(body.member(R"("description")"), *update.description());
    write_expiration(body, update.expires_at());
    body.close();
}

} // namespace venice_keys::codec
