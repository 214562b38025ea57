package dev.yagura.cli.indicator;

import com.google.protobuf.ByteString;
import dev.yagura.proto.detection.v1.ImportHeader;
import dev.yagura.proto.detection.v1.ImportIndicatorsRequest;
import dev.yagura.proto.detection.v1.ImportIndicatorsResponse;
import dev.yagura.proto.detection.v1.IndicatorServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Sends a file in pieces, as fast as the server takes them. */
final class GrpcIndicatorUpload
        implements ClientResponseObserver<ImportIndicatorsRequest, ImportIndicatorsResponse> {
    private static final int PIECE = 128 * 1024;

    private final CompletableFuture<ImportIndicatorsResponse> answer = new CompletableFuture<>();
    private final Object ready = new Object();
    private @Nullable ClientCallStreamObserver<ImportIndicatorsRequest> call;

    private GrpcIndicatorUpload() {}

    /** Sends header and file, and waits for the answer. */
    static ImportIndicatorsResponse send(Channel channel, ImportHeader header, InputStream file)
            throws IOException {
        GrpcIndicatorUpload upload = new GrpcIndicatorUpload();
        IndicatorServiceGrpc.newStub(channel).importIndicators(upload);
        try {
            upload.run(header, file);
            return upload.answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException error) {
                throw error;
            }
            throw new IOException(e.getCause());
        }
    }

    private void run(ImportHeader header, InputStream file)
            throws IOException, InterruptedException {
        ClientCallStreamObserver<ImportIndicatorsRequest> out = call();
        out.onNext(ImportIndicatorsRequest.newBuilder().setHeader(header).build());
        byte[] piece = file.readNBytes(PIECE);
        while (piece.length > 0 && awaitReady(out)) {
            out.onNext(
                    ImportIndicatorsRequest.newBuilder()
                            .setContent(ByteString.copyFrom(piece))
                            .build());
            piece = file.readNBytes(PIECE);
        }
        if (!answer.isDone()) {
            out.onCompleted();
        }
    }

    /** False when the server has answered already: it wants no more. */
    private boolean awaitReady(ClientCallStreamObserver<ImportIndicatorsRequest> out)
            throws InterruptedException {
        synchronized (ready) {
            while (!out.isReady() && !answer.isDone()) {
                ready.wait();
            }
        }
        return !answer.isDone();
    }

    private ClientCallStreamObserver<ImportIndicatorsRequest> call() {
        if (call == null) {
            throw new IllegalStateException("the call has not begun");
        }
        return call;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ImportIndicatorsRequest> started) {
        call = started;
        started.setOnReadyHandler(this::wake);
    }

    @Override
    public void onNext(ImportIndicatorsResponse response) {
        answer.complete(response);
    }

    @Override
    public void onError(Throwable error) {
        answer.completeExceptionally(error);
        wake();
    }

    @Override
    public void onCompleted() {
        wake();
    }

    private void wake() {
        synchronized (ready) {
            ready.notifyAll();
        }
    }
}
