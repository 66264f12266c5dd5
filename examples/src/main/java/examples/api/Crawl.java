// SPDX-License-Identifier: Apache-2.0
package examples.api;

import io.multijvm.Manager;
import io.multijvm.WorkerProcess;
import io.multijvm.shared.SharedQueue;
import io.multijvm.shared.SharedSet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A walk over a graph by several processes, as a web crawler does it: pages that are still to be read are in a queue, pages that are
 * known in a set. One of the walkers is killed in the middle, which costs nothing. There is no pool here.
 *
 * <p>A walker can die between any two steps, and whatever two things it has to do, it can die between them: said before it is
 * acknowledged, {@code taskDone} may be said twice of one page; said after that, never; and a link that it has marked as known
 * but not yet put into the queue is lost. So a walker does only what does no harm if it is done twice: it reads a page, reports
 * what it found, and then acknowledges the page, which comes to another walker if it dies before. What has to be done exactly once,
 * {@code seen.add}, {@code put} and {@code taskDone}, is done here, once for each page, whose report may come twice. This process
 * owns the queue, so there is none left if it dies.
 */
public final class Crawl {
    private static final int PAGES = 300;
    private static final int WALKERS = 3;
    private static final int REPORTS_UNTIL_ONE_IS_KILLED = 100;
    private static final long READING_NANOS = 500_000;

    private Crawl() {}

    /** What a walker found: links that nobody knew when it looked. */
    private record Report(int page, List<Integer> links, long walker) {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        try (Manager manager = Manager.start()) {
            SharedQueue<Integer> pages = manager.queue();
            SharedQueue<Report> reports = manager.queue();
            SharedSet<Integer> seen = manager.set();
            List<WorkerProcess> walkers = new ArrayList<>();
            for (int i = 0; i < WALKERS; i++) {
                walkers.add(WorkerProcess.start(() -> walk(pages, seen, reports)));
            }
            Set<Integer> walked = countIn(pages, seen, reports, walkers);
            pages.shutdown(); // those who wait for a page return
            List<Integer> exitCodes = exitCodes(walkers);

            System.out.println(walked.size() + " pages, each done once: " + (pages.isEmpty() && seen.equals(walked)));
            System.out.println("the same as one process finds alone: " + walked.equals(alone()));
            System.out.println(
                    "walkers ended with " + exitCodes.stream().sorted().toList());
        }
    }

    /** In each walker, until the queue is shut down. */
    private static void walk(SharedQueue<Integer> pages, SharedSet<Integer> seen, SharedQueue<Report> reports)
            throws InterruptedException {
        long self = ProcessHandle.current().pid();
        pages.leaseEach(page -> {
            List<Integer> links =
                    read(page).stream().filter(link -> !seen.contains(link)).toList();
            reports.add(new Report(page, links, self));
        }); // acknowledges each when that has returned
    }

    /** Here, until each page that was put has been done. */
    private static Set<Integer> countIn(
            SharedQueue<Integer> pages,
            SharedSet<Integer> seen,
            SharedQueue<Report> reports,
            List<WorkerProcess> walkers)
            throws InterruptedException {
        Set<Integer> walked = new HashSet<>();
        seen.add(0);
        pages.put(0);
        while (!pages.join(Duration.ZERO)) {
            Report report = reports.poll(1, TimeUnit.MINUTES);
            if (report == null) {
                throw new IllegalStateException("no walker has said anything for a minute");
            }
            if (!walked.add(report.page())) {
                System.err.println("page " + report.page() + " was read twice, for its walker had died");
                continue;
            }
            for (Integer link : report.links()) {
                if (seen.add(link)) {
                    pages.put(link);
                }
            }
            pages.taskDone(); // after its links were put, or join could return too early
            if (walked.size() == REPORTS_UNTIL_ONE_IS_KILLED) {
                walkers.stream()
                        .filter(walker -> walker.pid() == report.walker())
                        .forEach(WorkerProcess::kill);
            }
        }
        return walked;
    }

    private static List<Integer> exitCodes(List<WorkerProcess> processes) throws InterruptedException {
        List<Integer> exitCodes = new ArrayList<>();
        for (WorkerProcess process : processes) {
            process.join();
            exitCodes.add(process.exitCode().orElseThrow());
            process.close(); // after that it tells nothing any more
        }
        return exitCodes;
    }

    private static Set<Integer> alone() {
        Set<Integer> known = new HashSet<>(Set.of(0));
        Deque<Integer> next = new ArrayDeque<>(known);
        while (!next.isEmpty()) {
            links(next.remove()).filter(known::add).forEach(next::add);
        }
        return known;
    }

    /** Takes its time, as a server far away would. */
    private static List<Integer> read(int page) {
        LockSupport.parkNanos(READING_NANOS);
        return links(page).toList();
    }

    private static Stream<Integer> links(int page) {
        return Stream.of(page / 2, page + 17, 7 * page + 1, page * page + 3).map(link -> link % PAGES);
    }
}
