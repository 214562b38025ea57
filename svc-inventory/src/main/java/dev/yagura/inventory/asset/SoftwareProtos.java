package dev.yagura.inventory.asset;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.proto.inventory.v1.InstalledSoftware;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareRequest;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareResponse;
import dev.yagura.proto.inventory.v1.UnsureHosts;
import java.util.Optional;
import java.util.UUID;

/** Installed software as messages. */
final class SoftwareProtos {
    private static final String METHOD = "yagura.inventory.v1.AssetService/ListInstalledSoftware";
    private static final int MAX_NAME = 256;
    private static final int MAX_VERSION = 128;

    private SoftwareProtos() {}

    static SoftwareListing.Query query(
            Visibility visibility, ListInstalledSoftwareRequest request) {
        Optional<UUID> asset =
                request.getAsset().isEmpty()
                        ? Optional.empty()
                        : Optional.of(ResourceName.parse("asset", "assets", request.getAsset()));
        String name = Texts.optional("name", request.getName(), MAX_NAME);
        String version = Texts.optional("version", request.getVersion(), MAX_VERSION);
        if (asset.isEmpty() && name.isEmpty()) {
            throw new InvalidFieldException(
                    "name",
                    "is empty, and so is asset",
                    "send the name of a package, the asset of a host, or both");
        }
        if (name.isEmpty() && !version.isEmpty()) {
            throw new InvalidFieldException(
                    "version", "is given without a name", "send the name of the package too");
        }
        return new SoftwareListing.Query(visibility, asset, name, version);
    }

    static PageTokens tokens(ListInstalledSoftwareRequest request) {
        return PageTokens.of(
                METHOD,
                request.toBuilder().clearPageSize().clearPageToken().build().toByteArray(),
                "asset, name, version, release, architecture, publisher");
    }

    static Optional<SoftwareListing.Place> place(PageTokens tokens, String token) {
        return tokens.read(token)
                .map(key ->
                        new SoftwareListing.Place(
                                key.uuid(0),
                                key.text(1),
                                key.text(2),
                                key.text(3),
                                key.text(4),
                                key.text(5)));
    }

    static ListInstalledSoftwareResponse.Builder message(
            SoftwareListing.Page page, PageTokens tokens) {
        ListInstalledSoftwareResponse.Builder answer = ListInstalledSoftwareResponse.newBuilder();
        page.entries().forEach(entry -> answer.addSoftware(message(entry)));
        page.next()
                .ifPresent(place ->
                        answer.setNextPageToken(
                                tokens.next(
                                        place.assetId().toString(),
                                        place.name(),
                                        place.version(),
                                        place.release(),
                                        place.architecture(),
                                        place.publisher())));
        return answer;
    }

    static UnsureHosts message(SoftwareListing.Unsure unsure) {
        return UnsureHosts.newBuilder()
                .setUnknown(unsure.unknown())
                .setOutdated(unsure.outdated())
                .setCut(unsure.cut())
                .build();
    }

    private static InstalledSoftware message(SoftwareListing.Entry entry) {
        SoftwareListing.Place place = entry.place();
        InstalledSoftware.Builder message =
                InstalledSoftware.newBuilder()
                        .setAsset(ResourceName.of("assets", place.assetId()))
                        .setScope(entry.scope())
                        .setNativeId(entry.nativeId())
                        .setName(place.name())
                        .setVersion(place.version())
                        .setRelease(place.release())
                        .setArchitecture(place.architecture())
                        .setPublisher(place.publisher());
        if (entry.installTime() != null) {
            message.setInstallTime(AssetProtos.timestamp(entry.installTime()));
        }
        if (entry.captureTime() != null) {
            message.setCaptureTime(AssetProtos.timestamp(entry.captureTime()));
        }
        return message.build();
    }
}
