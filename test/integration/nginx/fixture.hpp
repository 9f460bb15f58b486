// What the tests with nginx share: where it is, and a certificate for it.
#pragma once

#include "integration/nginx/certificate.hpp"
#include "integration/nginx/server.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

namespace integration {

// For BOOST_AUTO_TEST_SUITE(…, *precondition(nginx_is_there)). CTest reads the line that it prints. Where
// VENICE_KEYS_NO_SKIP is set, as in CI, the tests run all the same, and fail.
inline boost::test_tools::assertion_result nginx_is_there(boost::unit_test::test_unit_id /*suite*/)
{
    if (!std::string(VENICE_KEYS_NGINX).empty() || std::getenv("VENICE_KEYS_NO_SKIP") != nullptr)
        return true;
    std::cout << "SKIPPED: there is no nginx" << std::endl;
    boost::test_tools::assertion_result no(false);
    no.message() << "there is no nginx";
    return no;
}

class certificate_files {
public:
    certificate_files() { write_certificate(certificate(), private_key()); }

    [[nodiscard]] std::filesystem::path certificate() const { return folder_.path() / "certificate.pem"; }
    [[nodiscard]] std::filesystem::path private_key() const { return folder_.path() / "private_key.pem"; }

    // nginx with this certificate.
    [[nodiscard]] nginx_options options() const
    {
        nginx_options made;
        made.program = VENICE_KEYS_NGINX;
        made.certificate_file = certificate();
        made.private_key_file = private_key();
        return made;
    }

private:
    test::temporary_folder folder_{"venice_keys_certificate"};
};

} // namespace integration
