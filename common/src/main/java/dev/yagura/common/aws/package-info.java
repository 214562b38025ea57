/**
 * How services reach AWS: one account and region at a time, with the role made for the service, a
 * deadline on every call and the SDK's standard retries. Which API is called is the service's own.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.aws;
