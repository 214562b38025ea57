package dev.yagura.detection.indicator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.common.config.Settings;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.text.Texts;
import dev.yagura.indicator.CsvIndicators;
import dev.yagura.indicator.IndicatorEntry;
import dev.yagura.indicator.IndicatorIndex;
import dev.yagura.indicator.ObservedValue;
import dev.yagura.indicator.StixIndicators;
import dev.yagura.indicator.UnreadableImportException;
import dev.yagura.proto.detection.v1.DeleteIndicatorListResponse;
import dev.yagura.proto.detection.v1.ImportFormat;
import dev.yagura.proto.detection.v1.ImportHeader;
import dev.yagura.proto.detection.v1.ImportIndicatorsResponse;
import dev.yagura.proto.detection.v1.ImportProblem;
import dev.yagura.proto.detection.v1.Severity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** What people decide about lists and indicators. */
@ApplicationScoped
class IndicatorCatalog {
    private static final UUID FINGERPRINTS =
            UUID.fromString("5b2f2d0a-1f6f-5f0e-8f63-5a6f6f3f9c23");
    private static final int DEFAULT_CONFIDENCE = 50;
    private static final int MAX_TITLE = 200;
    private static final int MAX_REASON = 1_000;
    private static final int MAX_VALUE = 4_096;
    private static final int MOST_KNOWN = 100;

    private final IndicatorStore store;
    private final LoadedIndicators loaded;
    private final IndicatorConfig config;
    private final Ids ids;
    private final Clock clock;

    /** A file that was sent, and what is to become of it. */
    record Upload(ImportHeader header, Path file, String sha256) {}

    /** An indicator, judged. */
    record Known(StoredIndicator indicator, boolean valid, String reason) {}

    @Inject
    IndicatorCatalog(
            IndicatorStore store,
            LoadedIndicators loaded,
            Settings settings,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.loaded = loaded;
        this.config = IndicatorConfig.from(settings);
        this.ids = ids;
        this.clock = clock;
    }

    long maxImportBytes() {
        return config.maxImportBytes();
    }

    /** Before the first byte of the file is taken. */
    void check(ImportHeader header, Principal caller) {
        requireEveryAccount(caller);
        requestId(header.getRequestId());
        ListName.checkId("header.list", header.getList());
        Texts.optional("header.title", header.getTitle(), MAX_TITLE);
        if (header.getFormat() != ImportFormat.IMPORT_FORMAT_CSV
                && header.getFormat() != ImportFormat.IMPORT_FORMAT_STIX) {
            throw new InvalidFieldException(
                    "header.format", "is not given or unknown", "send CSV or STIX");
        }
        if (header.getDefaultSeverity() == Severity.UNRECOGNIZED) {
            throw new InvalidFieldException(
                    "header.default_severity",
                    "is no severity known here",
                    "send one of the contract's severities");
        }
        if (header.getDefaultConfidence() < 0 || header.getDefaultConfidence() > 100) {
            throw new InvalidFieldException(
                    "header.default_confidence", "is above 100", "send 1 to 100, or 0 for 50");
        }
    }

    /** Replaces a list; all of it, or nothing. */
    ImportIndicatorsResponse replace(Upload upload, Principal caller) {
        ImportHeader header = upload.header();
        check(header, caller);
        IndicatorStore.Request request =
                request(
                        header.getRequestId(),
                        caller,
                        "import",
                        header.getList(),
                        header.getTitle(),
                        header.getFormat().name(),
                        header.getDefaultSeverity().name(),
                        Integer.toString(header.getDefaultConfidence()),
                        Boolean.toString(header.getValidateOnly()),
                        upload.sha256());
        ImportReport[] report = new ImportReport[1];
        ByteString answer =
                store.replace(
                        request,
                        new IndicatorStore.Target(
                                header.getList(),
                                header.getTitle().strip(),
                                header.getFormatValue(),
                                upload.sha256(),
                                ids.v7()),
                        config.maxIndicators(),
                        header.getValidateOnly(),
                        taker -> {
                            // A transaction that runs again reads again.
                            report[0] = new ImportReport(taker);
                            read(upload, report[0]);
                        },
                        imported -> response(imported, report[0]).toByteString());
        loaded.refresh();
        return parsed(answer);
    }

