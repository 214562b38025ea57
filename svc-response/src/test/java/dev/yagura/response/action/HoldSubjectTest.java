package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.type.v1.Scope;
import org.junit.jupiter.api.Test;

class HoldSubjectTest {
    private static final ActionKind KEY = ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY;

    @Test
    void whatIsOfIamIsTheSameInEveryRegion() {
        ActionTarget tokyo = key("ap-northeast-1", "AKIAIOSFODNN7EXAMPLE");

        assertThat(HoldSubject.of(KEY, tokyo))
                .isEqualTo(HoldSubject.of(KEY, key("eu-west-1", "AKIAIOSFODNN7EXAMPLE")))
                .isNotEqualTo(HoldSubject.of(KEY, key("ap-northeast-1", "AKIAIOSFODNN8EXAMPLE")));
    }

    @Test
    void anInstanceIsInItsRegion() {
        ActionTarget tokyo = instance("ap-northeast-1");

        assertThat(HoldSubject.of(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, tokyo))
                .isNotEqualTo(
                        HoldSubject.of(
                                ActionKind.ACTION_KIND_ISOLATE_INSTANCE, instance("eu-west-1")));
    }

    private static ActionTarget key(String region, String id) {
        return ActionTarget.newBuilder().setScope(scope(region)).setAccessKeyId(id).build();
    }

    private static ActionTarget instance(String region) {
        return ActionTarget.newBuilder()
                .setScope(scope(region))
                .setInstanceId("i-0123456789abcdef0")
                .build();
    }

    private static Scope scope(String region) {
        return Scope.newBuilder()
                .setPartition("aws")
                .setAccountId("111122223333")
                .setRegion(region)
                .build();
    }
}
