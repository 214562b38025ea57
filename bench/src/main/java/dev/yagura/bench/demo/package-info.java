/**
 * `./yagura demo`: a recorded attack on a running platform, from telemetry to a contained and
 * released host. {@link dev.yagura.bench.demo.Recording} is played into the log file that an agent
 * follows, {@link dev.yagura.bench.demo.PublicApi} is asked what came of it, and {@link
 * dev.yagura.bench.demo.DemoStory} goes on only when a step was really seen there.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.demo;
