/** `yagura attack`: what rules cover of ATT&amp;CK. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.attack;
