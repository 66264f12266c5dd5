# SPDX-License-Identifier: Apache-2.0
"""One way of handing 100 items to 4 processes, of which item 37 sends itself SIGKILL: what is left?

    blast_peer.py WAY SECONDS

WAY is one of WAYS below. Prints lines of two words or more, so that whoever has to kill this program knows what came
before: "got N" (results in hand), "sees TEXT" (what the caller is told of the others), "then TEXT" (the pool afterwards),
or "missing TEXT" if the library is not installed. What takes longer than SECONDS counts as hanging.
"""

import concurrent.futures
import multiprocessing
import os
import signal
import sys

ITEMS, WORKERS, CHUNK, FATAL = 100, 4, 10, 37


def work(item):
    if item == FATAL:
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def say(word, text):
    print(word, text, flush=True)


def told(error):
    text = str(error).splitlines()
    return type(error).__name__ + (": " + text[0][:70] if text and text[0] else "")


def pool_map(limit):
    pool = multiprocessing.Pool(WORKERS)
    try:
        say("got", len(pool.map_async(work, range(ITEMS), 1).get(limit)))
        say("sees", "nothing")
    except multiprocessing.TimeoutError:
        say("sees", "it hangs")
    pool_afterwards(pool, limit)


def pool_unordered(limit):
    pool = multiprocessing.Pool(WORKERS)
    results = pool.imap_unordered(work, range(ITEMS))
    count = 0
    try:
        for _ in range(ITEMS):
            results.next(limit)
            count += 1
        say("sees", "nothing")
    except multiprocessing.TimeoutError:
        say("sees", "it hangs for the last one")
    say("got", count)
    pool_afterwards(pool, limit)


def pool_afterwards(pool, limit):
    try:
        pool.apply_async(work, (1,)).get(limit)
        say("then", "a new task runs")
    except multiprocessing.TimeoutError:
        say("then", "a new task hangs")
    pool.terminate()


def futures_of(executor, limit):
    futures = [executor.submit(work, item) for item in range(ITEMS)]
    done, late = concurrent.futures.wait(futures, limit)
    failed = [future.exception() for future in done if future.exception()]
    say("got", len(done) - len(failed))
    texts = sorted({told(error) for error in failed})
    say("sees", "; ".join(texts) + f" for {len(failed)} items" + (f", {len(late)} hang" if late else ""))
    executor_afterwards(executor, limit)


def executor_afterwards(executor, limit):
    try:
        executor.submit(work, 1).result(limit)
        say("then", "a new task runs")
    except concurrent.futures.TimeoutError:
        say("then", "a new task hangs")
    except Exception as error:
        say("then", "dead: " + type(error).__name__)


def executor_submit(limit):
    futures_of(concurrent.futures.ProcessPoolExecutor(WORKERS), limit)


def executor_map(limit):
    executor = concurrent.futures.ProcessPoolExecutor(WORKERS)
    count = 0
    try:
        for _ in executor.map(work, range(ITEMS), timeout=limit, chunksize=CHUNK):
            count += 1
        say("sees", "nothing")
    except Exception as error:
        say("sees", told(error))
    say("got", count)
    executor_afterwards(executor, limit)


def loky_submit(limit):
    import loky

    futures_of(loky.ProcessPoolExecutor(WORKERS), limit)


def joblib_parallel(limit):
    import joblib

    parallel = joblib.Parallel(n_jobs=WORKERS, timeout=limit)
    try:
        say("got", len(parallel(joblib.delayed(work)(item) for item in range(ITEMS))))
        say("sees", "nothing")
    except BaseException as error:
        say("got", 0)
        say("sees", told(error))
    try:
        parallel([joblib.delayed(work)(1)])
        say("then", "a new task runs, in a new executor")
    except BaseException as error:
        say("then", "dead: " + type(error).__name__)


def pebble_schedule(limit):
    import pebble

    with pebble.ProcessPool(WORKERS) as pool:
        futures = [pool.schedule(work, args=(item,)) for item in range(ITEMS)]
        pebble_told(futures, limit)
        say("then", f"a new task gives {pool.schedule(work, args=(1,)).result(limit)}")


def pebble_told(futures, limit):
    done, late = concurrent.futures.wait(futures, limit)
    failed = [future.exception() for future in done if future.exception()]
    say("got", len(done) - len(failed))
    say("sees", "; ".join(sorted({told(error) for error in failed})) + f" for {len(failed)} items, {len(late)} hang")


def pebble_map(limit):
    import pebble

    with pebble.ProcessPool(WORKERS) as pool:
        results = pool.map(work, range(ITEMS), chunksize=CHUNK).result()
        count, failed = 0, []
        while True:
            try:
                next(results)
                count += 1
            except StopIteration:
                break
            except Exception as error:
                failed.append(error)
        say("got", count)
        say("sees", "; ".join(sorted({told(error) for error in failed})) + f" for {ITEMS - count} items")
        say("then", f"a new task gives {pool.schedule(work, args=(1,)).result(limit)}")


WAYS = {
    "pool_map": pool_map,
    "pool_unordered": pool_unordered,
    "executor_submit": executor_submit,
    "executor_map": executor_map,
    "loky_submit": loky_submit,
    "joblib_parallel": joblib_parallel,
    "pebble_schedule": pebble_schedule,
    "pebble_map": pebble_map,
}

if __name__ == "__main__":
    try:
        WAYS[sys.argv[1]](float(sys.argv[2]))
    except ImportError as missing:
        say("missing", missing.name)
    sys.stdout.flush()
    # what a broken pool left behind must not keep this program
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(0)
