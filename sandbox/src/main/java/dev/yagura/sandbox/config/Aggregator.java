package dev.yagura.sandbox.config;

import dev.yagura.sandbox.world.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the recorders of all accounts and regions have told, as an aggregator has it: later than
 * they, and of a source that fails as it was when that began. Not safe for use by several threads
 * at once.
 */
public final class Aggregator {
    private final TreeMap<Place, Source> sources = new TreeMap<>();
    private @Nullable Home home;
    private Duration lag = Duration.ZERO;

    /** Where the aggregator is, and what it is called. */
    private record Home(Account account, String name) {}

    private record Place(String account, String region) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::account).thenComparing(Place::region);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /** How the data of a source come. */
    public enum Status {
        SUCCEEDED,
        FAILED,
        OUTDATED,
        /** It is no source: the aggregator has nothing of it. */
        ABSENT
    }

    /**
     * An account and region.
     *
     * @param since from when on nothing came; null while everything does
     */
    record Source(Recorder recorder, Status status, @Nullable Instant since) {}

    /** An item with the account that has it. */
    record Aggregated(Item item, Account account) {}

    /** Joins the recorder of an account and region. */
    public void join(Recorder recorder) {
        sources.put(place(recorder.account()), new Source(recorder, Status.SUCCEEDED, null));
    }

    /** It is there, in this account and region, under this name alone. */
    public void create(Account account, String name) {
        home = new Home(account, name);
    }

    public void lagBy(Duration wanted) {
        lag = wanted;
    }

    /**
     * How the data of a source come from now on.
     *
     * @return false if there is no such account and region
     */
    public boolean change(String account, String region, Status status, Instant now) {
        return sources.computeIfPresent(
                        new Place(account, region),
                        (place, source) ->
                                new Source(
                                        source.recorder,
                                        status,
                                        status == Status.SUCCEEDED ? null : now))
                != null;
    }

    boolean isAt(Account account, String name) {
        return new Home(account, name).equals(home);
    }

    /** By account and region, without those that are none. */
    List<Source> sources() {
        return sources.values().stream().filter(each -> each.status != Status.ABSENT).toList();
    }

    /** What is recorded of a type, as the aggregator knows it. */
    Stream<Aggregated> current(String type, Instant now) {
        return sources().stream()
                .flatMap(source ->
                        source.recorder
                                .histories()
                                .current(type, new ResourceKey(type, ""), seen(source, now))
                                .filter(item -> item.status().isRecorded())
                                .map(item -> new Aggregated(item, source.recorder.account())));
    }

    private Instant seen(Source source, Instant now) {
        return Optional.ofNullable(source.since).orElse(now).minus(lag);
    }

    private static Place place(Account account) {
        return new Place(account.id(), account.region());
    }
}
