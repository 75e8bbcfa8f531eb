"""One module for each version. A released version is never changed; the next one corrects it."""
