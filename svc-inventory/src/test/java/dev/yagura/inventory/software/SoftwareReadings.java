package dev.yagura.inventory.software;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.reconcile.ReadScopes;
import dev.yagura.proto.type.v1.Scope;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Readings of installed software as the job of the service has them, from another AWS. */
public final class SoftwareReadings {
    private final InventoryService service;

    public SoftwareReadings(InventoryService service) {
        this.service = service;
    }

    /** False where the scope is not due. */
    public boolean read(AwsClients clients, Scope scope) {
        SsmSoftwareSource source = new SsmSoftwareSource(clients);
        try {
            return new SoftwareReader(source, service.bean(SoftwareStore.class), TestClock.CLOCK)
                    .read(scope);
        } finally {
            source.close();
        }
    }

    /** What the job does each time. */
    public void once(AwsClients clients, ReadScopes scopes) throws Exception {
        SsmSoftwareSource source = new SsmSoftwareSource(clients);
        SoftwareStore store = service.bean(SoftwareStore.class);
        SoftwareLoop loop =
                new SoftwareLoop(
                        new SoftwareReader(source, store, TestClock.CLOCK),
                        store,
                        scopes,
                        TestClock.CLOCK);
        for (Future<?> reading : loop.once()) {
            reading.get(30, TimeUnit.SECONDS);
        }
        loop.stop(this);
        source.close();
    }
}
