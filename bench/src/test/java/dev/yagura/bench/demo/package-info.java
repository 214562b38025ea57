/** Tests of the demo's own parts; the whole demo is run by its command. */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.demo;
