package dev.yagura.sandbox.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.wire.Parameters;
import java.net.URLDecoder;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request of AWS Backup, whose operation is in its method and path. */
public final class BackupRequest {
    static final String VAULT = "BackupVaultName";
    static final String ARN = "RecoveryPointArn";

    private static final Pattern PATH =
            Pattern.compile("/backup-vaults/([^/]+)/recovery-points/(.+)");

    private BackupRequest() {}

    public static boolean isOne(SignedRequest request) {
        return request.path().startsWith("/backup-vaults/");
    }

    /** IAM's name of what is asked for, empty for what the sandbox does not have. */
    public static String operation(SignedRequest request) {
        return request.method().equals("GET") && PATH.matcher(request.path()).matches()
                ? "DescribeRecoveryPoint"
                : "";
    }

    public static Parameters parameters(SignedRequest request) {
        Matcher path = PATH.matcher(request.path());
        return new Parameters(
                path.matches()
                        ? Map.of(
                                VAULT,
                                URLDecoder.decode(path.group(1), UTF_8),
                                ARN,
                                URLDecoder.decode(path.group(2), UTF_8))
                        : Map.of());
    }
}
