package dev.yagura.common.tls;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Bytes that a service signed with the key of its certificate, for whoever gets them through
 * others. ECDSA with SHA-256 over the purpose, a zero byte and the content: what was signed for one
 * purpose is good for no other, a TLS handshake included.
 *
 * @param chain of the key, DER, leaf first
 */
public record SignedBytes(ByteString content, ByteString signature, List<ByteString> chain) {
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final int LONGEST_CHAIN = 8;

    public SignedBytes {
        chain = List.copyOf(chain);
    }

    /**
     * Signs with what the files hold now.
     *
     * @throws IOException the files cannot be read, or their key cannot sign
     */
    public static SignedBytes sign(TlsFiles files, String purpose, ByteString content)
            throws IOException {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(Pem.readPrivateKey(files.key()));
            update(signature, purpose, content);
            List<ByteString> chain = new ArrayList<>();
            for (X509Certificate each : Pem.readCertificates(files.certificate())) {
                chain.add(ByteString.copyFrom(each.getEncoded()));
            }
            return new SignedBytes(content, ByteString.copyFrom(signature.sign()), chain);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot sign with the key " + files.key(), e);
        }
    }

    /**
     * Whether a service of this name signed it for this purpose.
     *
     * @param authorities one of which its certificate must come from
     * @throws SignatureException why not, in words
     */
    public void verify(
            String purpose, String service, Collection<X509Certificate> authorities, Instant now)
            throws SignatureException {
        X509Certificate leaf = trusted(authorities, now);
        PeerIdentity signer =
                PeerIdentity.of(leaf)
                        .orElseThrow(
                                () -> new SignatureException("its certificate names no service"));
        if (!signer.equals(new PeerIdentity.Service(service))) {
            throw new SignatureException("it is signed by " + signer + ", not by " + service);
        }
        if (!isSigned(leaf.getPublicKey(), purpose)) {
            throw new SignatureException("its signature is wrong");
        }
    }

    private X509Certificate trusted(Collection<X509Certificate> authorities, Instant now)
            throws SignatureException {
        if (chain.isEmpty() || chain.size() > LONGEST_CHAIN) {
            throw new SignatureException("it has no certificate, or too many");
        }
        try {
            CertificateFactory certificates = CertificateFactory.getInstance("X.509");
            List<X509Certificate> path = new ArrayList<>();
            for (ByteString each : chain) {
                X509Certificate certificate =
                        (X509Certificate)
                                certificates.generateCertificate(
                                        new ByteArrayInputStream(each.toByteArray()));
                // An authority that is known already is not part of the way to it.
                if (!authorities.contains(certificate)) {
                    path.add(certificate);
                }
            }
            if (path.isEmpty()) {
                throw new SignatureException("its certificate is an authority's own");
            }
            PKIXParameters parameters =
                    new PKIXParameters(
                            authorities.stream()
                                    .map(each -> new TrustAnchor(each, null))
                                    .collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPath certPath = certificates.generateCertPath(path);
            CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
            return path.getFirst();
        } catch (CertPathValidatorException e) {
            throw new SignatureException(
                    "its certificate is not of the known authority, or not valid now: "
                            + e.getMessage(),
                    e);
        } catch (SignatureException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new SignatureException("its certificate cannot be read: " + e.getMessage(), e);
        }
    }

    private boolean isSigned(PublicKey key, String purpose) {
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            update(check, purpose, content);
            return check.verify(signature.toByteArray());
        } catch (GeneralSecurityException e) {
            return false; // a key of another kind, or bytes that are no signature at all
        }
    }

    private static void update(Signature signature, String purpose, ByteString content)
            throws SignatureException {
        signature.update(purpose.getBytes(StandardCharsets.UTF_8));
        signature.update((byte) 0);
        signature.update(content.asReadOnlyByteBuffer());
    }
}
