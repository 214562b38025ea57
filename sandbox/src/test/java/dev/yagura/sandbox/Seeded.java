package dev.yagura.sandbox;

/** Ids of the built-in seed. */
final class Seeded {
    static final String ACCOUNT = "111122223333";
    static final String REGION = "ap-northeast-1";
    static final String VPC = "vpc-0dfc69755784eaab6";
    static final String ACL = "acl-01f7dd7da68e5594a";

    static final String WEB = "i-085b07764feced695";
    static final String WEB_ENI = "eni-03ea12bc061917508";
    static final String WEB_GROUP = "sg-02f1086a7759c4179";
    static final String APP = "i-083dc41ecd9ab1b98";
    static final String APP_FRONT_ENI = "eni-0d38b876322d4f5e4";
    static final String APP_BACK_ENI = "eni-0e462c28e64e61aaa";
    static final String APP_FRONT_GROUP = "sg-0ed176e12487b994b";
    static final String APP_BACK_GROUP = "sg-0ef11f0e384c19284";
    static final String DB = "i-02d59893435baed09";
    static final String DB_ENI = "eni-01bb6c06ed71224ec";
    static final String DB_GROUP = "sg-098fa258f4629c194";
    static final String ENDPOINT_GROUP = "sg-03708ba3064e47731";
    static final String GATEWAY_GROUP = "sg-0a31e9fc83d6f8973";
    static final String DEFAULT_GROUP = "sg-0daf5eb4dda1c22b1";
    static final String GATEWAY_ENI = "eni-05be802408d03893f";
    static final String S3_PREFIX_LIST = "pl-61a54008";

    /** Command and control of the attack in the tests. */
    static final String C2 = "203.0.113.66";

    private Seeded() {}
}
