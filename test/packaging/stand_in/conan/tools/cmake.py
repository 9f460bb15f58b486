"""Keeps what the recipe would have given to CMake."""


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
    pass


def cmake_layout(recipe):
    recipe.folders_are_laid_out = True
