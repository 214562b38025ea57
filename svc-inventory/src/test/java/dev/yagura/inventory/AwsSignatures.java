package dev.yagura.inventory;

import dev.yagura.common.tls.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Signs instance identity documents as AWS does in a region, with a key of the test's own. */
public final class AwsSignatures {
    private final KeyPair pair;
    private final X509Certificate certificate;

    public AwsSignatures(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            pair = generator.generateKeyPair();
            X500Principal name = new X500Principal("O=Amazon Web Services LLC,C=US");
            Instant now = Instant.now();
            certificate =
                    new JcaX509CertificateConverter()
                            .getCertificate(
                                    new JcaX509v3CertificateBuilder(
                                                    name,
                                                    BigInteger.ONE,
                                                    Date.from(now.minus(Duration.ofDays(1))),
                                                    Date.from(now.plus(Duration.ofDays(3650))),
                                                    name,
                                                    pair.getPublic())
                                            .build(
                                                    new JcaContentSignerBuilder("SHA256withRSA")
                                                            .build(pair.getPrivate())));
        } catch (Exception e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    /** A folder with the certificate for a region. */
    public Path folder(Path folder, String region) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(region + ".pem"), Pem.encode(List.of(certificate)));
        return folder;
    }

    public static String document(String account, String region, String instance) {
        return """
        {
          "accountId" : "%s",
          "architecture" : "x86_64",
          "imageId" : "ami-0123456789abcdef0",
          "instanceId" : "%s",
          "pendingTime" : "2026-11-01T10:00:00Z",
          "region" : "%s",
          "version" : "2017-09-30"
        }\
        """
                .formatted(account, instance, region);
    }

    /** PKCS #7 with the document in it, without certificates, as AWS sends it. */
    public byte[] sign(String document) {
        return sign(document, "SHA256withRSA", true);
    }

    public byte[] sign(String document, String algorithm, boolean attached) {
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(
                    new JcaSignerInfoGeneratorBuilder(
                                    new JcaDigestCalculatorProviderBuilder().build())
                            .build(
                                    new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()),
                                    certificate));
            return generator
                    .generate(
                            new CMSProcessableByteArray(document.getBytes(StandardCharsets.UTF_8)),
                            attached)
                    .getEncoded();
        } catch (Exception e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }
}
