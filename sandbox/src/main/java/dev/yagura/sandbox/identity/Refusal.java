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
                    "MissingAuthenticationTokenException", 400, "Missing Authentication Token"),
            new ApiFault("AccessDenied", 403, "Access Denied")),
    INCOMPLETE(
            new ApiFault("IncompleteSignature", 400, "The request signature is incomplete."),
            new ApiFault("IncompleteSignature", 400, "The request signature is incomplete."),
            new ApiFault(
                    "IncompleteSignatureException", 400, "The request signature is incomplete."),
            new ApiFault(
                    "AuthorizationQueryParametersError",
                    400,
                    "The authorization is incomplete or malformed.")),
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
                    "The security token included in the request is invalid."),
            new ApiFault(
                    "InvalidAccessKeyId",
                    403,
                    "The AWS Access Key Id you provided does not exist in our records.")),
    WRONG_SIGNATURE(
            new ApiFault(
                    "AuthFailure",
                    401,
                    "AWS was not able to validate the provided access credentials"),
            new ApiFault("SignatureDoesNotMatch", 403, Text.MISMATCH),
            new ApiFault("InvalidSignatureException", 400, Text.MISMATCH),
            new ApiFault("SignatureDoesNotMatch", 403, Text.MISMATCH)),
    WRONG_SCOPE(
            new ApiFault("AuthFailure", 401, Text.SCOPE),
            new ApiFault("SignatureDoesNotMatch", 403, Text.SCOPE),
            new ApiFault("InvalidSignatureException", 400, Text.SCOPE),
            new ApiFault("AuthorizationHeaderMalformed", 400, Text.SCOPE)),
    OLD_REQUEST(
            new ApiFault("RequestExpired", 400, "Request has expired."),
            new ApiFault("SignatureDoesNotMatch", 403, "Signature expired."),
            new ApiFault("InvalidSignatureException", 400, "Signature expired."),
            new ApiFault(
                    "RequestTimeTooSkewed",
                    403,
                    "The difference between the request time and the current time is too large.")),
    EXPIRED_SESSION(
            new ApiFault("RequestExpired", 400, "Request has expired."),
            new ApiFault(
                    "ExpiredToken", 403, "The security token included in the request is expired"),
            new ApiFault(
                    "ExpiredTokenException",
                    400,
                    "The security token included in the request is expired"),
            new ApiFault("ExpiredToken", 400, "The provided token has expired.")),
    /** Of a presigned URL, which only S3 has. */
    EXPIRED_URL(new ApiFault("AccessDenied", 403, "Request has expired")),
    UNSIGNED_HEADER(
            new ApiFault(
                    "AccessDenied",
                    403,
                    "There were headers present in the request which were not signed"));

    private final ApiFault ec2;
    private final ApiFault query;
    private final ApiFault json;
    private final ApiFault rest;

    Refusal(ApiFault ec2, ApiFault query, ApiFault json, ApiFault rest) {
        this.ec2 = ec2;
        this.query = query;
        this.json = json;
        this.rest = rest;
    }

    Refusal(ApiFault every) {
        this(every, every, every, every);
    }

    ApiFault fault(Protocol protocol) {
        ApiFault sample =
                switch (protocol) {
                    case EC2 -> ec2;
                    case QUERY -> query;
                    case JSON, REST_JSON -> json;
                    case REST_XML, REST_XML_WRAPPED -> rest;
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
