/**
 * AWS Config as far as an inventory asks it. A {@code Recorder} looks at the world after every
 * change, and keeps an item for each resource that is another than before; what is asked is
 * answered from items that were delivered by then.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.config;
