# The module glob: paths by patterns.
import os
import re
from fnmatch import fnmatchcase

__all__ = ["escape", "glob", "iglob", "has_magic"]
_magic = re.compile(r"[*?[]")


def has_magic(s):
    return _magic.search(s) is not None


def escape(pathname):
    return re.sub(r"([*?[])", r"[\1]", pathname)


def _names(folder, hidden=False):
    try:
        found = os.listdir(folder or ".")
    except OSError:
        return []
    return [name for name in found if hidden or not name.startswith(".")]


def _below(folder, root, hidden):
    """The relative paths of all that lies in a folder, folders before what is in them."""
    for name in _names(os.path.join(root, folder), hidden):
        path = os.path.join(folder, name) if folder else name
        yield path
        if os.path.isdir(os.path.join(root, path)):
            yield from _below(path, root, hidden)


def _matches(pathname, root, recursive, folders_only, hidden):
    folder, base = os.path.split(pathname)
    if not has_magic(pathname):
        path = os.path.join(root, pathname)
        if base and os.path.lexists(path) or not base and os.path.isdir(path):
            yield pathname
        return
    if recursive and base == "**":
        matcher = None
    else:
        matcher = base
    if not folder:
        folders = [""]
    elif folder != pathname and has_magic(folder):
        folders = _matches(folder, root, recursive, True, hidden)
    else:
        folders = [folder]
    for found in folders:
        place = os.path.join(root, found)
        if matcher is None:
            if found == "" or os.path.isdir(place):
                yield os.path.join(found, "") if found else ""
                for path in _below("", place, hidden):
                    if not folders_only or os.path.isdir(os.path.join(place, path)):
                        yield os.path.join(found, path)
        elif has_magic(base):
            for name in _names(place, hidden or base.startswith(".")):
                if fnmatchcase(name, base) and (not folders_only or os.path.isdir(os.path.join(place, name))):
                    yield os.path.join(found, name)
        elif base == "":
            if os.path.isdir(place):
                yield os.path.join(found, "")
        elif os.path.lexists(os.path.join(place, base)):
            yield os.path.join(found, base)


def iglob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    pathname = os.fspath(pathname)
    root = "" if root_dir is None else os.fspath(root_dir)
    for path in _matches(pathname, root, recursive, False, include_hidden):
        if path or not (recursive and pathname[:2] == "**"):
            yield path


def glob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    return list(iglob(pathname, root_dir=root_dir, recursive=recursive, include_hidden=include_hidden))
