"""Keeps what the recipe would have given to CMake, and installs from the build folder that the test has made."""

import subprocess


class CMakeToolchain:
    def __init__(self, recipe):
        self.recipe = recipe
        self.cache_variables = {}

    def generate(self):
        self.recipe.cache_variables = self.cache_variables


class CMakeDeps:
    def __init__(self, recipe):
        pass

    def generate(self):
        pass


class CMake:
    def __init__(self, recipe):
        self.recipe = recipe

    def install(self, component):
        command = ["cmake", "--install", self.recipe.build_folder, "--prefix", self.recipe.package_folder]
        subprocess.run([*command, "--component", component], check=True, capture_output=True)


def cmake_layout(recipe):
    recipe.folders_are_laid_out = True
