package dev.yagura.response.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Base64;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * What EKS takes for a proof of identity: a presigned sts:GetCallerIdentity that names the cluster,
 * as aws-iam-authenticator describes it. A new one for each request.
 */
public final class ClusterToken {
    static final String CLUSTER_HEADER = "x-k8s-aws-id";
    private static final String PREFIX = "k8s-aws-v1.";
    private static final Duration LIFETIME = Duration.ofSeconds(60);

    private final AwsCredentialsProvider credentials;
    private final Region region;

    /**
     * @param credentials who enters
     * @param region of the cluster
     */
    public ClusterToken(AwsCredentialsProvider credentials, Region region) {
        this.credentials = credentials;
        this.region = region;
    }

    String of(String cluster) {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.GET)
                        .protocol("https")
                        .host(StsClient.serviceMetadata().endpointFor(region).toString())
                        .encodedPath("/")
                        .putRawQueryParameter("Action", "GetCallerIdentity")
                        .putRawQueryParameter("Version", "2011-06-15")
                        .putHeader(CLUSTER_HEADER, cluster)
                        .build();
        SdkHttpRequest signed =
                AwsV4HttpSigner.create()
                        .sign(r ->
                                r.identity(credentials.resolveCredentials())
                                        .request(request)
                                        .putProperty(
                                                AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "sts")
                                        .putProperty(AwsV4HttpSigner.REGION_NAME, region.id())
                                        .putProperty(
                                                AwsV4FamilyHttpSigner.AUTH_LOCATION,
                                                AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                                        .putProperty(
                                                AwsV4FamilyHttpSigner.EXPIRATION_DURATION,
                                                LIFETIME))
                        .request();
        return PREFIX
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(signed.getUri().toString().getBytes(UTF_8));
    }
}
