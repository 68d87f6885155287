# The module platform: where this runs.
import sys

__all__ = ["architecture", "machine", "node", "platform", "processor", "python_branch", "python_build", "python_compiler",
           "python_implementation", "python_revision", "python_version", "python_version_tuple", "release", "system", "uname",
           "version"]
_systems = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows", "emscripten": "Emscripten", "wasi": "WASI"}


def system():
    return _systems.get(sys.platform, sys.platform)


def python_version_tuple():
    return tuple([str(part) for part in sys.version_info[:3]])


def python_version():
    return ".".join(python_version_tuple())


def python_implementation():
    return "CPython"


def _nothing():
    return ""


node = release = version = processor = python_branch = python_revision = _nothing


def machine():
    return "wasm32" if sys.maxsize < 2 ** 32 or sys.platform in ("emscripten", "wasi") else "x86_64"


def python_build():
    return "", ""


def python_compiler():
    return ""


def architecture(executable=None, bits="", linkage=""):
    return "64bit", ""


def platform(aliased=False, terse=False):
    return f"{system()}-{machine()}"


class uname_result(tuple):
    """What uname returns."""

    _fields = ("system", "node", "release", "version", "machine")
    system = property(lambda self: self[0])
    node = property(lambda self: self[1])
    release = property(lambda self: self[2])
    version = property(lambda self: self[3])
    machine = property(lambda self: self[4])
    processor = property(lambda self: "")

    def __repr__(self):
        return f"uname_result({', '.join([f'{name}={value!r}' for name, value in zip(self._fields, self)])})"


def uname():
    return uname_result((system(), node(), release(), version(), machine()))
