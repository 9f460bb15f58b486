// Loads a plugin and runs what is in it. It knows nothing of the library.
#include <dlfcn.h>

#include <cstdio>

int main(int argc, char* argv[])
{
    if (argc != 2)
        return 2;
    void* const plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    using function = int (*)() noexcept;
    const auto update = reinterpret_cast<function>(dlsym(plugin, "update_one_key"));
    if (update == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    return update();
}
