/**
 * Events for systems outside, by the Standard Webhooks convention: {@link
 * dev.yagura.response.webhook.WebhookEndpoints} are configuration, {@link
 * dev.yagura.response.webhook.WebhookLoop} sends what waits for them in the outbox, {@link
 * dev.yagura.response.webhook.WebhookSender} makes one signed request, and only to addresses that
 * {@link dev.yagura.response.webhook.Destinations} allows.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.webhook;
