// Names std::string without including <string>.
#pragma once

inline std::string name();
