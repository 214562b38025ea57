/** What reads and watches of alerts and incidents have in common. */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.read;
