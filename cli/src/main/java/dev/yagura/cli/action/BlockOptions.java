package dev.yagura.cli.action;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockTarget;
import picocli.CommandLine.Option;

/** What to block, and where: one of three ways. */
final class BlockOptions {
    @Option(
            names = "--network-acl",
            paramLabel = "ID",
            description = "Network ACL that denies --cidr.")
    private String networkAcl = "";

    @Option(
            names = "--cidr",
            paramLabel = "BLOCK",
            description = "Addresses, with --network-acl: 203.0.113.66, 203.0.113.0/24, IPv6 too.")
    private String cidr = "";

    @Option(
            names = "--security-group-rule",
            paramLabel = "ID",
            description = "Rule of a security group that is taken away: sgr-…")
    private String rule = "";

    @Option(
            names = "--vpc",
            paramLabel = "ID",
            description = "VPC whose hosts are not to resolve --domain.")
    private String vpc = "";

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            description = "Domain, with --vpc: example.com, or *.example.com for all beneath it.")
    private String domain = "";

    ActionTarget.Builder target(ScopeOptions scope) {
        return ActionTarget.newBuilder()
                .setScope(scope.regional(first()))
                .setBlock(
                        BlockTarget.newBuilder()
                                .setNetworkAclId(networkAcl)
                                .setCidr(cidr)
                                .setSecurityGroupRuleId(rule)
                                .setVpcId(vpc)
                                .setDomain(domain));
    }

    private String first() {
        if (!networkAcl.isEmpty()) {
            return "--network-acl";
        }
        return rule.isEmpty() ? "--vpc" : "--security-group-rule";
    }
}
