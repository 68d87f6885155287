# The module tempfile: files and folders for the time being.
import os
import random
from shutil import rmtree

__all__ = ["NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory", "SpooledTemporaryFile", "gettempdir", "gettempprefix",
           "mkdtemp", "mkstemp", "mktemp", "tempdir"]
tempdir = None
template = "tmp"
_letters = "abcdefghijklmnopqrstuvwxyz0123456789_"
_random = random.Random()


def gettempdir():
    global tempdir
    if tempdir is None:
        for name in ("TMPDIR", "TEMP", "TMP"):
            folder = os.environ.get(name)
            if folder and os.path.isdir(folder):
                tempdir = folder
                break
        else:
            tempdir = "/tmp"
    return tempdir


def gettempprefix():
    return template


def _free_path(suffix, prefix, dir):
    folder = gettempdir() if dir is None else os.fspath(dir)
    while True:
        middle = "".join([_random.choice(_letters) for _ in range(8)])
        path = os.path.join(folder, f"{template if prefix is None else prefix}{middle}{suffix or ''}")
        if not os.path.exists(path):
            return path


def mktemp(suffix="", prefix=template, dir=None):
    return _free_path(suffix, prefix, dir)


def mkdtemp(suffix=None, prefix=None, dir=None):
    path = _free_path(suffix, prefix, dir)
    os.makedirs(path)
    return path


def mkstemp(suffix=None, prefix=None, dir=None, text=False):
    path = _free_path(suffix, prefix, dir)
    if hasattr(os, "open"):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), path
    open(path, "w").close()
    return -1, path


class _TemporaryFile:
    """An open file that goes when it is closed."""

    def __init__(self, file, name, delete):
        self.file = file
        self.name = name
        self.delete = delete
        self._gone = False

    def __getattr__(self, name):
        return getattr(self.__dict__["file"], name)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def __iter__(self):
        return iter(self.file)

    def close(self):
        self.file.close()
        if self.delete and not self._gone:
            self._gone = True
            os.remove(self.name)


def NamedTemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, delete=True, *,
                       errors=None):
    path = _free_path(suffix, prefix, dir)
    return _TemporaryFile(open(path, mode, encoding=encoding, newline=newline, errors=errors), path, delete)


def TemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, *, errors=None):
    return NamedTemporaryFile(mode, buffering, encoding, newline, suffix, prefix, dir, errors=errors)


def SpooledTemporaryFile(max_size=0, mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None,
                         *, errors=None):
    return NamedTemporaryFile(mode, buffering, encoding, newline, suffix, prefix, dir, errors=errors)


class TemporaryDirectory:
    """A folder that goes at the end of a `with`."""

    def __init__(self, suffix=None, prefix=None, dir=None, ignore_cleanup_errors=False):
        self.name = mkdtemp(suffix, prefix, dir)
        self._ignore = ignore_cleanup_errors

    def __repr__(self):
        return f"<{self.__class__.__name__} {self.name!r}>"

    def __enter__(self):
        return self.name

    def __exit__(self, *exc_info):
        self.cleanup()

    def cleanup(self):
        if os.path.exists(self.name):
            rmtree(self.name, self._ignore)
