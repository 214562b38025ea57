package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource as a configuration item tells it, apart from how and when it was noticed.
 *
 * @param name where it has one that is not its id
 * @param zone its availability zone, or AWS's words for a resource that has none
 * @param created when it was made, where AWS Config knows it
 * @param configuration as the service itself describes it
 * @param supplementary what AWS Config reads by other calls of the service
 */
record Description(
        @Nullable String name,
        String arn,
        String region,
        String zone,
        @Nullable Instant created,
        Map<String, String> tags,
        List<Relationship> relationships,
        ObjectNode configuration,
        ObjectNode supplementary) {
    Description {
        relationships = List.copyOf(relationships);
    }

    /** Of a resource that AWS Config reads by one call. */
    Description(
            @Nullable String name,
            String arn,
            String region,
            String zone,
            @Nullable Instant created,
            Map<String, String> tags,
            List<Relationship> relationships,
            ObjectNode configuration) {
        this(name, arn, region, zone, created, tags, relationships, configuration, Json.object());
    }
}
