// Brings OpenSSL with Asio.
#pragma once

#include <boost/asio/ssl/verify_mode.hpp>
