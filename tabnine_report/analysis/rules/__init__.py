"""The rules for what is worth a sentence: a module a theme, and `table` with every name, threshold and weight."""
