package dev.yagura.response.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Where the agent's package is, and beside it an enrolment token for each account and region,
 * reached with the credentials of one of them. A host gets no more than the right to read these two
 * for some minutes.
 */
final class AgentPackage implements SdkAutoCloseable {
    /** No token is good for longer. */
    private static final Duration LONGEST_TOKEN = Duration.ofDays(7);

    private final S3Client s3;
    private final S3Presigner presigner;
    private final InstallConfig config;
    private final Scope scope;

    private AgentPackage(S3Client s3, S3Presigner presigner, InstallConfig config, Scope scope) {
        this.s3 = s3;
        this.presigner = presigner;
        this.config = config;
        this.scope = scope;
    }

    static AgentPackage open(AwsClients clients, InstallConfig config, Scope scope) {
        Region region = Region.of(config.region().orElse(scope.getRegion()));
        return new AgentPackage(
                clients.client(S3Client.builder(), scope, region),
                clients.presigner(S3Presigner.builder(), scope, region).build(),
                config,
                scope);
    }

    /** Where an administrator puts the token of an account and region. */
    static String tokenKey(Scope scope) {
        return "tokens/%s/%s".formatted(scope.getAccountId(), scope.getRegion());
    }

    /** Whether both are there. Throws what the SDK throws, but for S3's refusals. */
    List<PreflightCheck> checks(Instant now) {
        if (config.bucket().isEmpty()) {
            return List.of(
                    Checks.refused(
                            "there is a package of the agent",
                            "none is configured",
                            "make one with deploy/agent-package.sh, and set "
                                    + InstallConfig.BUCKET));
        }
        return List.of(packaged(), token(now));
    }

    private PreflightCheck packaged() {
        String label = "there is a package of the agent";
        try {
            HeadObjectResponse found = head(config.packageKey());
            return Checks.passed(
                    label,
                    "%s, %d bytes; hosts take it with SHA-256 %s only"
                            .formatted(
                                    place(config.packageKey()),
                                    found.contentLength(),
                                    config.packageSha256()));
        } catch (S3Exception e) {
            return missing(label, config.packageKey(), e, "put the package there");
        }
    }

    private PreflightCheck token(Instant now) {
        String label = "there is an enrolment token for the account and region";
        String key = tokenKey(scope);
        String remedy =
                "./yagura agents enrollment-token --account %s --region %s --ttl P7D --uses 100 |"
                                .formatted(scope.getAccountId(), scope.getRegion())
                        + " aws s3 cp - "
                        + place(key);
        try {
            Instant put = head(key).lastModified();
            String found = place(key) + " of " + put;
            return put.isBefore(now.minus(LONGEST_TOKEN))
                    ? Checks.warning(
                            label,
                            found
                                    + ": no token is good for so long; only a host that is enrolled"
                                    + " already needs none",
                            remedy)
                    : Checks.passed(label, found);
        } catch (S3Exception e) {
            return missing(label, key, e, remedy);
        }
    }

    /** 403 is also what S3 says of a missing key to who may not list the bucket. */
    private PreflightCheck missing(String label, String key, S3Exception e, String remedy) {
        if (e.statusCode() != 403 && e.statusCode() != 404) {
            throw e;
        }
        return Checks.refused(
                label,
                "S3 does not give %s: %s".formatted(place(key), AwsErrors.text(e)),
                remedy + "; or allow s3:GetObject, as deploy/policies/install_agent.json does");
    }

    private HeadObjectResponse head(String key) {
        return s3.headObject(request -> request.bucket(bucket()).key(key));
    }

    /**
     * What a host needs to read both: a line for each URL, base64. A secret.
     *
     * @param lifetime of the URLs; they end earlier with the credentials that signed them
     */
    String fetch(Duration lifetime) {
        String urls = url(config.packageKey(), lifetime) + url(tokenKey(scope), lifetime);
        return Base64.getEncoder().encodeToString(urls.getBytes(UTF_8));
    }

    private String url(String key, Duration lifetime) {
        return presigner
                        .presignGetObject(request ->
                                request.signatureDuration(lifetime)
                                        .getObjectRequest(get -> get.bucket(bucket()).key(key)))
                        .url()
                + "\n";
    }

    private String place(String key) {
        return "s3://" + bucket() + "/" + key;
    }

    private String bucket() {
        return config.bucket().orElseThrow();
    }

    @Override
    public void close() {
        s3.close();
        presigner.close();
    }
}
