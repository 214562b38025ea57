package dev.yagura.sandbox.identity;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Protocol;

/** Why a request is not believed, with the error that each kind of service answers. */
enum Refusal {
    UNSIGNED(
            new ApiFault(
                    "AuthFailure",
                    401,
                    "AWS was not able to validate the provided access credentials"),
            new ApiFault(
                    "MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
            new ApiFault(
                    "MissingAuthenticationTokenException", 400, "Missing Authentication Token")),
    INCOMPLETE(
            new ApiFault("IncompleteSignature", 400, "The request signature is incomplete."),
            new ApiFault("IncompleteSignature", 400, "The request signature is incomplete."),
            new ApiFault(
                    "IncompleteSignatureException", 400, "The request signature is incomplete.")),
    UNKNOWN_KEY(
            new ApiFault(
                    "AuthFailure",
                    401,
                    "AWS was not able to validate the provided access credentials"),
            new ApiFault(
                    "InvalidClientTokenId",
                    403,
                    "The security token included in the request is invalid."),
            new ApiFault(
                    "UnrecognizedClientException",
                    400,
                    "The security token included in the request is invalid.")),
    WRONG_SIGNATURE(
            new ApiFault(
                    "AuthFailure",
                    401,
                    "AWS was not able to validate the provided access credentials"),
            new ApiFault("SignatureDoesNotMatch", 403, Text.MISMATCH),
            new ApiFault("InvalidSignatureException", 400, Text.MISMATCH)),
    WRONG_SCOPE(
            new ApiFault("AuthFailure", 401, Text.SCOPE),
            new ApiFault("SignatureDoesNotMatch", 403, Text.SCOPE),
            new ApiFault("InvalidSignatureException", 400, Text.SCOPE)),
    OLD_REQUEST(
            new ApiFault("RequestExpired", 400, "Request has expired."),
            new ApiFault("SignatureDoesNotMatch", 403, "Signature expired."),
            new ApiFault("InvalidSignatureException", 400, "Signature expired.")),
    EXPIRED_SESSION(
            new ApiFault("RequestExpired", 400, "Request has expired."),
            new ApiFault(
                    "ExpiredToken", 403, "The security token included in the request is expired"),
            new ApiFault(
                    "ExpiredTokenException",
                    400,
                    "The security token included in the request is expired"));

    private final ApiFault ec2;
    private final ApiFault query;
    private final ApiFault json;

    Refusal(ApiFault ec2, ApiFault query, ApiFault json) {
        this.ec2 = ec2;
        this.query = query;
        this.json = json;
    }

    ApiFault fault(Protocol protocol) {
        ApiFault sample =
                switch (protocol) {
                    case EC2 -> ec2;
                    case QUERY -> query;
                    case JSON -> json;
                };
        return new ApiFault(sample.code(), sample.status(), sample.text());
    }

    private static final class Text {
        static final String MISMATCH =
                "The request signature we calculated does not match the signature you provided."
                        + " Check your AWS Secret Access Key and signing method.";
        static final String SCOPE =
                "Credential should be scoped to a valid region and to the service called.";
    }
}
