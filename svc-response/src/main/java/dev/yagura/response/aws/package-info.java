/** What every action shares that speaks with AWS: clients by scope, errors, checks of plans. */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.aws;
