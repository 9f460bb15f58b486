#include "update.hpp"

int main()
{
    return update_one_key();
}
