"""The recipes in packaging/ say what the sources say. Neither vcpkg nor Conan is in Debian, so that stand-ins run them;
packaging/README.md says what was tried with the real ones. BUILT is a build folder of which the port installs."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

here = os.path.dirname(os.path.abspath(__file__))
tree = os.path.normpath(os.path.join(here, "..", ".."))
port = os.path.join(tree, "packaging", "vcpkg", "ports", "venice-keys")
sys.path.insert(0, os.path.join(here, "stand_in"))
sys.path.insert(0, os.path.join(tree, "packaging", "conan"))

import conanfile  # noqa: E402
from conan.errors import ConanInvalidConfiguration  # noqa: E402


def read(*path):
    with open(os.path.join(tree, *path), encoding="utf-8") as file:
        return file.read()


def version():
    header = read("include", "venice_keys", "version.hpp")
    return ".".join(re.search(rf"_{part} (\d+)\n", header).group(1) for part in ("MAJOR", "MINOR", "PATCH"))


def cmake_options():
    return set(re.findall(r"^option\((\w+)", read("CMakeLists.txt"), re.MULTILINE)) | {"BUILD_SHARED_LIBS"}


def boost_modules():
    """The modules whose headers the libraries include, and that of boost/version.hpp, which is Config's."""
    found = set()
    for folder in ("include", "lib"):
        for path in glob.glob(os.path.join(tree, folder, "**", "*pp"), recursive=True):
            with open(path, encoding="utf-8") as file:
                found |= set(re.findall(r"^#include <boost/(\w+)", file.read(), re.MULTILINE))
    return {"boost-config" if name == "version" else f"boost-{name}" for name in found}


class Manifest(unittest.TestCase):
    def setUp(self):
        self.manifest = json.loads(read("packaging", "vcpkg", "ports", "venice-keys", "vcpkg.json"))

    def names(self):
        return [name if isinstance(name, str) else name["name"] for name in self.manifest["dependencies"]]

    def test_has_the_version_of_the_header(self):
        self.assertEqual(self.manifest["version"], version())

    def test_has_no_member_that_vcpkg_does_not_know(self):
        known = {"name", "version", "description", "license", "supports", "dependencies", "features"}
        self.assertEqual(set(self.manifest) - known, set())
        for name, feature in self.manifest["features"].items():
            self.assertRegex(name, r"^[a-z0-9]+(-[a-z0-9]+)*$")
            self.assertEqual(set(feature) - {"description", "dependencies"}, set())

    def test_depends_on_each_part_of_boost_that_is_included_and_no_other(self):
        self.assertEqual({name for name in self.names() if name.startswith("boost-")}, boost_modules())

    def test_lists_dependencies_in_the_order_that_vcpkg_wants(self):
        self.assertEqual(self.names(), sorted(self.names()))

    def test_the_tools_bring_the_emulator(self):
        tools = self.manifest["features"]["tools"]["dependencies"]
        self.assertIn({"name": "venice-keys", "default-features": False, "features": ["emulator"]}, tools)


class Portfile(unittest.TestCase):
    def run_with(self, *features):
        with tempfile.TemporaryDirectory() as work:
            arguments = {
                "PORTFILE": os.path.join(port, "portfile.cmake"),
                "BUILT": os.environ["BUILT"],
                "PACKAGE": os.path.join(work, "package"),
                "OPTIONS": os.path.join(work, "options"),
                "WANTED": ",".join(("core", *features)),
            }
            defined = [f"-D{name}={value}" for name, value in arguments.items()]
            script = os.path.join(here, "vcpkg_stand_in.cmake")
            run = subprocess.run(["cmake", *defined, "-P", script], capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stderr)
            with open(arguments["OPTIONS"], encoding="utf-8") as file:
                self.options = dict(line[2:].split("=") for line in file.read().split())
            paths = glob.glob(os.path.join(arguments["PACKAGE"], "**"), recursive=True)
            return {os.path.relpath(path, arguments["PACKAGE"]) for path in paths if os.path.isfile(path)}

    def test_installs_what_vcpkg_wants_and_where(self):
        files = self.run_with()
        self.assertLessEqual(
            {
                "include/venice_keys/client.hpp",
                "share/venice-keys/copyright",
                "share/venice-keys/usage",
                "share/venice_keys/venice_keys-config.cmake",
            },
            files,
        )
        self.assertEqual([name for name in files if re.match(r"debug/(include|share)/|share/(doc|man)/", name)], [])

    def test_the_features_choose_options_that_the_build_has(self):
        self.run_with()
        self.assertEqual(set(self.options) - cmake_options(), set())
        self.assertEqual((self.options["VENICE_KEYS_EMULATOR"], self.options["VENICE_KEYS_TOOLS"]), ("OFF", "OFF"))
        self.run_with("emulator")
        self.assertEqual((self.options["VENICE_KEYS_EMULATOR"], self.options["VENICE_KEYS_TOOLS"]), ("ON", "OFF"))

    def test_the_tools_go_where_vcpkg_keeps_tools(self):
        files = self.run_with("emulator", "tools")
        self.assertIn("tools/venice-keys/venice-keys-emulator", files)
        self.assertEqual([name for name in files if name.startswith(("bin/", "debug/bin/"))], [])


