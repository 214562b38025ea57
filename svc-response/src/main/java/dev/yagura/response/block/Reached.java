package dev.yagura.response.block;

import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/**
 * Whom a change of the network hits.
 *
 * @param interfaces number of network interfaces
 * @param instanceIds that have some of them
 * @param others interfaces of AWS's services, such as load balancers and endpoints: "eni-… (…)"
 */
record Reached(int interfaces, List<String> instanceIds, List<String> others) {
    private static final String ORDINARY = "interface";

    /** Names in a text of a plan. */
    private static final int SHOWN = 10;

    Reached {
        instanceIds = List.copyOf(instanceIds);
        others = List.copyOf(others);
    }

    /** Whoever a filter of EC2 finds. Throws what the SDK throws. */
    static Reached by(Ec2Client ec2, String filter, Collection<String> values) {
        if (values.isEmpty()) {
            return new Reached(0, List.of(), List.of());
        }
        List<NetworkInterface> found =
                ec2
                        .describeNetworkInterfacesPaginator(request ->
                                request.filters(
                                        Filter.builder().name(filter).values(values).build()))
                        .networkInterfaces()
                        .stream()
                        .toList();
        return new Reached(
                found.size(),
                found.stream()
                        .map(Reached::instance)
                        .filter(Objects::nonNull)
                        .distinct()
                        .sorted()
                        .toList(),
                found.stream()
                        .filter(eni ->
                                !ORDINARY.equals(eni.interfaceTypeAsString())
                                        || Boolean.TRUE.equals(eni.requesterManaged()))
                        .map(eni ->
                                eni.networkInterfaceId() + " (" + eni.interfaceTypeAsString() + ")")
                        .sorted()
                        .toList());
    }

    /**
     * Shown before anything is done.
     *
     * @param label of the check
     * @param where for example "in subnet-…"
     */
    PreflightCheck check(String label, String where) {
        String detail =
                "%d network interfaces %s; instances: %s; of AWS's services: %s"
                        .formatted(interfaces, where, shown(instanceIds), shown(others));
        return interfaces == 0
                ? Checks.warning(label, "nothing " + where, "nothing is blocked now")
                : Checks.warning(label, detail, "make sure that none of them needs it");
    }

    private static String shown(List<String> names) {
        Stream<String> first = names.stream().limit(SHOWN);
        String rest = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
        return names.isEmpty() ? "none" : String.join(", ", first.toList()) + rest;
    }

    private static @Nullable String instance(NetworkInterface eni) {
        return eni.attachment() == null ? null : eni.attachment().instanceId();
    }
}
