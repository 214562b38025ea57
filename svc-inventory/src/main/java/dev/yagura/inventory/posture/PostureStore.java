package dev.yagura.inventory.posture;

import dev.yagura.proto.inventory.v1.Posture;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What postures were, and the rounds in which they are judged. */
interface PostureStore {
    /**
     * Begins a round, unless one goes on or the last began after a time.
     *
     * @param notAfter begin of the last round that lets another one begin
     */
    void begin(Instant now, Instant notAfter);

    /**
     * What was judged in a turn.
     *
     * @param news postures that are not as they were; at most one a subject
     * @param last the last asset that was looked at; empty ends the round
     */
    record Turn(List<Posture> news, Optional<UUID> last) {
        public Turn {
            news = List.copyOf(news);
        }
    }

    /**
     * Takes the next turn of the round that goes on: keeps what is new and moves the round on, both
     * or neither. No other replica has the turn meanwhile.
     *
     * @param work from the asset after which the turn begins; empty at the round's begin
     * @param now the end of the round, if this ends it
     * @return whether there was one, and no other replica had it
     */
    boolean turn(Function<Optional<UUID>, Turn> work, Instant now);

    /** The newest of each subject that has one. */
    Map<String, Posture> newest(Collection<String> subjects);

    /** As it was judged last before a time; empty when it was not judged by then. */
    Optional<Posture> at(String subject, Instant time);

    /** When the last round that had ended by a time began. */
    Optional<Instant> judged(Instant time);

    /**
     * Deletes some of what ended before a time.
     *
     * @return how many versions and rounds
     */
    int forget(Instant horizon, int atOnce);
}
