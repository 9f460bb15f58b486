// Brings Beast by way of a header of its own.
#pragma once

#include "by_way_of_beast.hpp"
