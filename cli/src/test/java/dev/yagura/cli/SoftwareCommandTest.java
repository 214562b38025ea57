package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.InstalledSoftware;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareRequest;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareResponse;
import dev.yagura.proto.inventory.v1.UnsureHosts;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura assets software. */
class SoftwareCommandTest extends CommandTest {
    private final Canned canned = new Canned();

    /** Two pages of a package each. */
    private static final class Canned extends AssetServiceGrpc.AssetServiceImplBase {
        private final List<ListInstalledSoftwareRequest> asked = new ArrayList<>();

        @Override
        public void listAssets(
                ListAssetsRequest request, StreamObserver<ListAssetsResponse> observer) {
            observer.onNext(
                    ListAssetsResponse.newBuilder()
                            .addAssets(Asset.newBuilder().setName("assets/web"))
                            .build());
            observer.onCompleted();
        }

        @Override
        public void listInstalledSoftware(
                ListInstalledSoftwareRequest request,
                StreamObserver<ListInstalledSoftwareResponse> observer) {
            asked.add(request);
            boolean first = request.getPageToken().isEmpty();
            ListInstalledSoftwareResponse.Builder answer =
                    ListInstalledSoftwareResponse.newBuilder()
                            .addSoftware(
                                    InstalledSoftware.newBuilder()
                                            .setNativeId(first ? "i-1" : "i-2")
                                            .setName("xz\u001b[2J")
                                            .setVersion("5.6.1"))
                            .setNextPageToken(first ? "more" : "");
            if (!request.getAsset().isEmpty()) {
                answer.setProblem("AccessDenied\u001b[2J");
            } else if (first) {
                answer.setUnsure(UnsureHosts.newBuilder().setUnknown(3).setOutdated(1));
            }
            observer.onNext(answer.build());
            observer.onCompleted();
        }
    }

    @Override
    List<BindableService> services() {
        return List.of(canned);
    }

    @Test
    void listsWhoHasAPackageAndWhoMayHaveIt() {
        assertThat(run("assets", "software", "--name", "xz", "--version", "5.6.1")).isZero();
        assertThat(out)
                .contains("HOST", "i-1", "i-2", "5.6.1")
                .contains("3 hosts of which nothing is known; they may have it")
                .contains("1 host whose software was captured more than a day ago")
                .doesNotContain("than is kept", "There is more", "\u001b");
        assertThat(canned.asked)
                .allSatisfy(request -> {
                    assertThat(request.getName()).isEqualTo("xz");
                    assertThat(request.getVersion()).isEqualTo("5.6.1");
                    assertThat(request.getAsset()).isEmpty();
                });
    }

    @Test
    void listsWhatAHostHasByItsIdAndSaysWhatIsInDoubt() {
        assertThat(run("assets", "software", "i-1", "--limit", "1")).isZero();
        assertThat(canned.asked.getFirst().getAsset()).isEqualTo("assets/web");
        assertThat(out)
                .contains("Not known for sure: AccessDenied", "There is more: --limit")
                .doesNotContain("\u001b", "i-2");

        assertThat(run("assets", "software", "assets/b", "-o", "json")).isZero();
        assertThat(canned.asked.getLast().getAsset()).isEqualTo("assets/b");
        assertThat(out.lines()).hasSize(3).allMatch(line -> line.startsWith("{"));
        assertThat(out.lines().toList().getLast()).contains("AccessDenied");
    }

    @Test
    void asksForAHostOrAName() {
        assertThat(run("assets", "software")).isEqualTo(2);
        assertThat(err).contains("--name");
        assertThat(run("assets", "software", "--help")).isZero();
        assertThat(out).contains("--name xz-utils --version 5.6.1");
    }
}
