/**
 * Regular expressions of rules, in time linear in the text whatever the expression. {@link
 * dev.yagura.sigma.regex.Regex} runs RE2's syntax by an automaton that is made as texts need it;
 * what it does not know runs by RE2/J, which is linear too, but slower.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sigma.regex;
