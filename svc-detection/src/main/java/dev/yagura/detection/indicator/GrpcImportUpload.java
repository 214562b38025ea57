package dev.yagura.detection.indicator;

import com.google.protobuf.ByteString;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.identity.Principal;
import dev.yagura.proto.detection.v1.ImportHeader;
import dev.yagura.proto.detection.v1.ImportIndicatorsRequest;
import dev.yagura.proto.detection.v1.ImportIndicatorsResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way up. It is kept in the temporary folder until it is whole, so that a slow client
 * holds no transaction open. Its callbacks come one after another, on virtual threads.
 */
final class GrpcImportUpload implements StreamObserver<ImportIndicatorsRequest> {
    private static final int MAX_PIECE = 256 * 1024;

    private final IndicatorCatalog catalog;
    private final Principal caller;
    private final StreamObserver<ImportIndicatorsResponse> client;
    private final Runnable release;
    private final MessageDigest digest = sha256();
    private @Nullable ImportHeader header;
    private @Nullable Path file;
    private @Nullable OutputStream out;
    private long bytes;
    private boolean ended;

    /**
     * An upload.
     *
     * @param release runs once, when it is over
     */
    GrpcImportUpload(
            IndicatorCatalog catalog,
            Principal caller,
            StreamObserver<ImportIndicatorsResponse> client,
            Runnable release) {
        this.catalog = catalog;
        this.caller = caller;
        this.client = client;
        this.release = release;
    }

    @Override
    public void onNext(ImportIndicatorsRequest request) {
        if (ended) {
            return;
        }
        try {
            take(request);
        } catch (IOException e) {
            end();
            client.onError(new UncheckedIOException("cannot spool an import", e));
        } catch (RuntimeException e) {
            end();
            client.onError(e);
        }
    }

    private void take(ImportIndicatorsRequest request) throws IOException {
        switch (request.getPartCase()) {
            case HEADER -> begin(request.getHeader());
            case CONTENT -> append(request.getContent());
            case PART_NOT_SET ->
                    throw new InvalidFieldException("part", "is empty", "send header or content");
        }
    }

    private void begin(ImportHeader first) throws IOException {
        if (header != null) {
            throw new InvalidFieldException(
                    "header", "came a second time", "send it in the first message only");
        }
        catalog.check(first, caller);
        header = first;
        Path created = Files.createTempFile("yagura-indicators-", ".import");
        file = created;
        out = Files.newOutputStream(created);
    }

    private void append(ByteString piece) throws IOException {
        if (out == null) {
            throw new InvalidFieldException(
                    "header", "is missing", "send it in the first message, then the content");
        }
        if (piece.size() > MAX_PIECE) {
            throw new InvalidFieldException(
                    "content", "has more than 256 KiB in one message", "send smaller pieces");
        }
        bytes += piece.size();
        if (bytes > catalog.maxImportBytes()) {
            throw new LimitExceededException(
                    "the file is larger than "
                            + catalog.maxImportBytes()
                            + " bytes; split it into several lists, or raise"
                            + " yagura.detection.indicator.max-import-bytes",
                    Duration.ZERO);
        }
        piece.writeTo(out);
        digest.update(piece.asReadOnlyByteBuffer());
    }

    @Override
    public void onCompleted() {
        if (ended) {
            return;
        }
        try {
            ImportIndicatorsResponse answer = finish();
            end();
            client.onNext(answer);
            client.onCompleted();
        } catch (IOException e) {
            end();
            client.onError(new UncheckedIOException("cannot spool an import", e));
        } catch (RuntimeException e) {
            end();
            client.onError(e);
        }
    }

    private ImportIndicatorsResponse finish() throws IOException {
        if (header == null || file == null || out == null) {
            throw new InvalidFieldException(
                    "header", "is missing", "send it in the first message, then the content");
        }
        out.close();
        return catalog.replace(
                new IndicatorCatalog.Upload(
                        header, file, HexFormat.of().formatHex(digest.digest())),
                caller);
    }

    /** The client went away. */
    @Override
    public void onError(Throwable error) {
        end();
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        release.run();
        try {
            if (out != null) {
                out.close();
            }
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete a spooled import", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
