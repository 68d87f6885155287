# The module statistics: averages, spreads, regressions. Sums are exact, of integer ratios.
import math
from bisect import bisect_left, bisect_right
from collections import Counter, namedtuple
from itertools import repeat

__all__ = ["NormalDist", "StatisticsError", "correlation", "covariance", "fmean", "geometric_mean", "harmonic_mean",
           "linear_regression", "mean", "median", "median_grouped", "median_high", "median_low", "mode", "multimode", "pstdev",
           "pvariance", "quantiles", "stdev", "variance"]


class StatisticsError(ValueError):
    pass


def _exact_ratio(x):
    try:
        return x.as_integer_ratio()
    except AttributeError:
        pass
    except (OverflowError, ValueError):
        return x, None
    try:
        return x.numerator, x.denominator
    except AttributeError:
        raise TypeError(f"can't convert type '{type(x).__name__}' to numerator/denominator") from None


def _coerce(first, second):
    if first is second or second is int or second is bool:
        return first
    if first is int or issubclass(second, first):
        return second
    if issubclass(first, second) or issubclass(second, int):
        return first
    if issubclass(first, int):
        return second
    if issubclass(first, float) or issubclass(second, float):
        return first if issubclass(first, float) else second
    raise TypeError(f"don't know how to coerce {first.__name__} and {second.__name__}")


