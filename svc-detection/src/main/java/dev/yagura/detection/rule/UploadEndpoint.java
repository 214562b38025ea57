package dev.yagura.detection.rule;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.proto.detection.v1.ImportRulePackHeader;
import dev.yagura.proto.detection.v1.ImportRulePackRequest;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One archive on its way in; kept in memory up to the limit, one at a time. */
final class UploadEndpoint implements StreamObserver<ImportRulePackRequest> {
    private static final int MAX_CHUNK_BYTES = 256 << 10;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final long MAX_SECONDS = 120;

    private final StreamObserver<ImportRulePackResponse> caller;
    private final Semaphore imports;
    private final BiFunction<ImportRulePackHeader, byte[], ImportRulePackResponse> importing;
    private ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private @Nullable ImportRulePackHeader header;
    private boolean ended;

    /**
     * For one call.
     *
     * @param imports one permit for each import at a time
     * @param importing takes the whole archive
     * @throws LimitExceededException there is no permit
     */
    UploadEndpoint(
            StreamObserver<ImportRulePackResponse> caller,
            Semaphore imports,
            BiFunction<ImportRulePackHeader, byte[], ImportRulePackResponse> importing) {
        this.caller = caller;
        this.imports = imports;
        this.importing = importing;
        if (!imports.tryAcquire()) {
            throw new LimitExceededException("another import runs; try again", RETRY_AFTER);
        }
        CompletableFuture.delayedExecutor(MAX_SECONDS, TimeUnit.SECONDS).execute(this::expire);
    }

    @Override
    public synchronized void onNext(ImportRulePackRequest part) {
        if (ended) {
            return; // what a refused caller had sent already
        }
        try {
            take(part);
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    private void take(ImportRulePackRequest part) {
        if (header == null) {
            if (!part.hasHeader()) {
                throw new InvalidFieldException(
                        "header", "is absent in the first message", "send it there");
            }
            header = part.getHeader();
        } else if (part.hasHeader()) {
            throw new InvalidFieldException(
                    "header", "is there twice", "send it in the first message only");
        }
        if (part.getChunk().size() > MAX_CHUNK_BYTES) {
            throw new InvalidFieldException(
                    "chunk", "has more than 256 KiB", "send the archive in smaller parts");
        }
        if (archive.size() + part.getChunk().size() > RuleArchive.MAX_PACKED_BYTES) {
            throw new InvalidFieldException(
                    "chunk",
                    "makes the archive larger than 16 MiB",
                    "send rules only, or several packs");
        }
        archive.writeBytes(part.getChunk().toByteArray());
    }

    @Override
    public synchronized void onError(Throwable error) {
        end();
    }

    @Override
    public synchronized void onCompleted() {
        if (ended) {
            return;
        }
        ImportRulePackResponse response;
        try {
            @Nullable ImportRulePackHeader first = header;
            if (first == null) {
                throw new InvalidFieldException(
                        "header", "is absent", "send it in the first message");
            }
            response = importing.apply(first, archive.toByteArray());
        } finally {
            end();
        }
        caller.onNext(response);
        caller.onCompleted();
    }

    /** A caller that sends nothing more does not keep others out. */
    private synchronized void expire() {
        if (!ended) {
            end();
            caller.onError(
                    new LimitExceededException(
                            "the archive did not come within 2 minutes", RETRY_AFTER));
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            archive = new ByteArrayOutputStream();
            imports.release();
        }
    }
}
