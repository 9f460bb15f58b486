// Brings Boost.JSON.
#pragma once

#include <boost/json/fwd.hpp>
