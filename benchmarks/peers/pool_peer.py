# SPDX-License-Identifier: Apache-2.0
"""CPython's side of the benchmarks: measures multiprocessing.Pool, ProcessPoolExecutor and joblib when it is told to.

Each line on stdin is "POOL OPERATION COUNT" (POOL: one or default, executor_one or executor, joblib, or none where the
operation makes its own); the answer is one line, "NANOSECONDS CHECK". CHECK is made of the results, so that
both sides can be seen to have done the same work. The times are taken here, around the calls that a user would write.
What is not measured (making the input) happens at the first request of its kind.
"""

import collections
import concurrent.futures
import functools
import multiprocessing
import multiprocessing.managers
import os
import statistics
import sys
import time

try:
    import joblib
except ImportError:
    joblib = None

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
WINDOW = 64
ITEMS_A_WORKER = 4
LEAST, MOST = 4, 8
SEED = 100
COLUMNS = 5
ELEMENTS = 1000
PIPE_BYTES = 1 << 20
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


def submit_to_executor(executor, count):
    def all_outstanding():
        futures = [executor.submit(nothing) for _ in range(count)]
        return sum(future.result() for future in futures)

    return timed(all_outstanding)


def apply_to_executor(executor, count):
    trips = [timed(lambda: executor.submit(nothing).result()) for _ in range(count)]
    return statistics.median(nanos for nanos, _ in trips), sum(result for _, result in trips)


def each_of_window(begin, count):
    """What one task costs of many, of which so many are outstanding at any time."""

    def windowed():
        waiting = collections.deque()
        done = 0
        for _ in range(count):
            if len(waiting) == WINDOW:
                done += waiting.popleft()()
            waiting.append(begin())
        return done + sum(end() for end in waiting)

    nanos, results = timed(windowed)
    return nanos // count, results


