package dev.yagura.inventory.posture;

/** AWS Config's resource types that are judged. */
final class Types {
    static final String BUCKET = "AWS::S3::Bucket";
    static final String INTERFACE = "AWS::EC2::NetworkInterface";
    static final String NETWORK_ACL = "AWS::EC2::NetworkAcl";
    static final String ROUTE_TABLE = "AWS::EC2::RouteTable";
    static final String SECURITY_GROUP = "AWS::EC2::SecurityGroup";
    static final String VOLUME = "AWS::EC2::Volume";

    private Types() {}
}
