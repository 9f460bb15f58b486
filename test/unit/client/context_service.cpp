#include "client/context_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>

BOOST_AUTO_TEST_SUITE(unit_client_context_service)

namespace {

struct guest final : venice_keys::detail::context_guest {
    guest(boost::asio::execution_context& context, int& notices) : context_guest(context), notices_(notices) {}

    std::unique_ptr<guest> other; // goes away with what this one holds

private:
    void context_ended() override
    {
        ++notices_;
        other.reset();
    }

    int& notices_;
};

} // namespace

BOOST_AUTO_TEST_CASE(every_guest_learns_once_that_its_context_ends)
{
    int notices = 0;
    std::optional<boost::asio::io_context> context(std::in_place);
    const guest first(*context, notices);
    const guest second(*context, notices);
    {
        const guest gone(*context, notices);
    }
    context.reset();
    BOOST_TEST(notices == 2);
}

BOOST_AUTO_TEST_CASE(a_guest_may_destroy_another_when_the_context_ends)
{
    int notices = 0;
    std::optional<boost::asio::io_context> context(std::in_place);
    guest owner(*context, notices);
    owner.other = std::make_unique<guest>(*context, notices);
    context.reset();
    BOOST_TEST(notices == 1);
    BOOST_TEST(owner.other == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
