# The module threading, without threads: a Thread runs its target at once, inside start(); locks only keep count.
import sys
import time

__all__ = ["Thread", "Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Event", "Timer", "Barrier", "local",
           "current_thread", "main_thread", "active_count", "enumerate", "get_ident", "excepthook", "ThreadError",
           "BrokenBarrierError"]
ThreadError = RuntimeError
TIMEOUT_MAX = 9223372036.0
_counts = {}


class BrokenBarrierError(RuntimeError):
    pass


class Lock:
    """A lock. Nobody else could release it: waiting for it would never end, and raises."""

    def __init__(self):
        self._held = 0

    def acquire(self, blocking=True, timeout=-1):
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if self._held:
            if blocking and timeout == -1:
                raise RuntimeError("this lock is held, and nothing else runs that could release it")
            return False
        self._held = 1
        return True

    def release(self):
        if not self._held:
            raise RuntimeError("release unlocked lock")
        self._held = 0

    def locked(self):
        return bool(self._held)

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *exc_info):
        self.release()

    def __repr__(self):
        return f"<{'locked' if self._held else 'unlocked'} _thread.lock object at {hex(id(self))}>"


class RLock(Lock):
    """A lock that may be taken again by who has it."""

    def acquire(self, blocking=True, timeout=-1):
        self._held += 1
        return True

    def release(self):
        if not self._held:
            raise RuntimeError("cannot release un-acquired lock")
        self._held -= 1


class Condition:
    def __init__(self, lock=None):
        self._lock = RLock() if lock is None else lock
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *exc_info):
        return self._lock.__exit__(*exc_info)

    def wait(self, timeout=None):
        return False

    def wait_for(self, predicate, timeout=None):
        return predicate()

    def notify(self, n=1):
        pass

    def notify_all(self):
        pass


class Semaphore:
    def __init__(self, value=1):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._value = value

    def acquire(self, blocking=True, timeout=None):
        if self._value == 0:
            if blocking and timeout is None:
                raise RuntimeError("this semaphore is at zero, and nothing else runs that could release it")
            return False
        self._value -= 1
        return True

    def release(self, n=1):
        if n < 1:
            raise ValueError("n must be one or more")
        self._value += n

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *exc_info):
        self.release()


class BoundedSemaphore(Semaphore):
    def __init__(self, value=1):
        super().__init__(value)
        self._initial_value = value

    def release(self, n=1):
        if self._value + n > self._initial_value:
            raise ValueError("Semaphore released too many times")
        super().release(n)


class Event:
    def __init__(self):
        self._flag = False

    def is_set(self):
        return self._flag

    def set(self):
        self._flag = True

    def clear(self):
        self._flag = False

    def wait(self, timeout=None):
        return self._flag


class Barrier:
    def __init__(self, parties, action=None, timeout=None):
        self.parties = parties
        self._action = action
        self.n_waiting = 0
        self.broken = False

    def wait(self, timeout=None):
        if self.parties == 1:
            if self._action is not None:
                self._action()
            return 0
        self.broken = True
        raise BrokenBarrierError

    def reset(self):
        self.broken = False

    def abort(self):
        self.broken = True


class local:
    """Attributes of the one thread there is."""


def _new_name(template):
    _counts[template] = _counts.get(template, 0) + 1
    return template % _counts[template]


class Thread:
    """Runs its target inside start()."""

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        assert group is None, "group argument must be None for now"
        if name is None:
            name = _new_name("Thread-%d")
            if target is not None and getattr(target, "__name__", None):
                name += f" ({target.__name__})"
        self._target = target
        self.name = str(name)
        self._args = args
        self._kwargs = {} if kwargs is None else kwargs
        self.daemon = bool(daemon)
        self._started = self._running = False
        self.ident = self.native_id = None

    def start(self):
        global _current
        if self._started:
            raise RuntimeError("threads can only be started once")
        self._started = self._running = True
        self.ident = self.native_id = id(self)
        outer, _current = _current, self
        _alive.append(self)
        try:
            self.run()
        except SystemExit:
            pass
        except Exception as error:
            excepthook(ExceptHookArgs((type(error), error, error.__traceback__, self)))
        finally:
            _current = outer
            _alive.remove(self)
            self._running = False

    def run(self):
        try:
            if self._target is not None:
                self._target(*self._args, **self._kwargs)
        finally:
            del self._target, self._args, self._kwargs

    def join(self, timeout=None):
        if not self._started:
            raise RuntimeError("cannot join thread before it is started")
        if self is _current:
            raise RuntimeError("cannot join current thread")

    def is_alive(self):
        return self._running

    def getName(self):
        return self.name

    def setName(self, name):
        self.name = name

    def isDaemon(self):
        return self.daemon

    def setDaemon(self, daemonic):
        self.daemon = daemonic

    def __repr__(self):
        status = "initial" if not self._started else "started" if self._running else "stopped"
        status += " daemon" if self.daemon else ""
        status += "" if self.ident is None else f" {self.ident}"
        return f"<{self.__class__.__name__}({self.name}, {status})>"


class _MainThread(Thread):
    def __init__(self):
        super().__init__(name="MainThread")
        self._started = self._running = True
        self.ident = self.native_id = id(self)


class Timer(Thread):
    """Waits, then calls."""

    def __init__(self, interval, function, args=None, kwargs=None):
        super().__init__()
        self.interval = interval
        self.function = function
        self.args = [] if args is None else args
        self.kwargs = {} if kwargs is None else kwargs
        self.finished = Event()

    def cancel(self):
        self.finished.set()

    def run(self):
        if not self.finished.is_set():
            time.sleep(self.interval)
            self.function(*self.args, **self.kwargs)
        self.finished.set()


class ExceptHookArgs(tuple):
    """What excepthook gets."""

    exc_type = property(lambda self: self[0])
    exc_value = property(lambda self: self[1])
    exc_traceback = property(lambda self: self[2])
    thread = property(lambda self: self[3])


def excepthook(args, /):
    sys.stderr.write(f"Exception in thread {args.thread.name}:\n{sys._format_exception(args.exc_value)}")


_main = _current = _MainThread()
_alive = [_main]


def current_thread():
    return _current


currentThread = current_thread


def main_thread():
    return _main


def active_count():
    return len(_alive)


activeCount = active_count


def enumerate():
    return list(_alive)


def get_ident():
    return _current.ident


get_native_id = get_ident
