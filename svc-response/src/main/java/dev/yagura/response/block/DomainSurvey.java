package dev.yagura.response.block;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.response.aws.AwsErrors;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcAttributeName;

/**
 * A VPC that is not to resolve a domain, as read just now.
 *
 * @param ownerId account of the VPC
 * @param usesResolver its hosts may ask the Route 53 Resolver
 * @param reached who is in it
 */
record DomainSurvey(
        String domain,
        String ownerId,
        Map<String, String> tags,
        boolean usesResolver,
        LiveFirewall firewall,
        Reached reached) {
    /** Between, not including, 100 and 9,900, says AWS. */
    private static final int FIRST_PRIORITY = 101;

    private static final int END_OF_PRIORITIES = 9_900;

    private static final Set<String> UNKNOWN =
            Set.of("InvalidVpcID.NotFound", "InvalidVpcId.Malformed", "InvalidVpcID.Malformed");

    DomainSurvey {
        tags = Map.copyOf(tags);
    }

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such VPC
     */
    static DomainSurvey take(BlockCloud cloud, String vpcId, String domain) {
        Vpc vpc = vpc(cloud.ec2(), vpcId);
        return new DomainSurvey(
                domain,
                vpc.ownerId(),
                vpc.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)),
                cloud.ec2()
                        .describeVpcAttribute(request ->
                                request.vpcId(vpcId).attribute(VpcAttributeName.ENABLE_DNS_SUPPORT))
                        .enableDnsSupport()
                        .value(),
                new FirewallReader(cloud.resolver()).read(vpcId),
                Reached.by(cloud.ec2(), "vpc-id", Set.of(vpcId)));
    }

    /** The first that no rule group of the VPC has: lower ones are asked first. */
    static OptionalInt freePriority(LiveFirewall firewall) {
        Set<Integer> taken =
                firewall.ofVpc().stream()
                        .map(each -> each.priority())
                        .collect(Collectors.toUnmodifiableSet());
        return IntStream.range(FIRST_PRIORITY, END_OF_PRIORITIES)
                .filter(priority -> !taken.contains(priority))
                .findFirst();
    }

    private static Vpc vpc(Ec2Client ec2, String vpcId) {
        try {
            return ec2.describeVpcs(request -> request.vpcIds(vpcId)).vpcs().stream()
                    .findFirst()
                    .orElseThrow(() -> new NotFoundException("VPC", vpcId));
        } catch (Ec2Exception e) {
            if (UNKNOWN.contains(AwsErrors.code(e))) {
                throw new NotFoundException("VPC", vpcId);
            }
            throw e;
        }
    }
}
