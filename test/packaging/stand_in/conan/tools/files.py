import glob
import os
import shutil


def load(recipe, path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def copy(recipe, pattern, src, dst):
    """As Conan's: the pattern's star matches slashes, too."""
    folder, star, rest = pattern.partition("*")
    names = [name for name in glob.glob(os.path.join(src, folder + "**"), recursive=True) if star] or [
        os.path.join(src, pattern)
    ]
    for name in names:
        if os.path.isfile(name):
            to = os.path.join(dst, os.path.relpath(name, src))
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copyfile(name, to)


def rmdir(recipe, path):
    shutil.rmtree(path, ignore_errors=True)
