package dev.yagura.response.block;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.response.aws.AwsErrors;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** Reads network ACLs, live. Throws what the SDK throws. */
final class AclReader {
    private static final Set<String> UNKNOWN =
            Set.of("InvalidNetworkAclID.NotFound", "InvalidNetworkAclId.Malformed");

    private final Ec2Client ec2;

    AclReader(Ec2Client ec2) {
        this.ec2 = ec2;
    }

    Optional<LiveAcl> find(String id) {
        try {
            return ec2
                    .describeNetworkAcls(request -> request.networkAclIds(id))
                    .networkAcls()
                    .stream()
                    .map(LiveAcl::of)
                    .findFirst();
        } catch (Ec2Exception e) {
            if (UNKNOWN.contains(AwsErrors.code(e))) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * One that must be there.
     *
     * @throws NotFoundException it is not
     */
    LiveAcl read(String id) {
        return find(id).orElseThrow(() -> new NotFoundException("network ACL", id));
    }
}
