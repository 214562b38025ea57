/**
 * AWS Lambda functions that are cut off: from being invoked, and from what their role allows.
 *
 * <p>{@link dev.yagura.response.function.FunctionSurvey} reads a function, what invokes it and who
 * else has its role; {@link dev.yagura.response.function.FunctionPreflight} refuses; {@link
 * dev.yagura.response.function.FunctionContainment} applies, watches and undoes. Code and
 * configuration are never changed.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.function;
