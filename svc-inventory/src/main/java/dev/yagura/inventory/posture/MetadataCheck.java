package dev.yagura.inventory.posture;

import dev.yagura.proto.inventory.v1.Asset;
import java.time.Instant;

/** Only IMDSv2 gives the credentials of the instance's role away. */
final class MetadataCheck implements HostCheck {
    @Override
    public String id() {
        return "imdsv2-required";
    }

    @Override
    public boolean concerns(HostFacts facts) {
        return facts.isInstance();
    }

    @Override
    public CheckResult of(HostFacts facts) {
        Instant read = facts.host().observedTime();
        return facts.readings().isStale(read)
                ? CheckResult.unknown(
                        "EC2 was last read at " + read, "./yagura logs inventory", read)
                : of(facts.description(), facts.host().nativeId(), read);
    }

    /** Of an instance as EC2 said it. */
    static CheckResult of(Asset description, String instanceId, Instant read) {
        if (description.getMetadataHttpEndpoint().equals("disabled")) {
            return CheckResult.pass("the metadata service is off", read);
        }
        return switch (description.getMetadataHttpTokens()) {
            case "required" -> CheckResult.pass("the metadata service wants a token", read);
            case "optional" ->
                    CheckResult.fail(
                            "the metadata service answers without a token (IMDSv1)",
                            "aws ec2 modify-instance-metadata-options --http-tokens required"
                                    + " --instance-id "
                                    + instanceId
                                    + ", when what runs there speaks IMDSv2",
                            read);
            default ->
                    CheckResult.unknown(
                            "EC2 has not said which metadata service it has",
                            "./yagura logs inventory",
                            read);
        };
    }
}
