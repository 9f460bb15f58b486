"""A stand-in for the parts of Conan 2 that the recipe uses. Conan is not in Debian; this lets a test read the recipe."""


class _Settings(dict):
    __getattr__ = dict.__getitem__


class _Options:
    def __init__(self, possible, chosen):
        self.__dict__["_possible"] = possible
        for name, value in chosen.items():
            if value not in possible[name]:
                raise ValueError(f"the recipe has no option {name}={value}")
            self.__dict__[name] = value

    def __setattr__(self, name, value):
        raise ValueError(f"Conan does not let a recipe change the option {name}")

    def rm_safe(self, name):
        self.__dict__.pop(name, None)


class _CppInfo:
    def __init__(self):
        self.properties = {}
        self.components = _Components()
        self.libs = []
        self.requires = []
        self.system_libs = []

    def set_property(self, name, value):
        self.properties[name] = value


class _Components(dict):
    def __missing__(self, name):
        self[name] = _CppInfo()
        return self[name]


class ConanFile:
    def __init__(self, recipe_folder, os="Linux", cppstd="20", **options):
        self.recipe_folder = recipe_folder
        self.settings = _Settings(os=os, cppstd=cppstd)
        self.options = _Options(type(self).options, {**self.default_options, **options})
        self.required = {}
        self.cpp_info = _CppInfo()
        self.ref = self.name

    def requires(self, reference, **traits):
        name, version = reference.split("/")
        self.required[name] = (version, traits)