    private static void read(Upload upload, ImportReport report) {
        ImportHeader header = upload.header();
        IndicatorEntry.Defaults defaults =
                new IndicatorEntry.Defaults(
                        header.getDefaultSeverity() == Severity.SEVERITY_UNSPECIFIED
                                ? Severity.SEVERITY_MEDIUM
                                : header.getDefaultSeverity(),
                        header.getDefaultConfidence() == 0
                                ? DEFAULT_CONFIDENCE
                                : header.getDefaultConfidence());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(upload.file()))) {
            if (header.getFormat() == ImportFormat.IMPORT_FORMAT_CSV) {
                CsvIndicators.read(in, defaults, report);
            } else {
                StixIndicators.read(in, defaults, report);
            }
        } catch (UnreadableImportException e) {
            throw new InvalidFieldException(
                    "content", String.valueOf(e.getMessage()), "send another file; the list stays");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the spooled import", e);
        }
        if (report.entries() == 0) {
            throw nothing(report);
        }
    }

    /** An error page in place of a feed must not empty the list. */
    private static InvalidFieldException nothing(ImportReport report) {
        String first =
                report.problems().stream()
                        .findFirst()
                        .map(IndicatorCatalog::text)
                        .orElse("there is none in it");
        return new InvalidFieldException(
                "content",
                "has no indicator that can be loaded (" + first + ")",
                "correct it; to empty a list, delete it");
    }

    private static String text(ImportProblem problem) {
        return "line "
                + problem.getLine()
                + ", "
                + problem.getSubject()
                + ": "
                + problem.getMessage();
    }

    private static ImportIndicatorsResponse response(
            IndicatorStore.Imported imported, ImportReport report) {
        return ImportIndicatorsResponse.newBuilder()
                .setList(IndicatorProtos.list(imported.list()))
                .setAdded(imported.added())
                .setChanged(imported.changed())
                .setRemoved(imported.removed())
                .setUnchanged(imported.unchanged())
                .setDuplicates(imported.duplicates())
                .setRejected(report.rejected())
                .setIgnored(report.ignoredObjects())
                .addAllProblems(report.problems())
                .build();
    }

    private static ImportIndicatorsResponse parsed(ByteString answer) {
        try {
            return ImportIndicatorsResponse.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored answer cannot be read", e);
        }
    }

    DeleteIndicatorListResponse delete(String name, String requestId, Principal caller) {
        requireEveryAccount(caller);
        String list = ListName.list("name", name);
        ByteString answer =
                store.delete(
                                request(requestId, caller, "delete", list),
                                list,
                                removed ->
                                        DeleteIndicatorListResponse.newBuilder()
                                                .setRemoved(removed)
                                                .build()
                                                .toByteString())
                        .orElseThrow(() -> new NotFoundException("list of indicators", name));
        loaded.refresh();
        try {
            return DeleteIndicatorListResponse.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored answer cannot be read", e);
        }
    }

    StoredIndicator revoke(String name, String reason, String requestId, Principal caller) {
        requireEveryAccount(caller);
        String why = Texts.required("reason", reason, MAX_REASON);
        ListName.Target target = ListName.indicator("name", name);
        UUID id = target.indicator().orElseThrow();
        StoredIndicator revoked =
                store.revoke(
                                request(requestId, caller, "revoke", name, why),
                                target.list(),
                                id,
                                why)
                        .orElseThrow(() -> new NotFoundException("indicator", name));
        loaded.refresh();
        return revoked;
    }

    StoredIndicator reinstate(String name, String requestId, Principal caller) {
        requireEveryAccount(caller);
        ListName.Target target = ListName.indicator("name", name);
        UUID id = target.indicator().orElseThrow();
        StoredIndicator reinstated =
                store.revoke(request(requestId, caller, "reinstate", name), target.list(), id, null)
                        .orElseThrow(() -> new NotFoundException("indicator", name));
        loaded.refresh();
        return reinstated;
    }

    /** Valid ones first. */
    List<Known> lookup(String value, Instant time) {
        String text = Texts.required("value", value, MAX_VALUE);
        return store.find(ObservedValue.keys(text), MOST_KNOWN).stream()
                .map(indicator ->
                        new Known(indicator, indicator.isValidAt(time), indicator.validity(time)))
                .sorted(Comparator.comparing(known -> !known.valid()))
                .toList();
    }

    /** A matcher of a list, or of one indicator. */
    IndicatorMatcher retroMatcher(String target) {
        ListName.Target wanted = ListName.target("target", target);
        IndicatorList list =
                store.list(wanted.list())
                        .orElseThrow(() -> new NotFoundException("list of indicators", target));
        if (wanted.indicator().isEmpty()) {
            IndicatorIndex index = new IndicatorIndex();
            store.keys(list.id(), 0, index::add);
            return loaded.matcher(index, indicator -> indicator.list().id().equals(list.id()));
        }
        StoredIndicator one =
                store.find(list.id(), wanted.indicator().get())
                        .orElseThrow(() -> new NotFoundException("indicator", target));
        IndicatorIndex index = new IndicatorIndex();
        index.add(one.key());
        return loaded.matcher(
                index,
                indicator ->
                        indicator.id().equals(one.id()) && indicator.list().id().equals(list.id()));
    }

    private IndicatorStore.Request request(String requestId, Principal caller, String... asked) {
        String[] parts = new String[asked.length + 1];
        parts[0] = caller.id();
        System.arraycopy(asked, 0, parts, 1, asked.length);
        return new IndicatorStore.Request(
                requestId(requestId),
                Ids.v5(FINGERPRINTS, parts).toString(),
                caller.id(),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    /** Lists are of the whole installation. */
    private static void requireEveryAccount(Principal caller) {
        if (!caller.seesEveryAccount()) {
            throw new PermissionDeniedException(
                    "lists of indicators are of every account; use a token that is bound to none");
        }
    }

    private static UUID requestId(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException(
                    "request_id",
                    text.isEmpty() ? "is empty" : "is not a UUID",
                    "send a UUID made for this request, the same one when you retry it");
        }
    }
}
