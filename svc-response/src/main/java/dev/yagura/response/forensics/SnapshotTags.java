package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.response.aws.SavedTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** What snapshots are tagged with: by it they are found again, and told from others. */
final class SnapshotTags {
    /** Id of the action. */
    static final String ACTION = "yagura:action";

    /** Snapshot that a copy is of. */
    static final String COPY_OF = "yagura:copy-of";

    private SnapshotTags() {}

    /** Of every snapshot of an action. */
    static Map<String, String> of(Action action) {
        Map<String, String> tags = new TreeMap<>();
        tags.put(ACTION, id(action));
        tags.put("yagura:instance", action.getTarget().getInstanceId());
        tags.put(
                "yagura:time",
                SavedTime.read(action.getCreateTime()).truncatedTo(ChronoUnit.SECONDS).toString());
        if (!action.getIncident().isEmpty()) {
            tags.put("yagura:incident", action.getIncident());
        }
        return tags;
    }

    /** Of a copy, which EC2 does not connect with its volume. */
    static Map<String, String> ofCopy(Action action, String snapshotId, String volumeId) {
        Map<String, String> tags = of(action);
        tags.put(COPY_OF, snapshotId);
        tags.put("yagura:volume", volumeId);
        return tags;
    }

    static String id(Action action) {
        return action.getName().substring(action.getName().indexOf('/') + 1);
    }

    static TagSpecification specification(Map<String, String> tags) {
        List<Tag> all =
                tags.entrySet().stream()
                        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                        .toList();
        return TagSpecification.builder().resourceType(ResourceType.SNAPSHOT).tags(all).build();
    }
}
