# SPDX-License-Identifier: Apache-2.0
"""CPython's side of the benchmarks: measures multiprocessing.Pool when it is told to.

Each line on stdin is "POOL OPERATION COUNT" (POOL: one or default); the answer is one line, "NANOSECONDS CHECK". CHECK is made of the results, so that
both sides can be seen to have done the same work. The times are taken here, around the calls that a user would write.
What is not measured (making the input) happens at the first request of its kind.
"""

import functools
import multiprocessing
import statistics
import sys
import time

LEAST, MOST = 4, 8
SEED = 100
COLUMNS = 5
MASK = (1 << 64) - 1


def nothing():
    return 0


def same(x):
    return x


def plus_one(x):
    return x + 1


def howmany_within_range(row, minimum, maximum):
    count = 0
    for number in row:
        if minimum <= number <= maximum:
            count += 1
    return count


def howmany_within_four_to_eight(row):
    return howmany_within_range(row, LEAST, MOST)


def mixed(number):
    """SplitMix64's output function, as in the Java program's Rows."""
    z = ((number + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


@functools.lru_cache(maxsize=2)
def numbers(count):
    return list(range(count))


@functools.lru_cache(maxsize=2)
def rows(count):
    return [[mixed(SEED + row * COLUMNS + column) % 10 for column in range(COLUMNS)] for row in range(count)]


@functools.lru_cache(maxsize=2)
def rows_with_range(count):
    return [(row, LEAST, MOST) for row in rows(count)]


@functools.lru_cache(maxsize=1)
def payload(size):
    return bytes(size)


def timed(call):
    """How long the call took, and what it returned."""
    begin = time.perf_counter_ns()
    result = call()
    return time.perf_counter_ns() - begin, result


def apply(pool, count):
    """The median of single round trips."""
    trips = [timed(lambda: pool.apply(nothing)) for _ in range(count)]
    return statistics.median(nanos for nanos, _ in trips), sum(result for _, result in trips)


def submit(pool, count):
    def all_outstanding():
        handles = [pool.apply_async(nothing) for _ in range(count)]
        return sum(handle.get() for handle in handles)

    return timed(all_outstanding)


def summed(measured):
    nanos, results = measured
    return nanos, sum(results)


OPERATIONS = {
    "apply": apply,
    "submit": submit,
    "map_by_one": lambda pool, n: summed(measured_on(n, numbers, lambda items: pool.map(same, items, chunksize=1))),
    "map": lambda pool, n: summed(measured_on(n, numbers, lambda items: pool.map(plus_one, items))),
    "rows_map": lambda pool, n: summed(measured_on(n, rows, lambda items: pool.map(howmany_within_four_to_eight, items))),
    "rows_starmap": lambda pool, n: summed(
        measured_on(n, rows_with_range, lambda items: pool.starmap(howmany_within_range, items))
    ),
    "argument": lambda pool, n: measured_on(n, payload, lambda data: pool.apply(len, (data,))),
    "result": lambda pool, n: measured_length(timed(lambda: pool.apply(bytes, (n,)))),
}


def measured_on(count, make, call):
    items = make(count)
    return timed(lambda: call(items))


def measured_length(measured):
    nanos, result = measured
    return nanos, len(result)


def main():
    context = multiprocessing.get_context("fork")
    # the pools are forked before there is any input, so that no worker inherits what should cross
    with context.Pool(1) as one, context.Pool() as every_core:
        pools = {"one": one, "default": every_core}
        print("ready", sys.version.split()[0], flush=True)
        for line in sys.stdin:
            which, operation, count = line.split()
            nanos, check = OPERATIONS[operation](pools[which], int(count))
            print(int(nanos), check, flush=True)


if __name__ == "__main__":
    main()
