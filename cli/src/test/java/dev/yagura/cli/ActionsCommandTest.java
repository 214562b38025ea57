package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.cli.output.Texts;
import dev.yagura.proto.response.v1.ActionKind;
import io.grpc.BindableService;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** yagura actions. */
class ActionsCommandTest extends CommandTest {

    @Override
    List<BindableService> services() {
        return List.of(new CannedAssets(), new RefusedActions());
    }

    @Test
    void aPlanThatIsRefusedIsSeenByAScript() {
        assertThat(run("actions", "plan", "isolate_instance", "i-0123456789abcdef0")).isEqualTo(1);
        assertThat(out).contains("refused  in no Auto Scaling group: member of web-asg");

        assertThat(run("actions", "plan", "isolate_instance", "i-0123456789abcdef1")).isZero();
        assertThat(
                        run(
                                "actions",
                                "plan",
                                "isolate_instance",
                                "i-0123456789abcdef0",
                                "--override",
                                "minimum-healthy"))
                .isZero();
    }

    @Test
    void everyKindOfActionCanBePlannedAndIsInTheHelp() {
        List<String> kinds =
                Stream.of(ActionKind.values())
                        .map(kind -> Texts.constant(kind, "ACTION_KIND_"))
                        .filter(kind -> !Set.of("unspecified", "unrecognized").contains(kind))
                        .toList();
        assertThat(kinds).contains("contain_role_session");
        for (String kind : kinds) {
            // The only one that is known by its kind to be on no instance.
            String[] target =
                    kind.equals("import_findings")
                            ? new String[] {"--account", "111122223333", "--region", "eu-west-1"}
                            : new String[] {"i-0123456789abcdef1"};
            assertThat(run(with(new String[] {"actions", "plan", kind}, target))).as(kind).isZero();
        }
        assertThat(run("actions", "plan", "--help")).isZero();
        assertThat(out).contains(kinds);

        assertThat(run("actions", "plan", "isolate", "i-0123456789abcdef1")).isEqualTo(2);
        assertThat(err).contains("'isolate' is no action kind; one of " + String.join(", ", kinds));
    }

    @Test
    void theProfileThatAnInstanceGetsIsNamed() {
        assertThat(
                        run(
                                "actions",
                                "plan",
                                "replace_instance_profile",
                                "i-0123456789abcdef1",
                                "--profile",
                                "minimal",
                                "-o",
                                "json"))
                .isZero();
        assertThat(out).contains("\"instanceProfile\":{\"name\":\"minimal\"}");
    }

    @Test
    void aProcessAndAFileOfAHostAreNamedExactly() {
        String[] kill = {
            "actions",
            "plan",
            "kill_process",
            "i-0123456789abcdef1",
            "--pid",
            "4242",
            "--start-time"
        };
        assertThat(run(with(kill, "2026-03-01T02:14:07.120Z", "-o", "json"))).isZero();
        assertThat(out).contains("\"pid\":4242", "\"startTimeNs\":\"1772331247120000000\"");
        assertThat(run(with(kill, "1772331247120000000", "-o", "json"))).isZero();
        assertThat(out).contains("\"startTimeNs\":\"1772331247120000000\"");
        assertThat(run(with(kill, "yesterday"))).isEqualTo(2);
        assertThat(err).contains("--start-time: yesterday is no time");

        assertThat(
                        run(
                                "actions",
                                "plan",
                                "quarantine_file",
                                "i-0123456789abcdef1",
                                "--file",
                                "/tmp/.x/miner"))
                .isEqualTo(2);
        assertThat(err).contains("--sha256");
    }

