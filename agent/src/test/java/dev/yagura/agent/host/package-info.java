@org.jspecify.annotations.NullMarked
package dev.yagura.agent.host;
