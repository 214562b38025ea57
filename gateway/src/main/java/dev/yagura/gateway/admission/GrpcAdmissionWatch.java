package dev.yagura.gateway.admission;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.inventory.v1.AgentAdmissionServiceGrpc;
import dev.yagura.proto.inventory.v1.WatchAdmissionsRequest;
import dev.yagura.proto.inventory.v1.WatchAdmissionsResponse;
import dev.yagura.proto.type.v1.AgentIdentity;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the inventory's admissions. Each connection starts with a new snapshot: its completion is
 * the proof that the watch lives, and a change that was missed for whatever reason is repaired.
 */
@ApplicationScoped
class GrpcAdmissionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcAdmissionWatch.class);
    private static final Duration MIN_PAUSE = Duration.ofMillis(200);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

    private final AgentAdmissions admissions;
    private final GrpcClientConfig config;
    private final TlsFiles tls;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable ManagedChannel channel;

    @Inject
    GrpcAdmissionWatch(AgentAdmissions admissions, Settings settings) {
        this.admissions = admissions;
        this.config = GrpcClientConfig.from(settings, "inventory");
        this.tls = TlsFiles.from(settings);
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event)
            throws IOException {
        ManagedChannel opened = GrpcClients.channel(config, TlsContexts.client(tls));
        channel = opened;
        Thread.ofVirtual()
                .name("admissions")
                .start(() -> run(AgentAdmissionServiceGrpc.newBlockingStub(asGateway(opened))));
    }

    /** A call of the gateway's own says so: services ask it for the principal of every call. */
    private static Channel asGateway(Channel channel) {
        Metadata headers = new Metadata();
        headers.put(Callers.PRINCIPAL_HEADER, Principal.service("gateway").toProto());
        return ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    void stop(@Observes @Priority(0) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        stopped.countDown();
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    private void run(AgentAdmissionServiceGrpc.AgentAdmissionServiceBlockingStub inventory) {
        Duration pause = MIN_PAUSE;
        try {
            while (stopped.getCount() > 0) {
                String end = "the inventory ended the watch";
                try {
                    follow(inventory.watchAdmissions(WatchAdmissionsRequest.getDefaultInstance()));
                } catch (StatusRuntimeException e) {
                    end = e.getStatus().toString();
                } catch (RuntimeException e) {
                    // This thread must not end: revocations would be missed without a sign.
                    end = e.toString();
                }
                pause = admissions.isCurrent() ? MIN_PAUSE : longer(pause);
                admissions.away();
                pause(pause, end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(Iterator<WatchAdmissionsResponse> responses) {
        @Nullable Map<String, Admission> snapshot = new HashMap<>();
        while (responses.hasNext()) {
            WatchAdmissionsResponse response = responses.next();
            if (response.hasAdmission()) {
                Admission admission = admission(response.getAdmission());
                if (snapshot != null) {
                    snapshot.put(admission.agentId(), admission);
                } else {
                    admissions.changed(admission);
                }
            }
            if (response.getSnapshotComplete() && snapshot != null) {
                LOG.atInfo().addKeyValue(LogKeys.COUNT, snapshot.size()).log("know the agents");
                admissions.snapshot(snapshot);
                snapshot = null;
            }
        }
    }

    private static Admission admission(dev.yagura.proto.inventory.v1.Admission message) {
        return new Admission(
                AgentIdentity.newBuilder()
                        .setAgentId(message.getAgentId())
                        .setHostId(message.getHostId())
                        .setScope(message.getScope())
                        .build(),
                message.getRevoked(),
                message.getPublicKeySha256());
    }

    private void pause(Duration pause, String reason) throws InterruptedException {
        if (stopped.getCount() == 0) {
            return;
        }
        LOG.atWarn()
                .addKeyValue(LogKeys.SERVICE, "inventory")
                .addKeyValue(LogKeys.REASON, reason)
                .log("the watch of agents ended; trying again");
        long jittered =
                ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis() + 1);
        stopped.await(jittered, TimeUnit.MILLISECONDS);
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : doubled;
    }
}
