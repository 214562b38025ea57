package dev.yagura.bench.measure;

import java.time.Duration;
import java.util.List;

/**
 * How the inventory keeps in step with AWS Config.
 *
 * @param rounds full readings, one after the other
 * @param change from a message in the queue to a watcher
 * @param changesBytes memory of the inventory after the changes
 */
public record ReconcileFigures(List<Round> rounds, Quantiles change, long changesBytes) {

    public ReconcileFigures {
        rounds = List.copyOf(rounds);
    }

    /**
     * One full reading.
     *
     * @param what is special about it
     * @param sets types of accounts and regions
     * @param items in the pages
     * @param news assets that were new, changed or gone
     * @param calls that the inventory says it sent
     * @param arrived calls that the AWS stand-in had
     * @param least calls by which the same can be read
     * @param asked from the request to its end
     * @param read from the first reading's start to the last one's end
     * @param residentBytes memory of the inventory afterwards
     */
    public record Round(
            String what,
            int sets,
            long items,
            long news,
            long calls,
            long arrived,
            long least,
            Duration asked,
            Duration read,
            long residentBytes) {

        public double itemsPerSecond() {
            return items / (read.toNanos() / 1e9);
        }

        public double ratio() {
            return (double) calls / least;
        }
    }
}
