package dev.yagura.inventory.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {
    /** A running instance of the shop. */
    private static final Filter.Subject SUBJECT =
            new Filter.Subject() {
                @Override
                public String value(FilterField field) {
                    return switch (field) {
                        case RESOURCE_TYPE -> "AWS::EC2::Instance";
                        case ACCOUNT -> "111122223333";
                        case STATE -> "ACTIVE";
                        case INSTANCE_STATE -> "running";
                        case OWNER -> "the shop";
                        default -> "";
                    };
                }

                @Override
                public Map<String, String> tags() {
                    return Map.of(
                            "env",
                            "prod",
                            "a.b",
                            "c",
                            "aws:cloudformation:stack-name",
                            "say \"x\"");
                }
            };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "state = ACTIVE",
                "state=ACTIVE",
                "resource_type = AWS::EC2::Instance",
                "resource_type = \"AWS::EC2::Instance\"",
                "owner = 'the shop'",
                "owner:*",
                "NOT environment:*",
                "environment = \"\"",
                "account = 111122223333 AND instance_state != stopped",
                "instance_state = stopped OR instance_state = running",
                "(instance_state = stopped OR owner = \"the shop\") AND NOT (owner = x)",
                "NOT NOT tags.env = prod",
                "tags.env = prod AND tags.env:prod AND tags.env:* AND tags:env",
                "tags.env != test",
                "tags.missing != x",
                "NOT tags:missing",
                "tags.a.b = c",
                "tags.\"a.b\" = c",
                "tags:\"a.b\" AND tags:a.b",
                "tags.'aws:cloudformation:stack-name' = \"say \\\"x\\\"\"",
            })
    void matchesWhatItSays(String text) {
        assertThat(FilterParser.parse("filter", text).matches(SUBJECT)).isTrue();
        if (!text.isBlank()) {
            assertThat(FilterParser.parse("filter", "NOT (" + text + ")").matches(SUBJECT))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "color = red | 1: 'color' is no field | use one of resource_type, account, region,",
                "state = ACTIVE AND color = red | 20: 'color' is no field | tags.key",
                "state ACTIVE | 7: 'ACTIVE' is no comparison | write =, != or :",
                "state > ACTIVE | 7: '>' is no comparison | write =",
                "state = | 8: the value is missing | write one",
                "state = ACTIVE region = x | 16: 'region' follows without AND or OR | in capitals",
                "state = ACTIVE and region = x | 16: 'and' follows without AND or OR | in capitals",
                "owner = a b | 11: 'b' follows without AND | quotes around a text with spaces",
                "owner = a AND owner = b OR owner = c | 25: AND and OR stand side by side | put"
                        + " parentheses",
                "(owner = a | 1: the parenthesis is not closed | close it with )",
                "owner = a) | 10: nothing is open here | remove",
                "owner = `a | 9: the text does not end | close it",
                "owner:shop | 6: ':' asks only whether a field is set | write owner =",
                "account = 12 | 11: '12' is no account | send twelve digits",
                "state = gone | 9: 'gone' is no state | send ACTIVE or TOMBSTONE",
                "tags = x | 6: tags have no value as a whole | write tags.key = value",
                "tags. = x | 7: the key of the tag is missing | write tags.key",
                "AND owner = a | 1: 'AND' is no field | use one of",
                "NOT | 4: 'the end' is no field | use one of",
            })
    void whatIsWrongIsSaidWithItsPlaceAndARemedy(String text, String problem, String remedy) {
        assertThatThrownBy(() -> FilterParser.parse("filter.expression", text.replace('`', '"')))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageStartingWith("filter.expression: at character " + problem)
                .hasMessageContaining(remedy);
    }

    @Test
    void whatIsTooMuchIsRefused() {
        for (String text :
                new String[] {
                    "(".repeat(500) + "owner:*" + ")".repeat(500),
                    "NOT ".repeat(100) + "owner:*",
                    "owner = a" + " AND owner = a".repeat(60),
                    "owner = " + "a".repeat(2000),
                    "owner = a\0"
                }) {
            assertThatThrownBy(() -> FilterParser.parse("filter", text))
                    .isInstanceOf(InvalidFieldException.class);
        }
    }
}
