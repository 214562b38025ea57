package dev.yagura.sandbox.front;

import dev.yagura.sandbox.identity.Authenticator;
import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request goes: to the account of its key, in the region that it was signed for.
 *
 * @param apis that answer there
 */
record Destination(Place place, List<Api> apis, Gate gate) {

    /** What it meets there before anything looks at it. */
    enum Gate {
        OPEN,
        /** The account does not have the region, which others do. */
        NO_REGION,
        SUSPENDED,
        FAILING
    }

    /**
     * Key and region as a request claims them; whether they are true is seen there.
     *
     * @param region empty where the request names none
     */
    record Claim(String accessKeyId, String region) {
        /** In the header, or in the query of a presigned URL. */
        private static final Pattern CREDENTIAL =
                Pattern.compile("Credential=([^/%,&]+)(?:/|%2F)\\d{8}(?:/|%2F)([^/%,&]+)");

        static Claim of(SignedRequest request) {
            Optional<Matcher> found =
                    request.header("authorization")
                            .or(() -> Optional.of(request.query()))
                            .map(CREDENTIAL::matcher)
                            .filter(Matcher::find);
            return found.map(matcher -> new Claim(matcher.group(1), matcher.group(2)))
                    .orElse(new Claim("", ""));
        }
    }

    /**
     * @throws ApiFault in the words of the service, if the request gets no further
     */
    void pass(Api api) {
        switch (gate) {
            case OPEN -> {}
            case NO_REGION -> {
                if (!Authenticator.isEverywhere(api)) {
                    throw Authenticator.notAdmitted(api);
                }
            }
            case SUSPENDED -> throw Authenticator.notAdmitted(api);
            case FAILING ->
                    throw new ApiFault(
                            "ServiceUnavailable", 503, "Service is temporarily unavailable.");
        }
    }
}
