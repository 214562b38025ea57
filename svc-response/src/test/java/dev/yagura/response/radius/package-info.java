@org.jspecify.annotations.NullMarked
package dev.yagura.response.radius;
