# The module timeit: how long small pieces of code take.
import time

__all__ = ["Timer", "timeit", "repeat", "default_timer"]
default_number = 1000000
default_repeat = 5
default_timer = time.perf_counter


class Timer:
    """Times a statement: text, or a function without parameters."""

    def __init__(self, stmt="pass", setup="pass", timer=default_timer, globals=None):
        self.timer = timer
        self._globals = {} if globals is None else globals
        self._stmt = self._runner(stmt, "stmt")
        self._setup = self._runner(setup, "setup")

    def _runner(self, code, name):
        if callable(code):
            return code
        if not isinstance(code, str):
            raise ValueError(f"{name} is neither a string nor callable")
        compiled = compile(code, "<timeit-src>", "exec")
        return lambda: exec(compiled, self._globals)

    def timeit(self, number=default_number):
        self._setup()
        run, timer = self._stmt, self.timer
        start = timer()
        for _ in range(number):
            run()
        return timer() - start

    def repeat(self, repeat=default_repeat, number=default_number):
        return [self.timeit(number) for _ in range(repeat)]

    def autorange(self, callback=None):
        scale = 1
        while True:
            for step in (1, 2, 5):
                number = scale * step
                taken = self.timeit(number)
                if callback:
                    callback(number, taken)
                if taken >= 0.2:
                    return number, taken
            scale *= 10


def timeit(stmt="pass", setup="pass", timer=default_timer, number=default_number, globals=None):
    return Timer(stmt, setup, timer, globals).timeit(number)


def repeat(stmt="pass", setup="pass", timer=default_timer, repeat=default_repeat, number=default_number, globals=None):
    return Timer(stmt, setup, timer, globals).repeat(repeat, number)
