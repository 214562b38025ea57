package dev.yagura.bench.measure;

import java.time.Duration;
import java.util.List;

/**
 * How long answers about very many assets take.
 *
 * @param assets in the database
 * @param databaseBytes of it, indexes too
 * @param queries in the order in which they were asked
 * @param hosts that a round judged
 * @param round how long it took, beside the queries or after them
 * @param residentBytes memory of the inventory afterwards
 */
public record AssetQueryFigures(
        long assets,
        long databaseBytes,
        List<Query> queries,
        long hosts,
        Duration round,
        long residentBytes) {

    public AssetQueryFigures {
        queries = List.copyOf(queries);
    }

    /**
     * One kind of question.
     *
     * @param unit what answers have
     * @param results how many of them, on average
     * @param aimed whether there is an aim for it
     */
    public record Query(String what, String unit, Quantiles times, double results, boolean aimed) {}
}
