"""The Conan 2 recipe of venice-keys. It builds the tree that it lies in: packaging/README.md says how to use it, and
what changes in it for a registry."""

import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir

required_conan_version = ">=2.0"


class VeniceKeysConan(ConanFile):
    name = "venice-keys"
    description = "An asynchronous C++20 client of Venice.ai's API-keys resource, on Boost.Asio"
    license = "BSL-1.0"
    author = "The venice-keys developers"
    topics = ("venice", "api-keys", "asio", "http2", "asynchronous")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {
        "shared": [True, False],
        "fPIC": [True, False],
        "emulator": [True, False],
        "tools": [True, False],
    }
    default_options = {"shared": False, "fPIC": True, "emulator": False, "tools": False}

    def set_version(self):
        header = load(self, os.path.join(self._tree, "include", "venice_keys", "version.hpp"))
        parts = [
            re.search(rf"^#define VENICE_KEYS_VERSION_{part} (\d+)$", header, re.MULTILINE).group(1)
            for part in ("MAJOR", "MINOR", "PATCH")
        ]
        self.version = ".".join(parts)

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "lib/*", "packaging/*", "tools/*"):
            copy(self, pattern, src=self._tree, dst=self.export_sources_folder)

    def configure(self):
        if self.options.shared:
            self.options.rm_safe("fPIC")

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration(f"{self.ref} is for Linux; nobody has tried it on {self.settings.os}")
        check_min_cppstd(self, 20)
        if self.options.tools and not self.options.emulator:
            raise ConanInvalidConfiguration("the option tools=True needs emulator=True")

    def requirements(self):
        # The public headers include Asio's, and a program has to see the Boost that the library saw.
        self.requires("boost/[>=1.81.0 <2]", transitive_headers=True, transitive_libs=True)
        self.requires("libnghttp2/[>=1.52.0 <2]")
        self.requires("openssl/[>=3 <4]")
        if self.options.tools:
            self.requires("cli11/[>=2.3 <3]")
            self.requires("fmt/[>=9 <12]")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["VENICE_KEYS_BENCH"] = False
        toolchain.cache_variables["VENICE_KEYS_EMULATOR"] = bool(self.options.emulator)
        toolchain.cache_variables["VENICE_KEYS_INSTALL"] = True
        toolchain.cache_variables["VENICE_KEYS_TESTS"] = False
        toolchain.cache_variables["VENICE_KEYS_TOOLS"] = bool(self.options.tools)
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        cmake = CMake(self)
        for component in ("runtime", "emulator", "development", "tools"):
            cmake.install(component=component)
        # Conan makes these for its users from package_info().
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))
        rmdir(self, os.path.join(self.package_folder, "share"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "venice_keys")

        library = self.cpp_info.components["venice_keys"]
        library.set_property("cmake_target_name", "venice_keys::venice_keys")
        library.set_property("pkg_config_name", "venice_keys")
        library.libs = ["venice_keys"]
        library.system_libs = ["pthread"]
        library.requires = [
            "boost::headers",
            "boost::json",
            "boost::url",
            "libnghttp2::nghttp2",
            "openssl::crypto",
            "openssl::ssl",
        ]
        if self.options.emulator:
            emulator = self.cpp_info.components["emulator"]
            emulator.set_property("cmake_target_name", "venice_keys::emulator")
            emulator.set_property("pkg_config_name", "venice_keys_emulator")
            emulator.libs = ["venice_keys_emulator"]
            emulator.requires = ["venice_keys"]
        if self.options.tools:
            # Nothing of these reaches a user's program; Conan wants every requirement to be named.
            self.cpp_info.components["tools"].requires = ["emulator", "cli11::cli11", "fmt::fmt"]

    @property
    def _tree(self):
        return os.path.normpath(os.path.join(self.recipe_folder, "..", ".."))
