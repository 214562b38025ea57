/**
 * What every action shares that speaks with AWS: clients by scope, instances, errors, checks of
 * plans, times.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.aws;
