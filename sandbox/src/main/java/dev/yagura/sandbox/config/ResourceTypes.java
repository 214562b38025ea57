package dev.yagura.sandbox.config;

/** Types that the sandbox records, and the words that relate them. */
final class ResourceTypes {
    static final String INSTANCE = "AWS::EC2::Instance";
    static final String NETWORK_INTERFACE = "AWS::EC2::NetworkInterface";
    static final String VOLUME = "AWS::EC2::Volume";
    static final String SECURITY_GROUP = "AWS::EC2::SecurityGroup";
    static final String SUBNET = "AWS::EC2::Subnet";
    static final String VPC = "AWS::EC2::VPC";
    static final String ROUTE_TABLE = "AWS::EC2::RouteTable";
    static final String NETWORK_ACL = "AWS::EC2::NetworkAcl";
    static final String ROLE = "AWS::IAM::Role";
    static final String BUCKET = "AWS::S3::Bucket";
    static final String AUTO_SCALING_GROUP = "AWS::AutoScaling::AutoScalingGroup";
    static final String LOAD_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer";

    private ResourceTypes() {}

    static Relationship attachedToInstance(String id) {
        return Relationship.of("Is attached to Instance", INSTANCE, id);
    }

    static Relationship associatedWithGroup(String id) {
        return Relationship.of("Is associated with SecurityGroup", SECURITY_GROUP, id);
    }

    static Relationship containedInSubnet(String id) {
        return Relationship.of("Is contained in Subnet", SUBNET, id);
    }

    static Relationship containedInVpc(String id) {
        return Relationship.of("Is contained in Vpc", VPC, id);
    }
}