class Recipe(unittest.TestCase):
    def make(self, **settings):
        recipe = conanfile.VeniceKeysConan(os.path.join(tree, "packaging", "conan"), **settings)
        recipe.configure()
        recipe.requirements()
        recipe.generate()
        recipe.package_info()
        return recipe

    def test_has_the_version_of_the_header(self):
        recipe = conanfile.VeniceKeysConan(os.path.join(tree, "packaging", "conan"))
        recipe.set_version()
        self.assertEqual(recipe.version, version())

    def test_gives_the_build_options_that_it_has(self):
        recipe = self.make(emulator=True, tools=True)
        self.assertEqual(set(recipe.cache_variables) - cmake_options(), set())
        self.assertTrue(recipe.cache_variables["VENICE_KEYS_TOOLS"])
        self.assertTrue(recipe.cache_variables["VENICE_KEYS_EMULATOR"])
        self.assertFalse(self.make().cache_variables["VENICE_KEYS_EMULATOR"])

    def test_names_every_requirement_in_a_component_and_no_other(self):
        for options in ({}, {"emulator": True}, {"emulator": True, "tools": True}):
            recipe = self.make(**options)
            named = {name for part in recipe.cpp_info.components.values() for name in part.requires}
            self.assertEqual({name.split("::")[0] for name in named if "::" in name}, set(recipe.required))
            self.assertLessEqual({name for name in named if "::" not in name}, set(recipe.cpp_info.components))

    def test_names_libraries_that_the_build_has(self):
        recipe = self.make(emulator=True)
        for part in recipe.cpp_info.components.values():
            for name in part.libs:
                self.assertTrue(glob.glob(os.path.join(os.environ["BUILT"], "lib", "**", f"lib{name}.*"), recursive=True))

    def test_exports_what_building_and_packing_need(self):
        recipe = self.make(emulator=True, tools=True)
        with tempfile.TemporaryDirectory() as folder:
            recipe.export_sources_folder = recipe.source_folder = os.path.join(folder, "sources")
            recipe.build_folder = os.path.join(folder, "build")
            recipe.package_folder = os.path.join(folder, "package")
            recipe.export_sources()
            configure = ["cmake", "-S", recipe.source_folder, "-B", recipe.build_folder, "-DCMAKE_INSTALL_RPATH="]
            configure += [f"-D{name}={value}" for name, value in recipe.cache_variables.items()]
            run = subprocess.run(configure, capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stderr)
            # To build it would take minutes: what is built is replaced with something to install.
            for name in ("lib/libvenice_keys.a", "lib/emulator/libvenice_keys_emulator.a", "tools/venice-keys-emulator"):
                with open(os.path.join(recipe.build_folder, name), "wb"):
                    pass
            recipe.package()
            files = glob.glob(os.path.join(recipe.package_folder, "**"), recursive=True)
            names = {os.path.relpath(name, recipe.package_folder) for name in files if os.path.isfile(name)}
            expected = {"bin/venice-keys-emulator", "include/venice_keys/client.hpp", "licenses/LICENSE"}
            self.assertLessEqual(expected | {"lib/libvenice_keys.a", "lib/libvenice_keys_emulator.a"}, names)

    def test_refuses_what_can_not_be_or_nobody_has_tried(self):
        for settings in ({"os": "Windows"}, {"cppstd": "17"}, {"tools": True}):
            with self.assertRaises(ConanInvalidConfiguration):
                self.make(**settings).validate()


if __name__ == "__main__":
    unittest.main()
