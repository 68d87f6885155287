# The module io: files, and texts and bytes as files.
from _io import BytesIO, StringIO, open

__all__ = ["BytesIO", "StringIO", "open", "SEEK_SET", "SEEK_CUR", "SEEK_END", "DEFAULT_BUFFER_SIZE", "UnsupportedOperation"]
SEEK_SET, SEEK_CUR, SEEK_END = range(3)
DEFAULT_BUFFER_SIZE = 8192

try:
    from _io import UnsupportedOperation
except ImportError:

    class UnsupportedOperation(OSError, ValueError):
        pass
