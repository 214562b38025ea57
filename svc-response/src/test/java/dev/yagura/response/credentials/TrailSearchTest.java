package dev.yagura.response.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.testkit.ShiftedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.CloudTrailException;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;

/** What a search makes of a CloudTrail that is slow, throttled, silent, or has much to tell. */
class TrailSearchTest {
    private static final String INSTANCE = "i-0123456789abcdef0";
    private static final String FIRST = "arn:aws:sts::111122223333:assumed-role/web/" + INSTANCE;
    private static final String ROLE = "arn:aws:iam::111122223333:role/reports";
    private static final TrailSearch.Patience MUCH =
            new TrailSearch.Patience(Duration.ofSeconds(5), Duration.ofMinutes(1));

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final ShiftedClock clock = new ShiftedClock(ahead);

    /** One region's CloudTrail, and what it was asked. */
    private record Trail(
            List<String> asked, Function<LookupEventsRequest, LookupEventsResponse> answer)
            implements CloudTrailClient {

        static Trail of(Function<LookupEventsRequest, LookupEventsResponse> answer) {
            return new Trail(new ArrayList<>(), answer);
        }

        @Override
        public LookupEventsResponse lookupEvents(LookupEventsRequest request) {
            asked.add(value(request));
            return answer.apply(request);
        }

        @Override
        public String serviceName() {
            return "cloudtrail";
        }

        @Override
        public void close() {}
    }

    @Test
    void readsEveryPageAndFollowsFiftySessions() {
        Trail trail =
                Trail.of(request ->
                        switch (value(request)) {
                            case INSTANCE ->
                                    request.nextToken() == null
                                            ? events(0, 50).nextToken("more").build()
                                            : events(50, 60).build();
                            case "KEY7" -> events(100, 101).build();
                            default -> nothing();
                        });
        List<Integer> steps = new ArrayList<>();

        ChainedSessions found =
                new TrailSearch(List.of(trail), clock, MUCH)
                        .from(INSTANCE, FIRST, step -> steps.add(step.sessions().size()));

        assertThat(found.idsOf(ROLE)).hasSize(61).contains("AROA:s59", "AROA:s100");
        assertThat(steps).hasSize(51).startsWith(60).endsWith(61);
        assertThat(trail.asked()).hasSize(52);
        assertThat(found.gap()).hasValueSatisfying(gap -> assertThat(gap).startsWith("whether 11"));
    }

    @Test
    void stopsReadingPagesThatNeverEnd() {
        Trail trail = Trail.of(request -> events(0, 1).nextToken("more").build());

        ChainedSessions found =
                new TrailSearch(List.of(trail), clock, MUCH).from(INSTANCE, FIRST, step -> {});

        assertThat(found.sessions()).hasSize(1);
        assertThat(trail.asked()).hasSize(40);
        assertThat(found.gap())
                .hasValueSatisfying(gap -> assertThat(gap).contains("more events of " + INSTANCE));
    }

    @Test
    void asksASilentRegionOnce() {
        Trail silent =
                Trail.of(request -> {
                    throw SdkClientException.create("connection reset");
                });
        Trail trail =
                Trail.of(request ->
                        value(request).equals(INSTANCE) ? events(0, 3).build() : nothing());

        ChainedSessions found =
                new TrailSearch(List.of(silent, trail), clock, MUCH)
                        .from(INSTANCE, FIRST, step -> {});

        assertThat(found.sessions()).hasSize(3);
        assertThat(silent.asked()).containsExactly(INSTANCE);
        assertThat(trail.asked()).containsExactly(INSTANCE, "KEY0", "KEY1", "KEY2");
        assertThat(found.gap()).contains("CloudTrail could not be asked (connection reset)");
    }

    @Test
    void goesOnAfterAThrottle() {
        Trail trail =
                Trail.of(request -> {
                    if (value(request).equals("KEY0")) {
                        throw throttle();
                    }
                    return value(request).equals(INSTANCE) ? events(0, 2).build() : nothing();
                });

        ChainedSessions found =
                new TrailSearch(List.of(trail), clock, MUCH).from(INSTANCE, FIRST, step -> {});

        assertThat(trail.asked()).containsExactly(INSTANCE, "KEY0", "KEY1");
        assertThat(found.gap()).hasValueSatisfying(gap -> assertThat(gap).contains("Throttling"));
    }

    @Test
    void endsWhenItsTimeIsOver() {
        Trail trail =
                Trail.of(request -> {
                    ahead.updateAndGet(shift -> shift.plusSeconds(2));
                    return value(request).equals(INSTANCE) ? events(0, 9).build() : nothing();
                });

        ChainedSessions found =
                new TrailSearch(
                                List.of(trail),
                                clock,
                                new TrailSearch.Patience(
                                        Duration.ofSeconds(5), Duration.ofSeconds(5)))
                        .from(INSTANCE, FIRST, step -> {});

        assertThat(found.sessions()).hasSize(9);
        assertThat(trail.asked()).containsExactly(INSTANCE, "KEY0", "KEY1");
        assertThat(found.gap()).hasValueSatisfying(gap -> assertThat(gap).startsWith("whether 7"));
    }

    @Test
    void leavesWhatSomebodyElseAssumed() {
        Trail trail =
                Trail.of(request ->
                        value(request).equals(INSTANCE) ? events(0, 2).build() : nothing());

        ChainedSessions found =
                new TrailSearch(List.of(trail), clock, MUCH)
                        .from(INSTANCE, FIRST.replace("/web/", "/other/"), step -> {});

        assertThat(found).isEqualTo(new ChainedSessions(List.of(), Optional.empty()));
    }

    private static String value(LookupEventsRequest request) {
        return request.lookupAttributes().getFirst().attributeValue();
    }

    private static LookupEventsResponse nothing() {
        return LookupEventsResponse.builder().events(List.of()).build();
    }

    private LookupEventsResponse.Builder events(int from, int to) {
        return LookupEventsResponse.builder()
                .events(IntStream.range(from, to).mapToObj(this::assumed).toList());
    }

    private Event assumed(int number) {
        return Event.builder()
                .eventName("AssumeRole")
                .eventTime(clock.instant())
                .cloudTrailEvent(
                        """
                        {"userIdentity":{"arn":"%s"},"requestParameters":{"roleArn":"%s"},\
                        "responseElements":{"credentials":{"accessKeyId":"KEY%d"},\
                        "assumedRoleUser":{"assumedRoleId":"AROA:s%d"}}}\
                        """
                                .formatted(FIRST, ROLE, number, number))
                .build();
    }

    private static CloudTrailException throttle() {
        return (CloudTrailException)
                CloudTrailException.builder()
                        .awsErrorDetails(
                                AwsErrorDetails.builder()
                                        .errorCode("ThrottlingException")
                                        .errorMessage("Rate exceeded")
                                        .build())
                        .build();
    }
}
