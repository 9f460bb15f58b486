# Turns the plain comment at the head of a header into the description of the file. `#pragma once` makes room for the
# line that is added, so that the other lines keep their numbers.
1i\
/// @file
1,/^#pragma once/ {
    s|^// |/// |
    /^#pragma once/d
}
# Doxygen 1.9 takes explicit(condition) for the name of a function.
s/explicit(!.*[^)]) result(/explicit result(/
# It takes the marks between the digits of 30'000 for quotation marks, and misses the comments between two of them.
s/\([0-9]\)'\([0-9]\)/\1\2/g
# An empty initialiser says nothing to a reader.
s/\([a-z0-9_]\){};/\1;/
# It makes classes of their own of creation_fields<new_key> and its like, and forgets their groups of setters.
s/public creation_fields<[a-z0-9_]*>/public creation_fields/
# It lists friends, but does not show them. Functions it shows as members.
/(/ s/^\( *\)friend /\1/
# A comment that goes on behind this mark would be that of the group, and have no summary. By itself it is that of the
# group's first member, and of the others with it.
s|^\( *\)///@{$|\1/**@{*/|
