package dev.yagura.sigma.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.sigma.SigmaCorrelation;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The incremental evaluation against the plain one, on random matches. */
class GroupStateTest {
    private static final GroupKey GROUP = new GroupKey(List.of("host", "user"));
    private static final long SECOND = 1_000_000_000;
    private static final int ROUNDS = 12;

    static List<String> conditions() {
        return List.of(
                "type: event_count\ncondition: {gte: 3}",
                "type: event_count\ncondition: {gt: 2, lte: 4}",
                "type: event_count\ncondition: {lt: 3}",
                "type: event_count\ncondition: {eq: 2}",
                "type: event_count\ncondition: {neq: 2}",
                "type: value_count\ncondition: {field: v, gte: 3}",
                "type: value_count\ncondition: {field: v, lte: 2}",
                "type: temporal",
                "type: temporal\ncondition: {gte: 2}",
                "type: temporal_ordered",
                "type: temporal_ordered\ncondition: {eq: 2}",
                "type: value_sum\ncondition: {field: v, gt: 9}",
                "type: value_avg\ncondition: {field: v, gte: 2.5}",
                "type: value_avg\ncondition: {field: v, lt: 2}",
                "type: value_percentile\ncondition: {field: v, percentile: 50, gte: 3}",
                "type: value_percentile\ncondition: {field: v, percentile: 90, lte: 4}",
                "type: value_percentile\ncondition: {field: v, lte: 25}");
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void theWholeSetAtOnceIsAsThePlainEvaluation(String condition) {
        CorrelationDefinition definition = definition(condition);
        for (int seed = 0; seed < ROUNDS; seed++) {
            List<BaseMatch> matches = matches(new Random(seed), 40);
            assertThat(GroupState.evaluate(definition, GROUP, matches))
                    .as("seed %d", seed)
                    .isEqualTo(NaiveCorrelation.evaluate(definition, GROUP, matches));
        }
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void neitherOrderNorDuplicatesNorPortionsMatter(String condition) {
        CorrelationDefinition definition = definition(condition);
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            List<BaseMatch> matches = matches(random, 30);
            List<BaseMatch> arriving = new ArrayList<>(matches);
            arriving.addAll(matches.subList(0, 10));
            Collections.shuffle(arriving, random);
            Feed feed = new Feed(definition);
            for (int i = 0; i < arriving.size(); ) {
                int end = Math.min(arriving.size(), i + 1 + random.nextInt(4));
                feed.take(arriving.subList(i, end));
                assertThat(feed.beginnings)
                        .containsExactlyInAnyOrderElementsOf(
                                new GroupState(definition, GROUP)
                                        .add(arriving.subList(0, end))
                                        .begun());
                assertThat(feed.held())
                        .as("seed %d after %d", seed, end)
                        .isEqualTo(
                                NaiveCorrelation.evaluate(
                                        definition, GROUP, arriving.subList(0, end)));
                i = end;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void boundedMemoryAndRestartsChangeNothingWithinTheLateness(String condition) {
        CorrelationDefinition definition = definition(condition);
        long lateness = 15 * SECOND;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            List<BaseMatch> matches = matches(random, 150);
            Map<BaseMatch, Long> arrival = new LinkedHashMap<>();
            matches.forEach(
                    match -> arrival.put(match, match.timeNs() + random.nextLong(lateness)));
            List<BaseMatch> arriving = new ArrayList<>(matches);
            arriving.sort(Comparator.comparing(arrival::get));
            Feed feed = new Feed(definition);
            int most = 0;
            for (BaseMatch match : arriving) {
                feed.take(List.of(match));
                feed.closeUntil(lateness);
                feed.restart();
                most = Math.max(most, feed.state.size());
            }
            assertThat(feed.held())
                    .as("seed %d", seed)
                    .isEqualTo(NaiveCorrelation.evaluate(definition, GROUP, matches));
            assertThat(most).as("kept").isLessThan(matches.size() / 2);
            feed.state.close(Long.MAX_VALUE / 2);
            assertThat(feed.state.isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void aMatchThatIsTakenOutLeavesNoTrace(String condition) {
        CorrelationDefinition definition = definition(condition);
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            List<BaseMatch> matches = matches(random, 40);
            Feed feed = new Feed(definition);
            feed.take(matches);
            List<BaseMatch> rest = new ArrayList<>(matches);
            Collections.shuffle(rest, random);
            List<BaseMatch> out = List.copyOf(rest.subList(0, 8));
            rest.removeAll(out);
            feed.change(List.of(), out);
            assertThat(feed.held())
                    .as("seed %d", seed)
                    .isEqualTo(NaiveCorrelation.evaluate(definition, GROUP, rest));
        }
    }

    @Test
    void qualifiedAndDisqualifiedAddUp() {
        CorrelationDefinition definition = definition("type: event_count\ncondition: {eq: 2}");
        GroupState state = new GroupState(definition, GROUP);
        List<BaseMatch> matches = matches(new Random(7), 40);
        List<BaseMatch> held = new ArrayList<>();
        for (BaseMatch match : matches) {
            GroupChanges changes = state.add(List.of(match));
            held.removeAll(changes.disqualified());
            held.addAll(changes.qualified());
        }
        List<BaseMatch> atOnce = new GroupState(definition, GROUP).add(matches).qualified();
        assertThat(held).containsExactlyInAnyOrderElementsOf(atOnce);
    }

    @Test
    void aLateMatchThatBreaksAnUpperBoundWithdraws() {
        CorrelationDefinition definition = definition("type: event_count\ncondition: {eq: 2}");
        GroupState state = new GroupState(definition, GROUP);
        state.add(List.of(match(0, "a", 100)));
        GroupChanges second = state.add(List.of(match(0, "b", 103)));
        GroupChanges late = state.add(List.of(match(0, "c", 102)));
        assertThat(second.raised()).hasSize(1);
        // Now the window of c holds a and c, and that of b three.
        assertThat(late.raised())
                .singleElement()
                .extracting(CorrelationMatch::lastNs)
                .isEqualTo(102 * SECOND);
        GroupChanges later = state.add(List.of(match(0, "d", 101), match(0, "e", 100)));
        assertThat(later.raised())
                .singleElement()
                .extracting(CorrelationMatch::lastEventIds)
                .isEqualTo(List.of("a", "e"));
        GroupChanges last = state.add(List.of(match(0, "f", 100)));
        assertThat(last.raised()).isEmpty();
        assertThat(last.withdrawn())
                .singleElement()
                .extracting(CorrelationMatch::firstNs)
                .isEqualTo(100 * SECOND);
    }

    @Test
    void matchesThatALateOneJoinsKeepTheFirstId() {
        CorrelationDefinition definition = definition("type: event_count\ncondition: {gte: 1}");
        GroupState state = new GroupState(definition, GROUP);
        List<CorrelationMatch> two =
                state.add(List.of(match(0, "a", 100), match(0, "b", 115))).raised();
        GroupChanges late = state.add(List.of(match(0, "c", 107)));
        assertThat(two).hasSize(2);
        assertThat(late.raised())
                .singleElement()
                .satisfies(joined -> {
                    assertThat(joined.id()).isEqualTo(two.getFirst().id());
                    assertThat(joined.firstEventIds()).containsExactly("a", "c", "b");
                });
        assertThat(late.withdrawn()).containsExactly(two.getLast());
    }

    @Test
    void theWindowIsOpenAtItsBeginning() {
        CorrelationDefinition definition = definition("type: event_count\ncondition: {gte: 2}");
        assertThat(
                        GroupState.evaluate(
                                definition, GROUP, List.of(match(0, "a", 100), match(0, "b", 110))))
                .isEmpty();
        assertThat(
                        GroupState.evaluate(
                                definition, GROUP, List.of(match(0, "a", 101), match(0, "b", 110))))
                .hasSize(1);
    }

    @Test
    void refusesWhatIsTooLate() {
        CorrelationDefinition definition = definition("type: event_count\ncondition: {gte: 1}");
        GroupState state = new GroupState(definition, GROUP);
        state.add(List.of(match(0, "a", 100)));
        state.close(95 * SECOND);
        BaseMatch late = match(0, "b", 94);
        assertThat(state.add(List.of(late)).tooLate()).containsExactly(late);
        assertThat(state.add(List.of(match(0, "c", 95))).tooLate()).isEmpty();
    }

    @Test
    void aLongMatchIsCountedWithoutKeepingIt() {
        CorrelationDefinition definition = definition("type: event_count\ncondition: {gte: 2}");
        GroupState state = new GroupState(definition, GROUP);
        List<CorrelationMatch> raised = List.of();
        for (int i = 0; i < 1000; i++) {
            state.close((99 + i) * SECOND);
            raised = state.add(List.of(match(0, "id" + i, 100 + i))).raised();
        }
        assertThat(raised)
                .singleElement()
                .satisfies(match -> {
                    assertThat(match.events()).isEqualTo(1000);
                    assertThat(match.firstEventIds()).hasSize(10).startsWith("id0", "id1");
                    assertThat(match.lastEventIds()).hasSize(10).endsWith("id998", "id999");
                });
        assertThat(state.size()).isLessThanOrEqualTo(12);
        assertThat(GroupStateFormat.write(state).length).isLessThan(500);
    }

    @Test
    void refusesBytesThatAreNotAState() {
        CorrelationDefinition definition = definition("type: event_count\ncondition: {gte: 2}");
        GroupState state = new GroupState(definition, GROUP);
        state.add(List.of(match(0, "a", 1), match(1, "ab", 2)));
        byte[] bytes = GroupStateFormat.write(state);
        assertThatThrownBy(() ->
                        GroupStateFormat.read(
                                definition, GROUP, Arrays.copyOf(bytes, bytes.length - 3)))
                .isInstanceOf(IllegalArgumentException.class);
        bytes[0] = 9;
        assertThatThrownBy(() -> GroupStateFormat.read(definition, GROUP, bytes))
                .hasMessageContaining("unknown version 9");
    }

    /** Keeps what is raised and not withdrawn, as a store of alerts would. */
    private static final class Feed {
        private final CorrelationDefinition definition;
        private final Map<UUID, CorrelationMatch> held = new LinkedHashMap<>();
        private final List<CorrelationGraph.Inner> beginnings = new ArrayList<>();
        private GroupState state;

        private long newestNs = Long.MIN_VALUE;

        Feed(CorrelationDefinition definition) {
            this.definition = definition;
            state = new GroupState(definition, GROUP);
        }

        /** Nothing comes that is this much older than the newest. */
        void closeUntil(long latenessNs) {
            state.close(newestNs - latenessNs);
        }

        void take(List<BaseMatch> portion) {
            change(portion, List.of());
        }

        void change(List<BaseMatch> added, List<BaseMatch> removed) {
            added.forEach(match -> newestNs = Math.max(newestNs, match.timeNs()));
            GroupChanges changes = state.change(added, removed);
            assertThat(changes.tooLate()).isEmpty();
            changes.withdrawn().forEach(match -> assertThat(held.remove(match.id())).isNotNull());
            changes.raised().forEach(match -> held.put(match.id(), match));
            changes.ended().forEach(inner -> assertThat(beginnings.remove(inner)).isTrue());
            beginnings.addAll(changes.begun());
        }

        void restart() {
            state = GroupStateFormat.read(definition, GROUP, GroupStateFormat.write(state));
        }

        List<CorrelationMatch> held() {
            return held.values().stream()
                    .sorted(Comparator.comparingLong(CorrelationMatch::firstNs))
                    .toList();
        }
    }

    private static BaseMatch match(int rule, String eventId, long seconds) {
        return new BaseMatch(rule, eventId, seconds * SECOND, List.of("1"), Map.of());
    }

    /** Some share a moment, some are of one event that met two rules. */
    private static List<BaseMatch> matches(Random random, int size) {
        List<BaseMatch> matches = new ArrayList<>();
        long time = 1_700_000_000L * SECOND;
        for (int i : IntStream.range(0, size).toArray()) {
            time += random.nextInt(3) == 0 ? 0 : random.nextInt(8) * SECOND;
            String value = Integer.toString(1 + random.nextInt(5));
            String id = "agent/spool/" + i;
            int rule = random.nextInt(3);
            matches.add(new BaseMatch(rule, id, time, List.of(value), Map.of("User", value)));
            if (random.nextInt(6) == 0) {
                matches.add(
                        new BaseMatch(
                                (rule + 1) % 3, id, time, List.of(value), Map.of("User", value)));
            }
        }
        return matches;
    }

    static CorrelationDefinition definition(String condition) {
        String text =
                """
                title: Case
                correlation:
                    rules: [one, two, three]
                    group-by: [Computer, User]
                    timespan: 10s
                """
                        + condition.indent(4);
        SigmaDocument document = new SigmaParser().parse(text).getFirst();
        if (document instanceof SigmaDocument.Correlation correlation) {
            SigmaCorrelation read = correlation.correlation();
            return CorrelationDefinition.of("c0ffee00-0000-4000-8000-000000000001", read);
        }
        throw new AssertionError(document + "\n" + text);
    }
}
