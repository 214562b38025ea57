package dev.yagura.response;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.MotoFixture;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.regions.Region;

/** The service with an account of an emulator that is not ours, empty at first. */
final class MotoAccount implements BeforeAllCallback, AfterAllCallback {
    static final Scope SCOPE =
            Scope.newBuilder()
                    .setPartition("aws")
                    .setAccountId("123456789012")
                    .setRegion("ap-northeast-1")
                    .build();

    private final MotoFixture moto = new MotoFixture();
    private final Map<String, String> settings;
    private @Nullable TestService service;

    private MotoAccount(Map<String, String> settings) {
        this.settings = settings;
    }

    /**
     * Runs for a test class.
     *
     * @param settings more keys, or other values
     */
    static MotoAccount with(Map<String, String> settings) {
        return new MotoAccount(settings);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        moto.beforeAll(context);
        Map<String, String> all = new HashMap<>(settings);
        all.put("yagura.response.aws.endpoint", moto.endpoint().toString());
        service = TestService.with(all);
        service.beforeAll(context);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (service != null) {
            service.afterAll(context);
        }
    }

    TestResponder responder() {
        if (service == null) {
            throw new IllegalStateException("register the account with @RegisterExtension static");
        }
        return TestResponder.of(service);
    }

    /** In the account's region. */
    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder) {
        return client(builder, Region.of(SCOPE.getRegion()));
    }

    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, Region region) {
        return TestParts.client(
                builder, moto.endpoint(), region, AwsBasicCredentials.create("any", "any"));
    }

    static ActionTarget target(String instanceId) {
        return ActionTarget.newBuilder().setScope(SCOPE).setInstanceId(instanceId).build();
    }
}