    @Test
    void eradicateTakesFindingsOfEveryKind() {
        String[] eradicate = {"actions", "plan", "eradicate", "i-0123456789abcdef1"};
        assertThat(
                        run(
                                with(
                                        eradicate,
                                        "--remove-process",
                                        "4242@1772331247120000000",
                                        "--remove-file",
                                        "9f86:/tmp/a:b",
                                        "--remove-line",
                                        "/etc/cron.d/x:* * * * * root /x:y",
                                        "--remove-unit",
                                        "miner.service",
                                        "--remove-unit",
                                        "miner.timer",
                                        "--access-key",
                                        "AKIAIOSFODNN7EXAMPLE",
                                        "--lock-user",
                                        "mallory",
                                        "--access-key",
                                        "AKIAI44QH8DHBEXAMPLE",
                                        "-o",
                                        "json")))
                .isZero();
        assertThat(out)
                .contains(
                        "{\"pid\":4242,\"startTimeNs\":\"1772331247120000000\"}",
                        "{\"path\":\"/tmp/a:b\",\"sha256\":\"9f86\"}",
                        "{\"path\":\"/etc/cron.d/x\",\"line\":\"* * * * * root /x:y\"}",
                        "[\"miner.service\",\"miner.timer\"]",
                        "[\"mallory\"]",
                        "\"accessKeyIds\":[\"AKIAIOSFODNN7EXAMPLE\",\"AKIAI44QH8DHBEXAMPLE\"]",
                        "\"instanceId\":\"i-0123456789abcdef1\"");
        assertThat(run(with(eradicate, "--remove-file", "/tmp/x"))).isEqualTo(2);
        assertThat(err).contains("--remove-file: give one like");
        assertThat(run(with(eradicate, "--remove-process", "x@1"))).isEqualTo(2);
        assertThat(err).contains("x is no pid");
    }

    @Test
    void aCommandGoesToIdsOrTags() {
        String[] ids = {
            "actions",
            "plan",
            "run_command",
            "i-0123456789abcdef1",
            "i-0123456789abcdef3",
            "--document",
            "AWS-UpdateSSMAgent"
        };
        assertThat(
                        run(
                                with(
                                        ids,
                                        "--parameter",
                                        "version=3.3",
                                        "--parameter",
                                        "version=3.4",
                                        "--max-errors",
                                        "10%",
                                        "-o",
                                        "json")))
                .isZero();
        assertThat(out)
                .contains(
                        "\"instanceIds\":[\"i-0123456789abcdef1\",\"i-0123456789abcdef3\"]",
                        "{\"name\":\"version\",\"values\":[\"3.3\",\"3.4\"]}",
                        "\"maxErrors\":\"10%\"")
                .doesNotContain("\"instanceId\":");
        String[] tags = {
            "actions",
            "plan",
            "run_command",
            "--document",
            "AWS-UpdateSSMAgent",
            "--tag",
            "env=prod"
        };
        assertThat(run(tags)).isEqualTo(2);
        assertThat(err).contains("--tag: give --account and --region");
        assertThat(
                        run(
                                with(
                                        tags,
                                        "--account",
                                        "111122223333",
                                        "--region",
                                        "cn-north-1",
                                        "-o",
                                        "json")))
                .isZero();
        assertThat(out)
                .contains("\"tags\":[{\"key\":\"env\",\"values\":[\"prod\"]}]", "\"aws-cn\"");
        assertThat(run(with(ids, "--tag", "env=prod"))).isEqualTo(2);
        assertThat(err).contains("give ids, or --tag and none");
        assertThat(run("actions", "plan", "isolate_instance")).isEqualTo(2);
        assertThat(err).contains("INSTANCE: give one");
    }

    @Test
    void anAccessKeyIsNamedWithItsAccount() {
        String[] key = {
            "actions", "plan", "disable_access_key", "--access-key", "AKIAIOSFODNN7EXAMPLE"
        };
        assertThat(run(key)).isEqualTo(2);
        assertThat(err).contains("--access-key: give its --account");
        assertThat(run(with(key, "--account", "111122223333", "-o", "json"))).isZero();
        assertThat(out)
                .contains(
                        "\"accessKeyId\":\"AKIAIOSFODNN7EXAMPLE\"",
                        "\"accountId\":\"111122223333\"",
                        "\"region\":\"us-east-1\"");
        assertThat(run(with(key, "--account", "111122223333", "i-0123456789abcdef1"))).isEqualTo(2);
        assertThat(err).contains("give none with --access-key");
        assertThat(run(with(key, "--account", "111122223333", "--access-key", "AKIAI44")))
                .isEqualTo(2);
        assertThat(err).contains("--access-key: give one; several are for eradicate");
        assertThat(run(with(key, "--account", "111122223333", "--role", "web"))).isEqualTo(2);
        assertThat(err).contains("--access-key: give it without --role");
    }

