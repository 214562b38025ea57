package dev.yagura.response.isolation;

import dev.yagura.response.aws.AddressBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What stays possible after an isolation by security groups. Figures are those of the EC2 user
 * guide, "Security group connection tracking".
 */
final class ResidualRisks {
    private ResidualRisks() {}

    static List<String> of(Survey survey, Survey.Network network) {
        List<String> risks = new ArrayList<>();
        risks.add(
                "Connections that are open and tracked now go on until they are idle: TCP for "
                        + timeouts(survey)
                        + ", UDP for 30 s (180 s for streams). A connection with keepalives never"
                        + " is: a beacon that is connected now may live on. New connections are"
                        + " blocked at once.");
        risks.add(
                "To cut those too, by hand: a pair of deny entries for "
                        + addresses(survey)
                        + " in the network ACL of "
                        + subnets(survey)
                        + " (in and out; it does not see traffic inside the subnet), or stop the"
                        + " instance (memory is lost).");
        risks.add(
                "Security groups do not filter the VPC's DNS resolver, instance metadata and the"
                        + " time service: tunnels through DNS and fetches of the instance role's"
                        + " credentials stay possible. By hand: DNS Firewall for the VPC, instance"
                        + " metadata options.");
        risks.add(
                "Sessions of the instance role that were fetched before stay valid, also from"
                        + " elsewhere, for up to 6 hours.");
        if (!survey.instance().lostVolumes().isEmpty()) {
            risks.add(
                    "Volumes that are deleted when the instance is terminated: "
                            + String.join(", ", survey.instance().lostVolumes())
                            + ". Protection is for calls to EC2's API: whoever has root on the host"
                            + " can shut it down, which terminates it if its shutdown behavior"
                            + " says so, and AWS may reclaim or retire it. Take snapshots soon.");
        }
        if (survey.surroundings().scaling().isPresent()) {
            risks.add(
                    "Its Auto Scaling group can still end it: by an instance refresh that"
                            + " terminates instances in standby, and when the group is deleted by"
                            + " force.");
        }
        if (!network.path().kept().isEmpty()) {
            risks.add(
                    "The control path stays open to whoever controls the host: "
                            + network.path().kept().stream()
                                    .map(ControlPath.Way::toString)
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
        return List.copyOf(risks);
    }

    private static String timeouts(Survey survey) {
        List<String> own =
                survey.interfaces().stream()
                        .filter(eni -> eni.tcpTimeoutSeconds() != null)
                        .map(eni -> eni.tcpTimeoutSeconds() + " s on " + eni.id())
                        .toList();
        return (own.isEmpty() ? "" : String.join(", ", own) + ", else ")
                + "432,000 s (5 days; 350 s on instance types of Nitro v6; this is a "
                + survey.instance().type()
                + ")";
    }

    private static String addresses(Survey survey) {
        return survey.interfaces().stream()
                .flatMap(eni -> eni.addresses().stream())
                .map(AddressBlock::parse)
                .map(AddressBlock::toString)
                .collect(Collectors.joining(", "));
    }

    private static String subnets(Survey survey) {
        return survey.interfaces().stream()
                .map(CloudReader.LiveInterface::subnetId)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
