@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.software;
