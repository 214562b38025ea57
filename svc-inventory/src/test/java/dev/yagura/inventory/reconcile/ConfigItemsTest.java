package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigItemsTest {
    private static final String VOLUME =
            """
            {"resourceId": "vol-1", "resourceName": "data", "arn": "arn:aws:ec2:r:1:volume/vol-1",
             "availabilityZone": "eu-west-1a", "configurationItemStatus": "OK",
             "configurationItemCaptureTime": "2026-05-01T10:00:00.123Z",
             "resourceCreationTime": "2026-04-01T10:00:00.000Z",
             "tags": [{"key": "owner", "value": "web", "tag": "owner=web"}],
             "relationships": [
               {"relationshipName": "Is attached to Instance", "resourceType": "AWS::EC2::Instance",
                "resourceId": "i-1"},
               {"name": "Is associated with ", "resourceType": "AWS::AutoScaling::AutoScalingGroup",
                "resourceName": "web"},
               {"relationshipName": "Is attached to Instance", "resourceType": "AWS::EC2::Instance",
                "resourceId": "i-1"}],
             "configuration": {"size": 8, "encrypted": true}}
            """;

    @Test
    void itemIsWhatTheQuerySays() {
        Observation seen = ConfigItems.observation(VOLUME).orElseThrow();
        assertThat(seen.nativeId()).isEqualTo("vol-1");
        assertThat(seen.time()).isEqualTo(Instant.parse("2026-05-01T10:00:00.123Z"));
        assertThat(seen.configuration()).contains("{\"size\":8,\"encrypted\":true}");
        Asset asset = seen.description();
        assertThat(asset.getResourceName()).isEqualTo("data");
        assertThat(asset.getArn()).endsWith("volume/vol-1");
        assertThat(asset.getAvailabilityZone()).isEqualTo("eu-west-1a");
        assertThat(asset.getTagsMap()).containsEntry("owner", "web");
        assertThat(asset.getCaptureTime().getSeconds()).isEqualTo(seen.time().getEpochSecond());
        assertThat(asset.getRelationsList())
                .extracting(AssetRelation::getNativeId)
                .containsExactly("web", "i-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded"})
    void itemOfWhatIsNotRecordedOrGoneSaysNothing(String status) {
        assertThat(ConfigItems.observation(VOLUME.replace("\"OK\"", '"' + status + '"'))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "{}",
                "{\"resourceId\": \"vol-1\"}",
                "{\"configurationItemCaptureTime\": \"2026-05-01T10:00:00Z\"}",
                "{\"resourceId\": \"vol-1\", \"configurationItemCaptureTime\": \"noon\"}"
            })
    void itemWithoutIdOrTimeIsRefused(String item) {
        assertThatThrownBy(() -> ConfigItems.observation(item))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsTooLongIsLeftOutAndSaid() {
        String relations =
                IntStream.range(0, 1005)
                        .mapToObj("{\"resourceType\": \"T\", \"resourceId\": \"%d\"}"::formatted)
                        .collect(Collectors.joining(","));
        Observation seen =
                ConfigItems.observation(
                                """
                                {"resourceId": "sg-1", "relationships": [%s],
                                 "configurationItemCaptureTime": "2026-05-01T10:00:00Z",
                                 "configuration": "%s"}
                                """
                                        .formatted(relations, "x".repeat(256 * 1024 + 1)))
                        .orElseThrow();
        assertThat(seen.configuration()).contains("");
        assertThat(seen.description().getOmittedConfigurationBytes()).isEqualTo(256 * 1024 + 1);
        assertThat(seen.description().getRelationsCount()).isEqualTo(1000);
        assertThat(seen.description().getOmittedRelations()).isEqualTo(5);
    }

    @Test
    void rolesAreReadInTheFirstScopeOfAnAccount() {
        var tokyo = dev.yagura.inventory.access.Scopes.parse("aws:111122223333:ap-northeast-1");
        var dublin = dev.yagura.inventory.access.Scopes.parse("aws:111122223333:eu-west-1");
        var other = dev.yagura.inventory.access.Scopes.parse("aws:444455556666:eu-west-1");
        List<AssetSet> sets = AssetSets.of(List.of(tokyo, dublin, other));
        int types = AssetSets.LIVE.size() + AssetSets.RECORDED.size() + AssetSets.LISTED.size();
        assertThat(sets).hasSize(3 * types - AssetSets.GLOBAL.size()).doesNotHaveDuplicates();
        for (String global : AssetSets.GLOBAL) {
            assertThat(sets)
                    .filteredOn(set -> set.resourceType().equals(global))
                    .extracting(AssetSet::scope)
                    .containsExactly(tokyo, other);
        }
    }
}
