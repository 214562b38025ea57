package dev.yagura.response.credentials;

import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.AwsErrors;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;

/**
 * Where the sessions of an instance went on to: CloudTrail's AssumeRole events by them, by the
 * sessions that these made, and so on.
 *
 * @param sessions that may still be valid, oldest lookup first
 * @param gap why there may be more; empty when CloudTrail told all that it knew
 */
record ChainedSessions(List<Session> sessions, Optional<String> gap) {
    /** AWS lets a session that came of another one live for no longer. */
    private static final Duration LIFE = Duration.ofHours(1);

    /** An instance's own sessions live for six hours, and a chain of them is an hour a link. */
    private static final Duration LOOKED_BACK = Duration.ofHours(12);

    private static final int MOST = 50;
    private static final int PAGES = 20;
    private static final String ASSUME_ROLE = "AssumeRole";

    ChainedSessions {
        sessions = List.copyOf(sessions);
    }

    /**
     * A session of a role.
     *
     * @param roleArn with its path
     * @param assumedRoleId "AROA…:session name"
     */
    record Session(String roleArn, String assumedRoleId) {}

    /**
     * Asks CloudTrail. Never fails: a containment does not depend on it.
     *
     * @param trails of the regions that are asked
     */
    static ChainedSessions find(
            List<CloudTrailClient> trails,
            Scope scope,
            String roleName,
            String instanceId,
            Instant now) {
        String first =
                "arn:%s:sts::%s:assumed-role/%s/%s"
                        .formatted(
                                scope.getPartition(), scope.getAccountId(), roleName, instanceId);
        return new Search(trails, now).from(instanceId, first);
    }

    /** One search; a session that assumes its own role again is looked at once. */
    private static final class Search {
        private final List<CloudTrailClient> trails;
        private final Instant now;
        private final Set<String> seenKeys = new HashSet<>();
        private final Set<Session> found = new HashSet<>();
        private final List<Session> sessions = new ArrayList<>();
        private final Deque<String> keys = new ArrayDeque<>();
        private String gap = "";

        Search(List<CloudTrailClient> trails, Instant now) {
            this.trails = trails;
            this.now = now;
        }

        ChainedSessions from(String instanceId, String sessionArn) {
            // A session that an instance got has the instance's id for a name.
            lookEverywhere(LookupAttributeKey.USERNAME, instanceId, sessionArn);
            while (!keys.isEmpty() && seenKeys.size() <= MOST) {
                lookEverywhere(LookupAttributeKey.ACCESS_KEY_ID, keys.remove(), "");
            }
            if (!keys.isEmpty()) {
                gap = "more than " + MOST + " sessions came of it";
            }
            return new ChainedSessions(
                    sessions, gap.isEmpty() ? Optional.empty() : Optional.of(gap));
        }

        /** A region that does not answer leaves a gap, and the others are asked all the same. */
        private void lookEverywhere(LookupAttributeKey key, String value, String callerArn) {
            for (CloudTrailClient trail : trails) {
                try {
                    look(trail, key, value, callerArn);
                } catch (SdkException e) {
                    gap = "CloudTrail could not be asked (" + AwsErrors.text(e) + ")";
                }
            }
        }

        private void look(
                CloudTrailClient trail, LookupAttributeKey key, String value, String callerArn) {
            int pages = 0;
            for (var answer :
                    trail.lookupEventsPaginator(request ->
                            request.startTime(now.minus(LOOKED_BACK))
                                    .lookupAttributes(attribute ->
                                            attribute.attributeKey(key).attributeValue(value)))) {
                answer.events().stream()
                        .filter(event -> ASSUME_ROLE.equals(event.eventName()))
                        .forEach(event -> take(event, callerArn));
                pages++;
                if (pages == PAGES) {
                    gap = "CloudTrail has more events of " + value + " than are looked through";
                    return;
                }
            }
        }

        private void take(Event event, String callerArn) {
            JsonObject record = record(event);
            String caller = text(record, "userIdentity", "arn");
            String role = text(record, "requestParameters", "roleArn");
            String session = text(record, "responseElements", "assumedRoleUser", "assumedRoleId");
            String key = text(record, "responseElements", "credentials", "accessKeyId");
            boolean made = !role.isEmpty() && !session.isEmpty() && !key.isEmpty();
            if (!made || (!callerArn.isEmpty() && !callerArn.equals(caller))) {
                return;
            }
            if (seenKeys.add(key)) {
                keys.add(key);
            }
            Session next = new Session(role, session);
            if (event.eventTime().isAfter(now.minus(LIFE)) && found.add(next)) {
                sessions.add(next);
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

    /** ARNs of their roles, each once. */
    Stream<String> roles() {
        return sessions.stream().map(Session::roleArn).distinct();
    }

    List<String> idsOf(String roleArn) {
        return sessions.stream()
                .filter(session -> session.roleArn().equals(roleArn))
                .map(Session::assumedRoleId)
                .distinct()
                .sorted()
                .toList();
    }
}
