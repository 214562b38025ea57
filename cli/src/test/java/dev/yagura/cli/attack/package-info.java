@org.jspecify.annotations.NullMarked
package dev.yagura.cli.attack;
