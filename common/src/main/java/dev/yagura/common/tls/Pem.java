package dev.yagura.common.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** PEM text (RFC 7468) of certificates and EC private keys. */
public final class Pem {
    private static final Base64.Encoder MIME =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Pem() {}

    public static String encode(Collection<X509Certificate> chain) {
        return chain.stream()
                .map(certificate -> {
                    try {
                        return block("CERTIFICATE", certificate.getEncoded());
                    } catch (GeneralSecurityException e) {
                        throw new IllegalArgumentException("certificate without encoding", e);
                    }
                })
                .collect(Collectors.joining());
    }

    public static String encode(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    public static List<X509Certificate> readCertificates(Path file) throws IOException {
        try {
            return certificates(Files.readAllBytes(file));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no PEM certificate", e);
        }
    }

    /** Certificates in PEM or concatenated DER. */
    public static List<X509Certificate> certificates(byte[] content)
            throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(content))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** Reads an EC key in PKCS #8. */
    public static PrivateKey readPrivateKey(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        String body = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " holds no EC private key in PKCS #8 PEM", e);
        }
    }

    /** Writes a file that only its owner can read, whatever was there before. */
    public static void writePrivate(Path file, String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content, StandardOpenOption.WRITE);
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + MIME.encodeToString(content)
                + "\n-----END "
                + label
                + "-----\n";
    }
}
