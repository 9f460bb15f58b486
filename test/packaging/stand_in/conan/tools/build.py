from conan.errors import ConanInvalidConfiguration


def check_min_cppstd(recipe, wanted):
    if int(recipe.settings.cppstd) < wanted:
        raise ConanInvalidConfiguration(f"C++{wanted} is needed")