    @Test
    void aRoleOrAPrincipalIsNamed() {
        assertThat(
                        run(
                                "actions",
                                "plan",
                                "revoke_role_sessions",
                                "--role",
                                "web",
                                "--account",
                                "111122223333",
                                "--region",
                                "eu-west-1",
                                "-o",
                                "json"))
                .isZero();
        assertThat(out).contains("\"roleName\":\"web\"", "\"region\":\"eu-west-1\"");
        String[] principal = {"actions", "plan", "deny_principal", "-o", "json", "--principal"};
        assertThat(run(with(principal, "arn:aws-cn:iam::111122223333:user/rei"))).isZero();
        assertThat(out)
                .contains(
                        "\"principalArn\":\"arn:aws-cn:iam::111122223333:user/rei\"",
                        "\"partition\":\"aws-cn\"",
                        "\"accountId\":\"111122223333\"",
                        "\"region\":\"cn-north-1\"");
        assertThat(run(with(principal, "rei"))).isEqualTo(2);
        assertThat(err).contains("--principal: rei is no ARN");
        assertThat(run(with(principal, "arn:aws:iam::111122223333:user/rei", "--role", "web")))
                .isEqualTo(2);
    }

    @Test
    void aFunctionIsNamedToBeContainedOrInvoked() {
        String[] contain = {"actions", "plan", "contain_function", "-o", "json", "--function"};
        assertThat(run(with(contain, "shop-order"))).isEqualTo(2);
        assertThat(err).contains("--function: give --account and --region");
        String arn = "arn:aws-cn:lambda:cn-north-1:111122223333:function:shop-order";
        assertThat(run(with(contain, arn, "--deny-shared-role"))).isZero();
        assertThat(out)
                .contains(
                        "\"function\":{\"name\":\"" + arn + "\",\"denySharedRole\":true}",
                        "\"partition\":\"aws-cn\"",
                        "\"region\":\"cn-north-1\"");
        assertThat(run(with(contain, arn, "--region", "eu-west-1"))).isEqualTo(2);
        assertThat(run(with(contain, arn, "i-0123456789abcdef1"))).isEqualTo(2);
        assertThat(err).contains("give none with --access-key");

        String[] invoke = {
            "actions",
            "plan",
            "invoke_lambda",
            "--function",
            "shop-restore",
            "--account",
            "111122223333",
            "--region",
            "eu-west-1",
            "-o",
            "json",
            "--payload",
            "{\"order\":7}"
        };
        assertThat(run(invoke)).isZero();
        assertThat(out)
                .contains(
                        "\"invocation\":{\"name\":\"shop-restore\",\"payload\":\"{\\\"order\\\":7}\"}",
                        "\"region\":\"eu-west-1\"");
        assertThat(run(with(invoke, "--payload-file", "-"))).isEqualTo(2);
        assertThat(err).contains("not both");
    }

    @Test
    void aTaskIsNamedWithItsCluster() {
        String arn = "arn:aws:ecs:eu-west-1:111122223333:task/shop/0123456789abcdef";
        String[] contain = {"actions", "plan", "contain_task", "-o", "json", "--task", arn};
        assertThat(run(contain)).isEqualTo(2);
        assertThat(err).contains("--cluster");
        assertThat(run(with(contain, "--cluster", "shop", "--stop-service"))).isZero();
        assertThat(out)
                .contains(
                        "\"cluster\":\"shop\"", "\"stopService\":true", "\"region\":\"eu-west-1\"")
                .doesNotContain("denySharedRole\":true");
    }

