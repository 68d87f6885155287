# The module heapq: a list as a priority queue, the smallest item first.
__all__ = ["heappush", "heappop", "heapify", "heapreplace", "merge", "nlargest", "nsmallest", "heappushpop"]


def _rise(heap, start, place):
    item = heap[place]
    while place > start:
        parent = (place - 1) >> 1
        other = heap[parent]
        if not item < other:
            break
        heap[place] = other
        place = parent
    heap[place] = item


def _sink(heap, place):
    # The hole goes down to a leaf along the smaller children, then the item rises: it mostly belongs near the leaves.
    end = len(heap)
    start = place
    item = heap[place]
    child = 2 * place + 1
    while child < end:
        right = child + 1
        if right < end and not heap[child] < heap[right]:
            child = right
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = item
    _rise(heap, start, place)


def heappush(heap, item):
    heap.append(item)
    _rise(heap, 0, len(heap) - 1)


def heappop(heap):
    if not isinstance(heap, list):
        raise TypeError(f"heap argument must be a list, not {type(heap).__name__}")
    if not heap:
        raise IndexError("index out of range")
    last = heap.pop()
    if not heap:
        return last
    first = heap[0]
    heap[0] = last
    _sink(heap, 0)
    return first


def heapreplace(heap, item):
    if not isinstance(heap, list):
        raise TypeError(f"heap argument must be a list, not {type(heap).__name__}")
    if not heap:
        raise IndexError("index out of range")
    first = heap[0]
    heap[0] = item
    _sink(heap, 0)
    return first


def heappushpop(heap, item):
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sink(heap, 0)
    return item


def heapify(x):
    for place in reversed(range(len(x) // 2)):
        _sink(x, place)


class _Reversed:
    """Orders the other way round."""

    __slots__ = ("key",)

    def __init__(self, key):
        self.key = key

    def __lt__(self, other):
        return other.key < self.key

    def __eq__(self, other):
        return self.key == other.key


def merge(*iterables, key=None, reverse=False):
    heap = []
    for order, iterable in enumerate(iterables):
        following = iter(iterable).__next__
        try:
            value = following()
        except StopIteration:
            continue
        heap.append([_merge_key(value, key, reverse), order, value, following])
    heapify(heap)
    while len(heap) > 1:
        try:
            while True:
                entry = heap[0]
                yield entry[2]
                value = entry[3]()
                entry[0] = _merge_key(value, key, reverse)
                entry[2] = value
                _sink(heap, 0)
        except StopIteration:
            heappop(heap)
            if len(heap) <= 1:
                break
    if heap:
        _, _, value, following = heap[0]
        try:
            while True:
                yield value
                value = following()
        except StopIteration:
            return


def _merge_key(value, key, reverse):
    if key is not None:
        value = key(value)
    return _Reversed(value) if reverse else value


def nsmallest(n, iterable, key=None):
    if n == 1:
        found = list(iterable)
        return [min(found, key=key)] if found else []
    return sorted(iterable, key=key)[:max(n, 0)]


def nlargest(n, iterable, key=None):
    if n == 1:
        found = list(iterable)
        return [max(found, key=key)] if found else []
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]
