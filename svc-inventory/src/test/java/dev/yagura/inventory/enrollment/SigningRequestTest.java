package dev.yagura.inventory.enrollment;

import static dev.yagura.inventory.Enrolling.newKey;
import static dev.yagura.inventory.Enrolling.signingRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SigningRequestTest {

    @Test
    void takesP256AndP384() throws Exception {
        KeyPair p256 = newKey();
        assertThat(SigningRequest.parse(signingRequest(p256, p256, "SHA256withECDSA")).publicKey())
                .isEqualTo(p256.getPublic());
        KeyPair p384 = curve("secp384r1");
        assertThat(
                        SigningRequest.parse(signingRequest(p384, p384, "SHA384withECDSA"))
                                .publicKeySha256())
                .matches("[0-9a-f]{64}");
    }

    @Test
    void refusesRsaOtherCurvesAndWeakSignatures() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        KeyPair weak = rsa.generateKeyPair();
        refused(signingRequest(weak, weak, "SHA256withRSA"), "RSA");
        KeyPair p521 = curve("secp521r1");
        refused(signingRequest(p521, p521, "SHA512withECDSA"), "another kind or curve");
        KeyPair p256 = newKey();
        refused(signingRequest(p256, p256, "SHA1withECDSA"), "weak algorithm");
    }

    @Test
    void refusesASignatureByAnotherKey() {
        refused(signingRequest(newKey(), newKey(), "SHA256withECDSA"), "its own key");
    }

    @Test
    void refusesGarbage() {
        byte[] good = signingRequest();
        refused(new byte[0], "bytes");
        refused(new byte[5000], "bytes");
        refused(Arrays.copyOf(good, good.length - 3), "PKCS #10");
        refused(Arrays.copyOf(good, good.length + 1), "PKCS #10");
    }

    @Test
    void everyDamagedByteIsRefusedInWords() {
        byte[] good = signingRequest();
        Random random = new Random(7);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 + random.nextInt(255));
            assertThatThrownBy(() -> SigningRequest.parse(bad))
                    .isInstanceOf(InvalidFieldException.class);
        }
    }

    private static KeyPair curve(String name) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(name));
        return generator.generateKeyPair();
    }

    private static void refused(byte[] der, String text) {
        assertThatThrownBy(() -> SigningRequest.parse(der))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("certificate_signing_request")
                .hasMessageContaining(text);
    }
}
