package dev.yagura.inventory.reconcile;

import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.type.v1.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;

/**
 * Which role a task definition gives to the containers of its tasks. A revision never changes: each
 * is asked for once, as long as it is remembered. No failure here fails or delays a reading of
 * tasks: after one, the scope is left alone for a while.
 */
final class TaskRoles {
    static final Duration REST = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(TaskRoles.class);
    private static final int REMEMBERED = 10_000;

    private final Clock clock;
    private final Map<Scope, Instant> resting = new ConcurrentHashMap<>();
    private final Map<String, String> known =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(16, 0.75f, true) {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                            return size() > REMEMBERED;
                        }
                    });

    TaskRoles(Clock clock) {
        this.clock = clock;
    }

    /**
     * ARNs of roles by the ARN of the definition: empty for one that gives none; one that could not
     * be read is not among them.
     */
    Map<String, String> of(EcsClient ecs, Scope scope, Collection<String> definitions) {
        Map<String, String> roles = new HashMap<>();
        for (String definition : definitions) {
            String role = known.get(definition);
            if (role == null && !isResting(scope)) {
                role = ask(ecs, scope, definition);
            }
            if (role != null) {
                roles.put(definition, role);
            }
        }
        return roles;
    }

    private boolean isResting(Scope scope) {
        return clock.instant().isBefore(resting.getOrDefault(scope, Instant.MIN));
    }

    private @Nullable String ask(EcsClient ecs, Scope scope, String definition) {
        try {
            String role =
                    Objects.requireNonNullElse(
                            ecs.describeTaskDefinition(
                                            request -> request.taskDefinition(definition))
                                    .taskDefinition()
                                    .taskRoleArn(),
                            "");
            known.put(definition, role);
            return role;
        } catch (ClientException e) {
            // ECS has an answer, of this one only.
            warn(definition, e);
        } catch (SdkException e) {
            resting.put(scope, clock.instant().plus(REST));
            warn(definition, e);
        }
        return null;
    }

    private static void warn(String definition, SdkException error) {
        LOG.atWarn()
                .addKeyValue(LogKeys.KEY, definition)
                .addKeyValue(LogKeys.REASON, String.valueOf(error.getMessage()))
                .log("cannot read a task definition; new tasks are kept without their role");
    }
}
