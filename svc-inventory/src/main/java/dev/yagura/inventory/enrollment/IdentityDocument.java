package dev.yagura.inventory.enrollment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.common.error.InvalidFieldException;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSTypedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * EC2's instance identity document as PKCS #7 (RFC 5652) with the document in it. Only what the
 * signature covers is read; certificates that the sender puts beside it count for nothing.
 */
final class IdentityDocument {
    static final String FIELD = "instance_identity";

    private static final String REMEDY =
            "send what the instance's metadata service has at"
                    + " /latest/dynamic/instance-identity/rsa2048, as DER";

    /** AWS's are 1.5 KB. */
    private static final int MAX_BYTES = 8 * 1024;

    private static final Set<ASN1ObjectIdentifier> DIGESTS =
            Set.of(
                    NISTObjectIdentifiers.id_sha256,
                    NISTObjectIdentifiers.id_sha384,
                    NISTObjectIdentifiers.id_sha512);

    private static final ObjectMapper JSON = new ObjectMapper();

    private IdentityDocument() {}

    /**
     * What it says, when one of the certificates signed it.
     *
     * @throws InvalidFieldException malformed, or signed by another
     */
    static InstanceIdentity verified(byte[] der, List<X509Certificate> certificates) {
        if (der.length > MAX_BYTES) {
            throw invalid("has " + der.length + " bytes, not at most " + MAX_BYTES);
        }
        try {
            CMSSignedData signed = new CMSSignedData(der);
            SignerInformation signer = onlySigner(signed);
            CMSTypedData content = signed.getSignedContent();
            if (content == null || !(content.getContent() instanceof byte[] document)) {
                throw invalid("has no document in it");
            }
            if (!DIGESTS.contains(signer.getDigestAlgorithmID().getAlgorithm())) {
                throw invalid("is signed with a weak algorithm");
            }
            if (certificates.stream().noneMatch(each -> isSignedBy(signer, each))) {
                throw invalid("is not signed with AWS's key of the token's region");
            }
            return read(document);
        } catch (InvalidFieldException e) {
            throw e;
        } catch (CMSException | IOException | RuntimeException e) {
            // The parser answers hostile bytes with exceptions of many kinds.
            throw invalid("is not PKCS #7 with a JSON document in it");
        }
    }

    private static SignerInformation onlySigner(CMSSignedData signed) {
        Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
        if (signers.size() != 1) {
            throw invalid("has " + signers.size() + " signatures, not 1");
        }
        return signers.iterator().next();
    }

    private static boolean isSignedBy(SignerInformation signer, X509Certificate certificate) {
        try {
            return signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate));
        } catch (CMSException | OperatorCreationException e) {
            return false; // a key or time that does not fit is one more way not to be signed
        }
    }

    private static InstanceIdentity read(byte[] document) throws IOException {
        JsonNode json = JSON.readTree(document);
        return new InstanceIdentity(
                text(json, "accountId"), text(json, "region"), text(json, "instanceId"));
    }

    private static String text(JsonNode json, String name) {
        return Optional.ofNullable(json.get(name))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> invalid("has no " + name));
    }

    static InvalidFieldException invalid(String problem) {
        return new InvalidFieldException(FIELD, problem, REMEDY);
    }
}
