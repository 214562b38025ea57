package dev.yagura.inventory.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.InvalidInstanceIdException;
import software.amazon.awssdk.services.ssm.model.ListInventoryEntriesRequest;
import software.amazon.awssdk.services.ssm.model.ListInventoryEntriesResponse;

/** What comes of pages, whatever happens between them. */
class SsmSoftwareSourceTest {
    private static final String OLD = "2026-11-27T08:00:00Z";
    private static final String NEW = "2026-11-27T08:30:00Z";

    private final Pages pages = new Pages();

    /** Answers one page after the other; without one there is no such node. */
    private static final class Pages implements SsmClient {
        private final Deque<ListInventoryEntriesResponse> answers = new ArrayDeque<>();

        @Override
        public ListInventoryEntriesResponse listInventoryEntries(
                ListInventoryEntriesRequest request) {
            if (answers.isEmpty()) {
                throw InvalidInstanceIdException.builder().build();
            }
            return answers.remove();
        }

        @Override
        public String serviceName() {
            return "ssm";
        }

        @Override
        public void close() {}
    }

    @Test
    void reportThatComesBetweenTwoPagesIsReadFromItsBegin() {
        page(OLD, "gone", "more");
        page(NEW, "b", null);
        page(NEW, "a", "more");
        page(NEW, "b", "");
        assertThat(read(null))
                .isInstanceOfSatisfying(
                        SoftwareAnswer.Listed.class,
                        listed -> {
                            assertThat(listed.report().captureTime()).isEqualTo(NEW);
                            assertThat(listed.report().entries())
                                    .extracting(SoftwareEntry::name)
                                    .containsExactly("a", "b");
                        });
    }

    @Test
    void reportsThatNeverStayTheSameAreNoList() {
        for (int i = 0; i < 3; i++) {
            page(OLD, "a", "more");
            page(NEW, "b", null);
        }
        assertThatThrownBy(() -> read(null)).hasMessageContaining("i-1 changed each time");
    }

    @Test
    void firstPageEndsItWhereTheReportIsKnownOrMissing() {
        page(OLD, "a", "more");
        assertThat(read(Instant.parse(OLD))).isEqualTo(new SoftwareAnswer.Same());
        pages.answers.add(ListInventoryEntriesResponse.builder().build());
        assertThat(read(Instant.parse(OLD))).isEqualTo(new SoftwareAnswer.Nothing());
        assertThat(read(Instant.parse(OLD)))
                .as("a node that is gone")
                .isEqualTo(new SoftwareAnswer.Nothing());
    }

    private SoftwareAnswer read(@Nullable Instant known) {
        return SsmSoftwareSource.read(pages, "i-1", known);
    }

    private void page(String captured, String name, @Nullable String next) {
        pages.answers.add(
                ListInventoryEntriesResponse.builder()
                        .captureTime(captured)
                        .entries(List.of(Map.of("Name", name)))
                        .nextToken(next)
                        .build());
    }
}
