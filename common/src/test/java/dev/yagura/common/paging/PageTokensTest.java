package dev.yagura.common.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PageTokensTest {
    private static final String LIST_ALERTS = "yagura.detection.v1.AlertService/ListAlerts";
    private static final byte[] FILTER = {10, 3, 'a', 'b', 'c'};
    private static final String ORDER = "create_time desc, id desc";

    private final PageTokens tokens = PageTokens.of(LIST_ALERTS, FILTER, ORDER);

    @Test
    void keyComesBack() {
        UUID id = UUID.fromString("0198c1c4-0000-7000-8000-000000000001");
        PageKey key = tokens.read(tokens.next("1700000000", id.toString(), "")).orElseThrow();
        assertThat(key.number(0)).isEqualTo(1_700_000_000L);
        assertThat(key.uuid(1)).isEqualTo(id);
        assertThat(key.text(2)).isEmpty();
    }

    @Test
    void emptyTokenIsTheFirstPage() {
        assertThat(tokens.read("")).isEmpty();
    }

    @Test
    void tokenIsUrlSafe() {
        assertThat(tokens.next("ÿ?~>>>ÿÿÿ")).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void refusesTokenOfAnotherQuery() {
        String token = tokens.next("1");
        for (PageTokens other :
                List.of(
                        PageTokens.of(LIST_ALERTS, new byte[] {10, 3, 'a', 'b', 'd'}, ORDER),
                        PageTokens.of(LIST_ALERTS, FILTER, "severity desc"),
                        PageTokens.of(
                                "yagura.detection.v1.RuleService/ListRules", FILTER, ORDER))) {
            assertThatThrownBy(() -> other.read(token))
                    .isInstanceOf(InvalidFieldException.class)
                    .hasMessageContaining("page_token")
                    .hasMessageContaining("another method, filter or order");
        }
    }

    @Test
    void refusesDamagedTokens() {
        String token = tokens.next("1", "abc");
        for (String damaged :
                List.of(
                        "!",
                        "AA",
                        "B" + token.substring(1),
                        token.substring(0, token.length() - 4),
                        token + "AAAA",
                        "A".repeat(5000))) {
            assertThatThrownBy(() -> tokens.read(damaged))
                    .isInstanceOf(InvalidFieldException.class)
                    .hasMessageContaining("list again");
        }
    }

    @Test
    void pageSizeHasDefaultAndCap() {
        assertThat(PageSize.of(0, 50, 500)).isEqualTo(50);
        assertThat(PageSize.of(7, 50, 500)).isEqualTo(7);
        assertThat(PageSize.of(10_000, 50, 500)).isEqualTo(500);
        assertThatThrownBy(() -> PageSize.of(-1, 50, 500))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("page_size");
    }
}
