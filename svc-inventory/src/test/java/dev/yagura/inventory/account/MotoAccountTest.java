package dev.yagura.inventory.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.inventory.Enrolling;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.MotoFixture;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3control.S3ControlClient;

/** IAM and S3 Control of an AWS that we did not write. */
class MotoAccountTest {
    @RegisterExtension static final MotoFixture AWS = new MotoFixture();

    private static final Scope SCOPE = Enrolling.scope("123456789012");

    @Test
    void readsAccountThatHasNothingSetAndThenWhatIsSet() {
        AwsClients clients =
                new AwsClients(
                        new AwsConfig(
                                Optional.of(AWS.endpoint()),
                                Optional.of("YaguraInventory"),
                                Optional.empty(),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(10),
                                Duration.ofMillis(50)),
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")));
        Clock clock = Clock.systemUTC();
        try (AccountFactSource source = new AccountFactSource(clients, clock);
                IamClient iam = clients.globalClient(IamClient.builder(), SCOPE);
                S3ControlClient s3 =
                        clients.client(
                                S3ControlClient.builder()
                                        .endpointProvider(params -> endpoint(AWS.endpoint())),
                                SCOPE)) {
            AccountAnswers nothing = source.read(SCOPE);
            assertThat(nothing.failures()).isEmpty();
            assertThat(told(nothing.passwords())).isEqualTo(PasswordPolicy.STANDARD);
            assertThat(told(nothing.publicAccess())).isEqualTo(PublicAccessBlock.NONE);
            assertThat(told(nothing.root()).accessKey()).isFalse();
            assertThat(nothing.isPending()).as("moto's first answer is STARTED too").isTrue();

            iam.createUser(request -> request.userName("ana"));
            iam.createLoginProfile(request -> request.userName("ana").password("Long-enough-14!"));
            iam.createUser(request -> request.userName("robot"));
            iam.createAccessKey(request -> request.userName("robot"));
            iam.updateAccountPasswordPolicy(
                    request -> request.minimumPasswordLength(14).passwordReusePrevention(24));
            s3.putPublicAccessBlock(request ->
                    request.accountId(SCOPE.getAccountId())
                            .publicAccessBlockConfiguration(block ->
                                    block.blockPublicAcls(true)
                                            .ignorePublicAcls(true)
                                            .blockPublicPolicy(true)
                                            .restrictPublicBuckets(true)));

            AccountAnswers set = source.read(SCOPE);
            assertThat(told(set.passwords())).isEqualTo(new PasswordPolicy(true, 14, 24));
            assertThat(told(set.publicAccess()).blocksEverything()).isTrue();
            assertThat(told(set.users()))
                    .satisfiesExactlyInAnyOrder(
                            ana -> assertThat(ana).isEqualTo(user("ana", true)),
                            robot -> {
                                assertThat(robot.password()).isFalse();
                                assertThat(robot.activeKeys())
                                        .singleElement()
                                        .satisfies(made ->
                                                assertThat(made)
                                                        .isAfter(
                                                                Instant.now()
                                                                        .minus(
                                                                                Duration.ofHours(
                                                                                        1))));
                            });
            assertThat(((Answer.Told<List<IamUser>>) set.users()).observed())
                    .as("when the report was made, in moto always the same")
                    .isEqualTo("2015-02-02T20:02:02Z");
        }
    }

    private static IamUser user(String name, boolean password) {
        return new IamUser(name, password, false, List.of());
    }

    private static <T> T told(Answer<T> answer) {
        assertThat(answer).isInstanceOf(Answer.Told.class);
        return ((Answer.Told<T>) answer).value();
    }

    private static CompletableFuture<Endpoint> endpoint(URI address) {
        return CompletableFuture.completedFuture(Endpoint.builder().url(address).build());
    }
}
