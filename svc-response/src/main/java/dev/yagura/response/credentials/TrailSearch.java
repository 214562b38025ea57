package dev.yagura.response.credentials;

import dev.yagura.common.aws.Together;
import dev.yagura.response.aws.AwsErrors;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;

/**
 * One search through CloudTrail: the AssumeRole events by the sessions of an instance, by the
 * sessions that these made, and so on. It never fails, and ends in bounded time: AWS allows two
 * lookups a second in a region. What it did not learn is a gap.
 */
final class TrailSearch {
    /** AWS lets a session that came of another one live for no longer. */
    private static final Duration LIFE = Duration.ofHours(1);

    /** An instance's own sessions live for six hours, and a chain of them is an hour a link. */
    private static final Duration LOOKED_BACK = Duration.ofHours(12);

    /** As long as one call of any API may take: the runner's lease outlasts it. */
    private static final Duration LONGEST_LOOKUP = Duration.ofSeconds(20);

    private static final int MOST_FOLLOWED = 50;
    private static final int PAGES = 20;
    private static final String ASSUME_ROLE = "AssumeRole";
    private static final String SILENT = "it did not answer in time";

    private final List<CloudTrailClient> answering;
    private final Clock clock;
    private final Patience patience;
    private final Instant begun;
    private final Set<String> seenKeys = new HashSet<>();
    private final Deque<String> keys = new ArrayDeque<>();
    private final Set<ChainedSessions.Session> sessions = new LinkedHashSet<>();
    private final Set<String> gaps = new LinkedHashSet<>();

    /**
     * How long CloudTrail is waited for.
     *
     * @param answer one answer; a region that gives none within it is not asked again
     * @param all everything
     */
    record Patience(Duration answer, Duration all) {}

    /**
     * What one region told.
     *
     * @param gap why it may have more; empty when it told all that it knew
     * @param silent it does not answer, or refuses
     */
    private record Told(CloudTrailClient trail, List<Event> events, String gap, boolean silent) {}

    /**
     * @param trails of the regions that are asked, at the same time
     */
    TrailSearch(List<CloudTrailClient> trails, Clock clock, Patience patience) {
        this.answering = new ArrayList<>(trails);
        this.clock = clock;
        this.patience = patience;
        this.begun = clock.instant();
    }

    /**
     * Looks, once.
     *
     * @param sessionArn of the instance's own sessions
     * @param step gets what was found so far, after each lookup
     */
    ChainedSessions from(String instanceId, String sessionArn, Consumer<ChainedSessions> step) {
        // A session that an instance got has the instance's id for a name.
        look(LookupAttributeKey.USERNAME, instanceId, sessionArn);
        step.accept(found());
        for (int followed = 0; !keys.isEmpty(); followed++) {
            if (followed == MOST_FOLLOWED || answering.isEmpty() || remaining().isEmpty()) {
                gaps.add(
                        "whether %d of the sessions that came of it went on was not looked up"
                                .formatted(keys.size()));
                break;
            }
            look(LookupAttributeKey.ACCESS_KEY_ID, keys.remove(), "");
            step.accept(found());
        }
        return found();
    }

    private ChainedSessions found() {
        return new ChainedSessions(
                List.copyOf(sessions),
                gaps.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", gaps)));
    }

    /** A region that does not answer leaves a gap, and the others are asked all the same. */
    private void look(LookupAttributeKey key, String value, String callerArn) {
        List<Supplier<Told>> asked =
                answering.stream()
                        .<Supplier<Told>>map(trail -> () -> ask(trail, key, value))
                        .toList();
        for (Told told : Together.all(asked)) {
            if (!told.gap().isEmpty()) {
                gaps.add(told.gap());
            }
            if (told.silent()) {
                answering.remove(told.trail());
            }
            told.events().stream()
                    .filter(event -> ASSUME_ROLE.equals(event.eventName()))
                    .forEach(event -> take(event, callerArn));
        }
    }

    /** Page by page; what came before a failure counts. */
    private Told ask(CloudTrailClient trail, LookupAttributeKey key, String value) {
        List<Event> events = new ArrayList<>();
        Instant end = clock.instant().plus(LONGEST_LOOKUP);
        try {
            @Nullable String token = null;
            for (int page = 0; page < PAGES; page++) {
                Optional<Duration> wait = remaining();
                if (wait.isEmpty() || !clock.instant().isBefore(end)) {
                    return new Told(trail, events, "CloudTrail had no time to tell all", false);
                }
                LookupEventsResponse answer = page(trail, key, value, token, wait.get());
                events.addAll(answer.events());
                token = answer.nextToken();
                if (token == null || token.isEmpty()) {
                    return new Told(trail, events, "", false);
                }
            }
            return new Told(
                    trail,
                    events,
                    "CloudTrail has more events of " + value + " than are looked through",
                    false);
        } catch (SdkException e) {
            return new Told(
                    trail,
                    events,
                    "CloudTrail could not be asked (" + text(e) + ")",
                    !isThrottled(e));
        }
    }

    private LookupEventsResponse page(
            CloudTrailClient trail,
            LookupAttributeKey key,
            String value,
            @Nullable String token,
            Duration wait) {
        return trail.lookupEvents(request ->
                request.startTime(begun.minus(LOOKED_BACK))
                        .lookupAttributes(
                                attribute -> attribute.attributeKey(key).attributeValue(value))
                        .nextToken(token)
                        .overrideConfiguration(override -> override.apiCallTimeout(wait)));
    }

    /** How long the next answer is waited for; empty when the time is over. */
    private Optional<Duration> remaining() {
        Duration left = Duration.between(clock.instant(), begun.plus(patience.all()));
        if (!left.isPositive()) {
            return Optional.empty();
        }
        return Optional.of(left.compareTo(patience.answer()) < 0 ? left : patience.answer());
    }

    /** The SDK's own words have the milliseconds, which are others each time. */
    private static String text(SdkException error) {
        return switch (error) {
            case ApiCallTimeoutException over -> SILENT;
            case ApiCallAttemptTimeoutException over -> SILENT;
            default -> AwsErrors.text(error);
        };
    }

    private static boolean isThrottled(SdkException error) {
        return error instanceof AwsServiceException service && service.isThrottlingException();
    }

    /** A session that assumes its own role again is looked at once. */
    private void take(Event event, String callerArn) {
        JsonObject record = record(event);
        String caller = text(record, "userIdentity", "arn");
        String role = text(record, "requestParameters", "roleArn");
        String session = text(record, "responseElements", "assumedRoleUser", "assumedRoleId");
        String key = text(record, "responseElements", "credentials", "accessKeyId");
        boolean made = Stream.of(role, session, key).noneMatch(String::isEmpty);
        if (!made || (!callerArn.isEmpty() && !callerArn.equals(caller))) {
            return;
        }
        if (seenKeys.add(key)) {
            keys.add(key);
        }
        if (event.eventTime().isAfter(begun.minus(LIFE))) {
            sessions.add(new ChainedSessions.Session(role, session));
        }
    }

    /** An event of a form that nobody knows tells of no session. */
    private static JsonObject record(Event event) {
        try (JsonReader reader = Json.createReader(new StringReader(event.cloudTrailEvent()))) {
            return reader.readObject();
        } catch (JsonException e) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
    }

    /** Empty where it is not; responseElements of a call that failed is null. */
    private static String text(JsonObject record, String... path) {
        JsonValue value = record;
        for (String name : path) {
            value =
                    value instanceof JsonObject object
                            ? object.getOrDefault(name, JsonValue.NULL)
                            : JsonValue.NULL;
        }
        return value instanceof JsonString text ? text.getString() : "";
    }
}
