/** Messages of the contract that people write in YAML, with a position for every problem. */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.yaml;
