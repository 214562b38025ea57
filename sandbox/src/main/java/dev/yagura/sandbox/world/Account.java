package dev.yagura.sandbox.world;

/** Where everything of one sandbox lives. */
public record Account(String id, String region, String partition) {

    /** {@code arn:aws:ec2:ap-northeast-1:111122223333:instance/i-…}. */
    public String arn(String service, String resource) {
        return "arn:%s:%s:%s:%s:%s".formatted(partition, service, region, id, resource);
    }

    /** The form of services without a region: {@code arn:aws:iam::111122223333:role/…}. */
    public String globalArn(String service, String resource) {
        return "arn:%s:%s::%s:%s".formatted(partition, service, id, resource);
    }
}
