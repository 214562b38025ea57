package dev.yagura.inventory.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes that the sandbox does not send. */
class NotificationTest {
    private static final String ITEM =
            "{\"messageType\":\"ConfigurationItemChangeNotification\","
                    + "\"configurationItem\":{\"resourceId\":\"vol-1\"}}";

    @Test
    void topicMayTellPeopleFirst() {
        String summary =
                "View the Timeline for this Resource: https://x?time=1 New State Record Summary: "
                        + "{\"messageType\":\"OversizedConfigurationItemChangeNotification\","
                        + "\"configurationItemSummary\":{\"resourceId\":\"vol-1\"},"
                        + "\"s3DeliverySummary\":{\"s3BucketLocation\":\"b/k\",\"errorCode\":null}}";
        String message = Notification.JSON.createObjectNode().put("Message", summary).toString();
        assertThat(Notification.parse(message))
                .isInstanceOfSatisfying(
                        Notification.Oversized.class,
                        each -> assertThat(each.location()).isEqualTo("b/k"));
    }

    @Test
    void itemMayBeAloneInItsObject() {
        assertThat(Notification.item(ITEM).path("resourceId").asText()).isEqualTo("vol-1");
        assertThat(Notification.item("{\"resourceId\":\"vol-1\"}").path("resourceId").asText())
                .isEqualTo("vol-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | no JSON object",
                "{\"Type\":\"SubscriptionConfirmation\",\"TopicArn\":\"t\",\"Message\":\"m\"} | confirmed",
                "{\"messageType\":\"ConfigurationItemChangeNotification\"} | no configurationItem",
                "{\"detail-type\":\"x\",\"detail\":\"y\"} | no messageType",
                "{\"Message\":\"hello\"} | no JSON"
            })
    void whatIsNoNotificationSaysWhy(String body, String reason) {
        assertThatThrownBy(() -> Notification.parse(body))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining(reason);
    }
}
