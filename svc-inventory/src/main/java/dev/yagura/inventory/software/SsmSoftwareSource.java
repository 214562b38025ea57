package dev.yagura.inventory.software;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.reconcile.ClientByScope;
import dev.yagura.proto.type.v1.Scope;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.InvalidInstanceIdException;
import software.amazon.awssdk.services.ssm.model.ListInventoryEntriesResponse;

/**
 * Systems Manager's ListInventoryEntries of AWS:Application; one client a scope. GetInventory,
 * which would ask for fifty hosts at once, tells no other type than AWS:InstanceInformation.
 */
@ApplicationScoped
class SsmSoftwareSource implements SoftwareSource {
    private static final String TYPE = "AWS:Application";

    /** The most that a page may have. */
    private static final int PAGE = 50;

    /** The agent reports every half an hour or less often: the second try has the new list. */
    private static final int TRIES = 3;

    private final ClientByScope<SsmClient> clients;

    @Inject
    SsmSoftwareSource(AwsClients clients) {
        this.clients = new ClientByScope<>(scope -> clients.client(SsmClient.builder(), scope));
    }

    @Override
    public SoftwareAnswer read(Scope scope, String instanceId, @Nullable Instant known) {
        return read(clients.of(scope), instanceId, known);
    }

    static SoftwareAnswer read(SsmClient client, String instanceId, @Nullable Instant known) {
        try {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                Optional<SoftwareAnswer> answer = pages(client, instanceId, known);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        } catch (InvalidInstanceIdException e) {
            // It was managed when the nodes were read.
            return new SoftwareAnswer.Nothing();
        }
        throw new IllegalStateException(
                "the inventory of " + instanceId + " changed each time that it was read");
    }

    /** Empty when a later page is of another report than the first. */
    private static Optional<SoftwareAnswer> pages(
            SsmClient client, String instanceId, @Nullable Instant known) {
        SoftwareReport.Collector collector = new SoftwareReport.Collector();
        ListInventoryEntriesResponse page = page(client, instanceId, null);
        String captured = page.captureTime();
        Instant time = SoftwareReport.time(captured).orElse(null);
        if (captured == null && page.entries().isEmpty()) {
            return Optional.of(new SoftwareAnswer.Nothing());
        }
        if (time != null && time.equals(known)) {
            return Optional.of(new SoftwareAnswer.Same());
        }
        page.entries().forEach(collector::add);
        while (page.nextToken() != null && !page.nextToken().isEmpty()) {
            page = page(client, instanceId, page.nextToken());
            if (!Objects.equals(page.captureTime(), captured)) {
                return Optional.empty();
            }
            page.entries().forEach(collector::add);
        }
        return Optional.of(new SoftwareAnswer.Listed(collector.at(time)));
    }

    private static ListInventoryEntriesResponse page(
            SsmClient client, String instanceId, @Nullable String token) {
        return client.listInventoryEntries(request ->
                request.instanceId(instanceId).typeName(TYPE).maxResults(PAGE).nextToken(token));
    }

    @PreDestroy
    void close() {
        clients.close();
    }
}
