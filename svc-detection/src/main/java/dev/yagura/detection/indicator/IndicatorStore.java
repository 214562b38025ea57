package dev.yagura.detection.indicator;

import com.google.protobuf.ByteString;
import dev.yagura.indicator.IndicatorEntry;
import dev.yagura.indicator.IndicatorKey;
import dev.yagura.indicator.IndicatorKind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists and indicators, shared by all replicas. */
interface IndicatorStore {

    /**
     * Who asks for a change.
     *
     * @param fingerprint of what was asked: the same id with another one is refused
     */
    record Request(UUID id, String fingerprint, String author, Instant time) {}

    /** What an import makes of its list. */
    record Target(String list, String title, int format, String contentSha256, UUID importId) {}

    /** Entries of an import, one after another; may be asked for again from the beginning. */
    interface Entries {
        /** What it throws ends the import, and nothing is changed. */
        void read(Consumer<IndicatorEntry> taker);
    }

    /** What an import did, or would do. */
    record Imported(
            IndicatorList list,
            long added,
            long changed,
            long removed,
            long unchanged,
            long duplicates) {}

    /** Which indicators to list; empty means any. */
    record Filter(Optional<String> list, Optional<IndicatorKind> kind, List<IndicatorKey> values) {
        public Filter {
            values = List.copyOf(values);
        }
    }

    /** Last row of a page. */
    record After(String list, UUID id) {}

    /**
     * Replaces a list by these entries, in one transaction.
     *
     * @param maxIndicators in all lists together
     * @param validateOnly changes nothing, and does as if
     * @param answer of what was done, kept for a repetition of the request
     * @return the answer; that of the first time, when the request was answered before
     */
    ByteString replace(
            Request request,
            Target target,
            long maxIndicators,
            boolean validateOnly,
            Entries entries,
            Function<Imported, ByteString> answer);

    /** Removes a list; empty when there is none. The answer says how many indicators it had. */
    Optional<ByteString> delete(Request request, String list, Function<Long, ByteString> answer);

    /** Revokes (with a reason) or reinstates (null); empty when there is no such indicator. */
    Optional<StoredIndicator> revoke(
            Request request, String list, UUID indicator, @Nullable String reason);

    /** By id. */
    List<IndicatorList> lists(String after, int limit);

    Optional<IndicatorList> list(String id);

    /** By list and id. */
    List<StoredIndicator> page(Filter filter, Optional<After> after, int limit);

    Optional<StoredIndicator> find(String list, UUID id);

    /** Every indicator with one of these keys, in any list. */
    List<StoredIndicator> find(Collection<IndicatorKey> keys, int limit);

    /** Keys that came into a list after a version; revoked ones too. */
    void keys(String list, long afterVersion, Consumer<IndicatorKey> consumer);
}
