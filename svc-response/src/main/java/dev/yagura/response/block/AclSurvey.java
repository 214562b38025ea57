package dev.yagura.response.block;

import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.ManagementEndpoint;
import dev.yagura.response.isolation.IsolationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Vpc;

/**
 * A network ACL that gets a deny, and what is behind it, as read just now.
 *
 * @param block addresses that are to be denied
 * @param own blocks of the VPC
 * @param needed addresses that the platform is reached at
 * @param reached whom the network ACL guards
 */
record AclSurvey(
        LiveAcl acl,
        AddressBlock block,
        List<AddressBlock> own,
        List<Needed> needed,
        Reached reached) {

    /**
     * Addresses without which no command comes.
     *
     * @param what it is, for people
     */
    record Needed(String what, AddressBlock addresses) {
        @Override
        public String toString() {
            return what + " " + addresses;
        }
    }

    AclSurvey {
        own = List.copyOf(own);
        needed = List.copyOf(needed);
    }

    /**
     * Reads everything.
     *
     * @throws dev.yagura.common.error.NotFoundException no such network ACL
     */
    static AclSurvey take(
            Ec2Client ec2,
            String aclId,
            AddressBlock block,
            List<IsolationConfig.Gateway> gateways) {
        LiveAcl acl = new AclReader(ec2).read(aclId);
        List<Needed> needed = new ArrayList<>();
        gateways.forEach(each -> needed.add(new Needed("gateway", each.addresses())));
        for (ManagementEndpoint endpoint : ManagementEndpoint.inVpc(ec2, acl.vpcId())) {
            endpoint.addresses(ec2)
                    .forEach(
                            each -> needed.add(new Needed(endpoint.service() + " endpoint", each)));
        }
        return new AclSurvey(
                acl,
                block,
                ec2.describeVpcs(request -> request.vpcIds(acl.vpcId())).vpcs().stream()
                        .flatMap(AclSurvey::blocks)
                        .map(AddressBlock::parse)
                        .toList(),
                needed,
                Reached.by(ec2, "subnet-id", acl.subnetIds()));
    }

    private static Stream<String> blocks(Vpc vpc) {
        return Stream.of(
                        Stream.ofNullable(vpc.cidrBlock()),
                        vpc.cidrBlockAssociationSet().stream().map(each -> each.cidrBlock()),
                        vpc.ipv6CidrBlockAssociationSet().stream()
                                .map(each -> each.ipv6CidrBlock()))
                .flatMap(each -> each)
                .distinct();
    }
}
