package dev.yagura.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate that is its own authority, for one address, with a new key. The JDK has no public
 * way to make one; RFC 5280 in DER is short.
 */
final class SelfSigned {
    private static final Duration VALIDITY = Duration.ofDays(30);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final byte[] ECDSA_WITH_SHA256 =
            sequence(bytes(0x06, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02));
    private static final byte[] COMMON_NAME = bytes(0x06, 0x55, 0x04, 0x03);
    private static final byte[] BASIC_CONSTRAINTS = bytes(0x06, 0x55, 0x1D, 0x13);
    private static final byte[] ALTERNATIVE_NAME = bytes(0x06, 0x55, 0x1D, 0x11);
    private static final byte[] TRUE = {0x01, 0x01, (byte) 0xFF};

    private final KeyPair keys;
    private final Certificate certificate;

    private SelfSigned(KeyPair keys, Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    static SelfSigned of(InetAddress address, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] content = content(keys, address, now);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(content);
            byte[] certificate = sequence(content, ECDSA_WITH_SHA256, bits(signature.sign()));
            return new SelfSigned(
                    keys,
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(certificate)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ECDSA", e);
        }
    }

    /** TBSCertificate. */
    private static byte[] content(KeyPair keys, InetAddress address, Instant now) {
        byte[] name =
                sequence(
                        element(
                                0x31,
                                sequence(
                                        COMMON_NAME, element(0x0C, "sandbox".getBytes(US_ASCII)))));
        byte[] constraints = sequence(BASIC_CONSTRAINTS, TRUE, element(0x04, sequence(TRUE)));
        byte[] names =
                sequence(
                        ALTERNATIVE_NAME,
                        element(0x04, sequence(element(0x87, address.getAddress()))));
        return sequence(
                element(0xA0, element(0x02, new byte[] {2})),
                element(0x02, BigInteger.valueOf(now.toEpochMilli()).toByteArray()),
                ECDSA_WITH_SHA256,
                name,
                sequence(time(now.minus(Duration.ofMinutes(5))), time(now.plus(VALIDITY))),
                name,
                keys.getPublic().getEncoded(),
                element(0xA3, sequence(constraints, names)));
    }

    private static byte[] time(Instant instant) {
        return element(0x18, TIME.format(instant).getBytes(US_ASCII));
    }

    private static byte[] bits(byte[] content) {
        byte[] padded = new byte[content.length + 1];
        System.arraycopy(content, 0, padded, 1, content.length);
        return element(0x03, padded);
    }

    /** An object identifier: its tag, and its content. */
    private static byte[] bytes(int tag, int... content) {
        byte[] all = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            all[i] = (byte) content[i];
        }
        return element(tag, all);
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return element(0x30, all.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.length > 0xFF) {
            all.write(0x82);
            all.write(content.length >> Byte.SIZE);
        } else if (content.length > 0x7F) {
            all.write(0x81);
        }
        all.write(content.length);
        all.writeBytes(content);
        return all.toByteArray();
    }

    SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] none = new char[0];
            store.setKeyEntry("key", keys.getPrivate(), none, new Certificate[] {certificate});
            KeyManagerFactory managers =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, none);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** PEM in base64, as EKS tells it. */
    String authority() {
        try {
            String pem =
                    "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                            .formatted(
                                    Base64.getMimeEncoder(64, new byte[] {'\n'})
                                            .encodeToString(certificate.getEncoded()));
            return Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it was read from its encoding", e);
        }
    }
}
