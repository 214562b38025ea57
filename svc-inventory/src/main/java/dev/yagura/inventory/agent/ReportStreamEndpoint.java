package dev.yagura.inventory.agent;

import com.google.protobuf.Duration;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.inventory.v1.AgentHealth;
import dev.yagura.proto.inventory.v1.ReportStatusRequest;
import dev.yagura.proto.inventory.v1.ReportStatusResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One open stream of an agent. Answers are sent from its callbacks only, which gRPC runs one at a
 * time; its end may come from another thread, and only one end counts. The next report is taken
 * when the agent has read the answers before: one that only sends holds no memory here.
 */
final class ReportStreamEndpoint implements StreamObserver<ReportStatusRequest> {
    private static final int MAX_WORD = 64;
    private static final int MAX_PROBLEM = 500;
    private static final int MAX_PROBLEMS = 20;

    private final ServerCallStreamObserver<ReportStatusResponse> observer;
    private final UUID agentId;
    private final Heartbeats heartbeats;
    private final Clock clock;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile Runnable forget = () -> {};

    ReportStreamEndpoint(
            ServerCallStreamObserver<ReportStatusResponse> observer,
            UUID agentId,
            Heartbeats heartbeats,
            Clock clock) {
        this.observer = observer;
        this.agentId = agentId;
        this.heartbeats = heartbeats;
        this.clock = clock;
        observer.disableAutoRequest();
        observer.setOnReadyHandler(this::askForNext);
        observer.setOnCancelHandler(() -> forget.run());
    }

    /** What is done when the stream is over. */
    void forgetWith(Runnable action) {
        forget = action;
    }

    @Override
    public void onNext(ReportStatusRequest report) {
        Instant now = clock.instant();
        heartbeats.report(
                agentId,
                new Heartbeat(
                        now,
                        Texts.clip(report.getVersion(), MAX_WORD),
                        Texts.clip(report.getBootId(), MAX_WORD),
                        bounded(report.getHealth()),
                        false,
                        report.hasHostReport()
                                ? new ReceivedReport(
                                        now, HostReportLimits.bounded(report.getHostReport()))
                                : null));
        synchronized (this) {
            if (!ended.get()) {
                observer.onNext(
                        ReportStatusResponse.newBuilder()
                                .setServerTime(AgentProtos.timestamp(now))
                                .setNextReport(
                                        Duration.newBuilder()
                                                .setSeconds(heartbeats.interval().toSeconds())
                                                .setNanos(heartbeats.interval().toNanosPart()))
                                .build());
            }
        }
        asked.set(false);
        askForNext();
    }

    @Override
    public void onError(Throwable error) {
        forget.run();
    }

    @Override
    public synchronized void onCompleted() {
        forget.run();
        if (ended.compareAndSet(false, true)) {
            observer.onCompleted();
        }
    }

    /** Ends the stream with an error. */
    synchronized void end(YaguraException reason) {
        forget.run();
        if (ended.compareAndSet(false, true)) {
            observer.onError(reason);
        }
    }

    /** Takes one report more when the agent reads our answers; else its reading asks again. */
    void askForNext() {
        if (observer.isReady() && asked.compareAndSet(false, true)) {
            observer.request(1);
        }
    }

    /** A report that is too long is cut, not refused: a refusal would make the host look dead. */
    private static AgentHealth bounded(AgentHealth health) {
        AgentHealth.Builder bounded =
                AgentHealth.newBuilder()
                        .setSpoolBytes(health.getSpoolBytes())
                        .setSpoolBatches(health.getSpoolBatches())
                        .setEventsRead(health.getEventsRead())
                        .setEventsAcknowledged(health.getEventsAcknowledged())
                        .setEventsDeclaredLost(health.getEventsDeclaredLost())
                        .setTakesCommands(health.getTakesCommands());
        health.getProblemsList().stream()
                .limit(MAX_PROBLEMS)
                .map(problem -> Texts.clip(problem, MAX_PROBLEM))
                .forEach(bounded::addProblems);
        return bounded.build();
    }
}
