// Included by brings_beast.hpp.
#pragma once

#include <boost/beast/core/string_type.hpp>
