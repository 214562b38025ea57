package dev.yagura.inventory.enrollment;

import dev.yagura.common.error.InvalidFieldException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A PKCS #10 request (RFC 2986) that was checked: its key is strong enough, and its sender holds
 * the private half. Nothing else of it is used.
 *
 * @param publicKeySha256 of the SubjectPublicKeyInfo, hexadecimal
 */
public record SigningRequest(PublicKey publicKey, String publicKeySha256) {
    private static final String FIELD = "certificate_signing_request";
    private static final String REMEDY =
            "send PKCS #10 in DER with an ECDSA key on P-256 or P-384, signed with SHA-256 or"
                    + " SHA-384";

    /** A request with a P-384 key and a few attributes is 400 bytes. */
    private static final int MAX_BYTES = 4096;

    private static final Set<ASN1ObjectIdentifier> CURVES =
            Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1);

    private static final Set<ASN1ObjectIdentifier> SIGNATURES =
            Set.of(
                    X9ObjectIdentifiers.ecdsa_with_SHA256,
                    X9ObjectIdentifiers.ecdsa_with_SHA384,
                    X9ObjectIdentifiers.ecdsa_with_SHA512);

    /**
     * Reads and checks.
     *
     * @throws InvalidFieldException malformed, weak key, or a signature by another key
     */
    public static SigningRequest parse(byte[] der) {
        if (der.length == 0 || der.length > MAX_BYTES) {
            throw invalid("has " + der.length + " bytes, not 1 to " + MAX_BYTES);
        }
        JcaPKCS10CertificationRequest request = read(der);
        requireStrong(request.getSubjectPublicKeyInfo());
        if (!SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())) {
            throw invalid("is signed with a weak algorithm");
        }
        try {
            PublicKey key = request.getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw invalid("is not signed by its own key");
            }
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return new SigningRequest(key, HexFormat.of().formatHex(digest));
        } catch (GeneralSecurityException | PKCSException | OperatorCreationException e) {
            throw invalid("has a key or signature that cannot be read");
        }
    }

    private static JcaPKCS10CertificationRequest read(byte[] der) {
        try {
            return new JcaPKCS10CertificationRequest(der);
        } catch (IOException | RuntimeException e) {
            // The parser answers hostile bytes with exceptions of many kinds.
            throw invalid("is not PKCS #10");
        }
    }

    private static void requireStrong(SubjectPublicKeyInfo key) {
        ASN1ObjectIdentifier algorithm = key.getAlgorithm().getAlgorithm();
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            throw invalid("has an RSA key");
        }
        ASN1Encodable curve = key.getAlgorithm().getParameters();
        if (!algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)
                || !(curve instanceof ASN1ObjectIdentifier named)
                || !CURVES.contains(named)) {
            throw invalid("has a key of another kind or curve");
        }
    }

    private static InvalidFieldException invalid(String problem) {
        return new InvalidFieldException(FIELD, problem, REMEDY);
    }
}
