package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagDescription;

class TagsTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Ec2Client ec2 = SANDBOX.ec2();

    @Test
    void createsReadsAndDeletesTags() {
        ec2.createTags(r -> r.resources(Seeded.WEB, Seeded.WEB_ENI).tags(tag("Isolated", "yes")));

        assertThat(describe("key", "Isolated"))
                .extracting(TagDescription::resourceType)
                .containsExactlyInAnyOrder(ResourceType.INSTANCE, ResourceType.NETWORK_INTERFACE);

        ec2.deleteTags(r -> r.resources(Seeded.WEB).tags(tag("Isolated", "no")));
        assertThat(describe("key", "Isolated")).as("another value stays").hasSize(2);
        ec2.deleteTags(r -> r.resources(Seeded.WEB).tags(t -> t.key("Isolated")));
        assertThat(describe("key", "Isolated")).hasSize(1);
    }

    @Test
    void escapesWhatXmlReserves() {
        ec2.createTags(r -> r.resources(Seeded.WEB).tags(tag("Note", "<a & \"b\">")));

        assertThat(describe("key", "Note").getFirst().value()).isEqualTo("<a & \"b\">");
    }

    @Test
    void refusesBadTags() {
        refused(() -> put(tag("aws:owner", "x")), "InvalidParameterValue");
        refused(() -> put(tag("Key", "x".repeat(257))), "InvalidParameterValue");
        refused(
                () ->
                        put(
                                IntStream.range(0, 51)
                                        .mapToObj(i -> tag("k" + i, ""))
                                        .toArray(Tag[]::new)),
                "TagLimitExceeded");
        refused(
                () -> ec2.createTags(r -> r.resources("i-00000000000000000").tags(tag("Key", "x"))),
                "InvalidInstanceID.NotFound");
        refused(() -> ec2.createTags(r -> r.resources("thing").tags(tag("Key", "x"))), "InvalidID");
    }

    private void put(Tag... tags) {
        ec2.createTags(r -> r.resources(Seeded.WEB).tags(tags));
    }

    private List<TagDescription> describe(String filter, String value) {
        return ec2.describeTags(r -> r.filters(f -> f.name(filter).values(value))).tags();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
