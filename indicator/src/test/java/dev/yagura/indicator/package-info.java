@org.jspecify.annotations.NullMarked
package dev.yagura.indicator;
