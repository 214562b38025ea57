package dev.yagura.detection.indicator;

import dev.yagura.proto.detection.v1.Indicator;
import dev.yagura.proto.detection.v1.IndicatorRevocation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Lists and indicators as messages. */
final class IndicatorProtos {
    private IndicatorProtos() {}

    static dev.yagura.proto.detection.v1.IndicatorList list(IndicatorList list) {
        return dev.yagura.proto.detection.v1.IndicatorList.newBuilder()
                .setName(list.name())
                .setTitle(list.title())
                .setVersion(list.version())
                .setFormatValue(list.format())
                .setContentSha256(list.contentSha256())
                .setIndicatorCount(list.count())
                .setCreateTime(IndicatorMatcher.timestamp(list.createTime()))
                .setImportTime(IndicatorMatcher.timestamp(list.importTime()))
                .setImporter(list.importer())
                .build();
    }

    static Indicator indicator(StoredIndicator indicator) {
        Indicator.Builder message =
                Indicator.newBuilder()
                        .setName(indicator.name())
                        .setKindValue(indicator.key().kind().code())
                        .setValue(indicator.key().value())
                        .setSourceId(indicator.sourceId())
                        .setConfidence(indicator.confidence())
                        .setSeverity(indicator.severity())
                        .addAllLabels(indicator.labels())
                        .setDescription(indicator.description())
                        .setRevokedBySource(indicator.revokedBySource())
                        .setFirstImportTime(IndicatorMatcher.timestamp(indicator.firstImportTime()))
                        .setImportTime(IndicatorMatcher.timestamp(indicator.importTime()))
                        .setListVersion(indicator.listVersion());
        @Nullable Instant from = indicator.validFrom();
        if (from != null) {
            message.setValidFrom(IndicatorMatcher.timestamp(from));
        }
        @Nullable Instant until = indicator.validUntil();
        if (until != null) {
            message.setValidUntil(IndicatorMatcher.timestamp(until));
        }
        indicator
                .revocation()
                .ifPresent(revocation ->
                        message.setRevocation(
                                IndicatorRevocation.newBuilder()
                                        .setReason(revocation.reason())
                                        .setAuthor(revocation.author())
                                        .setCreateTime(
                                                IndicatorMatcher.timestamp(
                                                        revocation.createTime()))));
        return message.build();
    }
}
