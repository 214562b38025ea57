package dev.yagura.bench.load;

/** Types of the generated assets, and how many of a thousand are of each. */
enum AssetKind {
    INSTANCE("AWS::EC2::Instance", "i-", 200),
    INTERFACE("AWS::EC2::NetworkInterface", "eni-", 250),
    VOLUME("AWS::EC2::Volume", "vol-", 400),
    GROUP("AWS::EC2::SecurityGroup", "sg-", 40),
    SUBNET("AWS::EC2::Subnet", "subnet-", 6),
    VPC("AWS::EC2::VPC", "vpc-", 1),
    ROUTE_TABLE("AWS::EC2::RouteTable", "rtb-", 2),
    NETWORK_ACL("AWS::EC2::NetworkAcl", "acl-", 1),
    SCALING_GROUP("AWS::AutoScaling::AutoScalingGroup", "web-", 10),
    BUCKET("AWS::S3::Bucket", "data-", 20),
    ROLE("AWS::IAM::Role", "AROA", 70);

    private final String type;
    private final String prefix;
    private final int share;

    AssetKind(String type, String prefix, int share) {
        this.type = type;
        this.prefix = prefix;
        this.share = share;
    }

    String type() {
        return type;
    }

    /** Of ids. */
    String prefix() {
        return prefix;
    }

    /**
     * How many there are.
     *
     * @param all assets of an account, thousands of them
     */
    int count(int all) {
        return share * all / 1000;
    }

    /** The same in every region, or of one that its name does not tell. */
    boolean isOfNoRegion() {
        return this == BUCKET || this == ROLE;
    }
}