def _totals(data):
    """(type, numerator, denominator, count, numerator and denominator of the squares' sum); denominator None: not finite."""
    kind = int
    count = 0
    sums, squares = {}, {}
    odd = []
    for x in data:
        count += 1
        if type(x) is not kind:
            kind = _coerce(kind, type(x))
        n, d = _exact_ratio(x)
        if d is None:
            odd.append(x)
        else:
            sums[d] = sums.get(d, 0) + n
            squares[d] = squares.get(d, 0) + n * n
    if odd:
        total = sum(odd)
        return kind, total, None, count, total, None
    top = math.lcm(*sums)
    number = sum([n * (top // d) for d, n in sums.items()])
    square = sum([n * (top // d) ** 2 for d, n in squares.items()])
    return kind, number, top, count, square, top * top


def _convert(number, divisor, kind):
    """The ratio as the kind of the data; integers stay integers where they can."""
    if divisor is None:
        return number
    if issubclass(kind, int):
        return number // divisor if number % divisor == 0 else number / divisor
    if issubclass(kind, float):
        value = number / divisor
        return value if kind is float else kind(value)
    try:
        return kind(number, divisor)  # a fraction
    except TypeError:
        return kind(number) / kind(divisor)  # a decimal


def mean(data):
    kind, number, divisor, n, _, _ = _totals(data)
    if n < 1:
        raise StatisticsError("mean requires at least one data point")
    return number / n if divisor is None else _convert(number, divisor * n, kind)


def fmean(data, weights=None):
    if not hasattr(data, "__len__"):
        data = list(data)
    n = len(data)
    if not n:
        raise StatisticsError("fmean requires at least one data point")
    if weights is None:
        return math.fsum(data) / n
    weights = list(weights)
    if len(weights) != n:
        raise StatisticsError("data and weights must be the same length")
    total = math.fsum([x * w for x, w in zip(data, weights)])
    divisor = math.fsum(weights)
    if not divisor:
        raise StatisticsError("sum of weights must be non-zero")
    return total / divisor


def geometric_mean(data):
    try:
        return math.exp(fmean([math.log(x) for x in data]))
    except ValueError:
        raise StatisticsError("geometric mean requires a non-empty dataset containing positive numbers") from None


def harmonic_mean(data, weights=None):
    data = list(data)
    problem = "harmonic mean does not support negative values"
    n = len(data)
    if n < 1:
        raise StatisticsError("harmonic_mean requires at least one data point")
    if n == 1 and weights is None:
        x = data[0]
        if not hasattr(x, "__truediv__"):
            raise TypeError("unsupported type")
        if x < 0:
            raise StatisticsError(problem)
        return x
    if weights is None:
        weights = repeat(1, n)
        whole = n
    else:
        weights = list(weights)
        if len(weights) != n:
            raise StatisticsError("Number of weights does not match data size")
        whole = sum(weights)
    if any(x < 0 for x in data):
        raise StatisticsError(problem)
    if any(x == 0 for x in data):
        return 0
    kind, number, divisor, _, _, _ = _totals([w / x if w else 0 for x, w in zip(data, weights)])
    if divisor is None:
        return _convert(whole / number, None, kind)
    wn, wd = _exact_ratio(whole)
    return _convert(wn * divisor, wd * number, kind)


def median(data):
    data = sorted(data)
    n = len(data)
    if n == 0:
        raise StatisticsError("no median for empty data")
    middle = n // 2
    return data[middle] if n % 2 else (data[middle - 1] + data[middle]) / 2


def median_low(data):
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    return data[(len(data) - 1) // 2]


def median_high(data):
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    return data[len(data) // 2]


def median_grouped(data, interval=1.0):
    data = sorted(data)
    n = len(data)
    if not n:
        raise StatisticsError("no median for empty data")
    x = data[n // 2]
    low = bisect_left(data, x)
    high = bisect_right(data, x, lo=low)
    try:
        interval = float(interval)
        x = float(x)
    except ValueError:
        raise TypeError("Value cannot be converted to a float")
    return x - interval / 2.0 + interval * (n / 2 - low) / (high - low)


def mode(data):
    pairs = Counter(iter(data)).most_common(1)
    if not pairs:
        raise StatisticsError("no mode for empty data")
    return pairs[0][0]


def multimode(data):
    counts = Counter(iter(data))
    most = max(counts.values(), default=0)
    return [value for value, count in counts.items() if count == most]


def quantiles(data, *, n=4, method="exclusive"):
    if n < 1:
        raise StatisticsError("n must be at least 1")
    data = sorted(data)
    size = len(data)
    if size < 2:
        raise StatisticsError("must have at least two data points")
    result = []
    if method == "inclusive":
        for i in range(1, n):
            j, delta = divmod(i * (size - 1), n)
            result.append((data[j] * (n - delta) + data[j + 1] * delta) / n)
    elif method == "exclusive":
        for i in range(1, n):
            j = min(max(i * (size + 1) // n, 1), size - 1)
            delta = i * (size + 1) - j * n
            result.append((data[j - 1] * (n - delta) + data[j] * delta) / n)
    else:
        raise ValueError(f"Unknown method: {method!r}")
    return result


def _squares(data, center):
    """(type, numerator, denominator, count) of the sum of squared deviations; from the mean where there is no center."""
    if center is not None:
        kind, number, divisor, n, square, _ = _totals([x - center for x in data])
        return kind, square, None if divisor is None else divisor * divisor, n
    kind, number, divisor, n, square, square_divisor = _totals(data)
    if n == 0:
        return kind, 0, 1, 0
    if divisor is None:
        return kind, math.nan, None, n
    return kind, n * square - number * number, square_divisor * n, n


def variance(data, xbar=None):
    kind, number, divisor, n = _squares(data, xbar)
    if n < 2:
        raise StatisticsError("variance requires at least two data points")
    return number if divisor is None else _convert(number, divisor * (n - 1), kind)


def pvariance(data, mu=None):
    kind, number, divisor, n = _squares(data, mu)
    if n < 1:
        raise StatisticsError("pvariance requires at least one data point")
    return number if divisor is None else _convert(number, divisor * n, kind)


def _root(number, divisor):
    """The square root of a ratio, correctly rounded: enough bits, the last one odd where some are cut off."""
    if number == 0:
        return 0.0
    shift = (number.bit_length() - divisor.bit_length() - 109) // 2
    if shift >= 0:
        divisor <<= 2 * shift
    else:
        number <<= -2 * shift
    root = math.isqrt(number // divisor)
    root |= root * root * divisor != number
    return float(root << shift) if shift >= 0 else root / (1 << -shift)


def _deviation(kind, number, divisor):
    if divisor is None:
        return number
    if issubclass(kind, (int, float)) or not hasattr(kind, "sqrt"):
        return _root(number, divisor)
    return _convert(number, divisor, kind).sqrt()


def stdev(data, xbar=None):
    kind, number, divisor, n = _squares(data, xbar)
    if n < 2:
        raise StatisticsError("stdev requires at least two data points")
    return _deviation(kind, number, divisor and divisor * (n - 1))


def pstdev(data, mu=None):
    kind, number, divisor, n = _squares(data, mu)
    if n < 1:
        raise StatisticsError("pstdev requires at least one data point")
    return _deviation(kind, number, divisor and divisor * n)


def _paired(x, y, what):
    n = len(x)
    if len(y) != n:
        raise StatisticsError(f"{what} requires that both inputs have same number of data points")
    if n < 2:
        raise StatisticsError(f"{what} requires at least two data points")
    return n


def covariance(x, y, /):
    n = _paired(x, y, "covariance")
    xbar, ybar = math.fsum(x) / n, math.fsum(y) / n
    return math.fsum([(xi - xbar) * (yi - ybar) for xi, yi in zip(x, y)]) / (n - 1)


def correlation(x, y, /):
    n = _paired(x, y, "correlation")
    xbar, ybar = math.fsum(x) / n, math.fsum(y) / n
    sxy = math.fsum([(xi - xbar) * (yi - ybar) for xi, yi in zip(x, y)])
    sxx = math.fsum([(xi - xbar) ** 2.0 for xi in x])
    syy = math.fsum([(yi - ybar) ** 2.0 for yi in y])
    try:
        return sxy / math.sqrt(sxx * syy)
    except ZeroDivisionError:
        raise StatisticsError("at least one of the inputs is constant")


LinearRegression = namedtuple("LinearRegression", ("slope", "intercept"), module="statistics")


def linear_regression(x, y, /, *, proportional=False):
    n = _paired(x, y, "linear regression")
    if proportional:
        sxy = math.fsum([xi * yi for xi, yi in zip(x, y)])
        sxx = math.fsum([xi * xi for xi in x])
    else:
        xbar, ybar = math.fsum(x) / n, math.fsum(y) / n
        sxy = math.fsum([(xi - xbar) * (yi - ybar) for xi, yi in zip(x, y)])
        sxx = math.fsum([(xi - xbar) ** 2.0 for xi in x])
    try:
        slope = sxy / sxx
    except ZeroDivisionError:
        raise StatisticsError("x is constant")
    return LinearRegression(slope=slope, intercept=0.0 if proportional else ybar - slope * xbar)


from _statistics_normal import NormalDist  # it needs the functions above
