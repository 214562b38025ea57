package dev.yagura.inventory.enrollment;

import static dev.yagura.inventory.AwsSignatures.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.inventory.AwsSignatures;
import dev.yagura.inventory.Enrolling;
import dev.yagura.proto.type.v1.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceProofsTest {
    private static final String ACCOUNT = "100000000031";
    private static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    private static final String REGION = SCOPE.getRegion();
    private static final String INSTANCE = "i-0123456789abcdef0";
    private static final AwsSignatures AWS = new AwsSignatures(2048);
    private static final AwsSignatures STRANGER = new AwsSignatures(2048);
    private static final byte[] NONE = {};

    @TempDir Path folder;

    @Test
    void instanceIsTheOneThatAwsSigned() throws Exception {
        byte[] signed = AWS.sign(document(ACCOUNT, REGION, INSTANCE));
        InstanceIdentity identity = new InstanceIdentity(ACCOUNT, REGION, INSTANCE);

        assertThat(proofs("required").of(SCOPE, INSTANCE, signed)).contains(identity);
        assertThat(proofs("accepted").of(SCOPE, "", signed))
                .as("whatever the host says itself")
                .contains(identity);
    }

    @Test
    void proofThatProvesNothingIsRefusedEvenWhereNoneIsNeeded() throws Exception {
        String document = document(ACCOUNT, REGION, INSTANCE);
        refused(STRANGER.sign(document), "is not signed with AWS's key");
        refused(AWS.sign(document, "SHA1withRSA", true), "weak algorithm");
        refused(AWS.sign(document, "SHA256withRSA", false), "no document in it");
        refused(changed(AWS.sign(document)), "is not signed with AWS's key");
        refused(new byte[] {1, 2, 3}, "is not PKCS #7");
        refused(new byte[9000], "9000 bytes");
        refused(AWS.sign("no JSON"), "is not PKCS #7 with a JSON document");
        refused(AWS.sign("{\"accountId\": \"1\"}"), "has no region");
    }

    @Test
    void documentOfAnotherAccountRegionOrInstanceIsRefused() throws Exception {
        refused(
                AWS.sign(document("999999999999", REGION, INSTANCE)),
                "is of account 999999999999",
                "the token of " + ACCOUNT);
        refused(AWS.sign(document(ACCOUNT, "eu-west-1", INSTANCE)), "region eu-west-1");
        refused(
                AWS.sign(document(ACCOUNT, REGION, "i-0ffffffffffffffff")),
                "device.instance_id",
                "AWS says i-0ffffffffffffffff");
    }

    @Test
    void unprovenInstanceIsTakenOrRefusedAsItIsSet() throws Exception {
        assertThat(proofs("accepted").of(SCOPE, INSTANCE, NONE)).isEmpty();
        assertThat(proofs("required").of(SCOPE, "", NONE))
                .as("a host outside EC2 cannot have one")
                .isEqualTo(Optional.empty());
        InstanceProofs required = proofs("required");
        assertThatThrownBy(() -> required.of(SCOPE, INSTANCE, NONE))
                .isInstanceOf(PreconditionFailedException.class)
                .hasMessageContaining(INSTANCE)
                .hasMessageContaining("IMDSv2");

        Scope elsewhere = SCOPE.toBuilder().setRegion("eu-west-1").build();
        byte[] signed = AWS.sign(document(ACCOUNT, "eu-west-1", INSTANCE));
        assertThat(proofs("accepted").of(elsewhere, INSTANCE, signed)).isEmpty();
        assertThatThrownBy(() -> required.of(elsewhere, INSTANCE, signed))
                .isInstanceOf(PreconditionFailedException.class)
                .hasMessageContaining("eu-west-1")
                .hasMessageContaining("identity-certificates");
    }

    @Test
    void wrongCertificatesStopTheStart() throws Exception {
        assertThatThrownBy(() -> proofs(Map.of("yagura.inventory.enrollment.proof", "required")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("identity-certificates");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        invalid(empty, "holds no certificate");
        invalid(folder.resolve("nowhere"), "nowhere");
        invalid(
                new AwsSignatures(1024).folder(folder.resolve("weak"), REGION),
                "take the one headed RSA-2048");
        Path text = Files.createDirectory(folder.resolve("text"));
        Files.writeString(text.resolve(REGION + ".pem"), "none");
        invalid(text, REGION + ".pem");
    }

    private void refused(byte[] signed, String... texts) throws Exception {
        InstanceProofs proofs = proofs("accepted");
        assertThatThrownBy(() -> proofs.of(SCOPE, INSTANCE, signed))
                .isInstanceOf(InvalidFieldException.class)
                .satisfies(error -> assertThat(error.getMessage()).contains(texts));
    }

    private static void invalid(Path certificates, String text) {
        assertThatThrownBy(() ->
                        proofs(
                                Map.of(
                                        "yagura.inventory.enrollment.identity-certificates",
                                        certificates.toString())))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(text);
    }

    /** With another account than was signed. */
    private static byte[] changed(byte[] signed) {
        String text = new String(signed, StandardCharsets.ISO_8859_1);
        return text.replace(ACCOUNT, "100000000032").getBytes(StandardCharsets.ISO_8859_1);
    }

    private InstanceProofs proofs(String policy) throws Exception {
        Path certificates = AWS.folder(folder.resolve("certificates"), REGION);
        return proofs(
                Map.of(
                        "yagura.inventory.enrollment.proof",
                        policy,
                        "yagura.inventory.enrollment.identity-certificates",
                        certificates.toString()));
    }

    private static InstanceProofs proofs(Map<String, String> settings) {
        return new InstanceProofs(IdentityConfig.from(Settings.of("yagura.inventory", settings)));
    }
}