    @Test
    void aPodIsNamedWithItsClusterAndUid() {
        String uid = "0198f0c2-7e57-4000-8000-000000000007";
        String[] contain = {
            "actions",
            "plan",
            "contain_pod",
            "-o",
            "json",
            "--eks-cluster",
            "shop",
            "--namespace",
            "front",
            "--pod",
            "web-1",
            "--account",
            "111122223333",
            "--region",
            "eu-west-1"
        };
        assertThat(run(contain)).isEqualTo(2);
        assertThat(err).contains("--uid");
        assertThat(run(with(contain, "--uid", uid, "--cordon-node"))).isZero();
        assertThat(out)
                .contains(
                        "\"pod\":{\"cluster\":\"shop\",\"namespace\":\"front\",\"name\":\"web-1\"",
                        "\"cordonNode\":true",
                        "\"region\":\"eu-west-1\"");
        assertThat(run(with(with(contain, "--uid", uid), "i-0123456789abcdef1"))).isEqualTo(2);
        assertThat(err).contains("INSTANCE: give none with");
    }

    @Test
    void aVolumeIsNamedByItsDeviceAndWhatItIsPutBackFrom() {
        String[] plan = {"actions", "plan", "restore_volume", "i-0123456789abcdef1", "-o", "json"};
        assertThat(run(with(plan, "--device", "/dev/xvda", "--snapshot", "snap-0123456789abcdef0")))
                .isZero();
        assertThat(out)
                .contains(
                        "\"volume\":{\"deviceName\":\"/dev/xvda\","
                                + "\"snapshotId\":\"snap-0123456789abcdef0\"}");
        assertThat(run(with(plan, "--device", "/dev/xvda"))).isEqualTo(2);
        assertThat(err).contains("--snapshot");
        String arn = "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0";
        String[] point = with(plan, "--device", "/dev/xvda", "--recovery-point", arn);
        assertThat(run(point)).isEqualTo(2);
        assertThat(err).contains("--vault");
        assertThat(run(with(point, "--vault", "nightly"))).isZero();
        assertThat(out)
                .contains(
                        "\"volume\":{\"deviceName\":\"/dev/xvda\",\"recoveryPointArn\":\""
                                + arn
                                + "\",\"backupVaultName\":\"nightly\"}");
    }

    @Test
    void whatIsBlockedIsNamedWithItsPlace() {
        String[] plan = {"actions", "plan", "block_indicator", "-o", "json"};
        String[] place = {"--account", "111122223333", "--region", "eu-west-1"};
        String[] acl =
                with(plan, "--network-acl", "acl-0123456789abcdef0", "--cidr", "203.0.113.66");
        assertThat(run(acl)).isEqualTo(2);
        assertThat(err).contains("--network-acl: give --account and --region too");
        assertThat(run(with(acl, place))).isZero();
        assertThat(out)
                .contains(
                        "\"block\":{\"networkAclId\":\"acl-0123456789abcdef0\","
                                + "\"cidr\":\"203.0.113.66\"}",
                        "\"region\":\"eu-west-1\"");
        assertThat(run(with(with(acl, place), "i-0123456789abcdef1"))).isEqualTo(2);
        assertThat(err).contains("give none with --access-key");

        assertThat(run(with(with(plan, place), "--security-group-rule", "sgr-0123456789abcdef0")))
                .isZero();
        assertThat(out).contains("\"securityGroupRuleId\":\"sgr-0123456789abcdef0\"");
        assertThat(
                        run(
                                with(
                                        with(plan, place),
                                        "--vpc",
                                        "vpc-0123456789abcdef0",
                                        "--domain",
                                        "*.example.com")))
                .isZero();
        assertThat(out)
                .contains("\"vpcId\":\"vpc-0123456789abcdef0\"", "\"domain\":\"*.example.com\"");
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }
}