def executor_map(executor, function, items):
    """With chunks as Pool.map makes them: its own default is one item, which is another row."""
    return list(executor.map(function, items, chunksize=-(-len(items) // (4 * CORES))))


def started_mapped_and_closed(workers):
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        results = pool.map(same, range(workers * ITEMS_A_WORKER))
        pool.close()
        pool.join()
    return results


def executor_started_mapped_and_closed(workers):
    with concurrent.futures.ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as executor:
        return list(executor.map(same, range(workers * ITEMS_A_WORKER)))


def value_add(count):
    value = multiprocessing.Value("q", 0)

    def add():
        for _ in range(count):
            with value.get_lock():
                value.value += 1
        return value.value

    return timed(add)


def array_set(count):
    array = multiprocessing.Array("q", ELEMENTS)

    def set_elements():
        for i in range(count):
            array[i % ELEMENTS] = i

    nanos, _ = timed(set_elements)
    return nanos, sum(array[:])


def lock_free(count):
    lock = multiprocessing.Lock()

    def lock_and_unlock():
        for _ in range(count):
            with lock:
                pass
        return count

    return timed(lock_and_unlock)


def count_under(lock, value, count, together):
    together.wait()
    for _ in range(count):
        with lock:
            value.value += 1
    together.wait()


def lock_by_two(count):
    """From when both processes are ready to when both have done."""
    context = multiprocessing.get_context("fork")
    lock = context.Lock()
    value = context.Value("q", 0, lock=False)
    together = context.Barrier(3)
    both = [context.Process(target=count_under, args=(lock, value, count // 2, together)) for _ in range(2)]
    for process in both:
        process.start()
    together.wait()
    nanos, _ = timed(together.wait)
    for process in both:
        process.join()
    return nanos, value.value


def put_all(queue, item, count, together):
    together.wait()
    for i in range(count):
        queue.put(i if item is None else item)


def take_all(queue, count, together, done):
    together.wait()
    for _ in range(count):
        queue.get()
    done.put(count)


def queue_to_parent(item, bound, count):
    """From when the producer is ready to when this process has taken all."""
    context = multiprocessing.get_context("fork")
    queue = context.Queue(bound)
    together = context.Barrier(2)
    producer = context.Process(target=put_all, args=(queue, item, count, together))
    producer.start()
    together.wait()

    def take():
        for _ in range(count):
            queue.get()
        return count

    measured = timed(take)
    producer.join()
    return measured


def queue_by_four(count):
    """Two put, two take; from when all four are ready to when all is taken."""
    context = multiprocessing.get_context("fork")
    queue, done = context.Queue(), context.Queue()
    together = context.Barrier(5)
    half = count // 2
    four = [context.Process(target=put_all, args=(queue, None, half, together)) for _ in range(2)]
    four += [context.Process(target=take_all, args=(queue, half, together, done)) for _ in range(2)]
    for process in four:
        process.start()
    together.wait()
    measured = timed(lambda: done.get() + done.get())
    for process in four:
        process.join()
    return measured


@functools.lru_cache(maxsize=1)
def manager():
    return multiprocessing.Manager()


def map_put(count):
    shared = manager().dict()

    def put():
        for i in range(count):
            shared[i % ELEMENTS] = i

    nanos, _ = timed(put)
    return nanos, sum(shared.values())


class Counter:
    def __init__(self):
        self.count = 0

    def increment(self):
        self.count += 1
        return self.count


class Counters(multiprocessing.managers.BaseManager):
    pass


Counters.register("Counter", Counter)


@functools.lru_cache(maxsize=1)
def counters():
    started = Counters(ctx=multiprocessing.get_context("fork"))
    started.start()
    return started


def own_increment(count):
    """Calls of an object of one's own class, which lives in the manager's process."""
    counter = counters().Counter()

    def increment():
        last = 0
        for _ in range(count):
            last = counter.increment()
        return last

    return timed(increment)


def echo_values(end):
    try:
        while True:
            end.send(end.recv())
    except EOFError:
        pass


def echo_bytes(end):
    try:
        while True:
            end.send_bytes(end.recv_bytes())
    except EOFError:
        pass


def pipe_trips(echo, trip, count):
    """The median of single round trips by a pipe to a process that sends back what comes."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=echo_of_one_end, args=(echo, ours, theirs))
    process.start()
    theirs.close()
    trip(ours)
    trips = [timed(lambda: trip(ours)) for _ in range(count)]
    ours.close()
    process.join()
    return statistics.median(nanos for nanos, _ in trips), sum(result for _, result in trips)


def echo_of_one_end(echo, other, end):
    other.close()
    echo(end)


def value_trip(end):
    end.send(0)
    return end.recv()


def bytes_trip(end):
    end.send_bytes(payload(PIPE_BYTES))
    return len(end.recv_bytes())


def end_to_end(method, count):
    """The median of starting a process that does nothing and waiting for its end; and how many have ended well."""
    context = multiprocessing.get_context(method)

    def one():
        process = context.Process(target=nothing)
        process.start()
        process.join()
        return process.exitcode == 0

    runs = [timed(one) for _ in range(count)]
    return statistics.median(nanos for nanos, _ in runs), sum(well for _, well in runs)


def summed(measured):
    nanos, results = measured
    return nanos, sum(results)


OPERATIONS = {
    "apply": apply,
    "submit": submit,
    "future": lambda pool, n: each_of_window(lambda: pool.apply_async(nothing).get, n),
    "executor_apply": apply_to_executor,
    "executor_submit": submit_to_executor,
    "executor_future": lambda pool, n: each_of_window(lambda: pool.submit(nothing).result, n),
    "executor_map_by_one": lambda pool, n: summed(measured_on(n, numbers, lambda items: list(pool.map(same, items)))),
    "executor_map": lambda pool, n: summed(measured_on(n, numbers, lambda items: executor_map(pool, plus_one, items))),
    "executor_rows_map": lambda pool, n: summed(
        measured_on(n, rows, lambda items: executor_map(pool, howmany_within_four_to_eight, items))
    ),
    "executor_argument": lambda pool, n: measured_on(n, payload, lambda data: pool.submit(len, data).result()),
    "executor_result": lambda pool, n: measured_length(timed(lambda: pool.submit(bytes, n).result())),
    "joblib_rows_map": lambda pool, n: summed(
        measured_on(n, rows, lambda items: pool(joblib.delayed(howmany_within_four_to_eight)(row) for row in items))
    ),
    "workers": lambda pool, n: summed(timed(lambda: started_mapped_and_closed(n))),
    "process_spawn": lambda pool, n: end_to_end("spawn", n),
    "process_fork": lambda pool, n: end_to_end("fork", n),
    "executor_workers": lambda pool, n: summed(timed(lambda: executor_started_mapped_and_closed(n))),
    "value_add": lambda pool, n: value_add(n),
    "array_set": lambda pool, n: array_set(n),
    "lock_free": lambda pool, n: lock_free(n),
    "lock_by_two": lambda pool, n: lock_by_two(n),
    "queue": lambda pool, n: queue_to_parent(None, 0, n),
    "queue_by_four": lambda pool, n: queue_by_four(n),
    "queue_large": lambda pool, n: queue_to_parent(bytes(1 << 20), 8, n),
    "map_put": lambda pool, n: map_put(n),
    "own_increment": lambda pool, n: own_increment(n),
    "pipe_value": lambda pool, n: pipe_trips(echo_values, value_trip, n),
    "pipe_bytes": lambda pool, n: pipe_trips(echo_bytes, bytes_trip, n),
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
    executor = concurrent.futures.ProcessPoolExecutor
    # the pools are forked before there is any input, so that no worker inherits what should cross
    with context.Pool(1) as one, context.Pool(CORES) as every_core, executor(1, context) as executor_one, executor(
        CORES, context
    ) as executor_every_core:
        pools = {
            "one": one,
            "default": every_core,
            "executor_one": executor_one,
            "executor": executor_every_core,
            "none": None,
        }
        # an executor forks when it is first given something to do
        for started in (executor_one, executor_every_core):
            concurrent.futures.wait([started.submit(time.sleep, 0.1) for _ in range(CORES)])
        if joblib:
            pools["joblib"] = joblib.Parallel(n_jobs=CORES).__enter__()
        print("ready", sys.version.split()[0], joblib.__version__ if joblib else "none", flush=True)
        for line in sys.stdin:
            which, operation, count = line.split()
            nanos, check = OPERATIONS[operation](pools[which], int(count))
            print(int(nanos), check, flush=True)


if __name__ == "__main__":
    main()
