#include "support/printing.hpp"

#include <venice_keys/enums.hpp>

#include <boost/mpl/list.hpp>

#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_enums)

using venice_keys::key_type;
using venice_keys::limit_period;
using venice_keys::model_privacy;

using all_three = boost::mpl::list<limit_period, key_type, model_privacy>;

BOOST_AUTO_TEST_CASE(each_known_value_has_the_text_of_the_service)
{
    BOOST_TEST(limit_period{limit_period::epoch}.text() == "EPOCH");
    BOOST_TEST(limit_period{limit_period::month}.text() == "MONTH");
    BOOST_TEST(limit_period{limit_period::lifetime}.text() == "LIFETIME");
    BOOST_TEST(key_type{key_type::inference}.text() == "INFERENCE");
    BOOST_TEST(key_type{key_type::admin}.text() == "ADMIN");
    BOOST_TEST(model_privacy{model_privacy::all}.text() == "ALL");
    BOOST_TEST(model_privacy{model_privacy::private_text}.text() == "PRIVATE_TEXT");
    BOOST_TEST(model_privacy{model_privacy::private_only}.text() == "PRIVATE_ONLY");
}

BOOST_AUTO_TEST_CASE(each_text_of_the_service_is_known)
{
    BOOST_TEST(limit_period{"EPOCH"} == limit_period::epoch);
    BOOST_TEST(limit_period{"MONTH"} == limit_period::month);
    BOOST_TEST(limit_period{"LIFETIME"} == limit_period::lifetime);
    BOOST_TEST(key_type{"INFERENCE"} == key_type::inference);
    BOOST_TEST(key_type{"ADMIN"} == key_type::admin);
    BOOST_TEST(model_privacy{"ALL"} == model_privacy::all);
    BOOST_TEST(model_privacy{"PRIVATE_TEXT"} == model_privacy::private_text);
    BOOST_TEST(model_privacy{"PRIVATE_ONLY"} == model_privacy::private_only);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unknown_value_keeps_its_text, value_type, all_three)
{
    const value_type value{"FORTNIGHT"};
    BOOST_TEST(value == value_type::other);
    BOOST_TEST(value.value() == value_type::other);
    BOOST_TEST(value.text() == "FORTNIGHT");
    BOOST_TEST(value == value_type{"FORTNIGHT"});
    BOOST_TEST(value != value_type{"WEEK"});
    BOOST_TEST(value_type{"month"} == value_type::other);
    BOOST_TEST(value_type{"ADMIN "} == value_type::other);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_fresh_one_is_other_without_a_text, value_type, all_three)
{
    const value_type value;
    BOOST_TEST(value == value_type::other);
    BOOST_TEST(value.text().empty());
    BOOST_TEST(value == value_type{""});
}

BOOST_AUTO_TEST_CASE(a_value_by_name_equals_the_same_value_by_text)
{
    BOOST_TEST(limit_period{limit_period::month} == limit_period{"MONTH"});
    BOOST_TEST(key_type{key_type::admin} == key_type{"ADMIN"});
    BOOST_TEST(model_privacy{model_privacy::all} == model_privacy{"ALL"});
    BOOST_TEST(limit_period{limit_period::month} != limit_period{limit_period::epoch});
}

BOOST_AUTO_TEST_CASE(it_prints_as_its_text)
{
    std::ostringstream out;
    out << limit_period{limit_period::month} << ' ' << key_type{"SOMETHING"} << ' ' << model_privacy{"ALL"};
    BOOST_TEST(out.str() == "MONTH SOMETHING ALL");
}

BOOST_AUTO_TEST_SUITE_END()
