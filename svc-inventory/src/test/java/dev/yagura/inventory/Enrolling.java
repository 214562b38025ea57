package dev.yagura.inventory;

import com.google.protobuf.ByteString;
import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.CreateEnrollmentTokenRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Channel;
import java.security.KeyPair;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Tokens and enrolments as clients make them. */
public final class Enrolling {
    private Enrolling() {}

    public static Scope scope(String account) {
        return Scope.newBuilder()
                .setPartition("aws")
                .setAccountId(account)
                .setRegion("ap-northeast-1")
                .build();
    }

    public static String token(Channel admin, Scope scope, int maxUses) {
        return AgentServiceGrpc.newBlockingStub(admin)
                .createEnrollmentToken(
                        CreateEnrollmentTokenRequest.newBuilder()
                                .setScope(scope)
                                .setMaxUses(maxUses)
                                .build())
                .getSecret();
    }

    public static byte[] signingRequest(KeyPair pair, KeyPair signer, String algorithm) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(
                            new X500Principal("CN=ignored"), pair.getPublic())
                    .build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()))
                    .getEncoded();
        } catch (Exception e) {
            throw new IllegalStateException("cannot make a signing request", e);
        }
    }

    public static byte[] signingRequest() {
        KeyPair pair = newKey();
        return signingRequest(pair, pair, "SHA256withECDSA");
    }

    public static KeyPair newKey() {
        try {
            return CertificateAuthority.newKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static EnrollAgentRequest request(String token, byte[] csr, String instance) {
        return EnrollAgentRequest.newBuilder()
                .setToken(token)
                .setCertificateSigningRequest(ByteString.copyFrom(csr))
                .setDevice(Device.newBuilder().setInstanceId(instance).setHostname("web-1"))
                .setVersion("1.0")
                .build();
    }

    public static EnrollAgentResponse enroll(Channel anonymous, EnrollAgentRequest request) {
        return AgentServiceGrpc.newBlockingStub(anonymous).enrollAgent(request);
    }
}
